"""What an installation weighs and how fast it answers with the data of 1, 10, 100 districts in one database.

    .venv/bin/python -m benchmarks.growth [--districts 1 10 100]
    scripts/services.sh .venv/bin/python -m benchmarks.growth

Loads the starter site, then adds a year of made-up work for each district: copies of the starter's own rows, with the
counts of `YEAR`. Prints rows, bytes and times; docs/growth.md reckons on from there. A database in use is refused.
"""

# ruff: noqa: PLC0415 - Django's models can be imported once it is set up
import argparse
import io
import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from benchmarks.installation import empty_installation
from benchmarks.search import base36
from scripts.steps import machine

#: What a district adds in a year. Pages, messages and films: a bureau that publishes three times a week, answers six
#: messages a week and makes a film a month. Places and stops: 蓬江区's order of size. Scans: two campaigns of four
#: weeks, 60 codes, ten hours of the day with a scan in them.
YEAR = {
    "pages": 150,
    "films": 12,
    "hotspots": 400,
    "stops": 350,
    "placements": 900,
    "codes": 60,
    "scan hours": 60 * 56 * 10,
    "messages": 300,
    "trail": 4000,
}
REPEATS = 5
BATCH = 5000
FIRST_DAY = date(2026, 3, 1)


def copies(template: Any, count: int, change: Callable[[int], dict[str, Any]]) -> list[Any]:
    """`count` rows like `template`, each changed as `change(number)` says; returns them saved."""
    model = type(template)
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    same = {field.attname: getattr(template, field.attname) for field in fields}
    alone = [field for field in fields if field.unique]
    rows = [model(**{**same, **{one.attname: _fresh(one) for one in alone}, **change(n)}) for n in range(count)]
    return list(model._base_manager.bulk_create(rows, batch_size=BATCH))


def _fresh(field: Any) -> Any:
    """A value that no other row has."""
    made = uuid.uuid4()
    if field.get_internal_type() in {"CharField", "SlugField", "TextField"}:
        return made.hex[: field.max_length or 32]
    return made if field.get_internal_type() == "UUIDField" else None


def add_pages(count: int, start: int) -> None:
    """News under the column of the starter's, with their text in the search index."""
    from django.db import connection
    from wagtail.models import Page
    from wagtail.search.backends import get_search_backend

    from pages.models import NewsPage

    sample = NewsPage.objects.live().order_by("pk").first()
    column = sample.get_parent()
    same = {field.attname: getattr(sample, field.attname) for field in Page._meta.concrete_fields}
    for name in ("id", "latest_revision_id", "live_revision_id"):
        same.pop(name, None)
    made = []
    for number in range(start, start + count):
        place = f"{column.path}Z{base36(number)[1:]}" if number < 36**3 else f"{column.path}{base36(number)}"
        slug = f"grown-{number}"
        own = {"path": place, "slug": slug, "url_path": f"{column.url_path}{slug}/", "translation_key": uuid.uuid4()}
        made.append(Page(**{**same, **own, "title": f"{sample.title} {number}", "draft_title": sample.title}))
    Page.objects.bulk_create(made, batch_size=BATCH)
    names = ", ".join(field.column for field in NewsPage._meta.local_concrete_fields if not field.primary_key)
    table = NewsPage._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (page_ptr_id, {names}) SELECT page.id, {names} FROM wagtailcore_page page, {table} t "
            f"WHERE t.page_ptr_id = %s AND page.path LIKE %s AND page.slug LIKE 'grown-%%' "
            f"AND page.id NOT IN (SELECT page_ptr_id FROM {table})",
            [sample.pk, f"{column.path}%"],
        )
    column.numchild += count
    column.save(update_fields=["numchild"])
    index = get_search_backend().get_index_for_model(NewsPage)
    new = NewsPage.objects.filter(slug__startswith="grown-", pk__in=[page.pk for page in made])
    for part in range(0, count, 1000):
        index.add_items(NewsPage, list(new[part : part + 1000]))


