"""The best entries of the full-text index for an expression, over any content types, in one query.

Stock ranking asks the index again for the score of every row. Here the index scores what matches once, keeps the best,
and only their rows are looked up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import NotSupportedError, connections, router
from modelsearch.conf import get_app_config

from search.expressions import Expression, as_fts5, as_tsquery

# A word in the title says what a text is about; in the text it may be said in passing.
TITLE_WEIGHT = 6.0
# Of a very common word, so many matches are scored (SQLite: the newest), and besides those in titles. Which of tens
# of thousands is best is chance, and scoring them all takes longer than a reader waits. PostgreSQL unpacks each text.
MOST_SCORED = {"sqlite": 10_000, "postgresql": 3_000}
# Entries of other types among the best are dropped afterwards; so many are expected.
SPARE = 300
EVERY = -1


@dataclass(frozen=True)
class Ranked:
    """`score` is higher for a better match; only its order and its ratios mean something."""

    content_type: int
    object_id: str
    score: float
    text: str = ""


def best(expression: Expression, content_types: Iterable[int], *, most: int, with_text: bool = False) -> list[Ranked]:
    """The `most` best entries, best first; `with_text` brings their tokens (title and body) along."""
    types = sorted(set(content_types))
    vendor = connections[router.db_for_read(_entry_model())].vendor
    if not types:
        return []
    if vendor == "sqlite":
        wanted = as_fts5(expression)
        return best_on_sqlite(
            f"{{title body}} : {wanted}", types, most=most, in_title=f"{{title}} : {wanted}", with_text=with_text
        )
    if vendor == "postgresql":
        return _best_on_postgresql(as_tsquery(expression), types, most=most, with_text=with_text)
    raise NotSupportedError(f"Search runs on SQLite and PostgreSQL, not on {vendor}")


def best_on_sqlite(
    match: str, types: list[int], *, most: int, in_title: str = "", with_text: bool = False
) -> list[Ranked]:
    """As `best`, for an FTS5 expression, and what finds it in titles. EVERY is all there are, each of them scored."""
    fts = fts_model()._meta.db_table  # names of tables, numbers and placeholders make up the statements
    # bm25's weights follow the columns of the table: autocomplete, body, title; smaller is better.
    scored = f"SELECT rowid AS id, -bm25({fts}, 1.0, 1.0, {TITLE_WEIGHT}) AS score FROM {fts} WHERE {fts} MATCH %s"  # noqa: S608
    if most != EVERY:
        newest = f"SELECT * FROM ({scored} ORDER BY rowid DESC LIMIT {MOST_SCORED['sqlite']})"  # noqa: S608
        matches = [match, in_title] if in_title else [match]
        either = " UNION ALL ".join([newest] * len(matches))
        found = f"SELECT id, max(score) AS score FROM ({either}) GROUP BY id"  # noqa: S608
        rows = _on_sqlite(found, matches, most + SPARE, with_text=with_text)
        kept = [row for row in rows if row.content_type in types][:most]
        if len(kept) == most or len(rows) < most + SPARE:
            return kept
    # The plus keeps SQLite from walking the entries and asking the index about each: 9 s against 45 ms at 50,000.
    of_types = f"SELECT id FROM {_entry_model()._meta.db_table} WHERE content_type_id IN ({_marks(types)})"  # noqa: S608
    return _on_sqlite(f"{scored} AND +rowid IN ({of_types})", [match, *types], most, with_text=with_text)


def _on_sqlite(found: str, values: list[Any], most: int, *, with_text: bool) -> list[Ranked]:
    text = "entry.title || ' ' || coalesce(entry.body, '')" if with_text else "''"
    sql = f"""
        SELECT entry.content_type_id, entry.object_id, found.score, {text}
        FROM (SELECT id, score FROM ({found}) ORDER BY score DESC, id DESC LIMIT %s) AS found
        JOIN {_entry_model()._meta.db_table} AS entry ON entry.id = found.id
        ORDER BY found.score DESC, found.id DESC
    """  # noqa: S608 - names of tables, numbers and placeholders
    return _rows(sql, [*values, most])


def _best_on_postgresql(query: str, types: list[int], *, most: int, with_text: bool) -> list[Ranked]:
    table = _entry_model()._meta.db_table
    text = "title_text || ' ' || body_text" if with_text else "''"
    here = f"content_type_id IN ({_marks(types)})"
    scored = MOST_SCORED["postgresql"]
    # Weights are those of D, C, B and A; 1 divides by the length of the text. `title || body` is what is indexed.
    sql = f"""
        WITH wanted AS (SELECT to_tsquery('simple', %s) AS query),
        matching AS (
            (SELECT id FROM {table}, wanted WHERE title @@ wanted.query AND {here} LIMIT %s)
            UNION
            (SELECT id FROM {table}, wanted WHERE title || body @@ wanted.query AND {here} LIMIT %s)
        )
        SELECT content_type_id, object_id,
            ts_rank('{{{1 / TITLE_WEIGHT:.3f}, 0, 0, 1}}', setweight(title, 'A') || setweight(body, 'D'),
                    wanted.query, 1) AS score, {text}
        FROM {table}, wanted WHERE id IN (SELECT id FROM matching)
        ORDER BY score DESC, id DESC LIMIT %s
    """  # noqa: S608 - names of tables, numbers and placeholders
    return _rows(sql, [query, *types, scored, *types, scored, most])


def _rows(sql: str, values: list[Any]) -> list[Ranked]:
    with connections[router.db_for_read(_entry_model())].cursor() as cursor:
        cursor.execute(sql, values)
        return [Ranked(*row) for row in cursor.fetchall()]


def _entry_model() -> Any:
    return get_app_config().get_model("IndexEntry")


def fts_model() -> Any:
    return get_app_config().get_model("SQLiteFTSIndexEntry")


def _marks(values: list[int]) -> str:
    return ", ".join(["%s"] * len(values))
