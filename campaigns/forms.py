"""The brief as a form: dates, money, aim, priorities and formats."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Format, Mode
from campaigns.models.briefs import PRIORITY_MOST
from geo.models import Area, Category

SHOWN = ("government", "school", "park", "mall", "village")  # told apart on the map by colour and shape
FLIGHT_DAYS = 28
BUDGET_CNY = Decimal(200_000)


class MoneyField(forms.DecimalField):
    """Takes 200,000 and 200000 and ２００，０００ alike."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").replace(",", "").replace("，", "").replace(" ", "")
        return super().to_python(text)


class BriefForm(forms.ModelForm):
    budget_cny = MoneyField(
        label=_("Budget (yuan)"), max_digits=12, decimal_places=2, min_value=Decimal(1), localize=False
    )
    mode = forms.ChoiceField(label=_("Aim"), choices=Mode.choices, widget=forms.RadioSelect)
    formats = forms.MultipleChoiceField(
        label=_("Formats"),
        choices=Format.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one format.")},
    )

    class Meta:
        model = Campaign
        fields = ("name", "starts_on", "ends_on", "budget_cny", "mode", "formats")
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.area = area
        self.label_suffix = ""
        self.fields["budget_cny"].widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "money"})
        if not self.is_bound and self.initial.get("budget_cny") is not None:
            self.initial["budget_cny"] = f"{Decimal(self.initial['budget_cny']):,.2f}".removesuffix(".00")
        for category in SHOWN:
            self.fields[self.priority_name(category)] = forms.FloatField(
                label=Category(category).label,
                min_value=0.0,
                max_value=PRIORITY_MOST,
                initial=self.instance.weight(category),
                widget=forms.NumberInput(attrs={"type": "range", "step": "0.1"}),
            )
        for name, field in self.fields.items():
            if self.errors.get(name) if self.is_bound else False:
                field.widget.attrs["aria-invalid"] = "true"
                field.widget.attrs["aria-describedby"] = f"error-{name}"

    @staticmethod
    def priority_name(category: str) -> str:
        return f"priority_{category}"

    @property
    def priority_fields(self) -> list[tuple[str, forms.BoundField]]:
        """(category, field) of each slider, for the template."""
        return [(category, self[self.priority_name(category)]) for category in SHOWN]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        weights = dict(self.instance.priorities)
        for category in SHOWN:
            if values.get(self.priority_name(category)) is not None:
                weights[category] = round(values[self.priority_name(category)], 2)
        self.instance.priorities = weights
        return values


def new_brief(area: Area) -> Campaign:
    """An unsaved brief with sensible dates: four weeks from the first of next month."""
    today = timezone.localdate()
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return Campaign(
        area=area,
        name="",
        starts_on=first,
        ends_on=first + timedelta(days=FLIGHT_DAYS - 1),
        budget_cny=BUDGET_CNY,
    )
