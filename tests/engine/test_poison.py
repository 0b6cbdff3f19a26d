"""What can't be sent because of a bug of ours: tried some times, then out of the way and in sight of the operator."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from bot.domain.effect import MOST_BUGS, Effect, EffectKind
from bot.engine.effectors import EFFECTORS
from bot.engine.effectors.base import Call
from storage import backlog, outbox
from storage.store import Store, Tx
from tests.engine.relaying import Scene, quiet_incident, say, scene
from tests.support.clock import MovableClock


def poison(tx: Tx) -> None:
    outbox.enqueue(tx, "bug", EffectKind.POST, "INC-1:said", incident=1, what="no such text", about={})
    say(tx, "after")


async def tries(scene: Scene, count: int) -> None:
    for _ in range(count):
        await scene.move(seconds=61)


def test_a_bug_holds_its_lane_for_some_minutes_only(store: Store, clock: MovableClock) -> None:
    async def work() -> None:
        async with scene(store, clock) as made:
            await made.store.run(poison)
            await made.quiet()
            await tries(made, MOST_BUGS - 2)
            assert (await made.row("bug")).state == "pending"
            assert made.peer.messages == []
            await tries(made, 1)
            bug = await made.row("bug")
            assert (bug.state, bug.error) == ("failed", "a bug, see the log")
            assert (await made.row("INC-1:said:after")).state == "sent"
            # The operator, who runs a better version by now, has it tried as often again.
            await made.store.run(backlog.retry, bug.id)
            await made.quiet()
            await tries(made, MOST_BUGS - 2)
            assert (await made.row("bug")).state == "pending"

    with store.write() as tx:
        quiet_incident(tx)
    asyncio.run(work())


def test_a_bug_in_keeping_what_was_sent_sends_nothing_twice(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def done(tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        raise LookupError("a bug")

    async def work() -> None:
        async with scene(store, clock) as made:
            await made.say("one")
            await tries(made, MOST_BUGS)
            assert (await made.row("INC-1:said:one")).state == "failed"
            assert len(made.peer.messages) == 1

    monkeypatch.setattr(EFFECTORS[EffectKind.POST], "done", done)
    with store.write() as tx:
        quiet_incident(tx)
    asyncio.run(work())


def test_trouble_of_slacks_is_no_bug(store: Store, clock: MovableClock) -> None:
    async def work() -> None:
        async with scene(store, clock) as made:
            made.peer.script["chat.postMessage"] = ["limit:30"] * (MOST_BUGS + 5)
            await made.say("one")
            await tries(made, MOST_BUGS + 5)
            assert (await made.row("INC-1:said:one")).state == "sent"

    with store.write() as tx:
        quiet_incident(tx)
    asyncio.run(work())
