"""Events one can go to, and the column that lists them; both also as calendars."""

from datetime import datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail.search import index

from pages.blocks import BodyBlock
from pages.fields import StreamField
from pages.icalendar import Entry, calendar
from pages.models.base import DatedPage, PublicPage
from pages.models.columns import dated
from pages.models.routes import FeedMixin, ManyAddressesMixin, attachment, path
from pages.navigation import frame_of

CALENDAR_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "Pufa Express"
MOST_PAST = 50
MOST_IN_CALENDAR = 200


class EventPage(ManyAddressesMixin, DatedPage):
    """A talk, a stand, a screening: when, where, who may come."""

    query_budget = 9
    search_kind = _("Event")
    template = "pages/event_page.html"
    parent_page_types = ["pages.EventsPage"]
    subpage_types: list[str] = []

    starts_at = models.DateTimeField(_("begins"), help_text=_("Day and time, Beijing time."))
    ends_at = models.DateTimeField(_("ends"), help_text=_("The same day or a later one."))
    is_all_day = models.BooleanField(
        _("all day"), default=False, help_text=_("Shows days without times of day; the last day belongs to it.")
    )
    place = models.CharField(_("place"), max_length=80, help_text=_("Name of the place, then street and number."))
    audience = models.CharField(_("who may come"), max_length=80, help_text=_("And whether one must sign up."))
    organiser = models.CharField(
        _("organiser"), max_length=80, blank=True, help_text=_("Who holds it; empty for the host of this site.")
    )
    is_cancelled = models.BooleanField(
        _("cancelled"), default=False, help_text=_("Stays listed, marked so, also in calendars that took it over.")
    )
    body = StreamField(
        BodyBlock(required=False), blank=True, verbose_name=_("body"), help_text=_("What happens there, what to bring.")
    )

    dates_on_record = ("date", "starts_at", "ends_at")
    content_panels = [
        *DatedPage.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                FieldPanel("is_all_day"),
                FieldPanel("place"),
                FieldPanel("audience"),
                FieldPanel("organiser"),
                FieldPanel("is_cancelled"),
            ],
            heading=_("When and where"),
        ),
        FieldPanel("body"),
    ]
    search_fields = [
        *DatedPage.search_fields,
        index.SearchField("place"),
        index.SearchField("audience"),
        index.SearchField("body"),
        index.FilterField("starts_at"),
        index.FilterField("ends_at"),
    ]

    class Meta:
        verbose_name = _("event page")
        verbose_name_plural = _("event pages")

    def clean(self) -> None:
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at < self.starts_at:
            raise ValidationError({"ends_at": _("The end comes after the beginning.")})

    def search_text(self) -> str:
        return " ".join([super().search_text(), self.place, self.audience])

    def search_meta(self) -> str:
        return f"{timezone.localtime(self.starts_at):%Y-%m-%d}"

    @property
    def is_one_day(self) -> bool:
        return timezone.localdate(self.starts_at) == timezone.localdate(self.ends_at)

    @property
    def over_at(self) -> datetime:
        """The moment after which it is past: its end, or the end of its last day."""
        if not self.is_all_day:
            return self.ends_at
        return timezone.make_aware(datetime.combine(timezone.localdate(self.ends_at), time.max))

    def entry(self, request: HttpRequest) -> Entry:
        sample = translated("(sample)") if self.is_sample else ""
        return Entry(
            uid=f"event-{self.pk}@{frame_of(request).domain or 'localhost'}",
            changed=self.last_published_at or timezone.now(),
            starts=self.starts_at,
            ends=self.ends_at,
            all_day=self.is_all_day,
            title=f"{self.title}{sample}",
            place=self.place,
            description=self.standfirst,
            url=self.get_full_url(request),
            cancelled=self.is_cancelled,
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["is_past"] = self.over_at < timezone.now()
        return context

    @path("ics/", name="ics")
    def serve_calendar(self, request: HttpRequest) -> HttpResponse:
        text = calendar(self.title, PRODUCT, [self.entry(request)])
        return attachment(text, CALENDAR_TYPE, f"{self.slug}.ics")


class EventsPage(FeedMixin, PublicPage):
    """The column of events: what is to come, soonest first; what is past folds away, latest first."""

    query_budget = 8
    search_kind = _("Site column")
    template = "pages/events_page.html"
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["pages.EventPage"]

    keywords = models.CharField(
        _("keywords"), max_length=120, blank=True, help_text=_("For the page labels; separated by commas.")
    )
    body = StreamField(
        BodyBlock(required=False), blank=True, verbose_name=_("body"), help_text=_("Above the list; may stay empty.")
    )

    content_panels = [*PublicPage.content_panels, FieldPanel("body")]
    settings_panels = [*PublicPage.settings_panels, FieldPanel("keywords")]
    search_fields = [*PublicPage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("events column")
        verbose_name_plural = _("events columns")

    def events(self) -> list[EventPage]:
        """Live events below this page, by when they begin."""
        return list(EventPage.objects.child_of(self).live().order_by("starts_at", "path"))

    def feed_items(self) -> models.QuerySet[Page]:
        return dated(Page.objects.child_of(self).live())

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        now = timezone.now()
        events = self.events()
        context["upcoming"] = [event for event in events if event.over_at >= now]
        context["past"] = [event for event in reversed(events) if event.over_at < now][:MOST_PAST]
        return context

    @path("calendar/", name="calendar")
    def serve_calendar(self, request: HttpRequest) -> HttpResponse:
        """The latest events, past ones too: to take over once, or to subscribe to."""
        entries = [event.entry(request) for event in self.events()[-MOST_IN_CALENDAR:]]
        text = calendar(self.title, PRODUCT, entries)
        return attachment(text, CALENDAR_TYPE, f"{self.slug}.ics")
