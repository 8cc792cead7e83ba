"""普法活动: events that we made up; those to come are reckoned from the day on which the starter site is built."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")

COLUMN: dict[str, Any] = {
    "slug": "events",
    "title": "普法活动",
    "show_in_menus": True,
    "standfirst": "讲座、街头摆摊、看片会。人人可来，不用报名的多。",
    "keywords": "普法活动,讲座,法律咨询",
}


def event(slug: str, title: str, day: date, hours: tuple[int, int], **more: Any) -> dict[str, Any]:
    """`published` is the day on which it was announced: two weeks before, unless that is still to come."""
    first, last = (datetime.combine(day, time(hour), ZONE) for hour in hours)
    return {
        "slug": slug,
        "title": title,
        "date": min(day - timedelta(days=14), more.pop("published", day)),
        "starts_at": first,
        "ends_at": last,
        "audience": "人人可来，不用报名",
        "is_sample": True,
        **more,
    }


def pages(today: date) -> list[dict[str, Any]]:
    return [
        event(
            "street-stall",
            "司法所街头摆摊：带着问题来",
            today + timedelta(days=10),
            (9, 12),
            published=today,
            standfirst="律师、司法所工作人员、社工一起坐堂，问什么都行。",
            place="棠下镇示例广场",
            body=[
                (
                    "text",
                    "<p>想问请假、想问孩子上学、想问怎么申请救助，带着问题来就行；涉及隐私的，旁边有单独的棚子。</p>",
                )
            ],
        ),
        event(
            "film-evening",
            "看片会：等一趟车，学一条法",
            today + timedelta(days=24),
            (19, 21),
            published=today,
            standfirst="看一部三分钟的短片，再聊半小时。",
            place="环市街道示例社区文化室",
            body=[("text", "<p>先看片，再由社工讲讲片里那一条。孩子可以一起来，备有图画本。</p>")],
        ),
        event(
            "job-fair",
            "就业帮扶专场：夜班也有人陪着谈",
            date(2026, 10, 18),
            (9, 16),
            standfirst="二十家单位到场，司法所工作人员陪着谈。",
            place="白沙街道示例服务中心",
            body=[("text", "<p>到场的单位事先说好：只看手艺，不问过去。</p>")],
        ),
        event(
            "law-anniversary",
            "《社区矫正法》施行纪念日开放日",
            date(2026, 7, 1),
            (9, 17),
            is_all_day=True,
            standfirst="社区矫正中心对街坊开放一天，看看里面什么样。",
            place="蓬江区社区矫正中心",
            body=[
                (
                    "text",
                    "<p>参观心理咨询室、教育课堂和检察监督接待点；当天没有安排个人事务，不会遇到当事人。</p>",
                )
            ],
        ),
    ]
