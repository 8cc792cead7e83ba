"""Forms of the pages behind a plan: artwork, making good, payments, photos from the street."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from campaigns.forms import MoneyField
from campaigns.models import Artwork, Booking, Campaign, Format, Payment, Placement
from media.models import BusCut

DATE = {"type": "date"}
PHOTO_ACCEPT = "image/jpeg,image/heic,image/heif,.jpg,.jpeg,.heic,.heif"


class PlainForm:
    """Marks faulty fields for screen readers, as the brief does."""

    def mark_errors(self) -> None:
        form: Any = self
        if not form.is_bound:
            return
        for name, field in form.fields.items():
            if form.errors.get(name):
                field.widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"error-{name}"}


class ArtworkForm(PlainForm, forms.ModelForm):
    file = forms.FileField(
        label=_("Picture (TIFF or JPEG, CMYK)"),
        required=False,
        validators=[FileExtensionValidator(["tif", "tiff", "jpg", "jpeg"])],
        widget=forms.FileInput(attrs={"accept": "image/tiff,image/jpeg,.tif,.tiff,.jpg,.jpeg"}),
    )

    class Meta:
        model = Artwork
        fields = (
            "format", "title", "width_mm", "height_mm", "scale", "code_left_mm", "code_top_mm", "code_side_mm", "cut",
        )  # fmt: skip

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.campaign = campaign
        cuts = BusCut.objects.filter(state="ready").select_related("version__video", "profile")
        approved = [cut.pk for cut in cuts if cut.approved]
        chooser: Any = self.fields["cut"]
        chooser.queryset = cuts.filter(pk__in=approved)
        chooser.empty_label = _("No approved cut chosen")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("format") in {Format.SHELTER, Format.BODY} and not values.get("file"):
            self.add_error("file", _("Choose the picture's file."))
        return values


class MakeGoodForm(PlainForm, forms.Form):
    placement = forms.ModelChoiceField(label=_("Placement"), queryset=Placement.objects.none())
    starts_on = forms.DateField(label=_("Posting"), widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"))
    ends_on = forms.DateField(label=_("Take-down"), widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"))
    why = forms.CharField(label=_("What was lost, and why"), max_length=200)

    def __init__(self, *args: Any, lost: Booking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser: Any = self.fields["placement"]
        chooser.queryset = Placement.objects.on_sale().filter(area=lost.placement.area_id, format=lost.placement.format)
        chooser.initial = lost.placement_id


class PaymentForm(PlainForm, forms.ModelForm):
    # Text, so that 1,000 can be typed as it is written.
    amount_cny = MoneyField(label=_("Amount (yuan)"), max_digits=12, decimal_places=2, widget=forms.TextInput)

    class Meta:
        model = Payment
        fields = ("paid_on", "amount_cny", "payee", "voucher")
        widgets = {"paid_on": forms.DateInput(attrs=DATE, format="%Y-%m-%d")}

    def clean_amount_cny(self) -> Any:
        amount = self.cleaned_data["amount_cny"]
        if not amount:
            raise ValidationError(_now("An amount of zero says nothing."))
        return amount


class ProofForm(PlainForm, forms.Form):
    """`lat`, `lon` are filled by the phone, and only after its owner has said yes."""

    photo = forms.FileField(
        label=_("Photo"),
        widget=forms.FileInput(attrs={"accept": PHOTO_ACCEPT, "capture": "environment"}),
        error_messages={"required": _("Take a photo first.")},
    )
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    comment = forms.CharField(label=_("Anything wrong?"), required=False, max_length=200)

    @property
    def phone_place(self) -> tuple[float, float] | None:
        lat, lon = self.cleaned_data.get("lat"), self.cleaned_data.get("lon")
        return None if lat is None or lon is None else (lat, lon)
