"""Inspect the whole site now and print what was found."""

from typing import Any

from django.core.management.base import BaseCommand

from editorial.health import write_report


class Command(BaseCommand):
    help = "Inspect the public site and keep the report that the admin shows."

    def handle(self, *args: Any, **options: Any) -> None:
        report = write_report()
        for item in report.items:
            self.stdout.write(f"[{item['level']}] {item['where']}: {item['problem']} → {item['remedy']}")
        self.stdout.write(f"{len(report.items)} / {report.seconds} s")
