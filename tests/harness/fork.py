"""A process that begins as a copy of this one, and is then as one that was just started."""

import asyncio
import contextvars
import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from sandbox.child import die_with_parent

_MOST_FILES = 65_536


@dataclass(frozen=True)
class Start:
    """What the process does, and what it finds. `stdout` and `stderr` are open files, by their numbers."""

    main: Callable[[], object]
    argv: list[str]
    env: Mapping[str, str]
    stdout: int
    stderr: int
    leads_session: bool = False


def fork(start: Start) -> int:
    """Its process id. It dies with this one, which must have no other thread: that might hold a lock for ever there."""
    die = die_with_parent()
    read, written = os.pipe()
    # No signal may come to the child while it still has its parent's handlers, and its parent's wakeup socket.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    pid = os.fork()
    if pid == 0:
        _live(start, die, mask)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    os.close(written)
    # It ends when the child has let go of all files: from then on it leads its session, and its group can be signalled.
    os.read(read, 1)
    os.close(read)
    return pid


def _live(start: Start, die: Callable[[], None], mask: set[int | signal.Signals]) -> NoReturn:
    code = 1
    try:
        die()
        _forget_parent(start)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        code = contextvars.Context().run(_exit_code, start.main)
    finally:
        if sys.exc_info()[0] is not None:
            traceback.print_exc()
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        # What the parent has left on the stack and in memory is none of the child's business.
        os._exit(code)


def _forget_parent(start: Start) -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if start.leads_session:
        os.setsid()
    _take_files(start)
    os.environ.clear()
    os.environ.update(start.env)
    sys.argv = list(start.argv)
    # A loop of the parent may be running, on this very stack.
    asyncio._set_running_loop(None)
    # Nothing of the parent's is ever collected here: a finalizer would close a file that has its number by now.
    gc.freeze()
    gc.enable()


def _take_files(start: Start) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    # Copies first: one of those given may have a number that is about to be taken.
    given = [os.dup(number) for number in (nothing, start.stdout, start.stderr)]
    for number, copy in enumerate(given):
        os.dup2(copy, number)
    os.closerange(3, _MOST_FILES)


def _exit_code(main: Callable[[], object]) -> int:
    """What the interpreter makes of SystemExit."""
    try:
        main()
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    return 0


class Forked:
    """A child of this process whose end the running event loop notices."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended = asyncio.Event()
        self._handle = os.pidfd_open(pid)
        asyncio.get_running_loop().add_reader(self._handle, self._has_ended)

    def _has_ended(self) -> None:
        asyncio.get_running_loop().remove_reader(self._handle)
        os.close(self._handle)
        _, status = os.waitpid(self.pid, 0)
        self.returncode = os.waitstatus_to_exitcode(status)
        self._ended.set()

    async def wait(self) -> int:
        """Return its exit code, when it has ended."""
        await self._ended.wait()
        assert self.returncode is not None
        return self.returncode
