"""The relay: nothing lost and nothing doubled, whatever becomes of an answer; and one trouble is one effect's."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.actions import effects
from bot.domain.effect import EffectKind
from bot.domain.incident import State
from bot.engine.performing import Job, Result
from bot.errors import DiskFull
from storage import backlog, incidents, outbox
from storage.store import Store, Tx
from tests.engine.relaying import Scene, say, scene
from tests.support.clock import START, MovableClock
from tests.support.slack_peer import OUR_USER
from tests.support.story import BOB, CHANNEL, begin

KEY = "INC-1:said:one"
Story = Callable[[Scene], Awaitable[None]]


Play = Callable[[Story], None]


def test_what_is_promised_is_said_and_kept(play: Play) -> None:
    async def story(scene: Scene) -> None:
        await scene.say("one")
        row = await scene.row(KEY)
        assert (row.state, row.sends, row.channel, row.ts) == ("sent", 1, CHANNEL, scene.peer.messages[0]["ts"])
        assert scene.peer.messages[0]["metadata"]["event_payload"] == {"key": KEY}
        assert [method for method, _ in scene.peer.calls] == ["chat.postMessage"]

    play(story)


def test_a_lost_answer_is_found_in_the_history(play: Play) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["chat.postMessage"] = ["lose"]
        await scene.say("one")
        row = await scene.row(KEY)
        assert (row.state, row.ts) == ("sent", scene.peer.messages[0]["ts"])
        assert len(scene.peer.messages) == 1
        assert [method for method, _ in scene.peer.calls] == ["chat.postMessage", "conversations.history"]

    play(story)


@pytest.mark.parametrize("fault", ["vanish", "status:500", "html"])
def test_an_uncertain_post_is_looked_for_twice_before_it_is_sent_again(play: Play, fault: str) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["chat.postMessage"] = [fault]
        await scene.say("one")
        assert len(scene.peer.named("conversations.history")) == 1
        await scene.move(seconds=19.9)
        assert (len(scene.peer.named("conversations.history")), scene.peer.messages) == (1, [])
        await scene.move(seconds=0.2)
        assert len(scene.peer.named("conversations.history")) == 2
        assert len(scene.peer.named("chat.postMessage")) == 2
        assert len(scene.peer.messages) == 1
        assert (await scene.row(KEY)).state == "sent"
        await scene.move(hours=1)
        assert len(scene.peer.messages) == 1

    play(story)


def test_what_arrives_after_all_is_not_said_again(play: Play) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["chat.postMessage"] = ["vanish"]
        await scene.say("one")
        scene.peer.post(scene.peer.named("chat.postMessage")[0])
        await scene.move(seconds=20)
        assert len(scene.peer.named("chat.postMessage")) == 1
        assert (await scene.row(KEY)).ts == scene.peer.messages[0]["ts"]

    play(story)


def test_a_copy_that_arrives_too_late_is_swept(play: Play) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["chat.postMessage"] = ["vanish"]
        await scene.say("one")
        await scene.move(seconds=20)
        late = scene.peer.post(scene.peer.named("chat.postMessage")[0])
        await scene.move(seconds=60)
        assert scene.peer.named("chat.delete") == [{"channel": CHANNEL, "ts": late["ts"]}]

    play(story)


def test_nothing_is_repeated_while_slack_can_not_be_asked(play: Play) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["chat.postMessage"] = ["vanish"]
        scene.peer.script["conversations.history"] = ["status:500"] * 5
        await scene.say("one")
        for _ in range(4):
            await scene.move(seconds=60)
            assert len(scene.peer.named("chat.postMessage")) == 1
        await scene.move(seconds=60)
        await scene.move(seconds=20)
        assert len(scene.peer.messages) == 1
        assert (await scene.row(KEY)).state == "sent"

    play(story)


def test_what_a_dead_process_was_sending_is_looked_for(play: Play, store: Store) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["chat.postMessage"] = ["lose"]

        def as_if_killed(tx: Tx) -> None:
            say(tx, "one")
            [effect] = outbox.sendable(tx, tx.now, (), 1)
            outbox.claim(tx, effect, may_send=True)

        await scene.store.run(as_if_killed)
        scene.peer.post({"channel": CHANNEL, "text": "?", "metadata": {"event_payload": {"key": KEY}}})
        await scene.store.run(outbox.void_leases)
        await scene.quiet()
        assert (await scene.row(KEY)).state == "sent"
        assert scene.peer.named("chat.postMessage") == []

    play(story)


def test_a_lane_keeps_its_order_through_trouble(play: Play) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["chat.postMessage"] = ["vanish", "", "limit:5"]
        await scene.say("one", "two", "three")
        assert scene.peer.messages == []
        for _ in range(8):
            await scene.move(seconds=10)
        keys = [message["metadata"]["event_payload"]["key"] for message in scene.peer.messages]
        assert keys == [f"INC-1:said:{cause}" for cause in ("one", "two", "three")]

    play(story)


def test_a_rate_limit_stops_its_method_and_no_other(play: Play) -> None:
    async def story(scene: Scene) -> None:
        def invite(cause: str) -> Callable[[Tx], None]:
            return lambda tx: effects.invite(tx, incidents.get(tx, 1), [BOB], cause)

        scene.peer.script["conversations.invite"] = ["limit:30"]
        await scene.store.run(invite("x"))
        await scene.quiet()
        assert (await scene.row("INC-1:invite:x")).sends == 0
        await scene.say("one")
        assert (await scene.row(KEY)).state == "sent"
        await scene.store.run(invite("y"))
        await scene.move(seconds=29)
        assert len(scene.peer.named("conversations.invite")) == 1
        await scene.move(seconds=2)
        assert len(scene.peer.named("conversations.invite")) == 3

    play(story)


def test_a_rate_limit_of_one_channel_stops_posts_there_only(play: Play) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["chat.postMessage"] = ["limit:30"]
        await scene.say("one")
        await scene.store.run(
            lambda tx: effects.tell(tx, incidents.get(tx, 1), BOB, "relieved", "x", by=BOB, minutes=8)
        )
        await scene.quiet()
        assert [message["channel"] for message in scene.peer.messages] == [BOB]
        await scene.move(seconds=31)
        assert [message["channel"] for message in scene.peer.messages] == [BOB, CHANNEL]
        assert len(scene.peer.named("conversations.history")) == 0

    play(story)


def test_after_a_rate_limit_a_channel_gets_one_message_at_a_time(play: Play) -> None:
    """Many lanes may say something in one channel: those that waited together are not refused together again."""

    async def story(scene: Scene) -> None:
        def told(tx: Tx, *lanes: str) -> None:
            for lane in lanes:
                key = f"INC-1:said:{lane}"
                outbox.enqueue(tx, key, EffectKind.POST, lane, incident=1, what="reopened", about={"by": BOB})

        scene.peer.script["chat.postMessage"] = ["limit:1"] * 3
        await scene.store.run(told, "a", "b", "c")
        await scene.quiet()
        posted = []
        for _ in range(6):
            await scene.move(seconds=1)
            posted.append(len(scene.peer.messages))
        # A second and a bit between them.
        assert posted == [1, 1, 2, 2, 3, 3]
        await scene.move(seconds=6)
        await scene.store.run(told, "d", "e")
        await scene.quiet()
        assert len(scene.peer.messages) == 5, "the limit is long over"
        assert len(scene.peer.named("chat.postMessage")) == 3 + 5

    play(story)


def test_what_surely_was_not_done_is_simply_sent_later(play: Play) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["chat.postMessage"] = ["limit:1"]
        await scene.say("one")
        row = await scene.row(KEY)
        assert (row.state, row.sends) == ("pending", 0)
        await scene.move(seconds=2)
        assert [method for method, _ in scene.peer.calls] == ["chat.postMessage"] * 2

    play(story)


def test_a_refused_token_stops_nothing_for_good(play: Play) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["chat.postMessage"] = ["error:token_revoked"]
        await scene.say("one")
        row = await scene.row(KEY)
        assert (row.state, row.sends, row.error) == ("pending", 0, "token_revoked")
        await scene.move(seconds=61)
        assert (await scene.row(KEY)).state == "sent"

    play(story)


def test_a_bug_in_one_effect_stops_no_other(play: Play) -> None:
    async def story(scene: Scene) -> None:
        await scene.store.run(
            lambda tx: outbox.enqueue(tx, "bug", EffectKind.POST, "bug", incident=1, what="no such text", about={})
        )
        await scene.say("one")
        assert (await scene.row(KEY)).state == "sent"
        bug = await scene.row("bug")
        assert (bug.state, bug.error) == ("pending", "a bug, see the log")
        assert bug.not_before > scene.clock.now()
        await scene.move(seconds=61)
        assert (await scene.row("bug")).failures > bug.failures

    play(story)


def test_an_idle_relay_does_nothing(play: Play) -> None:
    async def story(scene: Scene) -> None:
        await scene.say(*(f"t{number}" for number in range(10)))
        assert len(scene.peer.messages) == 10
        # Every turn of the relay ends in a wait, and every transaction reads the clock.
        waits, reads = scene.clock.waits, scene.clock.reads
        for _ in range(50):
            await asyncio.to_thread(int)
        assert (scene.clock.waits, scene.clock.reads) == (waits, reads)
        # A turn for the promise, one for each that went, few more.
        assert waits <= 25

    play(story)


def test_a_relay_that_stops_finishes_what_is_on_its_way(play: Play, store: Store) -> None:
    async def story(scene: Scene) -> None:
        await scene.store.run(say, "one", "two")
        while not scene.peer.calls:
            await asyncio.to_thread(int)
        await scene.stop()
        assert scene.relay.in_flight == 0
        sent = len(scene.peer.messages)
        with store.read() as tx:
            assert backlog.counts(tx) == ({"pending": 2 - sent} if sent < 2 else {})
        assert sent > 0

    play(story)


@pytest.mark.parametrize(
    ("there", "faults", "name"),
    [
        ([], [""], "inc-1-checkout-is-down"),
        ([], ["lose"], "inc-1-checkout-is-down"),
        ([], ["vanish"], "inc-1-checkout-is-down"),
        (
            [{"id": "C0OLD00001", "name": "inc-1-checkout-is-down", "creator": BOB, "created": 1}],
            [""],
            "inc-1-checkout-is-down-2",
        ),
        (
            [{"id": "C0OLD00001", "name": "inc-1-checkout-is-down", "creator": BOB, "created": 1772438401}],
            ["vanish"],
            "inc-1-checkout-is-down-2",
        ),
        # Ours, but from long before: a restored database must not take an old incident's channel.
        (
            [{"id": "C0OLD00001", "name": "inc-1-checkout-is-down", "creator": OUR_USER, "created": 1}],
            ["vanish"],
            "inc-1-checkout-is-down-2",
        ),
    ],
    ids=["new", "answer lost", "request lost", "taken", "taken and lost", "ours of old"],
)
def test_an_incident_gets_one_channel_of_its_own(
    store: Store, clock: MovableClock, there: list[dict[str, object]], faults: list[str], name: str
) -> None:
    async def work() -> None:
        async with scene(store, clock) as made:
            made.peer.channels = there
            before = len(there)
            made.peer.script["conversations.create"] = list(faults)
            await made.store.run(lambda tx: begin(tx, channel=None))
            await made.quiet()
            await made.move(seconds=30)
            incident = await made.incident()
            assert incident.channel_name == name
            assert len(made.peer.channels) == before + 1
            assert incident.channel_id == made.peer.channels[-1]["id"]
            assert len([text for text in made.peer.texts() if "INC-1" in text]) == 2
            assert incident.card_ts
            assert incident.state is State.INVESTIGATING

    asyncio.run(work())


def test_what_the_operator_retries_from_another_process_is_taken_up_within_half_a_minute(
    play: Play, store: Store, clock: MovableClock
) -> None:
    async def story(scene: Scene) -> None:
        # It has looked once, and found nothing.
        await scene.quiet()
        # Nobody is woken, as when `watchbill outbox retry` writes beside the running bot.
        store.on_outbox = None
        await store.run(say, "one")
        assert (await scene.row(KEY)).state == "pending"
        clock.move(seconds=30)
        await scene.quiet()
        assert (await scene.row(KEY)).state == "sent"

    play(story)


def test_what_becomes_due_while_it_is_put_back_is_taken_up_at_once(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock moves after an effect was put back and before the relay knows: a claim in between sees it in flight."""

    async def story(scene: Scene) -> None:
        relay, loop = scene.relay, asyncio.get_running_loop()
        settle, claim, written = relay._settle, relay._claim, relay._written
        moved, claim_waits, claimed = threading.Event(), threading.Event(), threading.Event()

        def settled(tx: Tx, job: Job, result: Result) -> None:
            settle(tx, job, result)
            if job.looks and not moved.is_set():
                moved.set()
                scene.clock.move(seconds=25)
                loop.call_soon_threadsafe(relay.wake)
                assert claim_waits.wait(5)

        def claim_again(tx: Tx, settled: int | None = None) -> Any:
            found = claim(tx, settled)
            if claim_waits.is_set():
                claimed.set()
            return found

        async def news(work: Callable[..., Any], *args: Any) -> Any:
            if moved.is_set() and not args:
                # By then it waits for the writer's thread, behind the settling.
                loop.call_soon(claim_waits.set)
            came = await written(work, *args)
            if moved.is_set() and args:
                assert claimed.wait(5)
            return came

        monkeypatch.setattr(relay, "_settle", settled)
        monkeypatch.setattr(relay, "_claim", claim_again)
        monkeypatch.setattr(relay, "_written", news)
        scene.peer.script["chat.postMessage"] = ["vanish"]
        await scene.say("one")
        assert len(scene.peer.messages) == 1

    play(story)


