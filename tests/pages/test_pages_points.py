"""Service points: the list first, a sketch second, and never a boundary."""

import re
from typing import Any

import pytest
from django.test import Client
from wagtail.blocks.struct_block import StructBlockValidationError

from pages.blocks import PointBlock
from pages.models import HomePage, ServicePointsPage
from pages.starter.places import PAGE

URL = "/service-points/"


def main(address: str = URL) -> str:
    html = Client().get(address).content.decode()
    return html[html.index("<main") : html.index("</main>")]


def test_points_stand_under_their_street_in_the_editors_order(starter: HomePage) -> None:
    streets = [street.name for street in Client().get(URL).context["streets"]]
    assert streets == ["白沙街道", "环市街道", "潮连街道", "棠下镇", "荷塘镇", "杜阮镇"]


def test_the_list_comes_before_the_sketch_and_both_carry_the_same_numbers(starter: HomePage) -> None:
    html = main()
    assert html.index("司法所") < html.index('<figure class="sketch">')
    listed = re.findall(r'<span class="dot num">(\d+)</span>', html)
    sketched = re.findall(r'<text y="6">(\d+)</text>', html)
    assert listed == sketched == [str(n) for n in range(1, len(PAGE["points"]) + 1)]


def test_a_chosen_service_shows_where_it_is_offered_and_keeps_the_numbers(starter: HomePage) -> None:
    everything, talk = main(), main(f"{URL}?service=talk")
    assert re.findall(r'<span class="dot num">(\d+)</span>', talk) == ["4"]
    assert "蓬江区社区矫正中心" in talk
    assert "棠下司法所" not in talk
    assert 'href="?service=talk"' in everything
    assert re.search(r'href="\?service=talk" aria-current="true"', talk)


@pytest.mark.parametrize("service", ["", "nothing", "<script>", "report&service=x"])
def test_a_service_that_nobody_offers_shows_everything(service: str, starter: HomePage) -> None:
    html = main(f"{URL}?service={service}")
    assert "棠下司法所" in html
    assert "<script>" not in html


def test_every_point_says_when_it_was_checked_and_what_is_invented(starter: HomePage) -> None:
    html = main()
    assert html.count("2026-11-02") >= len(PAGE["points"])
    assert html.count('<span class="tag">示例</span></h3>') == len(PAGE["points"])


def test_a_sketch_draws_no_boundary_and_asks_for_no_tile(starter: HomePage) -> None:
    html = main()
    sketch = html[html.index('<figure class="sketch">') : html.index("</figure>")]
    assert "<image" not in sketch
    assert "<img" not in sketch
    assert "polygon" not in sketch
    assert set(re.findall(r"<path class=\"(\w+)\"", sketch)) == {"rule"}  # scale and north arrow
    assert sketch.count("<path") == 2
    assert "不是地图" in sketch


def test_without_positions_there_is_a_list_and_no_sketch(starter: HomePage) -> None:
    page = ServicePointsPage.objects.get()
    for block in page.points:
        block.value["longitude"] = block.value["latitude"] = None
    page.save()
    assert "司法所" in main()
    assert "sketch" not in main()


@pytest.mark.parametrize("missing", ["longitude", "latitude"])
def test_half_a_position_is_refused(missing: str) -> None:
    block = PointBlock()
    value: Any = block.to_python(block.get_prep_value(block.normalize(PAGE["points"][0][1])))
    block.clean(value)
    value[missing] = None
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(value)
    assert missing in refused.value.block_errors


def test_a_number_that_stands_for_none_cannot_be_dialled(starter: HomePage) -> None:
    page = ServicePointsPage.objects.get()
    page.points[0].value["phone"] = "0750-3456789"
    page.points[2].value["phone"] = "0750-0000000（示例）"
    page.save()
    html = main()
    assert '<a class="num" href="tel:07503456789">0750-3456789</a>' in html
    assert '<span class="num">0750-0000000（示例）</span>' in html
    assert 'href="tel:12348"' in html
