"""Words that mean the same: how a query is widened by the groups that editors keep."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction

from search.expressions import Expression, characters_of, every, some, tokens_of
from search.models import SynonymGroup
from search.wording import without_filler
from zh.scripts import fold
from zh.spacing import narrow

CACHE_KEY = "search.synonyms"
# What another process has saved is seen after this at the latest, where processes share no cache.
CACHE_S = 60
MOST_SHOWN = 6
Group = tuple[str, ...]


@dataclass(frozen=True)
class Widened:
    """`expression` asks for the query or anything that means the same; `also` are the other words, as editors wrote."""

    expression: Expression
    also: tuple[str, ...]


def active_groups() -> list[Group]:
    """The groups in use; at most one query, most often none."""
    groups: list[Group] | None = cache.get(CACHE_KEY)
    if groups is None:
        rows = SynonymGroup.objects.filter(active=True)
        groups = [words for row in rows if len(words := tuple(row.word_list)) > 1]
        cache.set(CACHE_KEY, groups, CACHE_S)
    return groups


def forget(**signal: Any) -> None:
    """Read the groups anew: now, and again once the change can be seen by others."""
    cache.delete(CACHE_KEY)
    transaction.on_commit(lambda: cache.delete(CACHE_KEY))


def widen(query: str) -> Widened | None:
    """`query` with every word of a group standing for the others; None where no group has a word of it.

    请假手续 with the group 请假, 外出 asks for (请假 or 外出) and 手续. A query that holds several words of one group
    (请假外出) says the same thing twice, so either is enough.
    """
    plain = rest = fold(narrow(query))
    also: list[str] = []
    parts: list[Expression] = []
    for group in active_groups():
        forms = {fold(narrow(word)): word for word in group}
        held = [form for form in sorted(forms, key=len, reverse=True) if form in plain]
        if not held:
            continue
        for form in held:
            rest = rest.replace(form, " ")
        also += [word for form, word in forms.items() if form not in held and word not in also]
        meaning = some(filter(None, (every(tokens_of(form)) for form in forms)))
        if meaning:
            parts.append(meaning)
    if not parts:
        return None
    left = [word for word in without_filler(rest).split() if len(word) > 1 or word.isascii()]
    expression = every([*parts, *(words for word in left if (words := characters_of(word)))])
    return Widened(expression, tuple(also[:MOST_SHOWN])) if expression else None
