"""Forms of the film desk. A file goes through the same checks whichever form it comes by."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from media import films, uploads
from media.captions import decode, parse
from media.errors import FilmProblem
from media.models import BusCut, Upload, Video
from media.models.captions import Language
from media.permissions import policy
from trust.errors import InputError
from trust.imports import say_problems

FIELDS = ["title", "slug", "summary", "credit", "licence", "collection", "tags", "is_sample"]
FIELDS += ["no_captions_reason", "published_on"]
ACCEPT = "video/mp4,video/quicktime,video/x-matroska,video/webm,.mp4,.mov,.m4v,.mkv,.webm,.avi,.ts,.3gp"


class FilmFileInput(forms.FileInput):
    """A file that is sent in pieces as soon as it is chosen, with the form where there is no script.

    Its value is the file, or the token of an upload that has arrived already.
    """

    template_name = "media/widgets/film_file.html"
    user: Any = None

    class Media:
        css = {"all": ["media/upload.css"]}
        js = ["vendor/tus/tus.min.js", "media/upload.js"]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return super().value_from_datadict(data, files, name) or data.get(f"{name}_upload") or None

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return super().value_omitted_from_data(data, files, name) and f"{name}_upload" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        mine = Upload.objects.filter(owner=self.user) if self.user is not None else Upload.objects.none()
        arrived = mine.filter(token=value).first() if isinstance(value, str) else None
        context |= {
            "arrived": arrived,
            "waiting": [upload for upload in mine if upload != arrived],
            "piece_bytes": uploads.PIECE_BYTES,
        }
        return context


class FilmFileField(forms.FileField):
    """A film, refused at once where its first bytes are not one. `of` says whose uploads count."""

    widget = FilmFileInput(attrs={"accept": ACCEPT})
    user: Any = None

    def of(self, user: Any) -> None:
        self.user = self.widget.user = user

    def clean(self, data: Any, initial: Any = None) -> Any:
        try:  # before Django's own check, whose sentence on an empty file helps nobody
            if isinstance(data, str):
                data = uploads.finished(self.user, data)
            if data:
                films.check_upload(data)
        except FilmProblem as error:
            raise ValidationError(str(error)) from error
        return super().clean(data, initial)


class FilmForm(WagtailAdminModelForm):
    """What is said about a film. The address is fixed once the film has had a publication date."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        action = "change" if self.instance.pk else "add"
        collections = policy.collections_user_has_permission_for(self.for_user, action)
        self.fields["collection"].queryset = collections
        if len(collections) == 1:
            self.fields["collection"].initial = collections[0].pk
        if self.instance.pk and self.instance.published_on:
            self.fields["slug"].disabled = True

    class Meta:
        model = Video
        fields = FIELDS
        widgets = {"summary": forms.Textarea(attrs={"rows": 3})}


class NewFilmForm(FilmForm):
    file = FilmFileField(label=_("Film"), help_text=_("MP4, MOV, MKV or WebM, at most 2 GB."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].of(self.for_user)


class NewVersionForm(forms.Form):
    file = FilmFileField(
        label=_("New file"), help_text=_("The film keeps its address; the old file plays until this is ready.")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("FilmFileField", self.fields["file"]).of(user)


class CaptionsForm(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    text = forms.CharField(
        label=_("Captions"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "class": "film-captions"}),
        help_text=_("WebVTT or SRT. Write the speaker before a colon: 旁白：…"),
    )
    file = forms.FileField(
        label=_("or a file"), required=False, help_text=_("A .vtt or .srt file; it takes the place of the text above.")
    )

    def __init__(self, *args: Any, duration_s: float | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.duration_s = duration_s
        self.file_name = str(_("Captions"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        try:
            if upload := values.get("file"):
                self.file_name = upload.name
                if upload.size > 2_000_000:
                    raise ValidationError(_("A caption file has at most 2 MB."))
                values["text"] = decode(upload.read(), upload.name)
            parse(values.get("text", ""), file=self.file_name, duration_s=self.duration_s)
        except InputError as error:
            raise ValidationError(say_problems(error)) from error
        return values


class BusCutForm(forms.ModelForm):
    class Meta:
        model = BusCut
        fields = ["profile", "start_s"]
