"""Become another program under limits, and die with the parent.

Run as a script: `python -I -S confine.py CPU_S MEMORY_BYTES FILE_BYTES NICE PARENT_PID PROGRAM ARGUMENT…`.
A launcher of its own instead of `preexec_fn`: the worker has threads, and Python code between fork and exec can
deadlock there. What is set here survives the exec.
"""

import ctypes
import os
import resource
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38


def main(arguments: list[str]) -> None:
    cpu_s, memory_bytes, file_bytes, nice, parent = (int(number) for number in arguments[:5])
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:  # the parent died before the line above took effect
        raise SystemExit(1)
    for what, limit in (
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        most = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (most, most))
    os.nice(nice)
    program = arguments[5:]
    os.execv(program[0], program)  # noqa: S606 — an argument list, no shell


if __name__ == "__main__":
    main(sys.argv[1:])
