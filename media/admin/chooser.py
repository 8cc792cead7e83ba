"""Choosing a film, in forms and in StreamFields, as images are chosen."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet

from media.admin.columns import film_state, is_ready, poster
from media.models import Video


class FilmColumns:
    """Poster, state and length beside the title."""

    @property
    def columns(self) -> list[Column]:
        return [
            *super().columns,  # type: ignore[misc]
            Column("poster", label=_("Poster"), accessor=poster),
            StatusTagColumn("state", label=_("State"), accessor=film_state, primary=is_ready),
            Column("clock", label=_("Film length")),
        ]


class ChooseView(FilmColumns, chooser.ChooseView):
    """The whole window."""


class ChooseResultsView(FilmColumns, chooser.ChooseResultsView):
    """Another page or search of it."""


class FilmChooserViewSet(ChooserViewSet):
    model = Video
    icon = "media"
    choose_one_text = _("Choose a film")
    choose_another_text = _("Choose another film")
    edit_item_text = _("Edit this film")
    per_page = 12
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView


film_chooser = FilmChooserViewSet("film_chooser")
