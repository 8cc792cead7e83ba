"""House rules for page types, held by `manage.py check`; and, with --deploy, what a government site must state."""

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as CheckWarning
from django.db import DatabaseError
from django.template import Template, TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template
from django.template.loader_tags import ExtendsNode
from wagtail.models import Page, get_page_models

from pages.registry import examples

BASE_TEMPLATE = "base.html"
LONGEST_BUDGET = 20


@register()
def page_types_keep_the_house_rules(**kwargs: Any) -> list[CheckMessage]:
    known = set(examples())
    found: list[CheckMessage] = []
    for model in get_page_models():
        if model is not Page:
            found.extend(house_rules(model, has_example=model in known))
    return found


def house_rules(model: type[Page], *, has_example: bool) -> Iterable[CheckMessage]:
    """What one page type breaks: nothing, or one error per rule."""
    name = model.__name__
    own = {field.field_name for field in model.search_fields} - {field.field_name for field in Page.search_fields}
    if not own:
        yield Error(
            f"{name} can only be found by its title",
            hint="Add its texts to search_fields.",
            obj=model,
            id="pages.E001",
        )
    # Not model(): that would ask the database for its content type, and checks run before there is one.
    blank: Any = object.__new__(model)
    if not blank.preview_modes:
        yield Error(f"{name} has no preview", hint="Give it at least one preview mode.", obj=model, id="pages.E002")
    budget = getattr(model, "query_budget", None)
    if not isinstance(budget, int) or not 0 < budget <= LONGEST_BUDGET:
        yield Error(
            f"{name} sets no query_budget (found {budget!r})",
            hint=f"The most SQL queries of a cold anonymous request, 1 to {LONGEST_BUDGET}; a test counts them.",
            obj=model,
            id="pages.E003",
        )
    if not extends_base(model.template):
        yield Error(
            f"{name}'s template {model.template} does not extend {BASE_TEMPLATE}",
            hint="The frame carries identity, labels, navigation and print style.",
            obj=model,
            id="pages.E004",
        )
    if not has_example:
        yield Error(
            f"{name} has no example",
            hint="Register a function with @pages.registry.example in its app's examples.py.",
            obj=model,
            id="pages.E005",
        )
    silent = [field.name for field in _own_fields(model) if not field.help_text]
    if silent:
        yield Error(
            f"{name} says nothing about: {', '.join(silent)}", hint="Set help_text.", obj=model, id="pages.E006"
        )


def extends_base(template_name: str) -> bool:
    """Whether a template is `base.html` or reaches it through {% extends "…" %}. False where it does not exist."""
    for _step in range(10):
        if template_name == BASE_TEMPLATE:
            return True
        try:
            template: Template = get_template(template_name).template  # type: ignore[attr-defined]
        except (TemplateDoesNotExist, TemplateSyntaxError):
            return False
        extends: list[Any] = list(template.nodelist.get_nodes_by_type(ExtendsNode))
        if not extends or not isinstance(extends[0].parent_name.var, str):
            return False
        template_name = extends[0].parent_name.var
    return False


def _own_fields(model: type[Page]) -> list[Any]:
    """Editable fields that this project added, without pointers to the parent's row."""
    inherited = {field.name for field in Page._meta.get_fields()}
    fields = [field for field in model._meta.fields if field.name not in inherited and field.editable]
    return [field for field in fields if not (field.remote_field and field.remote_field.parent_link)]


@register(deploy=True)
def production_states_who_runs_the_site(**kwargs: Any) -> list[CheckMessage]:
    """A warning per site whose identity lacks something. Nothing to say about a database that is not set up yet."""
    from wagtail.models import Site  # noqa: PLC0415 - the registry is ready only when checks run

    from pages.models import SiteIdentity  # noqa: PLC0415

    try:
        stored = {identity.site_id: identity for identity in SiteIdentity.objects.all()}
        sites = list(Site.objects.all())
    except DatabaseError:
        return []
    found: list[CheckMessage] = []
    for site in sites:
        identity = stored.get(site.pk) or SiteIdentity(site=site)
        missing = identity.missing_in_production()
        if missing:
            found.append(
                CheckWarning(
                    f"The identity of {site} lacks: {'、'.join(missing)}",
                    hint="Set it in the admin under Settings, Site identity.",
                    id="pages.W001",
                )
            )
        if identity.is_sample:
            found.append(
                CheckWarning(
                    f"The identity of {site} still carries placeholder numbers",
                    hint="Enter the real filings and untick “sample identity”.",
                    id="pages.W002",
                )
            )
    return found
