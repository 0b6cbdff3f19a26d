"""A child process: what the sandbox must know of one, and how one is started."""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import IO, Protocol

PR_SET_PDEATHSIG = 1


class Child(Protocol):
    """One that was started; `asyncio.subprocess.Process` is one."""

    @property
    def pid(self) -> int:
        """Also the id of its process group."""

    @property
    def returncode(self) -> int | None:
        """None while it runs; minus the number of the signal that ended it."""

    async def wait(self) -> int:
        """Return when it has ended."""


Launch = Callable[[Sequence[str], Mapping[str, str], IO[bytes]], Awaitable[Child]]
"""Starts these words, with this environment and this output; raises OSError. What is started leads a process group,
and dies with the sandbox."""


async def execute(words: Sequence[str], env: Mapping[str, str], output: IO[bytes]) -> Child:
    """The ordinary way: a program of its own."""
    return await asyncio.create_subprocess_exec(
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env=env,
        start_new_session=True,
        preexec_fn=die_with_parent(),
    )


def die_with_parent() -> Callable[[], None]:
    """For the child, to be called first of all there: SIGKILL when its parent ends, however it ends (Linux only)."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return ask
