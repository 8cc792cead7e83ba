"""One row of a table of faults."""

from __future__ import annotations

from dataclasses import dataclass, field

HEADS = ("fault", "during", "confirmed", "not confirmed", "works again after", "lost or half done")


@dataclass
class Row:
    """`refused` are deeds that got no good answer while it lasted; `wrong` is what was lost, or done by half."""

    harm: str
    during: str
    confirmed: int = 0
    refused: int = 0
    back_s: float | None = None
    wrong: list[str] = field(default_factory=list)

    @property
    def is_bad(self) -> bool:
        return bool(self.wrong)

    def line(self) -> str:
        back = "–" if self.back_s is None else f"{self.back_s:.1f} s"
        wrong = "; ".join(self.wrong).replace("|", "/").replace("\n", " ")[:300] or "nothing"
        cells = [self.harm, self.during, self.confirmed, self.refused, back, wrong]
        return f"| {' | '.join(map(str, cells))} |"


def heads() -> str:
    return f"| {' | '.join(HEADS)} |\n|{'---|' * len(HEADS)}"
