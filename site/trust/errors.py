"""What can go wrong with input and with permission, without Django, so that pure readers can say it too."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_PROBLEMS = 50


def gettext_noop(message: str) -> str:
    """Mark `message` for the translation files; it is translated where it is shown."""
    return message


@dataclass(frozen=True)
class InputProblem:
    """One thing wrong with a file: where it stands, what was found and what was expected there.

    `row` is 1-based as a person counts it in an editor or spreadsheet, 0 where the whole file is meant.
    `expected` is an English message marked with `gettext_noop`; `values` fills its %(name)s placeholders.
    """

    file: str
    row: int
    field: str
    found: str
    expected: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        expected = self.expected % dict(self.values) if self.values else self.expected
        return f"{self.file}:{self.row}: {self.field}: found {self.found!r}, expected {expected}"


class InputError(ValueError):
    """A file that cannot be taken in. Carries every problem found, at most `MOST_PROBLEMS`, and how many there were."""

    def __init__(self, problems: Sequence[InputProblem]) -> None:
        self.total = len(problems)
        self.problems = list(problems[:MOST_PROBLEMS])
        super().__init__("\n".join(str(problem) for problem in self.problems))
