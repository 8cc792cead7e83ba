"""小测验: five situations that we made up."""

from datetime import date
from typing import Any


def question(asked: str, right: int, why: str, *options: str) -> tuple[str, dict[str, Any]]:
    return "question", {
        "question": asked,
        "options": [{"text": text, "is_right": at == right} for at, text in enumerate(options, start=1)],
        "why": f"<p>{why}</p>",
    }


PAGE: dict[str, Any] = {
    "slug": "quiz",
    "title": "小测验",
    "show_in_menus": True,
    "standfirst": "五道题，两分钟。答完就看得到为什么。题里的人和事都是编的。",
    "date": date(2026, 11, 10),
    "is_sample": True,
    "questions": [
        question(
            "阿明住蓬江，判了缓刑。周末想去台山喝喜酒，当天来回。他该怎么做？",
            2,
            "台山是县级市，出了江门市区就算离开所居住的市、县，要先报批（第二十七条）。当天来回也一样。",
            "当天回来，不用说",
            "先向司法所请假，批了再去",
            "回来之后补一张条子",
        ),
        question(
            "判决生效后，小芳最迟哪天要去报到？",
            2,
            "十天之内，到执行地的社区矫正机构（第二十一条）。",
            "三天之内",
            "十天之内",
            "等通知，什么时候叫什么时候去",
        ),
        question(
            "邻居想知道楼上的孩子为什么常去司法所，来问社工。社工应该怎么答？",
            1,
            "未成年人的身份信息要保密，参与工作的人都要守住（第五十四条）。",
            "不说，换个话题",
            "只告诉他一个人",
            "大家都知道了，说说无妨",
        ),
        question(
            "老陈对一次警告不服，除了问司法所，还能找谁？",
            3,
            "觉得自己的合法权益受了侵害，可以向检察院或者有关机关申诉、控告、检举（第三十四条）。",
            "谁也不能找，先认了再说",
            "只能等到期满",
            "检察院",
        ),
        question(
            "矫正期间没了工作，一时过不下去，能申请救助吗？",
            1,
            "可以。符合条件的救助、保险、法律援助照样能申请，矫正机构要给予协助（第四十三条）。",
            "能，和别人一样申请",
            "不能，要等解除以后",
            "能，但要先写检讨",
        ),
    ],
}
