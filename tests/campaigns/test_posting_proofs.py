"""Photos from the street: judged by time and place, kept untouched and private, never refused for a missing tag."""

import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from campaigns.artwork.photos import metres_between, read
from campaigns.models import Booking, PlanVersion, PostingProof
from tests.campaigns.street_photos import photo
from trust.roles import Role

CHINA = timezone.get_default_timezone()


@pytest.fixture
def flight(hanging: PlanVersion) -> Booking:
    """A booked shelter that hangs from today."""
    found = hanging.bookings.filter(placement__format="shelter").first()
    assert found is not None
    return found


@pytest.fixture
def desk(planner: Any) -> Client:
    client = Client()
    client.force_login(planner)
    return client


def there(flight: Booking) -> tuple[float, float]:
    assert flight.placement.stop is not None
    return flight.placement.stop.lat, flight.placement.stop.lon


def send(client: Client, flight: Booking, file: Any, deed: str = "posting", **more: Any) -> Any:
    return client.post(reverse("campaigns:street", args=[flight.pk, deed]), {"photo": file, **more})


def now() -> datetime:
    return timezone.localtime()


class TestJudging:
    @pytest.mark.parametrize("kind", ["JPEG", "HEIF"])
    def test_time_and_place_of_the_photo_prove_it(self, desk: Client, flight: Booking, kind: str) -> None:
        assert send(desk, flight, photo(there(flight), now(), kind)).status_code == 302
        proof = PostingProof.objects.get()
        assert (proof.state, proof.place_source, proof.time_source) == ("proved", "photo", "photo")
        assert proof.distance_m is not None
        assert proof.distance_m < 5

    def test_without_a_place_the_phone_says_it(self, desk: Client, flight: Booking) -> None:
        lat, lon = there(flight)
        send(desk, flight, photo(None, now()), lat=lat + 0.0005, lon=lon)
        proof = PostingProof.objects.get()
        assert (proof.state, proof.place_source) == ("proved", "phone")
        assert proof.distance_m == pytest.approx(55.6, abs=0.5)

    def test_the_photo_is_believed_before_the_phone(self, desk: Client, flight: Booking) -> None:
        lat, lon = there(flight)
        send(desk, flight, photo((lat + 0.1, lon), now()), lat=lat, lon=lon)
        assert PostingProof.objects.get().doubts == ["far"]

    def test_without_any_place_it_is_taken_and_waits_for_a_person(self, desk: Client, flight: Booking) -> None:
        assert send(desk, flight, photo(None, now())).status_code == 302
        proof = PostingProof.objects.get()
        assert (proof.state, proof.doubts, proof.lat) == ("waiting", ["no_place"], None)

    @pytest.mark.parametrize(
        ("shift", "deed", "doubt"),
        [
            (timedelta(days=-10), "posting", "not_in_flight"),
            (timedelta(days=2), "posting", "future"),
            (timedelta(0), "take_down", "not_at_end"),
        ],
    )
    def test_a_time_that_does_not_fit_waits_for_a_person(
        self, desk: Client, flight: Booking, shift: timedelta, deed: str, doubt: str
    ) -> None:
        send(desk, flight, photo(there(flight), now() + shift), deed)
        assert PostingProof.objects.get().doubts == [doubt]

    def test_a_wrapped_bus_is_measured_against_its_way(self, desk: Client, flight: Booking, town: Any) -> None:
        place = flight.placement
        place.stop, place.line = None, town.lines.get(code="1")
        place.save()
        send(desk, flight, photo((22.6 + 0.001, 113.0061), now()))
        proof = PostingProof.objects.get()
        assert proof.distance_m == pytest.approx(111.2, abs=0.5)

    def test_the_same_photo_is_not_taken_twice(self, desk: Client, flight: Booking) -> None:
        once = photo(there(flight), now())
        send(desk, flight, once)
        once.seek(0)
        answer = send(desk, flight, once)
        assert answer.status_code == 422
        assert "已经提交过" in answer.content.decode()
        assert PostingProof.objects.count() == 1

    @pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe0garbage", b"GIF89a", b"%PDF-1.4"])
    def test_what_is_no_photo_is_refused_in_words(self, desk: Client, flight: Booking, content: bytes) -> None:
        answer = send(desk, flight, SimpleUploadedFile("a.jpg", content))
        assert answer.status_code == 422
        assert not PostingProof.objects.exists()


