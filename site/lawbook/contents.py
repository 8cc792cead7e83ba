"""The headings and articles of a text as a tree, and the page on which each of them is read."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lawbook.models import Article, Division, LawVersion

# About 300 KB of page. The Criminal Law has 505 articles, the longest law below it 308.
MOST_ARTICLES_ON_A_PAGE = 400
CHAIN = "division__parent__parent__parent"  # 编, 分编, 章, 节


@dataclass
class Branch:
    """A heading in the contents: what stands below it, and whether the reader is in it."""

    division: Division
    branches: list["Branch"] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    open: bool = False
    url: str = ""

    @property
    def all_articles(self) -> list[Article]:
        return [article for branch in self.walk() for article in branch.articles]

    def walk(self) -> Iterator["Branch"]:
        yield self
        for branch in self.branches:
            yield from branch.walk()


@dataclass
class Contents:
    """A whole text by headings; `loose` are articles under no heading."""

    branches: list[Branch]
    loose: list[Article]
    articles: list[Article]

    @property
    def is_long(self) -> bool:
        """Too long for one page: it then shows contents, and each chapter has a page of its own."""
        return len(self.articles) > MOST_ARTICLES_ON_A_PAGE

    @property
    def chapters(self) -> list[Branch]:
        """What has a page of its own in a long text: chapters, or what stands in their place."""
        return list(_chapters(self.branches))

    @property
    def open_path(self) -> list[Branch]:
        """The branches around the reader, outermost first."""
        return [branch for top in self.branches for branch in top.walk() if branch.open]

    def place(self, base: str) -> None:
        """Give each branch its address; `base` is the law's page."""
        own_page = {branch.division.pk for branch in self.chapters} if self.is_long else set()
        for branch in self.branches:
            _place(branch, base, base, own_page)


def _chapters(branches: list[Branch]) -> Iterator[Branch]:
    for branch in branches:
        outer = branch.division.kind in (Division.Kind.PART, Division.Kind.SUBPART)
        if outer and branch.branches and not branch.articles:
            yield from _chapters(branch.branches)
        else:
            yield branch


def _place(branch: Branch, page: str, base: str, own_page: set[int]) -> None:
    anchor = branch.division.anchor
    if branch.division.pk in own_page:
        page = branch.url = f"{base}{anchor}/"
    else:
        branch.url = f"{page}#{anchor}"
    for inner in branch.branches:
        _place(inner, page, base, own_page)


def read_contents(version: LawVersion, current: Article | None = None) -> Contents:
    """The tree of headings and articles, open where `current` stands, in one query."""
    articles = list(Article.objects.filter(version=version).select_related(CHAIN).order_by("order"))
    contents = Contents([], [], articles)
    known: dict[int, Branch] = {}
    for article in articles:
        article.version = version
        siblings, branch = contents.branches, None
        for division in path_of(article):
            branch = known.get(division.pk)
            if branch is None:
                branch = known[division.pk] = Branch(division)
                siblings.append(branch)
            branch.open = branch.open or (current is not None and article.pk == current.pk)
            siblings = branch.branches
        (branch.articles if branch else contents.loose).append(article)
    return contents


def path_of(article: Article) -> list[Division]:
    """The headings above an article, outermost first."""
    path: list[Division] = []
    division = article.division
    while division:
        path.insert(0, division)
        division = division.parent
    return path
