"""Somebody sets the machine's clock back by hours: what waits, waits minutes, not hours."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.effect import LONGEST_DELAY, EffectKind
from storage import outbox
from storage.store import Store
from tests.engine.relaying import quiet_incident, scene
from tests.support.clock import MovableClock


def test_a_rate_limit_ends_when_its_time_has_passed(store: Store, clock: MovableClock) -> None:
    async def work() -> None:
        async with scene(store, clock) as made:
            made.peer.script["chat.postMessage"] = ["limit:30"]
            await made.say("one")
            clock.set_back(hours=3)
            await made.move(seconds=29)
            assert made.peer.messages == []
            await made.move(seconds=2)
            assert (await made.row("INC-1:said:one")).state == "sent"

    with store.write() as tx:
        quiet_incident(tx)
    asyncio.run(work())


def test_a_rate_limit_of_hours_is_asked_about_after_minutes(store: Store, clock: MovableClock) -> None:
    async def work() -> None:
        async with scene(store, clock) as made:
            made.peer.script["chat.postMessage"] = ["limit:86400"]
            await made.say("one")
            await made.move(seconds=LONGEST_DELAY.total_seconds() - 1)
            assert made.peer.messages == []
            await made.move(seconds=2)
            assert (await made.row("INC-1:said:one")).state == "sent"

    with store.write() as tx:
        quiet_incident(tx)
    asyncio.run(work())


def test_what_was_put_back_is_due_when_it_would_wait_longer_than_anything_does(
    store: Store, clock: MovableClock
) -> None:
    with store.write() as tx:
        outbox.enqueue(tx, "a", EffectKind.PIN, "a", needs_channel=False)
        outbox.put_back(tx, 1, timedelta(seconds=60), "down", failed=True)
        assert outbox.sendable(tx, tx.now, (), 9) == []
    clock.set_back(minutes=8)
    with store.read() as tx:
        assert outbox.sendable(tx, tx.now, (), 9) == []
    clock.set_back(minutes=2)
    with store.read() as tx:
        assert [effect.key for effect in outbox.sendable(tx, tx.now, (), 9)] == ["a"]


def test_nothing_is_promised_for_later_than_that(store: Store) -> None:
    with store.write() as tx:
        outbox.enqueue(tx, "a", EffectKind.PIN, "a", needs_channel=False, delay=LONGEST_DELAY)
        with pytest.raises(ValueError, match="make it a reminder"):
            outbox.enqueue(
                tx, "b", EffectKind.PIN, "b", needs_channel=False, delay=LONGEST_DELAY + timedelta(seconds=1)
            )
