"""Questions of command that once went wrong: found by tests/properties, and kept here in the fewest steps."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.actions.command import handoff, rota, shifts, taking, trade
from bot.actions.incident import membership
from bot.domain.people import Person
from bot.errors import BotError, CannotAct, WrongState
from storage import people, rotas
from storage.command_tables import pages, trades
from storage.store import Store, Tx
from tests.engine.plan import HOUR, MANAGER, SETTINGS, SHIFT, Plan, incident
from tests.support.clock import START, MovableClock
from tests.support.story import BOB, COMMANDER, EVE, IC

FINN = "UFIN00001"
ADA = Person(id=IC, name="Ada", zone="UTC", deactivated=False, bot=False, foreign=False, fetched_at=START)


@pytest.fixture
def plan(store: Store, clock: MovableClock) -> Plan:
    return Plan(store, clock)


def cannot(plan: Plan, position: int = 1) -> None:
    shift = plan.shift(position)
    plan.do(lambda tx: shifts.cant(tx, SETTINGS, shift.id, shift.version, shift.person))


def deactivate(plan: Plan, person: str) -> None:
    def action(tx: Tx) -> None:
        people.save(tx, replace(ADA, id=person, deactivated=True))
        membership.deactivated(tx, SETTINGS, person)

    plan.do(action)


def states(plan: Plan) -> list[tuple[str, str]]:
    """Who was asked to trade, and what became of it."""
    with plan.store.read() as tx:
        return [(row.asked, row.state) for row in tx.conn.execute(select(trades).order_by(trades.c.id))]


def awake(plan: Plan) -> list[str]:
    """Who is being woken."""
    with plan.store.read() as tx:
        return [row.person for row in tx.conn.execute(select(pages).where(pages.c.ended_at.is_(None)))]


# Trades.


def test_an_answer_after_the_next_one_was_asked_asks_nobody_else(plan: Plan) -> None:
    cannot(plan)
    plan.until(3)
    assert states(plan) == [(EVE, "expired"), (IC, "open")]
    plan.do(lambda tx: trade.decline(tx, SETTINGS, 1, EVE))
    assert states(plan) == [(EVE, "declined"), (IC, "open")]


def test_who_can_after_all_keeps_the_shift(plan: Plan) -> None:
    cannot(plan)
    plan.until(3)
    plan.do(lambda tx: shifts.confirm(tx, plan.shift(1).id, 1, BOB))
    with pytest.raises(WrongState, match="needs nobody any more"):
        plan.do(lambda tx: trade.accept(tx, 1, EVE))
    assert plan.shift(1).person == BOB
    # Should they change their mind once more, whoever had not answered is asked again.
    cannot(plan)
    assert states(plan) == [(EVE, "expired"), (IC, "withdrawn"), (IC, "open")]


def test_a_trade_is_of_its_own_rota_only(plan: Plan) -> None:
    cannot(plan)
    plan.until(3)
    plan.do(lambda tx: rota.start(tx, incident(tx), "ic", (IC, FINN, EVE), SHIFT, IC))
    with pytest.raises(WrongState, match="needs nobody any more"):
        plan.do(lambda tx: trade.accept(tx, 1, EVE))
    assert plan.shift(1).person == FINN


def test_who_has_left_the_rota_takes_no_shift_of_it(plan: Plan) -> None:
    cannot(plan)
    plan.do(lambda tx: rota.remove(tx, incident(tx), "ic", EVE, IC))
    with pytest.raises(BotError):
        plan.do(lambda tx: trade.accept(tx, 1, EVE))


def test_nobody_is_asked_to_take_a_shift_that_has_begun(plan: Plan) -> None:
    plan.do(lambda tx: rota.start(tx, incident(tx), "communications", (BOB, EVE), SHIFT, IC))
    first = plan.shift(0, "communications")
    with pytest.raises(WrongState, match="has begun"):
        plan.do(lambda tx: shifts.cant(tx, SETTINGS, first.id, first.version, BOB))
    cannot(plan)
    plan.until(8)
    assert {state for _, state in states(plan)} <= {"expired", "withdrawn"}


# Pages.


@pytest.mark.parametrize("how", ["stop", "start", "swap", "extend"])
def test_nobody_is_woken_for_a_plan_that_was_changed(plan: Plan, how: str) -> None:
    plan.until(7.6)
    assert awake(plan) == [BOB]
    changes = {
        "stop": lambda tx: rota.stop(tx, incident(tx), "ic", IC),
        "start": lambda tx: rota.start(tx, incident(tx), "ic", (IC, EVE), SHIFT, IC),
        "swap": lambda tx: rota.swap(tx, incident(tx), "ic", BOB, EVE, IC),
        "extend": lambda tx: rota.extend(tx, incident(tx), "ic", HOUR, IC),
    }
    plan.do(changes[how])
    assert awake(plan) == []


def test_who_has_taken_command_before_their_shift_is_woken_no_more(plan: Plan) -> None:
    plan.until(7.6)
    plan.do(lambda tx: taking.take(tx, incident(tx), BOB, "Ada sleeps"))
    plan.do(lambda tx: taking.hand(tx, 1, IC))
    assert awake(plan) == []
    plan.until(9)
    assert [one for one in plan.told(BOB) if one[0] > -24] == []


def test_a_shift_that_passed_while_the_bot_was_away_wakes_nobody(plan: Plan) -> None:
    plan.until(7.6)
    plan.clock.move(hours=9)
    plan.tick()
    assert awake(plan) == []


# The ladder.


def test_the_first_shift_of_a_rota_is_not_left_unanswered(plan: Plan) -> None:
    plan.do(lambda tx: rota.start(tx, incident(tx), "ic", (BOB, EVE), SHIFT, IC))
    plan.until(0.5)
    with plan.store.read() as tx:
        paged = [(row.person, (row.paged_at - START) / timedelta(minutes=1)) for row in tx.conn.execute(select(pages))]
    assert paged == [(EVE, 10), (COMMANDER, 20), (MANAGER, 30)]


def test_whoever_is_asked_keeps_their_ten_minutes(plan: Plan) -> None:
    plan.until(8.3)
    assert awake(plan) == [EVE]
    plan.do(lambda tx: handoff.decline(tx, SETTINGS, plan.asked().id, BOB))
    assert awake(plan) == [EVE]
    with pytest.raises(WrongState, match="said so already"):
        plan.do(lambda tx: handoff.decline(tx, SETTINGS, plan.asked().id, BOB))
    plan.do(lambda tx: handoff.decline(tx, SETTINGS, plan.asked().id, EVE))
    assert awake(plan) == [COMMANDER]
    plan.until(8.5)
    # Ten minutes after they were asked, neither earlier nor later.
    assert (18, "ladder", COMMANDER) in plan.told(COMMANDER)
    assert (28, "ladder", MANAGER) in plan.told(MANAGER)


def test_who_was_deactivated_is_neither_told_nor_woken_and_the_ladder_begins_at_the_boundary(plan: Plan) -> None:
    deactivate(plan, BOB)
    deactivate(plan, MANAGER)
    plan.until(8.6)
    assert plan.told(BOB, MANAGER) == []
    assert (0, "ladder", EVE) in plan.told(EVE)


def test_the_next_on_the_rota_is_the_next_who_is_there(plan: Plan) -> None:
    deactivate(plan, EVE)
    plan.do(lambda tx: rota.add(tx, incident(tx), "ic", [FINN], IC))
    plan.until(8.3)
    assert plan.told(EVE) == []
    assert (15, "ladder", FINN) in plan.told(FINN)


# Plans.


def test_a_rota_begins_soon_enough_to_be_planned(plan: Plan) -> None:
    with pytest.raises(BotError):
        plan.do(lambda tx: rota.start(tx, incident(tx), "ic", (IC, EVE), SHIFT, IC, tx.now + timedelta(hours=48)))
    plan.do(lambda tx: rota.start(tx, incident(tx), "ic", (IC, EVE), SHIFT, IC, tx.now + timedelta(hours=47.9)))
    assert plan.shift(0).starts_at == START + timedelta(hours=47.9)


def test_command_is_not_handed_to_who_has_left_the_workspace(plan: Plan) -> None:
    plan.do(lambda tx: taking.take(tx, incident(tx), EVE, "Ada sleeps"))
    deactivate(plan, EVE)
    with pytest.raises(CannotAct):
        plan.do(lambda tx: taking.hand(tx, 1, IC))
    plan.until(0.2)
    with plan.store.read() as tx:
        assert rotas.running(tx, 1)
    assert "taking-free" not in [what for _, what, _ in plan.told(EVE)]
