"""The geo app, and what each role may do in it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_MODELS = ("area", "source", "line", "route", "stop", "hotspot", "baselayer", "routescore", "fileimport")
_READ = [f"geo.view_{model}" for model in _MODELS]
_PLAN = [
    "geo.change_area",
    "geo.change_line",
    "geo.add_hotspot",
    "geo.change_hotspot",
    "geo.delete_hotspot",
    "geo.add_fileimport",
]


class GeoConfig(AppConfig):
    name = "geo"
    verbose_name = _("Places and buses")
    audit_actions = {
        "base_map.import": _("Import a base map"),
        "boundary.import": _("Import a boundary"),
        "geo.export": _("Export map data"),
        "geo.upload": _("Upload map data"),
        "hotspots.import": _("Import hotspots"),
        "hotspots.sample": _("Make sample hotspots"),
        "network.import": _("Import a bus network"),
    }

    # Read by trust: role value -> permissions. Networks, stops and scores come from files and computation,
    # so nobody edits them by hand.
    role_permissions = {
        "planner": [*_READ, *_PLAN],
        "auditor": _READ,
        "final_reviewer": _READ,
        "admin": [*_READ, *_PLAN, "geo.add_area", "geo.delete_area"],
    }
