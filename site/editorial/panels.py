"""The desk's own panel beside the editor. Wagtail 8 has hooks for the action menu but none for side panels."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.views.pages.edit import EditView as PageEditView
from wagtail.snippets.views.snippets import EditView as SnippetEditView

from editorial.checks import checked
from editorial.findings import Level


class FindingsSidePanel(BaseSidePanel):
    """What the checks say about the draft as it was saved last, block by block."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Toggle findings")
        icon_name = "warning"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["count"] = sum(hit.level is Level.BLOCK for hit in self.panel.findings)
            return context

    name = "findings"
    title = _("Findings")
    template_name = "editorial/admin/findings_panel.html"
    order = 120

    def __init__(self, subject: Any, request: Any) -> None:
        super().__init__(subject, request)
        self.findings = checked(subject)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        return context | {"findings": self.findings}


def _with_findings(view_class: Any, subject_name: str) -> None:
    built_in = view_class.get_side_panels

    def get_side_panels(self: Any) -> Any:
        panels = built_in(self)
        # Saving as one types asks for parts of the page only.
        subject = getattr(self, subject_name, None)
        if subject is not None and not getattr(self, "expects_json_response", False):
            panels.append(FindingsSidePanel(subject, self.request))
            panels.sort(key=lambda panel: panel.order)
        return panels

    view_class.get_side_panels = get_side_panels


_with_findings(PageEditView, "page")
_with_findings(SnippetEditView, "object")
