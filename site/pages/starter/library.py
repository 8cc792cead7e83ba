"""资料下载: a few files of our own, put into the document library so that its shelves are not empty."""

from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.models import Collection

from pages.figures import figure_rows, figures_csv
from pages.models import OutcomesPage

ROOT, FORMS, FIGURES = "资料下载", "常用表格", "数据"

PAGE: dict[str, Any] = {
    "slug": "downloads",
    "title": "资料下载",
    "show_in_menus": True,
    "standfirst": "表格可以下载了照着写，也可以到司法所现场填。格式以司法所发的为准。",
    "date": date(2026, 11, 12),
    "body": [],
}

LEAVE = """外出请假申请书（示例）

申请人：
居住地：
要去的地方（省、市、县，住处）：
事由：
出发日期：        返回日期：
同行的人、紧急联系电话：
附上的证明材料（如住院通知、会议通知）：

申请人签名：            日期：

说明：这是示例，只供照着准备。一般提前三天交；急事先打电话。
"""
HELP = """求助登记（示例）

遇到的难处（可多选）：□ 吃住 □ 工作 □ 上学 □ 看病 □ 家庭 □ 心理 □ 官司
最急的一件：
希望多久得到回话：
方便联系的时间：

说明：这是示例。写多少算多少，不想写的可以当面说。
"""


def shelve(outcomes: OutcomesPage) -> Collection:
    """The collection of the documents page, its shelves, and what stands on them. Safe to repeat."""
    root = _collection(Collection.get_first_root_node(), ROOT)
    forms, figures = _collection(root, FORMS), _collection(root, FIGURES)
    _document(forms, "外出请假申请书（示例）", "leave-request.txt", LEAVE)
    _document(forms, "求助登记（示例）", "asking-for-help.txt", HELP)
    _document(figures, "三年工作数据", "three-years.csv", figures_csv(figure_rows(outcomes.moves)))
    root.refresh_from_db()
    return root


def _collection(parent: Collection, name: str) -> Collection:
    parent.refresh_from_db()
    return parent.get_children().filter(name=name).first() or parent.add_child(name=name)


def _document(collection: Collection, title: str, file_name: str, text: str) -> None:
    """A text file that every editor opens as UTF-8: with a byte order mark, and lines ended as on Windows."""
    documents = get_document_model().objects
    if documents.filter(collection=collection, title=title).exists():
        return
    lines = "\r\n".join(text.removeprefix("\ufeff").splitlines()) + "\r\n"
    content = ContentFile(f"\ufeff{lines}".encode(), file_name)
    documents.create(collection=collection, title=title, file=content, file_size=content.size)
