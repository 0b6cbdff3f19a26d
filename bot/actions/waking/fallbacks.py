"""The dead-man of handoffs: what Slack is to say by its own timer when this machine is dead at a boundary.

Of each open incident the next boundary of its command rota has a fallback. `plan` brings it up to date in the
transaction that changes the plan; the decisions in time are those of `bot.domain.fallback`.
"""

from dataclasses import dataclass

from bot.actions import effects
from bot.domain.command import COMMANDER
from bot.domain.effect import EffectKind
from bot.domain.fallback import (
    HORIZON,
    AfterLook,
    Fallback,
    FallbackState,
    after_look,
    look_at,
    may_be_changed,
    may_be_said,
    post_time,
)
from bot.domain.handoff import Handoff
from bot.domain.incident import Incident, PersonId
from bot.domain.reminder import DELIVERED, Outcome, Reminder, ReminderKind, superseded
from bot.domain.rota import Shift, current_shift
from bot.settings import Settings
from storage import command, fallbacks, handoffs, incidents, outbox, reminders, rotas
from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Boundary:
    """The boundary that a fallback stands in for: the shift that begins, and who is relieved as far as is known."""

    shift: Shift
    outgoing: PersonId | None

    @property
    def key(self) -> str:
        """The same for as long as the fallback would say the same; how often it was left is counted behind it."""
        shift = self.shift
        return f"fallback:INC-{shift.incident}:shift-{shift.id}:v{shift.version}:{self.outgoing or 'nobody'}:"


def plan(tx: Tx, incident: Incident, passed: int | None = None) -> None:
    """Leave what is wanted now, take back what is not. `passed`: the shift whose boundary is just being settled."""
    wanted = _next(tx, incident, passed) if incident.is_open else None
    there = [row for row in fallbacks.unsettled(tx, incident.number) if not row.reason]
    kept = [row for row in there if wanted and row.key.startswith(wanted.key)]
    if wanted and not kept:
        _leave(tx, incident, wanted)
    for row in there:
        if row not in kept and not _awaits_offer(tx, incident, row, passed):
            withdraw(tx, row, "its boundary is settled, or planned otherwise")


def withdraw(tx: Tx, row: Fallback, why: str) -> None:
    """It is not wanted any more: taken back if there is time for it, else Slack posts it and it is looked after."""
    if not is_maybe_left(tx, row):
        fallbacks.settle(tx, row.id, FallbackState.WITHDRAWN, why)
        return
    fallbacks.change(tx, row.id, reason=why)
    if may_be_changed(row.post_at, tx.now):
        effects.fallback(tx, EffectKind.TAKE_BACK, row, "take-back")
    else:
        look_later(tx, row)


def is_maybe_left(tx: Tx, row: Fallback) -> bool:
    """Whether Slack has it, or may have: the answer was lost."""
    return row.state is FallbackState.LEFT or outbox.may_have_sent(tx, f"{row.key}:leave")


def look_later(tx: Tx, row: Fallback) -> None:
    """It can't be changed any more: see after its time what Slack has done."""
    reminders.plan(tx, f"look-after:{row.id}", ReminderKind.FALLBACK, look_at(row.post_at), None, row.id)


def look(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """Its time has passed: Slack is asked whether it has posted it."""
    row = fallbacks.find(tx, reminder.subject or 0)
    if row is None or row.settled_at:
        return superseded(f"it was {row.state}" if row else "it is not kept any more")
    effects.fallback(tx, EffectKind.LOOK_AFTER, row, "look")
    return DELIVERED


def left_to_slack(tx: Tx, handoff: Handoff) -> bool:
    """Whether the bot must not post this offer now, since Slack's timer says it or may: then it is looked after."""
    rows = fallbacks.of_shift(tx, handoff.incident, handoff.shift) if handoff.shift else []
    frozen = [row for row in rows if is_maybe_left(tx, row) and not may_be_said(row.post_at, tx.now)]
    for row in frozen:
        look_later(tx, row)
    return bool(frozen)


def found(tx: Tx, row: Fallback, channel: str, ts: str) -> None:
    """Slack has posted it: it becomes the message of the offer, or is set right, or goes."""
    fallbacks.settle(tx, row.id, FallbackState.POSTED, row.reason, ts)
    handoff = _offer_of(tx, row)
    ours = handoff is not None and handoff.message_ts is not None
    about = {"wanted": _is_wanted(handoff), "said": ours, "ended": handoff is not None and not handoff.is_open}
    next_step = after_look(found=True, **about)
    if handoff and next_step is AfterLook.ADOPT:
        handoffs.change(tx, handoff.id, message_channel=channel, message_ts=ts)
        effects.show_offer(tx, incidents.get(tx, handoff.incident), handoff.id, f"fallback{row.id}")
    else:
        delete = next_step is AfterLook.DELETE
        effects.fallback(tx, EffectKind.SET_RIGHT, row, "set-right", channel=channel, ts=ts, delete=delete)


def absent(tx: Tx, row: Fallback, why: str) -> None:
    """It will not be posted: what it stood in for the bot says itself, if that is still wanted."""
    fallbacks.settle(tx, row.id, FallbackState.GIVEN_UP, why)
    handoff = _offer_of(tx, row)
    said = handoff is not None and handoff.message_ts is not None
    if handoff and after_look(found=False, wanted=_is_wanted(handoff), said=said) is AfterLook.SAY:
        effects.show_offer(tx, incidents.get(tx, handoff.incident), handoff.id, f"fallback{row.id}")


def on_start(tx: Tx) -> None:
    """The bot begins: what is frozen is looked after, and every open incident has what it should have."""
    for row in fallbacks.all_unsettled(tx):
        if not may_be_changed(row.post_at, tx.now) and is_maybe_left(tx, row):
            look_later(tx, row)
    for number in rotas.incidents_running(tx, COMMANDER):
        plan(tx, incidents.get(tx, number))
    effects.count_fallbacks(tx, [row.id for row in fallbacks.all_unsettled(tx) if row.scheduled_id])


def outgoing_of(row: Fallback) -> PersonId | None:
    """Who is relieved, as it was planned."""
    person = row.key.split(":")[4]
    return None if person == "nobody" else person


def _leave(tx: Tx, incident: Incident, wanted: Boundary) -> None:
    shift = wanted.shift
    key = f"{wanted.key}{fallbacks.count_under(tx, wanted.key) + 1}"
    target = incident.channel_id or shift.person
    made = fallbacks.add(
        tx, key, target, post_time(shift.starts_at), incident=incident.number, subject=shift.id, version=shift.version
    )
    effects.fallback(tx, EffectKind.LEAVE, made, "leave")


def _next(tx: Tx, incident: Incident, passed: int | None) -> Boundary | None:
    """The next boundary at which command goes to somebody else."""
    rota = rotas.running(tx, incident.number)
    if rota is None:
        return None
    shifts = rotas.shifts_ending_after(tx, rota.id, tx.now)
    outgoing = _in_command_then(tx, incident, current_shift(shifts, tx.now), passed)
    coming = (shift for shift in shifts if shift.starts_at > tx.now and shift.person != outgoing)
    shift = next(coming, None)
    if shift is None or shift.starts_at > tx.now + HORIZON:
        return None
    return Boundary(shift, outgoing)


def _in_command_then(tx: Tx, incident: Incident, current: Shift | None, passed: int | None) -> PersonId | None:
    """Who has command by the next boundary: whoever it is being offered to now, else whoever has it."""
    if current and _is_open(tx, incident, current, passed):
        return current.person
    holder = command.open_tenure(tx, incident.number)
    return holder.person if holder else None


def _is_open(tx: Tx, incident: Incident, shift: Shift, passed: int | None) -> bool:
    """Whether the boundary at which this shift began is not settled yet."""
    offer = handoffs.open_offer(tx, incident.number)
    if offer and offer.shift == shift.id:
        return True
    return shift.id != passed and _boundary_pending(tx, incident, shift.id)


def _boundary_pending(tx: Tx, incident: Incident, shift: int) -> bool:
    """Whether it is overdue: the bot was away, or is about to make the offer."""
    pending = reminders.pending(tx, incident.number, {ReminderKind.SHIFT_BOUNDARY}, shift)
    return any(one.due_at <= tx.now for one in pending)


def _awaits_offer(tx: Tx, incident: Incident, row: Fallback, passed: int | None) -> bool:
    """Whether the boundary of a fallback has come, and its offer does not stand in Slack yet."""
    shift = rotas.shift(tx, row.subject or 0)
    rota = rotas.running(tx, incident.number)
    if not incident.is_open or shift is None or rota is None or shift.rota != rota.id or shift.version != row.version:
        return False
    offer = handoffs.open_offer(tx, incident.number)
    if offer and offer.shift == shift.id:
        return offer.message_ts is None
    return shift.id != passed and _boundary_pending(tx, incident, shift.id)


def _offer_of(tx: Tx, row: Fallback) -> Handoff | None:
    """The newest offer of the boundary that it stood in for."""
    return handoffs.newest_of_shift(tx, row.subject) if row.subject else None


def _is_wanted(handoff: Handoff | None) -> bool:
    return handoff is not None and handoff.is_open and handoff.message_ts is None
