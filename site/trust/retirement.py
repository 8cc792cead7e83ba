"""Retention: whole months of the trail go to sealed files, and the chain goes on from the last seal of the newest."""

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from trust.audit import link, record, verify
from trust.chain import GENESIS, Break, Fault, Link, Segment, append_segment, audit_key, find_breaks, read_segments
from trust.models import AuditEvent

KEPT_MONTHS = 6  # Cybersecurity Law, article 21 (3): logs are kept for at least six months


class NotRetired(Exception):
    """Why nothing was retired; nothing has changed."""


def newest_cutoff(today: date) -> date:
    """First day of the newest month that must stay: what happened from then on is younger than `KEPT_MONTHS`."""
    months = today.year * 12 + today.month - 1 - KEPT_MONTHS
    return date(months // 12, months % 12 + 1, 1)


def retire(before: date, folder: Path, today: date) -> list[Segment]:
    """Write every whole month before the first day `before` to a file of `folder` and take it out of the database.

    Returns the months, oldest first; raises NotRetired and changes nothing where one is too young, the trail is
    broken, or a file of that name has other contents.
    """
    if before > newest_cutoff(today):
        raise NotRetired(_("only what happened before %(day)s is old enough") % {"day": newest_cutoff(today)})
    if breaks := verify():
        raise NotRetired(_("the trail is broken at #%(n)d") % {"n": breaks[0].sequence})
    key = audit_key(settings.KEYS_ROOT)
    known = {segment.last for segment in read_segments(settings.KEYS_ROOT, key)}
    folder.mkdir(parents=True, exist_ok=True)
    with transaction.atomic():
        segments = [_write(month, events, folder) for month, events in _months(before)]
        if not segments:
            return []
        last = segments[-1].last
        months = [segment.month for segment in segments]
        record("audit.retire", detail={"months": months, "last": last, "mac": segments[-1].mac})
        _remove(last)
        for segment in segments:
            # Before the commit: rows that are still there although they are listed do no harm, the reverse would.
            if segment.last not in known:
                append_segment(settings.KEYS_ROOT, key, segment)
    return segments


def _months(before: date) -> Iterator[tuple[str, list[AuditEvent]]]:
    """Runs of rows by month, in the chain's order, up to the first row that happened on or after `before`."""
    end = timezone.make_aware(datetime.combine(before, datetime.min.time()))
    rows = AuditEvent.objects.order_by("sequence")
    young = rows.filter(happened_at__gte=end).values_list("sequence", flat=True).first()
    if young is not None:
        rows = rows.filter(sequence__lt=young)
    month = ""

    def month_of(event: AuditEvent) -> str:
        # A refusal is written after its time: it belongs to the run that it stands in.
        nonlocal month
        month = max(month, f"{timezone.localtime(event.happened_at):%Y-%m}")
        return month

    for name, events in groupby(rows, month_of):
        yield name, list(events)


def _write(month: str, events: list[AuditEvent], folder: Path) -> Segment:
    lines = "".join(json.dumps(_line(link(event)), ensure_ascii=False, default=str) + "\n" for event in events)
    contents = lines.encode()
    path = folder / f"audit-{month}.jsonl"
    if path.exists():
        if path.read_bytes() != contents:
            raise NotRetired(_("%(file)s exists and holds something else") % {"file": path.name})
    else:
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            file.write(contents)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o440)
        part.replace(path)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Segment(month, events[0].sequence, events[-1].sequence, events[-1].mac, sha256)


def _line(row: Link) -> dict[str, Any]:
    return {"previous_mac": row.previous_mac, "mac": row.mac, "row": row.row}


def _remove(last: int) -> None:
    """The one place where rows leave the trail, by the way that AppendOnly leaves open to nobody else."""
    queryset: models.QuerySet[AuditEvent] = models.QuerySet(AuditEvent).filter(sequence__lte=last)
    queryset._raw_delete(queryset.db)


def verify_retired(folder: Path) -> list[Break]:
    """Every place where the files of retired months are not what was taken out of the database."""
    key = audit_key(settings.KEYS_ROOT)
    breaks: list[Break] = []
    after = (0, GENESIS)
    for segment in read_segments(settings.KEYS_ROOT, key):
        path = folder / f"audit-{segment.month}.jsonl"
        if not path.is_file():
            breaks.append(Break(segment.first, Fault.MISSING))
        else:
            contents = path.read_bytes()
            found = list(find_breaks(key, _links(contents), {segment.last: segment.mac}, after))
            if not found and hashlib.sha256(contents).hexdigest() != segment.sha256:
                found = [Break(segment.first, Fault.REPLACED)]
            breaks += found
        after = (segment.last, segment.mac)
    return breaks


def _links(contents: bytes) -> Iterator[Link]:
    for line in contents.decode(errors="replace").splitlines():
        try:
            held = json.loads(line)
            yield Link(held["row"]["sequence"], held["previous_mac"], held["mac"], held["row"])
        except (ValueError, KeyError, TypeError):
            yield Link(-1, "", "", {})
