"""A playlist as one zip for players without a network: films, order of play, check sums, an end date."""

import json
import zipfile
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from jobs.runs import Run
from media import signing
from media.buscuts import require_same_bytes
from media.errors import FilmProblem
from media.films import ask_for
from media.models import MediaPackage, Playlist, State
from media.storage import BLOCK_BYTES, fetch, private_storage, sha256_of, store, work_folder
from trust.audit import record

VERIFY = """@echo off\r
rem Checks every file of this package against SHA256SUMS with certutil, which Windows carries.\r
setlocal enabledelayedexpansion\r
cd /d "%~dp0"\r
set BAD=0\r
for /f "usebackq tokens=1,2" %%a in ("SHA256SUMS") do (\r
  certutil -hashfile "%%b" SHA256 | findstr /i /c:"%%a" >nul\r
  if errorlevel 1 (\r
    echo WRONG OR MISSING: %%b\r
    set BAD=1\r
  ) else (\r
    echo OK: %%b\r
  )\r
)\r
if "!BAD!"=="1" (echo DO NOT PLAY THIS PACKAGE & pause & exit /b 1)\r
echo ALL FILES ARE CORRECT\r
pause\r
"""


@transaction.atomic
def ask_for_package(playlist: Playlist, *, user: Any = None) -> MediaPackage:
    """The next revision of the playlist's package; the worker makes it. Raises FilmProblem for what may not go in."""
    require_usable(playlist)
    revision = (playlist.packages.aggregate(most=Max("revision"))["most"] or 0) + 1
    package = MediaPackage.objects.create(
        playlist=playlist, revision=revision, expires_on=playlist.ends_on, made_by=user
    )
    record("package.make", actor=user, subject=package, detail={"playlist": playlist.name})
    ask_for(package, user=user)
    return package


def require_usable(playlist: Playlist) -> None:
    """Every cut is ready, approved as it is and up to date; the plays fit into the loop."""
    items = list(playlist.items.select_related("cut__version__video", "cut__profile"))
    if not items:
        raise FilmProblem(_("The playlist is empty."))
    for item in items:
        if not item.cut.usable:
            raise FilmProblem(
                _("“%(cut)s” (%(code)s) is not approved, not ready or out of date. Only approved cuts go to the buses.")
                % {"cut": item.cut, "code": item.cut.code}
            )
    total = sum(item.cut.specification["seconds"] * item.plays_per_loop for item in items)
    if total > playlist.loop_s:
        raise FilmProblem(
            _("The items take %(total)d seconds, the loop has %(loop)d.") % {"total": total, "loop": playlist.loop_s}
        )


def make(package: MediaPackage, run: Run) -> None:
    """Write the zip. What goes in is checked again here: an approval can be outdated while the job waited."""
    playlist = package.playlist
    require_usable(playlist)
    package.mark(state=State.PROCESSING, message="")
    with work_folder(f"package-{package.pk}") as folder:
        items = list(playlist.items.select_related("cut__version__video", "cut__profile"))
        entries, sums = [], []
        for place, item in enumerate(items, 1):
            run.progress(80 * place / len(items), _("Checking the films"))
            require_same_bytes(item.cut)
            name = f"{place:02}-{item.cut.file_name}"
            fetch(item.cut.file, folder / name)
            sha256, size = sha256_of(folder / name)
            if sha256 != item.cut.sha256:
                raise FilmProblem(_("A film changed while it was copied. Try again."))
            sums.append((sha256, name))
            entries.append(entry(item, name, sha256, size))
        manifest = describe(package, entries)
        texts = {
            "manifest.json": json.dumps(manifest, ensure_ascii=True, indent=2) + "\n",
            "playlist.m3u": m3u(entries, playlist),
            "verify.cmd": VERIFY,
            "WITHDRAWN.txt": withdrawal_list(),
        }
        for name, text in texts.items():
            (folder / name).write_bytes(text.encode("ascii"))
            sums.append((sha256_of(folder / name)[0], name))
        (folder / "SHA256SUMS").write_text("".join(f"{sha256}  {name}\n" for sha256, name in sums), encoding="ascii")
        last = ["SHA256SUMS"]
        if signing.private_key() is not None:
            (folder / signing.SIGNATURE).write_bytes(signing.sign(folder / "SHA256SUMS"))
            last.append(signing.SIGNATURE)
        run.progress(85, _("Packing"))
        archive = write_zip(folder, [*(name for _sum, name in sums), *last], package)
        sha256, size = sha256_of(archive)
        name = store(private_storage(), archive, f"films/packages/{package.file_name}")
        package.mark(state=State.READY, message="", file=name, sha256=sha256, size_bytes=size, manifest=manifest)


