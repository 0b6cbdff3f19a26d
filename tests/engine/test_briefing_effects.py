"""The briefing on its way to Slack: posted once, edited from then on, its details in the thread, whatever gets lost."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.actions import effects
from bot.actions.command import briefing
from bot.domain.briefing import Briefing
from bot.domain.command import COMMANDER, How
from bot.domain.handoff import HandoffKind
from bot.domain.people import Person
from bot.domain.rota import turns_after
from bot.domain.timeline import EntryKind
from storage import briefings, command, handoffs, incidents, people, rotas, timeline
from storage.store import Store, Tx
from tests.engine.relaying import Scene, quiet_incident, scene
from tests.support.clock import MovableClock
from tests.support.story import BOB, CHANNEL, EVE, IC

Story = Callable[[Scene], Awaitable[None]]
Play = Callable[[Story], None]
MARKER, DETAILS = "INC-1:briefing:1", "INC-1:briefing:1:details"


@pytest.fixture
def play(store: Store, clock: MovableClock) -> Play:
    """Run a story with a relay at work on an incident of an hour ago that has its channel."""

    def run(story: Story) -> None:
        with store.write() as tx:
            quiet_incident(tx)
        clock.move(hours=1)

        async def work() -> None:
            async with scene(store, clock) as made:
                await story(made)

        asyncio.run(work())

    return run


def decide(tx: Tx, many: int = 12) -> None:
    for number in range(many):
        timeline.add(tx, 1, EntryKind.DECISION, f"decision {number}", BOB)


def show(tx: Tx, cause: str = "offered", shift: int | None = None) -> int:
    incident = incidents.get(tx, 1)
    number = briefing.prepare(tx, incident, COMMANDER, for_shift=shift, by=IC)
    briefing.show(tx, incident, number, f"briefing{number}:{cause}")
    return number


async def shown(scene: Scene, cause: str = "offered", shift: int | None = None) -> Briefing:
    number = await scene.store.run(show, cause, shift)
    await scene.quiet()
    return await scene.store.view(briefings.get, number)


def texts(message: dict[str, Any]) -> str:
    return "\n".join(block["text"]["text"] for block in message["blocks"] if block["type"] == "section")


def test_it_is_posted_with_its_details_in_the_thread_and_then_edited(play: Play) -> None:
    async def story(scene: Scene) -> None:
        await scene.store.run(decide)
        kept = await shown(scene)
        main, details = scene.peer.messages
        assert (kept.message_channel, kept.message_ts, kept.details_ts) == (CHANNEL, main["ts"], details["ts"])
        assert main["metadata"]["event_payload"] == {"key": MARKER}
        assert (details["thread_ts"], details["metadata"]["event_payload"]) == (main["ts"], {"key": DETAILS})
        assert "all in the thread" in texts(main)
        assert "decision 0 " not in texts(main)
        assert "decision 0 " in texts(details)
        scene.clock.move(minutes=15)
        await scene.store.run(decide, 1)
        await shown(scene)
        assert len(scene.peer.messages) == 2
        edited = scene.peer.named("chat.update")
        assert [edit["ts"] for edit in edited] == [main["ts"], details["ts"]]
        assert "the newest 5 of 13" in texts(edited[0])

    play(story)


def test_a_short_one_has_no_thread(play: Play) -> None:
    async def story(scene: Scene) -> None:
        kept = await shown(scene)
        assert (len(scene.peer.messages), kept.details_ts) == (1, None)
        await scene.store.run(decide)
        scene.clock.move(minutes=1)
        assert (await shown(scene)).details_ts == scene.peer.messages[1]["ts"]

    play(story)


@pytest.mark.parametrize("fault", ["lose", "vanish"])
def test_details_whose_answer_is_lost_are_looked_for_in_the_thread(play: Play, fault: str) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["chat.postMessage"] = ["", fault]
        await scene.store.run(decide)
        kept = await shown(scene)
        assert scene.peer.named("conversations.replies")[0]["ts"] == kept.message_ts
        assert scene.peer.named("conversations.history") == []
        await scene.move(seconds=21)
        await scene.move(minutes=2)
        assert len(scene.peer.messages) == 2
        kept = await scene.store.view(briefings.get, kept.id)
        assert kept.details_ts == scene.peer.messages[1]["ts"]

    play(story)


def test_a_copy_of_the_details_that_arrives_too_late_is_swept(play: Play) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["chat.postMessage"] = ["", "vanish"]
        await scene.store.run(decide)
        await shown(scene)
        await scene.move(seconds=21)
        late = scene.peer.post(scene.peer.named("chat.postMessage")[1])
        await scene.move(seconds=61)
        assert scene.peer.named("chat.delete") == [{"channel": CHANNEL, "ts": late["ts"]}]

    play(story)


def test_an_answer_given_while_it_is_on_its_way_is_shown(play: Play) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["chat.postMessage"] = ["limit:30"]
        number = (await shown(scene)).id
        await scene.store.run(briefing.answer, number, "the replica", "", IC)
        await scene.quiet()
        assert scene.peer.messages == []
        await scene.move(seconds=31)
        assert "the replica" in texts(scene.peer.messages[0])
        await scene.store.run(briefing.answer, number, "the primary", "", IC)
        await scene.quiet()
        assert "the primary" in texts(scene.peer.named("chat.update")[-1])

    play(story)


def test_an_answer_posts_nothing(play: Play) -> None:
    async def story(scene: Scene) -> None:
        incident = await scene.incident()
        number = await scene.store.run(briefing.for_next, incident, COMMANDER, IC)
        await scene.store.run(briefing.answer, number, "the replica", "", IC)
        await scene.quiet()
        assert scene.peer.calls == []
        await shown(scene)
        assert "the replica" in texts(scene.peer.messages[0])

    play(story)


def test_a_draft_then_the_offer_then_a_record(play: Play) -> None:
    async def story(scene: Scene) -> None:
        shift = await scene.store.run(plan)
        await shown(scene, "draft", shift)
        draft = scene.peer.messages[0]
        assert "*draft* for the handoff to Eve Ng at" in texts(draft)
        assert f"<@{IC}>, what worries you" in texts(draft)
        scene.clock.move(minutes=15)
        number = (await shown(scene, "offered", shift)).id
        offered = scene.peer.named("chat.update")[-1]
        assert "*Briefing of INC-1* for Eve Ng, as of" in texts(offered)
        assert "what worries you" not in texts(offered)
        assert offered["blocks"][-1]["elements"][0]["value"] == str(number)
        await scene.store.run(briefing.accepted, number)
        await scene.quiet()
        record = scene.peer.named("chat.update")[-1]
        assert "accepted <!date^" in texts(record)
        assert record["blocks"][-1]["type"] != "actions"
        assert len(scene.peer.messages) == 1

    play(story)


def somebody(tx: Tx, who: str, name: str = "Somebody") -> Person:
    return Person(id=who, name=name, zone="UTC", deactivated=False, bot=False, foreign=False, fetched_at=tx.now)


def plan(tx: Tx) -> int:
    """A rota whose second shift, EVE's, begins in a quarter of an hour; its id."""
    people.save(tx, somebody(tx, EVE, "Eve Ng"))
    anchor = tx.now - timedelta(hours=7, minutes=45)
    rota = rotas.start(tx, 1, COMMANDER, [IC, EVE], timedelta(hours=8), anchor)
    added = rotas.add_turns(tx, rota, turns_after(rota, None, tx.now + timedelta(hours=8)))
    return added[1].id


