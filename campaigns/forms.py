"""The brief as a form: dates, money, aim, priorities and formats, and what every plan must hold."""

import zlib
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Format, MinimumBy, Mode, Placement
from campaigns.models.briefs import MINIMUM_MOST, PRIORITY_MOST
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
    ceiling_cny = MoneyField(
        label=_("Most that a thousand more may cost (yuan)"),
        max_digits=12,
        decimal_places=2,
        min_value=Decimal("0.01"),
        localize=False,
        required=False,
    )

    class Meta:
        model = Campaign
        fields = ("name", "starts_on", "ends_on", "budget_cny", "mode", "formats", "ceiling_cny")
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.area = area
        self.label_suffix = ""
        self.fields["budget_cny"].widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "money"})
        self.fields["ceiling_cny"].widget = forms.TextInput(attrs={"inputmode": "decimal"})
        for name in ("budget_cny", "ceiling_cny"):
            if not self.is_bound and self.initial.get(name) is not None:
                self.initial[name] = f"{Decimal(self.initial[name]):,.2f}".removesuffix(".00")
        for category in SHOWN:
            self.fields[self.priority_name(category)] = forms.FloatField(
                label=Category(category).label,
                min_value=0.0,
                max_value=PRIORITY_MOST,
                initial=self.instance.weight(category),
                widget=forms.NumberInput(attrs={"type": "range", "step": "0.1"}),
            )
        self.minimum_names = dict(self._minimum_names(area))
        for (by, of), (name, label) in self.minimum_names.items():
            self.fields[name] = forms.IntegerField(
                label=label,
                required=False,
                min_value=0,
                max_value=MINIMUM_MOST,
                initial=self.instance.at_least(by, of) or None,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
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

    def _minimum_names(self, area: Area) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
        """((by, of), (name of the field, label)) of everything that a minimum can be asked for."""
        streets = Placement.objects.on_sale().filter(area=area).exclude(street="").values_list("street", flat=True)
        asked = (self.instance.minima or {}).get(MinimumBy.STREET, {})
        named: dict[str, list[tuple[str, str]]] = {
            MinimumBy.FORMAT: [(str(value), str(label)) for value, label in Format.choices],
            MinimumBy.CATEGORY: [(name, str(Category(name).label)) for name in SHOWN],
            MinimumBy.STREET: [(name, name) for name in sorted({*streets, *asked})],
        }
        for by, values in named.items():
            for of, label in values:
                # Streets are Chinese; the name of a field is not, and stays the same when a street is added.
                key = f"{zlib.crc32(of.encode()):08x}" if by == MinimumBy.STREET else of
                yield (str(by), of), (f"least_{by}_{key}", label)

    @property
    def minimum_fields(self) -> list[tuple[str, list[forms.BoundField]]]:
        """(legend, fields) of each kind of minimum that the area has, for the template."""
        groups = [
            (str(by.label), [self[name] for (kind, _of), (name, _label) in self.minimum_names.items() if kind == by])
            for by in MinimumBy
        ]
        return [group for group in groups if group[1]]

    @property
    def has_wishes(self) -> bool:
        """Whether the folded part of the brief says anything, or anything wrong."""
        wishes = ["ceiling_cny", *(name for name, _label in self.minimum_names.values())]
        return any(self[name].value() or self[name].errors for name in wishes)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        weights = dict(self.instance.priorities)
        for category in SHOWN:
            if values.get(self.priority_name(category)) is not None:
                weights[category] = round(values[self.priority_name(category)], 2)
        self.instance.priorities = weights
        minima: dict[str, dict[str, int]] = {}
        for (by, of), (name, _label) in self.minimum_names.items():
            if values.get(name):
                minima.setdefault(by, {})[of] = values[name]
        self.instance.minima = minima or None
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
