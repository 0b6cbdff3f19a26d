"""Reminders of public updates: each once, to whom it concerns, and of a sev3 in their working hours."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import Row, select

from bot.actions.communication import cadence, updates
from bot.actions.incident import change, ending, roles
from bot.actions.incident.declare import Declaration, declare
from bot.actions.remind import run_due
from bot.actions.waking import away, contacts
from bot.domain.effect import EffectKind
from bot.domain.incident import Incident, Kind, Severity, State
from bot.domain.people import Person
from bot.domain.reminder import ReminderState
from bot.domain.update import PromiseState, Words
from bot.errors import WrongState
from storage import incidents, people, reminders
from storage import updates as stored
from storage.communication_tables import promises
from storage.store import Store, Tx
from storage.tables import outbox
from tests.support.clock import START, MovableClock
from tests.support.database import new_store
from tests.support.story import BOB, EVE, IC, settings

SETTINGS = settings(severities={})
NOBODY = Person(id="", name="Somebody", zone="", deactivated=False, bot=False, foreign=False, fetched_at=START)
ZONES = {IC: "Europe/Berlin", BOB: "America/New_York", EVE: "Asia/Kolkata"}


def begin(store: Store, severity: Severity) -> Incident:
    """Commanded by IC (09:00 on a Monday in Berlin), with Bob for communications and Eve as deputy."""
    with store.write() as tx:
        for who, zone in ZONES.items():
            people.save(tx, replace(NOBODY, id=who, zone=zone))
        incident = declare(tx, SETTINGS, Declaration(title="Checkout is down", severity=severity), IC)
        roles.assign(tx, incident, "communications", BOB, IC)
        roles.assign(tx, incident, "deputy", EVE, IC)
    return incident


def run(store: Store, clock: MovableClock, *, until: datetime, step: timedelta = timedelta(minutes=5)) -> None:
    """Minute by minute, or away for longer steps."""
    while clock.now() < until:
        clock.move(seconds=min(step, until - clock.now()).total_seconds())
        with store.write() as tx:
            while run_due(tx, SETTINGS):
                pass


def told(store: Store) -> list[tuple[str, str, str]]:
    """Who was told what of updates, and when."""
    with store.read() as tx:
        rows = tx.conn.execute(
            select(outbox)
            .where(outbox.c.kind == EffectKind.POST, outbox.c.intent["what"].as_string().like("update-%"))
            .order_by(outbox.c.id)
        )
        return [(row.created_at.strftime("%a %H:%M"), row.intent["to"], row.intent["what"]) for row in rows]


def ends(store: Store) -> Mapping[str, str]:
    """How each reminder of an update ended, by the last part of its key."""
    with store.read() as tx:
        return {row.key.split(":", 3)[3]: row.state.value for row in reminders.under(tx, "update:")}


def promises_of(tx: Tx) -> list[Row[Any]]:
    """All that was promised in the incident, in that order."""
    return list(tx.conn.execute(select(promises).where(promises.c.incident == 1).order_by(promises.c.id)))


def publish(store: Store, text: str) -> None:
    with store.write() as tx:
        incident = incidents.get(tx, 1)
        state = incident.state if incident.is_open else State.RESOLVED
        words = Words(text=text, incident_state=state, title="Checkout fails")
        written = updates.write(tx, SETTINGS, incident, words, IC)
        sent = updates.publish(tx, SETTINGS, written.id, IC, updates.seen_of(written), all_the_same=True)
        assert sent.published_at


def test_each_reminder_of_a_sev2_once(store: Store, clock: MovableClock) -> None:
    begin(store, Severity.SEV2)
    run(store, clock, until=START + timedelta(hours=3))
    run(store, clock, until=START + timedelta(days=3), step=timedelta(minutes=30))
    late = [("update-late", who) for who in (IC, EVE)]
    assert [(when, what, who) for when, who, what in told(store)] == [
        ("Mon 08:55", "update-draft", BOB),
        *(("Mon 09:00", *one) for one in late),
        *(("Mon 09:15", *one) for one in late),
        *(("Mon 09:45", *one) for one in late),
    ], "then only the digest, and wherever it is shown"
    assert set(ends(store).values()) == {"delivered"}


def test_a_sev3_is_told_in_the_working_hours_of_each_once(store: Store, clock: MovableClock) -> None:
    begin(store, Severity.SEV3)
    run(store, clock, until=START + timedelta(hours=9))
    # Due at noon in London: 13:00 in Berlin, 07:00 in New York, 17:30 in Kolkata, which is at work until 18:00.
    assert told(store) == [
        ("Mon 12:00", IC, "update-late"),
        ("Mon 12:00", EVE, "update-late"),
        ("Mon 12:15", IC, "update-late"),
        ("Mon 12:15", EVE, "update-late"),
        ("Mon 12:45", IC, "update-late"),
        # Bob wakes up to it; Eve hears the last of it in the morning.
        ("Mon 14:00", BOB, "update-draft"),
    ]
    run(store, clock, until=START + timedelta(hours=24))
    assert told(store)[-1] == ("Tue 03:30", EVE, "update-late")
    assert len(told(store)) == 7
    assert ReminderState.PENDING not in ends(store).values()


def test_raising_it_in_the_night_tells_at_once(store: Store, clock: MovableClock) -> None:
    begin(store, Severity.SEV3)
    run(store, clock, until=START + timedelta(hours=4, minutes=50))
    assert ("Mon 12:45", EVE, "update-late") not in told(store), "it is 18:15 in Kolkata"
    with store.write() as tx:
        change.set_severity(tx, SETTINGS, incidents.get(tx, 1), Severity.SEV1, IC)
    run(store, clock, until=clock.now() + timedelta(minutes=5))
    assert ("Mon 12:55", EVE, "update-late") in told(store)
    with store.read() as tx:
        assert [one.state for one in promises_of(tx)] == [PromiseState.OPEN], "it stays as late as it is"


def test_a_bot_that_was_away_says_once_how_late_it_is(store: Store, clock: MovableClock) -> None:
    begin(store, Severity.SEV1)
    clock.move(hours=2)
    run(store, clock, until=clock.now() + timedelta(hours=1))
    assert [(who, what) for _, who, what in told(store)] == [
        (BOB, "update-draft"),
        (IC, "update-late"),
        (EVE, "update-late"),
    ]
    assert ends(store) == {
        "v1:draft": "delivered",
        "v1:late-0": "covered",
        "v1:late-15": "covered",
        "v1:late-45": "delivered",
    }


def test_the_ic_who_writes_hears_once(store: Store, clock: MovableClock) -> None:
    begin(store, Severity.SEV1)
    with store.write() as tx:
        roles.unassign(tx, incidents.get(tx, 1), "communications", IC)
    clock.move(hours=2)
    run(store, clock, until=clock.now() + timedelta(hours=1))
    assert [(who, what) for _, who, what in told(store)] == [(IC, "update-late"), (EVE, "update-late")]


@pytest.mark.parametrize("kind", ["drill", "private"])
def test_customers_are_promised_nothing_of_what_is_not_theirs(store: Store, kind: str) -> None:
    with store.write() as tx:
        wanted = Declaration(title="Practice", severity=Severity.SEV1, private=kind == "private")
        wanted = wanted if kind == "private" else Declaration(title="Practice", severity=Severity.SEV1, kind=Kind.DRILL)
        declare(tx, SETTINGS, wanted, IC)
        assert stored.open_promise(tx, 1) is None
    if kind == "drill":
        publish(store, "We practise.")
        with store.read() as tx:
            assert stored.open_promise(tx, 1), "whoever publishes in a drill practises that too"


def test_when_slack_is_away_it_comes_by_their_own_channels(store: Store, clock: MovableClock) -> None:
    begin(store, Severity.SEV1)
    with store.write() as tx:
        contacts.add(tx, SETTINGS, IC, "mailto://ada:secret@example.org")
        away.lost(tx, START)
    run(store, clock, until=START + timedelta(minutes=50))
    with store.read() as tx:
        waiting = [(person, away.what_waits(effect)) for person, effect in away.waiting(tx)]
        notices = tx.conn.execute(select(outbox).where(outbox.c.kind == EffectKind.NOTIFY)).all()
    assert waiting == [(IC, "a public update is overdue"), (EVE, "a public update is overdue")], "the newest only"
    assert notices
    publish(store, "Half of the workers are back.")
    with store.read() as tx:
        assert away.waiting(tx) == []


DEEDS = ["publish", "repeat", "snooze", "sev1", "sev2", "sev3", "sev4", "wait", "away", "resolve", "reopen"]


@examples(max_examples=25)
@given(deeds=st.lists(st.sampled_from(DEEDS), min_size=1, max_size=8))
def test_whatever_happens_each_reminder_ends_once_and_none_comes_after_the_end(deeds: list[str]) -> None:
    clock = MovableClock()
    with new_store(clock) as store:
        begin(store, Severity.SEV2)
        texts = count()
        for deed in [*deeds, "resolve"]:
            act(store, clock, deed, texts)
            with store.read() as tx:
                open_now = [one for one in promises_of(tx) if one.state == PromiseState.OPEN]
                incident = incidents.get(tx, 1)
                pending = reminders.pending(tx, 1, cadence.KINDS)
            assert len(open_now) <= 1
            assert not (open_now and not incident.is_open)
            assert {row.subject for row in pending} <= {one.id for one in open_now}
            assert incident.is_open or not pending
        before = told(store)
        run(store, clock, until=clock.now() + timedelta(days=2), step=timedelta(hours=6))
        assert told(store) == before
        assert "pending" not in ends(store).values()


def act(store: Store, clock: MovableClock, deed: str, texts: "count[int]") -> None:
    if deed == "publish":
        publish(store, f"Workers {next(texts) * 7} and {next(texts)} are back.")
    elif deed == "repeat":
        publish(store, "We are still working on it.")
    elif deed in ("wait", "away"):
        step = timedelta(minutes=5) if deed == "wait" else timedelta(minutes=70)
        run(store, clock, until=clock.now() + timedelta(minutes=70), step=step)
    else:
        with store.write() as tx:
            decide(tx, deed)


def decide(tx: Tx, deed: str) -> None:
    incident, promise = incidents.get(tx, 1), stored.open_promise(tx, 1)
    if deed == "resolve" and incident.is_open:
        ending.resolve(tx, incident, "", IC)
    elif deed == "reopen" and not incident.is_open:
        ending.reopen(tx, SETTINGS, incident, IC)
    elif deed in list(Severity) and incident.is_open and deed != incident.severity:
        change.set_severity(tx, SETTINGS, incident, Severity(deed), IC)
    elif deed == "snooze" and promise:
        try:
            cadence.snooze(tx, SETTINGS, promise.id, 15, IC)
        except WrongState:
            assert promise.snoozed_from
