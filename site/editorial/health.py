"""Site health: what an inspection would find, each with where it is, what to do and a link to it.

The rules are those of the State Council's inspection indicators for government sites that a content management
system can compute (home page without an update for two weeks, columns that are stale or empty, questions unanswered
for three months, links that lead nowhere), and the reviews that are due here.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from editorial.checks import checked
from editorial.findings import Level
from editorial.models import HealthReport, ReviewDate, ReviewTaskState
from editorial.urgent import not_reviewed_since
from feedback.health import waiting
from feedback.models import Message
from lawbook.models import Explanation, GlossaryTerm
from pages.models import ColumnPage, NewsPage, SiteIdentity
from search.misses import report as misses

HOME_STALE = timedelta(days=14)
NEWS_STALE = timedelta(days=14)
COLUMN_STALE = timedelta(days=365)
EXPLANATION_STALE = timedelta(days=365)
MISSES_OVER = timedelta(days=30)
MISSES_FROM = 3  # times a wording was looked for in vain before it is worth a line
MOST_UNSIGNED = 5  # more of them are one line with a link to the list
AFTER_URGENT = timedelta(days=3)


@dataclass(frozen=True)
class Item:
    """One thing that an inspection would find."""

    level: Level
    rule: str
    where: str
    problem: str
    remedy: str
    url: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


Rule = Callable[[datetime], Iterator[Item]]


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def home_is_fresh(now: datetime) -> Iterator[Item]:
    """The home page shows the newest of everything below it: something must be new within two weeks."""
    for site in Site.objects.select_related("root_page"):
        below = Page.objects.descendant_of(site.root_page, inclusive=True).live()
        newest = below.aggregate(newest=Max("last_published_at"))["newest"]
        if newest is None or now - newest > HOME_STALE:
            since = timezone.localtime(newest).strftime("%Y-%m-%d") if newest else _("never")
            yield Item(
                Level.BLOCK,
                "home.stale",
                str(site.root_page),
                _("Nothing new since %(day)s; two weeks are allowed") % {"day": since},
                _("Publish news or update a page."),
                edit_url(site.root_page),
            )


def columns_are_alive(now: datetime) -> Iterator[Item]:
    for column in ColumnPage.objects.live():
        items = Page.objects.child_of(column).live()
        newest = items.aggregate(newest=Max("last_published_at"))["newest"]
        if newest is None:
            if not column.body:
                yield Item(
                    Level.BLOCK,
                    "column.empty",
                    column.title,
                    _("An empty column"),
                    _("Publish something in it, or take it off the site."),
                    edit_url(column),
                )
            continue
        limit = NEWS_STALE if items.type(NewsPage).exists() else COLUMN_STALE
        if now - newest > limit:
            yield Item(
                Level.BLOCK if limit == NEWS_STALE else Level.WARN,
                "column.stale",
                column.title,
                _("Nothing new for %(days)d days; %(limit)d are allowed")
                % {"days": (now - newest).days, "limit": limit.days},
                _("Publish something in it, or take it off the site."),
                edit_url(column),
            )


def pages_are_sound(now: datetime) -> Iterator[Item]:
    """What the editors' checks say about everything that is public: findings that block, or that a person must see."""
    for page in Page.objects.live().filter(depth__gt=1).specific().iterator(chunk_size=50):
        for hit in checked(page):
            if hit.level is not Level.ADVICE:
                words = f"{hit.before}【{hit.hit}】{hit.after}" if hit.hit else ""
                yield Item(
                    hit.level,
                    hit.code,
                    f"{page.title} › {hit.where}",
                    f"{hit.message} {words}".strip(),
                    hit.remedy,
                    edit_url(page),
                )


def reviews_are_done(now: datetime) -> Iterator[Item]:
    today = timezone.localdate(now)
    for due in ReviewDate.objects.filter(due_on__lte=today).select_related("page"):
        yield Item(
            Level.WARN,
            "review.due",
            due.page.title,
            _("To be looked at again since %(day)s") % {"day": due.due_on},
            due.note or _("Read it, change what has changed, and set the next date."),
            edit_url(due.page),
        )
    yield from _words_are_signed(today)
    for state in ReviewTaskState.objects.filter(
        status=ReviewTaskState.STATUS_IN_PROGRESS, due_at__lt=now
    ).select_related("task", "revision"):
        yield Item(
            Level.WARN,
            "review.overdue",
            state.revision.object_str,
            _("%(step)s was due on %(day)s")
            % {"step": state.task.name, "day": timezone.localtime(state.due_at).strftime("%Y-%m-%d")},
            _("Remind the reviewers or name a deputy."),
            reverse("editorial_admin:review", args=[state.pk]),
        )
    for correction in not_reviewed_since():
        if correction.answered_at and now - correction.answered_at > AFTER_URGENT:
            yield Item(
                Level.WARN,
                "urgent.unreviewed",
                correction.subject_name,
                _("Corrected urgently, and not reviewed since"),
                _("Send the page through the three reviews."),
                reverse("editorial_admin:urgent", args=[correction.pk]),
            )


