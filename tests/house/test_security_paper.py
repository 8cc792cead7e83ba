"""The security papers point at what is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAPERS = ["docs/security.md", "docs/等保二级对照.md"]


@pytest.mark.parametrize("paper", PAPERS)
def test_every_place_that_is_given_as_evidence_exists(paper):
    text = (ROOT / paper).read_text()
    named = {name for name in re.findall(r"`([\w./-]+)`", text) if "/" in name and not name.startswith("/")}
    at_run_time = {"uploads/", "private/", "keys/"}
    assert len(named) > 20
    assert not [name for name in sorted(named - at_run_time) if not (ROOT / name).exists()]


@pytest.mark.parametrize("paper", PAPERS)
def test_every_row_says_where_it_stands(paper):
    text = (ROOT / paper).read_text()
    table = text.partition("## OWASP")[2] or text
    rows = [line for line in table.splitlines() if line.count("|") == 4]
    told = [row.split("|")[2].strip() for row in rows if not row.startswith(("| item", "|---", "| 要求"))]
    assert len(told) > 30
    assert set(told) <= {"✓", "◐", "✗", "–", "●", "○"}


def test_the_switches_and_figures_in_the_papers_are_the_settings(settings):
    for paper in PAPERS:
        text = (ROOT / paper).read_text()
        assert "10" in text
        assert "180" in text
    assert (settings.PASSWORD_DAYS, settings.AXES_FAILURE_LIMIT, settings.LOCK_MINUTES) == (180, 5, 15)
    assert (settings.IDLE_MINUTES, settings.SESSION_COOKIE_AGE) == (30, 12 * 3600)
    rules = {rule["NAME"].rpartition(".")[2]: rule.get("OPTIONS", {}) for rule in settings.AUTH_PASSWORD_VALIDATORS}
    assert rules["MinimumLengthValidator"]["min_length"] == 10
