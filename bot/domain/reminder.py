"""Reminders: things that must happen at a time, each with an end that is one of three."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Later than this, and what is said says that it is late.
LATE_AFTER = timedelta(minutes=15)


class ReminderKind(StrEnum):
    """What a reminder is about. The names are kept in the database: never rename one."""

    SHIFT_SOON = "shift-soon"
    SHIFT_BOUNDARY = "shift-boundary"


class ReminderState(StrEnum):
    """Every reminder ends delivered, covered by a named one, or superseded with a reason."""

    PENDING = "pending"
    DELIVERED = "delivered"
    COVERED = "covered"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One row of the timetable; `key` is derived from what it is about, so planning twice can't double it."""

    id: int
    key: str
    kind: ReminderKind
    incident: int
    shift: int | None
    due_at: datetime
    state: ReminderState
    reason: str

    def lateness(self, now: datetime) -> timedelta:
        """How late it is at `now`; zero within the bound in which nobody needs to be told."""
        late = now - self.due_at
        return late if late > LATE_AFTER else timedelta()
