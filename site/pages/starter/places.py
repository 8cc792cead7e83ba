"""服务网点: justice offices by street and town. The names of the places are real, the details are 示例."""

from datetime import date
from typing import Any

HOURS = "工作日 8:30—12:00，14:00—17:30"
CHECKED = date(2026, 11, 2)


def office(number: int, area: str, longitude: str, latitude: str, *more: str) -> tuple[str, dict[str, Any]]:
    """Positions are rounded to about a kilometre, and 示例 like the rest."""
    return "point", {
        "name": f"{area.removesuffix('街道').removesuffix('镇')}司法所",
        "street": area,
        "address": f"{area}示例路 {number} 号",
        "phone": f"0750-000000{number}",
        "hours": HOURS,
        "services": ["report", "leave", "hardship", *more],
        "longitude": longitude,
        "latitude": latitude,
        "as_of": CHECKED,
        "is_sample": True,
    }


PAGE: dict[str, Any] = {
    "slug": "service-points",
    "title": "服务网点",
    "show_in_menus": True,
    "standfirst": "报到、请假、求助，先找你居住地的司法所。地名真实，地址、电话和时间为示例。",
    "date": CHECKED,
    "is_sample": True,
    "points": [
        office(1, "白沙街道", "113.07", "22.58"),
        (
            "point",
            {
                "name": "蓬江区公共法律服务中心",
                "street": "白沙街道",
                "address": "白沙街道示例路 10 号",
                "phone": "12348",
                "hours": HOURS,
                "services": ["aid", "work"],
                "longitude": "113.08",
                "latitude": "22.59",
                "as_of": CHECKED,
                "is_sample": True,
            },
        ),
        office(2, "环市街道", "113.06", "22.62"),
        (
            "point",
            {
                "name": "蓬江区社区矫正中心",
                "street": "环市街道",
                "address": "环市街道示例路 8 号",
                "phone": "0750-0000008",
                "hours": HOURS,
                "services": ["report", "leave", "talk", "supervision"],
                "longitude": "113.05",
                "latitude": "22.61",
                "as_of": CHECKED,
                "is_sample": True,
            },
        ),
        office(3, "潮连街道", "113.13", "22.62"),
        office(4, "棠下镇", "113.03", "22.68", "work"),
        office(5, "荷塘镇", "113.13", "22.68"),
        office(6, "杜阮镇", "113.01", "22.61", "work"),
    ],
    "body": [
        (
            "note",
            {"title": "出门前", "text": "<p>先打个电话，问清要带的材料。急事不必等预约，直接去。</p>"},
        ),
    ],
}

PAGES = [
    {
        "slug": "correction-centre",
        "title": "区社区矫正中心",
        "standfirst": "入矫宣告、集中教育、心理咨询都在这里办。",
        "date": date(2026, 11, 2),
        "is_sample": True,
        "kind": "service",
        "body": [
            (
                "places",
                {
                    "title": "",
                    "places": [
                        {
                            "name": "蓬江区社区矫正中心",
                            "area": "全区",
                            "address": "蓬江区示例路 8 号",
                            "phone": "0750-0000008",
                            "hours": "工作日 8:30—12:00，14:00—17:30",
                            "is_sample": True,
                        }
                    ],
                },
            ),
            (
                "table",
                {
                    "caption": "来中心能办什么",
                    "rows": [
                        "事项|谁来办|要多久",
                        "入矫宣告|本人，家属可陪同|约半天",
                        "集中教育|本人|按通知，一般半天",
                        "心理咨询|本人，可预约|约一小时",
                        "检察监督接待|本人、家属|随到随谈",
                    ],
                },
            ),
        ],
    },
]
