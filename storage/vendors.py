"""Vendor cases: stored, found and changed."""

from typing import Any

from sqlalchemy import Row, Select, select, update

from bot.domain.incident import PersonId
from bot.domain.vendor import Opening, VendorCase
from storage.communication_tables import vendor_cases as cases
from storage.statements import add_row, find_row, kept, set_row
from storage.store import Tx


def _case(row: Row[Any]) -> VendorCase:
    return VendorCase(**row._asdict())


def add(tx: Tx, incident: int, opened: Opening, by: PersonId) -> VendorCase:
    """Store a case that is opened now."""
    values = {"incident": incident, "vendor": opened.vendor, "reference": opened.reference}
    values |= {"priority": opened.priority, "contact": opened.contact}
    number = add_row(tx, cases, **values, opened_by=by, opened_at=tx.now, heard_at=tx.now)
    return get(tx, number)


def get(tx: Tx, case: int) -> VendorCase:
    """The case of that id; raises LookupError when there is none."""
    found = find(tx, case)
    if found is None:
        raise LookupError(f"no vendor case {case}")
    return found


def find(tx: Tx, case: int) -> VendorCase | None:
    row = find_row(tx, cases, case)
    return _case(row) if row else None


def of(tx: Tx, incident: int, *, open_only: bool = False) -> list[VendorCase]:
    """The cases of an incident, the first opened first."""
    return [_case(row) for row in (_open(tx, incident) if open_only else _all(tx, incident))]


@kept
def _all(incident: int) -> Select[Any]:
    return select(cases).where(cases.c.incident == incident).order_by(cases.c.id)


@kept
def _open(incident: int) -> Select[Any]:
    return select(cases).where(cases.c.incident == incident, cases.c.closed_at.is_(None)).order_by(cases.c.id)


def change(tx: Tx, case: int, **values: Any) -> VendorCase:
    """Set columns of a case, under its next version; the case as it is then."""
    tx.conn.execute(update(cases).where(cases.c.id == case).values(**values, version=cases.c.version + 1))
    return get(tx, case)


def reword(tx: Tx, case: int, note: str) -> None:
    """Let the last note of a case say something else; nothing was heard by that."""
    set_row(tx, cases, case, note=note)
