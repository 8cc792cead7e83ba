"""Pairing the articles of two texts and telling their words apart, over plain data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lawbook.comparing import Change, Run, Text, align, changes, lines_of
from zh.numerals import ArticleNumber

WATER = "浇水看天看土，清早或者傍晚浇，土还湿着就不浇。"
CUT = "修剪要用干净的剪刀，看过枝条再动手，剪下来的枝叶自己带走。"
LEAVES = "秋天落叶每天清扫一次，堆到指定的角落，不得点火。"


def texts(*words, start=1):
    return [Text(ArticleNumber(number), text) for number, text in enumerate(words, start)]


def told(old, new):
    return [
        (row.change, row.old is not None and old[row.old].key.number, row.new is not None and new[row.new].key.number)
        for row in align(old, new)
    ]


def test_the_same_text_has_no_change():
    text = texts(WATER, CUT, LEAVES)
    assert {change for change, *_numbers in told(text, text)} == {Change.SAME}


def test_white_space_is_no_change():
    assert told(texts(WATER), texts(WATER.replace("，", "， "))) == [(Change.SAME, 1, 1)]


def test_an_inserted_article_does_not_turn_all_that_follow_into_changes():
    old, new = texts(WATER, CUT), texts(LEAVES, WATER, CUT)
    assert told(old, new) == [(Change.NEW, False, 1), (Change.RENUMBERED, 1, 2), (Change.RENUMBERED, 2, 3)]


def test_a_moved_and_changed_article_is_known_by_its_words():
    old, new = texts(WATER, CUT), texts(CUT.replace("自己带走", "放进绿色的桶"), LEAVES)
    assert told(old, new) == [(Change.GONE, 1, False), (Change.CHANGED, 2, 1), (Change.NEW, False, 2)]


def test_another_subject_under_the_same_number_is_one_gone_and_one_new():
    assert told(texts(WATER), texts(LEAVES)) == [(Change.GONE, 1, False), (Change.NEW, False, 1)]


def test_a_thorough_change_under_the_same_number_stays_a_change():
    new = "浇水看天看土，中午不浇，由值日的住户按照排好的表轮流来做。"
    assert told(texts(WATER), texts(new)) == [(Change.CHANGED, 1, 1)]


def test_what_is_gone_stands_where_it_stood():
    old, new = texts(WATER, CUT, LEAVES), [texts(WATER)[0], Text(ArticleNumber(3), LEAVES)]
    assert [change for change, *_numbers in told(old, new)] == [Change.SAME, Change.GONE, Change.SAME]


def test_no_article_is_lost_or_doubled_where_many_are_alike():
    old, new = texts(*[WATER] * 4), texts(*[WATER] * 3, start=2)
    rows = align(old, new)
    assert sorted(row.old for row in rows if row.old is not None) == [0, 1, 2, 3]
    assert sorted(row.new for row in rows if row.new is not None) == [0, 1, 2]


@given(*[st.lists(st.text("浇水剪枝。", max_size=12), max_size=8) for _ in range(2)])
def test_every_article_of_both_texts_comes_once(before, after):
    rows = align(texts(*before), texts(*after))
    assert sorted(row.old for row in rows if row.old is not None) == list(range(len(before)))
    assert [row.new for row in rows if row.new is not None] == list(range(len(after)))


@given(*[st.text("浇水剪枝，。\n", max_size=40) for _ in range(2)])
def test_the_runs_give_both_texts_back(old, new):
    runs = changes(old, new)
    assert "".join(run.words for run in runs if run.kind != "ins") == old
    assert "".join(run.words for run in runs if run.kind != "del") == new


def test_changes_are_not_chopped_up_by_a_character_in_common():
    runs = changes("住户应当清早浇水，水量适中。", "住户可以傍晚浇水，水量适中。")
    assert runs == [Run("", "住户"), Run("del", "应当清早"), Run("ins", "可以傍晚"), Run("", "浇水，水量适中。")]


def test_a_paragraph_break_that_came_or_went_shows_as_a_mark():
    joined = lines_of(changes("先浇水看天看土。\n再剪枝条和枯叶。", "先浇水看天看土。再剪枝条和枯叶。"))
    assert joined == [
        [Run("", "先浇水看天看土。"), Run("del", "¶")],
        [Run("", "再剪枝条和枯叶。")],
    ]


@pytest.mark.parametrize("kind", ["ins", "del"])
def test_whole_paragraphs_need_no_mark(kind):
    assert lines_of([Run(kind, "一\n二")]) == [[Run(kind, "一")], [Run(kind, "二")]]
