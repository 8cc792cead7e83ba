"""One example of each public thing here, shared by the starter site, tests, screenshots and accessibility runs."""

import json
from pathlib import Path

from lawbook.importing import import_record
from lawbook.models import Article, Explanation, Law
from lawbook.sources.corpus import find_corpus, read_corpus
from zh.numerals import article_number

STARTER = Path(__file__).with_name("starter") / "explanations.json"
SLUG = "community-correction"


def community_correction_law() -> Law | None:
    """The Community Correction Law from the installed corpus, with our explanations; None where there is no corpus."""
    corpus = find_corpus()
    if corpus is None:
        return None
    for record in read_corpus(corpus, "社区矫正法"):
        import_record(record, slug=SLUG)
    law = Law.objects.get(slug=SLUG)
    explanations_of(law)
    return law


def explanations_of(law: Law) -> list[Explanation]:
    """Our starter explanations, unsigned, for the articles that `law` has. What an editor has changed stays."""
    content = json.loads(STARTER.read_text(encoding="utf-8"))
    found = []
    for entry in content["explanations"]:
        key = article_number(entry["article"])
        if key is None:
            raise ValueError(f"{STARTER.name}: {entry['article']} is not the number of an article")
        if not Article.objects.filter(version__law=law, number=key.number, suffix=key.suffix).exists():
            continue
        words = {name: entry[name] for name in ("gist", "who", "meaning", "steps", "example", "note")}
        explanation, _made = Explanation.objects.get_or_create(
            law=law, number=key.number, suffix=key.suffix, defaults={**words, "author": content["author"]}
        )
        found.append(explanation)
    return found
