"""Install a release from an unpacked archive, upgrade to it, or go back: what `install.sh` runs. No network is asked.

    ./install.sh install                 the first one; --starter loads the example site
    ./install.sh upgrade                 saves, prepares, migrates and tries the new release, then lets it count
    ./install.sh rollback [--restore]    the release before; with --restore its data too
    ./install.sh status

Releases lie side by side under the target; `current` is a link to the one that counts. Until the link moves, whatever
goes wrong leaves the former release serving. Standard library only.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.steps import ROOT, Log, Stop, run_steps, say
from scripts.supply.installing import Install, Rollback, Upgrade
from scripts.supply.place import Place, told_of


def parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--target", type=Path, default=Path("/opt/pufa"), help="where releases go (/opt/pufa)")
    common.add_argument("--data", type=Path, default=Path("/var/lib/pufa"), help="the data folder (/var/lib/pufa)")
    common.add_argument(
        "--settings", type=Path, default=Path("/etc/pufa/pufa.env"), help="the file of settings (/etc/pufa/pufa.env)"
    )
    made = argparse.ArgumentParser(
        prog="install.sh", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = made.add_subparsers(dest="verb", required=True)
    install = verbs.add_parser("install", parents=[common], help="the first release on this machine")
    install.add_argument("--starter", action="store_true", help="load the example site")
    upgrade = verbs.add_parser("upgrade", parents=[common], help="to the release of this archive")
    upgrade.add_argument("--backup-to", type=Path, help="folder of the backup (PUFA_BACKUP_DIR, else TARGET/backups)")
    upgrade.add_argument(
        "--stopped", action="store_true", help="the site is stopped: give the data back too where the upgrade fails"
    )
    rollback = verbs.add_parser("rollback", parents=[common], help="to the release before")
    rollback.add_argument("--restore", action="store_true", help="with the data of before; stop the site first")
    verbs.add_parser("status", parents=[common], help="which release counts, and what was done")
    return made


def main(arguments: Sequence[str]) -> int:
    chosen = parser().parse_args(arguments)
    place = Place(chosen.target.absolute(), chosen.data.absolute(), chosen.settings.absolute())
    if chosen.verb == "status":
        return status(place)
    try:
        place.target.mkdir(parents=True, exist_ok=True)
        log = Log(place.target / f"{chosen.verb}.log")
        if chosen.verb == "rollback":
            work: Install | Upgrade | Rollback = Rollback(place, log, restore=chosen.restore)
        elif chosen.verb == "upgrade":
            work = Upgrade(place, log, ROOT.parent, backup_to=chosen.backup_to, stopped=chosen.stopped)
        else:
            work = Install(place, log, ROOT.parent, starter=chosen.starter)
        with work:
            run_steps(work.steps())
    except (Stop, OSError) as reason:
        say(f"\n{reason}")
        return 1
    except KeyboardInterrupt:
        say("\nStopped. Run the command again to go on.")
        return 130
    say(f"\n{work.done()}")
    return 0


def status(place: Place) -> int:
    current = place.current()
    say(f"current: {current.name if current else 'none'}")
    for entry in place.history():
        say("  ".join(f"{name} {value}" for name, value in entry.items() if value))
    if current:
        say(f"machine: {told_of(current)['machine']}, here: {os.uname().machine}")
    return 0 if current else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
