"""An incident whose channel could not be created: what would be said there reaches somebody, the rest waits."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.actions import effects
from bot.actions.incident import change, membership
from bot.domain.incident import Severity
from storage import backlog, incidents, timeline
from storage.store import Store, Tx
from tests.engine.relaying import Scene, scene
from tests.support.clock import MovableClock
from tests.support.story import BOB, CHANNEL, IC, RESPONDER, begin, settings

ANNOUNCED = "#incidents"
Story = Callable[[Scene], Awaitable[None]]


@pytest.fixture
def play(store: Store, clock: MovableClock) -> Callable[[Story], None]:
    """Run a story in which nobody lets the bot create a channel."""

    def run(story: Story) -> None:
        async def work() -> None:
            async with scene(store, clock) as made:
                made.peer.script["conversations.create"] = ["error:restricted_action"]
                await made.store.run(lambda tx: begin(tx, channel=None))
                await made.quiet()
                await story(made)

        asyncio.run(work())

    return run


def raise_severity(tx: Tx) -> None:
    change.set_severity(tx, settings(), incidents.get(tx, 1), Severity.SEV1, BOB)


def sent(scene: Scene, method: str) -> list[tuple[str, str]]:
    return [(call["channel"], call["text"]) for call in scene.peer.named(method)]


def waiting(tx: Tx) -> set[str]:
    return {row.kind for row in backlog.unfinished(tx) if row.state == "pending"}


def test_a_channel_whose_name_is_not_known_is_archived(store: Store) -> None:
    with store.write() as tx:
        incident = begin(tx, channel=CHANNEL)
        incidents.change(tx, incident.number, channel_name="")
        membership.archived(tx, CHANNEL, BOB)
        assert timeline.latest(tx, incident.number, 1)[-1].text == "The channel was archived"


def test_people_hear_of_it_and_go_on_hearing(play: Callable[[Story], None]) -> None:
    async def story(scene: Scene) -> None:
        posted = sent(scene, "chat.postMessage")
        assert {to for to, _ in posted} == {ANNOUNCED, IC}
        assert "couldn't create the channel" in dict(posted)[IC]
        await scene.store.run(raise_severity)
        await scene.quiet()
        # The announcement is kept current, and the commander is told what the channel would have been.
        [(_, announced)] = sent(scene, "chat.update")
        assert "sev1" in announced
        assert [text for to, text in sent(scene, "chat.postMessage")[2:] if to == IC] == [
            "INC-1 is now *sev1*, was sev2 (<@UBOB00001>)."
        ]
        # What only makes sense in a channel waits for one: somebody may let the incident use one that exists.
        assert await scene.store.view(waiting) == {"invite", "card", "topic"}
        await scene.store.run(lambda tx: incidents.change(tx, 1, channel_id="C0GEN00001"))
        await scene.move(seconds=31)
        assert RESPONDER in str(scene.peer.named("conversations.invite"))
        assert "C0GEN00001" in {to for to, _ in sent(scene, "chat.postMessage")}
        assert (await scene.incident()).channel_name == "general"

    play(story)


def test_while_one_may_still_come_everything_waits(store: Store, clock: MovableClock) -> None:
    async def work() -> None:
        async with scene(store, clock) as made:
            made.peer.script["conversations.create"] = ["status:503", "vanish", "limit:60"]
            await made.store.run(lambda tx: begin(tx, channel=None))
            await made.store.run(raise_severity)
            await made.quiet()
            assert sent(made, "chat.postMessage") == []
            for _ in range(8):
                await made.move(seconds=31)
            new = made.peer.channels[0]["id"]
            assert {to for to, _ in sent(made, "chat.postMessage")} == {ANNOUNCED, new}

    asyncio.run(work())


def test_the_operator_tries_again_and_it_waits_again(play: Callable[[Story], None]) -> None:
    async def story(scene: Scene) -> None:
        row = await scene.row("INC-1:channel")
        assert row.state == "failed"
        scene.peer.script["conversations.create"] = ["limit:30"]
        await scene.store.run(backlog.retry, row.id)
        await scene.quiet()
        await scene.store.run(raise_severity)
        await scene.quiet()
        assert len(sent(scene, "chat.postMessage")) == 2
        await scene.move(seconds=31)
        told: dict[str, Any] = dict(sent(scene, "chat.postMessage"))
        assert "is now *sev1*" in "".join(
            text for to, text in sent(scene, "chat.postMessage") if to.startswith("C0NEW")
        )
        assert set(told) == {ANNOUNCED, IC, scene.peer.channels[0]["id"]}

    play(story)


def test_a_dm_that_is_refused_is_the_end(play: Callable[[Story], None]) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["chat.postMessage"] = ["error:channel_not_found"]
        await scene.store.run(lambda tx: effects.say(tx, incidents.get(tx, 1), "reopened", "x", by=BOB))
        await scene.quiet()
        row = await scene.row("INC-1:said:x")
        assert (row.state, row.error) == ("failed", "channel_not_found")

    play(story)
