"""Exactly one incident commander while an incident is open: the database refuses everything else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from bot.domain.command import How
from bot.domain.handoff import HandoffKind
from bot.domain.incident import State
from bot.domain.rota import turns_after
from storage import command, handoffs, incidents, rotas
from storage.command_tables import rotas as rota_table
from storage.store import Store, Tx
from storage.tables import incidents as incident_table
from storage.tables import tenures
from tests.support.database import dump
from tests.support.story import BOB, IC, begin

RESOLVED = {"state": State.RESOLVED, "ic_tenure": None, "open_role": None}


def end_tenures(tx: Tx) -> None:
    tx.conn.execute(update(tenures).values(ended_at=tx.now, open_role=None))


def point_at(tx: Tx, number: int, tenure: int) -> None:
    tx.conn.execute(update(incident_table).where(incident_table.c.number == number).values(ic_tenure=tenure))


def second_tenure(tx: Tx) -> None:
    values = {"incident": 1, "role": "ic", "open_role": "ic", "person": BOB, "how": How.ACCEPTED, "started_at": tx.now}
    tx.conn.execute(insert(tenures).values(**values))


def of_another_role(tx: Tx) -> None:
    command.begin(tx, 1, "deputy", BOB, How.ASSIGNED)
    deputy = command.open_tenure(tx, 1, "deputy")
    assert deputy
    point_at(tx, 1, deputy.id)


def of_another_incident(tx: Tx) -> None:
    other = begin(tx, channel=None)
    point_at(tx, other.number, 1)


def moved_to_another_incident(tx: Tx) -> None:
    begin(tx, channel=None)
    end_tenures(tx)
    tx.conn.execute(update(tenures).where(tenures.c.id == 1).values(incident=2, ended_at=None, open_role="ic"))


WAYS: dict[str, Callable[[Tx], object]] = {
    "its tenure ended": end_tenures,
    "its tenure is gone": lambda tx: tx.conn.execute(tenures.delete()),
    "nobody is named": lambda tx: incidents.change(tx, 1, ic_tenure=None, open_role=None),
    "only the role is forgotten": lambda tx: incidents.change(tx, 1, open_role=None),
    "two command": second_tenure,
    "it points at the deputy": of_another_role,
    "it points at another incident's": of_another_incident,
    "its tenure became another incident's": moved_to_another_incident,
    "it points nowhere": lambda tx: point_at(tx, 1, 99),
    "resolved, and still commanded": lambda tx: incidents.change(tx, 1, state=State.RESOLVED),
    "resolved in part": lambda tx: incidents.change(tx, 1, state=State.RESOLVED, ic_tenure=None),
    "a tenure both open and ended": lambda tx: tx.conn.execute(update(tenures).values(ended_at=tx.now)),
    "a tenure neither open nor ended": lambda tx: tx.conn.execute(update(tenures).values(open_role=None)),
    "a tenure open as something else": lambda tx: tx.conn.execute(update(tenures).values(open_role="deputy")),
}


def write(store: Store, *actions: Callable[[Tx], object]) -> None:
    """All of them in one transaction."""
    with store.write() as tx:
        for action in actions:
            action(tx)


@pytest.mark.parametrize("way", WAYS)
def test_the_database_refuses_command_that_is_vacant_or_double(store: Store, way: str) -> None:
    with store.write() as tx:
        begin(tx)
    with store.read() as tx:
        before = dump(tx)
    with pytest.raises(IntegrityError):
        write(store, WAYS[way])
    with store.read() as tx:
        assert dump(tx) == before


def test_an_incident_without_a_commander_is_refused_at_commit(store: Store) -> None:
    with pytest.raises(IntegrityError):
        write(store, begin, WAYS["its tenure is gone"])
    with store.read() as tx:
        assert dump(tx)["incidents"] == []


def test_command_may_change_hands_within_a_transaction(store: Store) -> None:
    with store.write() as tx:
        begin(tx)
        end_tenures(tx)
        command.begin(tx, 1, "ic", BOB, How.ACCEPTED)
    with store.read() as tx:
        assert [(tenure.person, tenure.ended_at is None) for tenure in command.tenures_of(tx, 1)] == [
            (IC, False),
            (BOB, True),
        ]


def test_an_ended_incident_needs_nobody(store: Store) -> None:
    with store.write() as tx:
        begin(tx)
        incidents.change(tx, 1, **RESOLVED)
        end_tenures(tx)
    with store.read() as tx:
        assert command.open_tenures(tx, 1) == []


def test_a_tenure_ends_after_it_began(store: Store) -> None:
    def end_before(tx: Tx) -> None:
        tx.conn.execute(update(tenures).values(ended_at=tx.now - timedelta(days=1), open_role=None))

    write(store, begin)
    with pytest.raises(IntegrityError, match="ends_after_start"):
        write(store, lambda tx: incidents.change(tx, 1, **RESOLVED), end_before)


def offered(tx: Tx) -> None:
    handoffs.offer(tx, 1, "ic", HandoffKind.OFFER, BOB, boundary_at=tx.now)


def taken(tx: Tx) -> None:
    handoffs.ask_taking(tx, 1, "ic", BOB, IC, "on a plane", tx.now)


def planned(tx: Tx) -> None:
    values = {"incident": 1, "role": "ic", "people": [IC, BOB], "shift_seconds": 28_800, "anchor": tx.now}
    tx.conn.execute(insert(rota_table).values(**values))


def traded(tx: Tx) -> None:
    running = rotas.running(tx, 1) or rotas.start(tx, 1, "ic", (IC, BOB), timedelta(hours=8), tx.now)
    last = rotas.last_shift(tx, running.id)
    [shift] = [last] if last else rotas.add_turns(tx, running, turns_after(running, None, tx.now + timedelta(hours=1)))
    rotas.ask_trade(tx, shift, BOB, None)


@pytest.mark.parametrize("question", [offered, taken, planned, traded])
def test_one_question_of_a_kind_is_open_at_a_time(store: Store, question: Callable[[Tx], object]) -> None:
    write(store, begin, question)
    with pytest.raises(IntegrityError, match="UNIQUE"):
        write(store, question)
