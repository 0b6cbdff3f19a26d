"""Status updates, what they are published under, and the promises of the next: stored, found and changed."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, literal_column, select
from sqlalchemy.dialects.sqlite import insert

from bot.domain.incident import PersonId, State
from bot.domain.update import Audience, Cause, Promise, PromiseState, Update, UpdateState, Words
from storage.communication_tables import promises, publications, updates
from storage.statements import add_row, find_row, get_row, kept, set_row
from storage.store import Tx

_WORDS = ("text", "incident_state", "cause", "cause_text", "estimate_at", "estimate_text", "no_estimate_why", "next_at")
_WAITING = (UpdateState.DRAFT, UpdateState.HELD)
# Written out, not bound, for the index of open ones: see storage/reminders.py.
_OPEN = promises.c.state == literal_column(f"'{PromiseState.OPEN}'")


def _update(row: Row[Any]) -> Update:
    values = row._asdict()
    said = {name: values.pop(name) for name in _WORDS}
    said |= {
        "title": values.pop("public_title"),
        "cause": Cause(row.cause),
        "incident_state": State(row.incident_state),
    }
    values |= {"audience": Audience(row.audience), "state": UpdateState(row.state), "words": Words(**said)}
    return Update(**values)


def _columns(words: Words) -> dict[str, Any]:
    return {name: getattr(words, name) for name in _WORDS} | {"public_title": words.title}


def add(
    tx: Tx,
    incident: int,
    audience: Audience,
    words: Words,
    by: PersonId,
    facts: dict[str, Any],
    *,
    corrects: int | None = None,
) -> Update:
    """Store a draft under the next number of its incident."""
    last = tx.conn.scalar(select(func.max(updates.c.number)).where(updates.c.incident == incident)) or 0
    about = {"incident": incident, "number": last + 1, "audience": audience, "corrects": corrects, "facts": facts}
    written = {"state": UpdateState.DRAFT, "written_by": by, "written_at": tx.now, "repeated": False}
    return get(tx, add_row(tx, updates, **about, **written, **_columns(words)))


def write(tx: Tx, update_id: int, words: Words, facts: dict[str, Any]) -> Update:
    """Other words for one that waits: it is a draft again."""
    values = {"state": UpdateState.DRAFT, "written_at": tx.now, "facts": facts, **_columns(words)}
    return change(tx, update_id, **values)


def change(tx: Tx, update_id: int, **values: Any) -> Update:
    """Set columns of an update; the update as it is then."""
    set_row(tx, updates, update_id, **values)
    return get(tx, update_id)


def get(tx: Tx, update_id: int) -> Update:
    """The update of that id; raises when there is none."""
    return _update(get_row(tx, updates, update_id))


def find(tx: Tx, update_id: int) -> Update | None:
    row = find_row(tx, updates, update_id)
    return _update(row) if row else None


def numbered(tx: Tx, incident: int, number: int) -> Update | None:
    """The update that people call so in their incident."""
    query = select(updates).where(updates.c.incident == incident, updates.c.number == number)
    row = tx.conn.execute(query).one_or_none()
    return _update(row) if row else None


def waiting_of(tx: Tx, incident: int, by: PersonId, corrects: int | None) -> Update | None:
    """What somebody has written for customers and not sent: anew, or to correct one that was sent."""
    mine = (updates.c.incident == incident, updates.c.written_by == by, updates.c.corrects == corrects)
    query = select(updates).where(*mine, updates.c.state.in_(_WAITING), updates.c.audience == Audience.PUBLIC)
    row = tx.conn.execute(query.order_by(updates.c.id.desc()).limit(1)).one_or_none()
    return _update(row) if row else None


def last_sent(tx: Tx, incident: int, audience: Audience) -> Update | None:
    """The newest that was sent and stands uncorrected."""
    query = select(updates).where(updates.c.incident == incident, updates.c.audience == audience)
    newest = query.where(updates.c.state == UpdateState.PUBLISHED).order_by(updates.c.published_at.desc())
    row = tx.conn.execute(newest.order_by(updates.c.id.desc()).limit(1)).one_or_none()
    return _update(row) if row else None


def last_of_each(tx: Tx, incident: int) -> dict[Audience, Update]:
    """The same for each audience; one query, asked whenever an incident is looked at."""
    return {found.audience: found for found in (_update(row) for row in _newest(tx, incident))}


@kept
def _newest(incident: int) -> Select[Any]:
    order = (updates.c.published_at.desc(), updates.c.id.desc())
    place = func.row_number().over(partition_by=updates.c.audience, order_by=order).label("place")
    published = (updates.c.incident == incident, updates.c.state == UpdateState.PUBLISHED)
    ranked = select(updates.c.id, place).where(*published).subquery()
    return select(updates).join(ranked, ranked.c.id == updates.c.id).where(ranked.c.place == 1)


def sent(tx: Tx, incident: int) -> list[Update]:
    """Every public update that was sent, corrected ones too, in the order of sending."""
    query = select(updates).where(updates.c.incident == incident, updates.c.audience == Audience.PUBLIC)
    rows = tx.conn.execute(query.where(updates.c.published_at.is_not(None)).order_by(updates.c.published_at))
    return [_update(row) for row in rows]


def correction_of(tx: Tx, update_id: int) -> Update | None:
    """The update that was sent to correct this one."""
    query = select(updates).where(updates.c.corrects == update_id, updates.c.published_at.is_not(None))
    row = tx.conn.execute(query.order_by(updates.c.id.desc()).limit(1)).one_or_none()
    return _update(row) if row else None


def public_title(tx: Tx, incident: int) -> str | None:
    """What customers call the incident; None while they don't know of it."""
    return _public_title(tx, incident).scalar()


