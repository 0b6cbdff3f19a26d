"""Pages: who is being woken, what for, and whether they have heard."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, Select, select

from bot.domain.incident import PersonId
from bot.domain.page import AnsweredBy, Page
from storage.command_tables import pages
from storage.statements import add_row, find_row, get_row, kept, set_row
from storage.store import Tx


def _page(row: Row[Any]) -> Page:
    by = AnsweredBy(row.answered_by) if row.answered_by else None
    return Page(**(row._asdict() | {"answered_by": by}))


def add(
    tx: Tx,
    key: str,
    incident: int,
    person: PersonId,
    what: str,
    about: Mapping[str, Any],
    *,
    handoff: int | None,
    paged_by: PersonId | None,
) -> Page:
    """Store a page."""
    values = {"key": key, "incident": incident, "person": person, "what": what}
    values |= {"handoff": handoff, "paged_by": paged_by}
    number = add_row(tx, pages, **values, about=dict(about), paged_at=tx.now)
    return _page(get_row(tx, pages, number))


def find(tx: Tx, page: int) -> Page | None:
    row = find_row(tx, pages, page)
    return _page(row) if row else None


def under(tx: Tx, key: str) -> Page | None:
    """The page of this key."""
    row = tx.conn.execute(select(pages).where(pages.c.key == key)).one_or_none()
    return _page(row) if row else None


def unanswered(tx: Tx, incident: int, person: PersonId | None = None) -> list[Page]:
    """The pages of an incident that still go on, of one person when given."""
    found = [_page(row) for row in _unanswered(tx, incident)]
    return [page for page in found if person is None or page.person == person]


@kept
def _unanswered(incident: int) -> Select[Any]:
    return select(pages).where(pages.c.incident == incident, pages.c.ended_at.is_(None)).order_by(pages.c.id)


def unanswered_by(tx: Tx, person: PersonId) -> list[Page]:
    """The pages of this person that still go on, in all incidents."""
    return [_page(row) for row in _unanswered_by(tx, person)]


@kept
def _unanswered_by(person: PersonId) -> Select[Any]:
    return select(pages).where(pages.c.person == person, pages.c.ended_at.is_(None)).order_by(pages.c.id)


def change(tx: Tx, page: int, **values: Any) -> None:
    """Set `times`, or how it ended: `acknowledged_at`, `ended_at`, `reason`, `answered_by`."""
    set_row(tx, pages, page, **values)
