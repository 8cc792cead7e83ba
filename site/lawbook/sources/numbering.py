"""The order of a statute's numbers: what may follow what, and what to say where something is missing or twice."""

from collections.abc import Callable

from lawbook.sources.records import Kind
from trust.errors import gettext_noop
from zh.numerals import ArticleNumber, to_hanzi

Complain = Callable[..., None]  # (row, field, found, expected, **values)


class Numbering:
    """Watches the numbers go by and complains of gaps, repeats and headings out of order, once each."""

    def __init__(self, complain: Complain, *, chapters_restart: bool = False) -> None:
        self.complain = complain
        self.chapters_restart = chapters_restart
        self.seen: dict[ArticleNumber, int] = {}
        self.last = ArticleNumber(0)
        self.last_of: dict[Kind, int] = {}
        self.parent_of_last: dict[Kind, int | None] = {}

    def may_follow(self, key: ArticleNumber) -> bool:
        """True where `key` is the next article: 第三条 after 第二条 or 第二条之二, 第二条之一 after 第二条."""
        return key in (
            ArticleNumber(self.last.number + 1),
            ArticleNumber(self.last.number, self.last.suffix + 1),
        ) and bool(key.suffix == 0 or self.last.number)

    def article(self, key: ArticleNumber, row: int) -> None:
        if key in self.seen:
            self.complain(
                row,
                "article",
                key.label,
                gettext_noop("a number of its own; row %(other)s has the same"),
                other=str(self.seen[key]),
            )
        elif not self.may_follow(key):
            expected = ArticleNumber(self.last.number + 1).label
            self.complain(row, "article", key.label, gettext_noop("article %(number)s next"), number=expected)
        self.seen.setdefault(key, row)
        self.last = key

    def division(self, kind: Kind, number: int, parent: int | None, row: int, label: str) -> None:
        """Numbers run on through the law, or start again at one under each heading above; nothing else."""
        last = self.last_of.get(kind, 0)
        may_restart = last == 0 or parent != self.parent_of_last.get(kind)
        may_restart = may_restart or (kind == Kind.CHAPTER and self.chapters_restart)
        expected = {last + 1} | ({1} if may_restart else set())
        if kind == Kind.SECTION and may_restart:
            expected = {1}
        if number not in expected:
            self.complain(
                row,
                "heading",
                label,
                gettext_noop("number %(number)s next"),
                number=to_hanzi(min(expected) if may_restart else last + 1),
            )
        self.last_of[kind] = number
        self.parent_of_last[kind] = parent
