"""组织机构: committees at two levels as the district has them; duties in our own words, names of offices 示例."""

from datetime import date
from typing import Any

STREETS = ["白沙街道", "环市街道", "潮连街道", "棠下镇", "荷塘镇", "杜阮镇"]


def town(area: str) -> tuple[str, dict[str, Any]]:
    return "committee", {
        "name": f"{area}社区矫正委员会",
        "level": "town",
        "serves": f"{area}各村、社区",
        "office": f"日常工作由{area.removesuffix('街道').removesuffix('镇')}司法所承担（示例）",
        "duties": [],
        "is_sample": False,
    }


def unit(name: str, *duties: str, phone: str = "") -> dict[str, Any]:
    return {"name": name, "duties": list(duties), "phone": phone}


PAGE: dict[str, Any] = {
    "slug": "organisations",
    "title": "组织机构",
    "show_in_menus": True,
    "standfirst": "区、镇（街道）两级社区矫正委员会一个不缺。哪件事归谁管，这一页查得到。",
    "date": date(2026, 11, 18),
    "body": [
        (
            "text",
            (
                "<p>社区矫正不是一个单位的事。委员会把各家请到一张桌子上，定规矩、分任务、解难题；"
                "日常的活由司法行政部门牵头，司法所就近去办（《社区矫正法》第八条、第九条）。"
                "蓬江在全市县级地区中最先做到两级委员会全覆盖。</p>"
            ),
        ),
        (
            "committee",
            {
                "name": "蓬江区社区矫正委员会",
                "level": "district",
                "serves": "全区",
                "office": "办公室设在蓬江区司法局",
                "duties": [
                    "统筹全区的社区矫正工作，商量跨部门的事",
                    "定委员会和办公室的工作规则，管好成员单位职责清单",
                    "听各镇（街道）的情况，看任务有没有落地",
                    "协调就业、救助、就学、心理这些单靠一家办不成的事",
                ],
                "is_sample": False,
            },
        ),
        *[town(area) for area in STREETS],
        (
            "units",
            {
                "title": "成员单位，各管什么",
                "intro": "点开单位看它的职责。下面的写法是示例，以委员会印发的清单为准。",
                "is_sample": True,
                "units": [
                    unit("区司法局", "牵头组织，承担委员会办公室的日常工作", "管理社区矫正中心，指导司法所"),
                    unit("区法院", "判决前听取调查评估意见", "按时送达文书，告诉当事人去哪里报到"),
                    unit("区检察院", "监督社区矫正依法进行", "受理申诉、控告，跟踪问题整改", phone="12309"),
                    unit("公安机关", "依法处理违反规定和脱离监管的情况", "对擅自离开的协助查找"),
                    unit("区民政局", "临时救助、最低生活保障", "支持社会组织参与帮扶"),
                    unit("区人力资源和社会保障局", "职业介绍、技能培训、创业指导", "社会保险咨询", phone="12333"),
                    unit("区教育局", "未成年人复学、升学的衔接", "督促学校一视同仁"),
                    unit("区妇联", "家庭关系调解、妇女儿童权益保护", phone="12338"),
                    unit("团区委", "青少年志愿帮扶和心理疏导", phone="12355"),
                    unit("区卫生健康局", "精神卫生服务转介", "就医方面的协助"),
                ],
            },
        ),
        (
            "papers",
            {
                "title": "三份文件，一张网",
                "papers": [
                    {
                        "title": "社区矫正委员会工作规则",
                        "says": "委员会由谁组成、多久开一次会、怎样议事、定了的事谁去盯。",
                        "document": None,
                        "is_sample": True,
                    },
                    {
                        "title": "社区矫正委员会办公室工作规则",
                        "says": "办公室每天做什么：收集情况、派发任务、催办、回话。",
                        "document": None,
                        "is_sample": True,
                    },
                    {
                        "title": "社区矫正委员会成员单位职责清单",
                        "says": "一个单位一张单子，写明做什么、谁负责、多久回复。",
                        "document": None,
                        "is_sample": True,
                    },
                ],
            },
        ),
        (
            "lines",
            {
                "title": "打哪个电话",
                "lines": [
                    {
                        "name": "公共法律服务热线",
                        "number": "12348",
                        "what": "法律咨询、法律援助怎么申请",
                        "hours": "",
                        "is_sample": False,
                    },
                    {
                        "name": "检察服务热线",
                        "number": "12309",
                        "what": "对社区矫正有意见，申诉、控告、检举",
                        "hours": "",
                        "is_sample": False,
                    },
                    {
                        "name": "心理援助热线",
                        "number": "12356",
                        "what": "心里难受，想找人说说",
                        "hours": "全天",
                        "is_sample": False,
                    },
                    {
                        "name": "区社区矫正委员会办公室",
                        "number": "0750-0000008",
                        "what": "不知道该找哪个单位，先打这里",
                        "hours": "工作日 8:30—12:00，14:00—17:30",
                        "is_sample": True,
                    },
                ],
            },
        ),
    ],
}
