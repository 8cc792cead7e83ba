"""Scans: one appended record before the redirect, folded into counts once and only once.

A record is `code time\\n`, written by one `write` to a file opened for appending, so concurrent requests never mix
and a killed process loses nothing that it answered. The worker adds what is new to the counts and moves the file's
offset in the same transaction: a crash in between undoes both or neither.
"""

import logging
import os
import re
import socket
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from campaigns.models import AdCode, ScanCount, ScanFile

log = logging.getLogger(__name__)
CHUNK_BYTES = 4 * 1024 * 1024
MACHINES = re.compile(
    r"(?<!cu)bot\b|spider|crawl|slurp|preview|facebookexternalhit|curl|wget|python|java/|go-http|httpclient|okhttp|headless"
    r"|monitor|scan(ner|alert)|lighthouse|feedfetcher|mediapartners",
    re.IGNORECASE,
)

Hour = tuple[str, date, int]


def folder() -> Path:
    return Path(settings.DATA_DIR) / "scans"


def is_person(request: HttpRequest) -> bool:
    """Whether this looks like somebody opening the code, not a HEAD, a prefetch or a robot. Looks, never keeps."""
    if request.method != "GET":
        return False
    purpose = " ".join(request.headers.get(name, "") for name in ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz"))
    if "prefetch" in purpose.lower() or "prerender" in purpose.lower() or "preview" in purpose.lower():
        return False
    agent = request.headers.get("User-Agent", "")
    return bool(agent) and not MACHINES.search(agent)


def append_scan(code: str, at: datetime) -> None:
    """Write one scan down. Raises OSError where that is not possible."""
    local = timezone.localtime(at)
    # The host's name keeps the nodes of one installation apart where they share the folder.
    path = folder() / f"{local:%Y-%m-%d}.{re.sub(r'[^A-Za-z0-9-]', '-', socket.gethostname())}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(handle, f"{code} {local:%Y-%m-%dT%H:%M:%S%z}\n".encode("ascii"))
    finally:
        os.close(handle)


def fold_scans() -> int:
    """Add every new record to the counts. Returns how many scans were added."""
    total = 0
    for path in sorted(folder().glob("*.log")):
        while True:
            read, added = _fold_chunk(path)
            total += added
            if read < CHUNK_BYTES // 2:
                break
    return total


def waiting() -> int:
    """Scans that were written down and are not yet in the counts."""
    read = dict(ScanFile.objects.values_list("name", "offset"))
    return sum(_lines_after(path, read.get(path.name, 0)) for path in folder().glob("*.log"))


def _lines_after(path: Path, offset: int) -> int:
    if path.stat().st_size <= offset:
        return 0
    with path.open("rb") as file:
        file.seek(offset)
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(CHUNK_BYTES), b""))


@transaction.atomic
def _fold_chunk(path: Path) -> tuple[int, int]:
    """Fold one chunk of whole lines; returns bytes consumed and scans added."""
    ScanFile.objects.get_or_create(name=path.name)
    position = ScanFile.objects.select_for_update().get(name=path.name)
    with path.open("rb") as file:
        file.seek(position.offset)
        chunk = file.read(CHUNK_BYTES)
    whole = chunk[: chunk.rfind(b"\n") + 1]  # what has no line end yet is still being written
    if not whole:
        return 0, 0
    hours = Counter(_hours(whole, path.name))
    codes = dict(AdCode.objects.filter(code__in={code for code, _day, _hour in hours}).values_list("code", "pk"))
    added = 0
    for (code, day, hour), count in sorted(hours.items()):
        if code not in codes:
            log.warning("%s: %d scans of %r, a code that is no longer there", path.name, count, code)
            continue
        row, made = ScanCount.objects.get_or_create(code_id=codes[code], day=day, hour=hour, defaults={"count": count})
        if not made:
            ScanCount.objects.filter(pk=row.pk).update(count=F("count") + count)
        added += count
    position.offset += len(whole)
    position.save(update_fields=["offset"])
    return len(whole), added


def _hours(lines: bytes, name: str) -> Iterator[Hour]:
    for line in lines.splitlines():
        try:
            code, moment = line.decode("ascii").split(" ")
            at = timezone.localtime(datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S%z"))
        except ValueError:
            log.error("%s: a damaged record was left out: %r", name, line[:80])
            continue
        yield code, at.date(), at.hour
