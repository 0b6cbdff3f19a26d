"""Where a bot can die: each call that it makes, before and after Slack did what it asks."""

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.harness import Workspace


@dataclass(frozen=True, slots=True)
class Boundary:
    """The `nth` call of one kind in one step of a story: an API method, `response_url`, or `ack`."""

    step: str
    on: str
    nth: int

    def __str__(self) -> str:
        return f"{self.step}, {self.on} #{self.nth}"


KILLS: Mapping[str, Mapping[str, Any]] = {
    "killed before": {"do": "kill_bot", "phase": "before"},
    "killed after": {"do": "kill_bot", "phase": "after"},
}
LOSSES: Mapping[str, Mapping[str, Any]] = {
    "reply lost": {"do": "drop", "phase": "after"},
    "429": {"do": "ratelimited", "retry_after": 30},
    "500 after": {"do": "status", "status": 500, "phase": "after"},
}
FAULTS = {**KILLS, **LOSSES}


@dataclass(frozen=True, slots=True)
class Case:
    """One fault at one boundary."""

    boundary: Boundary
    fault: str

    @property
    def kills(self) -> bool:
        return self.fault in KILLS

    def arrange(self, workspace: Workspace) -> None:
        """From now on the call of this boundary fails."""
        workspace.faults.add(on=self.boundary.on, nth=self.boundary.nth, **FAULTS[self.fault])

    def __str__(self) -> str:
        return f"{self.boundary}: {self.fault}"


def learn(workspace: Workspace, mark: int, step: str) -> list[Boundary]:
    """The calls of a step that went well, from the log; an ack only when a person waits for it, so the first."""
    calls = workspace.calls(since=mark, what="")
    somebody_waits = any(call.what == "envelope" and call.method != "events_api" for call in calls)
    seen: Counter[str] = Counter({"ack": 0 if somebody_waits else 1})
    found: list[Boundary] = []
    for call in calls:
        on = {"api": call.method, "response_url": "response_url", "ack": "ack"}.get(call.what)
        if on is None or (on == "ack" and seen["ack"]):
            continue
        seen[on] += 1
        found.append(Boundary(step, on, seen[on]))
    return found


EVERY_FAULT = bool(os.environ.get("WATCHBILL_EVERY_FAULT"))
"""By default each boundary is killed at, before or after in turn, and each fifth one fails in another way besides; with
this each in all of these ways."""


def cases(boundaries: Iterable[Boundary]) -> list[Case]:
    """What is tried at each boundary. An ack is lost in one way only."""
    return [Case(boundary, fault) for place, boundary in enumerate(boundaries) for fault in _faults(boundary, place)]


def _faults(boundary: Boundary, place: int) -> list[str]:
    losses = ["reply lost"] if boundary.on == "ack" else list(LOSSES)
    if EVERY_FAULT:
        return [*KILLS, *losses]
    return [list(KILLS)[place % 2], *([losses[place // 5 % len(losses)]] if place % 5 == 0 else [])]


def revive(workspace: Workspace) -> bool:
    """Start the bot again if it is dead, as its supervisor would; whether it was."""
    workspace.settle()
    if workspace.bot.state != "stopped":
        return False
    workspace.bot.start()
    return True
