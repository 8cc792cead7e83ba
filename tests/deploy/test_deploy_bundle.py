"""The archive installs, upgrades and goes back with no network at all: each command has a network namespace of its own.

Needs the archive that `make bundle` makes; `make test-bundle` makes it and runs this.
"""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

ARCHIVE = os.environ.get("PUFA_TEST_BUNDLE", "")
ROOT = Path(__file__).resolve().parents[2]
SEALED = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-rn"]

#: Spelled apart: no file of ours names one whole, this one neither.
REGISTRIES = (("pypi", "org"), ("registry", "npmjs"), ("files", "pythonhosted"))


def is_refused():
    if not shutil.which("unshare"):
        return True
    return subprocess.run([*SEALED, "true"], capture_output=True, check=False).returncode != 0


pytestmark = [
    pytest.mark.skipif(not ARCHIVE, reason="`make test-bundle` runs it"),
    pytest.mark.skipif(bool(ARCHIVE) and is_refused(), reason="`unshare -n` is refused here: no network to be without"),
    pytest.mark.xdist_group("bundle"),
]
NEXT = '''"""Made for a test: what the next release adds."""
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("jobs", "{after}")]
    operations = [migrations.RunSQL("CREATE TABLE {table} (n integer)", "DROP TABLE {table}")]
'''
BROKEN = NEXT.replace(
    '"DROP TABLE {table}")]', '"DROP TABLE {table}")]\n    operations += [migrations.RunSQL("SELECT no_such_column")]'
)


