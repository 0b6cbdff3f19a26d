"""Absence: whoever has command does not answer, has left, or speaks again. It is here that others are asked.

Apart from `presence` because the ladder knows what follows from a change of command, of which presence is a part.
"""

from datetime import UTC, datetime

from bot.actions.command import ladder, presence
from bot.domain.command import Tenure
from bot.domain.handoff import HandoffKind
from bot.domain.incident import Incident, PersonId
from bot.domain.presence import ANSWER_WITHIN, silence_allowed
from bot.domain.reminder import DELIVERED, Outcome, Reminder, ReminderKind, superseded
from bot.domain.walltime import wall_text
from bot.settings import Settings
from storage import command, handoffs, incidents, reminders
from storage.store import Tx


def unanswered(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """Ten minutes without an answer: the ladder. When the bot was away meanwhile, it reads the channel again first."""
    incident, tenure, why_not = presence.watched(tx, reminder)
    if tenure is None:
        return superseded(why_not)
    heard = presence.heard_at(tx, tenure)
    if heard > reminder.due_at - ANSWER_WITHIN:
        return superseded(f"active at {wall_text(heard, UTC)}")
    if tenure.quiet_until and tenure.quiet_until > tx.now:
        return superseded("they are on a call")
    allowed = silence_allowed(incident.severity, incident.state)
    if allowed and reminder.lateness(tx.now):
        presence.look_now(tx, incident, tenure, "the channel is read again after a time away")
        return superseded("the channel is read again after a time away")
    why = _why(tx, tenure, reminder.version)
    began = ladder.begin(tx, settings, incident, HandoffKind.PRESENCE, tenure.person, why)
    return DELIVERED if began else superseded("others are asked already")


def _why(tx: Tx, tenure: Tenure, asked_because: int) -> str:
    who = f"<@{tenure.person}>"
    if presence.is_gone(tx, tenure.person):
        return f"{who} was deactivated"
    if asked_because == presence.LEFT:
        return f"{who} left the channel and does not answer"
    return f"{who} was last heard at {wall_text(presence.heard_at(tx, tenure), UTC)}"


def holder_left(tx: Tx, settings: Settings, incident: Incident, person: PersonId) -> None:
    """Somebody left the incident's channel or the workspace: whoever commands it is asked at once, or others are."""
    tenure = command.open_tenure(tx, incident.number)
    if tenure is None or tenure.person != person:
        return
    if presence.is_gone(tx, person):
        why = f"<@{person}> was deactivated"
        reminders.supersede(tx, incident.number, why, {ReminderKind.PRESENCE_UNANSWERED}, tenure.id)
        ladder.begin(tx, settings, incident, HandoffKind.PRESENCE, person, why)
    elif not presence.is_asked(tx, incident, tenure):
        presence.ask(tx, incident, tenure, presence.LEFT)


def heard(tx: Tx, channel: str, person: PersonId, at: datetime) -> None:
    """Somebody did something in a channel at this time, by Slack's clock: it may be an incident that they command."""
    incident = incidents.in_channel(tx, channel)
    if incident and presence.did_something(tx, incident, person, at):
        spoke(tx, incident, at)


def spoke(tx: Tx, incident: Incident, at: datetime) -> None:
    """The IC did something at this time: a question to others about their silence, asked before, ends."""
    question = handoffs.open_offer(tx, incident.number)
    if question and at >= question.offered_at:
        ladder.answered_by_holder(tx, incident, "they are there")
