"""The quiz: says what is right and why, keeps nothing."""

from typing import Any

import pytest
from django.test import Client
from wagtail.blocks.struct_block import StructBlockValidationError

from pages.blocks import QuizQuestionBlock
from pages.models import HomePage, QuizPage
from pages.starter.quiz import PAGE

RIGHT = {f"q{n}": str(at) for n, at in enumerate((2, 2, 1, 3, 1), start=1)}


def answered(answers: dict[str, str]) -> Any:
    return Client().get("/quiz/", {**answers, "done": "1"})


def test_reasons_stay_hidden_until_one_asks(starter: HomePage) -> None:
    html = Client().get("/quiz/").content.decode()
    assert html.count("<fieldset") >= 5
    assert 'class="why"' not in html
    assert "mark-right" not in html


def test_all_right_is_five_of_five(starter: HomePage) -> None:
    response = answered(RIGHT)
    assert response.context["right_count"] == 5
    html = response.content.decode()
    assert "5 道题，答对 5 道" in html
    assert html.count('class="why"') == 5
    assert html.count("答对了。") == 5


def test_a_wrong_answer_is_named_beside_the_right_one(starter: HomePage) -> None:
    response = answered({**RIGHT, "q1": "1"})
    assert response.context["right_count"] == 4
    html = response.content.decode()
    first = html[
        html.index('<fieldset class="wrong"') : html.index("</fieldset>", html.index('<fieldset class="wrong"'))
    ]
    assert (
        first.index("当天回来，不用说")
        < first.index("mark-wrong")
        < first.index("先向司法所请假")
        < first.index("mark-right")
    )
    assert 'value="1" checked' in first


@pytest.mark.parametrize("answer", ["", "0", "9", "-1", "x", "²", "1 OR 1", "9" * 99, "<script>alert(1)</script>"])
def test_what_is_no_answer_counts_as_none(answer: str, starter: HomePage) -> None:
    response = answered({**RIGHT, "q2": answer})
    assert response.status_code == 200
    assert response.context["right_count"] == 4
    assert response.context["asked"][1].chosen is None
    assert "<script>alert" not in response.content.decode()


def test_nothing_is_kept(starter: HomePage, django_assert_num_queries: Any, queries: Any) -> None:
    _plain, first = queries("/quiz/")
    taken, response = queries("/quiz/?done=1&q1=1&q2=2")
    assert taken <= QuizPage.query_budget + 1  # the reasons cite articles
    for each in (first, response):
        assert not each.cookies
    names = {field.name for field in QuizPage._meta.get_fields() if field.one_to_many or field.many_to_many}
    assert not [name for name in names if "answer" in name or "result" in name]
    assert 'method="get"' in response.content.decode()


@pytest.mark.parametrize("right", [[], [1, 2]])
def test_exactly_one_answer_is_right(right: list[int]) -> None:
    block = QuizQuestionBlock()
    value: Any = block.to_python(block.get_prep_value(block.normalize(PAGE["questions"][0][1])))
    block.clean(value)
    for at, option in enumerate(value["options"], start=1):
        option["is_right"] = at in right
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(value)
    assert "options" in refused.value.block_errors
