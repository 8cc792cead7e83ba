"""Our explanations, one for every article, and our glossary: plain words of our own."""

import json
import re

import pytest

from lawbook.examples import GLOSSARY, STARTER, community_correction_law, explanations_of, terms_of
from lawbook.sources.corpus import read_corpus
from zh.citations import find_citations
from zh.numerals import ArticleNumber, article_number

ENTRIES = json.loads(STARTER.read_text(encoding="utf-8"))["explanations"]
TERMS = json.loads(GLOSSARY.read_text(encoding="utf-8"))
FIELDS = ("article", "gist", "who", "meaning", "steps", "example", "note")
MAY_BE_EMPTY = {"steps", "note"}
LONGEST = {"gist": 30, "who": 60, "meaning": 300, "steps": 200, "example": 110, "note": 80}  # hanzi
NAMES = [entry["article"] for entry in ENTRIES]
ARTICLES = [ArticleNumber(number, 0) for number in range(1, 64)]
MINORS = {ArticleNumber(number, 0) for number in range(52, 59)}
# 阿强, 老陈, 小林: as our examples name people; 小组, 老师 and the like name nobody.
NAMED = re.compile(r"阿[\u4e00-\u9fff]|老(?!师|伴|板|人|同|乡|朋)[\u4e00-\u9fff]|小(?![组区时学孩])[\u4e00-\u9fff]")
# A space or half-width punctuation beside a hanzi, or straight quotation marks.
LOOSE = re.compile(r"[\u4e00-\u9fff] | [\u4e00-\u9fff]|[\u4e00-\u9fff][,;:!?().]|[,;:!?().][\u4e00-\u9fff]|[\"']")
each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=NAMES)
each_term = pytest.mark.parametrize("term", TERMS, ids=[term["term"] for term in TERMS])


def words(entry):
    return "\n".join(entry[name] for name in FIELDS[1:])


def forms(term):
    return [term["term"], *term["also"]]


def hanzi(text):
    return "".join(re.findall(r"[\u4e00-\u9fff]", text))


def pieces(text, length):
    """Every run of `length` hanzi, punctuation and line ends left out."""
    plain = hanzi(text)
    return {plain[start : start + length] for start in range(len(plain) - length + 1)}


def sentences(text):
    return re.split(r"[。！？；\n]", text)


def cited(text):
    return [found.article for found in find_citations(text) if not found.law]


def statute(corpus):
    (record,) = read_corpus(corpus, "社区矫正法")
    return [article.text for article in record.articles]


def test_every_article_has_one_in_order():
    assert [article_number(name) for name in NAMES] == ARTICLES


@each_entry
def test_each_is_whole_and_short(entry):
    assert tuple(entry) == FIELDS
    assert all(entry[name].strip() for name in FIELDS if name not in MAY_BE_EMPTY)
    assert {name: len(hanzi(entry[name])) for name in LONGEST if len(hanzi(entry[name])) > LONGEST[name]} == {}
    assert [sentence for sentence in sentences(words(entry)) if len(sentence) > 60] == []


@each_entry
def test_each_is_set_as_chinese_is_set(entry):
    assert LOOSE.findall(words(entry)) == []
    assert all(entry[name].endswith(("。", "？", "”")) for name in FIELDS[1:] if entry[name])
    assert all(line.strip() == line and line for line in entry["steps"].split("\n") if entry["steps"])


@each_entry
def test_each_uses_the_terms_of_the_law_and_names_only_its_articles(entry):
    assert "社区矫正人员" not in words(entry)
    assert [article for article in cited(words(entry)) if article not in ARTICLES] == []


@each_entry
def test_no_example_names_a_minor(entry):
    of_minors = article_number(entry["article"]) in MINORS or re.search("十[二三四五六七]岁|未成年", entry["example"])
    assert not of_minors or NAMED.findall(entry["example"]) == []


def test_what_is_said_of_another_law_names_an_article_that_is_in_the_corpus(corpus):
    """Nothing of other laws is said without its place, so that a reader can look and an editor can check."""
    found = {(citation.law, citation.article) for entry in ENTRIES for citation in find_citations(words(entry))}
    others = {law: {article for name, article in found if name == law} for law, _article in found if law}
    assert set(others) == {"刑法", "刑事诉讼法"}
    for law, articles in others.items():
        (record,) = read_corpus(corpus, law)
        assert articles <= {article.key for article in record.articles}, law
    said = [sentence for entry in ENTRIES for sentence in sentences(words(entry)) if "构成犯罪" in sentence]
    assert [s for s in said if "可能" in s and "《" not in s] == []


def test_none_repeats_the_statute(corpus):
    runs = set().union(*(pieces(text, 15) for text in statute(corpus)))
    ours = {entry["article"]: words(entry) for entry in ENTRIES}
    ours |= {term["term"]: term["meaning"] for term in TERMS}
    assert {name: found for name, text in ours.items() if (found := pieces(text, 15) & runs)} == {}


def test_every_form_of_a_term_belongs_to_one_term():
    every = [form for term in TERMS for form in forms(term)]
    assert sorted(every) == sorted(set(every))
    assert len(TERMS) >= 30


@each_term
def test_each_term_is_one_or_two_plain_sentences(term):
    assert set(term) in ({"term", "also", "meaning"}, {"term", "also", "meaning", "article"})
    assert all(form.strip() == form and len(form) <= 20 for form in forms(term))
    assert LOOSE.findall(term["meaning"]) == []
    assert term["meaning"].endswith("。")
    assert 1 <= term["meaning"].count("。") <= 2
    assert max(map(len, sentences(term["meaning"]))) <= 60
    assert "社区矫正人员" not in term["meaning"]


@each_term
def test_each_term_names_an_article_that_exists(term):
    assert "article" not in term or article_number(term["article"]) in ARTICLES
    assert [article for article in cited(term["meaning"]) if article not in ARTICLES] == []


def test_a_term_is_in_the_article_that_it_names(corpus):
    # The law says 外出 in 第二十三条 and rules on it in 第二十七条; it writes 撤销缓刑、假释 in one.
    elsewhere = {"外出", "撤销假释"}
    texts = dict(zip(ARTICLES, statute(corpus), strict=True))
    named = [term for term in TERMS if "article" in term and term["term"] not in elsewhere]
    assert [
        term["term"]
        for term in named
        if not any(form in texts[article_number(term["article"])] for form in forms(term))
    ] == []


def test_the_retired_name_is_nowhere_in_the_glossary():
    assert [form for term in TERMS for form in forms(term) if "人员" in form] == []


@pytest.mark.django_db
def test_the_site_takes_every_explanation_and_term_and_would_let_an_editor_save_it(corpus):
    law = community_correction_law()
    explanations, terms = explanations_of(law), terms_of(law)
    for saved in [*explanations, *terms]:
        saved.full_clean()
    assert [explanation.key for explanation in explanations] == ARTICLES
    assert [term.key for term in terms] == [article_number(t["article"]) if "article" in t else None for t in TERMS]
