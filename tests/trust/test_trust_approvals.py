"""Two people, exact bytes."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from trust.approvals import AlreadyApproved, OwnWork, approve, is_approved
from trust.models import AuditEvent
from trust.roles import Role, group_of, roles_of, sync_roles

pytestmark = pytest.mark.django_db
OLD, NEW = "a" * 64, "b" * 64


@pytest.fixture
def people():
    users = get_user_model().objects
    return users.create_user("maker"), users.create_user("second"), users.create_superuser("root")


@pytest.fixture
def subject():
    return Group.objects.create(name="anything with a key")


def test_a_second_person_may_sign_once(people, subject):
    maker, second, _ = people
    approve(subject, sha256=OLD, step="final", person=second, makers=[maker])
    assert is_approved(subject, sha256=OLD, step="final")
    with pytest.raises(AlreadyApproved):
        approve(subject, sha256=OLD, step="final", person=second, makers=[maker])


def test_nobody_signs_their_own_work_not_even_a_superuser(people, subject):
    maker, _, root = people
    for person in (maker, root):
        with pytest.raises(OwnWork):
            approve(subject, sha256=OLD, step="final", person=person, makers=[person])
    assert not is_approved(subject, sha256=OLD, step="final")
    assert AuditEvent.objects.filter(action="approval", outcome="refused").count() == 2


def test_a_signature_holds_for_exactly_these_bytes_and_this_step(people, subject):
    maker, second, _ = people
    approve(subject, sha256=OLD, step="final", person=second, makers=[maker])
    assert not is_approved(subject, sha256=NEW, step="final")
    assert not is_approved(subject, sha256=OLD, step="first")


def test_two_signatures_need_two_people(people, subject):
    maker, second, root = people
    approve(subject, sha256=OLD, step="final", person=second, makers=[maker])
    assert not is_approved(subject, sha256=OLD, step="final", needed=2)
    approve(subject, sha256=OLD, step="final", person=root, makers=[maker])
    assert is_approved(subject, sha256=OLD, step="final", needed=2)


def test_roles_get_exactly_what_the_apps_declare(people):
    sync_roles()
    group = group_of(Role.AUDITOR)
    extra = group_of(Role.ADMIN).permissions.get(codename="add_user")
    group.permissions.add(extra)
    sync_roles()
    assert extra not in group.permissions.all()
    assert group.permissions.filter(codename="view_auditevent").exists()


def test_a_person_holds_the_roles_of_their_groups(people):
    _, second, _ = people
    second.groups.add(group_of(Role.PLANNER), group_of(Role.EDITOR))
    assert roles_of(second) == [Role.EDITOR, Role.PLANNER]
