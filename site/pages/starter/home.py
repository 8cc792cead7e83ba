"""Home page and identity of the first user: the justice bureau of Pengjiang. Filing numbers are placeholders."""

PAGE = {
    "slug": "pufa",
    "title": "普法直通车",
    "standfirst": "逐条读《社区矫正法》，看解读、看短片、找帮助。",
    "headline": "法律写在纸上，\n也开到你家门口。",
    "intro": (
        "《社区矫正法》自 2020 年 7 月 1 日起施行。"
        "在这里逐条读原文、看解读、找帮助，也能读懂街上那辆普法公交想告诉你的事。"
    ),
    "try_words": "第24条 请假外出 未成年人 社區矯正對象",
    "route_title": "一部法，九站路",
    "chapter_names": "\n".join(
        [
            "为什么有这部法",
            "谁来做，做什么",
            "从决定到接收",
            "日常监督与管理",
            "教育与帮扶",
            "何时解除、终止",
            "未成年人特别保护",
            "各方的责任",
            "施行与衔接",
        ]
    ),
    "moves_title": "三年，三步棋",
    "street_title": "你在街上见过它吗？",
    "street_text": (
        "候车亭、公交车身、车内视频——我们沿着公交实际行驶的线路，把法律送到机关、学校、公园、商圈和村社区。"
        "每幅画面都有一个二维码，扫一扫，直接打开它讲的那一条。"
    ),
}

# Question, hint, slug of the page that answers it.
LEADS = [
    ("报到那天要做什么", "带哪些材料、去哪里、会见到谁。", "first-day"),
    ("要外出，怎么请假", "什么情况能请、提前多久、由谁批准。", "asking-for-leave"),
    ("家里人能帮上什么", "陪伴、沟通，以及遇到难处找谁。", "family"),
    ("孩子还未成年", "身份保密、就学不中断，法律怎样护着。", "minors"),
    ("生活或找工作有困难", "临时救助、技能培训、岗位推荐。", "hardship"),
    ("对决定有意见", "向哪里反映，检察院如何监督。", "disagreeing"),
]

IDENTITY = {
    "site_name": "普法直通车",
    "tagline": "社区矫正法普法网",
    "slogan": "把一部法律送到每一个站台。",
    "description": "江门市蓬江区司法局的社区矫正法普法网：逐条原文与通俗解读、普法短片、办事指引和服务网点。",
    "hotline": "法律援助热线 12348",
    "host_organisation": "江门市蓬江区司法局",
    "operator": "江门市蓬江区司法局",
    "contact": "社区矫正管理股（示例）",
    "phone": "0750-0000000（示例）",
    "address": "江门市蓬江区示例路 1 号（示例）",
    "site_code": "0000000000",
    "icp_number": "粤ICP备 00000000 号",
    "security_number": "粤公网安备 00000000000000 号",
    "is_sample": True,
}
