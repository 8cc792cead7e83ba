"""Public search: what matches a query, over every model that offers itself.

A model takes part by protocol: `search_fields`, `public_objects()`, `search_kind`, `search_title()`, `search_text()`,
`get_absolute_url()`; where it has them also `search_meta()`, `url_for(query)` (the very place: a paragraph, a second of
a film), `jump_to(query)` and `is_official_text`. Pages take part through Wagtail's own Page, documents as
search.documents says.
"""

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet, prefetch_related_objects
from django.utils.safestring import SafeString
from wagtail.documents.models import AbstractDocument
from wagtail.models import Page, Site
from wagtail.search.index import Indexed

from search.documents import PublicDocument, public_documents
from search.excerpts import excerpt, marked
from search.expressions import characters_of, every, some, tokens_of
from search.ranking import Ranked, best
from search.synonyms import Widened, widen
from search.wording import Coverage, without_filler
from zh.tokens import index_text

MOST = 200  # nobody reads further; a broader query wants narrowing
MOST_NEAR = 200
LONGEST_QUERY = 60
# Of a query that nothing holds whole, this much must be there, and this much of what the nearest text holds.
LEAST_SHARE, LEAST_OF_BEST = 0.5, 0.75
FADE = 0.9  # what the score of a match counts for after each better one of its kind


@dataclass(frozen=True)
class Match:
    """A public row that matches.

    `exact`: it holds the query itself, neither a synonym nor a part. `in_title`: its title holds every character of it.
    """

    row: Any
    model: type[Any]
    kind: str
    score: float
    exact: bool
    in_title: bool


@dataclass
class Found:
    matches: list[Match] = field(default_factory=list)  # best first
    query: str = ""
    also: tuple[str, ...] = ()  # words that mean the same and were looked for
    loosened: bool = False  # nothing held every part of the query, so that most of it counted
    more: bool = False  # there are more matches than were read

    @property
    def kinds(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for match in self.matches:
            counts[match.kind] = counts.get(match.kind, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: -item[1]))


@dataclass(frozen=True)
class Hit:
    """A match as the page shows it."""

    kind: str
    title_html: SafeString
    excerpt_html: SafeString
    url: str
    is_law: bool
    meta: str


