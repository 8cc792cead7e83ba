"""Make one archive that installs the product where there is no network: `make bundle`, `make bundle ARCH=aarch64`.

In it: the source tree, wheels for everything that is locked, the browser's files and fonts, the package that the law
is read from, a bill of materials, checksums, and `install.sh`. Wheels come from the package index that this machine
uses and are taken only with a checksum that the lock files name. The same commit makes the same archive.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import platform
import shutil
import sys
import tarfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from scripts.setup import digest, write_stamp
from scripts.steps import DATA_DIR, ROOT, VENV_PYTHON, Log, Stop, run_steps, say
from scripts.supply import licences, sbom
from scripts.supply.packages import NPM_LOCK, Package, normal, npm_packages, of_product, python_packages
from scripts.supply.release import MANIFEST, release_of, tracked_files

#: Lock files whose wheels go in.
LOCKS = ("requirements-uv.txt", "requirements-services.txt", "requirements-law.txt")
FOLDER = DATA_DIR / "bundle"
HERE = platform.machine()
#: glibc that the oldest machine may have (Debian 12: 2.36); wheels for older ones run too.
NEWEST_GLIBC = 36
OLDEST_GLIBC = 17
SUMS = "SHA256SUMS"
BLOCK_BYTES = 1 << 20


class Bundle:
    """The steps of making one archive, for the processors of `machine`."""

    def __init__(self, machine: str, log: Log) -> None:
        self.machine = machine
        self.log = log
        self.release = release_of(ROOT)
        self.name = f"pufa-express-{self.release.name}-linux-{machine}"
        self.archive = FOLDER / f"{self.name}.tar"
        self.wheels = FOLDER / f"wheels-{machine}"
        self.files: dict[str, Path | bytes] = {}  # place in the archive → file here, or its contents

    def steps(self) -> Sequence[tuple[str, Callable[[], str]]]:
        return [
            ("Source tree", self.take_source),
            ("Wheels", self.take_wheels),
            ("Browser assets and fonts", self.take_assets),
            ("Licences and bill of materials", self.take_papers),
            ("Archive", self.write),
        ]

    def take_source(self) -> str:
        for name in tracked_files(ROOT):
            self.files[f"source/{name}"] = ROOT / name
        self.files["install.sh"] = ROOT / "deploy" / "install.sh"
        return f"{self.release.name}, {len(self.files)} files"

    def take_wheels(self) -> str:
        stamp = self.wheels / ".stamp"
        locks = "".join(digest(ROOT / lock) for lock in LOCKS)
        if not stamp.is_file() or stamp.read_text(encoding="utf-8") != locks:
            shutil.rmtree(self.wheels, ignore_errors=True)
            self.wheels.mkdir(parents=True)
            for lock in LOCKS:
                self._download(lock)
            stamp.write_text(locks, encoding="utf-8")
        pairs = list(self._pairs())
        self.files |= {f"wheels/{wheel.name}": wheel for _, wheel in pairs}
        return f"{len(pairs)}"

    def _download(self, lock: str) -> None:
        command: list[str | Path] = [VENV_PYTHON, "-m", "pip", "download", "--require-hashes", "--no-deps"]
        command += ["--only-binary=:all:", "--disable-pip-version-check", "--dest", self.wheels, "-r", ROOT / lock]
        if self.machine != HERE:
            command += ["--implementation", "cp", "--python-version", ".".join(map(str, sys.version_info[:2]))]
            for glibc in range(NEWEST_GLIBC, OLDEST_GLIBC - 1, -1):
                command += ["--platform", f"manylinux_2_{glibc}_{self.machine}"]
            command += ["--platform", f"manylinux2014_{self.machine}"]
        if not self.log.run(command):
            raise Stop(
                f"Not every package of {lock} could be fetched as a wheel for {self.machine}: see {self.log.path}. "
                "Check that this machine reaches a package index, then run the command again."
            )

    def _pairs(self) -> Iterator[tuple[Package, Path]]:
        """Every locked package with its wheel; a wheel that no lock knows, or by another checksum, is refused."""
        locked = {
            (package.name, package.version): package
            for lock in LOCKS
            for package in python_packages((ROOT / lock).read_text(encoding="utf-8"))
        }
        for wheel in sorted(self.wheels.glob("*.whl")):
            name, version = wheel.name.split("-")[:2]
            package = locked.pop((normal(name), version), None)
            if package is None or ("SHA-256", digest(wheel)) not in package.hashes:
                raise Stop(f"{wheel.name} is not what the lock files name: delete {self.wheels} and try again.")
            yield package, wheel
        if locked:
            raise Stop(f"No wheel for {', '.join(name for name, _ in locked)}: delete {self.wheels} and try again.")

    def take_assets(self) -> str:
        """Packages that a browser or a bus film is given, whole, with the stamp that set-up looks for."""
        for package in npm_packages((ROOT / NPM_LOCK).read_text(encoding="utf-8")):
            folder = ROOT / "node_modules" / package.name
            if not folder.is_dir():
                raise Stop(f"{package.name} is not installed: run `make run` or `npm ci` once.")
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    self.files[f"source/node_modules/{package.name}/{path.relative_to(folder).as_posix()}"] = path
        stamp = FOLDER / "stamp"
        write_stamp(stamp, ROOT / NPM_LOCK)
        self.files["source/node_modules/.pufa-stamp"] = stamp.read_bytes()
        return f"{sum('/node_modules/' in place for place in self.files)} files"

    def take_papers(self) -> str:
        if found := licences.problems():
            raise Stop("\n".join(found))
        shipped = {package.purl: [("SHA-256", digest(wheel))] for package, wheel in self._pairs()}
        document = sbom.bill(ROOT, version=self.release.name, made_at=self.release.made_at, files=shipped)
        self._paper("sbom.cdx.json", json.dumps(document, indent=1, ensure_ascii=False))
        self._paper("LICENCES.txt", licences.table(of_product(ROOT)))
        manifest = {
            "name": "pufa-express",
            "release": self.release.name,
            "version": self.release.version,
            "commit": self.release.commit,
            "made_at": self.release.made_at,
            "machine": self.machine,
            "python": ".".join(map(str, sys.version_info[:2])),
            "built_on_its_own_machine": self.machine == HERE,
        }
        self._paper(MANIFEST, json.dumps(manifest, indent=1))
        self.files[f"source/{MANIFEST}"] = self.files[MANIFEST]
        return f"{len(document['components'])} components"

    def _paper(self, name: str, text: str) -> None:
        self.files[name] = f"{text}\n".encode()

    def write(self) -> str:
        sums = "".join(f"{_sha256(self.files[place])}  {place}\n" for place in sorted(self.files))
        self.files[SUMS] = sums.encode()
        when = int(datetime.fromisoformat(self.release.made_at).timestamp())
        part = self.archive.with_suffix(".part")
        with tarfile.open(part, "w", format=tarfile.PAX_FORMAT) as tar:
            for place in sorted(self.files):
                _add(tar, f"{self.name}/{place}", self.files[place], when)
        part.replace(self.archive)
        return f"{self.archive.stat().st_size / 1e6:.0f} MB"


def _sha256(content: Path | bytes) -> str:
    return hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else digest(content)


def _add(tar: tarfile.TarFile, name: str, content: Path | bytes, when: int) -> None:
    """Root's, readable by all, as old as the commit: nothing of this machine gets in."""
    info = tarfile.TarInfo(name)
    info.mtime, info.uid, info.gid, info.uname, info.gname = when, 0, 0, "root", "root"
    data = content if isinstance(content, bytes) else content.read_bytes()
    runs = isinstance(content, Path) and content.stat().st_mode & 0o100
    info.size, info.mode = len(data), 0o755 if runs else 0o644
    tar.addfile(info, io.BytesIO(data))


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--machine", default=HERE, help="processor, as `uname -m` calls it: x86_64, aarch64")
    chosen = parser.parse_args(arguments)
    try:
        bundle = Bundle(chosen.machine, Log(DATA_DIR / "log" / "bundle.log"))
        run_steps(bundle.steps())
    except Stop as stop:
        say(f"\n{stop}")
        return 1
    say(f"\n{bundle.archive}")
    if chosen.machine != HERE:
        say(f"Made on {HERE} for {chosen.machine}: not tried. Try it on such a machine before you rely on it.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
