"""Every verb that the code writes into the trail has a name in Chinese."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from trust.verbs import action_label, declared_labels

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("site", "media", "geo", "campaigns")
WRITERS = {"record", "record_quietly", "_shown"}
#: Verbs that come by another way, and where those are found: a class attribute, a table of verbs, Wagtail's own name.
BY_OTHER_WAYS = {"self.action", "action", "instance.action"}
TABLES = {"ACTIONS", "ACTS"}


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, ast.parse(path.read_text(encoding="utf-8"))


def verbs_of(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and verb of each call that writes to the trail; `?` before an expression that says no verb."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRITERS and node.args:
            first = node.args[2] if node.func.id == "_shown" else node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield node.lineno, first.value
            elif isinstance(first, ast.Subscript) and isinstance(first.value, ast.Name) and first.value.id in TABLES:
                continue
            elif ast.unparse(first) not in BY_OTHER_WAYS:
                yield node.lineno, f"?{ast.unparse(first)}"
        elif isinstance(node, ast.ClassDef):
            # Commands of trust.imports name their verb as a class attribute.
            for line in node.body:
                names = [ast.unparse(target) for target in line.targets] if isinstance(line, ast.Assign) else []
                # Neither a field of a model, nor empty because subclasses say it.
                if names == ["action"] and isinstance(line.value, ast.Constant) and line.value.value:
                    yield line.lineno, str(line.value.value)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            if names & TABLES:
                yield from _in_table(node.value)


def _in_table(table: ast.Dict) -> Iterator[tuple[int, str]]:
    for value in table.values:
        first = value.elts[0] if isinstance(value, ast.Tuple) else value
        if isinstance(first, ast.Constant) and "." in str(first.value):
            yield first.lineno, str(first.value)


def written() -> dict[str, str]:
    return {verb: f"{path.relative_to(ROOT)}:{line}" for path, tree in modules() for line, verb in verbs_of(tree)}


def test_every_verb_in_the_code_has_a_label() -> None:
    known = declared_labels()
    missing = {verb: where for verb, where in written().items() if verb not in known}
    assert not missing, "name them in audit_actions of the app's config"


def test_every_label_is_of_a_verb_that_the_code_writes() -> None:
    assert not sorted(set(declared_labels()) - set(written()))


def test_the_reader_of_the_code_finds_what_it_should() -> None:
    tree = ast.parse(
        'record("a.b")\nrecord(x)\nrecord(self.action)\nclass C:\n    action = "c.d"\nACTS = {"e": ("f.g", 1)}'
    )
    assert {verb for _line, verb in verbs_of(tree)} == {"a.b", "?x", "c.d", "f.g"}


@pytest.mark.parametrize("verb", ["film.publish", "wagtail.publish", "feedback.contact", "campaign.book", "law.import"])
def test_a_label_is_chinese(verb: str) -> None:
    with translation.override("zh-hans"):
        label = action_label(verb)
    assert label
    assert not label.isascii()


def test_a_verb_of_an_older_release_is_shown_as_it_is() -> None:
    assert action_label("long.gone") == "long.gone"
