"""`manage.py plan --area SLUG --budget YUAN --days N --out DIR`: a brief in, a stored plan and its files out."""

import json
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from campaigns import explain
from campaigns.management.commands.generate_placements import find_area
from campaigns.models import Campaign, Format, Mode, PlanVersion


class Command(BaseCommand):
    help = "Compute and store a plan; print its reach and its proof; with --out write tables, GeoJSON and a map."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--area", required=True, help="slug of the area")
        parser.add_argument("--budget", required=True, help="yuan, media and production together")
        parser.add_argument("--days", type=int, default=28, help="length of the flight (28)")
        parser.add_argument("--start", help="first day, YYYY-MM-DD; else the first of next month")
        parser.add_argument("--mode", choices=Mode.values, default=Mode.REACH.value, help="what is maximised (reach)")
        parser.add_argument("--formats", nargs="+", choices=Format.values, default=list(Format.values))
        parser.add_argument("--seed", type=int, default=42)
        parser.add_argument("--iterations", type=int, default=2000)
        parser.add_argument("--name", help="name of the campaign; one of that name gets another plan")
        parser.add_argument("--out", type=Path, help="folder for plan.json, picks.csv, picks.geojson and map.html")

    def handle(self, *args: Any, **options: Any) -> None:
        from campaigns.services.planning import make_plan
        from campaigns.services.preparing import prepare_area
        from campaigns.services.problems import NothingToPlan

        area = find_area(options["area"])
        campaign = self._campaign(area, options)
        try:
            prepare_area(area, campaign.starts_on)
            plan = make_plan(campaign, seed=options["seed"], iterations=options["iterations"])
        except NothingToPlan as error:
            raise CommandError(str(error)) from error
        self._print(plan)
        if options["out"]:
            for path in write_files(plan, options["out"]):
                self.stdout.write(_("Written: %(path)s") % {"path": path})

    def _campaign(self, area: Any, options: dict[str, Any]) -> Campaign:
        first = timezone.localdate().replace(day=1) + timedelta(days=32)
        start: date | None = parse_date(options["start"]) if options["start"] else first.replace(day=1)
        if start is None:
            raise CommandError(_("--start: expected YYYY-MM-DD, found %(found)s") % {"found": options["start"]})
        if options["days"] < 1:
            raise CommandError(_("--days: expected at least 1, found %(found)s") % {"found": options["days"]})
        try:
            budget = Decimal(options["budget"].replace(",", ""))
        except InvalidOperation as error:
            raise CommandError(_("--budget: expected yuan, found %(found)s") % {"found": options["budget"]}) from error
        name = options["name"] or _("Plan from the command line")
        campaign = Campaign.objects.filter(area=area, name=name).first() or Campaign(area=area, name=name)
        campaign.starts_on, campaign.ends_on = start, start + timedelta(days=options["days"] - 1)
        campaign.budget_cny, campaign.mode, campaign.formats = budget, options["mode"], options["formats"]
        try:
            campaign.full_clean()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        campaign.save()
        return campaign

    def _print(self, plan: PlanVersion) -> None:
        self.stdout.write(str(plan))
        self.stdout.write(
            _("%(n)d placements for ¥%(cost)s") % {"n": plan.picks.count(), "cost": explain.money(plan.cost_cny)}
        )
        self.stdout.write(
            _("Reach %(reach)d%% (low–high %(low)d–%(high)d%%), %(persons)s people, frequency %(frequency).1f")
            % {
                "reach": round(100 * plan.reach),
                "low": round(100 * plan.reach_low),
                "high": round(100 * plan.reach_high),
                "persons": f"{plan.reached_persons:,.0f}",
                "frequency": plan.frequency,
            }
        )
        self.stdout.write(
            _("At least this near to the best possible plan:") + f" {explain.floor_percent(plan.attained)}%"
        )
        self.stdout.write(explain.certificate(plan))
        if plan.result["unreachable"]:
            self.stdout.write(
                _("%(n)d places cannot be covered by anything on sale.") % {"n": len(plan.result["unreachable"])}
            )


def write_files(plan: PlanVersion, folder: Path) -> list[Path]:
    """Tables, GeoJSON, map and the plan's own record; returns what was written."""
    from campaigns.services.exports import picks_csv, picks_geojson, plan_map
    from geo.services import layers

    folder.mkdir(parents=True, exist_ok=True)
    area_layers = layers(plan.campaign.area)
    texts = {
        "plan.json": json.dumps(plan_record(plan), ensure_ascii=False, indent=2),
        "picks.csv": picks_csv(plan),
        "picks.geojson": json.dumps(picks_geojson(plan), ensure_ascii=False),
        "routes.geojson": json.dumps(area_layers["routes"], ensure_ascii=False),
        "hotspots.geojson": json.dumps(area_layers["hotspots"], ensure_ascii=False),
        "map.html": plan_map(plan),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return [folder / name for name in texts]


def plan_record(plan: PlanVersion) -> dict[str, Any]:
    """Everything needed to compute the plan again, and what came out."""
    return {
        "plan": str(plan),
        "sha256": plan.sha256,
        "inputs_sha256": plan.inputs_sha256,
        "parameters": plan.parameters,
        "seed": plan.seed,
        "iterations": plan.iterations,
        "libraries": plan.libraries,
        "cost_cny": f"{plan.cost_cny:.2f}",
        "value": plan.value,
        "bound": plan.bound,
        "attained": plan.attained,
        "result": plan.result,
    }
