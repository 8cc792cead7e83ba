"""One account per role on first start, each with a password of its own that nobody chose."""

import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction

from trust.accounts.passwords import require_change
from trust.roles import Role, group_of

FILE = "first-accounts.txt"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread from a screen


def new_password() -> str:
    """Four groups of four from 31 letters: 79 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


@transaction.atomic
def create_first_accounts(folder: Path) -> dict[str, str]:
    """Create what is missing of the role accounts; returns user name → password of the new ones.

    The passwords are also written to `folder`/first-accounts.txt, readable by the owner only, for the first log-in.
    """
    created: dict[str, str] = {}
    users = get_user_model()
    for role in Role:
        name = role.value.replace("_", "-")
        if users.objects.filter(username=name).exists():
            continue
        password = new_password()
        user = users.objects.create_user(username=name, password=password, first_name=str(role.label))
        # The administrator is a superuser: settings, sites and accounts. Reviews and approvals bind superusers too.
        user.is_superuser = user.is_staff = role is Role.ADMIN
        user.save(update_fields=["is_superuser", "is_staff"])
        user.groups.add(group_of(role))
        if not settings.DEMO:
            require_change(user)
        created[name] = password
    if created:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / FILE
        path.touch(mode=0o600)
        labels = {role.value.replace("_", "-"): str(role.label) for role in Role}
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"{name}\t{password}\t{labels[name]}\n" for name, password in created.items())
    return created
