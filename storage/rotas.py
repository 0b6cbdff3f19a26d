"""Rotas and their shifts: stored, found and changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, select, update

from bot.domain.command import COMMANDER
from bot.domain.incident import PersonId
from bot.domain.rota import Rota, Shift, Turn
from bot.domain.trade import Trade, TradeState
from storage.command_tables import rotas, shifts, trades
from storage.statements import add_row, kept, set_row
from storage.store import Tx

_SHIFT = [*shifts.c, rotas.c.incident, rotas.c.role]
_TRADE = [column for column in trades.c if column.name != "settled_at"]


def start(tx: Tx, incident: int, role: str, people: Sequence[PersonId], shift: timedelta, anchor: datetime) -> Rota:
    """Store a rota, stopping the one that ran for this role."""
    stop(tx, incident, role)
    values = {"incident": incident, "role": role, "people": list(people), "anchor": anchor}
    rota = add_row(tx, rotas, **values, shift_seconds=int(shift.total_seconds()))
    return Rota(id=rota, incident=incident, role=role, people=tuple(people), shift=shift, anchor=anchor)


def stop(tx: Tx, incident: int, role: str | None = None) -> None:
    """Stop the running rota of that role, or of all roles."""
    running = update(rotas).where(rotas.c.incident == incident, rotas.c.stopped_at.is_(None)).values(stopped_at=tx.now)
    tx.conn.execute(running if role is None else running.where(rotas.c.role == role))


def running(tx: Tx, incident: int, role: str = COMMANDER) -> Rota | None:
    """The rota of that role that runs now."""
    row = _running(tx, incident, role).one_or_none()
    return _rota(row) if row else None


@kept
def _running(incident: int, role: str) -> Select[Any]:
    return select(rotas).where(rotas.c.incident == incident, rotas.c.role == role, rotas.c.stopped_at.is_(None))


def all_running(tx: Tx, incident: int) -> list[Rota]:
    """The running rotas of all roles, that of command first."""
    found = [_rota(row) for row in _all_running(tx, incident)]
    return sorted(found, key=lambda rota: (rota.role != COMMANDER, rota.role))


@kept
def _all_running(incident: int) -> Select[Any]:
    return select(rotas).where(rotas.c.incident == incident, rotas.c.stopped_at.is_(None))


def incidents_running(tx: Tx, role: str) -> list[int]:
    """The incidents in which a rota of that role runs."""
    query = select(rotas.c.incident).where(rotas.c.role == role, rotas.c.stopped_at.is_(None))
    return list(tx.conn.scalars(query.order_by(rotas.c.incident)))


def _rota(row: Row[Any]) -> Rota:
    return Rota(
        id=row.id,
        incident=row.incident,
        role=row.role,
        people=tuple(row.people),
        shift=timedelta(seconds=row.shift_seconds),
        anchor=row.anchor,
    )


def set_people(tx: Tx, rota: int, people: Sequence[PersonId]) -> None:
    """Change who takes turns, and in what order."""
    set_row(tx, rotas, rota, people=list(people))


def add_turns(tx: Tx, rota: Rota, turns: Iterable[Turn]) -> list[Shift]:
    """Store these turns of the rota; the shifts they became."""
    return [_add(tx, rota, turn) for turn in turns]


def _add(tx: Tx, rota: Rota, turn: Turn) -> Shift:
    values = {
        "position": turn.position,
        "person": turn.person,
        "turn_of": turn.turn_of,
        "starts_at": turn.starts_at,
        "ends_at": turn.ends_at,
    }
    number = add_row(tx, shifts, rota=rota.id, **values)
    return Shift(id=number, rota=rota.id, incident=rota.incident, role=rota.role, **values)  # type: ignore[arg-type]


def _shifts() -> Select[Any]:
    return select(*_SHIFT).join(rotas, rotas.c.id == shifts.c.rota)


def shifts_of(tx: Tx, rota: int) -> list[Shift]:
    """The rota's shifts in order."""
    return [Shift(**row._asdict()) for row in _shifts_of(tx, rota)]


@kept
def _shifts_of(rota: int) -> Select[Any]:
    return _shifts().where(shifts.c.rota == rota).order_by(shifts.c.position)


def shifts_ending_after(tx: Tx, rota: int, after: datetime) -> list[Shift]:
    """The rota's shifts that have not ended at `after`, in order."""
    return [Shift(**row._asdict()) for row in _shifts_ending_after(tx, rota, after)]


@kept
def _shifts_ending_after(rota: int, after: datetime) -> Select[Any]:
    return _shifts().where(shifts.c.rota == rota, shifts.c.ends_at > after).order_by(shifts.c.position)


