"""Every block has an example, and its example renders."""

from typing import Any

import pytest
from wagtail import blocks
from wagtail.models import get_page_models

from media.models import Video
from pages import blocks as ours
from pages.blocks import BodyBlock
from pages.fields import StreamField
from pages.models import HomePage
from pages.registry import examples

BLOCKS = [getattr(ours, name) for name in ours.__all__ if name != "BodyBlock"]


@pytest.fixture
def film(db: None, monkeypatch: pytest.MonkeyPatch) -> Video:
    """A film that counts as public without having been transcoded."""
    monkeypatch.setattr(Video, "public_objects", classmethod(lambda cls: cls.objects.all()))
    return Video.objects.create(title="示例短片", slug="sample", published=True)


def test_a_film_shows_in_a_body_only_while_it_is_public(film: Video, monkeypatch: pytest.MonkeyPatch) -> None:
    block = ours.FilmBlock()
    value = block.normalize({"film": film, "note": "等车时看"})
    assert film.get_absolute_url() in block.render(value)
    monkeypatch.setattr(Video, "public_objects", classmethod(lambda cls: cls.objects.none()))
    assert film.title not in block.render(value)


@pytest.mark.parametrize("kind", BLOCKS, ids=lambda kind: kind.__name__)
def test_a_block_renders_its_example(kind: type[blocks.Block], starter: HomePage, library: None, film: Video) -> None:
    block = kind()
    html = block.render(block.to_python(block.get_prep_value(block.normalize(examples()[kind]()))))
    assert len(html) > 40
    assert "style=" not in html
    assert "<script" not in html


def _is_stream(field: Any) -> bool:
    return isinstance(field, StreamField)


def test_a_body_holds_every_block_of_a_page() -> None:
    elsewhere = {ours.FigureBlock}  # inside other blocks
    streams = [field for model in get_page_models() for field in model._meta.get_fields() if _is_stream(field)]
    own = {type(child) for field in streams for child in field.stream_block.child_blocks.values()}
    assert own | elsewhere >= set(BLOCKS)
    assert {type(child) for child in BodyBlock().child_blocks.values()} == {
        ours.TextBlock,
        ours.NoteBlock,
        ours.QuoteBlock,
        ours.StepsBlock,
        ours.QuestionsBlock,
        ours.FiguresBlock,
        ours.PlacesBlock,
        ours.PictureBlock,
        ours.FilmBlock,
        ours.TableBlock,
        ours.FilesBlock,
    }


@pytest.mark.parametrize("kind", BLOCKS, ids=lambda kind: kind.__name__)
def test_a_block_says_what_it_is_for(kind: type[blocks.Block]) -> None:
    block = kind()
    assert block.label
    assert block.is_previewable


def test_every_field_of_a_block_has_a_help_text() -> None:
    silent: list[str] = []

    def walk(name: str, block: blocks.Block) -> None:
        if isinstance(block, blocks.BaseStructBlock):
            for child_name, child in block.child_blocks.items():
                walk(f"{name}.{child_name}", child)
                is_list = isinstance(child, (blocks.ListBlock, blocks.BaseStructBlock))
                if not is_list and not (getattr(child, "field", None) and child.field.help_text):
                    silent.append(f"{name}.{child_name}")
        elif isinstance(block, blocks.ListBlock):
            walk(f"{name}[]", block.child_block)

    for kind in BLOCKS:
        walk(kind.__name__, kind())
    assert silent == []


def test_rich_text_offers_no_colours_no_embeds_and_no_pictures() -> None:
    allowed = {"h2", "h3", "bold", "ol", "ul", "link", "document-link"}

    def features(block: blocks.Block) -> set[str]:
        if isinstance(block, blocks.RichTextBlock):
            return set(block.features or ["unrestricted"])
        if isinstance(block, blocks.ListBlock):
            return features(block.child_block)
        children = getattr(block, "child_blocks", {})
        return set().union(*[features(child) for child in children.values()], set())

    for kind in BLOCKS:
        assert features(kind()) <= allowed, kind.__name__


def test_a_figure_shows_its_unit_its_time_and_its_source() -> None:
    block = ours.FigureBlock()
    html = block.render(block.normalize(examples()[ours.FigureBlock]()))
    for part in ("158", "场", "2020-07-01", "2023-07-01", "来源", "蓬江区司法局"):
        assert part in html


def test_thousands_are_separated() -> None:
    block = ours.FigureBlock()
    value = examples()[ours.FigureBlock]() | {"value": 1234567}
    assert "1,234,567" in block.render(block.normalize(value))


def test_a_table_with_a_short_row_keeps_its_shape() -> None:
    block = ours.TableBlock()
    html = block.render(block.to_python({"caption": "示例", "rows": ["甲|乙|丙", "一｜二"]}))
    assert html.count("<td") == 2
    assert html.count('scope="row"') == 1
    assert ">一<" in html


def test_text_that_an_editor_pastes_is_escaped() -> None:
    block = ours.StepsBlock()
    html = block.render(block.to_python({"title": "<script>alert(1)</script>", "steps": ["<img src=x>", "好"]}))
    assert "<script" not in html
    assert "<img" not in html
