"""Briefings: stored, found and changed. An accepted one changes only in where it is shown, and in words taken back."""

from typing import Any

from sqlalchemy import Row, Select, or_, select, update

from bot.domain.briefing import Briefing, Facts, from_json, to_json
from bot.domain.command import COMMANDER
from bot.domain.handoff import HandoffState
from bot.domain.incident import PersonId
from storage.command_tables import briefings, handoffs
from storage.statements import add_row, find_row, get_row, kept, set_row
from storage.store import Tx
from storage.tables import tenures


def _briefing(row: Row[Any]) -> Briefing:
    return Briefing(**(row._asdict() | {"facts": from_json(row.facts)}))


def add(
    tx: Tx,
    incident: int,
    role: str,
    facts: Facts,
    *,
    shift: int | None,
    by: PersonId | None,
    worries: str = "",
    do_first: str = "",
) -> int:
    """Store a briefing that is not accepted yet; its id."""
    values = {"incident": incident, "role": role, "shift": shift, "prepared_by": by, "prepared_at": tx.now}
    answers = {"worries": worries, "do_first": do_first}
    return add_row(tx, briefings, **values, **answers, facts=to_json(facts))


def get(tx: Tx, briefing: int) -> Briefing:
    """The briefing of that id; raises when there is none."""
    return _briefing(get_row(tx, briefings, briefing))


def find(tx: Tx, briefing: int) -> Briefing | None:
    row = find_row(tx, briefings, briefing)
    return _briefing(row) if row else None


def of_shift(tx: Tx, shift: int) -> Briefing | None:
    """The open briefing of the boundary at which this shift begins."""
    query = select(briefings).where(briefings.c.shift == shift, briefings.c.accepted_at.is_(None))
    row = tx.conn.execute(query.order_by(briefings.c.id.desc()).limit(1)).one_or_none()
    return _briefing(row) if row else None


def by_hand(tx: Tx, incident: int, role: str = COMMANDER) -> Briefing | None:
    """The open briefing of the handoff by hand that is under way: being written, or offered and not answered."""
    offered = select(handoffs.c.briefing).where(handoffs.c.briefing == briefings.c.id)
    still = offered.where(handoffs.c.state == HandoffState.OPEN).exists()
    query = _open(incident, role).where(briefings.c.shift.is_(None), or_(still, ~offered.exists()))
    row = tx.conn.execute(query.order_by(briefings.c.id.desc()).limit(1)).one_or_none()
    return _briefing(row) if row else None


def open_of(tx: Tx, incident: int, role: str = COMMANDER) -> Briefing | None:
    """The newest open briefing that whoever holds the role now has had prepared."""
    row = tx.conn.execute(_open(incident, role).order_by(briefings.c.id.desc()).limit(1)).one_or_none()
    return _briefing(row) if row else None


def _open(incident: int, role: str) -> Any:
    began = select(tenures.c.started_at).where(
        tenures.c.incident == incident, tenures.c.role == role, tenures.c.ended_at.is_(None)
    )
    return select(briefings).where(
        briefings.c.incident == incident,
        briefings.c.role == role,
        briefings.c.accepted_at.is_(None),
        briefings.c.prepared_at >= began.scalar_subquery(),
    )


def latest_accepted(tx: Tx, incident: int, role: str = COMMANDER) -> Briefing | None:
    """The one accepted last: the summary of the period before this one."""
    row = _latest_accepted(tx, incident, role).one_or_none()
    return _briefing(row) if row else None


@kept
def _latest_accepted(incident: int, role: str) -> Select[Any]:
    query = select(briefings).where(
        briefings.c.incident == incident, briefings.c.role == role, briefings.c.accepted_at.is_not(None)
    )
    return query.order_by(briefings.c.accepted_at.desc(), briefings.c.id.desc()).limit(1)


def of(tx: Tx, incident: int) -> list[Briefing]:
    """Every briefing of an incident, open or accepted."""
    query = select(briefings).where(briefings.c.incident == incident)
    return [_briefing(row) for row in tx.conn.execute(query.order_by(briefings.c.id))]


def amend(tx: Tx, briefing: int, facts: Facts) -> None:
    """Put other facts into one, even when it was accepted: only for words that were taken back."""
    set_row(tx, briefings, briefing, facts=to_json(facts))


def refresh(tx: Tx, briefing: int, facts: Facts, **answers: str) -> None:
    """Put the facts of now into an open one, and `worries`, `do_first` and their writer (`prepared_by`) when given."""
    values = {"facts": to_json(facts), "prepared_at": tx.now, **answers}
    tx.conn.execute(_changing(briefing).values(**values))


def write(tx: Tx, briefing: int, worries: str, do_first: str, by: PersonId) -> None:
    """Keep what a human says in an open one."""
    tx.conn.execute(_changing(briefing).values(worries=worries, do_first=do_first, prepared_by=by))


def accept(tx: Tx, briefing: int) -> None:
    """From now on it stays as it is."""
    tx.conn.execute(_changing(briefing).values(accepted_at=tx.now))


def _changing(briefing: int) -> Any:
    return update(briefings).where(briefings.c.id == briefing, briefings.c.accepted_at.is_(None))


def shown(tx: Tx, briefing: int, **where: str | None) -> None:
    """Remember where it stands: `message_channel`, `message_ts`, `details_ts`; None where it is gone."""
    set_row(tx, briefings, briefing, **where)
