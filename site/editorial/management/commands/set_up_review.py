"""Set up the three reviews and the list of words to avoid."""

from typing import Any

from django.core.management.base import BaseCommand

from editorial.examples import set_up_review, starter_terms


class Command(BaseCommand):
    help = "Set up 三审三校 on every site and snippet, and add the starter list of words. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        workflow = set_up_review()
        added = starter_terms()
        self.stdout.write(f"{workflow.name}: {' → '.join(task.name for task in workflow.tasks)}; +{added}")