@kept
def _public_title(incident: int) -> Select[str]:
    return select(publications.c.title).where(publications.c.incident == incident)


def publish_as(tx: Tx, incident: int, title: str) -> None:
    """Customers know of the incident from now on, or by another title."""
    values = {"incident": incident, "title": title, "published_at": tx.now}
    tx.conn.execute(
        insert(publications).values(**values).on_conflict_do_update(index_elements=["incident"], set_={"title": title})
    )


def promise(tx: Tx, incident: int, due_at: datetime) -> Promise:
    """Promise the next public update; the one before must have ended."""
    values = {"incident": incident, "due_at": due_at, "state": PromiseState.OPEN, "made_at": tx.now}
    return promised(tx, add_row(tx, promises, **values))


def promised(tx: Tx, promise_id: int) -> Promise:
    """The promise of that id; raises when there is none."""
    return _promise(get_row(tx, promises, promise_id))


def find_promise(tx: Tx, promise_id: int) -> Promise | None:
    row = find_row(tx, promises, promise_id)
    return _promise(row) if row else None


def open_promise(tx: Tx, incident: int) -> Promise | None:
    """What is promised now."""
    row = _open_promise(tx, incident).one_or_none()
    return _promise(row) if row else None


@kept
def _open_promise(incident: int) -> Select[Any]:
    return select(promises).where(promises.c.incident == incident, _OPEN)


def open_promises_in(tx: Tx, wanted: Collection[int]) -> dict[int, Promise]:
    """What is promised now in each of these incidents, where anything is."""
    query = select(promises).where(promises.c.incident.in_(list(wanted)), _OPEN)
    return {row.incident: _promise(row) for row in tx.conn.execute(query)}


def settle(tx: Tx, promise_id: int, state: PromiseState, kept_by: int | None = None) -> None:
    """A promise has ended."""
    set_row(tx, promises, promise_id, state=state, kept_by=kept_by, settled_at=tx.now)


def put_off(tx: Tx, promise_id: int, due_at: datetime, snoozed_from: datetime) -> Promise:
    """A promise was snoozed."""
    set_row(tx, promises, promise_id, due_at=due_at, snoozed_from=snoozed_from)
    return promised(tx, promise_id)


def _promise(row: Row[Any]) -> Promise:
    return Promise(**(row._asdict() | {"state": PromiseState(row.state)}))
