"""A connection that is gone while nothing is sent: Slack is asked, and when it is silent too, it is away."""

import asyncio

from bot.actions.waking import away
from bot.engine.line import Line
from storage import marks
from storage.store import Store
from tests.engine.relaying import quiet_incident, scene
from tests.support.clock import MovableClock


class Sockets:
    """So many connections are open."""

    def __init__(self) -> None:
        self.open = 2

    async def connected(self) -> int:
        return self.open


def test_a_silent_line_is_asked_about_and_the_clock_of_being_away_starts(store: Store, clock: MovableClock) -> None:
    async def story() -> None:
        sockets = Sockets()
        line = Line(store, clock, sockets.connected)
        with store.write() as tx:
            quiet_incident(tx)
        async with scene(store, clock) as play:

            async def passes(seconds: int) -> None:
                for _ in range(seconds // 10):
                    await play.move(seconds=10)
                    await line.look()
                    await play.quiet()

            await passes(60)
            sockets.open = 0
            await passes(30)
            assert play.peer.named("auth.test") == [], "a refresh takes a moment"
            play.peer.script["auth.test"] = ["status:503"] * 20
            await passes(130)
            found = await store.view(marks.get, "slack-away")
            assert found, "nothing else was sent"
            play.peer.script["auth.test"].clear()
            await passes(70)
            assert await store.view(marks.get, "slack-away") is None
            asked = len(play.peer.named("auth.test"))
            await passes(120)
            assert len(play.peer.named("auth.test")) == asked + 2, "as long as no connection is open, each minute"
            sockets.open = 1
            await passes(120)
            assert len(play.peer.named("auth.test")) == asked + 2
            assert await store.view(away.since) is None

    asyncio.run(story())
