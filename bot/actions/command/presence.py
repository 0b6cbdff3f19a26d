"""Presence: whoever has command and is silent is asked whether they are there, after the channel was read.

While somebody has command of a sev1 or sev2, one reminder is pending that looks at them next. What is asked of others
when they don't answer is in `absence`.
"""

from datetime import UTC, datetime
from typing import Any

from bot.actions import effects
from bot.actions.command import asked
from bot.domain.command import COMMANDER, Tenure
from bot.domain.effect import EffectKind
from bot.domain.handoff import OF_THE_HOLDER
from bot.domain.incident import Incident, PersonId
from bot.domain.presence import ANSWER_WITHIN, LOOK_AGAIN, ON_A_CALL, next_look, silence_allowed
from bot.domain.reminder import DELIVERED, Outcome, Reminder, ReminderKind, superseded
from bot.domain.walltime import wall_text
from bot.settings import Settings
from storage import command, handoffs, incidents, outbox, people, reminders
from storage.store import Tx

_OF_PRESENCE = frozenset({ReminderKind.PRESENCE, ReminderKind.PRESENCE_UNANSWERED})
# The subtypes of messages in which a person says something; of the rest Slack writes the words.
SAID = frozenset({"", "file_share", "me_message", "thread_broadcast"})
# The version of a PRESENCE_UNANSWERED says why they were asked.
SILENT, LEFT = 1, 2


def watch(tx: Tx, incident: Incident, tenure: Tenure) -> None:
    """A tenure of command has begun: plan when to look first."""
    allowed = silence_allowed(incident.severity, incident.state)
    if allowed:
        _plan(tx, incident, tenure, next_look(heard_at(tx, tenure), allowed, tenure.quiet_until))


def rewatch(tx: Tx, incident: Incident) -> None:
    """Severity or state has changed: look sooner, later, or not at all."""
    tenure = command.open_tenure(tx, incident.number)
    if tenure is None:
        return
    allowed = silence_allowed(incident.severity, incident.state)
    if allowed is None:
        for row in reminders.pending(tx, incident.number, _OF_PRESENCE, tenure.id):
            if row.kind is ReminderKind.PRESENCE or row.version == SILENT:
                reminders.settle(tx, row.id, *superseded(f"nobody is asked in a {incident.severity}"))
        return
    # Who has been asked already is not asked again because of this.
    since = tx.now if is_asked(tx, incident, tenure) else heard_at(tx, tenure)
    _replan(tx, incident, tenure, next_look(since, allowed, tenure.quiet_until), "severity or state has changed")


def heard_at(tx: Tx, tenure: Tenure) -> datetime:
    """When the holder last did something in the incident; the beginning of the tenure is something."""
    last = command.last_active(tx, tenure.incident, tenure.person)
    return max(last, tenure.started_at) if last else tenure.started_at


def is_asked(tx: Tx, incident: Incident, tenure: Tenure) -> bool:
    """Whether the holder owes an answer: asked by DM, or others are asked because of their silence."""
    if reminders.pending(tx, incident.number, {ReminderKind.PRESENCE_UNANSWERED}, tenure.id):
        return True
    question = handoffs.open_offer(tx, incident.number)
    return question is not None and question.kind in OF_THE_HOLDER


def _prefix(incident: Incident, tenure: Tenure) -> str:
    return f"presence:{incident.name}:tenure-{tenure.id}:"


def _plan(tx: Tx, incident: Incident, tenure: Tenure, due: datetime) -> int:
    """Plan the next look; its number, which is its version."""
    prefix = _prefix(incident, tenure)
    number = len(reminders.under(tx, prefix)) + 1
    key = f"{prefix}{number}"
    reminders.plan(tx, key, ReminderKind.PRESENCE, due, incident.number, tenure.id, version=number)
    return number


def _replan(tx: Tx, incident: Incident, tenure: Tenure, due: datetime, why: str) -> None:
    reminders.supersede(tx, incident.number, why, {ReminderKind.PRESENCE}, tenure.id)
    _plan(tx, incident, tenure, due)


def look_now(tx: Tx, incident: Incident, tenure: Tenure, why: str) -> None:
    """Read the channel as soon as can be."""
    _replan(tx, incident, tenure, tx.now, why)


def watched(tx: Tx, reminder: Reminder) -> tuple[Incident, Tenure | None, str]:
    """The incident and the tenure that a reminder is about; None, and why, when there is nothing to ask any more."""
    incident = incidents.get(tx, reminder.incident or 0)
    tenure = command.open_tenure(tx, incident.number)
    if tenure is None or tenure.id != reminder.subject:
        return incident, None, "somebody else has command" if tenure else f"the incident is {incident.state}"
    pending = reminders.pending(tx, incident.number, {reminder.kind}, tenure.id)
    if reminder.id not in {row.id for row in pending}:
        return incident, None, "it was planned anew"
    return incident, tenure, ""