def entry(item: Any, name: str, sha256: str, size: int) -> dict[str, Any]:
    cut = item.cut
    return {
        "item": cut.code,
        "file": name,
        "sha256": sha256,
        "bytes": size,
        "seconds": cut.specification["seconds"],
        "width": cut.specification["width"],
        "height": cut.specification["height"],
        "plays_per_loop": item.plays_per_loop,
        "title": cut.version.video.title,
        "film": cut.version.video.slug,
        "version": cut.version.number,
    }


def describe(package: MediaPackage, entries: list[dict[str, Any]]) -> dict[str, Any]:
    playlist = package.playlist
    return {
        "format": "pufa-bus-package/1",
        "package": package.code,
        "revision": package.revision,
        "made_at": package.created_at.isoformat(timespec="seconds"),
        "starts_on": playlist.starts_on.isoformat(),
        "expires_on": package.expires_on.isoformat(),
        "weekdays": [int(day) for day in playlist.weekdays],
        "from_time": playlist.from_time.strftime("%H:%M"),
        "to_time": playlist.to_time.strftime("%H:%M"),
        "loop_s": playlist.loop_s,
        "signed_by": signing.fingerprint() if signing.private_key() else None,
        "withdrawn": [gone.code for gone in withdrawn_packages()],
        "items": entries,
    }


def withdrawn_packages() -> list[MediaPackage]:
    """Every package that was called back, also those whose date has passed since: a player may have missed both."""
    return list(MediaPackage.objects.filter(withdrawn_at__isnull=False).order_by("withdrawn_at", "pk"))


def withdrawal_list() -> str:
    """One line a package for a player or a technician: its code, and the day from which it must not be played."""
    lines = ["# Packages that must not be played. Delete their folders from the player.\r\n"]
    for gone in withdrawn_packages():
        day = timezone.localtime(gone.withdrawn_at).date().isoformat()
        lines.append(f"{gone.code} {day}\r\n")
    return "".join(lines)


def m3u(entries: list[dict[str, Any]], playlist: Playlist) -> str:
    """One loop: an item with several plays comes round evenly, never twice in a row where others can stand between."""
    slots = [
        ((turn + 0.5) / made["plays_per_loop"], place, made)
        for place, made in enumerate(entries)
        for turn in range(made["plays_per_loop"])
    ]
    lines = ["#EXTM3U"]
    for _when, _place, made in sorted(slots, key=lambda slot: slot[:2]):
        lines += [f"#EXTINF:{made['seconds']},{made['item']}", made["file"]]
    return "\n".join(lines) + "\n"


def write_zip(folder: Path, names: list[str], package: MediaPackage) -> Path:
    """Stored, not compressed: films do not shrink, and any tool can read the bytes in place."""
    archive = folder / "package.zip"
    stamp = package.created_at.timetuple()[:6]
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED, allowZip64=True) as target:
        for name in names:
            info = zipfile.ZipInfo(name, date_time=stamp)
            info.external_attr = 0o644 << 16
            info.file_size = (folder / name).stat().st_size
            with (folder / name).open("rb") as source, target.open(info, "w") as member:
                while block := source.read(BLOCK_BYTES):
                    member.write(block)
    return archive


@transaction.atomic
def withdraw(package: MediaPackage, *, reason: str, user: Any = None) -> None:
    """Call a package back: it is listed as withdrawn and can no longer be downloaded."""
    package.mark(withdrawn_at=timezone.now(), withdrawn_reason=reason[:200])
    record("package.withdraw", actor=user, subject=package, detail={"reason": reason[:200]})
