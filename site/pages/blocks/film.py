"""A film in a page's body: the media room's block, with this room's example as its preview."""

from media.blocks import FilmBlock as MediaFilmBlock
from pages.blocks.base import Example


class FilmBlock(Example, MediaFilmBlock):
    pass
