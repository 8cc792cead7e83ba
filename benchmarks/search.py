"""Search at 50,000 indexed items: ours against Wagtail's stock backend, in one run over the same database.

    .venv/bin/python -m benchmarks.search
    scripts/services.sh .venv/bin/python -m benchmarks.search

The second form runs on PostgreSQL; a database that holds a site already is refused. Both backends rank the same 50,000
entries of made-up Chinese text (seed 2026) by the same tokens, since stock finds nothing in Chinese by itself.
"""

# ruff: noqa: PLC0415 - Django's models can be imported once it is set up
import argparse
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmarks.installation import empty_installation
from scripts.steps import machine

SEED = 2026
ITEMS = 50_000
REPEATS = 5
# A stock query over a common word takes minutes; past this it is stopped and told as "more than".
STOCK_LIMIT_S = 15.0
# Words of a text: 70 to 310 characters, as a guide's or a notice's.
SHORTEST, LONGEST = 20, 90

# fmt: off
WORDS = [
    "社区矫正", "司法所", "请假", "外出", "报到", "心理", "帮扶", "学习", "公益活动", "矫正对象", "法律援助",
    "监狱", "假释", "缓刑", "审批", "居住地", "变更", "材料", "申请", "家庭", "工作", "就业", "社会组织",
    "未成年人", "保护", "法院", "检察院", "监督", "信息", "谈话", "方案", "小组", "志愿者", "街道", "办理", "电话",
    "提前", "书面", "邻居", "孩子", "老人", "医院", "学校", "工地", "车站", "广告", "海报", "条文", "解读", "视频",
]
# fmt: on
#: Query, and the share of texts that it is put into; the words of 请假 外出 come by themselves.
QUERIES = {"社区": 1.0, "社区矫正": 0.7, "请假 外出": 0.0, "假释": 0.05, "电子定位": 0.001}


def text(rng: random.Random) -> tuple[str, str]:
    """Title and text of one item. Every text holds 社区; rare words are put in by their share."""
    usual = [word for word in WORDS if word not in QUERIES]
    words = rng.choices(usual, k=rng.randint(SHORTEST, LONGEST))
    words += [word for word, share in QUERIES.items() if rng.random() < share]
    rng.shuffle(words)
    return "".join(rng.sample(usual, 3)), "，".join(words) + "。"


def fill(items: int) -> float:
    """Index `items` made-up pages; returns the seconds it took."""
    from django.contrib.contenttypes.models import ContentType
    from modelsearch.conf import get_app_config
    from wagtail.models import Page, Site
    from wagtail.search import index as fields
    from wagtail.search.backends import get_search_backend

    began = time.perf_counter()
    # Plain pages have no text of their own; here their description is it.
    Page.search_fields = [*Page.search_fields, fields.SearchField("search_description")]
    rng = random.Random(SEED)
    root = Site.objects.get(is_default_site=True).root_page
    content_type = ContentType.objects.get_for_model(Page)
    get_app_config().get_model("IndexEntry").objects.all().delete()
    index = get_search_backend().get_index_for_model(Page)
    for start in range(0, items, 1000):
        rows = []
        for number in range(start, min(start + 1000, items)):
            title, body = text(rng)
            rows.append(
                Page(
                    path=f"{root.path}{base36(number)}", depth=root.depth + 1, title=title, draft_title=title,
                    slug=f"p{number}", url_path=f"{root.url_path}p{number}/", content_type=content_type,
                    locale_id=root.locale_id, search_description=body,
                )
            )  # fmt: skip
        Page.objects.bulk_create(rows)
        index.add_items(Page, rows)
    Page.objects.filter(pk=root.pk).update(numchild=items)
    return time.perf_counter() - began


def base36(number: int) -> str:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    out = ""
    for _ in range(4):
        number, rest = divmod(number, 36)
        out = digits[rest] + out
    return out


def median_ms(work: Callable[[], Any], repeats: int = REPEATS) -> float:
    work()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def limited_ms(work: Callable[[], Any]) -> tuple[float, bool]:
    """Milliseconds of one run, and whether it was stopped at the limit."""
    from django.db import DatabaseError, connection

    began = time.perf_counter()
    if connection.vendor == "sqlite":
        limit = began + STOCK_LIMIT_S
        connection.ensure_connection()
        connection.connection.set_progress_handler(lambda: time.perf_counter() > limit, 100_000)
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = %s", [int(STOCK_LIMIT_S * 1000)])
    try:
        work()
    except DatabaseError:
        return STOCK_LIMIT_S * 1000, True
    finally:
        if connection.vendor == "sqlite":
            connection.connection.set_progress_handler(None, 0)
        else:
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = 0")
    return (time.perf_counter() - began) * 1000, False


def compare() -> None:
    from django.contrib.contenttypes.models import ContentType
    from django.core.cache import cache
    from modelsearch.backends import database
    from modelsearch.query import PlainText
    from wagtail.models import Page
    from wagtail.search.backends import get_search_backend

    from search.expressions import every, tokens_of
    from search.ranking import best
    from search.services import find
    from zh.tokens import query_text

    ours, stock = get_search_backend(), database.SearchBackend({"SEARCH_CONFIG": "simple"})
    pages = Page.objects.live()
    page_type = [ContentType.objects.get_for_model(Page).pk]
    print("| query | matches | index | public search | admin list | admin list, stock | stock ÷ ours |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for query in QUERIES:
        tokens = PlainText(query_text(query), operator="and")
        wanted = every(tokens_of(query))
        cache.set("search.synonyms", [], 3600)
        count = ours.search(PlainText(query, operator="and"), pages).count()
        index_ms = median_ms(lambda wanted=wanted: best(wanted, page_type, most=400))
        public_ms = median_ms(lambda query=query: find(query))
        admin_ms = median_ms(lambda query=query: list(ours.search(PlainText(query, operator="and"), pages)[:20]))
        stock_ms, stopped = limited_ms(lambda tokens=tokens: list(stock.search(tokens, Page)[:20]))
        more = ">" if stopped else ""
        print(
            f"| {query} | {count:,} | {index_ms:.0f} ms | {public_ms:.0f} ms | {admin_ms:.0f} ms "
            f"| {more}{stock_ms:,.0f} ms | {more}{stock_ms / admin_ms:,.0f} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--items", type=int, default=ITEMS)
    items = parser.parse_args().items
    with empty_installation() as connection:
        seconds = fill(items)
        connection.cursor().execute("ANALYZE")
        print(f"{connection.vendor}, {items:,} items indexed in {seconds:.0f} s, seed {SEED}; {machine()}\n")
        compare()


if __name__ == "__main__":
    main()
