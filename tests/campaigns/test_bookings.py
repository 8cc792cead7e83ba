"""Nothing is sold twice, whoever asks first."""

import threading
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from campaigns.models import Booking, BookingConflict, Placement

FLIGHT = {"starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 28)}


def book(placement: Placement, starts: date, ends: date, state: str = Booking.State.BOOKED) -> Booking:
    return Booking.objects.create(placement=placement, starts_on=starts, ends_on=ends, state=state)


def test_a_second_booking_that_shares_a_single_day_is_refused(face: Placement) -> None:
    book(face, date(2026, 12, 1), date(2026, 12, 28))
    with pytest.raises(BookingConflict):
        book(face, date(2026, 12, 28), date(2027, 1, 10))
    assert Booking.objects.count() == 1


def test_the_day_after_is_free(face: Placement) -> None:
    book(face, date(2026, 12, 1), date(2026, 12, 28))
    book(face, date(2026, 12, 29), date(2027, 1, 10))
    assert Booking.objects.count() == 2


def test_a_hold_keeps_others_out_and_a_cancelled_booking_does_not(face: Placement) -> None:
    held = book(face, *FLIGHT.values(), state=Booking.State.HOLD)
    with pytest.raises(BookingConflict):
        book(face, *FLIGHT.values())
    held.state = Booking.State.CANCELLED
    held.save()
    book(face, *FLIGHT.values())


def test_a_booking_does_not_stand_in_its_own_way(face: Placement) -> None:
    made = book(face, *FLIGHT.values(), state=Booking.State.HOLD)
    made.state = Booking.State.BOOKED
    made.save()
    assert Booking.objects.get().state == Booking.State.BOOKED


def test_two_options_of_one_bundle_exclude_each_other(campaign: Any) -> None:
    two, four = Placement.objects.filter(bundle="body:1").order_by("wrapped_buses")[:2]
    book(two, *FLIGHT.values())
    with pytest.raises(BookingConflict):
        book(four, *FLIGHT.values())


def test_the_form_says_who_has_it(face: Placement) -> None:
    book(face, *FLIGHT.values())
    with pytest.raises(ValidationError, match="手工点位"):
        Booking(placement=face, **FLIGHT).full_clean()


@pytest.mark.django_db(transaction=True)
def test_of_fifty_who_book_at_once_exactly_one_wins(face: Placement) -> None:
    start = threading.Barrier(50)
    won: list[int] = []
    lost: list[int] = []
    broken: list[Exception] = []

    def try_it(number: int) -> None:
        try:
            mine = Placement.objects.get(pk=face.pk)
            start.wait(timeout=60)
            book(mine, *FLIGHT.values())
            won.append(number)
        except BookingConflict:
            lost.append(number)
        except Exception as error:  # noqa: BLE001  whatever else happens must fail the test
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not broken
    assert (len(won), len(lost), Booking.objects.count()) == (1, 49, 1)
