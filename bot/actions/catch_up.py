"""After a time away each person gets one question at most that nobody asked for, about how things are now.

Whether the IC is there matters more than that they are tired, and that more than a rota: the lesser wait an hour each.
"""

from datetime import timedelta

from bot.domain.incident import PersonId
from bot.domain.reminder import Outcome, Reminder, ReminderKind, ReminderState, covered
from storage import command, reminders
from storage.store import Tx

_PUT_OFF = timedelta(hours=1)
_PRESENCE = frozenset({ReminderKind.PRESENCE, ReminderKind.PRESENCE_UNANSWERED})
_FATIGUE = frozenset({ReminderKind.FATIGUE_SHIFT, ReminderKind.FATIGUE_DAY})
_LESSER = _FATIGUE | {ReminderKind.ROTA_SUGGESTION}


class CatchUp:
    """What was said to whom while what is due was settled. Reminders come to it the most important first."""

    def __init__(self) -> None:
        self._said: dict[PersonId, Reminder] = {}
        # Who is to be warned in an hour.
        self._tired: set[PersonId] = set()

    def note(self, tx: Tx, reminder: Reminder, outcome: Outcome) -> None:
        """A reminder was settled so: remember it if its person hears, or is about to hear, of it."""
        said = reminder if outcome[0] is ReminderState.DELIVERED else None
        if said is None and reminder.kind is ReminderKind.PRESENCE_UNANSWERED:
            # The channel is read again before they are asked again.
            again = reminders.pending(tx, reminder.incident, {ReminderKind.PRESENCE}, reminder.subject)
            said = next((row for row in again if row.due_at <= tx.now), None)
        person = _holder(tx, reminder) if said and reminder.kind in _PRESENCE | _LESSER else None
        if said and person:
            self._said.setdefault(person, said)

    def put_off(self, tx: Tx, reminder: Reminder) -> Outcome | None:
        """How a lesser one ends, to come again in an hour if it is still so; None when it is to be said now."""
        if reminder.kind not in _LESSER:
            return None
        person = _holder(tx, reminder)
        said = self._said.get(person) if person else None
        if person is None or said is None or not (said.lateness(tx.now) or reminder.lateness(tx.now)):
            return None
        if said.kind in _FATIGUE and reminder.kind in _FATIGUE:
            # Warnings know by themselves which of them says it for the others.
            return None
        if reminder.kind in _FATIGUE:
            self._tired.add(person)
            _again(tx, reminder, _PUT_OFF)
        else:
            _again(tx, reminder, 2 * _PUT_OFF if person in self._tired else _PUT_OFF)
        return covered(said.key)


def _again(tx: Tx, reminder: Reminder, later: timedelta) -> None:
    """Plan it anew, under the next number of its kind and tenure."""
    stem, about = reminder.key.rpartition(":")[0], (reminder.incident, reminder.subject)
    number = len(reminders.under(tx, f"{stem}:")) + 1
    reminders.plan(tx, f"{stem}:{number}", reminder.kind, tx.now + later, *about, version=number)


def _holder(tx: Tx, reminder: Reminder) -> PersonId | None:
    """Who has command by the tenure that it is about."""
    tenure = command.tenure(tx, reminder.subject or 0)
    return tenure.person if tenure and tenure.ended_at is None else None
