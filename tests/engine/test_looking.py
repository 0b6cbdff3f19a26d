"""Looking for what may have arrived: how far back, how often, and which of two copies stays."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.actions import effects
from bot.actions.command import clearing
from bot.domain.effect import EffectKind
from bot.engine.effectors.base import Call, Look
from bot.engine.looking import Absent, Found, LookResult, channel_info, look
from bot.slack import SlackGateway
from storage import backlog, incidents, outbox
from storage.store import Tx
from tests.engine.relaying import Scene
from tests.support.clock import START
from tests.support.slack_peer import OUR_USER, slack_peer
from tests.support.story import BOB, CHANNEL

CREATED = 1772438401
CALL = "https://meet.example.com/x"
Story = Callable[[Scene], Awaitable[None]]


@pytest.mark.parametrize(("ahead", "found"), [(0, Found), (59, Found), (61, Absent)])
def test_a_machine_whose_clock_is_ahead_finds_its_channel(ahead: int, found: type[LookResult]) -> None:
    async def work() -> LookResult:
        async with slack_peer() as peer:
            peer.channels = [{"id": "C1", "name": "inc-1", "creator": OUR_USER, "created": CREATED}]
            gateway = SlackGateway(peer.url, "xoxb-test")
            call = Call(method="conversations.create", arguments={}, look=Look.OWN_CHANNELS, marker="inc-1")
            result = await look(gateway, call, START + timedelta(minutes=ahead), OUR_USER, frozenset())
            await gateway.close()
            return result

    assert isinstance(asyncio.run(work()), found)


def test_a_machine_whose_clock_is_ahead_looks_far_enough_back(play: Callable[[Story], None]) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["chat.postMessage"] = ["lose"]
        await scene.say("one")
        [asked] = scene.peer.named("conversations.history")
        assert float(asked["oldest"]) == (START - timedelta(hours=1)).timestamp()

    play(story)


def test_the_copy_that_is_remembered_stays_even_if_it_is_the_later(play: Callable[[Story], None]) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["chat.postMessage"] = ["vanish"]
        await scene.say("one")
        await scene.move(seconds=20)
        ours = (await scene.row("INC-1:said:one")).ts
        # The first request is applied after all, with the earlier time.
        early = scene.peer.post(scene.peer.named("chat.postMessage")[0])["message"]
        early["ts"] = "1772438000.000001"
        await scene.move(seconds=60)
        assert scene.peer.named("chat.delete") == [{"channel": CHANNEL, "ts": early["ts"]}]
        assert ours != early["ts"]

    play(story)


def test_a_message_posted_anew_is_no_copy(play: Callable[[Story], None]) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["chat.postMessage"] = ["vanish"]

        def show(cause: str) -> Callable[[Tx], None]:
            return lambda tx: effects.refresh(tx, incidents.get(tx, 1), cause)

        await scene.store.run(show("one"))
        await scene.quiet()
        await scene.move(seconds=20)
        [first] = [found for found in scene.peer.messages if found["channel"] == CHANNEL]
        # Somebody deletes the card before the sweep comes: the incident gets another.
        first["channel"] = "C0GONE0001"
        scene.peer.script["chat.update"] = ["error:message_not_found"]
        await scene.store.run(show("two"))
        await scene.quiet()
        again = (await scene.incident()).card_ts
        assert again != first["ts"]
        await scene.move(seconds=61)
        assert scene.peer.named("chat.delete") == []

    play(story)


def bookmarks(scene: Scene) -> list[str]:
    return [found["link"] for found in scene.peer.bookmarks]


def add_call(tx: Tx) -> None:
    incident = incidents.change(tx, 1, call_url=CALL)
    outbox.enqueue(tx, "call", EffectKind.BOOKMARK, "bookmark", incident=incident.number, which="call")


def test_an_uncertain_bookmark_is_looked_for_twice(play: Callable[[Story], None]) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["bookmarks.add"] = ["vanish"]
        await scene.store.run(add_call)
        await scene.quiet()
        assert len(scene.peer.named("bookmarks.list")) == 1
        # It arrives after the first look.
        scene.peer.bookmark(CALL)
        await scene.move(seconds=21)
        assert len(scene.peer.named("bookmarks.list")) == 2
        assert bookmarks(scene) == [CALL]
        assert (await scene.incident()).call_bookmark == "Bk0"

    play(story)


def test_a_call_that_is_cleared_is_bookmarked_no_more(play: Callable[[Story], None]) -> None:
    async def story(scene: Scene) -> None:
        await scene.store.run(add_call)
        await scene.quiet()
        await scene.store.run(lambda tx: clearing.clear_call(tx, incidents.get(tx, 1), BOB))
        await scene.quiet()
        assert scene.peer.named("bookmarks.remove") == [{"channel_id": CHANNEL, "bookmark_id": "Bk0"}]
        assert (await scene.incident()).call_bookmark is None
        # Once more there is nothing to remove, and after somebody removed it by hand neither.
        await scene.store.run(add_call_again)
        await scene.quiet()
        scene.peer.script["bookmarks.remove"] = ["error:not_found"]
        await scene.store.run(lambda tx: clearing.clear_call(tx, incidents.get(tx, 1), BOB))
        await scene.quiet()
        assert (await scene.incident()).call_bookmark is None
        assert await scene.store.view(backlog.counts) == {}

    play(story)


def add_call_again(tx: Tx) -> None:
    incident = incidents.change(tx, 1, call_url=CALL)
    effects.bookmark_call(tx, incident, "again")


@pytest.mark.parametrize(
    ("wanted", "methods"),
    [
        ("C0GEN00001", ["conversations.info"]),
        # One that is not among the public channels may be private, with us in it.
        ("#managers", ["conversations.list", "users.conversations"]),
    ],
)
def test_a_channel_is_asked_about_by_id_or_by_name(wanted: str, methods: list[str]) -> None:
    async def work() -> list[str]:
        async with slack_peer() as peer:
            gateway = SlackGateway(peer.url, "xoxb-test")
            await channel_info(gateway, wanted)
            await gateway.close()
            return [called for called, _ in peer.calls]

    assert asyncio.run(work()) == methods