class TestPrivacy:
    def test_the_original_is_untouched_and_what_is_shown_carries_nothing(self, desk: Client, flight: Booking) -> None:
        sent = photo(there(flight), now(), turned=True)
        send(desk, flight, sent)
        proof = PostingProof.objects.get()
        sent.seek(0)
        assert proof.original.read() == sent.read()
        assert proof.original.path.startswith(str(settings.PRIVATE_ROOT))
        answer = desk.get(reverse("campaigns:proof_photo", args=[proof.pk]))
        shown = Image.open(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
        assert dict(shown.getexif()) == {}
        assert not shown.info.get("comment")
        assert shown.size == (600, 800)  # upright
        assert "private" in answer["Cache-Control"]

    def test_only_staff_with_the_role_see_it(self, desk: Client, flight: Booking, person: Any) -> None:
        send(desk, flight, photo(there(flight), now()))
        address = reverse("campaigns:proof_photo", args=[PostingProof.objects.get().pk])
        assert Client().get(address).status_code == 302
        editor = Client()
        editor.force_login(person("editor", Role.EDITOR))
        assert editor.get(address).status_code == 403

    def test_a_refused_photo_leaves_no_file(self, desk: Client, flight: Booking) -> None:
        before = set((Path(settings.PRIVATE_ROOT) / "proofs").glob("*"))
        send(desk, flight, SimpleUploadedFile("a.jpg", b"nothing"))
        assert set((Path(settings.PRIVATE_ROOT) / "proofs").glob("*")) == before


class TestSecondPerson:
    def test_only_another_person_confirms(self, desk: Client, flight: Booking, person: Any) -> None:
        send(desk, flight, photo())
        proof = PostingProof.objects.get()
        judge = reverse("campaigns:judge_proof", args=[proof.pk])
        desk.post(judge, {"answer": "confirm"})
        proof.refresh_from_db()
        assert proof.state == "waiting"
        second = Client()
        second.force_login(person("second", Role.PLANNER))
        second.post(judge, {"answer": "confirm"})
        proof.refresh_from_db()
        assert (proof.state, proof.holds) == ("confirmed", True)

    def test_a_rejected_photo_proves_nothing_and_is_kept(self, desk: Client, flight: Booking, person: Any) -> None:
        send(desk, flight, photo())
        second = Client()
        second.force_login(person("second", Role.PLANNER))
        proof = PostingProof.objects.get()
        second.post(reverse("campaigns:judge_proof", args=[proof.pk]), {"answer": "reject"})
        assert not PostingProof.objects.get().holds


class TestLists:
    def test_each_crew_gets_its_own_list(self, desk: Client, flight: Booking) -> None:
        campaign = flight.plan.campaign  # type: ignore[union-attr]
        fields = {f"crew-{booking.pk}": "一组" for booking in Booking.objects.live()}
        fields[f"crew-{flight.pk}"] = "二组"
        desk.post(reverse("campaigns:crews", args=[campaign.pk]), fields)
        page = desk.get(reverse("campaigns:posting", args=[campaign.pk]), {"crew": "二组"}).content.decode()
        assert page.count("去拍照") == 1
        assert flight.placement.name in page

    def test_the_list_says_what_is_proved_and_the_map_too(self, desk: Client, flight: Booking) -> None:
        plan: PlanVersion = flight.plan  # type: ignore[assignment]
        page = reverse("campaigns:posting", args=[plan.campaign_id])
        assert "已监播 0 处" in desk.get(page).content.decode()
        send(desk, flight, photo(there(flight), now()))
        assert "已监播 1 处" in desk.get(page).content.decode()
        layers = desk.get(reverse("campaigns:layers", args=["town"]), {"plan": plan.pk}).json()
        states = {pick["properties"]["code"]: pick["properties"].get("proof") for pick in layers["picks"]["features"]}
        assert states[flight.placement.code] == "proved"
        assert set(states.values()) <= {"proved", "missing"}


@pytest.mark.parametrize("offset", ["+08:00", "+00:00", "-05:30"])
def test_a_time_with_an_offset_is_taken_at_its_word(offset: str) -> None:
    exif = Image.Exif()
    inner = exif.get_ifd(0x8769)
    inner[0x9003], inner[0x9011] = "2026:12:01 09:00:00", offset
    out = io.BytesIO()
    Image.new("RGB", (10, 10)).save(out, "JPEG", exif=exif.tobytes())
    taken = read(out, 1, CHINA).taken_at
    assert taken is not None
    assert taken.isoformat() == f"2026-12-01T09:00:00{offset}"


def test_a_path_is_measured_between_its_points() -> None:
    street = [(113.0, 22.6), (113.01, 22.6)]
    assert metres_between(22.601, 113.005, street) == pytest.approx(111.2, abs=0.1)
    assert metres_between(22.6, 113.02, street) == pytest.approx(1026.6, abs=1)
    assert metres_between(22.6, 113.0, []) is None
