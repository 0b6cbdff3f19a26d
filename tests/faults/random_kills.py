"""kill -9 at random, under a mix of other faults, for as long as wanted.

    python -m tests.faults.random_kills --kills 500 --seed 7

plays incidents one after another, from the declaration to an accepted handoff, and kills the bot at random moments
of them. It ends with a table of what was lost and doubled; its exit code is 0 when nothing was.
"""

import argparse
import random
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.books import Finding, table
from tests.faults.boundaries import revive
from tests.faults.stories import LOOKED_AND_SWEPT, STALE, STEPS, balance, resolve, wait
from tests.harness import Workspace

LATEST_KILL = 0.12
"""Real seconds after a step began: most of what a step does is done by then."""
METHODS = (
    "chat.postMessage chat.update conversations.create conversations.invite conversations.setTopic pins.add"
    " bookmarks.add conversations.history response_url"
).split()
MIX: tuple[dict[str, Any], ...] = (
    {"do": "drop", "phase": "after"},
    {"do": "drop", "phase": "before"},
    {"do": "status", "status": 500, "phase": "after"},
    {"do": "status", "status": 503, "phase": "before"},
    {"do": "error", "error": "fatal_error", "phase": "after"},
    {"do": "ratelimited", "retry_after": 5},
    {"do": "delay", "seconds": 0.05, "phase": "before"},
    {"do": "delay", "seconds": 0.05, "phase": "after"},
)


@dataclass
class Tally:
    """What came of it."""

    seed: int
    kills: int = 0
    incidents: int = 0
    other_faults: int = 0
    findings: list[tuple[str, Finding]] = field(default_factory=list)

    @property
    def table(self) -> str:
        rows = [("seed", self.seed), ("kills", self.kills), ("other faults", self.other_faults)]
        return table([*rows, ("incidents", self.incidents)], self.findings)


class Trouble:
    """Makes faults, and kills the bot now and then."""

    def __init__(self, workspace: Workspace, tally: Tally) -> None:
        self._workspace, self._tally = workspace, tally
        self._chance = random.Random(tally.seed)

    @contextmanager
    def brewing(self) -> Iterator[None]:
        """While the block runs, calls may fail, and two times out of three the bot is killed."""
        before = self._workspace.doors.get("/control/bot")["pid"]
        for _ in range(self._chance.randrange(3)):
            method, fault = self._chance.choice(METHODS), self._chance.choice(MIX)
            self._workspace.faults.add(on=method, nth=self._chance.randint(1, 3), **fault)
        killer = self._killer()
        try:
            yield
        finally:
            if killer:
                killer.join()
            hits = self._workspace.doors.get("/control/faults")["faults"]
            self._tally.other_faults += sum(1 for rule in hits if rule["seen"] >= rule["nth"])
            self._workspace.faults.clear()
            revive(self._workspace)
            self._tally.kills += before != self._workspace.doors.get("/control/bot")["pid"]

    def _killer(self) -> threading.Timer | None:
        kind, moment = self._chance.randrange(3), self._chance.uniform(0.0, LATEST_KILL)
        if kind == 0:
            return None
        if kind == 1:
            phase, nth = self._chance.choice(["before", "after"]), self._chance.randint(1, 8)
            self._workspace.faults.add(on="*", do="kill_bot", phase=phase, nth=nth)
            return None
        # At no call at all: in the middle of a commit, of a start, of nothing.
        killer = threading.Timer(moment, self._workspace.bot.kill)
        killer.start()
        return killer


def torment(workspace: Workspace, tally: Tally, kills: int) -> None:
    """Play incidents until the bot was killed so often, and note what was wrong with them."""
    trouble = Trouble(workspace, tally)
    while tally.kills < kills:
        tally.incidents += 1
        title = f"tormented {tally.incidents}"
        workspace.clock.forward(**STALE)
        for name, step in STEPS.items():
            with trouble.brewing():
                step(workspace, title)
            if name in ("declare", "accept"):
                _mend(workspace, trouble)
                tally.findings += [(title, finding) for finding in balance(workspace, name, title)]
        resolve(workspace, title)


def _mend(workspace: Workspace, trouble: Trouble) -> None:
    """Time for everything to be mended, in which it may be killed once more."""
    with trouble.brewing():
        wait(workspace, **LOOKED_AND_SWEPT)
    wait(workspace, **LOOKED_AND_SWEPT)


def main() -> int:
    """The long form."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.random_kills")
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    wanted = parser.parse_args()
    print("seed", wanted.seed, flush=True)
    with tempfile.TemporaryDirectory(prefix="watchbill-kills-") as folder, Workspace(Path(folder)) as workspace:
        workspace.forgive("messages")
        tally = Tally(wanted.seed)
        try:
            torment(workspace, tally, wanted.kills)
        finally:
            print(tally.table, flush=True)
    return 1 if tally.findings else 0


if __name__ == "__main__":
    sys.exit(main())
