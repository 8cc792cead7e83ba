"""A crew opens its own list by a signed link: nothing else, not for longer, and every step stands in the trail."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Booking, CrewLink, PlanVersion, PostingProof
from campaigns.services import crewlinks
from campaigns.services.proofs import MOST_BY_LINK
from tests.campaigns.street_photos import photo
from trust.models import AuditEvent
from trust.roles import Role


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def flights(hanging: PlanVersion) -> list[Booking]:
    """Three shelters that hang from today: two of the first crew, one of the second."""
    found = list(hanging.bookings.select_related("placement__stop", "plan").order_by("placement__code")[:3])
    for booking, crew in zip(found, ("一组", "一组", "二组"), strict=True):
        booking.crew = crew
        booking.save()
    return found


@pytest.fixture
def link(flights: list[Booking], planner: Any) -> CrewLink:
    return crewlinks.make_link(flights[0].plan.campaign, "一组", "posting", in_days(30), planner)  # type: ignore[union-attr]


def path(link: CrewLink) -> str:
    return reverse("crew:list", args=[crewlinks.token(link)])


def send(flight: Booking, link: CrewLink, **more: Any) -> Any:
    stop = flight.placement.stop
    assert stop is not None
    file = photo((stop.lat, stop.lon), timezone.localtime())
    return Client().post(f"{path(link)}{flight.pk}/", {"photo": file, **more})


def deeds(action: str) -> list[Any]:
    return list(AuditEvent.objects.filter(action=action).order_by("sequence"))


class TestWhatItOpens:
    def test_the_list_of_its_own_crew_without_an_account(self, link: CrewLink, flights: list[Booking]) -> None:
        answer = Client().get(path(link))
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert "noindex" in answer["X-Robots-Tag"]
        assert flights[0].placement.name in page
        assert flights[2].placement.name not in page

    def test_nothing_of_another_crew(self, link: CrewLink, flights: list[Booking]) -> None:
        assert Client().get(f"{path(link)}{flights[0].pk}/").status_code == 200
        assert Client().get(f"{path(link)}{flights[2].pk}/").status_code == 404
        assert send(flights[2], link).status_code == 404

    def test_what_moves_to_another_crew_is_out_of_reach_at_once(self, link: CrewLink, flights: list[Booking]) -> None:
        flights[0].crew = "二组"
        flights[0].save()
        assert Client().get(f"{path(link)}{flights[0].pk}/").status_code == 404

    @pytest.mark.parametrize("change", ["{}x", "x{}", "9{}"])
    def test_a_changed_link_opens_nothing(self, link: CrewLink, change: str) -> None:
        assert Client().get(f"/crew/{change.format(crewlinks.token(link))}/").status_code == 404

    def test_another_installations_key_opens_nothing(self, link: CrewLink, monkeypatch: pytest.MonkeyPatch) -> None:
        there = path(link)
        monkeypatch.setattr(settings, "SECRET_KEY", "another")
        assert Client().get(there).status_code == 404

    def test_the_staffs_pages_stay_shut(self, link: CrewLink, flights: list[Booking]) -> None:
        crew = Client()
        crew.get(path(link))
        for address in ("/planner/", reverse("campaigns:posting", args=[link.campaign_id])):
            assert "/login/" in crew.get(address)["Location"]


class TestItsEnd:
    def test_it_ends_with_its_day(self, link: CrewLink) -> None:
        CrewLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
        answer = Client().get(path(link))
        assert answer.status_code == 410
        assert "链接已失效" in answer.content.decode()

    def test_revoked_it_opens_nothing_and_takes_no_photo(
        self, link: CrewLink, flights: list[Booking], planner: Any
    ) -> None:
        desk = Client()
        desk.force_login(planner)
        desk.post(reverse("campaigns:revoke_crew_link", args=[link.pk]))
        assert Client().get(path(link)).status_code == 410
        assert send(flights[0], link).status_code == 410
        assert not PostingProof.objects.exists()
        assert [event.outcome for event in deeds("crew_link.open")] == ["refused"]  # once, however often it is tried

    def test_only_who_runs_the_schedule_may_make_and_revoke(self, link: CrewLink, person: Any) -> None:
        reader = Client()
        reader.force_login(person("auditor", Role.AUDITOR))
        assert reader.post(reverse("campaigns:revoke_crew_link", args=[link.pk])).status_code == 403
        assert reader.post(reverse("campaigns:make_crew_link", args=[link.campaign_id])).status_code == 403

    @pytest.mark.parametrize("days", [-1, crewlinks.MOST_DAYS + 1])
    def test_it_is_neither_made_for_the_past_nor_for_ever(
        self, flights: list[Booking], planner: Any, days: int
    ) -> None:
        with pytest.raises(ValidationError):
            crewlinks.make_link(flights[0].plan.campaign, "一组", "posting", in_days(days), planner)  # type: ignore[union-attr]

    def test_a_crew_without_placements_gets_none(self, flights: list[Booking], planner: Any) -> None:
        with pytest.raises(ValidationError):
            crewlinks.make_link(flights[0].plan.campaign, "三组", "posting", in_days(3), planner)  # type: ignore[union-attr]


class TestPhotos:
    def test_a_photo_comes_in_and_the_trail_says_by_which_link(self, link: CrewLink, flights: list[Booking]) -> None:
        assert send(flights[0], link).status_code == 302
        proof = PostingProof.objects.get()
        assert (proof.state, proof.uploaded_by, proof.crew_link) == ("proved", None, link)
        assert proof.sender == "一组（通过链接）"
        (event,) = deeds("proof.send")
        assert (event.actor, event.detail["crew_link"]) == (None, link.pk)
        shown = Client().get(reverse("crew:photo", args=[crewlinks.token(link), proof.pk]))
        assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")

    def test_whoever_made_the_link_is_no_second_person(
        self, link: CrewLink, flights: list[Booking], planner: Any, person: Any
    ) -> None:
        Client().post(f"{path(link)}{flights[0].pk}/", {"photo": photo(None, None)})
        proof = PostingProof.objects.get()
        assert proof.state == "waiting"
        judged = reverse("campaigns:judge_proof", args=[proof.pk])
        for user, state in ((planner, "waiting"), (person("second", Role.PLANNER), "confirmed")):
            desk = Client()
            desk.force_login(user)
            desk.get(reverse("campaigns:proof", args=[proof.pk]))
            desk.post(judged, {"answer": "confirm"})
            assert PostingProof.objects.get().state == state

    def test_a_link_that_got_about_does_not_fill_the_disk(
        self, link: CrewLink, flights: list[Booking], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("campaigns.services.proofs.MOST_BY_LINK", 2)
        assert MOST_BY_LINK > 2
        assert [send(flights[0], link).status_code for _ in range(3)] == [302, 302, 422]
        assert PostingProof.objects.count() == 2


class TestDesk:
    def test_the_page_makes_a_link_shows_it_as_a_code_and_revokes_it(
        self, flights: list[Booking], planner: Any
    ) -> None:
        desk = Client()
        desk.force_login(planner)
        campaign = flights[0].plan.campaign_id  # type: ignore[union-attr]
        fields = {"deed": "posting", "crew": "一组", "last_day": str(in_days(20))}
        page = desk.post(reverse("campaigns:make_crew_link", args=[campaign]), fields, follow=True).content.decode()
        link = CrewLink.objects.get()
        assert f"{settings.PUBLIC_URL}{path(link)}" in page
        assert timezone.localtime(link.expires_at).date() == in_days(20)
        assert [event.action for event in AuditEvent.objects.filter(action__startswith="crew_link")] == [
            "crew_link.make"
        ]
        desk.post(reverse("campaigns:revoke_crew_link", args=[link.pk]))
        assert [event.actor for event in deeds("crew_link.revoke")] == [planner]

    @pytest.mark.parametrize("day", ["", "gestern", "2026-02-31"])
    def test_a_day_that_is_none_is_said(self, flights: list[Booking], planner: Any, day: str) -> None:
        desk = Client()
        desk.force_login(planner)
        campaign = flights[0].plan.campaign_id  # type: ignore[union-attr]
        fields = {"deed": "posting", "crew": "一组", "last_day": day}
        answer = desk.post(reverse("campaigns:make_crew_link", args=[campaign]), fields, follow=True)
        assert "note-error" in answer.content.decode()
        assert not CrewLink.objects.exists()
