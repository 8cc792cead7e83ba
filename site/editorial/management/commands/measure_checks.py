"""Print how well the checks find what a file of marked sentences says they should."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from editorial.measure import measure, sentences
from editorial.models import TermRule


class Command(BaseCommand):
    help = "Precision and recall of the checks over a file of marked sentences (tests/editorial/corpus.txt)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--seed", type=int, default=0, help="for the numbers that are made up")

    def handle(self, *args: Any, **options: Any) -> None:
        read = sentences(options["file"].read_text(encoding="utf-8").splitlines(), seed=options["seed"])
        rules = [
            (rule.word, rule.exceptions)
            for rule in TermRule.objects.filter(active=True).exclude(level=TermRule.Level.JARGON)
        ]
        scores = measure(read, rules)
        self.stdout.write(f"{len(read)} sentences, seed {options['seed']}")
        for kind, score in sorted(scores.items()):
            self.stdout.write(
                f"{kind:10} right {score.right:3}  false {score.false:2}  missed {score.missed:2}  "
                f"precision {score.precision:.3f}  recall {score.recall:.3f}"
            )
        for fault in scores["all"].faults:
            self.stdout.write(f"  {fault}")
