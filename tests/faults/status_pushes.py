"""Updates on their way to Statuspage: answers lost, errors, limits, and the relay gone at any moment.

    python -m tests.faults.status_pushes --outages 200 [--seed N]

In each outage two incidents with one component in common are told of, hit, resolved and reopened. In the end each
update stands there once, in order, and states and levels are those of our own page.
"""

import argparse
import asyncio
import contextlib
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.actions import status
from bot.actions.communication import impact, pushing, updates
from bot.actions.incident import ending
from bot.domain.effect import EffectKind
from bot.domain.impact import Level, Part
from bot.domain.incident import State
from bot.domain.update import Words
from bot.engine.relay import Relay
from bot.errors import BotError
from bot.settings import Settings
from bot.slack import SlackGateway
from bot.status import statuspage_push
from storage import backlog, incidents, outbox
from storage.store import Store, Tx
from storage.tables import outbox as table
from tests.support.clock import MovableClock
from tests.support.database import new_store
from tests.support.status_peers import Statuspage, statuspage_chosen, statuspage_peer
from tests.support.story import IC, begin, settings

STEPS = 12
FAULTS: tuple[str | int, ...] = ("lose", "lose", "vanish", 503, 429)
PAUSES = (1, 5, 21, 45, 70)
PARTS = (Part(component="deploys"), Part(component="shared-databases"))
WORDS = Words(text="", incident_state=State.INVESTIGATING, title="Databases are down")
PATIENCE_SECONDS = 10


@dataclass(slots=True)
class Tally:
    """What was done to it, and what was found wrong."""

    outages: int = 0
    updates: int = 0
    requests: int = 0
    faults: int = 0
    kills: int = 0
    findings: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        done = f"{self.outages} outages, {self.updates} updates, {self.requests} requests"
        return f"{done}, {self.faults} faults, {self.kills} kills: {len(self.findings)} findings {self.findings}"


class Outage:
    """One of them, on a store and a peer of its own."""

    def __init__(self, store: Store, clock: MovableClock, peer: Statuspage, seed: int) -> None:
        self.store, self.clock, self.peer = store, clock, peer
        self.dice = random.Random(seed)
        self.settings: Settings = statuspage_chosen(peer.url)
        self.told: dict[int, list[str]] = {1: [], 2: []}
        self.kills = self.faults = 0

    async def play(self) -> None:
        """Steps with whatever befalls them; then calm until all is done."""
        with self.store.write() as tx:
            for number in self.told:
                begin(tx, channel=f"C0INC0000{number}")
            pushing.on_start(tx, self.settings)
            _only_statuspage(tx)
        # Nobody is there: what goes to Slack is taken out before it is tried.
        self.gateway = SlackGateway("http://127.0.0.1:9/api/", "xoxb-test")
        self.start()
        for _ in range(STEPS):
            await self.step()
        self.peer.script.clear()
        self.peer.refuses = 0
        for _ in range(12):
            await self.move(360)
        await self.relay.stop()
        await self.running
        await self.gateway.close()

    def start(self) -> None:
        """A new process: what the last one held is free."""
        with self.store.write() as tx:
            outbox.void_leases(tx)
        self.relay = Relay(self.store, self.gateway, self.clock, self.settings, "UOURS0001")
        self.running = asyncio.create_task(self.relay.run())

    async def kill(self) -> None:
        """Whatever it does, it does no more."""
        self.kills += 1
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # What was being written is on disk, or is not, before anybody starts again.
        await self.store.run(lambda tx: None)

    async def step(self) -> None:
        """Something changes, and something goes wrong with it."""
        if self.dice.random() < 0.6:
            self.faults += 1
            self.peer.script.append(self.dice.choice(FAULTS))
        if self.dice.random() < 0.15:
            self.faults += 1
            self.peer.refuses = self.dice.choice((500, 429, 401))
        holds = not self.peer.script and not self.peer.refuses and self.dice.random() < 0.4
        if holds:
            self.peer.script.append("hold")
        await self.change()
        if holds:
            await asyncio.to_thread(self.peer.arrived.wait, self.dice.choice((0.02, 0.3)))
            await self.kill()
            self.peer.script.clear()
            self.peer.release()
            self.start()
        elif self.dice.random() < 0.2:
            await asyncio.sleep(self.dice.random() * 0.02)
            await self.kill()
            self.start()
        await self.move(self.dice.choice(PAUSES))
        if self.dice.random() < 0.5:
            self.peer.refuses = 0

    async def change(self) -> None:
        """One of the two is told of, hit, ended or reopened; what can't be done is not."""
        number, what = self.dice.choice((1, 2)), self.dice.random()
        with contextlib.suppress(BotError):
            if what < 0.5:
                text = f"Words {sum(map(len, self.told.values()))}: {self.dice.random()}"
                await self.store.run(_doing, lambda tx: _publish(tx, number, text))
                self.told[number].append(text)
            elif what < 0.8:
                level, part = self.dice.choice(list(Level)), self.dice.choice(PARTS)
                await self.store.run(_doing, lambda tx: _hit(tx, number, level, part))
            else:
                await self.store.run(_doing, lambda tx: _turn(tx, number))
        self.relay.wake()

    async def move(self, seconds: float) -> None:
        """Let time pass, and what is due then be done."""
        self.clock.move(seconds=seconds)
        self.relay.wake()
        rounds = 0
        async with asyncio.timeout(PATIENCE_SECONDS):
            while rounds < 3:
                waits = self.clock.waits
                busy = await self.store.run(lambda tx: bool(outbox.sendable(tx, tx.now, (), 1)))
                rounds = 0 if busy or self.relay.in_flight or self.clock.waits != waits else rounds + 1

    def wrong(self) -> list[str]:
        """What is not there as it should be."""
        found = []
        with self.store.read() as tx:
            ours = status.gathered(tx, self.settings)
            found += [f"{row.key} {row.state} {row.error}" for row in backlog.unfinished(tx)]
        right = statuspage_push.levels(ours.values(), self.settings.status.statuspage_components)
        for number, told in self.told.items():
            there = [one for one in self.peer.incidents if told and told[0] in str(one["incident_updates"])]
            bodies = [update["body"].split("\n")[0] for one in there for update in reversed(one["incident_updates"])]
            if len(there) != bool(told) or [body for body in bodies if body.startswith("Words")] != told:
                found.append(f"INC-{number}: {bodies} and not {told}")
            if there and (there[0]["status"] == "resolved") == ours[number].is_open:
                found.append(f"INC-{number} is {there[0]['status']}")
        levels = {id_: level for id_, level in self.peer.levels.items() if level != right.get(id_, "operational")}
        return [*found, *([f"{levels} and not {right}"] if levels else [])]


