"""An explanation as it is shown: its sections with links to articles and terms, and the terms that it uses."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from lawbook.glossary import Glossary, Term
from lawbook.links import Linker
from lawbook.models import Explanation


@dataclass
class Explained:
    """Each section as paragraphs (steps: one a step) of safe HTML; `terms` in the order of their first place."""

    who: list[SafeString]
    meaning: list[SafeString]
    steps: list[SafeString]
    example: list[SafeString]
    note: list[SafeString]
    terms: list[Term]


def explain(explanation: Explanation, linker: Linker, glossary: Glossary) -> Explained:
    """Link what `explanation` cites and mark the first place of each term in each of its sections."""

    def section(parts: list[str]) -> list[SafeString]:
        marker = glossary.section(linker)
        return [marker.html(part) for part in parts]

    return Explained(
        who=section(paragraphs_of(explanation.who)),
        meaning=section(paragraphs_of(explanation.meaning)),
        steps=section(explanation.step_list),
        example=section(paragraphs_of(explanation.example)),
        note=section(paragraphs_of(explanation.note)),
        terms=list(glossary.used.values()),
    )


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a plain text, which an empty line sets apart."""
    return [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
