"""schema.org's view of a statute, for search engines."""

import json
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from lawbook.models import Article, LawVersion, Status

FORCE = {
    Status.IN_FORCE: "InForce",
    Status.FUTURE: "NotInForce",
    Status.REPEALED: "NotInForce",
}


def legislation(version: LawVersion, status: Status, article: Article | None = None, text: str = "") -> SafeString:
    """JSON-LD `Legislation` of a law or of one article, safe inside a script element.

    An amended text says nothing of its force: parts of it may stand, and nobody here has gone through them.
    """
    law = version.law
    base = settings.PUBLIC_URL
    whole: dict[str, Any] = {
        "@type": "Legislation",
        "@id": base + law.get_absolute_url(),
        "name": law.title,
        "alternateName": law.short_title,
        "url": base + law.get_absolute_url(),
        "legislationJurisdiction": "CN",
        "inLanguage": "zh-Hans",
    }
    if version.adopted_on:
        whole["legislationDate"] = version.adopted_on.isoformat()
    if version.effective_on:
        whole["legislationDateOfApplicability"] = version.effective_on.isoformat()
    if force := FORCE.get(status):
        whole["legislationLegalForce"] = f"https://schema.org/{force}"
    data = whole
    if article is not None:
        data = {
            "@type": "Legislation",
            "name": article.citation,
            "legislationIdentifier": article.label,
            "url": base + article.get_absolute_url(),
            "inLanguage": "zh-Hans",
            "text": text,
            "isPartOf": whole,
        }
    packed = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        packed = packed.replace(char, f"\\u{ord(char):04x}")
    return mark_safe(packed)  # noqa: S308 - the characters that could end the element are escaped above
