"""Numbers that identify a person, names of minors, long sentences."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zh.minors import find_minors
from zh.privacy import Kind, check_character, find_private, is_bank_card, is_identity_number, luhn, masked
from zh.sentences import long_sentences, sentences

digits = st.text("0123456789", min_size=3, max_size=3)
born = st.dates(min_value=date(1930, 1, 1), max_value=date(2020, 1, 1))


@given(born, digits)
def test_every_valid_identity_number_is_found_and_every_wrong_check_digit_is_not(day, serial):
    first = f"440799{day:%Y%m%d}{serial}"
    check = check_character(first)
    assert is_identity_number(first + check)
    assert [hit.kind for hit in find_private(f"证件号{first}{check}。")] == [Kind.IDENTITY]
    wrong = next(c for c in "0123456789X" if c != check)
    assert not is_identity_number(first + wrong)


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 9))
def test_a_card_number_is_one_by_its_check_digit_alone(middle, last):
    number = f"622{middle}{last}"
    assert is_bank_card(number) == (luhn(number) == 0)


@pytest.mark.parametrize("form", ["{0}{1}{2}", "{0} {1} {2}", "{0}-{1}-{2}", "+86 {0}{1}{2}", "{0}·{1}·{2}"])
def test_a_mobile_number_is_found_however_it_is_grouped(form):
    parts = ("139", "0000", "0000")
    text = f"请打{form.format(*parts)}。"
    (hit,) = find_private(text)
    assert hit.kind is Kind.MOBILE
    assert text[hit.end :] == "。"


def test_spans_are_those_of_the_text_as_it_was_given():
    text = "电话１３９０００００００２。"
    (hit,) = find_private(text)
    assert text[hit.start : hit.end] == "１３９０００００００２"


@given(st.text(max_size=200))
def test_any_text_gives_spans_within_it_that_do_not_overlap(text):
    end = 0
    for hit in find_private(text):
        assert end <= hit.start < hit.end <= len(text)
        end = hit.end


@given(st.text("李王张陈一鸣学生同岁男女，。（）15十六", max_size=60))
def test_names_lie_within_the_text_and_do_not_overlap(text):
    end = 0
    for hit in find_minors(text):
        assert end <= hit.start < hit.end <= len(text)
        end = hit.end


@pytest.mark.parametrize(
    ("text", "names", "certain"),
    [
        ("陈一鸣（男，15岁）在场。", ["陈一鸣"], [True]),
        ("陈一鸣（男，35岁）在场。", [], []),
        ("学生陈一鸣在校。", ["陈一鸣"], [False]),
        ("陈一鸣（化名），15岁。", [], []),
        ("陈某，15岁。", [], []),
        ("陈一鸣（男，2012年5月出生）在场。", ["陈一鸣"], [True]),
        ("陈一鸣（男，1982年5月出生）在场。", [], []),
        ("名叫陈一鸣的孩子在场。", ["陈一鸣"], [False]),
        ("学生陈一鸣、林小雨和王可参赛。", ["陈一鸣", "林小雨", "王可"], [False, False, False]),
        ("三年级（2）班的陈一鸣获奖。", ["陈一鸣"], [False]),
        ("被监护人陈一鸣由村委会照看。", ["陈一鸣"], [False]),
        ("儿子陈一鸣，35岁，在外务工。", [], []),
        ("学生常识课由民警陈一鸣主讲。", [], []),
    ],
)
def test_an_age_below_eighteen_makes_it_certain(text, names, certain):
    found = find_minors(text, year=2026)
    assert [text[hit.start : hit.end] for hit in found] == names
    assert [hit.certain for hit in found] == certain


def test_a_long_text_is_read_sentence_by_sentence():
    """Each name once and where it stands; a run of letters without an end does not hold the work up."""
    text = "学生陈一鸣在校。" * 300 + "甲" * 20_000 + "。学生林小雨在校"
    found = find_minors(text, year=2026)
    assert len(found) == 301
    assert {text[hit.start : hit.end] for hit in found} == {"陈一鸣", "林小雨"}


def test_a_number_in_a_report_is_masked():
    assert masked("13900000000") == "13*******00"


def test_length_counts_what_is_read():
    assert long_sentences("一" * 61) == [(0, 61, 61)]
    assert long_sentences("一" * 60 + "，，，") == []


def test_sentences_end_where_a_reader_takes_breath():
    text = "第一句。第二句；第三句！“第四句。”\n第五句"
    assert [text[start:end] for start, end in sentences(text)] == [
        "第一句。",
        "第二句；",
        "第三句！",
        "“第四句。”",
        "第五句",
    ]
