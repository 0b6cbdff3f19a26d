"""The nursery of this process (see nursery.py), and the sandboxes that it forked."""

import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CAN_FORK = hasattr(os, "pidfd_open") and os.environ.get("WATCHBILL_TESTS_EXEC") != "1"


class Nursery:
    """It ends with this process, however this ends, and all that it forked ends with it."""

    def __init__(self) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - open as long as the nursery is
        with theirs:
            self._process = subprocess.Popen(
                # -u, as the sandbox has it for the bot.
                [sys.executable, "-u", "-m", "tests.harness.nursery", str(theirs.fileno())],
                cwd=ROOT,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stderr=self._errors,
            )
        self._one_at_a_time = threading.Lock()
        atexit.register(self._close)

    def order(self, order: Mapping[str, object], *files: int) -> int:
        """Have something done, with these open files; raises RuntimeError when the nursery is no more."""
        answer = b""
        with self._one_at_a_time, suppress(OSError):
            socket.send_fds(self._orders, [json.dumps(order).encode()], files)
            answer = self._orders.recv(64)
        if not answer:
            self._errors.seek(0)
            raise RuntimeError(f"nothing can be forked any more:\n{self._errors.read()}")
        return int(answer)

    def _close(self) -> None:
        self._orders.close()
        self._process.wait()
        self._errors.close()


@cache
def nursery() -> Nursery:
    """Started when it is needed first."""
    return Nursery()


class ForkedSandbox:
    """One sandbox. The nursery is its parent: only it may signal and reap it."""

    def __init__(self, words: list[str], env: Mapping[str, str], stdout: int, stderr: int) -> None:
        self.pid = nursery().order({"words": words, "env": dict(env)}, stdout, stderr)
        self._status: int | None = None

    def kill(self) -> None:
        """SIGKILL, and wait."""
        if self._status is None:
            self._status = nursery().order({"end": self.pid})

    def wait(self) -> int:
        """Its status, after `kill`."""
        assert self._status is not None
        return self._status
