"""How punctual updates are, in a line; and what customers read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.incident import Incident, Kind, Severity, State
from bot.domain.overview import Overview
from bot.domain.update import Audience, Cause, Promise, PromiseState, Update, UpdateState, Words
from bot.messages.card import one_line
from bot.messages.communication.updates import customer_lines, update_line
from tests.harness.message import readable
from tests.support.clock import START as NOW

INCIDENT = Incident(
    number=1,
    title="Checkout is down",
    summary="",
    severity=Severity.SEV2,
    state=State.INVESTIGATING,
    kind=Kind.REAL,
    private=False,
    declared_by="UADA00001",
    declared_at=NOW,
    detected_at=NOW,
)
OVERVIEW = Overview(
    incident=INCIDENT, tenures=(), next_shift=None, open_offer=None, last_commander=None, latest=(), now=NOW
)
WORDS = Words(text="We look into it.", incident_state=State.INVESTIGATING)


def promise(minutes: float, *, snoozed: bool = False) -> Promise:
    due = NOW + timedelta(minutes=minutes)
    return Promise(
        id=1,
        incident=1,
        due_at=due,
        snoozed_from=due if snoozed else None,
        state=PromiseState.OPEN,
        kept_by=None,
        settled_at=None,
        made_at=NOW,
    )


SENT = Update(
    id=1,
    incident=1,
    number=1,
    audience=Audience.PUBLIC,
    state=UpdateState.PUBLISHED,
    words=WORDS,
    written_by="UADA00001",
    written_at=NOW,
    published_by="UADA00001",
    published_at=NOW - timedelta(minutes=20),
)


@pytest.mark.parametrize(
    ("last", "due", "line"),
    [
        (None, None, ""),
        (None, promise(10), "First public update due {10}"),
        (SENT, None, "Last public update {-20}"),
        (SENT, promise(10), "Last public update {-20}; next due {10}"),
        (SENT, promise(10, snoozed=True), "Last public update {-20}; next due {10} (put off once)"),
        (SENT, promise(-12), "Last public update {-20}; next due {-12}, *late by 12 min*"),
        (SENT, promise(0), "Last public update {-20}; next due {0}, *late by 1 min*"),
    ],
)
def test_the_line_of_updates(last: Update | None, due: Promise | None, line: str) -> None:
    shown = replace(OVERVIEW, last_update=last, promise=due)
    for minutes in (-20, -12, 0, 10):
        when = NOW + timedelta(minutes=minutes)
        line = line.replace(f"{{{minutes}}}", f"{when:%Y-%m-%d %H:%M UTC}")
    assert readable(update_line(shown), str) == line
    late = due is not None and due.due_at <= NOW
    assert ("*late*" in update_line(shown, counting=False)) is late, "what stands still does not count"
    assert ("public update *late by" in one_line(shown)) is late


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (WORDS, ["The cause is not known yet."]),
        (replace(WORDS, incident_state=State.RESOLVED), []),
        (
            replace(WORDS, cause=Cause.SUSPECTED, cause_text="a cable", estimate_text="within the day"),
            ["Suspected cause: a cable", "When it will be over: within the day"],
        ),
        (
            replace(WORDS, cause=Cause.CONFIRMED, cause_text="a cable", no_estimate_why="it is at sea"),
            ["Confirmed cause: a cable", "We can't say yet when it will be over: it is at sea"],
        ),
    ],
)
def test_what_customers_read(words: Words, lines: list[str]) -> None:
    found = customer_lines(words, None, NOW)
    assert found == [words.incident_state.capitalize(), words.text, *lines]


def test_a_time_of_another_day_has_its_date() -> None:
    now = datetime(2026, 3, 2, 23, 50, tzinfo=UTC)
    words = replace(WORDS, estimate_at=now + timedelta(hours=2))
    lines = customer_lines(words, now + timedelta(minutes=5), now)
    assert "We expect it to be over by 3 Mar 01:50 UTC." in lines
    assert "Next update by 23:55 UTC." in lines
