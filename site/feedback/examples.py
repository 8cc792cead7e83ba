"""Messages and reply templates of the starter site, all made up; nobody holds their receipts."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from feedback import receipts
from feedback.models import Message, ReplyTemplate
from feedback.terms import answer_due

State, Kind = Message.State, Message.Kind

TEMPLATES = [
    (
        "收到，正在办理",
        "",
        "你好，你的留言已经收到，正在核实办理。有了结果，我们会在这里答复你。",
    ),
    (
        "内容已更正",
        Kind.CORRECTION,
        "你好，你指出的问题属实，我们已经更正。谢谢你帮我们把网站办得更准确。",
    ),
    (
        "请向司法所申请",
        Kind.QUESTION,
        "你好，这件事由负责社区矫正的司法所受理。请先打电话问清要带的材料和办理时间，再到司法所提交书面申请。",
    ),
    (
        "投诉已转办",
        Kind.COMPLAINT,
        "你好，你反映的情况已经转交相关科室核查。核查结果会在这里答复你；需要补充材料的，也请在这里留言。",
    ),
]

MESSAGES: list[dict[str, Any]] = [
    {
        "kind": Kind.QUESTION,
        "days": 1,
        "about": "/law/community-correction/",
        "text": "（示例）我弟弟正在社区矫正，下个月想去外市参加技能考试，要提前几天申请，带什么材料？",
        "name": "示例居民",
        "contact": "13800000000",
    },
    {
        "kind": Kind.CORRECTION,
        "days": 3,
        "about": "/",
        "text": "（示例）服务网点里有一个电话打过去是空号，麻烦核对一下。",
    },
    {
        "kind": Kind.COMPLAINT,
        "days": 78,
        "state": State.ASSIGNED,
        "text": "（示例）上次去窗口办事，说好上午办结，等到下午也没有人告诉我进展。希望改进。",
        "name": "示例群众",
        "contact": "reader@example.com",
    },
    {
        "kind": Kind.SUGGESTION,
        "days": 97,
        "text": "（示例）建议在公交站的宣传栏旁边放大字版的介绍，老人看得清楚。",
    },
    {
        "kind": Kind.CORRECTION,
        "days": 12,
        "state": State.ANSWERED,
        "text": "（示例）条文解读里有一个错别字，“期限”写成了“期陷”。",
        "reply": "（示例）你好，错字已经改正。谢谢你的提醒。",
        "answered": 10,
    },
    {
        "kind": Kind.QUESTION,
        "days": 60,
        "state": State.CLOSED,
        "text": "（示例）想请你们到我们小区讲一次社区矫正法，怎么预约？",
        "reply": "（示例）你好，可以打电话给司法所预约，也可以由社区居委会统一联系。每月第二周安排讲课。",
        "answered": 55,
        "closed": 25,
    },
]


def starter_messages() -> list[Message]:
    """Fill the desk of a new installation; nothing is added where a message has ever come in."""
    for title, kind, text in TEMPLATES:
        ReplyTemplate.objects.get_or_create(title=title, defaults={"kind": kind, "text": text})
    if Message.objects.exists():
        return []
    now = timezone.now()
    made = []
    for sample in MESSAGES:
        received = now - timedelta(days=sample["days"])
        day = timezone.localdate(received)
        made.append(
            Message.objects.create(
                number=receipts.new_number(day),
                kind=sample["kind"],
                about=sample.get("about", ""),
                text=sample["text"],
                name=sample.get("name", ""),
                contact=sample.get("contact", ""),
                state=sample.get("state", State.NEW),
                received_at=received,
                due_on=answer_due(day),
                reply=sample.get("reply", ""),
                replied_at=_ago(now, sample.get("answered")),
                closed_at=_ago(now, sample.get("closed")),
                is_sample=True,
            )
        )
    return made


def _ago(now: Any, days: int | None) -> Any:
    return None if days is None else now - timedelta(days=days)
