"""Numerals, and the numbers of articles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zh.numerals import ArticleNumber, article_number, to_full_width, to_hanzi, to_int


@given(st.integers(0, 99_999_999))
def test_every_number_is_read_back_as_it_was_written(value):
    assert to_int(to_hanzi(value)) == value


@given(st.integers(0, 10**9))
def test_ascii_and_full_width_digits_are_read_alike(value):
    assert to_int(str(value)) == to_int(to_full_width(str(value))) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "零"),
        (2, "二"),
        (10, "十"),
        (16, "十六"),
        (20, "二十"),
        (101, "一百零一"),
        (110, "一百一十"),
        (253, "二百五十三"),
        (1005, "一千零五"),
        (1010, "一千零一十"),
        (10_005, "一万零五"),
        (20_300, "二万零三百"),
        (120_000, "十二万"),
    ],
)
def test_numbers_are_written_as_statutes_write_them(value, text):
    assert to_hanzi(value) == text


@pytest.mark.parametrize(
    ("text", "value"), [("二〇二〇", 2020), ("一十五", 15), ("两百", 200), ("１２", 12), (" 7 ", 7)]
)
def test_other_usual_spellings_are_read(text, value):
    assert to_int(text) == value


@pytest.mark.parametrize("text", ["", "十十", "百", "二百五", "一百零", "十零", "一二十", "万", "二十x", "法"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="not a number"):
        to_int(text)


def test_a_number_too_large_to_write_is_refused():
    with pytest.raises(ValueError, match="outside"):
        to_hanzi(100_000_000)


@given(st.integers(1, 9999), st.integers(0, 40))
def test_article_numbers_survive_label_and_slug(number, suffix):
    key = ArticleNumber(number, suffix)
    assert article_number(key.label) == article_number(key.slug) == key


@pytest.mark.parametrize(
    "text", ["第24条", "第二十四条", "第２４条", "24", "24条", "二十四条", " 第 24 条 ", "第24條", "article-24"]
)
def test_one_article_has_many_spellings(text):
    assert article_number(text) == (24, 0)


def test_an_inserted_article_keeps_its_own_number():
    assert article_number("第二百五十三条之一") == (253, 1)
    assert ArticleNumber(253, 1).label == "第二百五十三条之一"
    assert ArticleNumber(253, 1).slug == "article-253-1"
    assert sorted([ArticleNumber(254), ArticleNumber(253, 2), ArticleNumber(253)]) == [(253, 0), (253, 2), (254, 0)]


@pytest.mark.parametrize(
    "text", ["", "第零条", "第0条", "0", "条", "第二十四款", "article-0", "article-24x", "第24条规定"]
)
def test_what_names_no_article_is_none(text):
    assert article_number(text) is None
