"""SQLite: results in order of relevance with the index asked once.

The stock backend orders by a subquery that searches the index again for each row: seconds at 2,000 pages. Here the
index is asked for the best entries with their scores; their rows are then picked from the caller's queryset, so that
its filters, its `select_related` and its specific pages hold as they did. What needs more than the best of a plain
search (chosen fields, another order, everything but a word) takes the stock way.
"""

import copy
from collections.abc import Iterator
from typing import Any

from django.db import connections
from modelsearch.backends.database.sqlite.query import MatchExpression, normalize
from modelsearch.query import MatchAll, Not
from modelsearch.utils import get_descendants_content_types_pks

from search.ranking import EVERY, best_on_sqlite, fts_model

# Rows that a queryset is asked for at once; SQLite takes 32,766 values in a statement.
AT_ONCE = 10_000
# Enough for most pages of most lists. Where a queryset's filters leave too few of them, every match is ranked.
FIRST = 1000


def one_pass(stock: Any) -> Any:
    """The stock class of results, its ranking done in one pass."""

    class OnePassResults(stock):
        query_compiler: Any

        def _do_search(self) -> list[Any]:
            if not _is_plain(self.query_compiler):
                found: list[Any] = super()._do_search()
                return found
            queryset = self.query_compiler.queryset
            scores = dict(_ranked(self.query_compiler, self.backend, self.stop)[self.start : self.stop])
            rows = {row.pk: row for some in _batches(list(scores)) for row in queryset.filter(pk__in=some)}
            if self._score_field:
                for pk, row in rows.items():
                    setattr(row, self._score_field, scores[pk])
            return [rows[pk] for pk in scores if pk in rows]

        def _do_count(self) -> int:
            return self._unordered(super()._do_count)

        def facet(self, field_name: str) -> Any:
            return self._unordered(lambda: super(OnePassResults, self).facet(field_name))

        def _unordered(self, count: Any) -> Any:
            """What is only counted needs no score."""
            compiler = self.query_compiler
            try:
                self.query_compiler = copy.copy(compiler)
                self.query_compiler.order_by_relevance = False
                return count()
            finally:
                self.query_compiler = compiler

    return OnePassResults


def _is_plain(compiler: Any) -> bool:
    query = normalize(compiler.query)
    queryset = compiler.queryset
    return (
        compiler.order_by_relevance
        and not compiler.fields
        and not isinstance(query, MatchAll | Not)
        and not queryset.query.is_sliced
        and queryset._fields is None
    )


def _ranked(compiler: Any, backend: Any, stop: int | None) -> list[tuple[Any, float]]:
    """Primary key and score of the rows of the queryset that match, best first, `stop` of them at least."""
    columns = compiler.FTS_TABLE_FIELDS
    match = _match(compiler, backend, columns)
    in_title = _match(compiler, backend, ["title"]) if "title" in columns else ""
    types = get_descendants_content_types_pks(compiler.queryset.model)
    if stop is not None and stop <= FIRST:
        entries = best_on_sqlite(match, types, most=FIRST, in_title=in_title)
        found = _visible(compiler.queryset, entries)
        if len(entries) < FIRST or len(found) >= stop:
            return found
    return _visible(compiler.queryset, best_on_sqlite(match, types, most=EVERY))


def _match(compiler: Any, backend: Any, columns: list[str]) -> str:
    query = compiler.build_search_query(normalize(compiler.query), config=compiler.get_config(backend))
    connection = connections[compiler.queryset.db]
    sql_compiler = fts_model().objects.all().query.get_compiler(connection=connection)
    _sql, (match,) = MatchExpression(columns, query).as_sql(sql_compiler, connection)
    return str(match)


def _visible(queryset: Any, entries: list[Any]) -> list[tuple[Any, float]]:
    to_python = queryset.model._meta.pk.to_python
    scores = {to_python(entry.object_id): entry.score for entry in entries}
    plain = queryset.order_by().prefetch_related(None)
    there = {pk for some in _batches(list(scores)) for pk in plain.filter(pk__in=some).values_list("pk", flat=True)}
    return [(pk, score) for pk, score in scores.items() if pk in there]


def _batches(values: list[Any]) -> Iterator[list[Any]]:
    for at in range(0, len(values), AT_ONCE):
        yield values[at : at + AT_ONCE]
