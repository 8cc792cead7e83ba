"""The S3-compatible storage answers slowly, then not at all for a while, in the middle of deeds."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import sys
import threading
import time

from scripts.faults.deeds import Booking, Deed, Publishing, Transcoding, Uploading
from scripts.faults.kills import harmed
from scripts.faults.rows import heads
from scripts.faults.stand import Stand, stand, wait_for
from scripts.steps import say
from scripts.temporary_site import free_port

SLOW_S, AWAY_S = 2.0, 8.0


class Between:
    """A way to a server on this machine that can be made slow, or closed."""

    def __init__(self, to: int) -> None:
        self.to, self.delay_s, self.is_closed = to, 0.0, False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            one, _address = self.listener.accept()
            if self.is_closed:
                one.close()
                continue
            other = socket.create_connection(("127.0.0.1", self.to))
            for pair in ((one, other), (other, one)):
                threading.Thread(target=self._pass_on, args=pair, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while block := source.recv(1 << 16):
                if self.is_closed:
                    break
                time.sleep(self.delay_s)
                target.sendall(block)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def main() -> int:
    server, bad = free_port(), 0
    between = Between(server)
    bucket = {"BUCKET": "pufa", "ENDPOINT": f"http://127.0.0.1:{between.port}", "KEY": "k", "SECRET": "s"}

    def begin(made: Stand) -> None:
        made.add("s3", [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(server)]).start()
        wait_for(lambda: listens(server), "the storage")
        os.environ |= {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s"}
        import boto3  # noqa: PLC0415 - an extra

        boto3.client("s3", endpoint_url=f"http://127.0.0.1:{server}", region_name="us-east-1").create_bucket(
            Bucket="pufa"
        )

    with stand(first=begin, environment={f"PUFA_S3_{name}": value for name, value in bucket.items()}) as made:
        say(heads())
        kinds: tuple[type[Deed], ...] = (Publishing, Booking, Uploading, Transcoding)
        for kind in kinds:
            for harm, hurt in (
                (f"storage slow ({SLOW_S:.0f} s a packet) for {AWAY_S:.0f} s", lambda: slow(between)),
                (f"storage away for {AWAY_S:.0f} s", lambda: away(between)),
            ):
                row = harmed(made, kind, harm, hurt, random.Random(1))
                say(row.line())
                bad += row.is_bad
    return bad


def listens(port: int) -> bool:
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    return False


def slow(between: Between) -> None:
    between.delay_s = SLOW_S
    time.sleep(AWAY_S)
    between.delay_s = 0.0


def away(between: Between) -> None:
    between.is_closed = True
    time.sleep(AWAY_S)
    between.is_closed = False


if __name__ == "__main__":
    sys.exit(main())
