"""Who came into a channel while nobody listened is found by reading it."""

import asyncio
from datetime import timedelta

import pytest

from bot.actions import starting
from bot.domain.effect import EffectKind
from storage import incidents, outbox, people
from storage.store import Store
from tests.engine.relaying import quiet_incident, scene
from tests.handlers.browsing import person_called
from tests.support.clock import MovableClock
from tests.support.slack_peer import OUR_USER
from tests.support.story import BOB, CHANNEL, EVE, IC, begin, settings

ROBOT = "UROB00001"


def test_who_came_meanwhile_is_a_member_and_gets_the_catch_up(store: Store, clock: MovableClock) -> None:
    async def story() -> None:
        with store.write() as tx:
            quiet_incident(tx)
            people.save(tx, person_called(tx.now, ROBOT, bot=True))
            people.save(tx, person_called(tx.now, EVE))
        clock.move(minutes=20)
        async with scene(store, clock) as play:
            play.peer.members = [IC, OUR_USER, ROBOT, EVE]
            await play.store.run(starting.on_start, settings())
            await play.quiet()
            assert len(play.peer.named("conversations.members")) == 4, "page by page"
        with store.read() as tx:
            # Bob is not there: he may be on his way.
            assert set(incidents.members_of(tx, 1)) == {IC, BOB, EVE}
        caught_up = [text for text in play.peer.texts() if "You joined" in text]
        assert len(caught_up) == 1

    asyncio.run(story())


@pytest.mark.parametrize(("minutes", "reads"), [(4, False), (6, True)])
def test_a_short_absence_is_not_read_up_on(store: Store, clock: MovableClock, minutes: int, reads: bool) -> None:
    with store.write() as tx:
        begin(tx, channel=CHANNEL)
    clock.move(seconds=timedelta(minutes=minutes).total_seconds())
    with store.write() as tx:
        starting.on_start(tx, settings())
        assert bool(outbox.waiting_of(tx, {EffectKind.MEMBERS})) == reads