class Site:
    """An installation under a folder of the test's own."""

    def __init__(self, folder):
        self.folder = folder
        self.settings = folder / "etc" / "pufa.env"
        self.data = folder / "data"
        self.target = folder / "opt"

    def run(self, bundle, *words):
        where = ["--target", self.target, "--data", self.data, "--settings", self.settings]
        command = [*SEALED, bundle / "install.sh", words[0], *where, *words[1:]]
        env = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PUFA_", "DJANGO_", "PIP_", "UV_"))
        }
        # A bare machine: no home folder with a cache of packages. Byte code is left for its first use.
        env |= {"HOME": str(self.folder / "home"), "PYTHON": sys.executable, "UV_COMPILE_BYTECODE": "0"}
        done = subprocess.run([str(w) for w in command], env=env, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def manage(self, *words):
        release = self.target / "current"
        told = dict(line.split("=", 1) for line in self.settings.read_text().splitlines() if line[:1].isalpha())
        env = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings.production"}
        env |= {"PUFA_DATA_DIR": str(self.data), **told}
        command = [*SEALED, str(release / ".venv/bin/python"), str(release / "manage.py"), *words]
        done = subprocess.run(command, cwd=release, env=env, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    @property
    def current(self):
        return (self.target / "current").resolve().name

    def rows(self, query):
        with closing(sqlite3.connect(self.data / "db.sqlite3")) as database:
            return database.execute(query).fetchall()

    def tables(self):
        return {name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}


def unpack(folder):
    with tarfile.open(ARCHIVE) as tar:
        tar.extractall(folder, filter="data")
    (made,) = folder.iterdir()
    return made


def next_release(first, folder, name, migrations):
    """The same archive as another release, with migrations of its own; wheels are shared by hard links."""
    shutil.copytree(first, folder, copy_function=os.link, symlinks=True)
    changed = {}
    for manifest in ("MANIFEST.json", "source/MANIFEST.json"):
        told = json.loads((first / manifest).read_text()) | {"release": name}
        changed[manifest] = json.dumps(told, indent=1)
    changed |= {f"source/site/jobs/migrations/{file}.py": text for file, text in migrations.items()}
    for place, text in changed.items():
        (folder / place).unlink(missing_ok=True)
        (folder / place).write_text(text)
    lines = [line for line in (first / "SHA256SUMS").read_text().splitlines() if line.partition("  ")[2] not in changed]
    lines += [f"{hashlib.sha256(text.encode()).hexdigest()}  {place}" for place, text in changed.items()]
    (folder / "SHA256SUMS").unlink()
    (folder / "SHA256SUMS").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    return unpack(tmp_path_factory.mktemp("bundle"))


@pytest.fixture(scope="module")
def newest():
    return max(path.stem for path in (ROOT / "site/jobs/migrations").glob("0*.py"))


@pytest.fixture(scope="module")
def site(first, tmp_path_factory):
    """Installed, with settings filled in at the second attempt."""
    made = Site(tmp_path_factory.mktemp("machine"))
    code, said = made.run(first, "install")
    assert code == 1
    assert "fill in the host names" in said
    text = made.settings.read_text()
    assert re.search(r"^PUFA_SECRET_KEY=\S{60,}$", text, re.MULTILINE), "the key is not made"
    assert made.settings.stat().st_mode & 0o077 == 0
    made.settings.write_text(text.replace("pufa.example.gov.cn", "localhost") + "PUFA_DEMO=1\n")
    code, said = made.run(first, "install")
    assert code == 0, said
    assert "ready, home page" in said
    return made


def test_there_is_no_network_to_lean_on():
    probe = "import socket; socket.create_connection(('127.0.0.1', 9), 2)"
    told = subprocess.run([*SEALED, sys.executable, "-c", probe], capture_output=True, text=True, check=False).stderr
    assert "unreachable" in told, "even loopback is down in there"


def test_every_file_of_the_archive_is_as_its_checksum_says(first):
    lines = (first / "SHA256SUMS").read_text().splitlines()
    assert len(lines) > 1000
    done = subprocess.run(
        ["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=first, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-500:]


def test_the_archive_knows_no_machine_and_no_registry(first):
    """Ours alone: packages of others name their own homes."""
    ours = [first / name for name in ("install.sh", "MANIFEST.json", "SHA256SUMS", "LICENCES.txt", "sbom.cdx.json")]
    ours += [path for path in (first / "source").rglob("*") if path.is_file() and "node_modules" not in path.parts]
    here = [str(ROOT), str(Path.home()) + "/", *map(".".join, REGISTRIES)]
    found = []
    for path in ours:
        text = path.read_bytes().decode(errors="replace")
        found += [f"{path.relative_to(first)}: {word}" for word in here if len(word) > 6 and word in text]
    assert found == []
    with tarfile.open(ARCHIVE) as tar:
        members = tar.getmembers()
    assert {(member.uid, member.gid, member.uname) for member in members} == {(0, 0, "root")}
    assert len({member.mtime for member in members}) == 1


def test_the_bill_names_the_very_wheels(first):
    told = {
        digest["content"]
        for part in json.loads((first / "sbom.cdx.json").read_text())["components"]
        for digest in part.get("hashes", [])
    }
    wheels = {hashlib.sha256(path.read_bytes()).hexdigest(): path.name for path in (first / "wheels").glob("*.whl")}
    assert [name for digest, name in wheels.items() if digest not in told and not name.startswith("uv-")] == []


def test_a_changed_file_stops_the_installation_before_it_begins(first, tmp_path):
    spoilt = next_release(first, tmp_path / "spoilt", "spoilt", {})
    (spoilt / "source/manage.py").unlink()
    (spoilt / "source/manage.py").write_text("print('mine')")
    site = Site(tmp_path / "machine")
    code, said = site.run(spoilt, "install")
    assert code == 1
    assert "manage.py is not what was packed" in said
    assert not site.data.exists()


def test_an_installation_reads_the_law_and_runs_from_its_own_packages(site):
    said = site.manage("import_law", "corpus", "--title", "社区矫正法", "--slug", "community-correction")
    assert site.rows("SELECT count(*) FROM lawbook_article")[0][0] == 63, said
    python = site.target / "current" / ".venv" / "bin" / "python"
    done = subprocess.run(
        [python, "-c", "import django; print(django.__file__)"], capture_output=True, text=True, check=True
    )
    assert str(site.target) in done.stdout
    assert "install" in site.run(site.target / "current" / "deploy", "status")[1]


def test_a_second_installation_is_sent_to_upgrade(site, first):
    code, said = site.run(first, "install")
    assert code == 1
    assert "run `upgrade` instead" in said


def test_upgrade_failure_and_the_way_back(site, first, newest, tmp_path):
    before = site.current
    articles = site.rows("SELECT count(*) FROM lawbook_article")

    # A release whose second half of a migration fails: the former one goes on, on the data of before.
    bad = next_release(first, tmp_path / "bad", "9.0-bad", {"8000_one": NEXT.format(after=newest, table="half_done"),
                       "8001_two": BROKEN.format(after="8000_one", table="never")})  # fmt: skip
    code, said = site.run(bad, "upgrade", "--stopped")
    assert code == 1
    assert "The data of before are back" in said
    assert site.current == before
    assert not {"half_done", "never"} & site.tables()
    assert not (site.target / "releases" / "9.0-bad").exists()
    assert site.rows("SELECT count(*) FROM lawbook_article") == articles

    # A sound one.
    good = next_release(
        first, tmp_path / "good", "9.1-good", {"8000_one": NEXT.format(after=newest, table="of_the_next")}
    )
    code, said = site.run(good, "upgrade")
    assert code == 0, said
    assert site.current == "9.1-good"
    assert "of_the_next" in site.tables()
    assert site.rows("SELECT count(*) FROM lawbook_article") == articles
    assert (site.target / "releases" / before).is_dir(), "the way back"

    # Back, by the script that was installed: with the data of before.
    code, said = site.run(site.target / "current" / "deploy", "rollback", "--restore")
    assert code == 0, said
    assert site.current == before
    assert "of_the_next" not in site.tables()
    assert site.rows("SELECT count(*) FROM lawbook_article") == articles
    assert list(site.data.glob("replaced-*")), "what was written since is kept"
    assert [entry["did"] for entry in json.loads((site.target / "history.json").read_text())] == [
        "install", "upgrade", "rollback",
    ]  # fmt: skip
