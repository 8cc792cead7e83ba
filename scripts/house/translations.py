"""Translations: every string of the code has a Chinese one, none is left over, none waits for a second look.

The truth is a fresh extraction by Django's own `makemessages` over a copy of the sources, app by app.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

from scripts.house.tree import APPS, Problem, Tree

LANGUAGE = "zh_Hans"
#: Chinese for strings of installed packages: not in our code, so an extraction cannot know them. That each one is
#: still wanted and none is missing is held by tests/config/test_admin_chinese.py, which reads the packages.
BORROWED = "site/borrowed/"
SOURCES = (".py", ".html", ".txt", ".js", ".xml")
HEADER = f"""\
# Chinese of this app. English is the key, plain Chinese what people see.
msgid ""
msgstr ""
"Language: {LANGUAGE}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""
Key = tuple[str, str]


class ExtractionFailed(Exception):
    """makemessages could not read a source or place its strings; the message is what it said."""


@contextmanager
def extracted(tree: Tree) -> Iterator[Path]:
    """A temporary copy of the apps' sources in which each locale folder holds a freshly extracted, empty file."""
    with tempfile.TemporaryDirectory(prefix="pufa-messages-") as folder:
        copy = Path(folder)
        for name in tree.of(*SOURCES, under=APPS):
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(tree.root / name, target)
        apps = {Path(name).parent for name in tree.of("/apps.py", under=APPS)}
        for place in {*apps, Path("site")}:  # site/locale takes what the shared templates say
            (copy / place / "locale").mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "django", "makemessages", "--locale", LANGUAGE, "--no-wrap"],
            cwd=copy,
            env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ExtractionFailed((done.stderr or done.stdout).strip())
        yield copy


def key(message: Message) -> Key:
    source = message.id if isinstance(message.id, str) else message.id[0]
    return (message.context or "", source)


def entries(catalog: Catalog) -> dict[Key, Message]:
    return {key(message): message for message in catalog if message.id}


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, abort_invalid=True)


def read_fresh(path: Path) -> Catalog:
    """An extraction; it still has the two plural forms of the English template."""
    text = path.read_text(encoding="utf-8").replace("nplurals=1; plural=0", "nplurals=2; plural=(n != 1)")
    return read_po(io.StringIO(text), abort_invalid=True)


def is_empty(message: Message) -> bool:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    return not all(string.strip() for string in strings)


def files_are_complete(tree: Tree) -> Iterator[Problem]:
    try:
        with extracted(tree) as copy:
            kept = {name for name in tree.of(".po", under=APPS) if not name.startswith(BORROWED)}
            fresh = {path.relative_to(copy).as_posix(): path for path in copy.glob("**/*.po")}
            for name in sorted(kept | set(fresh)):
                wanted = entries(read_fresh(fresh[name])) if name in fresh else {}
                yield from _compare(tree, name, wanted)
    except ExtractionFailed as failure:
        yield Problem("locale", 0, f"strings could not be extracted: {failure}")


def borrowed_files_are_sound(tree: Tree) -> Iterator[Problem]:
    for name in sorted(name for name in tree.of(".po", under=APPS) if name.startswith(BORROWED)):
        yield from _faults(tree, name)


def one_wording_for_all_apps(tree: Tree) -> Iterator[Problem]:
    """Django merges all files into one catalogue, so the app listed first would decide what the others say."""
    said: dict[Key, tuple[str, str]] = {}
    for name in sorted(tree.of(".po", under=APPS)):
        try:
            held = entries(read(tree.root / name))
        except (PoFileError, ValueError):
            continue  # files_are_complete says so
        for entry, message in held.items():
            chinese = str(message.string)
            place, known = said.setdefault(entry, (name, chinese))
            if known != chinese:
                text = f"“{entry[1][:60]}” is {chinese} here and {known} in {place}; use one, or give it a context"
                yield Problem(name, message.lineno or 0, text)


def _compare(tree: Tree, name: str, wanted: dict[Key, Message]) -> Iterator[Problem]:
    held: dict[Key, Message] = {}
    if tree.has(name):
        yield from _faults(tree, name, wanted)
        try:
            held = entries(read(tree.root / name))
        except (PoFileError, ValueError):
            return
    folder = Path(name).parents[3].as_posix()
    for entry, message in wanted.items():
        if entry not in held:
            place, line = message.locations[0] if message.locations else (folder, 0)
            yield Problem(
                place.removeprefix("./"), line or 0, f"“{entry[1][:60]}” is not in {name}; run `make messages`"
            )


def _faults(tree: Tree, name: str, wanted: Container[Key] | None = None) -> Iterator[Problem]:
    """What is wrong inside one file; `wanted` are the strings of the code, None where the code is not ours."""
    try:
        held = entries(read(tree.root / name))
    except (PoFileError, ValueError) as error:
        yield Problem(name, 0, f"cannot be read: {error}")
        return
    yield from _format_errors(tree, name)
    for entry, message in held.items():
        line = message.lineno or 0
        if wanted is not None and entry not in wanted:
            yield Problem(name, line, f"“{entry[1][:60]}” is no longer in the code; run `make messages`")
        elif message.fuzzy:
            yield Problem(name, line, f"“{entry[1][:60]}” is marked fuzzy; check its Chinese and remove the mark")
        elif is_empty(message):
            yield Problem(name, line, f"“{entry[1][:60]}” has no Chinese; write it")


def _format_errors(tree: Tree, name: str) -> Iterator[Problem]:
    """Placeholders that differ between a string and its translation would fail at run time."""
    done = subprocess.run(
        ["msgfmt", "--check-format", "--output-file=/dev/null", name],
        cwd=tree.root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        first = done.stderr.strip().splitlines()[0]
        _, line, text = [*first.split(":", 2), "", ""][:3]
        yield Problem(name, int(line) if line.isdigit() else 0, text.strip() or first)
