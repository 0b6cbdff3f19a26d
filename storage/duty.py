"""The duty roster, its covers and what its calendar says."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, delete, insert, select, update

from bot.domain.duty import Cover, DutyEvent, Roster, Schedule
from bot.domain.incident import PersonId
from storage.command_tables import covers, duty_events, rosters
from storage.statements import add_row, kept, set_row
from storage.store import Tx


def start(tx: Tx, people: Sequence[PersonId], schedule: Schedule, by: PersonId, url: str = "") -> Roster:
    """Store a roster as the running one; the one that ran is stopped."""
    stop(tx)
    values = {
        "people": list(people),
        "every_days": schedule.every_days,
        "anchor_date": schedule.anchor.isoformat(),
        "wall": f"{schedule.wall:%H:%M}",
        "zone": schedule.zone.key,
        "url": url,
        "set_by": by,
        "set_at": tx.now,
        "running": 1,
    }
    number = add_row(tx, rosters, **values)
    return Roster(id=number, people=tuple(people), schedule=schedule, set_by=by, set_at=tx.now, url=url)


def stop(tx: Tx) -> None:
    """No roster runs any more."""
    tx.conn.execute(update(rosters).where(rosters.c.running == 1).values(running=None, stopped_at=tx.now))


def running(tx: Tx) -> Roster | None:
    """The roster that runs now."""
    row = _running(tx).one_or_none()
    return _roster(row) if row else None


@kept
def _running() -> Select[Any]:
    return select(rosters).where(rosters.c.running == 1)


def _roster(row: Row[Any]) -> Roster:
    anchor, wall = date.fromisoformat(row.anchor_date), time.fromisoformat(row.wall)
    return Roster(
        id=row.id,
        people=tuple(row.people),
        schedule=Schedule(row.every_days, anchor, wall, ZoneInfo(row.zone)),
        set_by=row.set_by,
        set_at=row.set_at,
        url=row.url,
        fetched_at=row.fetched_at,
        fetch_error=row.fetch_error,
        version=row.version,
    )


def add_cover(tx: Tx, person: PersonId, starts: datetime, ends: datetime, by: PersonId) -> Cover:
    values = {"person": person, "starts_at": starts, "ends_at": ends, "set_by": by}
    number = add_row(tx, covers, **values, set_at=tx.now)
    return Cover(id=number, person=person, starts_at=starts, ends_at=ends, set_by=by)


def covers_ending_after(tx: Tx, after: datetime) -> list[Cover]:
    """Covers that were not removed and have not ended at `after`, the earliest first."""
    columns = [covers.c[name] for name in Cover.__dataclass_fields__]
    query = select(*columns).where(covers.c.removed_at.is_(None), covers.c.ends_at > after)
    return [Cover(**row._asdict()) for row in tx.conn.execute(query.order_by(covers.c.starts_at, covers.c.id))]


def remove_covers(tx: Tx, cover: int | None = None) -> None:
    """Remove one cover, or all that are left."""
    wanted = (covers.c.removed_at.is_(None), covers.c.ends_at > tx.now)
    removing = update(covers).where(*wanted).values(removed_at=tx.now)
    tx.conn.execute(removing if cover is None else removing.where(covers.c.id == cover))


def events_ending_after(tx: Tx, roster: int, after: datetime) -> list[DutyEvent]:
    """What the roster's calendar said when it was last read, without what is over at `after`; the earliest first."""
    columns = [duty_events.c[name] for name in DutyEvent.__dataclass_fields__]
    query = select(*columns).where(duty_events.c.roster == roster, duty_events.c.ends_at > after)
    return [
        DutyEvent(**row._asdict()) for row in tx.conn.execute(query.order_by(duty_events.c.starts_at, duty_events.c.id))
    ]


def replace_events(tx: Tx, roster: int, events: Iterable[DutyEvent]) -> None:
    """Keep what the calendar says now, instead of what it said before."""
    tx.conn.execute(delete(duty_events).where(duty_events.c.roster == roster))
    rows = [
        {"person": one.person, "label": one.label, "starts_at": one.starts_at, "ends_at": one.ends_at, "roster": roster}
        for one in events
    ]
    if rows:
        tx.conn.execute(insert(duty_events), rows)


def note_fetch(tx: Tx, roster: int, error: str = "") -> None:
    """The calendar was read, or could not be and why."""
    values: dict[str, Any] = {"fetch_error": error[:300]} | ({} if error else {"fetched_at": tx.now})
    set_row(tx, rosters, roster, **values)


def next_version(tx: Tx, roster: int) -> None:
    """Who is on duty when has changed: what is planned from now on is of a new version."""
    tx.conn.execute(update(rosters).where(rosters.c.id == roster).values(version=rosters.c.version + 1))