def test_a_boundary_that_moves_makes_it_a_draft_again(play: Play) -> None:
    async def story(scene: Scene) -> None:
        shift = await scene.store.run(plan)
        await shown(scene, "draft", shift)
        later = scene.clock.now() + timedelta(hours=1, minutes=15)
        await scene.store.run(lambda tx: rotas.change_shift(tx, shift, starts_at=later))
        scene.clock.move(hours=1)
        await shown(scene, "draft", shift)
        assert f"{int(later.timestamp())}" in texts(scene.peer.named("chat.update")[-1])
        assert len(scene.peer.messages) == 1

    play(story)


def test_one_that_somebody_deleted_is_posted_anew(play: Play) -> None:
    async def story(scene: Scene) -> None:
        await scene.store.run(decide)
        number = (await shown(scene)).id
        scene.clock.move(minutes=15)
        scene.peer.script["chat.update"] = ["error:message_not_found"]
        kept = await shown(scene)
        assert kept.message_ts == scene.peer.messages[2]["ts"]
        assert kept.details_ts == scene.peer.messages[3]["ts"]
        # But not because of an answer: the reader has it already, or takes the role without.
        scene.peer.script["chat.update"] = ["error:message_not_found"]
        await scene.store.run(briefing.answer, number, "the replica", "", IC)
        await scene.quiet()
        assert len(scene.peer.messages) == 4

    play(story)


