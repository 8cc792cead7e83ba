"""Artwork at the desk: refused with reasons, kept privately, approved by a second person and by its bytes."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from campaigns.models import Artwork, Campaign, Placement
from campaigns.services.artwork import artwork_is_approved, current_artwork
from trust.models import AuditEvent
from trust.roles import Role

FIELDS = {
    "format": "shelter", "title": "冬季主画面", "width_mm": 1200, "height_mm": 1800, "scale": 10,
    "code_left_mm": 900, "code_top_mm": 1500, "code_side_mm": 200, "cut": "",
}  # fmt: skip


def picture(mode: str = "CMYK", shade: int = 70) -> SimpleUploadedFile:
    ground: Any = (shade, 30, 0, 10) if mode == "CMYK" else (shade, 90, 160)
    out = io.BytesIO()
    Image.new(mode, (3572, 5272), ground).save(out, "JPEG", dpi=(720, 720))
    return SimpleUploadedFile("画面.jpg", out.getvalue(), "image/jpeg")


def desk(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def deliver(client: Client, campaign: Campaign, file: Any, **changes: Any) -> Any:
    return client.post(reverse("campaigns:artworks", args=[campaign.pk]), FIELDS | {"file": file} | changes)


@pytest.fixture
def artwork(campaign: Campaign, planner: Any) -> Artwork:
    assert deliver(desk(planner), campaign, picture()).status_code == 302
    return Artwork.objects.get()


def test_a_wrong_picture_is_refused_with_every_reason_and_not_kept(campaign: Campaign, planner: Any) -> None:
    answer = deliver(desk(planner), campaign, picture("RGB"), code_left_mm=980, code_side_mm=100)
    said = answer.content.decode()
    assert answer.status_code == 422
    for reason in ("颜色模式是 RGB，印刷需要 CMYK", "人站在 1.50 米外"):
        assert reason in said
    assert not Artwork.objects.exists()
    assert not list((Path(settings.PRIVATE_ROOT) / "artwork").glob("*.jpg"))
    assert AuditEvent.objects.filter(action="artwork.accept", outcome="refused").exists()


def test_an_accepted_picture_is_private_and_byte_for_byte(artwork: Artwork, planner: Any) -> None:
    assert artwork.file.path.startswith(str(settings.PRIVATE_ROOT))
    assert artwork.preview.path.startswith(str(settings.PRIVATE_ROOT))
    assert "画面" not in artwork.file.name
    answer = desk(planner).get(reverse("campaigns:artwork_original", args=[artwork.pk]))
    assert b"".join(answer.streaming_content) == picture().read()  # type: ignore[attr-defined]
    assert Image.open(artwork.preview).getexif() == {}


@pytest.mark.parametrize("name", ["artwork", "artwork_face", "artwork_original"])
def test_nobody_outside_sees_it(artwork: Artwork, person: Any, name: str) -> None:
    address = reverse(f"campaigns:{name}", args=[artwork.pk])
    assert Client().get(address).status_code == 302
    assert desk(person("editor", Role.EDITOR)).get(address).status_code == 403


def test_a_second_person_approves_exactly_what_was_looked_at(artwork: Artwork, planner: Any, person: Any) -> None:
    approve = reverse("campaigns:approve_artwork", args=[artwork.pk])
    desk(planner).post(approve, {"sha256": artwork.sha256})
    assert not artwork_is_approved(artwork)  # one's own work
    second = desk(person("second", Role.FINAL_REVIEWER))
    second.post(approve, {"sha256": "0" * 64})
    assert not artwork_is_approved(artwork)
    second.post(approve, {"sha256": artwork.sha256})
    assert artwork_is_approved(artwork)
    assert "审核通过这一版画面" not in second.get(reverse("campaigns:artwork", args=[artwork.pk])).content.decode()


def test_crews_get_the_newest_approved_picture_of_the_right_size(
    artwork: Artwork, campaign: Campaign, face: Placement, planner: Any, person: Any
) -> None:
    second = desk(person("second", Role.FINAL_REVIEWER))
    assert current_artwork(campaign, face) is None
    second.post(reverse("campaigns:approve_artwork", args=[artwork.pk]), {"sha256": artwork.sha256})
    assert current_artwork(campaign, face) == artwork
    deliver(desk(planner), campaign, picture(shade=90))
    assert current_artwork(campaign, face) == artwork  # the newer one is not approved
    newer = Artwork.objects.exclude(pk=artwork.pk).get()
    second.post(reverse("campaigns:approve_artwork", args=[newer.pk]), {"sha256": newer.sha256})
    assert current_artwork(campaign, face) == newer
    face.width_m, face.height_m = 3, 1  # type: ignore[assignment]
    assert current_artwork(campaign, face) is None


def test_screens_take_only_approved_cuts(campaign: Campaign, planner: Any) -> None:
    answer = deliver(desk(planner), campaign, "", format="screen", cut="")
    assert answer.status_code == 422
    assert "请选择已批准的短片" in answer.content.decode()


def test_the_page_says_which_faces_are_wanted(campaign: Campaign, planner: Any) -> None:
    from campaigns.services.planning import make_plan

    campaign.formats = ["shelter"]
    campaign.save()
    make_plan(campaign, iterations=60, user=planner)
    page = desk(planner).get(reverse("campaigns:artworks", args=[campaign.pk])).content.decode()
    assert "3500 × 1500" in page
    assert "还缺，去上传" in page
