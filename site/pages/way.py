"""The way from a page down to one below it, found in one query instead of two a step."""

from collections.abc import Sequence

from django.db.models import Q
from wagtail.models import Page

DEEPEST = 8  # more steps than any page of ours has; what an address asks beyond is not looked for


def way_down(start: Page, slugs: Sequence[str]) -> list[Page]:
    """The pages below `start` that `slugs` name, one step each, as far as they exist; live or not."""
    steps = [Q(depth=start.depth + at, slug=slug) for at, slug in enumerate(slugs[:DEEPEST], start=1)]
    if not steps:
        return []
    named = Q()
    for step in steps:
        named |= step
    below = {page.path: page for page in Page.objects.filter(named, path__startswith=start.path)}
    found: list[Page] = []
    at = start
    for slug in slugs[:DEEPEST]:
        children = (page for path, page in below.items() if path[: -Page.steplen] == at.path and page.slug == slug)
        child = next(children, None)
        if child is None:
            break
        found.append(child)
        at = child
    return found


def steps_to(path: str) -> list[str]:
    """Tree paths from the root down to `path` itself."""
    return [path[:end] for end in range(Page.steplen, len(path) + 1, Page.steplen)]
