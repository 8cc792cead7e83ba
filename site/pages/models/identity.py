"""Who runs this site: shown on every page, in the footer and in the page labels."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="site", order=100)
class SiteIdentity(BaseSiteSetting):
    """The identity that the rules for government sites ask for. `pages.W001` names what production still lacks."""

    select_related = ["accessibility_page", "report_page", "privacy_page", "statement_page"]

    site_name = models.CharField(
        _("site name"), max_length=40, default="普法直通车", help_text=_("As it stands beside the mark, and in titles.")
    )
    tagline = models.CharField(
        _("tagline"), max_length=40, blank=True, default="社区矫正法普法网", help_text=_("One line under the name.")
    )
    slogan = models.CharField(_("slogan"), max_length=60, blank=True, help_text=_("One sentence in the footer."))
    description = models.CharField(
        pgettext_lazy("of the site", "description"),
        max_length=150,
        blank=True,
        help_text=_("What search engines show where a page has no summary."),
    )
    hotline = models.CharField(
        _("hotline"), max_length=40, blank=True, help_text=_("Name and number of a line that anyone may call.")
    )
    host_organisation = models.CharField(
        _("hosting organisation"),
        max_length=80,
        blank=True,
        help_text=_("The organisation responsible for this site (主办单位)."),
    )
    host_url = models.URLField(
        _("site of the hosting organisation"), blank=True, help_text=_("Where the host's own site stands.")
    )
    operator = models.CharField(
        _("operating organisation"), max_length=80, blank=True, help_text=_("The organisation that runs it (承办单位).")
    )
    contact = models.CharField(
        _("responsible department"), max_length=80, blank=True, help_text=_("Department that answers for the content.")
    )
    phone = models.CharField(_("telephone"), max_length=40, blank=True, help_text=_("With its area code."))
    address = models.CharField(_("address"), max_length=120, blank=True, help_text=_("Postal address of the host."))
    site_code = models.CharField(
        _("site code"),
        max_length=10,
        blank=True,
        validators=[RegexValidator(r"^[0-9A-Za-z]{10}$", _("Ten letters or digits."))],
        help_text=_("The ten-character code of a government site (网站标识码)."),
    )
    icp_number = models.CharField(
        _("ICP filing"), max_length=60, blank=True, help_text=_("As issued, with the province's letter in front.")
    )
    security_number = models.CharField(
        _("public-security filing"), max_length=60, blank=True, help_text=_("As issued by the public-security organ.")
    )
    map_number = models.CharField(
        _("map review number"),
        max_length=60,
        blank=True,
        help_text=_("审图号. Without it no public page shows a boundary; a list stands in its place."),
    )
    report_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("error-report page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Where a reader tells you of a mistake."),
    )
    accessibility_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("accessibility page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("What this site does for readers with disabilities, and how to set it."),
    )
    privacy_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("privacy page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("What this site does with personal information, and what a reader may ask for."),
    )
    statement_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("site statement"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who answers for the content, what may be reused, how far it can be relied on."),
    )
    mourning_from = models.DateTimeField(
        _("mourning begins"),
        null=True,
        blank=True,
        help_text=_("From then on every page is grey; empty for none. No one has to be at the screen."),
    )
    mourning_until = models.DateTimeField(
        _("mourning ends"), null=True, blank=True, help_text=_("From then on every page has its colours again.")
    )
    is_sample = models.BooleanField(
        _("sample identity"),
        default=False,
        help_text=_("Filing numbers are placeholders, and are marked so. Untick once the real ones stand here."),
    )

    panels = [
        MultiFieldPanel(
            [FieldPanel(name) for name in ("site_name", "tagline", "slogan", "description", "hotline")],
            heading=_("Name"),
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("host_organisation", "host_url", "operator", "contact", "phone", "address")],
            heading=_("Who answers for it"),
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("site_code", "icp_number", "security_number", "map_number", "is_sample")],
            heading=_("Filings"),
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("report_page", "accessibility_page", "privacy_page", "statement_page")],
            heading=_("Pages"),
        ),
        MultiFieldPanel([FieldPanel("mourning_from"), FieldPanel("mourning_until")], heading=_("Mourning")),
    ]

    # What a government site in production must state.
    required_in_production = (
        "host_organisation",
        "operator",
        "contact",
        "phone",
        "address",
        "site_code",
        "icp_number",
        "security_number",
        "map_number",
        "accessibility_page",
        "privacy_page",
        "statement_page",
    )

    class Meta:
        verbose_name = _("site identity")
        verbose_name_plural = _("site identities")

    def clean(self) -> None:
        super().clean()
        if (self.mourning_from is None) != (self.mourning_until is None):
            missing = "mourning_from" if self.mourning_from is None else "mourning_until"
            raise ValidationError({missing: _("Mourning takes a beginning and an end; give both or neither.")})
        if self.mourning_from and self.mourning_until and self.mourning_from >= self.mourning_until:
            raise ValidationError({"mourning_until": _("The end comes after the beginning.")})

    @classmethod
    def baking_times(cls) -> list[datetime]:
        """When pages turn grey and when they have their colours again: finished pages are made anew then."""
        rows = cls.objects.filter(mourning_from__isnull=False).values_list("mourning_from", "mourning_until")
        return [moment for row in rows for moment in row if moment is not None]

    def is_mourning(self, moment: datetime) -> bool:
        """Whether pages are grey at this moment: from the first instant on, up to and without the last."""
        return bool(self.mourning_from and self.mourning_until and self.mourning_from <= moment < self.mourning_until)

    def missing_in_production(self) -> list[str]:
        """Verbose names of what is still empty, in the order of the form."""
        return [
            str(self._meta.get_field(name).verbose_name)
            for name in self.required_in_production
            if not getattr(self, name)
        ]

    def footer_lines(self) -> list[tuple[str, str, bool]]:
        """What the footer states of the host, empty ones left out.

        Returns (label, value, is a filing number) in the order shown; a label may be empty where the value says
        itself what it is.
        """
        lines = [
            (_("Hosted by"), self.host_organisation, False),
            (_("Operated by"), self.operator, False),
            (_("Responsible department"), self.contact, False),
            (_("Telephone"), self.phone, False),
            (_("Address"), self.address, False),
            ("", self.icp_number, True),
            ("", self.security_number, True),
            (_("Site code"), self.site_code, True),
            (_("Map review number"), self.map_number, True),
        ]
        return [(str(label), value, is_filing) for label, value, is_filing in lines if value]
