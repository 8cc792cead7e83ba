"""Collecting what is wrong with a file, so that a person can mend all of it at once."""

from dataclasses import dataclass
from pathlib import Path

from trust.errors import InputError, InputProblem, gettext_noop

__all__ = ["FileProblems", "InputError", "Problems", "gettext_noop"]

LONGEST_SHOWN = 80


class Problems:
    """Problems of one import. Note as many as there are, then `raise_any` where reading on makes no sense."""

    def __init__(self) -> None:
        self.found: list[InputProblem] = []

    def of(self, file: str) -> "FileProblems":
        """The same collection, bound to one file of the import."""
        return FileProblems(file, self.found)

    def raise_any(self) -> None:
        """Raise InputError with everything found so far; do nothing where that is nothing."""
        if self.found:
            raise InputError(in_order(self.found))


def in_order(found: list[InputProblem]) -> list[InputProblem]:
    """File by file as they were first met, and down each file."""
    files = {problem.file: i for i, problem in reversed(list(enumerate(found)))}
    return sorted(found, key=lambda problem: (files[problem.file], problem.row))


@dataclass(frozen=True)
class FileProblems:
    """Where a reader of one file notes what is wrong with it."""

    file: str
    found: list[InputProblem]

    def add(self, row: int, field: str, found: object, expected: str, **values: object) -> None:
        """Note one problem. `row` counts from 1 as an editor does, 0 for the whole file; `expected` is a msgid."""
        text = str(found)
        if len(text) > LONGEST_SHOWN:
            text = text[: LONGEST_SHOWN - 1] + "…"
        shown = tuple((name, str(value)) for name, value in values.items())
        self.found.append(InputProblem(self.file, int(row), field, text, expected, shown))


def missing_file(path: Path) -> InputError:
    problems = Problems()
    problems.of(path.name).add(0, "-", "-", gettext_noop("a file or folder that exists and can be read"))
    return InputError(problems.found)
