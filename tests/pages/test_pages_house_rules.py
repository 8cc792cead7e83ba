"""The house rules for page types: ours keep them, and each rule fails a class that breaks it."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import models
from wagtail.models import Page, get_page_models

from pages.checks import extends_base, house_rules, page_types_keep_the_house_rules
from pages.models import ContentPage, PublicPage
from pages.registry import example, examples


def broken(**changes: Any) -> type[Page]:
    """An abstract page type that keeps every rule but what `changes` breaks. Abstract: Wagtail does not list it."""
    kept = {
        "query_budget": 10,
        "template": "pages/content_page.html",
        "__module__": __name__,
        "Meta": type("Meta", (), {"abstract": True}),
    }
    return type("BrokenPage", (PublicPage,), kept | changes)


def ids(model: type[Page], has_example: bool = True) -> set[str]:
    return {message.id or "" for message in house_rules(model, has_example=has_example)}


def test_every_page_type_keeps_the_house_rules() -> None:
    assert page_types_keep_the_house_rules() == []


def test_the_rules_are_part_of_manage_check() -> None:
    assert [message for message in run_checks() if (message.id or "").startswith("pages.")] == []


def test_a_type_that_keeps_every_rule_breaks_none() -> None:
    assert ids(broken()) == set()


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("pages.E001", {"search_fields": Page.search_fields}),
        ("pages.E002", {"preview_modes": []}),
        ("pages.E003", {"query_budget": None}),
        ("pages.E003", {"query_budget": 500}),
        ("pages.E004", {"template": "500.html"}),
        ("pages.E004", {"template": "pages/no_such_template.html"}),
        ("pages.E006", {"colour": models.CharField(max_length=9)}),
    ],
)
def test_each_rule_fails_what_breaks_it(rule: str, changes: dict[str, Any]) -> None:
    assert ids(broken(**changes)) == {rule}


def test_a_type_without_an_example_is_reported() -> None:
    assert ids(broken(), has_example=False) == {"pages.E005"}


def test_a_template_two_steps_from_the_base_counts_as_extending_it() -> None:
    assert extends_base(ContentPage.template)
    assert not extends_base("includes/footer.html")


def test_a_second_example_of_one_type_is_refused() -> None:
    examples()
    with pytest.raises(ValueError, match="has an example already"):
        example(ContentPage)(lambda parent=None: None)


def test_page_types_are_children_only_where_they_belong() -> None:
    ours = [model for model in get_page_models() if issubclass(model, PublicPage)]
    assert len(ours) >= 5
    for model in ours:
        assert model.clean_parent_page_models(), f"{model.__name__} fits under no page"
        assert Page not in model.clean_subpage_models(), f"{model.__name__} takes pages of any type"
