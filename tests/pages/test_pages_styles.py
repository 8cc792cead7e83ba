"""The style sheets keep to the browser baseline: Chromium 86, Safari 14, WeChat's browser."""

import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.SITE) / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))

# What the oldest of them does not know, though a page would need it. (`:has`, `text-wrap`, `aspect-ratio` behind
# @supports and the like are icing, and are held apart below.)
TOO_NEW = {
    "inset": r"(?<![\w-])inset(-(inline|block)(-start|end)?)?\s*:",  # Chromium 87
    "logical shorthands": r"(?<![\w-])(margin|padding|border)-(inline|block)\s*:",  # Chromium 87
    "nesting": r"[{;]\s*&",
    "container queries": r"@container",
    "cascade layers": r"@layer",
    "range media queries": r"@media[^{]*[<>]=",
    "new viewport units": r"\d(dvh|svh|lvh|cqw)\b",
    "color-mix": r"color-mix\(",
    "oklch": r"oklch\(",
}


def plain(sheet: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)


def outside_supports(css: str) -> str:
    """`css` without what stands inside @supports, where a newer feature may be asked for."""
    out, at = [], 0
    while (start := css.find("@supports", at)) >= 0:
        out.append(css[at:start])
        depth, at = 0, css.index("{", start)
        while True:
            depth += {"{": 1, "}": -1}.get(css[at], 0)
            at += 1
            if depth == 0:
                break
    return "".join([*out, css[at:]])


def rules(css: str) -> list[str]:
    """Selectors of every rule, those inside media queries included."""
    return [part.strip() for part in re.findall(r"([^{};]+)\{", css)]


def test_there_are_sheets_and_scripts_to_look_at() -> None:
    assert {"tokens.css", "site.css", "print.css"} <= {sheet.name for sheet in SHEETS}
    assert "reading.js" in {script.name for script in SCRIPTS}


@pytest.mark.parametrize("feature", TOO_NEW)
@pytest.mark.parametrize("name", ["tokens.css", "site.css", "print.css"])
def test_no_sheet_needs_what_the_oldest_browser_lacks(name: str, feature: str) -> None:
    css = outside_supports(plain(STATIC / "css" / name))
    assert not re.search(TOO_NEW[feature], css), feature


@pytest.mark.parametrize("name", ["tokens.css", "site.css", "print.css"])
def test_no_rule_mixes_old_and_new_selectors(name: str) -> None:
    """An unknown selector drops its whole rule, so the part that older browsers know must stand alone."""
    for rule in rules(outside_supports(plain(STATIC / "css" / name))):
        parts = [part.strip() for part in re.split(r",(?![^(]*\))", rule)]
        new = [part for part in parts if ":has(" in part or ":is(" in part or ":where(" in part]
        assert len(new) in (0, len(parts)), rule


def test_each_reading_setting_works_with_the_script_and_without_it() -> None:
    css = plain(STATIC / "css" / "tokens.css")
    for choice in ("size-large", "size-huge", "contrast-high", "cursor-big"):
        name, value = choice.split("-")
        assert f'html[data-{name}="{value}"]' in css
        assert f"html:has(#{choice}:checked)" in css


@pytest.mark.parametrize("name", ["tokens.css", "site.css", "print.css"])
def test_a_sheet_asks_nothing_of_another_host_and_loads_no_font(name: str) -> None:
    css = plain(STATIC / "css" / name)
    assert "@import" not in css
    assert "@font-face" not in css
    for address in re.findall(r"url\(([^)]*)\)", css):
        path = address.strip("\"'")
        assert (STATIC / "css" / path).resolve().is_file(), path


def test_every_token_that_is_used_is_defined() -> None:
    css = "\n".join(plain(STATIC / "css" / name) for name in ("tokens.css", "site.css", "print.css"))
    defined = set(re.findall(r"(--[\w-]+)\s*:", css))
    assert set(re.findall(r"var\((--[\w-]+)", css)) <= defined


def test_the_script_keeps_to_the_baseline_and_asks_no_host() -> None:
    source = (STATIC / "js" / "reading.js").read_text(encoding="utf-8")
    assert "http:" not in source
    assert "https:" not in source
    for newer in ("(?<=", "(?<!", ".at(", "??=", "||=", "replaceAll(", "structuredClone", "Object.hasOwn"):
        assert newer not in source, newer
