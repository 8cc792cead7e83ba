"""The handbooks' pictures: every one that a text names exists, every one that exists is named, and none is heavy."""

import re
from collections.abc import Iterator
from posixpath import join, normpath

from scripts.house.tree import Problem, Tree

FOLDER = "docs/handbook"
IMAGES = f"{FOLDER}/images"
MOST_BYTES = 150 * 1024
PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<path>[^)\s]+)\)")


def pictures_and_texts_agree(tree: Tree) -> Iterator[Problem]:
    named: set[str] = set()
    for name in tree.of(".md", under=("docs",)):
        if not name.startswith(f"{FOLDER}/"):
            continue
        for number, line in tree.lines(name):
            for match in PICTURE.finditer(line):
                path = normpath(join(FOLDER, match["path"]))
                named.add(path)
                if not tree.has(path):
                    yield Problem(name, number, f"{match['path']} is not there; `make handbook` takes the pictures")
                if not match["alt"].strip():
                    yield Problem(name, number, f"{match['path']} has no words for those who cannot see it")
    for name in tree.of(".png", ".jpg", ".svg", under=("docs",)):
        if not name.startswith(f"{IMAGES}/"):
            continue
        if name not in named:
            yield Problem(name, 0, "no handbook shows it; name it in the text or delete it")
        if (size := (tree.root / name).stat().st_size) > MOST_BYTES:
            yield Problem(
                name, 0, f"{size // 1024} KB; at most {MOST_BYTES // 1024} KB (`make handbook` makes it small)"
            )
