"""The forms that the public fills in. They work without scripts, cookies of ours aside, and say what is wrong where."""

import re
import secrets
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from feedback.models import LONGEST_ABOUT, LONGEST_TEXT, Message
from feedback.privacy import has_private_numbers
from zh.spacing import narrow

SHORTEST_TEXT = 5
#: Nobody reads the notice and writes a sentence in less; programs do.
QUICKEST_S = 4
#: A page that was left open so long is asked for once more.
SLOWEST_S = 24 * 3600
_TELEPHONE = re.compile(r"(?:\+?86)?1[3-9]\d{9}|0\d{2,3}\d{7,8}|[48]00\d{7}|(?:\+?85[23])?[2-9]\d{7}|12348")
_FORM = "feedback.form"
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")


def new_token() -> str:
    """Says when the form was handed out, and which one it was; a hidden field carries it."""
    return signing.TimestampSigner(salt=_FORM).sign(secrets.token_urlsafe(18))


def local_path(written: str) -> str:
    """`written` where it is a path of this site, else nothing: what a link may say the message is about."""
    if not written.startswith("/") or len(written) > LONGEST_ABOUT or _CONTROL.search(written):
        return ""
    return written if url_has_allowed_host_and_scheme(written, allowed_hosts=None) else ""


class AccessibleForm(forms.Form):
    """Fields point to their hints and errors, and say that they are wrong."""

    required_css_class = "required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            ids = []
            if field.help_text:
                ids.append(f"hint-{name}")
            if self.is_bound and name in self.errors:
                field.widget.attrs["aria-invalid"] = "true"
                ids.insert(0, f"error-{name}")
            if ids and not isinstance(field.widget, forms.RadioSelect):
                field.widget.attrs["aria-describedby"] = " ".join(ids)


class MessageForm(AccessibleForm):
    class Age:
        ADULT, GUARDIAN = "self", "guardian"

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=Message.Kind,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    about = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Your message"),
        min_length=SHORTEST_TEXT,
        max_length=LONGEST_TEXT,
        help_text=_("At most 2,000 characters. Leave out numbers of identity and bank cards: nobody needs them here."),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={
            "required": _("Write what you want to tell us."),
            "min_length": _("Write a little more: at least five characters."),
        },
    )
    name = forms.CharField(
        label=_("How may we call you?"),
        max_length=40,
        required=False,
        help_text=_("You may leave it empty."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact = forms.CharField(
        label=_("Telephone or e-mail"),
        max_length=100,
        required=False,
        help_text=_("Only if you want us to reach you. The answer can be read here without it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    age = forms.ChoiceField(
        label=_("Who is writing?"),
        choices=[(Age.ADULT, _("I am 14 or older")), (Age.GUARDIAN, _("A guardian, for a child under 14"))],
        initial=Age.ADULT,
        widget=forms.RadioSelect,
        help_text=_("Are you under 14? Let your parents or another guardian write."),
    )
    guardian_consent = forms.BooleanField(
        label=_("I am the child's guardian and agree that the child's personal data are used to handle this message"),
        required=False,
    )
    sensitive_consent = forms.BooleanField(
        label=_("My message contains sensitive personal data, and I agree separately that they are used to handle it"),
        required=False,
        help_text=_("Such as illness, religion, identity numbers, convictions, or data of a child under 14."),
    )
    # A field that people do not see and programs fill in; what comes with it lands among the spam, where it can be
    # found again.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.submission = ""
        self.renew_token = False
        super().__init__(*args, **kwargs)

    def clean_about(self) -> str:
        return local_path(self.cleaned_data["about"])

    def clean_contact(self) -> str:
        written: str = narrow(self.cleaned_data["contact"]).strip()
        if not written:
            return ""
        if "@" in written:
            EmailValidator(_("This is not an e-mail address."))(written)
            return written
        if not _TELEPHONE.fullmatch(re.sub(r"[\s()\-–—]", "", written)):
            raise ValidationError(
                _("Give a mobile number, a telephone number with its area code, or an e-mail address.")
            )
        return written

    def clean_token(self) -> str:
        signer = signing.TimestampSigner(salt=_FORM)
        token = self.cleaned_data["token"]
        try:
            self.submission = signer.unsign(token, max_age=SLOWEST_S)
        except signing.BadSignature:
            self.renew_token = True
            raise ValidationError(
                _("This page was open for too long. Your text is still here: send it again.")
            ) from None
        try:
            signer.unsign(token, max_age=QUICKEST_S)
        except signing.SignatureExpired:
            return str(token)
        raise ValidationError(_("That was very quick. Read it over once more, then send it again."))

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        by_guardian = values.get("age") == self.Age.GUARDIAN
        if by_guardian and not values.get("guardian_consent"):
            self.add_error("guardian_consent", _("For a child under 14 the guardian must agree here."))
        if not values.get("sensitive_consent"):
            if has_private_numbers(f"{values.get('text', '')}\n{values.get('name', '')}"):
                self.add_error(
                    "text",
                    _("There is the number of an identity or bank card in it. Take it out, or agree below to its use."),
                )
            elif by_guardian:
                self.add_error("sensitive_consent", _("Data of a child under 14 are sensitive: agree here as well."))
        values["by_guardian"] = by_guardian
        return values

    @property
    def looks_like_spam(self) -> bool:
        return bool(self.cleaned_data.get("website"))


class LookUpForm(AccessibleForm):
    number = forms.CharField(
        label=_("Receipt number"),
        max_length=20,
        help_text=_("Such as 20261124-7K3QF"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=_("Receipt code"),
        max_length=16,
        help_text=_("Eight characters, under the receipt number"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
