"""Digests on their way to Slack: of several that wait the newest goes, and tells all that changed since one arrived."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.actions import effects
from bot.actions.communication import digest_plan
from bot.actions.incident import notes
from bot.actions.remind import run_due
from bot.domain.effect import Effect, EffectKind, EffectState
from bot.domain.timeline import EntryKind
from bot.engine.effectors import EFFECTORS
from bot.engine.effectors.base import Call, Fail, Planning, Retry
from bot.engine.engine import Engine
from bot.settings_tables import DigestSettings
from storage import backlog, digests, incidents, outbox
from storage.store import Store, Tx
from tests.support.clock import MovableClock
from tests.support.story import BOB, EVE, begin, settings

# START is 08:00 UTC.
TWICE = settings(digest=DigestSettings(times=("09:00", "17:00"), every_hours=0))
DIGEST = EFFECTORS[EffectKind.DIGEST]


def waiting(store: Store) -> list[Effect]:
    with store.read() as tx:
        return outbox.waiting_of(tx, {EffectKind.DIGEST})


def until_hour(store: Store, clock: MovableClock, hours: float, decision: str) -> None:
    """Somebody decides something, and later a digest is due."""
    with store.write() as tx:
        notes.record(tx, incidents.get(tx, 1), EntryKind.DECISION, decision, BOB)
    clock.move(hours=hours)
    with store.write() as tx:
        run_due(tx, TWICE)


def text_of(store: Store, effect: Effect, *, sent: bool = True) -> str:
    with store.write() as tx:
        call = DIGEST.plan(Planning(tx, TWICE), effect)
        assert isinstance(call, Call)
        if sent:
            DIGEST.done(tx, effect, call, {"channel": "C0INCIDENT", "ts": "1.0"})
            backlog.drop(tx, effect.id)
        return str(call.arguments["blocks"])


def test_what_was_never_sent_is_told_by_the_next(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        begin(tx)
        digest_plan.on_start(tx, TWICE)
    until_hour(store, clock, 1, "the first")
    (nine,) = waiting(store)
    assert "Decision: the first" in text_of(store, nine)
    until_hour(store, clock, 8, "the second")
    (five,) = waiting(store)
    assert "Decision: the second" in text_of(store, five, sent=False)
    until_hour(store, clock, 16, "the third")
    (again,) = waiting(store)
    assert again.key == "digest:channel:2026-03-03:09:00"
    told = text_of(store, again)
    assert "the first" not in told
    assert "Decision: the second" in told
    assert "Decision: the third" in told
    until_hour(store, clock, 8, "the fourth")
    (last,) = waiting(store)
    told = text_of(store, replace(last, sends=1))
    assert "Decision: the third" not in told
    with store.read() as tx:
        newest = digests.newest(tx, None)
    assert newest
    # Slack may have it as it was made first: what it told then is what counts.
    assert newest.through == {}


@pytest.mark.parametrize(
    ("error", "values", "again"),
    [
        ("channel_not_found", {"sends": 1}, True),
        ("channel_not_found", {"sends": 0}, False),
        ("channel_not_found", {"sends": 1, "created_at": timedelta(hours=1)}, False),
        ("is_archived", {"sends": 1}, False),
    ],
)
def test_a_channel_that_is_known_by_name_only_is_looked_into_again(
    store: Store, clock: MovableClock, error: str, values: dict[str, Any], again: bool
) -> None:
    with store.write() as tx:
        begin(tx)
        digest_plan.on_start(tx, TWICE)
    until_hour(store, clock, 1, "something")
    effect = replace(waiting(store)[0], sends=values["sends"])
    if "created_at" in values:
        effect = replace(effect, created_at=effect.created_at - values["created_at"])
    with store.write() as tx:
        call = DIGEST.plan(Planning(tx, TWICE), effect)
        assert isinstance(call, Call)
        assert isinstance(DIGEST.refused(tx, effect, call, error, {}), Retry if again else Fail)


def test_what_nothing_is_told_from_any_more_is_forgotten(store: Store, clock: MovableClock, tmp_path: Path) -> None:
    def issue(tx: Tx, key: str, person: str | None, state: EffectState, days: int) -> None:
        number = digests.add(tx, key, person, tx.now - timedelta(days=days))
        effects.digest(tx, number, key, person, tx.now, ())
        (row,) = [row for row in outbox.waiting_of(tx, {EffectKind.DIGEST}) if row.key == key]
        if state is EffectState.SENT:
            digests.sent(tx, number)
        if state is not EffectState.PENDING:
            outbox.settle(tx, row.id, state)

    with store.write() as tx:
        issue(tx, "old", None, EffectState.SENT, 60)
        issue(tx, "never arrived", None, EffectState.DROPPED, 50)
        issue(tx, "may be retried", None, EffectState.FAILED, 45)
        issue(tx, "the newest that arrived", None, EffectState.SENT, 40)
        issue(tx, "the newest", None, EffectState.DROPPED, 35)
        issue(tx, "only one of bob", BOB, EffectState.SENT, 90)
        issue(tx, "older one of eve", EVE, EffectState.SENT, 31)
        issue(tx, "of this month", EVE, EffectState.SENT, 29)
    set_up = settings(database_url=f"sqlite:///{tmp_path}/watchbill.db")
    asyncio.run(Engine(store, clock, set_up, heartbeat=False, timetable=False)._keep_house())
    with store.read() as tx:
        left = set(tx.conn.exec_driver_sql("SELECT key FROM digests").scalars())
        newest = digests.newest_sent(tx, None)
    assert left == {"may be retried", "the newest that arrived", "the newest", "only one of bob", "of this month"}
    assert newest
    assert newest.key == "the newest that arrived"
