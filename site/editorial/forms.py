"""Forms of the editors' desk."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.documents.forms import BaseDocumentForm

from editorial.checks.privacy import allowed_texts, private_in
from editorial.documents import Unreadable, texts_in
from editorial.models import WatchedName, name_digest
from trust.audit import Outcome, record


class PassForm(forms.Form):
    """The two tick-marks of a step, and what the reviewer says."""

    reviewed = forms.BooleanField(
        label=_("Reviewed (审)"), help_text=_("Content, law, facts, tone and the interests of those named are right.")
    )
    proofread = forms.BooleanField(
        label=_("Proofread (校)"), help_text=_("Characters, punctuation, numbers, dates, names and links are right.")
    )
    comment = forms.CharField(
        label=_("Comment"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What you compared it with, and what stood out. It stays in the trail."),
    )


class CasePassForm(PassForm):
    anonymised = forms.BooleanField(
        label=_("Anonymised (已匿名化)"),
        required=False,
        help_text=_("Nobody can be recognised: no name, address, workplace, school or rare circumstance."),
    )
    field_order = ["reviewed", "proofread", "anonymised", "comment"]


class ReturnForm(forms.Form):
    comment = forms.CharField(
        label=_("Reasons"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What has to be changed, and where."),
    )


class UrgentForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        min_length=10,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What is wrong on the public site, and why it cannot wait for three reviews."),
    )


class WatchedNameForm(WagtailAdminModelForm):
    """Takes a name once and keeps its digest only."""

    name = forms.CharField(
        label=_("Name"),
        min_length=2,
        max_length=8,
        help_text=_("In hanzi, without spaces. It is not kept in readable form and cannot be shown again."),
    )

    class Meta:
        model = WatchedName
        fields = ["hint"]
        field_classes: dict[str, Any] = {}

    field_order = ["name", "hint"]

    def clean_name(self) -> str:
        name = "".join(self.cleaned_data["name"].split())
        if WatchedName.objects.filter(digest=name_digest(name)).exists():
            raise ValidationError(_("This name is protected already."))
        return name

    def save(self, commit: bool = True) -> Any:
        self.instance.digest = name_digest(self.cleaned_data["name"])
        self.instance.length = len(self.cleaned_data["name"])
        return super().save(commit=commit)


class CheckedDocumentForm(BaseDocumentForm):
    """Refuses a document that holds private numbers: once in the library it is public under its address."""

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if not file or "file" not in self.changed_data:
            return file
        file.seek(0)
        data = file.read()
        file.seek(0)
        try:
            texts = texts_in(data, file.name)
        except Unreadable:
            return file  # a person looks: the page that offers it says so
        allowed = allowed_texts()
        found = [hit for text in texts for hit in private_in(text, allowed)]
        if found:
            places = "；".join(dict.fromkeys(f"{hit.where}：{hit.message}" for hit in found[:5]))
            record(
                "document.upload",
                outcome=Outcome.REFUSED,
                detail={"name": file.name[:100], "findings": sorted({hit.code for hit in found})},
            )
            raise ValidationError(
                _("This file holds what must not be published: %(places)s. Take it out and upload it again."),
                params={"places": places},
            )
        return file
