"""Atom feeds (RFC 4287) of what is new in a column or on the whole site."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from wagtail.models import Page

from pages.navigation import frame_of

MOST = 30


class Feed(Atom1Feed):
    """Django's, with the language tag of this site and without a stylesheet."""

    def root_attributes(self) -> dict[str, str]:
        return {**super().root_attributes(), "xml:lang": self.feed["language"]}


def atom(page: Page, items: Iterable[Any], request: HttpRequest) -> str:
    """The feed of `page` over `items`, which carry `item_date`, `item_summary` and `item_is_sample`.

    An entry's id does not change when its page moves or is renamed.
    """
    frame = frame_of(request)
    site_name = frame.identity.site_name
    address = page.get_full_url(request)
    script: Any = getattr(request, "script", None)
    is_home = frame.site is not None and page.pk == frame.site.root_page_id
    feed = Feed(
        title=site_name if is_home else f"{page.title} · {site_name}",
        link=address,
        feed_url=f"{address}feed/",
        description=getattr(page, "standfirst", ""),
        subtitle=getattr(page, "standfirst", "") or frame.identity.description,
        language="zh-Hant" if script is not None and script.is_traditional else "zh-Hans",
        author_name=frame.identity.host_organisation or site_name,
        feed_guid=_tag(frame.domain, page),
    )
    for item in items:
        changed = item.last_published_at or timezone.now()
        feed.add_item(
            title=item.title + (_("(sample)") if item.item_is_sample else ""),
            link=item.get_full_url(request),
            description=item.item_summary,
            unique_id=_tag(frame.domain, item),
            pubdate=timezone.make_aware(datetime.combine(item.item_date, time())),
            updateddate=changed,
        )
    return feed.writeString("utf-8")


def _tag(domain: str, page: Page) -> str:
    """A tag URI (RFC 4151): the host, the day on which the page was first published, its number."""
    first = page.first_published_at or page.last_published_at
    day = timezone.localtime(first).date() if first else timezone.localdate()
    return f"tag:{domain},{day:%Y-%m-%d}:page-{page.pk}"
