"""What the page that compares two texts of a law shows, in as few queries as it takes."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse

from lawbook.comparing import Change, Run, Text, align, changes, lines_of
from lawbook.contents import CHAIN, path_of
from lawbook.models import Article, Law, LawVersion
from lawbook.models.laws import FIRST_DAY


@dataclass
class ComparedArticle:
    """One article of either text. `lines` are its words, in runs that stayed, came or went."""

    change: Change
    old: Article | None
    new: Article | None
    lines: list[list[Run]]

    @property
    def article(self) -> Article:
        found = self.new or self.old
        if found is None:
            raise ValueError("neither text has it")
        return found

    @property
    def is_folded(self) -> bool:
        return self.change in (Change.SAME, Change.RENUMBERED)

    @property
    def is_renumbered(self) -> bool:
        return bool(self.old and self.new and self.old.key != self.new.key)


@dataclass
class Stretch:
    """Articles one after the other that are shown alike: each by itself, or folded because their words stayed."""

    folded: bool
    rows: list[ComparedArticle] = field(default_factory=list)
    heading: str = ""  # what begins here in the new text, where it is another chapter than before

    @property
    def renumbered(self) -> int:
        return sum(row.is_renumbered for row in self.rows)


@dataclass
class Comparison:
    """Two texts of one law, article by article. `old` is the earlier one."""

    law: Law
    old: LawVersion
    new: LawVersion
    stretches: list[Stretch]
    counts: dict[Change, int]
    headings_gone: list[str]
    headings_new: list[str]
    appendix: list[list[Run]]

    @property
    def days(self) -> tuple[date, date]:
        return self.old.since or FIRST_DAY, self.new.since or FIRST_DAY

    @property
    def is_same(self) -> bool:
        return not any(self.counts[change] for change in Change if change != Change.SAME)


def comparison_url(old: LawVersion, new: LawVersion) -> str:
    """Where two texts of one law are compared; empty where a day is not known or both have the same one."""
    if not old.since or not new.since or old.since == new.since:
        return ""
    return reverse("lawbook:compare", args=[new.law.slug, old.since, new.since])


def versions_on(slug: str, earlier: date, later: date) -> tuple[LawVersion, LawVersion] | None:
    """The texts that applied on the two days, the older first; None where one of them has none. One query."""
    versions = list(LawVersion.objects.filter(law__slug=slug).select_related("law").by_age())
    found = [
        next((version for version in versions if (version.since or FIRST_DAY) <= day), None)
        for day in sorted((earlier, later))
    ]
    old, new = found
    return (old, new) if old and new else None


def compare(old: LawVersion, new: LawVersion) -> Comparison:
    """Compare two texts. Three queries, however long they are."""
    articles = Article.objects.filter(version__in=[old, new]).select_related(CHAIN).order_by("order").with_text()
    before: list[Article] = []
    after: list[Article] = []
    for article in articles:
        article.version = old if article.version_id == old.pk else new
        (before if article.version_id == old.pk else after).append(article)
    rows = [
        _compared(row.change, None if row.old is None else before[row.old], None if row.new is None else after[row.new])
        for row in align([Text(a.key, a.text) for a in before], [Text(a.key, a.text) for a in after])
    ]
    counted = Counter(row.change for row in rows)
    old_headings, new_headings = _headings(before), _headings(after)
    return Comparison(
        law=new.law,
        old=old,
        new=new,
        stretches=_stretches(rows),
        counts={change: counted[change] for change in Change},
        headings_gone=[label for title, label in old_headings.items() if title not in new_headings],
        headings_new=[label for title, label in new_headings.items() if title not in old_headings],
        appendix=lines_of(changes(old.appendix, new.appendix)) if old.appendix != new.appendix else [],
    )


def _compared(change: Change, old: Article | None, new: Article | None) -> ComparedArticle:
    if change == Change.CHANGED and old and new:
        runs = changes(old.text, new.text)
    elif new:
        runs = [Run("ins" if change == Change.NEW else "", new.text)]
    else:
        runs = [Run("del", old.text if old else "")]
    return ComparedArticle(change, old, new, lines_of(runs))


def _stretches(rows: list[ComparedArticle]) -> list[Stretch]:
    """Runs of unchanged articles together, every other row by itself; both begin anew with a chapter."""
    out: list[Stretch] = []
    chapter = ""
    for row in rows:
        path = path_of(row.new) if row.new else []
        heading = " · ".join(str(division) for division in path[:2] if division.kind != "section")
        begins = bool(heading) and heading != chapter
        chapter = heading or chapter
        if begins or not (out and out[-1].folded and row.is_folded):
            out.append(Stretch(row.is_folded, heading=heading if begins else ""))
        out[-1].rows.append(row)
    return out


def _headings(articles: list[Article]) -> dict[str, str]:
    """Title → heading as written, of every heading above an article, in order."""
    return {division.title: str(division) for article in articles for division in path_of(article) if division.title}
