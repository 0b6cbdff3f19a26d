"""Slack is unwell: it freezes, answers 5xx to everything, limits everything, does late what it was asked.

    python -m tests.faults.slack_unwell --trouble frozen --minutes 20 --seed 7

plays incidents one after another, from the declaration to an accepted handoff, with this trouble in every step, for so
many real minutes. It ends with a table of what was lost and doubled; its exit code is 0 when nothing was.

- frozen: its process is stopped for longer than the bot waits for an answer. What was asked meanwhile it may do when it
  goes on.
- errors: 5xx to every call for a while, before or after it was done.
- limited: 60 % of the time (30 s of each 50 s) everything is answered 429.
- late: a call is done up to 15 s after it was made, when the bot has long given up waiting.
"""

import argparse
import contextlib
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.slack import LIMIT_SECONDS
from tests.faults.books import Finding, table
from tests.faults.random_kills import METHODS
from tests.faults.stories import LOOKED_AND_SWEPT, STALE, STEPS, balance, boundary_of, resolve, wait, wait_until
from tests.harness import Workspace

LATEST = 15.0
"""Seconds by which Slack does something late, at most."""
LIMITED, BETWEEN = 30, 20
"""Seconds of 429, and the seconds of peace after them."""
MOST_FOR_A_MESSAGE = 1.3
"""Requests for one message while Slack limits the bot: reliability's T4."""


@dataclass
class Tally:
    """What came of it."""

    seed: int
    incidents: int = 0
    troubles: int = 0
    posted: int = 0
    requests: int = 0
    findings: list[tuple[str, Finding]] = field(default_factory=list)

    @property
    def table(self) -> str:
        rows = [("seed", self.seed), ("incidents", self.incidents), ("troubles", self.troubles)]
        return table([*rows, ("messages", self.posted), ("requests", self.requests)], self.findings)


class Unwell:
    """Each of its kinds is a block within which Slack is unwell, and after which it is well again."""

    def __init__(self, workspace: Workspace, seed: int) -> None:
        self._workspace = workspace
        self._chance = random.Random(seed)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Its process is stopped soon after the block began, and goes on when the bot has given up waiting."""
        pid = self._workspace.server.pid
        begin = threading.Timer(self._chance.uniform(0, 0.1), os.kill, (pid, signal.SIGSTOP))
        end = threading.Timer(self._chance.uniform(LIMIT_SECONDS + 0.5, LATEST), os.kill, (pid, signal.SIGCONT))
        begin.start()
        end.start()
        try:
            yield
        finally:
            begin.join()
            end.join()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """5xx to everything, for half a minute."""
        status, phase = self._chance.choice([500, 502, 503]), self._chance.choice(["before", "after"])
        self._workspace.faults.add(do="status", status=status, phase=phase, times=0)
        yield
        wait(self._workspace, seconds=30)

    @contextmanager
    def limited(self) -> Iterator[None]:
        """429 to everything, for so long as it says."""
        self._workspace.faults.add(do="ratelimited", retry_after=LIMITED, times=0)
        began = self._workspace.clock.now
        yield
        wait(self._workspace, seconds=max(0.0, LIMITED - (self._workspace.clock.now - began).total_seconds()))
        self._workspace.faults.clear()
        wait(self._workspace, seconds=BETWEEN)

    @contextmanager
    def late(self) -> Iterator[None]:
        """One call is done when the bot has given up waiting for its answer."""
        seconds, method = self._chance.uniform(LIMIT_SECONDS + 0.5, LATEST), self._chance.choice(METHODS[:-1])
        self._workspace.faults.add(on=method, do="delay", seconds=seconds, nth=self._chance.randint(1, 2))
        yield

    @property
    def kinds(self) -> dict[str, Callable[[], contextlib.AbstractContextManager[None]]]:
        """By name."""
        return {"frozen": self.frozen, "errors": self.errors, "limited": self.limited, "late": self.late}


KINDS = ("frozen", "errors", "limited", "late")
TIMES = {"hour": 60, "half": 30, "quarter": 15, "offer": 0}
"""The steps that time takes, and how many minutes before the boundary they come."""


def suffer(workspace: Workspace, tally: Tally, trouble: str, steps: frozenset[str] = frozenset(STEPS)) -> None:
    """Play one incident with this trouble in these steps, and note what was wrong with it."""
    unwell = Unwell(workspace, tally.seed + tally.incidents).kinds[trouble]
    tally.incidents += 1
    title = f"{trouble} {tally.incidents}"
    workspace.clock.forward(**STALE)
    mark = workspace.mark()
    for name, step in STEPS.items():
        if name not in steps:
            step(workspace, title)
        else:
            tally.troubles += 1
            if name in TIMES:
                # Until just before, so that the trouble begins with what is due.
                moment = boundary_of(workspace, title) - timedelta(minutes=TIMES[name], seconds=10)
                wait_until(workspace, moment)
            # Whoever is refused meanwhile does it again afterwards, unless it is done.
            with unwell(), contextlib.suppress(AssertionError):
                step(workspace, title)
            workspace.faults.clear()
            step_again(workspace, name, title)
        if name in ("declare", "accept"):
            wait(workspace, **LOOKED_AND_SWEPT)
            tally.findings += [(title, finding) for finding in balance(workspace, name, title)]
    posts = workspace.calls(since=mark, method="chat.postMessage")
    tally.requests += len(posts)
    tally.posted += sum(call.ok for call in posts)
    resolve(workspace, title)


def step_again(workspace: Workspace, name: str, title: str) -> None:
    """Once more, if it has not come to be; each of the others is a time that has passed."""
    done = {
        "declare": "SELECT 1 FROM incidents WHERE title = ?",
        "rota": "SELECT 1 FROM rotas JOIN incidents ON incidents.number = incident WHERE title = ?",
        "up": "SELECT 1 FROM shifts JOIN rotas ON rotas.id = rota JOIN incidents ON incidents.number = incident"
        " WHERE title = ? AND up_at IS NOT NULL",
        "accept": "SELECT 1 FROM handoffs JOIN incidents ON incidents.number = incident"
        " WHERE title = ? AND handoffs.state = 'accepted'",
    }
    workspace.reconnected()
    if name in done and not workspace.bot.rows(done[name], title):
        STEPS[name](workspace, title)
    wait(workspace, seconds=60)


def main() -> int:
    """The long form."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.slack_unwell")
    parser.add_argument("--trouble", choices=KINDS, action="append", help="all of them, one after another, if not said")
    parser.add_argument("--minutes", type=float, default=20, help="for each of them")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    wanted = parser.parse_args()
    failed = False
    for trouble in wanted.trouble or KINDS:
        tally, until = Tally(wanted.seed), time.monotonic() + wanted.minutes * 60
        print(trouble, "seed", wanted.seed, flush=True)
        with tempfile.TemporaryDirectory(prefix="watchbill-unwell-") as folder, Workspace(Path(folder)) as workspace:
            workspace.forgive("messages")
            try:
                while not tally.incidents or time.monotonic() < until:
                    suffer(workspace, tally, trouble)
            finally:
                print(tally.table, flush=True)
        failed = failed or bool(tally.findings)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