def test_where_nothing_can_be_said_it_goes_to_the_one_who_is_to_read_it(play: Play) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["chat.postMessage"] = ["error:is_archived"]
        await scene.store.run(decide)
        await scene.store.run(offer_to_bob)
        await scene.quiet()
        main = next(message for message in scene.peer.messages if "*Briefing of INC-1*" in texts(message))
        details = next(message for message in scene.peer.messages if message.get("thread_ts") == main["ts"])
        assert (main["channel"], details["channel"]) == (BOB, BOB)
        assert "for <@UBOB00001>, as of" in texts(main)

    play(story)


def offer_to_bob(tx: Tx) -> None:
    number = show(tx)
    handoffs.offer(tx, 1, COMMANDER, HandoffKind.OFFER, BOB, by=IC, boundary_at=tx.now, briefing=number)


def test_after_the_end_nothing_is_posted(play: Play) -> None:
    def over(tx: Tx) -> None:
        show(tx)
        briefing.welcome(tx, incidents.get(tx, 1), EVE)
        command.end_all(tx, 1)
        incidents.change(tx, 1, state="resolved", ic_tenure=None, open_role=None)

    async def story(scene: Scene) -> None:
        await scene.store.run(over)
        await scene.quiet()
        assert scene.peer.calls == []
        assert (await scene.row("INC-1:dm:UEVE00001:catchup")).error == "the incident is over"

    play(story)


def test_catching_up_by_dm(play: Play) -> None:
    async def story(scene: Scene) -> None:
        incident = await scene.incident()
        await scene.store.run(decide)
        await scene.store.run(briefing.welcome, incident, BOB)
        await scene.quiet()
        (dm,) = scene.peer.messages
        assert [method for method, _ in scene.peer.calls] == ["users.info", "chat.postMessage"]
        assert dm["channel"] == BOB
        assert "This is how *INC-1* stands" in texts(dm)
        assert "the newest 5 of 12: `/incident timeline`" in texts(dm)
        await scene.store.run(briefing.welcome, incident, BOB)
        await scene.quiet()
        assert len(scene.peer.messages) == 1

    play(story)


def test_catching_up_in_utc_when_slack_does_not_say_who_it_is(play: Play) -> None:
    async def story(scene: Scene) -> None:
        scene.peer.script["users.info"] = ["error:user_not_found"]
        await scene.store.run(briefing.welcome, await scene.incident(), BOB)
        await scene.quiet()
        (dm,) = scene.peer.messages
        assert "UTC" in texts(dm)

    play(story)


def test_a_bot_that_comes_in_is_told_nothing(play: Play) -> None:
    async def story(scene: Scene) -> None:
        await scene.store.run(lambda tx: people.save(tx, replace(somebody(tx, BOB), bot=True)))
        await scene.store.run(briefing.welcome, await scene.incident(), BOB)
        await scene.quiet()
        assert scene.peer.calls == []

    play(story)


def test_who_was_put_out_of_a_private_one_is_told_nothing(play: Play) -> None:
    def joined_and_left(tx: Tx) -> None:
        private = incidents.change(tx, 1, private=True)
        briefing.welcome(tx, private, EVE)

    async def story(scene: Scene) -> None:
        await scene.store.run(joined_and_left)
        await scene.quiet()
        assert scene.peer.messages == []

    play(story)


def test_the_briefing_stands_above_the_offer(play: Play) -> None:
    def both(tx: Tx) -> None:
        show(tx)
        effects.say(tx, incidents.get(tx, 1), "state", "after", new="monitoring", old="identified", by=IC)

    async def story(scene: Scene) -> None:
        scene.peer.script["chat.postMessage"] = ["status:500"]
        await scene.store.run(both)
        await scene.quiet()
        await scene.move(seconds=21)
        await scene.move(seconds=21)
        first, second = scene.peer.messages[:2]
        assert "Briefing" in texts(first)
        assert "monitoring" in texts(second)

    play(story)


def test_another_one_holds_the_role_by_then(play: Play) -> None:
    async def story(scene: Scene) -> None:
        shift = await scene.store.run(plan)
        await scene.store.run(lambda tx: command.begin(tx, 1, COMMANDER, BOB, How.TOOK))
        await shown(scene, "draft", shift)
        assert f"<@{BOB}>, what worries you" in texts(scene.peer.messages[0])

    play(story)
