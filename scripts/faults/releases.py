"""Two releases on one schema: the code before the newest migrations works on the migrated database beside the new."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys

from scripts.faults.deeds import Booking, Deed, Person, Publishing, Scanning, Transcoding, Uploading
from scripts.faults.rows import Row, heads
from scripts.faults.stand import Stand, answers, fresh, gunicorn, stand, wait_for
from scripts.steps import ROOT, say
from scripts.temporary_site import free_port

ACTS, PAGES = 12, 60


def main() -> int:
    old = before_newest_migrations()
    new = git("diff", "--name-only", "--diff-filter=A", old, "HEAD", "--", "*/migrations/*.py").split()
    say(f"Old: {git('log', '-1', '--format=%h %s', old)}. Migrations since: {', '.join(new)}\n")
    bad = 0
    with stand() as made:
        code, port = made.folder / "old", free_port()
        git("worktree", "add", "--detach", "--force", str(code), old)
        try:
            (code / "node_modules").symlink_to(ROOT / "node_modules")
            made.add("old-web", gunicorn(port), cwd=code).start()
            made.add("old-worker", [sys.executable, "manage.py", "work"], cwd=code).start()
            wait_for(lambda: answers(port), "the old release")
            say(heads())
            for row in [*mixed(made, port), read(made, port)]:
                say(row.line())
                bad += row.is_bad
        finally:
            for name in ("old-web", "old-worker"):
                made.parts[name].stop()
            git("worktree", "remove", "--force", str(code))
    return bad


def mixed(made: Stand, port: int) -> list[Row]:
    """Every deed, answered by the old release and the new one in turns; jobs go to either worker."""
    kinds: tuple[type[Deed], ...] = (Publishing, Uploading, Booking, Scanning, Transcoding)
    rows = []
    for kind in kinds:
        fresh()
        deed, row = kind(made), Row("old and new in turns", kind.name)
        deed.prepare()
        for at in itertools.islice(itertools.cycle([port, made.port]), 1 if deed.by_worker else ACTS):
            if deed.act(at):
                row.confirmed += 1
            else:
                row.wrong.append(f"{'old' if at == port else 'new'} refused it")
        wait_for(deed.done, deed.name)
        row.wrong += deed.found()
        rows.append(row)
    return rows


def read(made: Stand, port: int) -> Row:
    """Public pages, made anew by each."""
    row = Row("old and new in turns", "reading public pages")
    listed = subprocess.run(
        ["curl", "-sf", f"http://127.0.0.1:{made.port}/sitemap.xml", "-H", f"Host: localhost:{made.port}"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    paths = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", listed)
    for path in paths[:: max(1, len(paths) // PAGES)]:
        for name, at in (("old", port), ("new", made.port)):
            status = Person(at).said("GET", f"{path}?anew=1")
            row.confirmed += 1
            if status != 200:
                row.wrong.append(f"{name} answers {status} for {path}")
    return row


def before_newest_migrations() -> str:
    newest = git("log", "-1", "--diff-filter=A", "--format=%H", "--", "*/migrations/0*.py")
    return git("rev-parse", f"{newest}^")


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
