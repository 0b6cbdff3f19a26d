"""Statements that are composed once.

SQLAlchemy takes several times as long to compose a statement, and to make the key under which it finds what it
compiled of it, as SQLite takes to answer. A statement that is kept is composed once and knows its key. So what is asked
often is kept: a question in a function under `kept`, rows by the functions below it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, update_wrapper
from inspect import signature
from typing import Any, Concatenate, ParamSpec, TypeVarTuple, overload

from sqlalchemy import CursorResult, Insert, Row, Select, Table, Update, bindparam, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.sql.dml import UpdateBase

from storage.store import Tx

P = ParamSpec("P")
Ts = TypeVarTuple("Ts")


@overload
def kept(compose: Callable[P, Select[*Ts]]) -> Callable[Concatenate[Tx, P], CursorResult[*Ts]]: ...


@overload
def kept(compose: Callable[P, UpdateBase]) -> Callable[Concatenate[Tx, P], CursorResult[Any]]: ...


def kept(compose: Callable[..., Any]) -> Callable[..., CursorResult[Any]]:
    """Turn a function that writes a statement for some values into one that runs it with them in a transaction.

    It is called once, with a bound parameter for each value. So it can't decide by them, and compares what may be None
    by `is_not_distinct_from`. The values are given by position.
    """

    @cache
    def composed() -> tuple[Any, list[str]]:
        names = list(signature(compose).parameters)
        return compose(*(bindparam(_given(name)) for name in names)), [_given(name) for name in names]

    def run(tx: Tx, /, *values: Any) -> CursorResult[Any]:
        statement, names = composed()
        return tx.conn.execute(statement, dict(zip(names, values, strict=True)))

    return update_wrapper(run, compose)


def _given(name: str) -> str:
    """What no column is called: a parameter of a column's name would be taken for a value to set."""
    return f"given_{name}"


def find_row(tx: Tx, table: Table, number: int) -> Row[Any] | None:
    """The row of that number, whole; None when there is none."""
    return tx.conn.execute(_finding(table), {_given("number"): number}).one_or_none()


def get_row(tx: Tx, table: Table, number: int) -> Row[Any]:
    """The row of that number, whole; raises when there is none."""
    return tx.conn.execute(_finding(table), {_given("number"): number}).one()


@cache
def _finding(table: Table) -> Select[Any]:
    return select(table).where(_number(table) == bindparam(_given("number")))


def add_row(tx: Tx, table: Table, /, **values: Any) -> int:
    """Insert one row; the number that the database gave it."""
    key = tx.conn.execute(_adding(table, tuple(values)), values).inserted_primary_key
    if key is None:
        raise LookupError("the row inserted has no number")
    return int(key[0])


@cache
def _adding(table: Table, names: tuple[str, ...]) -> Insert:
    return insert(_with(table, names))


def add_new(tx: Tx, table: Table, unique: str | None = None, /, **values: Any) -> bool:
    """Insert one row; not, and False, when there is one with the same in that column (None: in any key)."""
    return tx.conn.execute(_adding_new(table, unique, tuple(values)), values).rowcount == 1


def add_all_new(tx: Tx, table: Table, unique: str, rows: Sequence[Mapping[str, Any]], /) -> bool:
    """The same with many rows, each with the same columns; whether any was inserted."""
    return bool(rows) and tx.conn.execute(_adding_new(table, unique, tuple(rows[0])), rows).rowcount > 0


@cache
def _adding_new(table: Table, unique: str | None, names: tuple[str, ...]) -> Insert:
    return insert(_with(table, names)).on_conflict_do_nothing(index_elements=[unique] if unique else None)


def put_row(tx: Tx, table: Table, unique: str, /, **values: Any) -> None:
    """Insert one row, or set these columns of the one with the same in the column `unique`."""
    tx.conn.execute(_putting(table, unique, tuple(values)), values)


@cache
def _putting(table: Table, unique: str, names: tuple[str, ...]) -> Insert:
    new = insert(_with(table, names))
    return new.on_conflict_do_update(
        index_elements=[unique], set_={name: new.excluded[name] for name in names if name != unique}
    )


def set_row(tx: Tx, table: Table, number: int, /, **values: Any) -> None:
    """Set columns of the row of that number, to plain values."""
    tx.conn.execute(_setting(table, tuple(values)), {_given("number"): number, **values})


@cache
def _setting(table: Table, names: tuple[str, ...]) -> Update:
    return update(_with(table, names)).where(_number(table) == bindparam(_given("number")))


def _with(table: Table, names: tuple[str, ...]) -> Table:
    """The table, if it has these columns: SQLAlchemy ignores a value that belongs to none. Raises LookupError."""
    if unknown := set(names) - set(table.c.keys()):
        raise LookupError(f"{table.name} has no {', '.join(sorted(unknown))}")
    return table


def _number(table: Table) -> Any:
    (number,) = table.primary_key
    return number
