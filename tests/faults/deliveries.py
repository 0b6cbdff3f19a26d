"""Slack delivers again and again, and the bot dies between receiving, storing, answering and working.

    python -m tests.faults.deliveries --deliveries 1000 [--seed N] [--http]

Each delivery is worked exactly once: a note is one line in the timeline, and so is a message that got a pushpin.
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

from tests.faults.boundaries import revive
from tests.faults.stories import declare, incident
from tests.harness import Workspace

TROUBLES = (
    *(["none"] * 4),
    *(["ack lost"] * 2),
    "killed before the ack",
    "killed after the ack",
    "killed at any moment",
)
MOST_AGAIN = 3
LONGEST_MOMENT = 0.03
"""Real seconds in which a kill at any moment falls: a delivery takes about a hundredth."""


@dataclass
class Tally:
    """What was delivered and what was found wrong."""

    seed: int
    deliveries: int = 0
    kills: int = 0
    again: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """In one line."""
        counted = f"{self.deliveries} deliveries, {self.again} more of the same, {self.kills} kills"
        return f"seed {self.seed}: {counted}, {len(self.findings)} wrong"


class Deliveries:
    """One incident, to which everything is delivered."""

    def __init__(self, workspace: Workspace, tally: Tally) -> None:
        self._workspace, self._tally = workspace, tally
        self._chance = random.Random(tally.seed)
        self._wanted: set[str] = set()
        declare(workspace, "deliveries")
        self._number, _ = incident(workspace, "deliveries")
        name = workspace.bot.one("SELECT channel_name FROM incidents WHERE number = ?", self._number)
        self._channel = f"#{name}"

    def run(self, deliveries: int) -> None:
        """Deliver; then time passes until Slack has given up."""
        for number in range(deliveries):
            self._tally.deliveries += 1
            if self._chance.random() < 0.5:
                self._command(f"noted {number} of {deliveries}")
            else:
                self._event(f"said {number} of {deliveries}")
        self._workspace.clock.forward(minutes=7)
        for number in range(deliveries):
            for kind in ("noted", "said"):
                self._count(f"{kind} {number} of {deliveries}")

    def _count(self, text: str) -> None:
        rows = self._workspace.bot.one(
            "SELECT count(*) FROM timeline WHERE incident = ? AND text LIKE ?", self._number, f"%{text}%"
        )
        if rows != (text in self._wanted):
            self._tally.findings.append(f"{text}: {rows} times")

    def _command(self, text: str) -> None:
        """Ada notes something. Whoever gets no answer sends it again, and here Slack does that too."""
        self._wanted.add(text)
        with self._trouble():
            self._workspace.person("ada").types(f"/incident note {text}", self._channel, settle=False)
        self._again("last_command", at_least=1)

    def _event(self, text: str) -> None:
        """Ada says something, and gives it a pushpin: an event, which Slack delivers until it is answered."""
        ada, place = self._workspace.person("ada"), self._workspace.channel(self._channel)
        ada.types(text, self._channel)
        message = next(one for one in reversed(place.messages) if text in one.text)
        self._wanted.add(text)
        with self._trouble():
            ada.reacts("pushpin", message, settle=False)
        self._again("last_event", at_least=0)

    def _again(self, what: str, at_least: int) -> None:
        times = self._chance.randint(at_least, MOST_AGAIN)
        for _ in range(times):
            self._tally.again += 1
            self._workspace.doors.control("redeliver", what=what)

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        trouble = self._chance.choice(TROUBLES)
        faults, timer = self._workspace.faults, None
        if trouble == "ack lost":
            faults.add(on="ack", do="drop")
        elif trouble == "killed before the ack":
            faults.add(on="ack", do="kill_bot", phase="before")
        elif trouble == "killed after the ack":
            faults.add(on="ack", do="kill_bot", phase="after")
        elif trouble == "killed at any moment":
            timer = threading.Timer(self._chance.random() * LONGEST_MOMENT, self._workspace.bot.kill)
            timer.start()
        try:
            yield
        finally:
            if timer:
                timer.join()
            if self._is_to_die(trouble):
                self._wait_for_the_fault()
            self._tally.kills += trouble.startswith("killed")
            revive(self._workspace)
            faults.clear()

    def _is_to_die(self, trouble: str) -> bool:
        return trouble in ("ack lost", "killed before the ack", "killed after the ack")

    def _wait_for_the_fault(self) -> None:
        """Until the ack that it hits has come: an event is answered after the act that caused it."""
        for _ in range(500):
            rules = self._workspace.doors.get("/control/faults")["faults"]
            if all(rule["spent"] for rule in rules):
                return
            self._workspace.doors.control("settle", timeout=0.05)


def main() -> int:
    """Deliver and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.deliveries")
    parser.add_argument("--deliveries", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--http", action="store_true", help="in HTTP mode instead of Socket Mode")
    wanted = parser.parse_args()
    tally = Tally(wanted.seed)
    with (
        tempfile.TemporaryDirectory() as folder,
        Workspace(Path(folder), mode="http" if wanted.http else "socket") as workspace,
    ):
        workspace.forgive("messages")
        Deliveries(workspace, tally).run(wanted.deliveries)
    print(tally.summary, *tally.findings, sep="\n")
    return 1 if tally.findings else 0


if __name__ == "__main__":
    sys.exit(main())
