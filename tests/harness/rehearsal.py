"""A rehearsal: what a bot does most often, done once on a database that is thrown away.

SQLAlchemy compiles each statement when it first meets it, and Jinja each template: that is most of what a bot that
lives for a second costs. Bots that are forked after a rehearsal have them compiled.
"""

from datetime import timedelta

from bot.actions import home, remind, starting
from bot.actions.command import briefing, handoff, rota
from bot.actions.incident import ending
from bot.actions.overview import overview
from bot.domain.command import COMMANDER
from bot.domain.effect import EffectState
from bot.domain.people import Person
from handlers.web.shown import templates
from storage import command, handoffs, inbox, incidents, marks, outbox, people, reminders, rotas
from storage.store import Store
from tests.support.clock import MovableClock
from tests.support.database import new_store
from tests.support.story import BOB, CHANNEL, EVE, IC, begin, settings

SHIFT = timedelta(hours=2)


def rehearse() -> None:
    """An incident of two shifts, with what the relay does for it."""
    templates("")
    clock = MovableClock()
    with new_store(clock) as store:
        _declare(store, clock)
        for _ in range(6):
            _send(store)
            with store.read() as tx:
                due = reminders.next_due(tx)
            if due is None:
                break
            clock.move(seconds=max(0.0, (due - clock.now()).total_seconds()))
            with store.write() as tx:
                remind.run_due(tx, settings())
        _hand_over(store)
        _send(store)


def _declare(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        starting.on_start(tx, settings())
        marks.put(tx, "rehearsal", {})
        people.save_channel(tx, "incidents", "C0INCIDENT")
        people.channel_id(tx, "incidents")
        for who in (IC, BOB, EVE):
            people.save(
                tx,
                Person(
                    id=who, name=who, zone="UTC", deactivated=False, bot=False, foreign=False, fetched_at=clock.now()
                ),
            )
        people.find(tx, [IC, BOB])
        inbox.answer_to(tx, "rehearsal")
        inbox.remember(tx, "rehearsal", {})
        incident = begin(tx)
        rota.start(tx, incident, COMMANDER, [IC, BOB, EVE], SHIFT, IC)
        incidents.in_channel(tx, CHANNEL)
        handoffs.waited_for(tx)
        command.holders(tx)
        command.tenures_of(tx, incident.number)
        rotas.people_to_come(tx, tx.now)
        rotas.open_trades(tx, 1)
        rotas.shifts_of(tx, 1)
        overview(tx, incident)
        home.home_page(tx, IC)


def _hand_over(store: Store) -> None:
    with store.write() as tx:
        incident = incidents.get(tx, 1)
        offer = handoffs.open_offer(tx, 1) or handoff.hand_over(tx, incident, BOB, IC)
        handoff.accept(tx, offer.id, offer.offered_to)
        briefing.prepare(tx, incident, COMMANDER, for_shift=None, by=BOB)
        ending.resolve(tx, incidents.get(tx, 1), "", BOB)


def _send(store: Store) -> None:
    with store.write() as tx:
        for effect in outbox.sendable(tx, tx.now, [], 32):
            outbox.claim(tx, effect, may_send=True)
            outbox.settle(tx, effect.id, EffectState.SENT)
        outbox.next_try(tx, tx.now)
