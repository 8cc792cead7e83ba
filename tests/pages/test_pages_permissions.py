"""Who may do what with pages."""

from wagtail.models import GroupPagePermission, Page

from trust.roles import Role, sync_roles


def held(role: Role) -> set[str]:
    rows = GroupPagePermission.objects.filter(group__name=f"role:{role.value}")
    return set(rows.values_list("permission__codename", flat=True))


def test_whoever_writes_does_not_publish(db: None) -> None:
    sync_roles()
    assert held(Role.EDITOR) == {"add_page", "change_page"}
    assert [role for role in Role if "publish_page" in held(role)] == [Role.FINAL_REVIEWER]


def test_synchronising_again_neither_doubles_nor_keeps_what_is_no_longer_given(db: None) -> None:
    groups = sync_roles()
    count = GroupPagePermission.objects.count()
    editor = GroupPagePermission.objects.filter(group__name="role:editor").first()
    assert editor is not None
    publish = GroupPagePermission.objects.get(
        group__name="role:final_reviewer", permission__codename="publish_page"
    ).permission
    GroupPagePermission.objects.create(group=editor.group, page=Page.get_first_root_node(), permission=publish)
    assert sync_roles() == groups
    assert GroupPagePermission.objects.count() == count


def test_a_planner_and_an_auditor_hold_no_page(db: None) -> None:
    sync_roles()
    assert held(Role.PLANNER) == held(Role.AUDITOR) == set()
