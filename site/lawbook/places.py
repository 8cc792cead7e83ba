"""Pages of the law book that no row of a table stands for: chapters of long laws, comparisons of texts."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from django.db.models import Count

from lawbook.comparison import comparison_url
from lawbook.contents import MOST_ARTICLES_ON_A_PAGE, read_contents
from lawbook.models import LawVersion


def places_of_laws() -> Iterator[tuple[str, datetime]]:
    """(path, last change) for the site map."""
    long = LawVersion.objects.current().select_related("law").annotate(length=Count("articles"))
    for version in long.filter(length__gt=MOST_ARTICLES_ON_A_PAGE):
        contents = read_contents(version)
        contents.place(version.law.get_absolute_url())
        for branch in contents.chapters:
            yield branch.url, version.imported_at
    for newer, older in pairwise(sorted(LawVersion.objects.select_related("law").by_age(), key=lambda v: v.law_id)):
        if newer.law_id == older.law_id and (url := comparison_url(older, newer)):
            yield url, newer.imported_at
