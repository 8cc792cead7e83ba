"""The second factor: a code from a telephone (TOTP, RFC 6238), and ten codes on paper for the day it is lost."""

import math
import secrets
from base64 import b32encode
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

CODES = 10
CODE_LENGTH = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread from paper


def device_being_set_up(user: Any) -> TOTPDevice:
    """The device that `user` has been shown a key for and has not confirmed yet."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "phone"})
    return device


def secret_of(device: TOTPDevice) -> str:
    """The key as a person types it: groups of four from base32."""
    text = b32encode(device.bin_key).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


@transaction.atomic
def confirm(user: Any, token: str) -> list[str] | None:
    """Take the device into use where `token` shows that the telephone has its key; returns the paper codes, or None."""
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not device.verify_token(normalised(token)):
        return None
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    return new_paper_codes(user)


@transaction.atomic
def new_paper_codes(user: Any) -> list[str]:
    """Ten codes, each good once; the ones before are void. 50 bits each, and tries are slowed down."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="paper", confirmed=True)
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    device.token_set.bulk_create(device.token_set.model(device=device, token=code) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def paper_codes_left(user: Any) -> int:
    return sum(device.token_set.count() for device in StaticDevice.objects.filter(user=user))


@transaction.atomic
def accepts(user: Any, token: str) -> bool:
    """Whether `token` is a code of the telephone or of the paper; a paper code is spent by it.

    Six digits are the telephone's, all else the paper's: a try at one is not a failure of the other.
    """
    token = normalised(token)
    kind = TOTPDevice if token.isdigit() else StaticDevice
    device = kind.objects.select_for_update().filter(user=user, confirmed=True).first()
    return device is not None and device.verify_token(token)


def seconds_to_wait(user: Any) -> int:
    """How long the next try has to wait after wrong ones; 0 for not at all."""
    until = []
    for kind in (TOTPDevice, StaticDevice):
        for device in kind.objects.filter(user=user, confirmed=True):
            allowed, why = device.verify_is_allowed()
            if not allowed:
                until.append(why["locked_until"])
    return max(0, math.ceil((max(until) - timezone.now()).total_seconds())) if until else 0


@transaction.atomic
def remove(user: Any) -> None:
    """Take the factor away, with its paper codes."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def normalised(token: str) -> str:
    return token.strip().lower().replace("-", "").replace(" ", "")
