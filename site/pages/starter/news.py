"""新闻动态: facts from the district's account, and 示例 news with invented dates."""

from datetime import date
from typing import Any

HOST = "蓬江区司法局"

COLUMN = {
    "slug": "news",
    "title": "新闻动态",
    "show_in_menus": True,
    "standfirst": "工作动态和通知公告。",
    "keywords": "社区矫正,新闻,通知公告",
}


def sample(slug: str, title: str, day: date, standfirst: str, html: str) -> dict[str, Any]:
    return {
        "slug": slug,
        "title": title,
        "date": day,
        "standfirst": standfirst,
        "source": HOST,
        "is_sample": True,
        "body": [("text", html)],
    }


PAGES = [
    sample(
        "winter-bus-posters",
        "冬季普法公交换上新画面，首批覆盖 6 条线路",
        date(2026, 11, 20),
        "新画面讲“请假外出”和“未成年人保护”两件事，每幅都有二维码。",
        "<p>从本周起，6 条公交线路的候车亭、车身和车内屏幕陆续换上冬季普法画面。"
        "画面只讲两件事：要外出先请假；孩子未成年，身份要保密。</p>"
        "<p>线路是按公交实际行驶的路段挑选的，经过机关、学校、公园、商圈和村社区。扫一扫画面上的码，就能打开它讲的那一条。</p>",
    ),
    sample(
        "duty-list-revised",
        "社区矫正委员会成员单位职责清单完成修订",
        date(2026, 11, 18),
        "哪件事归哪个单位管，清单上一查便知。",
        "<p>区社区矫正委员会近日修订成员单位职责清单，把就业帮助、临时救助、心理服务各由谁牵头、多久回复写得更细。</p>"
        "<p>清单随工作变化更新，每年至少核对一次。</p>",
    ),
    sample(
        "tangxia-office-moves",
        "棠下司法所搬迁，服务时间不变",
        date(2026, 11, 12),
        "新址就在原址斜对面，电话照旧。",
        "<p>棠下司法所搬到新址办公，报到、请假、求助照常办理，服务时间和电话不变。原址门口留有指示牌，工作人员会带路。</p>",
    ),
    sample(
        "new-film",
        "新片上线：等一趟车，学一条法",
        date(2026, 11, 6),
        "配有字幕和文字稿，公交车上同步播放。",
        "<p>新一期普法短片上线。片中没有术语，只有等车的两位街坊和他们聊起的那部法。短片配有字幕和文字稿，车内屏幕播放的版本更短。</p>",
    ),
    {
        "slug": "smart-pilot-2023",
        "title": "蓬江成为全省首批社区矫正与“粤平安”对接试点",
        "date": date(2023, 12, 31),
        "standfirst": "数据和工单打通，走访的人少跑路，报上来的事有人接。",
        "source": HOST,
        "body": [
            (
                "text",
                (
                    "<p>2023 年，蓬江成为全省首批把社区矫正平台与“粤平安”对接的试点之一。"
                    "区、镇（街道）、村（社区）三级用同一个网格平台，"
                    "网格员走访时发现的事，当场就能报上去、派下来。</p>"
                    "<p>这件事从 2018 年起步：先把社区矫正并进网格，2020 年完善为“智慧社矫”。"
                    "公开资料只写到年份，本页的日期取当年最后一天。</p>"
                ),
            )
        ],
    },
    {
        "slug": "case-library-2022",
        "title": "蓬江两个案例入选司法部案例库",
        "date": date(2022, 12, 31),
        "standfirst": "讲的都是心理支持和一人一案。",
        "source": HOST,
        "body": [
            (
                "text",
                (
                    "<p>2022 年，蓬江区有两个社区矫正案例入选司法部案例库。它们都从入矫面谈和评估讲起，"
                    "说的是怎样照着一个人的实际情况定办法。</p>"
                    "<p>公开资料只写到年份，本页的日期取当年最后一天。</p>"
                ),
            )
        ],
    },
]
