"""What lies in deploy/ says the same as the product."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from media import serving

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
SITE = (DEPLOY / "nginx/pufa.conf").read_text()


def test_the_headers_of_nginx_are_those_of_production(settings, capsys):
    """The stored file is what production prints without a switch set."""
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    call_command("nginx_headers")
    assert (DEPLOY / "nginx/pufa-headers.conf").read_text() == capsys.readouterr().out


def test_nginx_knows_a_session_by_the_products_cookie(settings):
    names = set(re.findall(r"\((\w+)\|(\w+)\)=", SITE))
    assert names == {(settings.SESSION_COOKIE_NAME, "messages")}


def test_nginx_gives_uploads_the_types_of_the_product_and_nothing_that_could_run():
    block = re.search(r"types \{(.*?)\}", SITE, re.DOTALL)[1]
    told = {ending: line.split()[0] for line in block.split(";") if line.strip() for ending in line.split()[1:]}
    served = set(re.search(r"\\\.\(([^)]+)\)\$", SITE)[1].replace("jpe?g", "jpg|jpeg").split("|"))
    assert served == set(told)
    for ending, kind in told.items():
        ours = serving.content_type(Path(f"a.{ending}"))
        assert kind == ours.partition(";")[0]
        assert ours.startswith(serving.INLINE)


@pytest.mark.parametrize("name", sorted(path.name for path in DEPLOY.rglob("*") if path.is_file()))
def test_every_switch_in_deploy_is_documented(name):
    (path,) = DEPLOY.rglob(name)
    told = (ROOT / "docs/operations.md").read_text()
    for switch in set(re.findall(r"PUFA_[A-Z0-9_]*[A-Z0-9]\b(?!\*)", path.read_text())):
        assert switch in told, f"{switch} in {name}"


def test_units_run_the_strict_settings_as_a_user_of_their_own():
    for path in (DEPLOY / "systemd").iterdir():
        unit = path.read_text()
        assert "DJANGO_SETTINGS_MODULE=config.settings.production" in unit
        assert "User=pufa" in unit
        assert "ProtectSystem=strict" in unit
