"""The public law book: all laws, one law, one article, each also as it stood on a day."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lawbook.models import Explanation, Law, LawVersion
from lawbook.qr import qr_svg
from lawbook.reading import ArticleReading, read_article, read_law
from lawbook.structured import legislation
from zh.numerals import ArticleNumber


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every law that is here, in the text that applies now."""
    versions = LawVersion.objects.current().select_related("law").annotate(article_count=Count("articles"))
    found = list(versions.order_by("-law__is_default", "law__title"))
    staff = not found and request.user.has_perm("wagtailadmin.access_admin")
    context = {
        "versions": found,
        "staff": staff,
        "title": _("Law book"),
        "description": _("Statutes article by article, with an explanation in plain language beside them."),
        "crumbs": [(_("Law book"), None)],
    }
    return render(request, "lawbook/index.html", context)


@require_safe
def law(request: HttpRequest, slug: str, day: date | None = None) -> HttpResponse:
    """A whole text: today's, or the one that applied on `day`."""
    reading = read_law(slug, day)
    if reading is None:
        raise Http404(_("No text of this law applied on that day.") if day else _("This law is not here."))
    context = {
        "reading": reading,
        "law": reading.law,
        "version": reading.version,
        "day": day,
        "status": reading.version.status_on(day or timezone.localdate()),
        "crumbs": [*_trail(reading.law, None), (reading.law.short_title, None)],
        "canonical": settings.PUBLIC_URL + reading.law.get_absolute_url(),
        "description": ngettext(
            "%(title)s: the official text, %(articles)d article, with explanations.",
            "%(title)s: the official text, %(articles)d articles, with explanations.",
            len(reading.contents.articles),
        )
        % {"title": reading.law.title, "articles": len(reading.contents.articles)},
        "structured": legislation(reading.version, day or timezone.localdate()),
    }
    return render(request, "lawbook/law.html", context)


@require_safe
def article(request: HttpRequest, slug: str, key: ArticleNumber, day: date | None = None) -> HttpResponse:
    """One article with its explanation and what cites it."""
    reading = read_article(slug, key, day)
    if reading is None:
        raise Http404(_("This law has no such article."))
    return render(request, "lawbook/article.html", article_context(reading, day))


def article_context(reading: ArticleReading, day: date | None = None) -> dict[str, Any]:
    """What the template of an article needs."""
    url = settings.PUBLIC_URL + reading.article.get_absolute_url()
    text = "\n".join(line for paragraph in reading.paragraphs for line in paragraph.lines())
    today = day or timezone.localdate()
    explanation = reading.explanation
    crumbs = [*_trail(reading.law, day), (reading.law.short_title, law_url(reading.law, day))]
    crumbs += [(branch.label, f"{law_url(reading.law, day)}#{branch.anchor}") for branch in reading.path]
    return {
        "reading": reading,
        "law": reading.law,
        "version": reading.version,
        "article": reading.article,
        "explanation": explanation,
        "signed": bool(explanation and explanation.signed),
        "day": day,
        "status": reading.version.status_on(today),
        "crumbs": [*crumbs, (reading.article.label, None)],
        "canonical": url,
        "description": explanation.gist if explanation else text[:80],
        "law_url": law_url(reading.law, day),
        "author": explanation.reviewer if explanation and explanation.signed else reading.version.source,
        "qr": qr_svg(url, _("QR code of this page: opens %(article)s") % {"article": reading.article.label}),
        "structured": legislation(reading.version, today, reading.article, text),
    }


def preview_context(explanation: Explanation) -> dict[str, Any]:
    """An editor's draft in its place beside the article."""
    reading = read_article(explanation.law.slug, explanation.key, draft=explanation)
    if reading is None:
        raise Http404(_("This law has no such article."))
    return article_context(reading)


def law_url(law: Law, day: date | None) -> str:
    return reverse("lawbook:law-on", args=[law.slug, day]) if day else law.get_absolute_url()


def _trail(law: Law, day: date | None) -> list[tuple[str, str | None]]:
    return [(_("Law book"), reverse("lawbook:index"))]
