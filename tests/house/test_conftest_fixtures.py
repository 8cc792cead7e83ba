"""The fixtures themselves: a guard that cannot fail guards nothing."""

import socket
from pathlib import Path

import pytest
from django.conf import settings

pytest_plugins = ["pytester"]


def test_a_connection_to_another_machine_is_refused():
    with socket.socket() as outward, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        outward.connect(("192.0.2.1", 80))


def test_the_suite_writes_under_the_temporary_folder(tmp_path_factory):
    assert Path(settings.DATA_DIR).resolve() != (Path(settings.ROOT) / "var").resolve()
