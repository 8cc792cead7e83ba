"""The trail: what it keeps, and what it notices."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from trust.audit import Outcome, boundary, record, verify
from trust.chain import Fault
from trust.models import AppendOnlyError, AuditEvent


@pytest.fixture
def keys(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "KEYS_ROOT", tmp_path)
    return tmp_path


@pytest.fixture
def trail(keys, transactional_db):
    for number in range(5):
        record("test.step", detail={"number": number})
    return AuditEvent.objects.order_by("sequence")


def tamper(sql, *values):
    """What somebody with the database's password could do."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_an_untouched_trail_is_sound(trail):
    assert verify() == []
    call_command("verify_audit")


def test_an_altered_row_is_found(trail):
    tamper("UPDATE trust_auditevent SET action = 'test.other' WHERE sequence = 3")
    assert (3, Fault.ALTERED) in verify()
    with pytest.raises(CommandError, match="#3"):
        call_command("verify_audit")


def test_a_row_removed_from_the_middle_is_found(trail):
    tamper("DELETE FROM trust_auditevent WHERE sequence = 2")
    assert (2, Fault.MISSING) in verify()


def test_removed_last_rows_are_found(trail):
    tamper("DELETE FROM trust_auditevent WHERE sequence >= 4")
    assert verify() == [(4, Fault.CUT_OFF), (5, Fault.CUT_OFF)]


def test_swapped_rows_are_found(trail):
    tamper("UPDATE trust_auditevent SET sequence = 99 WHERE sequence = 2")
    tamper("UPDATE trust_auditevent SET sequence = 2 WHERE sequence = 3")
    tamper("UPDATE trust_auditevent SET sequence = 3 WHERE sequence = 99")
    assert {2, 3} <= {place.sequence for place in verify()}


def test_a_chain_sealed_again_without_the_key_is_found(trail, keys):
    from trust.audit import _row
    from trust.chain import seal

    previous = "0" * 64
    for event in trail:
        mac = seal(b"a guess", previous, _row(event) | {"action": "test.forged"})
        tamper(
            "UPDATE trust_auditevent SET action = 'test.forged', previous_mac = %s, mac = %s WHERE id = %s",
            previous,
            mac,
            event.pk,
        )
        previous = mac
    assert {place.sequence for place in verify()} == {1, 2, 3, 4, 5}


def test_rows_cannot_be_changed_or_deleted_through_django(trail):
    event = trail.first()
    with pytest.raises(AppendOnlyError):
        event.save()
    with pytest.raises(AppendOnlyError):
        event.delete()
    with pytest.raises(AppendOnlyError):
        AuditEvent.objects.all().delete()
    with pytest.raises(AppendOnlyError):
        AuditEvent.objects.update(action="x")


def test_a_refusal_outlives_the_rollback_around_it(keys, transactional_db):
    def refused():
        with transaction.atomic():
            record("test.attempt")
            record("test.attempt", outcome=Outcome.REFUSED)
            raise PermissionDenied

    with pytest.raises(PermissionDenied), boundary():
        refused()
    assert list(AuditEvent.objects.values_list("outcome", flat=True)) == ["refused"]
    assert verify() == []


def test_a_denied_admin_page_is_kept_with_the_person_and_the_path(keys, transactional_db, client):
    user = get_user_model().objects.create_user("reader", password="pw-for-a-test-only")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    assert client.login(username="reader", password="pw-for-a-test-only")
    assert client.get("/admin/audit/").status_code == 302
    event = AuditEvent.objects.get(action="access")
    assert (event.outcome, event.actor, event.detail["path"]) == ("refused", user, "/admin/audit/")


def test_the_trail_is_read_only_even_for_a_superuser(keys, transactional_db, client):
    client.force_login(get_user_model().objects.create_superuser("root"))
    record("test.step")
    event = AuditEvent.objects.first()
    assert client.get("/admin/audit/").status_code == 200
    assert client.get(f"/admin/audit/inspect/{event.pk}/").status_code == 200
    for address in (f"/admin/audit/edit/{event.pk}/", f"/admin/audit/delete/{event.pk}/", "/admin/audit/new/"):
        assert client.post(address, {"action": "x"}).status_code == 302
    assert AuditEvent.objects.get(pk=event.pk).action == event.action
    assert verify() == []


def test_an_anonymous_reader_leaves_no_trace(keys, transactional_db, client):
    client.get("/search/")
    assert not AuditEvent.objects.exists()


def test_a_failed_log_in_is_kept_without_the_password(keys, transactional_db, client):
    client.login(username="nobody", password="a secret that must not be kept")
    event = AuditEvent.objects.get(action="account.log_in")
    assert event.outcome == "refused"
    assert "secret" not in str(event.detail)
