"""Admin forms with a rule of their own."""

from typing import Any

from wagtail.admin.forms import WagtailAdminModelForm

from geo.models import Line


class LineForm(WagtailAdminModelForm):
    """The number of buses as somebody counted it: from then on no import's estimate replaces it."""

    class Meta:
        model = Line
        fields = ["buses"]

    def save(self, commit: bool = True) -> Any:
        if "buses" in self.changed_data:
            # Emptied again, the number is for the next import to estimate.
            self.instance.buses_estimated = self.cleaned_data["buses"] is None
        return super().save(commit=commit)