def _doing(tx: Tx, deed: Callable[[Tx], object]) -> None:
    deed(tx)
    _only_statuspage(tx)


def _only_statuspage(tx: Tx) -> None:
    tx.conn.execute(table.delete().where(table.c.kind != EffectKind.STATUSPAGE))


def _publish(tx: Tx, number: int, text: str) -> None:
    incident = incidents.get(tx, number)
    words = replace(WORDS, text=text, incident_state=WORDS.incident_state if incident.is_open else State.RESOLVED)
    written = updates.write(tx, settings(), incident, words, IC)
    updates.publish(tx, settings(), written.id, IC, updates.seen_of(written), all_the_same=True)


def _hit(tx: Tx, number: int, level: Level, part: Part) -> None:
    said = impact.Report(parts=(part,), level=level, since=tx.now)
    impact.report(tx, settings(), incidents.get(tx, number), said, IC)


def _turn(tx: Tx, number: int) -> None:
    incident = incidents.get(tx, number)
    if incident.is_open:
        ending.resolve(tx, incident, "", IC)
    else:
        ending.reopen(tx, settings(), incident, IC)


def torment(tally: Tally, seed: int) -> None:
    """One outage, and what is wrong at its end."""
    clock = MovableClock()
    with new_store(clock) as store, statuspage_peer() as peer:
        outage = Outage(store, clock, peer, seed)
        asyncio.run(outage.play())
        tally.findings += [f"seed {seed}: {what}" for what in outage.wrong()]
        tally.outages += 1
        tally.updates += sum(map(len, outage.told.values()))
        tally.requests += len(peer.changes)
        tally.faults += outage.faults
        tally.kills += outage.kills


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.status_pushes")
    parser.add_argument("--outages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    wanted = parser.parse_args()
    tally = Tally()
    for seed in range(wanted.seed, wanted.seed + wanted.outages):
        torment(tally, seed)
    print(f"from seed {wanted.seed}: {tally}")
    return 1 if tally.findings else 0


if __name__ == "__main__":
    sys.exit(main())
