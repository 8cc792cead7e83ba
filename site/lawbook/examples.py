"""One example of each public thing here, shared by the starter site, tests, screenshots and accessibility runs."""

import json
from pathlib import Path
from typing import Any

from lawbook.importing import import_listed, import_record
from lawbook.models import Article, Explanation, GlossaryTerm, Law, Topic
from lawbook.sources.corpus import find_corpus, read_corpus
from trust.imports import Report
from zh.numerals import article_number

STARTER = Path(__file__).with_name("starter") / "explanations.json"
GLOSSARY = STARTER.with_name("glossary.json")
SLUG = "community-correction"


def community_correction_law() -> Law | None:
    """The Community Correction Law from the installed corpus, with our explanations; None where there is no corpus."""
    corpus = find_corpus()
    if corpus is None:
        return None
    for record in read_corpus(corpus, "社区矫正法"):
        import_record(record, slug=SLUG, topic=Topic.CORRECTION)
    law = Law.objects.get(slug=SLUG)
    terms_of(law)
    explanations_of(law)
    return law


def other_laws() -> Report | None:
    """The other laws that our texts name, from the installed corpus; None where there is no corpus."""
    corpus = find_corpus()
    return import_listed(corpus) if corpus else None


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


def terms_of(law: Law) -> list[GlossaryTerm]:
    """Our starter glossary, unsigned. What an editor has changed stays."""
    if not GLOSSARY.exists():
        return []
    found = []
    for order, entry in enumerate(json.loads(GLOSSARY.read_text(encoding="utf-8")), 1):
        term, _made = GlossaryTerm.objects.get_or_create(
            term=entry["term"], defaults={**_term_values(entry, law), "order": order}
        )
        found.append(term)
    return found


def _term_values(entry: dict[str, Any], law: Law) -> dict[str, Any]:
    values: dict[str, Any] = {"other_forms": "\n".join(entry.get("also", ())), "meaning": entry["meaning"], "law": law}
    if named := entry.get("article"):
        key = article_number(named)
        if key is None:
            raise ValueError(f"{GLOSSARY.name}: {named} is not the number of an article")
        if Article.objects.filter(version__law=law, number=key.number, suffix=key.suffix).exists():
            values |= {"number": key.number, "suffix": key.suffix}
    return values
