"""What a browser is given: nothing from a foreign host, and nothing that a strict content security policy forbids."""

import re
from collections.abc import Iterator

from scripts.house.tree import APPS, Problem, Tree

COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->|\{% comment.*?endcomment %\}|/\*.*?\*/", re.DOTALL)
FOREIGN = re.compile(r"""(?:https?:)?//(?=[a-z0-9-]+\.[a-z])[^\s"'<>)`]+""", re.IGNORECASE)
NAMES_NOT_REQUESTS = re.compile(r"https?://(?:www\.w3\.org/|schema\.org|www\.sitemaps\.org/)")
LINK = re.compile(r"""<a\b[^>]*\bhref=["']?$""", re.IGNORECASE)
INLINE_SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*\btype=[\"']application/(?:ld\+)?json)", re.IGNORECASE)
INLINE_STYLE = re.compile(r"""<style\b|\sstyle\s*=\s*["']""", re.IGNORECASE)
HANDLER = re.compile(r"""<[a-z][^>]*\son[a-z]+\s*=\s*["']|["']javascript:""", re.IGNORECASE)
EXTENDS_ADMIN = re.compile(r"""\{%\s*extends\s+["']wagtailadmin/""")


def blank(text: str) -> str:
    """The text with comments blanked out, every line kept in place."""
    return COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def is_admin(name: str, text: str) -> bool:
    """Wagtail's admin cannot run under the strict policy, so what extends it is let off."""
    return bool(EXTENDS_ADMIN.search(text)) or "/wagtailadmin/" in name or "/admin/" in name


def no_foreign_hosts(tree: Tree) -> Iterator[Problem]:
    for name in tree.of(".html", ".css", ".js", ".svg", under=APPS):
        text = blank(tree.text(name))
        for match in FOREIGN.finditer(text):
            before = text[: match.start()]
            in_script_comment = name.endswith(".js") and not match.group().startswith("http")
            if NAMES_NOT_REQUESTS.match(match.group()) or LINK.search(before) or in_script_comment:
                continue
            yield Problem(
                name, line_of(text, match.start()), f"{match.group()[:60]} leaves this host; serve the file from ours"
            )


def no_inline_code(tree: Tree) -> Iterator[Problem]:
    remedies = [
        (INLINE_SCRIPT, "an inline script; move it to a file under static and load that with `src`"),
        (INLINE_STYLE, "an inline style; give it a class in the style sheet"),
        (HANDLER, "an inline event handler; attach it from a script file"),
    ]
    for name in tree.of(".html", under=APPS):
        text = blank(tree.text(name))
        if is_admin(name, text):
            continue
        for pattern, remedy in remedies:
            for match in pattern.finditer(text):
                yield Problem(name, line_of(text, match.start()), f"{remedy} (the content security policy blocks it)")
