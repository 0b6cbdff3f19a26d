"""A bot on a restored database: what a lost one may have done is looked for, shown anew once, and else it goes on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.actions.remind import run_due
from bot.actions.waking import recovered
from storage import recovery
from storage.store import Store
from storage.tables import outbox
from tests.support.clock import MovableClock
from tests.support.story import begin, settings


def unsent(store: Store) -> dict[str, int]:
    """How often each waiting row may have been sent."""
    with store.read() as tx:
        return {row.key: row.sends for row in tx.conn.execute(select(outbox.c.key, outbox.c.sends))}


@pytest.mark.parametrize(("restored_after", "doubted"), [(timedelta(hours=3), True), (timedelta(minutes=1), False)])
def test_what_follows_from_a_reminder_due_before_the_restore_is_looked_for(
    store: Store, clock: MovableClock, restored_after: timedelta, doubted: bool
) -> None:
    with store.write() as tx:
        begin(tx)
        tx.conn.execute(outbox.delete())
    copied = clock.now()
    clock.move(seconds=restored_after.total_seconds())
    with store.write() as tx:
        recovery.recover(tx, copied)
    clock.move(seconds=(timedelta(hours=3, minutes=1) - restored_after).total_seconds())
    with store.write() as tx:
        assert run_due(tx, settings()) > 0
        assert tx.may_be_sent_since is None, "what comes next in this transaction is new"
    said = unsent(store)
    assert said
    assert {sends > 0 for sends in said.values()} == {doubted}


def test_open_incidents_are_shown_anew_once_after_each_restore(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        begin(tx)
        tx.conn.execute(outbox.delete())
        recovered.show_all(tx)
    assert unsent(store) == {}, "nothing was restored"
    with store.write() as tx:
        recovery.recover(tx, clock.now())
        recovered.show_all(tx)
    shown = unsent(store)
    cause = "restored20260302080000"
    assert shown.keys() >= {f"INC-1:{what}:{cause}" for what in ("card", "announcement", "topic")}
    assert set(shown.values()) == {1}
    with store.write() as tx:
        recovered.show_all(tx)
        tx.conn.execute(outbox.delete())
    clock.move(days=2)
    with store.write() as tx:
        recovered.show_all(tx)
    assert unsent(store) == {}, "it is long ago"
