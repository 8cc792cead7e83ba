"""What people do while something breaks, each over HTTP, and whether what was confirmed to them is still so afterwards.

A deed is confirmed when the answer says so; anything else (an error, no answer) is not, and may have happened or not.
Looked at afterwards: everything confirmed is there, and nothing is there by half.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from scripts.faults.people import Person, chief, signed_in
from scripts.faults.stand import Stand, fresh

PIECE_BYTES = 64 * 1024


class Deed(ABC):
    """`prepare` once; `act` again and again, True where it was confirmed; `found` afterwards lists what is wrong."""

    name = ""
    #: Whether it is the worker that does it: then `act` only asks, and the harm comes while the job runs.
    by_worker = False

    def __init__(self, made: Stand) -> None:
        self.made = made
        self.confirmed: list[Any] = []
        self._people: dict[int, Person] = {}

    def at(self, port: int, user: Any) -> Person:
        """Somebody signed in once, before the first deed at this server."""
        if port not in self._people:
            self._people[port] = signed_in(user, port)
        return self._people[port]

    def prepare(self) -> None:  # noqa: B027 - most deeds need nothing beforehand
        pass

    @abstractmethod
    def act(self, port: int) -> bool: ...

    def running(self) -> bool:
        return True

    def done(self) -> bool:
        return True

    @abstractmethod
    def found(self) -> Iterable[str]: ...


class Publishing(Deed):
    """The third reviewer signs page after page; each goes public with that."""

    name = "publish"

    def prepare(self) -> None:
        from django.contrib.auth import get_user_model  # noqa: PLC0415

        from editorial import gate  # noqa: PLC0415
        from editorial.examples import set_up_review  # noqa: PLC0415
        from pages.models import ColumnPage, ContentPage  # noqa: PLC0415
        from trust.audit import boundary  # noqa: PLC0415
        from trust.roles import Role, group_of  # noqa: PLC0415

        mark = secrets.token_hex(4)
        people = {}
        roles = {"writer": Role.EDITOR, "1": Role.FIRST_REVIEWER, "2": Role.SECOND_REVIEWER, "3": Role.FINAL_REVIEWER}
        for name, role in roles.items():
            people[name] = get_user_model().objects.create_user(f"{name}-{mark}", password=secrets.token_hex(16))
            people[name].groups.add(group_of(role))
        set_up_review()
        column = ColumnPage.objects.live().order_by("path").first()
        self.waiting = []
        for number in range(60):
            page = ContentPage(title=f"第{number}篇 {mark}", slug="", live=False, owner=people["writer"], body=[("text", "<p>每月报到一次。</p>")])  # fmt: skip  # noqa: E501
            with gate.door("faults"):
                column.add_child(instance=page)
                page.save_revision(user=people["writer"])
            page = ContentPage.objects.get(pk=page.pk)
            page.get_workflow().start(page, people["writer"])
            for step in ("1", "2"):
                state = ContentPage.objects.get(pk=page.pk).current_workflow_task_state
                with boundary():
                    state.task.specific.on_action(
                        state, people[step], "approve", reviewed=True, proofread=True, comment=""
                    )
            self.waiting.append((page.pk, ContentPage.objects.get(pk=page.pk).current_workflow_task_state.pk))
        self.pages = [page for page, _step in self.waiting]
        self.reviewer = people["3"]

    def act(self, port: int) -> bool:
        from django.urls import reverse  # noqa: PLC0415

        if not self.waiting:
            return False
        person = self.at(port, self.reviewer)
        page, step = self.waiting.pop(0)
        form = {"reviewed": "on", "proofread": "on", "comment": "已核对"}
        if person.said("POST", reverse("editorial_admin:review", args=[step]), form=form) != 302:
            self.waiting.append((page, step))  # nobody knows whether it was done: tried again later
            return False
        self.confirmed.append(page)
        return True

    def found(self) -> Iterable[str]:
        from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415

        from pages.models import ContentPage  # noqa: PLC0415
        from trust.models import Approval  # noqa: PLC0415

        reader = Person(self.made.port)
        for page in ContentPage.objects.filter(pk__in=self.confirmed):
            if not page.live:
                yield f"page {page.pk} was published and is not"
            elif (status := reader.said("GET", page.get_url())) != 200:
                yield f"page {page.pk} is public and answers {status}"
        kind = ContentType.objects.get_for_model(ContentPage)
        for page in ContentPage.objects.filter(pk__in=self.pages):
            signed = Approval.objects.filter(content_type=kind, object_id=str(page.pk)).count()
            if page.live != (signed == 3):
                yield f"page {page.pk} has {signed} of 3 signatures and is {'public' if page.live else 'not public'}"


class Uploading(Deed):
    """A film in pieces: every acknowledged byte counts."""

    name = "upload"

    def prepare(self) -> None:
        from media.ffmpeg import run_ffmpeg  # noqa: PLC0415

        drawn = ["-filter_complex", "testsrc2=s=64x36:r=5:d=1[v]", "-map", "[v]", "-c:v", "libx264"]
        run_ffmpeg([], [*drawn, "head.mp4"], workdir=self.made.folder)
        head = (self.made.folder / "head.mp4").read_bytes()
        self.film = head + secrets.token_bytes(60 * PIECE_BYTES)
        self.user = chief("uploader")
        self.address = ""
        self.acknowledged: dict[str, int] = {}

    def act(self, port: int) -> bool:
        person = self.at(port, self.user)
        with contextlib.suppress(OSError, http.client.HTTPException):
            if not self.address:
                begun = person.ask(
                    "POST", "/admin/film/upload/", Tus_Resumable="1.0.0", Upload_Length=str(len(self.film))
                )
                if begun.status != 201:
                    return False
                self.address = begun.headers["Location"]
                self.acknowledged[self.address] = 0
            held = person.ask("HEAD", self.address, Tus_Resumable="1.0.0")
            if held.status != 200:
                return False
            at = int(held.headers["Upload-Offset"])
            if at < self.acknowledged[self.address]:
                self.confirmed.append(f"{self.acknowledged[self.address] - at} bytes of an upload are gone")
            if at == len(self.film):
                self.address = ""
                return True
            piece = self.film[at : at + PIECE_BYTES]
            sent = person.ask("PATCH", self.address, body=piece, Tus_Resumable="1.0.0", Upload_Offset=str(at),
                              Content_Type="application/offset+octet-stream")  # fmt: skip
            if sent.status == 204:
                self.acknowledged[self.address] = int(sent.headers["Upload-Offset"])
                self.confirmed.append("")
                return True
        return False

    def found(self) -> Iterable[str]:
        from media.models import Upload  # noqa: PLC0415

        yield from filter(None, self.confirmed)
        for address, length in self.acknowledged.items():
            upload = Upload.objects.filter(token=address.rstrip("/").rpartition("/")[2]).first()
            if upload is None:
                yield "an upload is gone"
                continue
            held = upload.path.read_bytes()
            if len(held) < length or held != self.film[: len(held)]:
                yield f"of {length} acknowledged bytes {len(held)} are there, or others"


class Booking(Deed):
    """A planner books approved plans: all placements of one with their codes, or none."""

    name = "booking"

    def prepare(self) -> None:
        from campaigns.models import Campaign, Placement, PlanPick, PlanVersion  # noqa: PLC0415
        from campaigns.services.booking import approve_plan  # noqa: PLC0415

        sample = Campaign.objects.earliest("pk")
        placements = list(Placement.objects.filter(area=sample.area).order_by("pk")[:4])
        self.user, other = chief("planner"), chief("approver")
        self.plans = []
        first = date(2030, 1, 1) + timedelta(days=40 * Campaign.objects.count())  # of the rounds before: other days
        for number in range(60):
            brief = Campaign.objects.create(
                area=sample.area, name=f"{secrets.token_hex(4)}", budget_cny=1, created_by=self.user,
                starts_on=first + timedelta(days=30 * number), ends_on=first + timedelta(days=30 * number + 20),
            )  # fmt: skip
            zero = dict.fromkeys(
                ["reach_low", "reach", "reach_high", "reached_persons", "impressions", "frequency", "value", "bound",
                 "attained", "cost_cny", "seed", "iterations"], 0,
            )  # fmt: skip
            days = {"starts_on": brief.starts_on.isoformat(), "ends_on": brief.ends_on.isoformat()}
            plan = PlanVersion.objects.create(
                campaign=brief, number=1, inputs_sha256="0" * 64, sha256=secrets.token_hex(32), parameters=days,
                libraries={}, result={}, created_by=self.user, **zero,
            )  # fmt: skip
            for order, placement in enumerate(placements, 1):
                PlanPick.objects.create(
                    plan=plan, order=order, placement=placement, code=placement.code, name=str(placement)[:200],
                    format=placement.format, cost_cny=1, standalone=0, marginal=0, cumulative_reach=0,
                )  # fmt: skip
            approve_plan(plan, other)
            self.plans.append(plan.pk)
        self.picks = len(placements)
        self.waiting = list(self.plans)

    def act(self, port: int) -> bool:
        if not self.waiting:
            return False
        person = self.at(port, self.user)
        plan = self.waiting.pop(0)
        if person.said("POST", f"/planner/plans/{plan}/book/", form={}) != 302:
            self.waiting.append(plan)
            return False
        self.confirmed.append(plan)
        return True

    def found(self) -> Iterable[str]:
        from campaigns.models import AdCode  # noqa: PLC0415
        from campaigns.models import Booking as Row  # noqa: PLC0415

        for plan in self.plans:
            booked = Row.objects.live().filter(plan=plan, state=Row.State.BOOKED).count()
            codes = AdCode.objects.filter(booking__plan=plan).count()
            if plan in self.confirmed and booked != self.picks:
                yield f"plan {plan}: {booked} of {self.picks} placements are booked"
            elif booked not in (0, self.picks) or codes != booked:
                yield f"plan {plan} is booked by half: {booked} placements, {codes} codes"


class Scanning(Deed):
    """People scan a code while the worker counts."""

    name = "scan counting"

    def prepare(self) -> None:
        from campaigns.models import AdCode  # noqa: PLC0415

        self.code = AdCode.objects.earliest("pk")
        self.before = self.count()
        self.tried = 0

    def count(self) -> int:
        from django.db.models import Sum  # noqa: PLC0415

        from campaigns.models import ScanCount  # noqa: PLC0415
        from campaigns.scans import fold_scans  # noqa: PLC0415

        fold_scans()
        return ScanCount.objects.filter(code=self.code).aggregate(sum=Sum("count"))["sum"] or 0

    def act(self, port: int) -> bool:
        self.tried += 1
        if self.tried % 5 == 1:
            with contextlib.suppress(Exception):  # the database may be away: the worker asks for it later by itself
                self.ask_for_counting()
        if Person(port).said("GET", f"/q/{self.code.code}") != 302:
            return False
        self.confirmed.append(self.code)
        return True

    def ask_for_counting(self) -> None:
        from jobs.queue import enqueue  # noqa: PLC0415

        fresh()
        enqueue("campaigns.fold_scans", key="campaigns.fold_scans")

    def found(self) -> Iterable[str]:
        counted = self.count() - self.before
        if not len(self.confirmed) <= counted <= self.tried:
            yield f"{counted} scans counted of {len(self.confirmed)} answered and {self.tried} tried"


class Transcoding(Deed):
    """A film is prepared."""

    name = "transcode"
    by_worker = True

    def prepare(self) -> None:
        from media.ffmpeg import run_ffmpeg  # noqa: PLC0415

        if not (self.made.folder / "clip.mp4").exists():
            drawn = [
                "-filter_complex",
                "testsrc2=s=320x180:r=25:d=40[v];sine=f=440:d=40[a]",
                "-map",
                "[v]",
                "-map",
                "[a]",
            ]
            drawn += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
            run_ffmpeg([], [*drawn, "clip.mp4"], workdir=self.made.folder)

    def act(self, port: int) -> bool:
        from django.core.files import File  # noqa: PLC0415

        from media import films  # noqa: PLC0415

        with (self.made.folder / "clip.mp4").open("rb") as file:
            self.video = films.create_film("片", File(file), name="clip.mp4", no_captions_reason="none", published=True)
        self.confirmed.append(self.video)
        return True

    def running(self) -> bool:
        job = self.version().latest_job()
        return job is not None and job.state == "running"

    def done(self) -> bool:
        return not self.version().latest_job().is_open

    def version(self) -> Any:
        return self.video.newest_version

    def found(self) -> Iterable[str]:
        version = self.version()
        if version.state != "ready":
            yield f"the film is {version.state}: {version.message}"
        for made in version.renditions.all():
            with made.file.open("rb") as file:
                if hashlib.sha256(file.read()).hexdigest() != made.sha256:
                    yield f"{made.kind} is not whole"


class Importing(Deed):
    """A table of places goes into the tables: all of it, or nothing."""

    name = "import"
    by_worker = True
    rows = 4000

    def prepare(self) -> None:
        from geo.models import Area  # noqa: PLC0415

        mark = secrets.token_hex(4)
        ring = [[112.5, 22.0], [113.8, 22.0], [113.8, 23.2], [112.5, 23.2], [112.5, 22.0]]
        self.area = Area.objects.create(slug=f"a{mark}", name=mark, boundary={"type": "Polygon", "coordinates": [ring]})
        lines = [f"第{row}处,学校,{113 + row * 1e-4:.4f},22.60,900" for row in range(self.rows)]
        self.table = "\n".join(["场所名,分类,经度,纬度,客流", *lines]).encode()
        self.item: Any = None

    def act(self, port: int) -> bool:
        from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415
        from django.test import Client  # noqa: PLC0415
        from django.urls import reverse  # noqa: PLC0415

        from geo.models import FileImport  # noqa: PLC0415

        client = Client(HTTP_HOST="localhost")
        client.force_login(chief("importer"))
        file = SimpleUploadedFile("places.csv", self.table)
        client.post(
            reverse("geo-imports:upload", args=["hotspots"]),
            {
                "area": self.area.pk,
                "file": file,
                "system": "wgs84",
                "origin": "街道",
                "licence": "内部",
                "as_of": "2026-09-01",
            },
        )
        columns = {"name": "场所名", "category": "分类", "lon": "经度", "lat": "纬度", "persons_per_day": "客流"}
        self.item = FileImport.objects.filter(area=self.area).latest("pk")
        posted = {f"column_{name}": column for name, column in columns.items()} | {"basis": "estimated"}
        client.post(reverse("geo-imports:columns", args=[self.item.pk]), posted)
        self.wait_for("checked")
        client.post(reverse("geo-imports:apply", args=[self.item.pk]))
        self.confirmed.append(self.item)
        return True

    def wait_for(self, state: str) -> None:
        limit = time.monotonic() + 120
        while time.monotonic() < limit:
            self.item.refresh_from_db()
            if self.item.state == state:
                return
            time.sleep(0.2)
        raise AssertionError(f"the import is {self.item.state}, not {state}: {self.item.outcome}")

    def running(self) -> bool:
        self.item.refresh_from_db()
        return self.item.job.state == "running"

    def done(self) -> bool:
        self.item.refresh_from_db()
        return not self.item.job.is_open

    def found(self) -> Iterable[str]:
        from geo.models import Hotspot  # noqa: PLC0415

        held = Hotspot.objects.filter(area=self.area).count()
        if self.item.state != "applied" or held != self.rows:
            yield f"the import is {self.item.state} ({self.item.job.error}), {held} of {self.rows} rows are there"


DEEDS: tuple[type[Deed], ...] = (Publishing, Uploading, Booking, Scanning, Transcoding, Importing)
