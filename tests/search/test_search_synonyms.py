"""Synonyms: kept by editors, applied to a query, shown to the visitor."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from search.examples import GROUPS, starter_synonyms
from search.models import SynonymGroup
from search.services import find
from search.synonyms import active_groups, widen

pytestmark = pytest.mark.django_db


def test_a_word_finds_what_its_synonym_finds_and_says_so(home: Any, found_slugs: Any) -> None:
    found = find("保外就医")
    assert found.also == ("暂予监外执行", "监外执行")
    assert found_slugs("出远门")[0] == "leave"


def test_what_holds_the_word_itself_stands_before_what_holds_a_synonym(home: Any) -> None:
    SynonymGroup.objects.create(words="海报\n志愿者")
    found = find("海报")
    exact = [match.exact for match in found.matches]
    assert exact == sorted(exact, reverse=True)
    assert set(exact) == {True, False}


def test_a_query_with_two_words_of_a_group_needs_only_one(home: Any) -> None:
    widened = widen("请假外出怎么批")
    assert widened is not None
    assert widened.also == ("离开居住地", "出远门")


def test_a_group_that_is_switched_off_or_deleted_counts_no_more(home: Any) -> None:
    group = SynonymGroup.objects.get(words__startswith="请假")
    assert widen("请假")
    group.active = False
    group.save()
    assert widen("请假") is None
    group.active = True
    group.save()
    assert widen("请假")
    group.delete()
    assert widen("请假") is None


def test_groups_cost_one_query_and_then_none(home: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        active_groups()
    with django_assert_num_queries(0):
        active_groups()


def test_traditional_words_of_a_group_match_simplified_queries(db: None) -> None:
    SynonymGroup.objects.create(words="戒煙\n不抽烟")
    widened = widen("戒烟")
    assert widened is not None
    assert widened.also == ("不抽烟",)


@pytest.mark.parametrize("words", ["请假", "请假\n請假", "请假\n假", " \n "])
def test_a_group_of_one_word_or_with_a_single_character_is_refused(words: str) -> None:
    with pytest.raises(ValidationError):
        SynonymGroup(words=words).full_clean()


def test_starter_groups_are_sound_and_made_once(db: None) -> None:
    for group in starter_synonyms():
        group.full_clean()
    starter_synonyms()
    assert SynonymGroup.objects.count() == len(GROUPS)


def test_a_starter_group_that_an_editor_changed_stays_as_it_is(db: None) -> None:
    group = starter_synonyms()[0]
    group.words, group.active = "告假\n请假", False
    group.save()
    SynonymGroup.objects.last().delete()
    starter_synonyms()
    assert SynonymGroup.objects.count() == len(GROUPS) - 1
    group.refresh_from_db()
    assert (group.words, group.active) == ("告假\n请假", False)