def add_district(number: int) -> None:
    from campaigns.models import AdCode, Placement, ScanCount
    from feedback.models import Message
    from geo.models import Area, Hotspot, Stop
    from media.models import Video, VideoVersion
    from trust.models import AuditEvent

    def named(what: str) -> Callable[[int], dict[str, Any]]:
        return lambda n: {"code": f"{what}{number}-{n}"}

    (area,) = copies(Area.objects.order_by("pk").first(), 1, lambda n: {"slug": f"grown-{number}"})
    here = {"area_id": area.pk}
    copies(Hotspot.objects.order_by("pk").first(), YEAR["hotspots"], lambda n: {**here, **named("h")(n)})
    copies(Stop.objects.order_by("pk").first(), YEAR["stops"], lambda n: {**here, **named("s")(n)})
    sold = Placement.objects.order_by("pk").first()
    places = copies(sold, YEAR["placements"], lambda n: {**here, **named("p")(n)})
    code = AdCode.objects.order_by("pk").first()
    codes = copies(
        code, YEAR["codes"], lambda n: {"code": f"g{number}x{n}", "placement_id": places[n].pk, "booking_id": None}
    )
    hours = [
        ScanCount(code_id=one.pk, day=FIRST_DAY + timedelta(days=day), hour=hour, count=3)
        for one in codes
        for day in range(56)
        for hour in range(9, 19)
    ]
    ScanCount.objects.bulk_create(hours, batch_size=BATCH)
    film, version = Video.objects.order_by("pk").first(), VideoVersion.objects.order_by("pk").first()
    films = copies(film, YEAR["films"], lambda n: {"slug": f"grown-{number}-{n}", "current_version_id": None})
    copies(version, YEAR["films"], lambda n: {"video_id": films[n].pk})
    message = Message.objects.order_by("pk").first()
    copies(message, YEAR["messages"], lambda n: {})
    last = AuditEvent.objects.order_by("-sequence").first()
    copies(last, YEAR["trail"], lambda n: {"sequence": last.sequence + 1 + n})


def questions() -> Iterator[tuple[str, Callable[[], Any]]]:
    """What is asked of every size: name and the work."""
    from django.contrib.auth import get_user_model
    from django.db.models import Sum
    from django.test import Client

    from campaigns.models import AdCode, ScanCount
    from geo.models import Area
    from pages.models import NewsPage
    from search.services import find

    anyone, boss, editor, planner = Client(), Client(), Client(), Client()
    boss.force_login(get_user_model().objects.get(username="admin"))
    editor.force_login(get_user_model().objects.get(username="editor"))
    planner.force_login(get_user_model().objects.get(username="planner"))
    column = NewsPage.objects.live().order_by("pk").first().get_parent()
    code = AdCode.objects.order_by("pk").last().code
    area = Area.objects.order_by("pk").last()

    def get(client: Any, path: str, wanted: int = 200) -> Callable[[], None]:
        def ask() -> None:
            answer = client.get(path, HTTP_HOST="localhost", HTTP_USER_AGENT="Mozilla/5.0")
            if answer.status_code != wanted:
                raise SystemExit(f"{path} answers {answer.status_code} {answer.get('Location', '')}")

        return ask

    yield "home page, made anew", get(anyone, "/?new")
    yield "column of news, made anew", get(anyone, f"{column.get_url_parts()[2]}?new")
    yield "search for 社区矫正", lambda: find("社区矫正")
    yield "sitemap.xml", get(anyone, "/sitemap.xml")
    yield "a code's redirect", get(anyone, f"/q/{code}", 302)
    yield "admin: pages of the column", get(boss, f"/admin/pages/{column.pk}/")
    yield "admin: messages", get(editor, "/admin/messages/")
    yield "planner: first page", get(planner, f"/planner/{area.slug}/")
    by_day = ScanCount.objects.filter(code__placement__area=area).values("day").annotate(n=Sum("count"))
    yield "scans of a district by day", lambda: list(by_day.all())


def milliseconds(work: Callable[[], Any]) -> float:
    work()
    times = []
    for _ in range(REPEATS):
        began = time.thread_time()
        work()
        times.append((time.thread_time() - began) * 1000)
    return statistics.median(times)


def size_bytes() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])


def row_count() -> int:
    from django.apps import apps

    return sum(model._base_manager.count() for model in apps.get_models(include_auto_created=True))


def grow(sizes: list[int]) -> None:
    from django.db import connection, transaction

    head, sizes_mb, filled, rows = ["districts"], [], [], []
    asked: dict[str, list[str]] = {}
    present = 0
    for wanted in sorted(sizes):
        began = time.perf_counter()
        with transaction.atomic():
            for number in range(present, wanted):
                add_district(number)
            add_pages(YEAR["pages"] * (wanted - present), YEAR["pages"] * present)
        present = wanted
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        head.append(f"{wanted:,}")
        filled.append(f"{time.perf_counter() - began:.0f} s")
        rows.append(f"{row_count():,}")
        sizes_mb.append(f"{size_bytes() / 1e6:,.0f} MB")
        for name, work in questions():
            asked.setdefault(name, []).append(f"{milliseconds(work):,.0f} ms")
    print(f"{connection.vendor}; {machine()}; CPU time of the process, median of {REPEATS}\n")
    for row in (
        head, ["---", *["--:"] * len(sizes)], ["rows", *rows], ["database", *sizes_mb], ["time to fill", *filled],
        *([name, *times] for name, times in asked.items()),
    ):  # fmt: skip
        print("| " + " | ".join(row) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--districts", type=int, nargs="+", default=[1, 10])
    sizes = parser.parse_args().districts
    with empty_installation():
        from django.core.management import call_command

        call_command("load_starter", verbosity=0, stdout=io.StringIO())
        grow(sizes)


if __name__ == "__main__":
    main()
