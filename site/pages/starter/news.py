"""新闻动态: two facts from the district's account, and 示例 news with invented dates."""

from datetime import date
from typing import Any

HOST = "蓬江区司法局"

COLUMN = {
    "slug": "news",
    "title": "新闻动态",
    "show_in_menus": True,
    "standfirst": "普法活动、通知公告和媒体报道。",
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
        "slug": "press-april-2023",
        "title": "《法治参考》介绍江门做法，收录蓬江两个案例",
        "date": date(2023, 4, 30),
        "standfirst": "2023 年 4 月第 7 期刊出。",
        "source": HOST,
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
