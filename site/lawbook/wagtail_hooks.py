"""The law book in the admin: names and dates are edited, official words only read, explanations written and signed."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from lawbook.models import Article, Explanation, GlossaryTerm, Law, LawVersion
from lawbook.permissions import NothingAddedOrDeleted
from lawbook.reading import read_article
from lawbook.signing import sign
from trust.readonly import make_read_only

register_permission_policy(Law, NothingAddedOrDeleted(Law))
register_permission_policy(LawVersion, NothingAddedOrDeleted(LawVersion))
make_read_only(Article)


class LawViewSet(SnippetViewSet):
    model = Law
    icon = "openquote"
    list_display = ["title", "slug", "topic", "is_default"]
    list_filter = ["topic"]
    copy_view_enabled = False


class LawVersionViewSet(SnippetViewSet):
    model = LawVersion
    icon = "history"
    menu_label = gettext_lazy("Texts and dates")
    list_display = ["__str__", "status", "adopted_on", "effective_on", "dates_confirmed"]
    list_filter = ["law", "status", "dates_confirmed"]
    copy_view_enabled = False


class ArticleViewSet(SnippetViewSet):
    model = Article
    icon = "doc-full"
    menu_label = gettext_lazy("Articles of law")
    list_display = ["__str__", "version"]
    list_filter = ["version"]
    inspect_view_enabled = True
    inspect_view_fields = ["label", "version", "division", "text"]
    copy_view_enabled = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return Article.objects.select_related("version__law", "division")


class ExplanationViewSet(SnippetViewSet):
    model = Explanation
    icon = "comment"
    menu_label = gettext_lazy("Explanations")
    list_display = ["__str__", "live", "signed", "reviewer", "reviewed_on"]
    list_filter = ["law", "live", "signed"]
    copy_view_enabled = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return Explanation.objects.select_related("law")


class GlossaryTermViewSet(SnippetViewSet):
    model = GlossaryTerm
    icon = "tag"
    menu_label = gettext_lazy("Glossary")
    list_display = ["term", "live", "signed", "reviewer", "reviewed_on"]
    list_filter = ["law", "live", "signed"]
    copy_view_enabled = False


class LawbookGroup(SnippetViewSetGroup):
    menu_label = gettext_lazy("Law book")
    menu_icon = "openquote"
    menu_order = 200
    items = [ExplanationViewSet, GlossaryTermViewSet, LawViewSet, LawVersionViewSet, ArticleViewSet]


register_snippet(LawbookGroup)


SIGN_VIEWS: dict[type[Explanation] | type[GlossaryTerm], str] = {
    Explanation: "lawbook_sign",
    GlossaryTerm: "lawbook_sign_term",
}


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    return [
        path("explanations/<int:pk>/sign/", sign_words, {"model": Explanation}, name=SIGN_VIEWS[Explanation]),
        path("glossary/<int:pk>/sign/", sign_words, {"model": GlossaryTerm}, name=SIGN_VIEWS[GlossaryTerm]),
    ]


class SignMenuItem(ActionMenuItem):
    """On the edit page of an explanation or a term, for those who may sign."""

    name = "action-sign"
    label = gettext_lazy("Check and sign")
    icon_name = "check"

    def is_shown(self, context: dict[str, Any]) -> bool:
        return (
            context["model"] in SIGN_VIEWS
            and context["view"] == "edit"
            and context["request"].user.has_perm("lawbook.sign_explanation")
        )

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse(SIGN_VIEWS[parent_context["model"]], args=[parent_context["instance"].pk])


@hooks.register("register_snippet_action_menu_item")
def offer_signing(model: type[Any]) -> ActionMenuItem | None:
    return SignMenuItem(order=90) if model in SIGN_VIEWS else None


@require_http_methods(["GET", "HEAD", "POST"])
def sign_words(request: HttpRequest, pk: int, model: type[Explanation] | type[GlossaryTerm]) -> HttpResponse:
    """Show the published words beside the article, and sign them. One's own words are refused, and that is recorded."""
    if not request.user.has_perm("lawbook.sign_explanation"):
        raise PermissionDenied
    words: Explanation | GlossaryTerm = get_object_or_404(model.objects.select_related("law"), pk=pk)
    back = reverse(model.snippet_viewset.get_url_name("edit"), args=[pk])
    if not words.live or words.has_unpublished_changes:
        messages.error(request, _("Publish it first: only published words can be signed."))
        return redirect(back)
    if request.method != "POST":
        reading = read_article(words.law.slug, words.key) if words.law and words.key else None
        context = {"words": words, "reading": reading, "back": back, "is_term": isinstance(words, GlossaryTerm)}
        return render(request, "lawbook/admin/sign.html", context)
    try:
        sign(words, request.user)
    except PermissionDenied as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Signed. Any later change of its words takes the signature off."))
    return redirect(back)