def searchable_models() -> list[type[Any]]:
    """Every indexed model that shows something to the public; pages by their own types."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Indexed)
        and (model is not Page if issubclass(model, Page) else _is_document(model) or hasattr(model, "public_objects"))
    ]


def find(query: str, kind: str = "") -> Found:
    """What is public and matches, best first; with `kind`, the best of that kind where there are too many to read all.

    First what has the query in its title, then what holds all of it in one piece, then its words apart, then words that
    mean the same; only where nothing does, what holds most of it.
    """
    query = query.strip()[:LONGEST_QUERY]
    if not tokens_of(query):
        return Found(query=query)
    models = _content_types([Page, *searchable_models()])
    widened = widen(query)
    found = _find(query, widened, models)
    if kind and found.more:
        of_kind = {match.model for match in found.matches if match.kind == kind}
        narrowed = _find(query, widened, {pk: model for pk, model in models.items() if model in of_kind})
        others = [match for match in found.matches if match.kind != kind]
        found.matches = [match for match in narrowed.matches if match.kind == kind] + others
    return found


def _find(query: str, widened: Widened | None, models: dict[int, type[Any]]) -> Found:
    found = Found(query=query, also=widened.also if widened else ())
    strict = every(tokens_of(query))
    exact = best(strict, models, most=MOST) if strict else []
    ranked = {_key(row): row for row in exact}
    for wider in (characters_of(without_filler(query)), widened.expression if widened else None):
        if wider and wider != strict and len(ranked) < MOST:
            for row in best(wider, models, most=MOST):
                ranked.setdefault(_key(row), row)
    found.more = len(ranked) >= MOST
    public = _public(list(ranked.values())[:MOST], models)
    if not public:
        public = _public(_near(query, models), models)
        found.loosened = bool(public)
    held = set(map(_key, exact))
    subject = Coverage(without_filler(query))
    found.matches = [
        Match(
            row,
            models[entry.content_type],
            kind=str(row.search_kind if hasattr(row, "search_kind") else row._meta.verbose_name),
            score=entry.score,
            exact=_key(entry) in held,
            in_title=not _is_law(row) and subject.share(set(index_text(_title(row)).split())) == 1,
        )
        for entry, row in public
    ]
    found.matches = _varied(found.matches)
    return found


def _varied(matches: list[Match]) -> list[Match]:
    """Titles that hold the query first; among equals, kinds take turns, so that sixty articles hide no guide."""
    places: dict[int, tuple[bool, bool, float]] = {}
    met: dict[str, int] = {}
    for place, match in enumerate(matches):
        weight = -match.score * FADE ** met.get(match.kind, 0) if match.exact else place
        met[match.kind] = met.get(match.kind, 0) + 1
        places[place] = (not match.in_title, not match.exact, weight)
    return [matches[place] for place in sorted(places, key=lambda place: places[place])]


def _near(query: str, models: dict[int, type[Any]]) -> list[Ranked]:
    """Entries that hold most of the query, the fullest first."""
    coverage = Coverage(without_filler(query))
    wanted = some(coverage.tokens)
    if wanted is None or (len(coverage.tokens) == 1 and coverage.query == query):
        return []
    near: list[tuple[Ranked, float]] = []
    for entry in best(wanted, models, most=MOST_NEAR, with_text=True):
        tokens = set(entry.text.split())
        share = coverage.share(tokens)
        if share >= LEAST_SHARE or coverage.holds_a_word(tokens):
            near.append((entry, share))
    near.sort(key=lambda pair: -pair[1])
    several_words = len(coverage.parts) > 1
    return [entry for entry, share in near if several_words or share >= near[0][1] * LEAST_OF_BEST]


def _key(entry: Ranked) -> tuple[int, str]:
    return entry.content_type, entry.object_id


def _content_types(models: list[type[Model]]) -> dict[int, type[Any]]:
    """Number of the content type of each model; Django keeps them in memory."""
    known = ContentType.objects.get_for_models(*models)
    return {content_type.pk: model for model, content_type in known.items()}


def _public(entries: list[Ranked], models: dict[int, type[Any]]) -> list[tuple[Ranked, Any]]:
    """The entries whose rows the public may see, with the rows: one query for each model among them.

    What a row wants prefetched is fetched for those alone that are shown.
    """
    wanted: dict[int, list[str]] = {}
    for entry in entries:
        wanted.setdefault(entry.content_type, []).append(entry.object_id)
    rows: dict[tuple[int, str], Any] = {}
    needs_pages = any(issubclass(models[number], Page) or _is_document(models[number]) for number in wanted)
    pages = _public_pages() if needs_pages else Q()
    for number, ids in wanted.items():
        model = models[number]
        visible: QuerySet[Any]
        if issubclass(model, Page):
            visible = model._default_manager.filter(pages)
        else:
            visible = public_documents(pages) if _is_document(model) else model.public_objects()
        lookups = visible._prefetch_related_lookups  # type: ignore[attr-defined]  # what a queryset would prefetch
        for row in visible.prefetch_related(None).filter(pk__in=ids):
            row._search_prefetch = lookups
            rows[number, str(row.pk)] = PublicDocument(row) if _is_document(model) else row
    return [(entry, rows[_key(entry)]) for entry in entries if _key(entry) in rows]


def _public_pages() -> Q:
    """Live pages of a site without a view restriction above them."""
    roots = Q(pk__in=[])
    for site in Site.get_site_root_paths():
        roots |= Q(url_path__startswith=site.root_path)
    return Q(live=True) & roots & ~Page.objects.private_q()


def shown(found: Found, matches: list[Match]) -> list[Hit]:
    """What the page says of `matches`."""
    by_model: dict[type[Any], list[Any]] = {}
    for match in matches:
        by_model.setdefault(type(match.row), []).append(match.row)
    for rows in by_model.values():
        lookups = getattr(rows[0], "_search_prefetch", ())
        if lookups:
            prefetch_related_objects(rows, *lookups)
    return [_hit(match, found) for match in matches]


def _hit(match: Match, found: Found) -> Hit:
    row, query, also = match.row, found.query, found.also
    return Hit(
        kind=match.kind,
        title_html=marked(_title(row), query, also),
        excerpt_html=excerpt(row.search_text() if hasattr(row, "search_text") else "", query, also),
        url=_place(row, [query, *also]),
        is_law=_is_law(row),
        meta=str(row.search_meta()) if hasattr(row, "search_meta") else "",
    )


def _is_document(model: type[Any]) -> bool:
    return issubclass(model, AbstractDocument)


def _is_law(row: Any) -> bool:
    """Whether it is a statute's own text. Its title is that of all articles of the law, and says little of this one."""
    return bool(getattr(row, "is_official_text", False))


def _title(row: Any) -> str:
    return str(row.search_title() if hasattr(row, "search_title") else row)


def address(row: Any) -> str:
    """Where `row` is shown; empty for a page that belongs to no site."""
    return (row.url if isinstance(row, Page) else row.get_absolute_url()) or ""


def _place(row: Any, wordings: list[str]) -> str:
    """The address of the very place where one of the wordings stands, where the row knows it."""
    plain = address(row)
    if hasattr(row, "url_for"):
        for wording in wordings:
            url = row.url_for(wording)
            if url != plain:
                return str(url)
    return plain


def jumps(query: str) -> list[tuple[str, str]]:
    """Where the query itself names a place: (label, url), asked of every model that has `jump_to`."""
    found: list[tuple[str, str]] = []
    for model in apps.get_models():
        jump = getattr(model, "jump_to", None)
        if jump is not None:
            found += jump(query)
    return found
