"""The questions of an import: which file, in which coordinate system, whose; and which column is what."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from geo.models import Area, Category, Hotspot, Source
from geo.sources.mapping import HOTSPOT_FIELDS, NETWORK_FIELDS, Mapping
from geo.sources.problems import Problems
from geo.sources.values import clean_system
from trust.imports import say_problem

Kind = Source.Kind
MOST_UPLOAD_BYTES = 1 << 30
LONGEST_NAME = 255

SYSTEMS = [
    ("wgs84", _("WGS-84: GPS, OpenStreetMap, GTFS; also CGCS2000")),
    ("gcj02", _("GCJ-02: Amap, Tencent and most Chinese maps")),
    ("bd09", _("BD-09: Baidu")),
    ("epsg", _("Another one, by its EPSG number")),
]
NETWORK_LAYOUTS = [
    ("", "————"),
    ("gtfs", _("GTFS (zip)")),
    ("table", _("Table with a row per stop call (CSV, XLSX)")),
    ("geojson", _("Lines and stops as GeoJSON, Shapefile or GeoPackage")),
    ("cptond", _("CPTOND-2025 (GeoJSON, Shapefile, GeoPackage)")),
    ("macau", _("Macau layout (zip of two JSON files)")),
    ("shenzhen", _("Shenzhen layout (CSV with lists of stops)")),
]
LABELS = {
    "code": _("code"),
    "name": _("name"),
    "category": _("category"),
    "lon": _("longitude"),
    "lat": _("latitude"),
    "persons_per_day": _("persons per day"),
    "basis": _("basis"),
    "as_of": _("as of"),
    "street": _("street or town"),
    "line": _("line"),
    "direction": _("direction"),
    "stop": _("stop"),
    "sequence": _("sequence"),
    "first_departure": _("first departure"),
    "last_departure": _("last departure"),
    "headway_minutes": _("headway (minutes)"),
    "trips_per_day": _("trips per day"),
    "buses": _("buses"),
}
NEEDED = {Kind.HOTSPOTS: ("category", "lon", "lat", "persons_per_day"), Kind.NETWORK: ("line", "stop", "lon", "lat")}


class UploadForm(forms.Form):
    """The file and what only a person can know about it. Nothing is preset: the coordinate system is never guessed."""

    area = forms.ModelChoiceField(Area.objects.all(), label=_("area"))
    file = forms.FileField(label=_("file"), help_text=_("Folders are packed as zip. At most 1 GB."))
    layout = forms.ChoiceField(label=_("layout"), choices=NETWORK_LAYOUTS)
    system = forms.ChoiceField(
        label=_("coordinate system"),
        choices=SYSTEMS,
        widget=forms.RadioSelect,
        help_text=_("Ask whoever made the file. A wrong answer moves everything by up to a kilometre."),
    )
    epsg = forms.IntegerField(label=_("EPSG number"), required=False, min_value=1024, max_value=999_999)
    origin = forms.CharField(
        label=_("origin"), required=False, max_length=300, help_text=_("Who made it and where it was got.")
    )
    licence = forms.CharField(
        label=_("licence"), required=False, max_length=200, help_text=_("Terms under which it may be used.")
    )
    as_of = forms.DateField(label=_("as of"), required=False, widget=AdminDateInput)
    replaces = forms.CharField(
        label=_("takes the place of"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("Name of an earlier file, where this one is called otherwise. A file of the same name updates it."),
    )
    where = forms.CharField(
        label=_("which feature"), required=False, help_text=_("Where the file holds several, as gb=156440703.")
    )
    map_review_number = forms.CharField(
        label=_("map review number"),
        required=False,
        max_length=60,
        help_text=_("Without it no public page draws the boundary."),
    )

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dropped = {"layout"} if kind != Kind.NETWORK else set()
        dropped |= {"where", "map_review_number"} if kind != Kind.BOUNDARY else {"replaces"}
        for name in dropped:
            del self.fields[name]

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        name = Path(str(upload.name)).name
        if len(name) > LONGEST_NAME or (upload.size or 0) > MOST_UPLOAD_BYTES:
            raise forms.ValidationError(_("The file is too large, or its name too long."))
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("system") == "epsg":
            if not cleaned.get("epsg"):
                self.add_error("epsg", _("Which number?"))
            cleaned["system"] = f"epsg:{cleaned.get('epsg')}"
        problems = Problems()
        if cleaned.get("system"):
            clean_system(cleaned["system"], problems.of("-"))
        return cleaned

    def answers(self) -> dict[str, Any]:
        """As plain data, to be kept with the upload."""
        found = self.cleaned_data
        options = {
            name: found[name] or None if name == "map_review_number" else found[name]
            for name in ("where", "map_review_number")
            if name in found
        }
        return {
            "layout": found.get("layout", ""),
            "system": found["system"],
            "origin": found["origin"],
            "licence": found["licence"],
            "as_of": found["as_of"].isoformat() if found["as_of"] else "",
            "replaces": found.get("replaces", ""),
            "options": options,
        }


class LayersForm(forms.Form):
    """Of a GeoPackage with several layers, the ones wanted."""

    layers = forms.MultipleChoiceField(label=_("layers"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, present: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["layers"]
        field.choices = [(name, name) for name in present]


class ColumnsForm(forms.Form):
    """For each of our fields the column that holds it, or one value for every row."""

    def __init__(
        self,
        kind: str,
        headings: Sequence[str],
        remembered: dict[str, Any],
        *args: Any,
        located: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.headings = Kind(kind), list(headings)
        fields = HOTSPOT_FIELDS if self.kind == Kind.HOTSPOTS else NETWORK_FIELDS
        # A feature has its place in its geometry; only a table keeps it in columns.
        self.names = tuple(name for name in fields if not (located and name in {"lon", "lat"}))
        self.needed = [name for name in NEEDED[self.kind] if name in self.names]
        constants = dict(remembered.get("set", {}))
        columns = {name: column for name, column in remembered.get("map", {}).items() if column in self.headings}
        found = Mapping(columns=columns, constants=constants).columns_of(self.headings, self.names)
        for name in self.names:
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=LABELS[name],
                required=False,
                initial=found.get(name, ""),
                choices=[("", "————"), *((heading, heading) for heading in self.headings)],
            )
            self.fields[f"fixed_{name}"] = forms.CharField(
                label=_("the same for every row"), required=False, initial=constants.get(name, "")
            )
        if self.kind == Kind.HOTSPOTS:
            self.fields["fixed_category"] = forms.ChoiceField(
                label=_("the same for every row"),
                required=False,
                initial=constants.get("category", ""),
                choices=[("", "————"), *Category.choices],
            )
            self.fields["each"] = forms.CharField(
                label=_("counting columns"),
                required=False,
                initial="\n".join(remembered.get("each", [])),
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("One a line, as schools=school*600. Then category and persons per day are not needed."),
            )
            self.fields["basis"] = forms.ChoiceField(
                label=_("basis of rows that name none"), choices=Hotspot.Basis.choices, initial=Hotspot.Basis.ESTIMATED
            )
            self.fields["skip_incomplete"] = forms.BooleanField(
                label=_("Leave out rows without coordinates."), required=False
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """For the table of the page: field, column, fixed value, whether it is needed."""
        return [
            {
                "label": LABELS[name],
                "needed": name in self.needed,
                "column": self[f"column_{name}"],
                "fixed": self[f"fixed_{name}"],
            }
            for name in self.names
        ]

    @property
    def extras(self) -> list[Any]:
        return [self[name] for name in ("each", "basis", "skip_incomplete") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        mapping = self.mapping(cleaned)
        problems = Problems()
        parsed = Mapping.parse(
            [f"{name}={column}" for name, column in mapping["map"].items()],
            [f"{name}={value}" for name, value in mapping["set"].items()],
            mapping["each"],
            problems.of("-"),
            self.names,
        )
        for problem in problems.found:
            self.add_error("each" if problem.field == "--each" else None, say_problem(problem))
        counted = {"category", "persons_per_day"} if parsed.each else set()
        for name in self.needed:
            if name not in mapping["map"] and name not in mapping["set"] and name not in counted:
                self.add_error(f"column_{name}", _("Choose a column or give a value."))
        return cleaned

    def mapping(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """As `Mapping.describe` gives it; a fixed value wins over a column."""
        fixed = {name: cleaned.get(f"fixed_{name}", "").strip() for name in self.names}
        columns = {name: cleaned.get(f"column_{name}", "") for name in self.names if not fixed[name]}
        return {
            "map": {name: column for name, column in columns.items() if column},
            "set": {name: value for name, value in fixed.items() if value},
            "each": [line.strip() for line in cleaned.get("each", "").splitlines() if line.strip()],
        }
