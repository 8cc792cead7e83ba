"""A film in a page's body."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from media.admin.chooser import film_chooser

FilmChooserBlock = film_chooser.get_block_class(name="FilmChooserBlock", module_path="media.blocks")


class FilmBlock(blocks.StructBlock):
    """The film's poster, title and length, leading to its page; nothing while the film is not public."""

    film = FilmChooserBlock(label=_("Film"), help_text=_("Visitors see it here once it is public."))
    note = blocks.CharBlock(
        required=False, max_length=60, label=_("Why watch it"), help_text=_("One short line below the title.")
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        film = value.get("film")
        context["film"] = film if film is not None and film.is_public else None
        context["notes"] = [value["note"]] if value.get("note") else []
        return context

    class Meta:
        template = "media/blocks/film.html"
        icon = "media"
        label = _("Film")
        description = _("A film with its poster, leading to its page with player, captions and transcript.")
