"""Who commands what a machine opens."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest

from bot.actions.duty import duty
from bot.actions.incident.declare import Declaration, open_by_machine
from bot.domain.duty import Schedule
from bot.domain.people import Person
from bot.errors import WrongState
from bot.settings import Settings
from bot.settings_tables import CommandSettings
from storage import handoffs, people
from storage.store import Store, Tx
from tests.support.story import BOB, COMMANDER, EVE, settings

OPENED = Declaration(title="Checkout answers 502", source="Alertmanager")
WITH_FALLBACK = settings(command=CommandSettings(fallback_commander=EVE))


def known(tx: Tx, person: str, *, deactivated: bool = False, bot: bool = False) -> None:
    who = Person(id=person, name=person, zone="UTC", deactivated=deactivated, bot=bot, foreign=False, fetched_at=tx.now)
    people.save(tx, who)


def on_duty(tx: Tx, person: str) -> None:
    duty.set_roster(tx, [person], Schedule(7, tx.now.date(), time(), ZoneInfo("UTC")), BOB)


def commander_of(tx: Tx, made_with: Settings) -> str:
    """Who commands it; nobody else is offered it in the same breath."""
    incident = open_by_machine(tx, made_with, OPENED)
    offered = handoffs.open_offer(tx, incident.number)
    assert offered
    assert offered.offered_to == incident.declared_by
    return incident.declared_by


def test_whoever_is_on_duty_and_then_the_fallback(store: Store) -> None:
    with store.write() as tx:
        assert commander_of(tx, WITH_FALLBACK) == EVE
        on_duty(tx, BOB)
        assert commander_of(tx, WITH_FALLBACK) == BOB
        known(tx, BOB, bot=True)
        assert commander_of(tx, WITH_FALLBACK) == EVE


def test_a_fallback_who_has_left_is_passed_over(store: Store) -> None:
    with store.write() as tx:
        known(tx, EVE, deactivated=True)
        assert commander_of(tx, WITH_FALLBACK) == COMMANDER


def test_nobody_left_is_refused(store: Store) -> None:
    with store.write() as tx:
        for person in (EVE, COMMANDER):
            known(tx, person, deactivated=True)
        with pytest.raises(WrongState, match="nobody named for it can act any more"):
            open_by_machine(tx, WITH_FALLBACK, OPENED)
