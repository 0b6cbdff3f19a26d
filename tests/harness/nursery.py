"""The process from which sandboxes and bots are forked: it has imported all that they need, and waits.

    python -m tests.harness.nursery 5

takes orders from the socket with this number, one after another, until its other end is closed.
"""

import asyncio
import gc
import importlib
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import IO, Any

from sandbox.child import Child, execute
from tests.harness.fork import Forked, Start, fork
from tests.harness.rehearsal import rehearse

LONGEST_ORDER = 1 << 20
BOT = ["-m", "bot", "run"]
IMPORTED = """
    sandbox.__main__ bot.cli bot.app bot.engine.engine handlers.web handlers.web.app handlers.web.server
    handlers.web.slack apscheduler.executors.asyncio encodings.ascii encodings.unicode_escape pydantic.v1
    slack_bolt.listener_matcher.async_builtins typer._adapters typer._click.decorators tzdata.zoneinfo
    uvicorn.lifespan.off uvicorn.protocols.http.auto uvicorn.protocols.http.h11_impl uvicorn.protocols.websockets.auto
""".split()
"""What the two import when they start and while they run, ours and what libraries put off. Whatever is missing here is
imported by each bot again, and only that."""


_readers: list[ThreadPoolExecutor] = []
"""In a sandbox: where its loop reads files."""


def main() -> None:
    """Import, rehearse, then do what is asked."""
    # Ctrl-C goes to all processes of the terminal: pytest ends then, and we with it, not before it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    # Of the copies too: what is new in so short a life is hardly ever garbage, and to look for it takes a tenth of it.
    gc.set_threshold(50_000, 10, 10)
    for name in IMPORTED:
        importlib.import_module(name)
    rehearse()
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as orders:
        while True:
            order, files, _, _ = socket.recv_fds(orders, LONGEST_ORDER, 2)
            if not order:
                return
            orders.send(json.dumps(_obey(json.loads(order), files)).encode())


def _obey(order: dict[str, Any], files: Sequence[int]) -> int:
    """With two files, `{"words": …, "env": …}` gives the id of a new sandbox, and `{"watchbill": …, "env": …}` what the
    command exited with; `{"end": pid}` gives its status."""
    if "end" in order:
        os.kill(order["end"], signal.SIGKILL)
        return os.waitpid(order["end"], 0)[1]
    stdout, stderr = files
    try:
        if "watchbill" in order:
            pid = fork(Start(_bot, ["watchbill", *order["watchbill"]], order["env"], stdout, stderr))
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        words: list[str] = order["words"]
        return fork(Start(partial(_sandbox, words), ["sandbox", *words], order["env"], stdout, stderr))
    finally:
        os.close(stdout)
        os.close(stderr)


def _sandbox(words: Sequence[str]) -> None:
    from sandbox.__main__ import main as run

    run(words, launch)


async def launch(words: Sequence[str], env: Mapping[str, str], output: IO[bytes]) -> Child:
    """The bot as a fork of the sandbox. Anything else, and whatever starts beside a thread, as a program."""
    _end_readers()
    if list(words) != [sys.executable, *BOT] or threading.active_count() > 1:
        return await execute(words, env, output)
    return Forked(fork(Start(_bot, ["bot", *BOT[2:]], env, output.fileno(), output.fileno(), leads_session=True)))


def _end_readers() -> None:
    """No thread waits any more to read a file for a browser. When the loop needs one again, it begins one."""
    while _readers:
        _readers.pop().shutdown()
    _readers.append(ThreadPoolExecutor())
    asyncio.get_running_loop().set_default_executor(_readers[0])


def _bot() -> None:
    from bot.cli import main as run

    run()


if __name__ == "__main__":
    main()