def _words_are_signed(today: Any) -> Iterator[Item]:
    """Explanations and terms: signed, and checked against the law within a year."""
    for model in (Explanation, GlossaryTerm):
        live = model.objects.filter(live=True).select_related("law")
        view = model.snippet_viewset.get_url_name("edit")
        unsigned = live.filter(signed=False)
        problem = _("Nobody has checked it against the law; in production it is not shown")
        remedy = _("Send it through the three reviews.")
        if (count := unsigned.count()) > MOST_UNSIGNED:
            name = _("%(kind)s: %(count)d unsigned") % {"kind": model._meta.verbose_name_plural, "count": count}
            url = f"{reverse(model.snippet_viewset.get_url_name('list'))}?signed=false"
            yield Item(Level.WARN, "words.unsigned", name, problem, remedy, url)
        else:
            for words in unsigned:
                url = reverse(view, args=[words.pk])
                yield Item(Level.WARN, "words.unsigned", str(words), problem, remedy, url)
        for words in live.filter(signed=True, reviewed_on__lt=today - EXPLANATION_STALE)[:50]:
            yield Item(
                Level.WARN,
                "words.due",
                str(words),
                _("Last checked against the law on %(day)s") % {"day": words.reviewed_on},
                _("Compare it with the law again and sign it."),
                reverse(view, args=[words.pk]),
            )


def the_timetable_is_kept(now: datetime) -> Iterator[Item]:
    """What should be public by now and is not: refused at its time, or its reviews came too late."""
    for page in Page.objects.filter(live=False, expired=False, go_live_at__lt=now, has_unpublished_changes=True):
        yield Item(
            Level.WARN,
            "timetable.missed",
            page.title,
            _("It should have gone live on %(time)s")
            % {"time": timezone.localtime(page.go_live_at).strftime("%Y-%m-%d %H:%M")},
            _("Finish its reviews, or set another time."),
            edit_url(page),
        )


def searches_find_something(now: datetime) -> Iterator[Item]:
    for row in misses(timezone.localdate(now) - MISSES_OVER)[:10]:
        if row["times"] >= MISSES_FROM:
            yield Item(
                Level.ADVICE,
                "search.miss",
                _("Search"),
                _("“%(query)s” was looked for %(times)d times in vain") % row,
                _("Write about it, or add a synonym."),
                reverse("search_misses"),
            )


def identity_is_complete(now: datetime) -> Iterator[Item]:
    for site in Site.objects.all():
        identity = SiteIdentity.for_site(site)
        url = reverse("wagtailsettings:edit", args=["pages", "siteidentity", site.pk])
        for name in identity.missing_in_production():
            yield Item(
                Level.WARN,
                "identity.empty",
                str(SiteIdentity._meta.verbose_name),
                _("“%(field)s” is empty") % {"field": name},
                _("Enter it; government sites must state it."),
                url,
            )
        if identity.is_sample:
            yield Item(
                Level.WARN,
                "identity.sample",
                str(SiteIdentity._meta.verbose_name),
                _("The filing numbers are placeholders"),
                _("Enter the real ones and untick “sample identity”."),
                url,
            )


def messages_are_answered(now: datetime) -> Iterator[Item]:
    """Messages from the public: late ones fail an inspection."""
    state = waiting(now)
    for level, count in ((Level.BLOCK, state.overdue), (Level.WARN, state.soon)):
        if count:
            problem = _("%(count)d messages are late") if level is Level.BLOCK else _("%(count)d messages are due soon")
            yield Item(
                level,
                "message.waiting",
                str(Message._meta.verbose_name_plural),
                problem % {"count": count},
                _("Answer it within the time allowed."),
                reverse("feedback_inbox"),
            )


RULES: tuple[Rule, ...] = (
    home_is_fresh,
    columns_are_alive,
    messages_are_answered,
    pages_are_sound,
    reviews_are_done,
    the_timetable_is_kept,
    identity_is_complete,
    searches_find_something,
)


def inspect(now: datetime | None = None, check: Callable[[], None] = lambda: None) -> list[Item]:
    """Everything that is found now, the gravest first. `check` is called after each rule; what it raises ends it."""
    now = now or timezone.now()
    found: list[Item] = []
    for rule in RULES:
        found.extend(rule(now))
        check()
    order = {level: rank for rank, level in enumerate(Level)}
    return sorted(dict.fromkeys(found), key=lambda item: order[item.level])


def write_report(now: datetime | None = None, check: Callable[[], None] = lambda: None) -> HealthReport:
    """Inspect the site and keep what was found; reports older than the last thirty go."""
    began = time.monotonic()
    items = inspect(now, check)
    report = HealthReport.objects.create(
        items=[item.as_dict() for item in items], seconds=round(time.monotonic() - began, 2)
    )
    kept = HealthReport.objects.order_by("-made_at").values_list("pk", flat=True)[:30]
    HealthReport.objects.exclude(pk__in=list(kept)).delete()
    return report


def newest_report() -> HealthReport | None:
    return HealthReport.objects.order_by("-made_at").first()
