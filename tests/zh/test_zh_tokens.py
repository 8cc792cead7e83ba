"""Tokens for the index, tokens for a query, and where a query shows in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zh.tokens import highlight_spans, index_text, query_choices, query_text


def found(text, query):
    """Whether every token that a query asks for is in the index of a text."""
    return bool(query_text(query)) and set(query_text(query).split()) <= set(index_text(text).split())


def found_apart(text, query):
    """Whether a text holds one token of each group that a query gives."""
    tokens = set(index_text(text).split())
    return bool(query_choices(query)) and all(tokens & set(group) for group in query_choices(query))


def marked(text, query):
    return [text[start:end] for start, end in highlight_spans(text, query)]


@pytest.mark.parametrize(
    "query", ["街区花木", "花木", "花", "养护", "街区 养护", "ABC", "abc", "ＡＢＣ", "第24条", "24", "2026"]
)
def test_a_part_of_a_text_finds_it(query):
    assert found("街区花木养护 ABC 第二十四条 2026年", query)


@pytest.mark.parametrize("query", ["木街", "花养", "第25条", "第二十四条之一", "25", "b"])
def test_what_is_not_in_a_text_does_not_find_it(query):
    assert not found("街区花木养护 ABC 第二十四条", query)


@pytest.mark.parametrize("query", ["第24条", "第２４条", "第二十四条", "24条", "二十四条", "24"])
@pytest.mark.parametrize("text", ["依照第二十四条办理", "依照第24条办理", "依照第２４条办理"])
def test_an_article_is_found_however_its_number_is_written(text, query):
    assert found(text, query)


def test_an_inserted_article_is_not_its_neighbour():
    assert found("第二百五十三条之一", "第253条之一")
    assert not found("第二百五十三条之一", "第253条")


def test_a_query_asks_for_each_token_once():
    assert query_text("花木花木 花木") == "花木 木花"


def test_nothing_asked_is_nothing_found():
    assert query_text(" ，。《》") == ""
    assert highlight_spans("花木", "") == []


def test_a_whole_run_is_marked_rather_than_its_pairs():
    assert marked("花木养护与花木", "花木养护") == ["花木养护"]


def test_pairs_are_marked_where_the_run_stands_nowhere():
    assert marked("花木由居民养护", "花木养护") == ["花木", "养护"]


def test_marks_are_spans_of_the_original_text():
    assert marked("ＡＢＣ与㎡，第２４条，24小时", "abc") == ["ＡＢＣ"]
    assert marked("ＡＢＣ与㎡，第２４条，24小时", "第二十四条") == ["第２４条"]
    assert marked("ＡＢＣ与㎡，第２４条，24小时", "24") == ["第２４条", "24"]


@given(st.text(), st.text())
def test_marks_never_overlap_nor_leave_the_text(text, query):
    end = -1
    for start, stop in highlight_spans(text, query):
        assert end < start < stop <= len(text)
        end = stop


@given(st.text(alphabet="街区花木养护第一二三条24 ab", max_size=30))
def test_every_text_is_found_by_itself(text):
    assert set(query_text(text).split()) <= set(index_text(text).split()) or "第" not in text


@pytest.mark.parametrize(
    ("query", "groups"),
    [
        ("花", [("花",)]),
        ("花木", [("花木",)]),
        ("花木街", [("花木",), ("木街",)]),
        ("花木浇水", [("花木",), ("浇水",)]),
        ("花木浇水法", [("花木",), ("木浇", "浇水"), ("水法",)]),
        ("花木 第3条 abc", [("art3",), ("花木",), ("abc",)]),
        ("！？", []),
    ],
)
def test_a_pair_across_two_words_is_asked_for_only_where_a_character_needs_it(query, groups):
    assert query_choices(query) == groups


@pytest.mark.parametrize("query", ["花木浇水", "浇水花木", "浇水规矩花木"])
def test_words_typed_without_a_space_are_found_apart(query):
    assert found_apart("街区花木怎么浇水，有规矩", query)
    assert not found_apart("街区花木怎么修剪，有规矩", query)


@given(
    st.lists(st.sampled_from(["花", "木", "浇", "水", "街", " ", "，", "第三条", "a", "1"]), max_size=9).map("".join)
)
def test_what_holds_a_query_in_one_piece_holds_its_words_apart(query):
    if query_text(query):
        assert found_apart(query, query)
