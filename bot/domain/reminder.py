"""Reminders: things that must happen at a time, each with an end that is one of three."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Later than this, and what is said says that it is late.
LATE_AFTER = timedelta(minutes=15)


class ReminderKind(StrEnum):
    """What a reminder is about; its subject is a row of the kind named here. The names are kept in the database."""

    # of a shift: the boundary table
    SHIFT_HOUR = "shift-hour"
    SHIFT_HALF = "shift-half"
    SHIFT_SOON = "shift-soon"
    SHIFT_BOUNDARY = "shift-boundary"
    # of a handoff
    HANDOFF_LATE = "handoff-late"
    LADDER = "ladder"
    MANAGERS = "managers"
    UNANSWERED = "unanswered"
    # of a page, a trade, a taking
    PAGE_AGAIN = "page-again"
    PAGE_UNANSWERED = "page-unanswered"
    TRADE = "trade"
    TAKING = "taking"
    # of a tenure
    PRESENCE = "presence"
    PRESENCE_UNANSWERED = "presence-unanswered"
    FATIGUE_SHIFT = "fatigue-shift"
    FATIGUE_DAY = "fatigue-day"
    ROTA_SUGGESTION = "rota-suggestion"
    # of a duty roster
    DUTY_DAY = "duty-day"
    DUTY_HOUR = "duty-hour"
    DUTY_FETCH = "duty-fetch"
    # of a promised update
    UPDATE_DRAFT = "update-draft"
    UPDATE_LATE = "update-late"
    # of a vendor case
    VENDOR_CHASE = "vendor-chase"
    # of a schedule: the channel's or somebody's own
    DIGEST = "digest"
    # of nothing
    SLACK_AWAY = "slack-away"
    # of a fallback; of the bot itself
    FALLBACK = "fallback"
    ALIVE = "alive"


class ReminderState(StrEnum):
    """Every reminder ends delivered, covered by a named one, or superseded with a reason."""

    PENDING = "pending"
    DELIVERED = "delivered"
    COVERED = "covered"
    SUPERSEDED = "superseded"


# How a reminder ended, and why or by what when it was not delivered.
Outcome = tuple[ReminderState, str]
DELIVERED: Outcome = (ReminderState.DELIVERED, "")


def superseded(why: str) -> Outcome:
    """Not needed any more, for this reason."""
    return ReminderState.SUPERSEDED, why


def covered(by: str) -> Outcome:
    """Said by another one, of this key."""
    return ReminderState.COVERED, by


@dataclass(frozen=True, slots=True)
class Planned:
    """A reminder that is to be planned; what its fields mean is said at Reminder."""

    key: str
    kind: ReminderKind
    due_at: datetime
    incident: int | None
    subject: int | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One row of the timetable; `key` is derived from what it is about, so planning twice can't double it.

    `subject` is the id of what the kind is about; `version` that of its plan when this was planned.
    """

    id: int
    key: str
    kind: ReminderKind
    incident: int | None
    subject: int | None
    version: int
    due_at: datetime
    state: ReminderState
    reason: str

    def lateness(self, now: datetime) -> timedelta:
        """How late it is at `now`; zero within the bound in which nobody needs to be told."""
        late = now - self.due_at
        return late if late > LATE_AFTER else timedelta()