def shifts_of_person(tx: Tx, person: PersonId, after: datetime) -> list[Shift]:
    """Somebody's shifts in running rotas of all incidents that have not ended at `after`, the earliest first."""
    return [Shift(**row._asdict()) for row in _shifts_of_person(tx, person, after)]


@kept
def _shifts_of_person(person: PersonId, after: datetime) -> Select[Any]:
    query = _shifts().where(rotas.c.stopped_at.is_(None), shifts.c.person == person, shifts.c.ends_at > after)
    return query.order_by(shifts.c.starts_at)


def people_to_come(tx: Tx, after: datetime) -> list[PersonId]:
    """Everybody with a shift in a running rota that has not ended at `after`, each once."""
    query = select(shifts.c.person).join(rotas, rotas.c.id == shifts.c.rota)
    return list(tx.conn.scalars(query.where(rotas.c.stopped_at.is_(None), shifts.c.ends_at > after).distinct()))


def shift(tx: Tx, shift_id: int) -> Shift | None:
    """The shift of that id."""
    row = _shift(tx, shift_id).one_or_none()
    return Shift(**row._asdict()) if row else None


@kept
def _shift(shift_id: int) -> Select[Any]:
    return _shifts().where(shifts.c.id == shift_id)


def last_shift(tx: Tx, rota: int) -> Shift | None:
    """The last shift laid out; None before the first."""
    row = _last_shift(tx, rota).one_or_none()
    return Shift(**row._asdict()) if row else None


@kept
def _last_shift(rota: int) -> Select[Any]:
    return _shifts().where(shifts.c.rota == rota).order_by(shifts.c.position.desc()).limit(1)


def replan(tx: Tx, shift_id: int, turn: Turn) -> None:
    """Give a shift another person or start: what was said about the old one is void."""
    tx.conn.execute(
        update(shifts)
        .where(shifts.c.id == shift_id)
        .values(
            person=turn.person,
            turn_of=turn.turn_of,
            starts_at=turn.starts_at,
            ends_at=turn.ends_at,
            version=shifts.c.version + 1,
            confirmed_at=None,
            up_at=None,
            cant_at=None,
        )
    )


def change_shift(tx: Tx, shift_id: int, **values: Any) -> None:
    """Set what leaves the plan of others as it is: `ends_at`, `turn_of`, `confirmed_at`, `up_at`, `cant_at`."""
    set_row(tx, shifts, shift_id, **values)


def ask_trade(tx: Tx, shift: Shift, asked: PersonId, for_shift: int | None) -> int:
    """Store the question whether `asked` would take this shift; its id."""
    values = {"shift": shift.id, "version": shift.version, "person": shift.person, "asked": asked}
    return add_row(tx, trades, **values, for_shift=for_shift, asked_at=tx.now, state=TradeState.OPEN)


def trade(tx: Tx, trade_id: int) -> Trade | None:
    row = _trade_by_id(tx, trade_id).one_or_none()
    return _trade(row) if row else None


@kept
def _trade_by_id(trade: int) -> Select[Any]:
    return select(*_TRADE).where(trades.c.id == trade)


def trades_of(tx: Tx, shift: int, version: int) -> list[Trade]:
    """The trades asked for this version of a shift, the oldest first."""
    query = select(*_TRADE).where(trades.c.shift == shift, trades.c.version == version).order_by(trades.c.id)
    return [_trade(row) for row in tx.conn.execute(query)]


def trades_asked_of(tx: Tx, person: PersonId) -> list[Trade]:
    """The open questions whether this person would take a shift, the oldest first."""
    query = select(*_TRADE).where(trades.c.asked == person, trades.c.state == TradeState.OPEN)
    return [_trade(row) for row in tx.conn.execute(query.order_by(trades.c.id))]


def settle_trade(tx: Tx, trade_id: int, state: TradeState) -> None:
    set_row(tx, trades, trade_id, state=state, settled_at=tx.now)


def open_trades(tx: Tx, rota: int, shift: int | None = None) -> list[Trade]:
    """The trades of a rota, or of one shift of it, that nobody has answered."""
    query = select(*_TRADE).join(shifts, shifts.c.id == trades.c.shift)
    query = query.where(shifts.c.rota == rota, trades.c.state == TradeState.OPEN)
    rows = tx.conn.execute(query if shift is None else query.where(shifts.c.id == shift))
    return [_trade(row) for row in rows]


def _trade(row: Row[Any]) -> Trade:
    return Trade(**(row._asdict() | {"state": TradeState(row.state)}))
