"""The words of a law come in their order without a walk through every table above them."""

import pytest

from lawbook.models import Article, Division, Item, Paragraph


@pytest.mark.parametrize("model", [Division, Article, Paragraph, Item], ids=lambda model: model.__name__)
def test_the_natural_order_joins_no_other_table(model):
    assert "JOIN" not in str(model.objects.all().query)
