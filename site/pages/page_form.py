"""The form of every page in the admin: an address may be left out, and one that is not free is refused at once."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

from pages.addresses import refuse_taken


class PublicPageForm(WagtailAdminPageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "Last part of the web address: small letters, digits and hyphens. Left empty, kind and date are taken."
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        slug = cleaned.get("slug")
        if not slug and self.instance.slug and self.instance.pk:
            cleaned["slug"] = self.instance.slug  # an address that people know is not lost by emptying the field
        elif slug:
            try:
                refuse_taken(slug, self.parent_page)
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned
