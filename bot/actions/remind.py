"""What is due: decided again from how things are now, then delivered, covered or superseded, in one transaction."""

from collections.abc import Callable, Mapping

from bot import log
from bot.actions.catch_up import CatchUp
from bot.actions.command import absence, boundary, fatigue, ladder, presence, suggestion, taking, trade
from bot.actions.communication import digest, update_reminders, vendors
from bot.actions.duty import duty_calendar, duty_plan
from bot.actions.waking import alive, away, fallbacks, paging, waking
from bot.boundary import Boundary
from bot.domain.reminder import Outcome, Reminder, ReminderKind
from bot.settings import Settings
from storage import recovery, reminders
from storage.store import Tx

_log = log.get("remind")


def run_due(tx: Tx, settings: Settings) -> int:
    """Settle every reminder that is due; how many were. One that breaks stays due and holds up none of the others."""
    settled, said = 0, CatchUp()
    due = sorted(reminders.due(tx, tx.now), key=_turn)
    restored = recovery.last(tx) if due else None
    for reminder in due:
        if not reminders.is_pending(tx, reminder.id):
            # What was decided a moment ago made it needless, and has said why.
            continue
        # A bot whose memory was lost may have got to this one, and have sent what follows from it.
        tx.may_be_sent_since = restored.doubts(reminder.due_at) if restored else None
        with Boundary(_log, "reminder broke", full_disk_passes=True, reminder=reminder.key), tx.conn.begin_nested():
            outcome = said.put_off(tx, reminder) or _KINDS[reminder.kind](tx, settings, reminder)
            reminders.settle(tx, reminder.id, *outcome)
            said.note(tx, reminder, outcome)
            settled += 1
    tx.may_be_sent_since = None
    if settled:
        # The timetable has moved on even if nothing new was planned.
        tx.wrote_reminders = True
    return settled


def _turn(reminder: Reminder) -> int:
    """Of what is due together the decisions come first: what follows from them may make the rest needless."""
    return next((turn for turn, kinds in enumerate(_LATER, start=1) if reminder.kind in kinds), 0)


_LATER = (
    {ReminderKind.LADDER},
    {ReminderKind.MANAGERS, ReminderKind.UNANSWERED, ReminderKind.TAKING},
    {ReminderKind.PAGE_UNANSWERED},
    {ReminderKind.PAGE_AGAIN, ReminderKind.PRESENCE, ReminderKind.PRESENCE_UNANSWERED},
    {ReminderKind.FATIGUE_SHIFT, ReminderKind.FATIGUE_DAY},
    {ReminderKind.ROTA_SUGGESTION},
)
_KINDS: Mapping[ReminderKind, Callable[[Tx, Settings, Reminder], Outcome]] = {
    ReminderKind.SHIFT_HOUR: boundary.hour_before,
    ReminderKind.SHIFT_HALF: boundary.half_hour_before,
    ReminderKind.SHIFT_SOON: boundary.quarter_before,
    ReminderKind.SHIFT_BOUNDARY: boundary.at_boundary,
    ReminderKind.HANDOFF_LATE: boundary.late,
    ReminderKind.LADDER: ladder.step,
    ReminderKind.MANAGERS: ladder.managers,
    ReminderKind.UNANSWERED: ladder.unanswered,
    ReminderKind.PAGE_AGAIN: paging.again,
    ReminderKind.SLACK_AWAY: away.due,
    ReminderKind.PAGE_UNANSWERED: waking.unanswered,
    ReminderKind.TRADE: trade.unanswered,
    ReminderKind.TAKING: taking.due,
    ReminderKind.PRESENCE: presence.due,
    ReminderKind.PRESENCE_UNANSWERED: absence.unanswered,
    ReminderKind.FATIGUE_SHIFT: fatigue.beyond_shift,
    ReminderKind.FATIGUE_DAY: fatigue.long_day,
    ReminderKind.ROTA_SUGGESTION: suggestion.due,
    ReminderKind.DUTY_DAY: duty_plan.day_before,
    ReminderKind.DUTY_HOUR: duty_plan.hour_before,
    ReminderKind.DUTY_FETCH: duty_calendar.fetch_due,
    ReminderKind.DIGEST: digest.due,
    ReminderKind.VENDOR_CHASE: vendors.chase,
    ReminderKind.UPDATE_DRAFT: update_reminders.draft_due,
    ReminderKind.UPDATE_LATE: update_reminders.late,
    ReminderKind.FALLBACK: fallbacks.look,
    ReminderKind.ALIVE: alive.due,
}
