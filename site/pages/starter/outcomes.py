"""工作成效: the district's own figures for the first three years of the law."""

from datetime import date
from typing import Any

SINCE, AS_OF = date(2020, 7, 1), date(2023, 7, 1)
SOURCE = "蓬江区司法局公开的社区矫正工作情况"


def figure(value: int, unit: str, what: str, *, since: date | None = SINCE) -> dict[str, Any]:
    return {"value": value, "unit": unit, "what": what, "since": since, "as_of": AS_OF, "source": SOURCE}


COLUMN = {
    "slug": "outcomes",
    "title": "工作成效",
    "show_in_menus": True,
    "standfirst": "每个数字都写明单位、统计区间和来源。",
    "keywords": "社区矫正,工作成效,统计数据",
}

MOVES: list[dict[str, Any]] = [
    {
        "name": "先行棋",
        "subject": "党建引领",
        "is_party": True,
        "summary": "集中教育与公益活动，由 14 名党员带头参与监督、教育和帮扶。",
        "text": (
            "<p>社区矫正先是做人的工作。14 名党员带头参与监督、教育和帮扶，和工作人员一起谈心、上课、走访，"
            "谁家有难处，先由他们上门去看。</p>"
            "<p>三年下来，集中教育和公益活动办成了常事，求职的、一时过不下去的，也都有人跟着把事办完。</p>"
        ),
        "figures": [
            figure(158, "场", "集中教育与公益活动"),
            figure(14, "名", "带头参与的党员", since=None),
            figure(37, "人次", "就业帮助"),
            figure(231, "人次", "困难帮扶"),
        ],
    },
    {
        "name": "关键棋",
        "subject": "机制落地",
        "is_party": False,
        "summary": "区、镇两级社区矫正委员会全覆盖；检察监督“嵌入”矫正中心与司法所。",
        "text": (
            "<p>蓬江在全市县级地区中最先做到区、镇两级社区矫正委员会一个不缺，并用三份文件把规矩写清楚："
            "委员会怎么议事、办公室怎么运转、成员单位各管什么。</p>"
            "<p>检察监督也分两级“嵌入”：区一级进矫正中心，镇街一级进司法所。巡回检察发现的问题，一项一项跟到改完为止。</p>"
        ),
        "figures": [
            figure(2, "级", "社区矫正委员会全覆盖：区、镇（街道）", since=None),
            figure(3, "份", "委员会工作规则、办公室工作规则、成员单位职责清单", since=None),
            figure(2, "级", "“嵌入式”检察监督：矫正中心、司法所", since=None),
        ],
    },
    {
        "name": "致胜棋",
        "subject": "方法创新",
        "is_party": False,
        "summary": "网格员上门走访；另有心理评估 3,598 人次，出具报告 2,390 份。",
        "text": (
            "<p><b>网格与智慧管理。</b>2018 年起社区矫正并入网格，2020 年完善为“智慧社矫”，数据和工单共用；"
            "2023 年成为全省首批与“粤平安”平台对接的试点之一。"
            "区、镇街、村居三级指挥，网格员上门走访、讲法，有事及时上报。</p>"
            "<p><b>心理支持与一人一案。</b>新来的人都先面谈，再做风险评估和心理量表；"
            "法院、检察院、民政、人社、妇联等部门一起组成帮扶小组。2022 年有两个案例入选司法部案例库。</p>"
            "<p><b>普法搭公交。</b>候车亭、车身、车内视频一起用，走的是公交真正经过的路段。</p>"
        ),
        "figures": [
            figure(3762, "人次", "网格员走访"),
            figure(3598, "人次", "心理与风险评估"),
            figure(2390, "份", "评估报告"),
            figure(2, "个", "入选司法部案例库的案例（2022 年）", since=None),
        ],
    },
]


def reached(street: str, what: str, sessions: int, persons: int) -> dict[str, Any]:
    return {
        "since": date(2026, 7, 1),
        "as_of": date(2026, 9, 30),
        "street": street,
        "what": what,
        "sessions": sessions,
        "persons": persons,
        "is_sample": True,
    }


# Made up, so that the log has a shape: the district has published totals only.
OUTREACH = [
    reached("白沙街道", "网格员走访讲法", 42, 96),
    reached("环市街道", "社区讲座", 5, 210),
    reached("潮连街道", "看片会", 2, 64),
    reached("棠下镇", "街头摆摊", 3, 155),
    reached("荷塘镇", "网格员走访讲法", 28, 61),
    reached("杜阮镇", "企业普法课", 4, 132),
]

PAGES = [
    {
        "slug": "three-years-three-moves",
        "title": "三年，三步棋：社区矫正法施行以来的蓬江",
        "standfirst": "2020 年 7 月法律施行，三年里蓬江下了三步棋：党建先行，机制跟上，方法出新。",
        "date": AS_OF,
        "moves": [*(("move", move) for move in MOVES), ("outreach", {"counts": OUTREACH})],
    }
]
