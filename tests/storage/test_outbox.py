"""How a row of the outbox moves: whose turn it is, what a claim counts, what is taken back."""

from collections.abc import Collection
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.effect import LEASE, LOOKS, Effect, EffectKind, EffectState
from storage import backlog, incidents, outbox
from storage.store import Store, Tx
from storage.tables import outbox as table
from tests.support.clock import START, MovableClock
from tests.support.story import begin

SECOND = timedelta(seconds=1)


def put(tx: Tx, key: str, lane: str = "", **about: object) -> None:
    values: dict[str, object] = {"needs_channel": False, **about}
    outbox.enqueue(tx, key, EffectKind.PIN, lane or key, **values)  # type: ignore[arg-type]


def keys(tx: Tx, in_flight: Collection[int] = (), limit: int = 100) -> list[str]:
    return [effect.key for effect in outbox.sendable(tx, tx.now, in_flight, limit)]


def first(tx: Tx) -> Effect:
    return outbox.sendable(tx, tx.now, (), 1)[0]


def states(tx: Tx) -> dict[str, str]:
    return {row.key: row.state for row in tx.conn.execute(select(table.c.key, table.c.state))}


def test_a_lane_goes_in_order_and_lanes_go_side_by_side(store: Store) -> None:
    with store.write() as tx:
        for key, lane in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("a3", "a"), ("b2", "b")):
            put(tx, key, lane)
        assert keys(tx) == ["a1", "b1"]
        assert keys(tx, limit=1) == ["a1"]
        outbox.settle(tx, first(tx).id, EffectState.SENT)
        assert keys(tx) == ["b1", "a2"][::-1]


@pytest.mark.parametrize("ended", [EffectState.SENT, EffectState.DROPPED, EffectState.FAILED])
def test_what_has_ended_makes_way(store: Store, ended: EffectState) -> None:
    with store.write() as tx:
        put(tx, "a1", "a")
        put(tx, "a2", "a")
        outbox.settle(tx, first(tx).id, ended)
        assert keys(tx) == ["a2"]


