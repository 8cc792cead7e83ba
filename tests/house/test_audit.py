"""The audit tells holes, and never passes for one that did not take place."""

import json

import pytest

from scripts import audit

CLEAN = {"dependencies": [{"name": "alpha", "version": "1.0", "vulns": []}]}
HOLE = {"dependencies": [{"name": "alpha", "version": "1.0", "vulns": [{"id": "CVE-1", "fix_versions": ["1.1"]}]}]}
NPM = {"vulnerabilities": {}}


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """`programs(name, says, code)`: the only programs on the path."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def make(name, says, code=0, complains=""):
        (tmp_path / f"{name}.out").write_text(says)
        (tmp_path / f"{name}.err").write_text(complains)
        read = f"while IFS= read -r line; do printf '%s\\n' \"$line\"; done <'{tmp_path}/{name}"
        (tmp_path / name).write_text(f"#!/bin/sh\n{read}.out'\n{read}.err' >&2\nexit {code}\n")
        (tmp_path / name).chmod(0o755)

    return make


def test_a_known_hole_is_told_with_what_mends_it(programs, capsys):
    programs("pip-audit", json.dumps(HOLE) + "\n", code=1)
    programs("npm", json.dumps(NPM) + "\n")
    assert audit.main() == 1
    assert "alpha 1.0: CVE-1, mended in 1.1" in capsys.readouterr().out


def test_where_none_is_known_it_says_so(programs, capsys):
    programs("pip-audit", json.dumps(CLEAN) + "\n")
    programs("npm", json.dumps(NPM) + "\n")
    assert audit.main() == 0
    assert capsys.readouterr().out == "Python packages: no known hole\nBrowser packages: no known hole\n"


def test_a_database_out_of_reach_is_no_clean_bill(programs, capsys):
    programs("pip-audit", "\n", code=1, complains="Traceback\nConnectionError: no route\n")
    programs("npm", '{"error": {"code": "ENOAUDIT"}}\n', code=1)
    assert audit.main() == 0
    told = capsys.readouterr().out
    assert "no known hole" not in told
    assert "Python packages: NOT AUDITED, no database was reached (ConnectionError: no route)" in told
    assert "Browser packages: NOT AUDITED" in told


def test_without_the_programs_it_is_skipped_with_the_reason(programs, capsys):
    assert audit.main() == 0
    assert "NOT AUDITED, neither pip-audit nor uvx is installed" in capsys.readouterr().out
