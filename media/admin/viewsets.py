"""Lists and forms for films, screens, cuts, playlists, packages and play reports."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, StatusTagColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import HeaderButton

from media import films, uploads
from media.admin.columns import film_state, is_ready, poster
from media.admin.forms import FilmForm, NewFilmForm
from media.models import BusCut, BusProfile, MediaPackage, Playlist, PlayReport, Video
from media.permissions import may, policy


class DeskIndexView(generic.IndexView):
    """A list whose rows lead to the page where the work is done."""

    desk_url_name = ""

    def get_edit_url(self, instance: Any) -> str:
        return reverse(self.desk_url_name, args=[instance.pk])

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        return []


class OnItsShelf:
    """Opens a film only to those who may do this with films of its collection."""

    def get_object(self, *args: Any, **kwargs: Any) -> Video:
        video: Video = super().get_object(*args, **kwargs)  # type: ignore[misc]
        if not may(self.request.user, self.permission_required, video):  # type: ignore[attr-defined]
            raise PermissionDenied
        return video


class FilmIndexView(DeskIndexView):
    desk_url_name = "media_admin:film"

    def get_base_queryset(self) -> Any:
        return (
            super()
            .get_base_queryset()
            .filter(pk__in=policy.instances_user_has_any_permission_for(self.request.user, ["view", "change"]))
            .select_related("current_version")
            .prefetch_related("current_version__renditions", "versions")
        )


class FilmCreateView(generic.CreateView):
    def save_instance(self) -> Video:
        self.form.instance.created_by = self.request.user
        with transaction.atomic():
            video: Video = super().save_instance()
            uploads.keep(video, self.form.cleaned_data["file"], user=self.request.user)
        return video

    def get_success_url(self) -> str:
        return reverse("media_admin:film", args=[self.object.pk])


class FilmEditView(OnItsShelf, generic.EditView):
    def save_instance(self) -> Video:
        video: Video = super().save_instance()
        films.tell(video)
        return video

    def get_success_url(self) -> str:
        return reverse("media_admin:film", args=[self.object.pk])


class FilmDeleteView(OnItsShelf, generic.DeleteView):
    """Deleting a film takes its versions, captions and files along; bus cuts hold it back."""


class FilmUsageView(OnItsShelf, generic.UsageView):
    """Where a film is shown."""


class FilmViewSet(ModelViewSet):
    model = Video
    icon = "media"
    menu_label = _("Films")
    name = "films"
    url_prefix = "films/list"
    index_view_class = FilmIndexView
    add_view_class = FilmCreateView
    edit_view_class = FilmEditView
    delete_view_class = FilmDeleteView
    usage_view_class = FilmUsageView
    copy_view_enabled = False
    list_display = [
        "title",
        Column("poster", label=_("Poster"), accessor=poster),
        StatusTagColumn("state", label=_("State"), accessor=film_state, primary=is_ready),
        Column("clock", label=_("Film length")),
        BooleanColumn("published", label=_("Published"), sort_key="published"),
        DateColumn("updated_at", label=_("Updated"), sort_key="updated_at"),
    ]
    list_filter = ["published", "collection"]
    search_fields = ["title", "summary"]
    form_fields = ["title"]  # the form classes below name the fields

    def get_form_class(self, for_update: bool = False) -> type[FilmForm]:
        return FilmForm if for_update else NewFilmForm


class BusProfileViewSet(ModelViewSet):
    model = BusProfile
    icon = "cog"
    menu_label = _("Screen profiles")
    name = "bus_profiles"
    url_prefix = "films/profiles"
    list_display = ["name", "width", "height", "fps", "seconds", "audio"]
    form_fields = [
        "name", "width", "height", "fps", "seconds", "video_kbps", "audio", "size_cap_mb", "safe_area_percent",
    ]  # fmt: skip


class CutIndexView(DeskIndexView):
    desk_url_name = "media_admin:cut"

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("version__video", "profile")

    @property
    def add_url(self) -> None:
        return None  # cuts are asked for on the film's desk


class BusCutViewSet(ModelViewSet):
    model = BusCut
    icon = "cut"
    menu_label = _("Bus cuts")
    name = "bus_cuts"
    url_prefix = "films/cuts"
    index_view_class = CutIndexView
    copy_view_enabled = False
    list_display = [
        "__str__",
        StatusTagColumn("state", label=_("State"), accessor="get_state_display", primary=is_ready),
        BooleanColumn("approved", label=_("Approved")),
        BooleanColumn("stale", label=_("Out of date")),
        DateColumn("created_at", label=_("Created"), sort_key="created_at"),
    ]
    list_filter = ["profile"]
    form_fields = ["profile", "start_s"]


class PlaylistEditView(generic.EditView):
    @property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton(
                _("Packages of this playlist"),
                url=reverse("media_admin:playlist", args=[self.object.pk]),
                icon_name="download",
            )
        ]


class PlaylistViewSet(ModelViewSet):
    model = Playlist
    icon = "list-ol"
    menu_label = _("Playlists")
    name = "playlists"
    url_prefix = "films/playlists"
    edit_view_class = PlaylistEditView
    copy_view_enabled = False
    list_display = ["name", "starts_on", "ends_on", "loop_s"]
    panels = [
        FieldPanel("name"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on"), FieldPanel("weekdays")]),
                FieldRowPanel([FieldPanel("from_time"), FieldPanel("to_time"), FieldPanel("loop_s")]),
            ],
            heading=_("Time of play"),
        ),
        InlinePanel(
            "items",
            label=_("playlist item"),
            heading=_("playlist items"),
            panels=[FieldPanel("cut"), FieldPanel("plays_per_loop")],
        ),
    ]


class PackageIndexView(DeskIndexView):
    desk_url_name = "media_admin:package"

    @property
    def add_url(self) -> None:
        return None  # packages are made from a playlist


class MediaPackageViewSet(ModelViewSet):
    model = MediaPackage
    icon = "download"
    menu_label = _("Bus packages")
    name = "packages"
    url_prefix = "films/packages"
    index_view_class = PackageIndexView
    copy_view_enabled = False
    list_display = [
        "code",
        "playlist",
        StatusTagColumn("state", label=_("State"), accessor="get_state_display", primary=is_ready),
        "expires_on",
        BooleanColumn("withdrawn", label=_("Withdrawn")),
    ]
    form_fields = ["expires_on"]


class PlayReportIndexView(generic.IndexView):
    """Read only: reports come in by `import_play_report`."""

    def get_edit_url(self, instance: Any) -> None:
        return None

    @property
    def add_url(self) -> None:
        return None

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        return []


class PlayReportViewSet(ModelViewSet):
    model = PlayReport
    icon = "history"
    menu_label = _("Play reports")
    name = "play_reports"
    url_prefix = "films/reports"
    index_view_class = PlayReportIndexView
    copy_view_enabled = False
    list_display = ["day", "vehicle", "cut", "plays", "source_name"]
    list_filter = ["day", "vehicle"]
    form_fields = ["plays"]


class FilmsGroup(ViewSetGroup):
    menu_label = _("Films")
    menu_icon = "media"
    menu_order = 250
    items = (
        FilmViewSet, BusCutViewSet, BusProfileViewSet, PlaylistViewSet, MediaPackageViewSet, PlayReportViewSet,
    )  # fmt: skip
