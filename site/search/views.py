"""The public search page."""

from collections import Counter
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from search.services import LONGEST_QUERY, find, jumps

PAGE_SIZE = 20


def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    wanted = request.GET.get("kind", "")
    found = find(query)
    counts = Counter(hit.kind for hit in found.hits)
    shown = [hit for hit in found.hits if not wanted or hit.kind == wanted]

    def address(**values: str) -> str:
        return f"{reverse('search:search')}?{urlencode({'q': query} | {k: v for k, v in values.items() if v})}"

    kinds = [(_("All"), len(found.hits), address(), not wanted)]
    kinds += [(kind, n, address(kind=kind), kind == wanted) for kind, n in counts.most_common()]
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "query": query,
        "hits": page.object_list,
        "page": page,
        "page_url": address(kind=wanted),
        "total": len(shown),
        "kinds": [dict(zip(("label", "count", "url", "current"), kind, strict=True)) for kind in kinds],
        "loosened": found.loosened and bool(found.hits),
        "jumps": [{"label": label, "url": url} for label, url in (jumps(query) if query else [])],
        "crumbs": [(_("Search"), None)],
    }
    return render(request, "search/search.html", context)
