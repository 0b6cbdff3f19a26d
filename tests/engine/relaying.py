"""A relay between a store and a peer, and waiting until it has nothing more to do."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from bot.actions import effects
from bot.domain.incident import Incident
from bot.engine.relay import Relay
from bot.settings import Settings
from bot.slack import SlackGateway
from storage import incidents, outbox
from storage.store import Store, Tx
from storage.tables import outbox as table
from tests.support.clock import MovableClock
from tests.support.slack_peer import OUR_USER, SlackPeer, slack_peer
from tests.support.story import BOB, CHANNEL, begin, settings


@dataclass(slots=True)
class Scene:
    store: Store
    clock: MovableClock
    peer: SlackPeer
    relay: Relay
    running: "asyncio.Task[None]"
    stopped: bool = False

    async def quiet(self) -> None:
        """Return when nothing is on its way and nothing can be sent."""
        async with asyncio.timeout(20):
            rounds = 0
            while rounds < 3:
                waits = self.clock.waits
                busy = await self.store.run(lambda tx: bool(outbox.sendable(tx, tx.now, (), 1)))
                rounds = 0 if busy or self.relay.in_flight or self.clock.waits != waits else rounds + 1

    async def move(self, **by: float) -> None:
        """Let time pass, and what is due then be done."""
        self.clock.move(**by)
        self.relay.wake()
        await self.quiet()

    async def stop(self) -> None:
        self.stopped = True
        await self.relay.stop()
        await self.running

    async def say(self, *causes: str) -> None:
        """Promise to say something in the incident's channel, once for each cause, and let it be tried."""
        await self.store.run(say, *causes)
        await self.quiet()

    async def row(self, key: str) -> Row[Any]:
        return await self.store.view(lambda tx: tx.conn.execute(select(table).where(table.c.key == key)).one())

    async def incident(self) -> Incident:
        return await self.store.view(lambda tx: incidents.get(tx, 1))


def say(tx: Tx, *causes: str) -> None:
    for cause in causes:
        effects.say(tx, incidents.get(tx, 1), "reopened", cause, by=BOB)


def quiet_incident(tx: Tx, channel: str | None = CHANNEL) -> Incident:
    """An incident of which nothing is on its way."""
    incident = begin(tx, channel=channel)
    tx.conn.execute(table.delete())
    return incident


@asynccontextmanager
async def scene(store: Store, clock: MovableClock, chosen: Settings | None = None) -> AsyncIterator[Scene]:
    """A relay at work, with these settings if any; stopped at the end."""
    loop = asyncio.get_running_loop()
    async with slack_peer() as peer:
        gateway = SlackGateway(peer.url, "xoxb-test")
        relay = Relay(store, gateway, clock, chosen or settings(), OUR_USER)
        store.on_outbox = lambda: loop.call_soon_threadsafe(relay.wake)
        running = asyncio.create_task(relay.run())
        made = Scene(store, clock, peer, relay, running)
        try:
            await made.quiet()
            yield made
            assert made.stopped or not running.done()
        finally:
            store.on_outbox = None
            await relay.stop()
            await running
            await gateway.close()
