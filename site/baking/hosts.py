"""Which of Wagtail's sites a request names. Any other host is nobody's, whatever ALLOWED_HOSTS lets in."""

from django.core.cache import cache
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from wagtail.models import Site

USUAL_PORTS = frozenset({80, 443})


def site_of(request: HttpRequest, generation: str) -> Site | None:
    """The site whose host name and port stand in the request's Host header, letter for letter; None for any other.

    Two sites of one host name share their folder, so neither is baked.
    """
    # The cache hands out a copy: nothing that a request does to its site reaches another's.
    key = f"baking.sites:{generation}"
    sites: list[Site] | None = cache.get(key)
    if sites is None:
        sites = list(Site.objects.select_related("root_page"))
        cache.set(key, sites)
    try:
        host = request.get_host()
    except DisallowedHost:
        return None  # the views' own middleware refuses it
    named = [site for site in sites if host in _names(site)]
    if len(named) != 1 or sum(site.hostname == named[0].hostname for site in sites) != 1:
        return None
    return named[0]


def _names(site: Site) -> set[str]:
    with_port = f"{site.hostname}:{site.port}"
    return {with_port, site.hostname} if site.port in USUAL_PORTS else {with_port}
