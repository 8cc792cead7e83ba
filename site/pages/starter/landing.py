"""街头画面的落地页: what the code on a shelter or a bus opens."""

from datetime import date
from typing import Any

from pages.starter import home


def leads(*slugs: str) -> list[tuple[str, str, str]]:
    return [lead for lead in home.LEADS if lead[2] in slugs]


# `asks`: question, hint, slug of the page that answers it; the pages are looked up when the site is built.
PAGES: list[dict[str, Any]] = [
    {
        "slug": "street-leave",
        "title": "出远门之前，先请个假",
        "standfirst": "候车亭那幅画讲的就是这一条：去哪里、去几天，先说好再走。",
        "date": date(2026, 11, 3),
        "article": "27",
        "asks": leads("asking-for-leave", "first-day", "disagreeing"),
    },
    {
        "slug": "street-help",
        "title": "难的时候，可以开口",
        "standfirst": "车身上那句话讲的就是这一条：救助、保险、法律援助，都能照规定申请。",
        "date": date(2026, 11, 3),
        "article": "43",
        "asks": leads("hardship", "family", "minors"),
    },
]
