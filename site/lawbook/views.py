"""The public law book: all laws, one law, one article, each also as it stood on a day; comparisons; the glossary."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lawbook.comparison import compare as compare_texts
from lawbook.comparison import comparison_url, versions_on
from lawbook.explaining import explain
from lawbook.links import linker_for_all
from lawbook.models import Explanation, GlossaryTerm, Law, LawVersion, Topic
from lawbook.qr import qr_svg
from lawbook.reading import ArticleReading, LawReading, coming_after_today, read_article, read_law
from lawbook.structured import legislation
from zh.numerals import ArticleNumber


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every law that is here, in the text that applies now, by topics."""
    versions = LawVersion.objects.current().select_related("law").annotate(article_count=Count("articles"))
    found = list(versions.annotate(coming=coming_after_today()).order_by("-law__is_default", "law__title"))
    by_topic = [
        (topic, [version for version in found if (version.law.topic or Topic.OTHER) == topic]) for topic in Topic
    ]
    staff = not found and request.user.has_perm("wagtailadmin.access_admin")
    context = {
        "versions": found,
        "topics": [(topic, laws) for topic, laws in by_topic if laws],
        "staff": staff,
        "title": _("Law book"),
        "description": _("Statutes article by article, with an explanation in plain language beside them."),
        "crumbs": [(_("Law book"), None)],
    }
    return render(request, "lawbook/index.html", context)


@require_safe
def law(
    request: HttpRequest, slug: str, day: date | None = None, chapter: int | None = None, *, whole: bool = False
) -> HttpResponse:
    """A text: today's, or the one that applied on `day`; of a long one its contents, a `chapter`, or the `whole`."""
    reading = read_law(slug, day, chapter=chapter, whole=whole)
    if reading is None:
        raise Http404(_("No text of this law applied on that day.") if day else _("This law is not here."))
    if whole and not reading.contents.is_long:
        return redirect(law_url(reading.law, day))
    own_url = law_url(reading.law, day)
    crumbs: list[tuple[str, str | None]] = [*_trail(), (reading.law.short_title, own_url)]
    if reading.chapter:
        crumbs.append((str(reading.chapter.division), None))
    elif whole:
        crumbs.append((_("Whole text on one page"), None))
    else:
        crumbs[-1] = (reading.law.short_title, None)
    context = {
        "reading": reading,
        "law": reading.law,
        "version": reading.version,
        "day": day,
        "now": reading.now,
        "status": reading.now.status,
        "whole": whole,
        "law_url": own_url,
        "full_url": f"{own_url}full/",
        "crumbs": crumbs,
        "canonical": settings.PUBLIC_URL + _canonical_of(reading, whole=whole),
        "description": ngettext(
            "%(title)s: the official text, %(articles)d article, with explanations.",
            "%(title)s: the official text, %(articles)d articles, with explanations.",
            len(reading.contents.articles),
        )
        % {"title": reading.law.title, "articles": len(reading.contents.articles)},
        "structured": legislation(reading.version, reading.now.status),
    }
    return render(request, "lawbook/law.html", context)


def full(request: HttpRequest, slug: str, day: date | None = None) -> HttpResponse:
    """A long text on one page, for paper and for searching in it."""
    response: HttpResponse = law(request, slug, day, whole=True)
    return response


def _canonical_of(reading: LawReading, *, whole: bool) -> str:
    """The page that search engines keep: of an earlier text that is today's; of a part of today's the part itself."""
    if reading.now.is_current and reading.chapter:
        return reverse("lawbook:chapter", args=[reading.law.slug, reading.chapter.division.order])
    if reading.now.is_current and whole:
        return reverse("lawbook:full", args=[reading.law.slug])
    return reading.law.get_absolute_url()


@require_safe
def compare(request: HttpRequest, slug: str, earlier: date, later: date) -> HttpResponse:
    """What one text of a law changed in another. Other days of the same two texts lead to this page."""
    found = versions_on(slug, earlier, later)
    if found is None or found[0].pk == found[1].pk:
        raise Http404(_("There are no two different texts of this law on these days."))
    url = comparison_url(*found)
    if not url:
        raise Http404(_("The day of one of these texts is not known."))
    if request.path != url:
        return redirect(url)
    comparison = compare_texts(*found)
    law = comparison.law
    context = {
        "comparison": comparison,
        "law": law,
        "crumbs": [*_trail(), (law.short_title, law.get_absolute_url()), (_("Comparison"), None)],
        "canonical": settings.PUBLIC_URL + url,
        "description": _("%(law)s: what the text of %(new)s changed in that of %(old)s, article by article.")
        % {"law": law.title, "old": comparison.days[0], "new": comparison.days[1]},
    }
    return render(request, "lawbook/compare.html", context)


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Terms of the law and what they mean."""
    terms = list(GlossaryTerm.public_objects())
    context = {
        "terms": terms,
        "linker": linker_for_all(terms),
        "title": _("Glossary"),
        "description": _("Terms of the law, their other forms and what they mean in plain language."),
        "crumbs": [*_trail(), (_("Glossary"), None)],
        "canonical": settings.PUBLIC_URL + reverse("lawbook:glossary"),
    }
    return render(request, "lawbook/glossary.html", context)


@require_safe
def article(request: HttpRequest, slug: str, key: ArticleNumber, day: date | None = None) -> HttpResponse:
    """One article with its explanation and what cites it."""
    reading = read_article(slug, key, day)
    if reading is None:
        raise Http404(_("This law has no such article."))
    return render(request, "lawbook/article.html", article_context(reading, day))


def article_context(reading: ArticleReading, day: date | None = None) -> dict[str, Any]:
    """What the template of an article needs."""
    url = settings.PUBLIC_URL + (
        reading.article.get_absolute_url()
        if reading.now.in_current or not reading.version.since
        else reverse("lawbook:article-on", args=[reading.law.slug, reading.version.since, reading.article.key])
    )
    text = "\n".join(line for paragraph in reading.paragraphs for line in paragraph.lines())
    explanation = reading.explanation
    crumbs = [*_trail(), (reading.law.short_title, law_url(reading.law, day))]
    crumbs += [(branch.division.label, branch.url) for branch in reading.contents.open_path]
    return {
        "reading": reading,
        "law": reading.law,
        "version": reading.version,
        "article": reading.article,
        "explanation": explanation,
        "explained": explain(explanation, reading.explanation_linker, reading.glossary) if explanation else None,
        "signed": bool(explanation and explanation.signed),
        "day": day,
        "now": reading.now,
        "status": reading.now.status,
        "crumbs": [*crumbs, (reading.article.label, None)],
        "canonical": url,
        "description": explanation.gist if explanation else text[:80],
        "law_url": law_url(reading.law, day),
        "author": explanation.reviewer if explanation and explanation.signed else reading.version.source_sentence,
        "qr": qr_svg(url, _("QR code of this page: opens %(article)s") % {"article": reading.article.label}),
        "structured": legislation(reading.version, reading.now.status, reading.article, text),
    }


def preview_context(explanation: Explanation) -> dict[str, Any]:
    """An editor's draft in its place beside the article."""
    reading = read_article(explanation.law.slug, explanation.key, draft=explanation)
    if reading is None:
        raise Http404(_("This law has no such article."))
    return article_context(reading)


def law_url(law: Law, day: date | None) -> str:
    return reverse("lawbook:law-on", args=[law.slug, day]) if day else law.get_absolute_url()


def _trail() -> list[tuple[str, str | None]]:
    return [(_("Law book"), reverse("lawbook:index"))]
