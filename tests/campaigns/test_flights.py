"""Holds that end by the clock, flights made good, money that adds up, and the calendar."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.models import AdCode, Booking, BookingConflict, Payment, Placement, PlanVersion
from campaigns.services.booking import approve_plan, book_plan, hold_plan, make_good, release_holds
from campaigns.services.ledger import ledger
from campaigns.services.planning import make_plan
from campaigns.services.problems import build_problem
from campaigns.services.schedule import DAYS, chart
from trust.models import AppendOnlyError
from trust.roles import Role

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 28)


@pytest.fixture
def plan(campaign: Any, planner: Any) -> PlanVersion:
    campaign.formats = ["shelter"]
    campaign.save()
    return make_plan(campaign, iterations=60, user=planner)


@pytest.fixture
def approved(plan: PlanVersion, person: Any) -> PlanVersion:
    approve_plan(plan, person("second", Role.FINAL_REVIEWER))
    return plan


@pytest.fixture
def booked(approved: PlanVersion, planner: Any) -> PlanVersion:
    book_plan(approved, planner)
    return approved


@pytest.fixture
def desk(planner: Any) -> Client:
    client = Client()
    client.force_login(planner)
    return client


def hold(placement: Placement, until: datetime | None) -> Booking:
    return Booking.objects.create(placement=placement, starts_on=FIRST, ends_on=LAST, held_until=until)


class TestHolds:
    def test_a_hold_keeps_others_out_until_its_hour_and_no_longer(self, face: Placement) -> None:
        held = hold(face, timezone.now() + timedelta(hours=1))
        with pytest.raises(BookingConflict):
            hold(face, None)
        Booking.objects.filter(pk=held.pk).update(held_until=timezone.now() - timedelta(seconds=1))
        booked = Booking.objects.create(placement=face, starts_on=FIRST, ends_on=LAST, state=Booking.State.BOOKED)
        assert list(Booking.objects.live()) == [booked]

    def test_a_hold_that_ran_out_cannot_be_booked_over_another(self, face: Placement) -> None:
        late = hold(face, timezone.now() - timedelta(seconds=1))
        hold(face, None)
        late.state = Booking.State.BOOKED
        with pytest.raises(BookingConflict):
            late.save()

    def test_the_planner_sees_what_ran_out_as_free(self, campaign: Any) -> None:
        placement = Placement.objects.filter(area=campaign.area).order_by("code").first()
        assert placement is not None
        held = hold(placement, timezone.now() + timedelta(hours=1))
        assert placement not in build_problem(campaign).placements
        Booking.objects.filter(pk=held.pk).update(held_until=timezone.now() - timedelta(seconds=1))
        assert placement in build_problem(campaign).placements

    def test_a_plan_is_held_before_it_is_approved_and_booked_after(
        self, plan: PlanVersion, planner: Any, person: Any
    ) -> None:
        held = hold_plan(plan, planner)
        assert len(held) == plan.picks.count() == Booking.objects.live().count()
        assert not AdCode.objects.exists()
        assert len(hold_plan(plan, planner)) == len(held)  # held on, not held twice
        approve_plan(plan, person("second", Role.FINAL_REVIEWER))
        book_plan(plan, planner)
        states = set(Booking.objects.values_list("state", "held_until"))
        assert states == {(Booking.State.BOOKED, None)}
        assert Booking.objects.count() == AdCode.objects.count() == plan.picks.count()

    def test_released_holds_are_free_for_others(self, plan: PlanVersion, planner: Any) -> None:
        hold_plan(plan, planner)
        assert release_holds(plan, planner) == plan.picks.count()
        assert not Booking.objects.live().exists()

    def test_the_workbench_holds_and_releases(self, desk: Client, plan: PlanVersion) -> None:
        said = desk.post(reverse("campaigns:hold", args=[plan.pk]), follow=True).content.decode()
        assert "释放" in said
        desk.post(reverse("campaigns:release", args=[plan.pk]))
        assert not Booking.objects.live().exists()


class TestMakingGood:
    def lost(self, plan: PlanVersion) -> Booking:
        found = plan.bookings.filter(placement__format="shelter").first()
        assert found is not None
        return found

    def test_a_replacement_is_free_and_has_its_own_code(self, booked: PlanVersion, planner: Any) -> None:
        lost = self.lost(booked)
        before = ledger(booked.campaign)
        made = make_good(
            lost, lost.placement, (date(2027, 1, 4), date(2027, 1, 10)), why="灯箱坏了七天", person=planner
        )
        assert made.price_cny == 0
        assert ledger(booked.campaign) == before
        assert made.codes.get().code != lost.codes.get().code
        assert book_plan(booked, planner) == []  # and it does not count as the plan's own

    @pytest.mark.parametrize(
        ("first", "last", "why"),
        [
            (date(2027, 1, 4), date(2027, 2, 1), "补二十九天"),
            (date(2027, 1, 4), date(2027, 1, 3), "倒着"),
            (date(2027, 1, 4), date(2027, 1, 10), " "),
            (date(2026, 12, 20), date(2026, 12, 22), "原排期内"),
        ],
    )
    def test_what_does_not_fit_the_loss_is_refused(
        self, booked: PlanVersion, planner: Any, first: date, last: date, why: str
    ) -> None:
        lost = self.lost(booked)
        with pytest.raises(ValidationError):
            make_good(lost, lost.placement, (first, last), why=why, person=planner)
        assert not Booking.objects.filter(makes_good=lost).exists()

    def test_no_more_is_made_good_than_was_bought(self, booked: PlanVersion, planner: Any) -> None:
        lost = self.lost(booked)
        make_good(lost, lost.placement, (date(2027, 1, 1), date(2027, 1, 20)), why="二十天", person=planner)
        with pytest.raises(ValidationError, match="20"):
            make_good(lost, lost.placement, (date(2027, 2, 1), date(2027, 2, 9)), why="再九天", person=planner)
        make_good(lost, lost.placement, (date(2027, 2, 1), date(2027, 2, 8)), why="再八天", person=planner)

    def test_the_page_books_it_and_names_a_conflict(self, desk: Client, booked: PlanVersion) -> None:
        lost = self.lost(booked)
        page = reverse("campaigns:booking", args=[lost.pk])
        form = {"placement": lost.placement_id, "starts_on": "2026-12-20", "ends_on": "2026-12-21", "why": "坏了"}
        answer = desk.post(page, form)
        assert answer.status_code == 422
        assert f"“{lost.placement.name}”" in answer.content.decode() or 'role="alert"' in answer.content.decode()
        assert desk.post(page, form | {"starts_on": "2027-01-05", "ends_on": "2027-01-06"}).status_code == 302
        assert Booking.objects.filter(makes_good=lost).count() == 1

    def test_a_flight_is_cancelled_only_with_a_reason(self, desk: Client, booked: PlanVersion) -> None:
        lost = self.lost(booked)
        cancel = reverse("campaigns:cancel_booking", args=[lost.pk])
        desk.post(cancel, {"why": " "})
        lost.refresh_from_db()
        assert lost.state == Booking.State.BOOKED
        desk.post(cancel, {"why": "站点改建"})
        lost.refresh_from_db()
        assert (lost.state, lost.note) == (Booking.State.CANCELLED, "站点改建")


class TestMoney:
    def test_what_is_bound_paid_and_left_adds_up(self, booked: PlanVersion, desk: Client) -> None:
        campaign = booked.campaign
        pay = reverse("campaigns:money", args=[campaign.pk])
        for amount in ("1,500.50", "-0.50"):
            answer = desk.post(pay, {"paid_on": "2026-12-05", "amount_cny": amount, "payee": "示例传媒", "voucher": ""})
            assert answer.status_code == 302
        found = ledger(campaign)
        assert found.committed == booked.cost_cny
        assert found.paid == Decimal(1500)
        assert found.left == campaign.budget_cny - booked.cost_cny
        assert found.unpaid == booked.cost_cny - 1500

    def test_paying_more_than_was_committed_takes_from_what_is_left(self, booked: PlanVersion, planner: Any) -> None:
        campaign = booked.campaign
        Payment.objects.create(
            campaign=campaign, paid_on=FIRST, amount_cny=booked.cost_cny + 100, payee="示例", created_by=planner
        )
        assert ledger(campaign).left == campaign.budget_cny - booked.cost_cny - 100
        assert ledger(campaign).unpaid == 0

    def test_prices_changed_later_do_not_change_what_was_agreed(self, booked: PlanVersion) -> None:
        Placement.objects.update(net_price_cny=999_999)
        assert ledger(booked.campaign).committed == booked.cost_cny

    def test_a_payment_is_never_changed(self, campaign: Any, planner: Any) -> None:
        made = Payment.objects.create(campaign=campaign, paid_on=FIRST, amount_cny=5, payee="示例", created_by=planner)
        made.amount_cny = Decimal(6)
        with pytest.raises(AppendOnlyError):
            made.save()

    def test_an_amount_of_zero_is_refused(self, desk: Client, campaign: Any) -> None:
        answer = desk.post(
            reverse("campaigns:money", args=[campaign.pk]),
            {"paid_on": "2026-12-05", "amount_cny": "0", "payee": "示例", "voucher": ""},
        )
        assert answer.status_code == 422
        assert not Payment.objects.exists()


class TestCalendar:
    def test_every_day_of_every_row_is_drawn_once(self, booked: PlanVersion) -> None:
        drawn = chart(Booking.objects.live().select_related("placement"), date(2026, 12, 9))
        assert drawn.first == date(2026, 12, 7)
        assert len(drawn.rows) == booked.picks.count()
        for row in drawn.rows:
            assert sum(cell.days for cell in row.cells) == DAYS
            flight = next(cell for cell in row.cells if cell.booking)
            assert (flight.days, flight.begins, flight.ends) == (22, False, True)

    def test_two_flights_of_a_placement_share_a_row(self, face: Placement) -> None:
        for first, last in ((FIRST, date(2026, 12, 7)), (date(2026, 12, 10), LAST)):
            Booking.objects.create(placement=face, starts_on=first, ends_on=last, state=Booking.State.BOOKED)
        drawn = chart(Booking.objects.live().select_related("placement"), FIRST)
        assert [(cell.days, bool(cell.booking)) for cell in drawn.rows[0].cells] == [
            (1, False), (7, True), (2, False), (19, True), (27, False),
        ]  # fmt: skip

    def test_the_page_draws_it_and_leads_to_each_flight(self, desk: Client, booked: PlanVersion) -> None:
        page = desk.get(f"{reverse('campaigns:bookings')}?campaign={booked.campaign_id}").content.decode()
        assert page.count('class="flight is-booked') == booked.picks.count()
        assert " style=" not in page

    @pytest.mark.parametrize("said", ["2026-99-99", "gestern", ""])
    def test_a_foolish_date_shows_the_usual_weeks(self, desk: Client, said: str) -> None:
        assert desk.get(f"{reverse('campaigns:bookings')}?from={said}").status_code == 200

    def test_the_ical_file_holds_posting_and_take_down_and_withdraws_what_was_cancelled(
        self, desk: Client, booked: PlanVersion
    ) -> None:
        gone = booked.bookings.order_by("pk").first()
        assert gone is not None
        gone.state = Booking.State.CANCELLED
        gone.save()
        answer = desk.get(reverse("campaigns:plan_calendar", args=[booked.pk]))
        assert answer["Content-Type"].startswith("text/calendar")
        text = answer.content.decode()
        lines = text.replace("\r\n ", "").split("\r\n")
        assert lines.count("BEGIN:VEVENT") == 2 * booked.picks.count()
        assert lines.count("STATUS:CANCELLED") == 2
        assert "DTSTART;VALUE=DATE:20261201" in lines
        assert "DTEND;VALUE=DATE:20261229" in lines  # exclusive: the 28th is the last day
        assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
        uids = [line for line in lines if line.startswith("UID:")]
        assert len(set(uids)) == len(uids)
