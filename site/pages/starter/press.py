"""媒体报道: what others wrote about the work; only facts that are public, without their words."""

from datetime import date
from typing import Any

COLUMN: dict[str, Any] = {
    "slug": "press",
    "title": "媒体报道",
    "show_in_menus": True,
    "standfirst": "别人怎样写我们的工作。只列出处和一句话，原文请到原处看。",
    "keywords": "社区矫正,媒体报道,案例库",
}

PAGES = [
    {
        "slug": "press-april-2023",
        "title": "《法治参考》介绍江门做法，收录蓬江两个案例",
        "date": date(2023, 4, 30),
        "standfirst": "2023 年 4 月第 7 期刊出。",
        "kind": "press",
        "source": "《法治参考》2023 年第 7 期",
        "body": [
            (
                "text",
                (
                    "<p>2023 年 4 月，《法治参考》第 7 期介绍了江门市的社区矫正做法，其中有两个案例来自蓬江。</p>"
                    "<p>公开资料只写到月份，本页的日期取当月最后一天。</p>"
                ),
            )
        ],
    },
]
