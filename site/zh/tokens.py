"""Text to search tokens and back to highlights.

No database that we use splits hanzi into words, so a text is indexed as single characters and pairs, and a
query asks for pairs. An article number is one token of its own (第24条, 第二十四条 and ２４条 are `art24`), and its
bare number another, so that 24 finds article 24 as well as 24小时. Traditional characters are folded into simplified
ones on both sides, one for one, so that either script finds the other and highlights stay in their places.
"""

import re
from collections.abc import Iterator

from zh.numerals import NUMERAL, ArticleNumber, article_number, read_article
from zh.scripts import fold
from zh.spacing import HANZI, narrow, narrow_with_offsets

_ARTICLE = re.compile(rf"第\s*({NUMERAL})\s*[条條](?:之({NUMERAL}))?")
_TOKEN = re.compile(rf"([{HANZI}]+)|([^\W_{HANZI}]+)")


def index_text(text: str) -> str:
    """Tokens to store, joined by spaces, in the order of the text: pairs and single hanzi, words, article numbers."""
    text = fold(narrow(text))
    out: list[str] = []
    for run, word in _runs(text):
        out += [*_pairs(run), *run] if run else [word]
    for key in _articles(text):
        out += [_article_token(key), str(key.number)]
    return " ".join(out)


def query_text(text: str) -> str:
    """Tokens to ask for, joined by spaces, each once: pairs (a lone hanzi as itself), words, article numbers."""
    return " ".join(dict.fromkeys(token for term in _terms(text) for token in term.tokens))


def query_choices(text: str) -> list[tuple[str, ...]]:
    """What a text must hold to hold every character of the query: of each of these groups of tokens, any one.

    A pair across two words (假外 of 请假外出) is left out where the pairs beside it hold its characters, so that words
    typed without a space between them are found apart. Two characters, numbers and words are needed as they are.
    """
    groups = [group for term in _terms(text) for group in term.choices]
    needed = {group[0] for group in groups if len(group) == 1}
    return list(dict.fromkeys(group for group in groups if len(group) == 1 or not needed & set(group)))


def highlight_spans(text: str, query: str) -> list[tuple[int, int]]:
    """Where `query` shows in `text`: half-open spans of the original text, ascending, none touching another.

    A run of hanzi is marked where it stands whole; only where it stands nowhere are its pairs marked.
    """
    plain, offsets = narrow_with_offsets(text)
    plain = fold(plain)
    spans: list[tuple[int, int]] = []
    for term in _terms(query):
        spans += term.spans(plain)
    merged: list[tuple[int, int]] = []
    for start, end in sorted((offsets[a], offsets[b - 1] + 1) for a, b in spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


class _Term:
    """One part of a query: an article number, a run of hanzi, or a word."""

    def __init__(self, *, article: ArticleNumber | None = None, run: str = "", word: str = "") -> None:
        self.article, self.run, self.word = article, run, word

    @property
    def tokens(self) -> list[str]:
        if self.article:
            return [_article_token(self.article)]
        if self.run:
            return _pairs(self.run) or [self.run]
        return [self.word]

    @property
    def choices(self) -> list[tuple[str, ...]]:
        """For each character of a run the pairs that hold it; any other term is one token."""
        pairs = _pairs(self.run)
        if not pairs:
            return [(token,) for token in self.tokens]
        return [tuple(dict.fromkeys(pairs[max(0, at - 1) : at + 1])) for at in range(len(self.run))]

    def spans(self, plain: str) -> list[tuple[int, int]]:
        if self.article:
            found = _ARTICLE.finditer(plain)
            return [m.span() for m in found if read_article(m[1], m[2]) == self.article]
        if self.run:
            return _occurrences(plain, self.run) or [s for pair in _pairs(self.run) for s in _occurrences(plain, pair)]
        words = [m.span() for m in _TOKEN.finditer(plain) if m[2] == self.word]
        if self.word.isdecimal():
            words += _Term(article=ArticleNumber(int(self.word))).spans(plain)
        return words


def _terms(query: str) -> Iterator[_Term]:
    text = fold(narrow(query)).strip()
    if not text.isdecimal() and (key := article_number(text)):
        yield _Term(article=key)  # 24条, without 第, is an article only when it is the whole query
        return
    for found in _ARTICLE.finditer(text):
        if key := read_article(found[1], found[2]):
            yield _Term(article=key)
    rest = _ARTICLE.sub(lambda m: " " if read_article(m[1], m[2]) else m[0], text)
    for run, word in _runs(rest):
        yield _Term(run=run) if run else _Term(word=word)


def _runs(text: str) -> Iterator[tuple[str, str]]:
    for found in _TOKEN.finditer(text):
        yield found[1] or "", found[2] or ""


def _articles(text: str) -> Iterator[ArticleNumber]:
    for found in _ARTICLE.finditer(text):
        if key := read_article(found[1], found[2]):
            yield key


def _article_token(key: ArticleNumber) -> str:
    return f"art{key.number}" + (f"x{key.suffix}" if key.suffix else "")


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _occurrences(text: str, part: str) -> list[tuple[int, int]]:
    out, at = [], text.find(part)
    while at >= 0:
        out.append((at, at + len(part)))
        at = text.find(part, at + 1)
    return out
