"""What lies in deploy/ says the same as the product."""

import re
import shutil
import subprocess
import sys
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


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not on this machine")
def test_systemd_understands_every_word_of_the_units(tmp_path):
    """With the programs where this checkout has them: `verify` also looks for those."""
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").symlink_to(sys.executable)
    for path in (DEPLOY / "systemd").iterdir():
        unit = (
            path.read_text()
            .replace("/opt/pufa/current/.venv", str(tmp_path / "venv"))
            .replace("/opt/pufa/current", str(ROOT))
        )
        (tmp_path / path.name).write_text(unit)
        command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(tmp_path / path.name)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr.strip()) == (0, ""), path.name


def test_containers_hang_together_and_show_the_world_nothing_but_nginx():
    compose = pytest.importorskip("yaml").safe_load((DEPLOY / "compose.yaml").read_text())
    services, volumes = compose["services"], compose["volumes"]
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        if "build" in service:
            assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
            assert service["read_only"] is True
            assert service["cap_drop"] == ["ALL"]
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            known = source in volumes or source == "./tls" or (DEPLOY / source).is_file()
            assert known, f"{name} mounts {source}"
    assert {name for name, service in services.items() if service.get("ports")} == {"web"}
    assert services["nginx"]["network_mode"] == "service:web"  # those ports are nginx's; gunicorn listens on loopback
    told = (DEPLOY / "compose.yaml").read_text()
    secrets = re.findall(r'PASSWORD: (\S+)|requirepass, "([^"]+)|://(?:pufa)?:([^@]+)@', told)
    assert len(secrets) == 4
    assert all("".join(value).startswith("${") for value in secrets)
