"""The boundary table: what is due around the boundary at which one shift of command ends and the next begins.

`docs/commanders.md` shows it to people; this is the one place that says it to the machine.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.domain.command import COMMANDER
from bot.domain.reminder import ReminderKind
from bot.domain.rota import Shift

# Before the boundary, by how much. The paging steps are of command only.
BEFORE: tuple[tuple[ReminderKind, timedelta], ...] = (
    (ReminderKind.SHIFT_HOUR, timedelta(minutes=60)),
    (ReminderKind.SHIFT_HALF, timedelta(minutes=30)),
    (ReminderKind.SHIFT_SOON, timedelta(minutes=15)),
    (ReminderKind.SHIFT_BOUNDARY, timedelta()),
)
_OF_ANY_ROLE = frozenset({ReminderKind.SHIFT_HOUR, ReminderKind.SHIFT_BOUNDARY})

# After the offer was made: at the boundary, or later when the bot was away.
LATE = timedelta(minutes=10)
LADDER_FROM_BOUNDARY = timedelta(minutes=15)
LADDER_FROM_OFFER = timedelta(minutes=10)
RUNG = timedelta(minutes=10)
MANAGERS = timedelta(minutes=30)
UNANSWERED_EVERY = timedelta(minutes=30)
PAGE_EVERY = timedelta(minutes=5)


def steps(shift: Shift, now: datetime) -> Iterator[tuple[ReminderKind, datetime]]:
    """What is still to come before and at the boundary at which `shift` begins, and when."""
    for kind, before in BEFORE:
        due = shift.starts_at - before
        if due >= now and (shift.role == COMMANDER or kind in _OF_ANY_ROLE):
            yield kind, due


def step_key(shift: Shift, kind: ReminderKind) -> str:
    """`handoff:INC-7:shift-4:b-60:v2`: the key of a reminder of the table."""
    minutes = int(dict(BEFORE)[kind].total_seconds() // 60)
    before = f"b-{minutes}" if minutes else "b"
    return f"handoff:INC-{shift.incident}:shift-{shift.id}:{before}:v{shift.version}"
