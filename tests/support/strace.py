"""Kills a process as it enters its nth system call of a kind."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache

MISSING = "strace is not there, or may not trace here: apt-get install strace (and CAP_SYS_PTRACE in a container)"


@cache
def traces() -> bool:
    """Whether it can be used on this machine."""
    program = shutil.which("strace")
    return (
        program is not None and subprocess.run([program, "-qq", "-o", os.devnull, "true"], check=False).returncode == 0
    )


def killing(pid: int, call: str, number: int) -> subprocess.Popen[bytes]:
    """SIGKILL instead of this process's system call of this number; ends when the process does."""
    inject = f"inject={call}:signal=KILL:when={number}"
    options = ["-f", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e", inject, "-p", str(pid)]
    return subprocess.Popen(["strace", *options], stdin=subprocess.DEVNULL)
