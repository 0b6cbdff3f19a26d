"""A Monday with three people in a rota, in which the bot is away: what is told of it, and how each reminder ended."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.outcome import has_failed
from tests.scenarios.screenplay import Stage, begun, said_at

_MONDAY = datetime(2025, 3, 10, 8, 0, tzinfo=UTC)
_SETTINGS = '[groups]\ncommanders = ["U0FINN0000"]\nmanagers = ["U0MONA0000"]\n'

THREE = """
MONDAY 10 March 2025
08:01  ada  types    /incident rota start @ada @bob @eve 8h from 08:30 → …
       all  hear     Command rota of INC-1: Ada Lovelace → Bob Kahn → Eve Moreau, 8 h each, …
       ada  hears    Your shifts … • Mon 10 Mar 08:30 to 16:30 GMT • Tue 11 Mar 08:30 to 16:30 GMT
                     [I'll be there] [I can't]
       bob  hears    Your shifts … • Mon 10 Mar 12:30 to 20:30 EDT • Tue 11 Mar 12:30 to 20:30 EDT
                     [I'll be there] [I can't]
       eve  hears    Your shifts … • Tue 11 Mar 01:30 to 09:30 CET • Wed 12 Mar 01:30 to 09:30 CET
                     [I'll be there] [I can't]
       ada  is       silent
"""


@contextmanager
def monday(folder: Path, request: pytest.FixtureRequest, severity: str = "sev3") -> Iterator[Stage]:
    """Ada has declared at 08:00. In a sev3 nobody is asked whether they are there."""
    with begun(folder, _MONDAY, f"Checkout is down {severity}", by="ada", settings=_SETTINGS) as ready:
        yield ready
        ready.workspace.failed = has_failed(request.node)


def ended(stage: Stage, since: str, until: str) -> list[str]:
    """How what was due between these times ended."""
    query = "SELECT key, state, reason FROM reminders WHERE due_at BETWEEN ? AND ? ORDER BY substr(due_at, 1, 16), id"
    rows = stage.workspace.bot.rows(query, *(f"2025-03-10 {time}:00" for time in (since, until)))
    return [" ".join([row["key"], row["state"], row["reason"]]).strip() for row in rows]


def assert_told_once(stage: Stage, when: str) -> None:
    """In this minute nobody was told two things."""
    heard = [(who, one) for who, one in stage.heard if who != "all" and f"{said_at(one):%H:%M}" == when]
    assert max(Counter(who for who, _ in heard).values(), default=0) <= 1, stage.shown(heard)