def due(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """Time to look: the channel is read first. Not when they were heard, are on a call, or owe an answer already."""
    incident, tenure, why_not = watched(tx, reminder)
    allowed = silence_allowed(incident.severity, incident.state)
    if tenure is None or allowed is None:
        return superseded(why_not or f"nobody is asked in a {incident.severity}")
    heard = heard_at(tx, tenure)
    next_at = next_look(heard, allowed, tenure.quiet_until)
    if next_at > tx.now:
        _plan(tx, incident, tenure, next_at)
        on_a_call = tenure.quiet_until and tenure.quiet_until > tx.now
        return superseded("they are on a call" if on_a_call else f"active at {wall_text(heard, UTC)}")
    if is_asked(tx, incident, tenure):
        _plan(tx, incident, tenure, tx.now + allowed)
        return superseded("they are asked already")
    if _others_are_asked(tx, incident):
        _plan(tx, incident, tenure, tx.now + allowed)
        return superseded("somebody is asked to take command already")
    # Should the channel not be readable, nobody is asked, and this is when it is tried again.
    number = _plan(tx, incident, tenure, tx.now + LOOK_AGAIN)
    if incident.channel_id is None:
        return superseded("there is no channel to read")
    read_on(tx, incident, 1, tenure=tenure.id, number=number, since=heard.timestamp())
    return DELIVERED


def _others_are_asked(tx: Tx, incident: Incident) -> bool:
    """Whether command is offered to somebody and the ladder climbs, or will, if they are silent."""
    question = handoffs.open_offer(tx, incident.number)
    climbs = {ReminderKind.HANDOFF_LATE, ReminderKind.LADDER, ReminderKind.UNANSWERED}
    return question is not None and bool(reminders.pending(tx, incident.number, climbs, question.id))


def read_on(tx: Tx, incident: Incident, step: int, **intent: Any) -> None:
    """Read the channel: the first step of it, or the next. `number`: the look that is planned in case it can't be."""
    lane = f"{incident.name}:presence"
    key = f"{lane}:{intent['tenure']}:{intent['number']}:{step}"
    outbox.enqueue(tx, key, EffectKind.PRESENCE, lane, incident=incident.number, coalesce=lane, step=step, **intent)


def reading(tx: Tx, incident: Incident, tenure_id: int, number: int) -> Tenure | None:
    """Whose silence it is that the channel is read about; None when that does not matter any more."""
    tenure = command.open_tenure(tx, incident.number)
    if tenure is None or tenure.id != tenure_id:
        return None
    pending = reminders.pending(tx, incident.number, {ReminderKind.PRESENCE}, tenure_id)
    return tenure if [row.version for row in pending] == [number] else None


def found(tx: Tx, incident: Incident, tenure: Tenure, at: datetime) -> None:
    """The channel shows that the holder was active at this time."""
    command.was_active(tx, incident.number, tenure.person, at)
    allowed = silence_allowed(incident.severity, incident.state)
    if allowed:
        heard = heard_at(tx, tenure)
        _replan(
            tx, incident, tenure, next_look(heard, allowed, tenure.quiet_until), f"active at {wall_text(heard, UTC)}"
        )


def ask(tx: Tx, incident: Incident, tenure: Tenure, why: int = SILENT) -> None:
    """Ask the holder whether they are there; ten minutes later others are asked. At once when no DM can reach them."""
    number = len(reminders.under(tx, _prefix(incident, tenure))) + 1
    answer_by = tx.now if is_gone(tx, tenure.person) else tx.now + ANSWER_WITHIN
    if answer_by > tx.now:
        what = "presence-left" if why == LEFT else "presence"
        times = {"since": heard_at(tx, tenure).timestamp(), "answer_by": answer_by.timestamp()}
        effects.tell(tx, incident, tenure.person, what, f"presence:{tenure.id}:{number}", tenure=tenure.id, **times)
    key = f"{_prefix(incident, tenure)}{number}:unanswered"
    kind = ReminderKind.PRESENCE_UNANSWERED
    reminders.plan(tx, key, kind, answer_by, incident.number, tenure.id, version=why)
    allowed = silence_allowed(incident.severity, incident.state)
    if allowed:
        _replan(tx, incident, tenure, next_look(tx.now, allowed, tenure.quiet_until), "they were asked")


def is_gone(tx: Tx, person: PersonId) -> bool:
    """Whether somebody has left the workspace."""
    known = people.get(tx, person)
    return known is not None and known.deactivated


def did_something(tx: Tx, incident: Incident, person: PersonId, at: datetime | None = None) -> bool:
    """Remember that somebody who holds a role did something in the incident, now or at `at`.

    Whether they are its IC, and known to be: then an open question to others about their silence is answered.
    """
    held = [tenure for tenure in command.open_tenures(tx, incident.number) if tenure.person == person]
    if held:
        command.was_active(tx, incident.number, person, at or tx.now)
    return any(tenure.role == COMMANDER and tenure.confirmed for tenure in held)


def holds_role_in(tx: Tx, channel: str, person: PersonId) -> bool:
    """Whether somebody holds a role of the open incident of this channel: only then what they do there matters."""
    incident = incidents.in_channel(tx, channel)
    return incident is not None and any(tenure.person == person for tenure in command.open_tenures(tx, incident.number))


def here(tx: Tx, tenure_id: int, by: PersonId) -> Incident:
    """The holder says that they are there. Raises WrongState when it is not theirs any more, NotAllowed for others."""
    incident, tenure = asked.about_tenure(tx, tenure_id, by)
    _answered(tx, incident, tenure, "they are there")
    return incident


def on_a_call(tx: Tx, tenure_id: int, by: PersonId) -> tuple[Incident, datetime]:
    """The holder is busy elsewhere for the incident: until when they are not asked. Raises as `here` does."""
    incident, tenure = asked.about_tenure(tx, tenure_id, by)
    until = tx.now + ON_A_CALL
    command.change(tx, tenure.id, quiet_until=until)
    _answered(tx, incident, command.tenure(tx, tenure.id) or tenure, "they are on a call")
    return incident, until


def _answered(tx: Tx, incident: Incident, tenure: Tenure, why: str) -> None:
    command.was_active(tx, incident.number, tenure.person, tx.now)
    reminders.supersede(tx, incident.number, why, {ReminderKind.PRESENCE_UNANSWERED}, tenure.id)
    allowed = silence_allowed(incident.severity, incident.state)
    if allowed:
        _replan(tx, incident, tenure, next_look(tx.now, allowed, tenure.quiet_until), why)
