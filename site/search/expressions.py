"""What is asked of the full-text index: tokens joined by and/or, written for either database."""

from collections.abc import Iterable
from dataclasses import dataclass

from zh.tokens import query_choices, query_text


@dataclass(frozen=True)
class Every:
    """All parts stand in the text."""

    parts: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Some:
    """At least one part stands in the text."""

    parts: "tuple[Expression, ...]"


Expression = str | Every | Some


def tokens_of(text: str) -> tuple[str, ...]:
    return tuple(query_text(text).split())


def characters_of(text: str) -> Expression | None:
    """All characters of `text`, in words that may stand apart (zh.tokens.query_choices)."""
    return every(filter(None, (some(group) for group in query_choices(text))))


def every(parts: Iterable[Expression]) -> Expression | None:
    return _joined(Every, parts)


def some(parts: Iterable[Expression]) -> Expression | None:
    return _joined(Some, parts)


def _joined(kind: type[Every] | type[Some], parts: Iterable[Expression]) -> Expression | None:
    kept = tuple(dict.fromkeys(parts))
    if len(kept) < 2:
        return kept[0] if kept else None
    return kind(kept)


def as_fts5(expression: Expression) -> str:
    """SQLite's MATCH syntax. A token holds letters and digits alone, so quoting it is enough."""
    if isinstance(expression, str):
        return f'"{expression}"'
    word = " AND " if isinstance(expression, Every) else " OR "
    return f"({word.join(as_fts5(part) for part in expression.parts)})"


def as_tsquery(expression: Expression) -> str:
    """PostgreSQL's to_tsquery syntax."""
    if isinstance(expression, str):
        return f"'{expression}'"
    word = " & " if isinstance(expression, Every) else " | "
    return f"({word.join(as_tsquery(part) for part in expression.parts)})"