def test_what_waits_holds_its_lane(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        put(tx, "a1", "a", delay=10 * SECOND)
        put(tx, "a2", "a")
        assert keys(tx) == []
        assert outbox.next_try(tx, tx.now) == START + 10 * SECOND
    clock.move(seconds=10)
    with store.read() as tx:
        assert keys(tx) == ["a1"]
        assert outbox.next_try(tx, tx.now) is None


def test_what_needs_a_channel_waits_for_it(store: Store) -> None:
    with store.write() as tx:
        begin(tx, channel=None)
        before = keys(tx)
        assert before == ["INC-1:channel", "usergroup:INC-1:declared"]
        incidents.change(tx, 1, channel_id="C0INC00001")
        assert len(keys(tx)) > len(before)


def test_a_row_being_sent_is_not_taken_until_its_lease_ends(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        put(tx, "a1")
        effect = first(tx)
        outbox.claim(tx, effect, may_send=True)
        assert keys(tx) == []
    clock.move(seconds=LEASE.total_seconds() - 1)
    with store.read() as tx:
        assert keys(tx) == []
    clock.move(seconds=1)
    with store.read() as tx:
        assert keys(tx) == ["a1"]
        assert keys(tx, in_flight=[effect.id]) == []


def test_a_claim_counts_what_slack_may_have_accepted(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        put(tx, "a1")
        outbox.claim(tx, first(tx), may_send=True)
        outbox.put_back(tx, 1, timedelta(), "uncertain")
        effect = first(tx)
        assert (effect.sends, effect.absences, effect.first_try_at) == (1, 0, START)
    clock.move(seconds=5)
    with store.write() as tx:
        outbox.claim(tx, effect, may_send=False)
        outbox.put_back(tx, 1, timedelta(), "not found", absences=1)
        assert (first(tx).sends, first(tx).absences) == (1, 1)
        outbox.claim(tx, first(tx), may_send=False)
        outbox.put_back(tx, 1, timedelta(), "not found", absences=LOOKS - 1)
        assert (first(tx).sends, first(tx).absences) == (1, LOOKS)
        outbox.claim(tx, first(tx), may_send=True)
        outbox.put_back(tx, 1, timedelta(), "refused", unsent=True)
        # One request is still unaccounted for, so Slack is asked again.
        assert (first(tx).sends, first(tx).absences, first(tx).first_try_at) == (1, 0, START)


def test_failures_in_a_row_are_counted_and_forgotten(store: Store) -> None:
    with store.write() as tx:
        put(tx, "a1")
        for count in (1, 2, 3):
            outbox.put_back(tx, 1, timedelta(), "down", failed=True)
            assert first(tx).failures == count
        outbox.put_back(tx, 1, timedelta(), "waiting", intent={"to": "C1"})
        assert (first(tx).failures, first(tx).intent) == (0, {"to": "C1"})


def test_the_newest_of_a_kind_replaces_what_surely_never_went(store: Store) -> None:
    with store.write() as tx:
        put(tx, "card:1", "card", coalesce="card")
        outbox.claim(tx, first(tx), may_send=True)
        outbox.put_back(tx, 1, timedelta(), "uncertain")
        put(tx, "card:2", "card", coalesce="card")
        put(tx, "topic:1", "topic", coalesce="topic")
        put(tx, "card:3", "card", coalesce="card")
        assert states(tx) == {"card:1": "pending", "card:2": "dropped", "topic:1": "pending", "card:3": "pending"}
        assert keys(tx) == ["card:1", "topic:1"]


def test_what_is_being_sent_is_not_replaced(store: Store) -> None:
    with store.write() as tx:
        put(tx, "card:1", "card", coalesce="card")
        outbox.claim(tx, first(tx), may_send=False)
        put(tx, "card:2", "card", coalesce="card")
        assert states(tx) == {"card:1": "sending", "card:2": "pending"}


def test_a_new_process_takes_back_what_the_dead_one_was_sending(store: Store) -> None:
    with store.write() as tx:
        put(tx, "a1")
        put(tx, "a2")
        outbox.claim(tx, first(tx), may_send=True)
        outbox.void_leases(tx)
        assert keys(tx) == ["a1", "a2"]
        assert first(tx).sends == 1
        assert tx.wrote_outbox


def test_the_operator_retries_and_drops(store: Store) -> None:
    with store.write() as tx:
        for key in ("failed", "later", "sent", "sending"):
            put(tx, key, delay=60 * SECOND)
        outbox.settle(tx, 1, EffectState.FAILED, error="channel_not_found")
        outbox.settle(tx, 3, EffectState.SENT)
        tx.conn.execute(table.update().where(table.c.id == 4).values(state=EffectState.SENDING))
        assert [row.key for row in backlog.unfinished(tx)] == ["failed", "later", "sending"]
        assert backlog.counts(tx) == {"failed": 1, "pending": 1, "sending": 1}
        assert [backlog.retry(tx, effect) for effect in (1, 2, 3, 4, 5)] == [True, True, False, False, False]
        assert keys(tx) == ["failed", "later"]
        assert [backlog.drop(tx, effect) for effect in (1, 2, 3, 4, 5)] == [True, True, False, False, False]
        assert states(tx) == {"failed": "dropped", "later": "dropped", "sent": "sent", "sending": "sending"}


def test_what_was_done_another_way_is_not_retried(store: Store) -> None:
    with store.write() as tx:
        put(tx, "failed")
        put(tx, "pending")
        outbox.settle(tx, 1, EffectState.FAILED)
        outbox.forget_failed(tx, "failed")
        outbox.forget_failed(tx, "pending")
        assert states(tx) == {"failed": "dropped", "pending": "pending"}


def test_old_rows_are_forgotten_unless_somebody_must_see_them(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        for key in ("sent", "dropped", "failed", "pending"):
            put(tx, key)
        for effect, state in ((1, EffectState.SENT), (2, EffectState.DROPPED), (3, EffectState.FAILED)):
            outbox.settle(tx, effect, state)
        assert outbox.forget_before(tx, tx.now) == 0
    clock.move(seconds=1)
    with store.write() as tx:
        assert outbox.forget_before(tx, tx.now) == 2
        assert states(tx) == {"failed": "failed", "pending": "pending"}
