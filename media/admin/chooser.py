"""Choosing a film, in forms and in StreamFields, as images are chosen."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet

from media.admin.columns import film_state, is_ready, poster
from media.models import Video
from media.permissions import may, policy


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


class FilmsOfOnesShelves:
    """Films of the collections from which the person may choose, as Wagtail's images are chosen."""

    request: Any

    def get_object_list(self) -> Any:
        films = policy.instances_user_has_permission_for(self.request.user, "choose")
        return films.select_related("current_version").prefetch_related("current_version__renditions", "versions")

    @cached_property
    def collections(self) -> Any:
        """What the list can be narrowed to; None where there is nothing to choose between."""
        found = policy.collections_user_has_permission_for(self.request.user, "choose")
        return found if len(found) > 1 else None

    def get_filter_form(self) -> Any:
        return self.get_filter_form_class()(self.request.GET, collections=self.collections)  # type: ignore[attr-defined]


class ChosenView(chooser.ChosenView):
    """One film, chosen by its number: also from an address that was typed."""

    def get_object(self, pk: Any) -> Video:
        video: Video = super().get_object(pk)
        if not may(self.request.user, "choose", video):
            raise PermissionDenied
        return video


class ChosenMultipleView(chooser.ChosenMultipleView):
    def get_objects(self, pks: Any) -> Any:
        return policy.instances_user_has_permission_for(self.request.user, "choose").filter(pk__in=pks)


class ChooseView(FilmsOfOnesShelves, FilmColumns, chooser.ChooseView):
    """The whole window."""


class ChooseResultsView(FilmsOfOnesShelves, FilmColumns, chooser.ChooseResultsView):
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
    chosen_view_class = ChosenView
    chosen_multiple_view_class = ChosenMultipleView


film_chooser = FilmChooserViewSet("film_chooser")
