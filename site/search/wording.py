"""The words of a query: which of them only ask, and how much of a query a text holds."""

import re

from zh.scripts import fold
from zh.spacing import narrow
from zh.tokens import highlight_spans, query_text

# How a question is put says nothing about its subject. Longest first.
_FILLER = re.compile(
    "什么时候|多长时间|可不可以|需不需要|怎么办|怎么样|为什么|能不能|是不是|有没有|要不要|怎么|怎样|如何|什么|哪里|哪儿|哪些"
    "|哪个|多久|多少|可以|是否|需要|应该|请问|想问|咨询|一下|找谁|去哪|关于|有关|吗|呢|的|您"
)
_ARTICLE_TOKEN = re.compile(r"art(\d+)(?:x(\d+))?")


def without_filler(query: str) -> str:
    """`query` with a space for every word that only asks; all of it where nothing else would be left."""
    plain = fold(narrow(query))
    kept = _FILLER.sub(" ", plain)
    return kept if query_text(kept) else plain


class Coverage:
    """How much of a query the tokens of a text hold."""

    def __init__(self, query: str) -> None:
        self.query = fold(narrow(query))
        self.tokens = query_text(self.query).split()
        self._places = {token: set(_places(self.query, token)) for token in self.tokens}
        self.places = set().union(*self._places.values())
        self.parts = [part for part in (self._held(word) for word in self.query.split()) if part]

    def _held(self, word: str) -> set[int]:
        """Where the tokens of one spaced word of the query stand in the query."""
        return set().union(*(self._places.get(token, set()) for token in query_text(word).split()))

    def share(self, text_tokens: set[str]) -> float:
        """From 0 (nothing of the query is there) to 1 (every character stands in some token that is there)."""
        return len(self._covered(text_tokens)) / len(self.places) if self.places else 0.0

    def holds_a_word(self, text_tokens: set[str]) -> bool:
        """Whether one of several spaced words is there whole."""
        covered = self._covered(text_tokens)
        return len(self.parts) > 1 and any(part <= covered for part in self.parts)

    def _covered(self, text_tokens: set[str]) -> set[int]:
        return set().union(*(self._places[token] for token in self.tokens if token in text_tokens))


def _places(query: str, token: str) -> list[int]:
    article = _ARTICLE_TOKEN.fullmatch(token)
    if article:
        token = f"第{article[1]}条" + (f"之{article[2]}" if article[2] else "")
    return [place for start, end in highlight_spans(query, token) for place in range(start, end)]
