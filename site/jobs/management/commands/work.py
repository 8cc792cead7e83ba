"""The one worker command: long work, sweeps, scheduled publishing and the nightly work of every app."""

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from jobs.worker import start_periodic, sweep, work_forever, work_once


class Command(BaseCommand):
    help = "Run jobs until told to stop. Start as many as you like on PostgreSQL."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="Run what is due now, then stop.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            sweep()
            start_periodic()
            self.stdout.write(f"{work_once()} jobs ran")
            return
        stopping = False

        def stop(*_args: Any) -> None:
            nonlocal stopping
            stopping = True

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        work_forever(lambda: stopping)
