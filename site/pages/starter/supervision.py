"""法律监督: the two-level embedded supervision of the district's account; announcements are 示例."""

from datetime import date
from typing import Any

SOURCE = "蓬江区人民检察院（示例）"

PAGE: dict[str, Any] = {
    "slug": "supervision",
    "title": "法律监督",
    "show_in_menus": True,
    "standfirst": "检察监督“嵌”在两级：区一级在矫正中心，镇街一级在司法所。有意见，近处就能说。",
    "date": date(2026, 11, 16),
    "levels": [
        (
            "level",
            {
                "name": "区一级：社区矫正中心",
                "who": "派到中心的检察官和检察官助理",
                "rhythm": "每周固定一天接待（示例：周三上午）",
                "looks_at": [
                    "文书是否按时送到，接收是否及时",
                    "警告、提请收监这类决定，理由站不站得住",
                    "请假、变更执行地批得是否公平",
                    "个人信息有没有管好，未成年人有没有单独安排",
                ],
                "is_sample": True,
            },
        ),
        (
            "level",
            {
                "name": "镇（街道）一级：司法所",
                "who": "联系各司法所的检察官",
                "rhythm": "每季度至少到所一次（示例），急事随时",
                "looks_at": [
                    "矫正方案是不是一人一案，变了有没有跟着改",
                    "走访、教育、公益活动有没有走过场",
                    "该帮的有没有帮：就业、救助、就学",
                ],
                "is_sample": True,
            },
        ),
    ],
    "body": [
        (
            "text",
            (
                "<h2>巡回检察怎么做</h2>"
                "<p>检察官隔一段时间集中到几个地方去看：翻档案、问情况、和当事人单独谈。看到问题，提出纠正意见或者检察建议；"
                "收到的单位要把改的结果书面告诉检察院（《社区矫正法》第六十二条）。过一阵子再去看一次，没改到位的接着盯。</p>"
            ),
        ),
        (
            "steps",
            {
                "title": "你不同意一个决定，可以这样做",
                "steps": [
                    "先问承办人：依据是哪一条，差在哪里。请他写下来也可以。",
                    "还是不服，向区司法局书面反映，写明时间、事情和理由，自己留一份。",
                    "也可以直接向检察院申诉、控告、检举：到矫正中心的接待点，或者拨打 12309。",
                    "等答复。受理的单位要及时办，并把结果告诉你。",
                ],
            },
        ),
        (
            "note",
            {
                "title": "提意见不吃亏",
                "text": "<p>申诉、控告是法律给的权利（《社区矫正法》第三十四条），不会因此加重管理。"
                "但在决定改变之前，仍要照着做。</p>",
            },
        ),
    ],
}


def inspection(slug: str, title: str, day: date, standfirst: str, html: str) -> dict[str, Any]:
    return {
        "slug": slug,
        "title": title,
        "date": day,
        "standfirst": standfirst,
        "kind": "inspection",
        "source": SOURCE,
        "is_sample": True,
        "body": [("text", html)],
    }


NEWS = [
    inspection(
        "inspection-autumn-2026",
        "2026 年秋季巡回检察公告",
        date(2026, 10, 12),
        "10 月下旬走访三个司法所，愿意谈的人可以预约。",
        "<p>10 月 19 日至 23 日，检察官到环市、棠下、杜阮三个司法所开展巡回检察，"
        "主要看外出请假的审批和未成年人的单独安排。</p>"
        "<p>愿意当面谈的当事人和家属，可以拨打 12309 预约，也可以到场直接说。谈的内容保密。</p>",
    ),
    inspection(
        "inspection-spring-2026-follow-up",
        "2026 年春季巡回检察整改情况",
        date(2026, 8, 20),
        "春季提出的四个问题，三个改好，一个还在改。",
        "<p>春季巡回检察提出四个问题：两份方案没有随工作变动更新，一处公示栏写了不该写的信息，一次教育活动签到不全。</p>"
        "<p>前三项已经改好，签到的办法还在试行，年底再看一次。</p>",
    ),
]