def test_a_clock_that_is_put_forward_ends_no_lease_of_what_is_about_to_be_sent(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A settling claims the next of its lane; before that has a task the clock jumps, and another settles."""

    async def story(scene: Scene) -> None:
        relay, loop = scene.relay, asyncio.get_running_loop()
        settle_and_claim, written, has_claimed = relay._settle_and_claim, relay._written, asyncio.Event()
        other_waits, put_forward, both = threading.Event(), threading.Event(), threading.Event()

        def settled(tx: Tx, job: Job, result: Result) -> Any:
            found = settle_and_claim(tx, job, result)
            if put_forward.is_set():
                both.set()
            elif found[0]:
                loop.call_soon_threadsafe(has_claimed.set)
                assert other_waits.wait(5)
                scene.clock.set_back(minutes=-1)
                put_forward.set()
            return found

        async def news(work: Callable[..., Any], *args: Any) -> Any:
            is_other = work == settled and "other" in args[0].effect.key
            if is_other:
                await has_claimed.wait()
                loop.call_soon(other_waits.set)
            came = await written(work, *args)
            if work == settled and not is_other and put_forward.is_set():
                assert both.wait(5)
            return came

        def two_lanes(tx: Tx) -> None:
            say(tx, "one", "two")
            effects.tell(tx, incidents.get(tx, 1), BOB, "reopened", "other", by=BOB)

        monkeypatch.setattr(relay, "_settle_and_claim", settled)
        monkeypatch.setattr(relay, "_written", news)
        await scene.store.run(two_lanes)
        await scene.quiet()
        assert (put_forward.is_set(), both.is_set()) == (True, True)
        assert (len(scene.peer.messages), scene.peer.named("conversations.history")) == (3, [])

    play(story)


def test_what_was_claimed_in_vain_is_claimed_again_at_once(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(scene: Scene) -> None:
        write = scene.store.write
        failed: list[datetime] = []

        @contextmanager
        def full_once() -> Iterator[Tx]:
            with write() as tx:
                yield tx
                if scene.relay._claimed and not failed:
                    failed.append(tx.now)
                    raise DiskFull

        monkeypatch.setattr(scene.store, "write", full_once)
        await scene.store.run(say, "one")
        while not scene.peer.messages:
            assert scene.clock.now() < START + timedelta(seconds=5)
            for _ in range(20):
                await scene.incident()
            # While it is being sent no time passes, however long a busy machine takes for it.
            if scene.clock.waiting and not scene.relay.in_flight:
                scene.clock.move(seconds=1)
        assert len(failed) == 1

    play(story)
