"""Statements that are composed once: each call has its own values, and what no column is called is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Select, select

from storage.statements import add_all_new, add_new, add_row, find_row, kept, put_row, set_row
from storage.store import Store, Tx
from storage.tables import channels
from storage.waking_tables import contacts


def test_a_kept_statement_is_composed_once_and_asked_with_the_values_of_each_call(store: Store) -> None:
    composed = []

    @kept
    def shown(person: list[str], failure: str | None, most: int) -> Select[str]:
        composed.append(person)
        that = contacts.c.failed_at.is_not_distinct_from(failure)
        return select(contacts.c.shown).where(contacts.c.person.in_(person), that).order_by(contacts.c.id).limit(most)

    with store.write() as tx:
        for person in ("U1", "U2", "U1"):
            add_row(tx, contacts, person=person, secret=b"", shown=f"of {person}", added_at=tx.now)
        set_row(tx, contacts, 3, failed_at=tx.now)
        asked: list[tuple[list[str], Any, int]] = [
            (["U1"], None, 9),
            (["U1", "U2"], None, 9),
            (["U2", "U1"], None, 1),
            (["U1"], tx.now, 9),
            ([], None, 9),
        ]
        assert [list(shown(tx, *values).scalars()) for values in asked] == [
            ["of U1"],
            ["of U1", "of U2"],
            ["of U1"],
            ["of U1"],
            [],
        ]
        with pytest.raises(ValueError, match="zip"):
            shown(tx, ["U1"], None)  # type: ignore[call-arg]
    assert len(composed) == 1


def test_rows_are_added_unless_they_are_there(store: Store) -> None:
    with store.write() as tx:
        assert add_new(tx, channels, "name", name="ops", id="C1")
        assert not add_new(tx, channels, "name", name="ops", id="C2")
        assert add_all_new(tx, channels, "name", [{"name": "ops", "id": "C3"}, {"name": "all", "id": "C4"}])
        assert not add_all_new(tx, channels, "name", [{"name": "ops", "id": "C5"}, {"name": "all", "id": "C6"}])
        assert not add_all_new(tx, channels, "name", [])
        put_row(tx, channels, "name", name="all", id="C7")
        put_row(tx, channels, "name", name="new", id="C8")
        found = {row.name: row.id for row in tx.conn.execute(select(channels))}
    assert found == {"ops": "C1", "all": "C7", "new": "C8"}


@pytest.mark.parametrize(
    "write",
    [
        lambda tx: add_row(tx, contacts, person="U1", nickname="x"),
        lambda tx: add_new(tx, channels, "name", name="ops", nickname="x"),
        lambda tx: put_row(tx, channels, "name", name="ops", nickname="x"),
        lambda tx: set_row(tx, contacts, 1, shown="x", nickname="x"),
    ],
)
def test_a_value_of_no_column_is_refused(store: Store, write: Callable[[Tx], object]) -> None:
    with store.write() as tx, pytest.raises(LookupError, match="has no nickname"):
        write(tx)


def test_a_row_is_changed_alone(store: Store) -> None:
    with store.write() as tx:
        numbers = [add_row(tx, contacts, person="U1", secret=b"", shown="a", added_at=tx.now) for _ in range(2)]
        set_row(tx, contacts, numbers[0], shown="b", failure="c")
        rows = [find_row(tx, contacts, number) for number in (*numbers, 99)]
    assert [(row.shown, row.failure) if row else None for row in rows] == [("b", "c"), ("a", ""), None]
