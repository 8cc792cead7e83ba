"""What holds for every installation, and what production refuses to do without."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import env
from config.accounts import FILE, create_first_accounts
from trust.roles import Role

ROOT = Path(__file__).resolve().parents[2]


def in_production(**environment):
    code = "import django; django.setup(); from django.conf import settings; print(settings.SECURE_SSL_REDIRECT)"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "PUFA_DATA_DIR": str(settings.DATA_DIR),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_does_not_start_without_its_own_secret_key():
    ended = in_production(PUFA_ALLOWED_HOSTS="pufa.example")
    assert ended.returncode != 0
    assert "PUFA_SECRET_KEY" in ended.stderr


def test_production_does_not_start_without_its_hosts():
    ended = in_production(PUFA_SECRET_KEY="k" * 50)
    assert ended.returncode != 0
    assert "PUFA_ALLOWED_HOSTS" in ended.stderr


def test_production_forces_https_unless_told_otherwise():
    secret = {"PUFA_SECRET_KEY": "k" * 50, "PUFA_ALLOWED_HOSTS": "pufa.example"}
    assert in_production(**secret).stdout.strip() == "True"
    assert in_production(**secret, PUFA_HTTPS="0").stdout.strip() == "False"


def test_sqlite_takes_the_write_lock_when_a_transaction_starts():
    options = env.database("", Path("db.sqlite3"))["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] >= 5
    assert "journal_mode=WAL" in options["init_command"]


def test_a_database_url_is_read_with_its_escapes():
    database = env.database("postgres://pufa:p%40ss@db.local:5433/pufa", Path("unused"))
    assert (database["USER"], database["PASSWORD"], database["HOST"], database["PORT"], database["NAME"]) == (
        "pufa",
        "p@ss",
        "db.local",
        "5433",
        "pufa",
    )


def test_a_database_elsewhere_may_be_spoken_to_in_cipher_alone():
    database = env.database(
        "postgres://pufa@db.local/pufa?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem", Path("unused")
    )
    assert database["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}
    assert database["NAME"] == "pufa"


@pytest.mark.parametrize("url", ["mysql://a/b", "postgres://host", "nonsense", "postgres://host/name?ssl=yes"])
def test_another_kind_of_database_is_refused_with_a_reason(url):
    with pytest.raises(ImproperlyConfigured, match="PUFA_DATABASE_URL"):
        env.database(url, Path("unused"))


@pytest.mark.parametrize(("name", "value"), [("flag", "perhaps"), ("number", "many")])
def test_a_switch_that_makes_no_sense_is_refused_by_name(monkeypatch, name, value):
    monkeypatch.setenv("PUFA_EXAMPLE", value)
    with pytest.raises(ImproperlyConfigured, match="PUFA_EXAMPLE"):
        getattr(env, name)("PUFA_EXAMPLE", 0)


def test_there_is_one_account_per_role_with_a_password_of_its_own(db, tmp_path, client):
    created = create_first_accounts(tmp_path)
    assert len(created) == len(Role)
    assert len(set(created.values())) == len(Role)
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    assert client.login(username="planner", password=created["planner"])
    assert create_first_accounts(tmp_path) == {}


def test_only_the_administrator_is_a_superuser(db, tmp_path, django_user_model):
    create_first_accounts(tmp_path)
    assert list(django_user_model.objects.filter(is_superuser=True).values_list("username", flat=True)) == ["admin"]


def test_public_pages_get_the_strict_policy_and_the_admin_its_own(db, client):
    public = client.get("/search/").headers["Content-Security-Policy"]
    assert "unsafe" not in public
    assert "default-src 'none'" in public
    admin = client.get("/admin/login/").headers["Content-Security-Policy"]
    assert "'unsafe-inline'" in admin
    assert "http" not in public + admin
