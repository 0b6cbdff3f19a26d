"""Taking command: the holder is asked first, and silence lets the asker confirm."""

from datetime import timedelta

from bot.actions import effects
from bot.actions.command import fatigue, handoff, ladder
from bot.actions.command.handoff import Accepted
from bot.actions.command.tenure import switch
from bot.actions.standing import may_see
from bot.domain.boundary import RUNG
from bot.domain.command import COMMANDER, How
from bot.domain.handoff import HandoffKind, Taking, TakingState, silence_before_taking
from bot.domain.incident import Incident, PersonId, check_open
from bot.domain.people import check_can_act
from bot.domain.reminder import DELIVERED, Outcome, Reminder, ReminderKind, superseded
from bot.domain.text import clean, format_duration, shorten
from bot.domain.timeline import EntryKind
from bot.errors import NotAllowed, WrongState, WrongWords
from bot.settings import Settings
from storage import command, handoffs, incidents, people, reminders, timeline
from storage.store import Tx

_REASON_LIMIT = 300
# How long the asker may confirm before the silence becomes a question to others.
_CONFIRM_WITHIN = RUNG
# Later than this, and the bot was not there when it was time.
_AWAY = timedelta(minutes=1)


def take(tx: Tx, incident: Incident, by: PersonId, reason: str) -> Accepted | Taking:
    """Ask the holder for command; Accepted when it is theirs at once, because it was offered to them.

    Raises WrongWords without a reason, WrongState when they have it or somebody else asks already.
    """
    words = _check(tx, incident, by, reason)
    offer = handoffs.open_offer(tx, incident.number)
    if offer and handoff.asked(tx, offer, by):
        return handoff.accept(tx, offer.id, by)
    holder = command.open_tenure(tx, incident.number)
    if holder is None:
        raise LookupError(f"{incident.name} is open without a commander")
    _check_nobody_asks(tx, incident, by)
    gone = _is_gone(tx, incident, holder.person)
    confirm_at = tx.now if gone else tx.now + silence_before_taking(incident.severity)
    asked = handoffs.ask_taking(tx, incident.number, COMMANDER, by, holder.person, words, confirm_at)
    text = f"<@{by}> asks <@{holder.person}> for command: {words}"
    entry = timeline.add(tx, incident.number, EntryKind.COMMAND, text, by)
    if not gone:
        effects.tell(tx, incident, holder.person, "taking", f"taking{asked.id}", taking=asked.id, by=by, reason=words)
    effects.publish_home(tx, holder.person, f"taking{asked.id}")
    key = f"taking:{incident.name}:{asked.id}"
    if gone:
        reminders.plan(
            tx, f"{key}:2", ReminderKind.TAKING, tx.now + _CONFIRM_WITHIN, incident.number, asked.id, version=2
        )
    else:
        reminders.plan(tx, f"{key}:1", ReminderKind.TAKING, confirm_at, incident.number, asked.id)
    effects.after_entry(tx, incident, entry)
    return asked


def relieve(tx: Tx, incident: Incident, by: PersonId, reason: str) -> Accepted:
    """A commander takes command at once, with a reason; whoever had it is told. Whether they may is asked before."""
    words = _check(tx, incident, by, reason)
    warnings = fatigue.at_acceptance(tx, incident, by)
    incident = switch(tx, incident, COMMANDER, by, How.RELIEVED, reason=words)
    begun = command.open_tenure(tx, incident.number)
    cause = f"relieved:{begun.id if begun else by}"
    effects.say(tx, incident, "command", cause, by=by, how=How.RELIEVED, reason=words)
    return Accepted(incident, COMMANDER, tuple(warnings))


def _check(tx: Tx, incident: Incident, by: PersonId, reason: str) -> str:
    check_open(incident)
    words = shorten(clean(reason), _REASON_LIMIT)
    if not words:
        raise WrongWords("Say why, in a few words.", "For example: `/incident command take Ada is on a plane`")
    holder = command.open_tenure(tx, incident.number)
    if holder and holder.person == by:
        raise WrongState("You have command already.", f"Hand it over: `/incident handoff {incident.name}`")
    return words


def _check_nobody_asks(tx: Tx, incident: Incident, by: PersonId) -> None:
    open_taking = handoffs.open_taking(tx, incident.number)
    if open_taking is None:
        return
    if open_taking.person != by:
        raise WrongState(f"<@{open_taking.person}> has asked for command already.", "Wait for the answer.")
    left = open_taking.confirm_at - tx.now
    hint = f"You may take it in {format_duration(left)}." if left.total_seconds() > 0 else "Press *Take command now*."
    raise WrongState("You have asked for command already.", hint)


def _is_gone(tx: Tx, incident: Incident, holder: PersonId) -> bool:
    """Whether the holder can't answer: deactivated, or out of the incident's channel."""
    known = people.get(tx, holder)
    return bool(known and known.deactivated) or not incidents.is_member(tx, incident.number, holder)


def hand(tx: Tx, taking_id: int, by: PersonId) -> Incident:
    """The holder agrees: command is the asker's at once."""
    incident, asked = _open(tx, taking_id, by)
    _check_holder(tx, incident, asked, by)
    check_can_act(people.get(tx, asked.person), asked.person)
    handoffs.settle_taking(tx, asked.id, TakingState.HANDED)
    _forget(tx, incident, asked, "the holder handed over")
    fatigue.at_acceptance(tx, incident, asked.person)
    incident = switch(tx, incident, COMMANDER, asked.person, How.ACCEPTED, reason=asked.reason)
    effects.say(tx, incident, "command", f"taking{asked.id}", by=asked.person, how=How.ACCEPTED)
    return incident


def keep(tx: Tx, taking_id: int, by: PersonId) -> Incident:
    """The holder goes on: the asker is told."""
    incident, asked = _open(tx, taking_id, by)
    _check_holder(tx, incident, asked, by)
    handoffs.settle_taking(tx, asked.id, TakingState.KEPT)
    command.was_active(tx, incident.number, by, tx.now)
    _forget(tx, incident, asked, "the holder keeps it")
    entry = timeline.add(tx, incident.number, EntryKind.COMMAND, f"<@{by}> keeps command", by)
    effects.tell(tx, incident, asked.person, "kept", f"taking{asked.id}", by=by)
    effects.after_entry(tx, incident, entry)
    return incident


def confirm(tx: Tx, taking_id: int, by: PersonId) -> Accepted:
    """The holder was silent: the asker takes command. Raises WrongState before their time is up."""
    incident, asked = _open(tx, taking_id, by)
    if asked.person != by:
        raise NotAllowed(f"<@{asked.person}> has asked for command, not you.", "Press *Take command* on the card.")
    if tx.now < asked.confirm_at:
        left = format_duration(asked.confirm_at - tx.now)
        raise WrongState(f"<@{asked.holder}> still has {left} to answer.", "Then press *Take command now*.")
    handoffs.settle_taking(tx, asked.id, TakingState.CONFIRMED)
    _forget(tx, incident, asked, "command was taken")
    late = tx.now - asked.asked_at
    warnings = fatigue.at_acceptance(tx, incident, by)
    incident = switch(tx, incident, COMMANDER, by, How.TOOK, late=late, reason=asked.reason)
    effects.say(tx, incident, "command", f"taking{asked.id}", by=by, how=How.TOOK, reason=asked.reason)
    return Accepted(incident, COMMANDER, tuple(warnings))


def due(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """Silence: the asker may confirm. Silence of both: others are asked."""
    asked = handoffs.taking(tx, reminder.subject or 0)
    if asked is None or asked.state is not TakingState.OPEN:
        return superseded(f"the question was {asked.state}" if asked else "there is no such question")
    incident = incidents.get(tx, asked.incident)
    asker = people.get(tx, asked.person)
    if asker and asker.deactivated:
        handoffs.settle_taking(tx, asked.id, TakingState.WITHDRAWN)
        return superseded("who asked left the workspace")
    if reminder.version == 2 and tx.now - reminder.due_at > _AWAY:
        # The bot was away while the asker could have confirmed: they get that time once, from now.
        return _free(tx, incident, asked, reminder, 3)
    if reminder.version > 1:
        handoffs.settle_taking(tx, asked.id, TakingState.LAPSED)
        why = f"<@{asked.holder}> did not answer <@{asked.person}>"
        began = ladder.begin(tx, settings, incident, HandoffKind.TAKING, asked.holder, why)
        return DELIVERED if began else superseded("others are asked already")
    return _free(tx, incident, asked, reminder, 2)


def _free(tx: Tx, incident: Incident, asked: Taking, reminder: Reminder, version: int) -> Outcome:
    """Tell the asker that they may confirm now; `version`: that of the reminder which ends it."""
    effects.tell(tx, incident, asked.person, "taking-free", reminder.key, taking=asked.id)
    effects.publish_home(tx, asked.person, f"taking{asked.id}:free")
    key, until = f"taking:{incident.name}:{asked.id}:{version}", tx.now + _CONFIRM_WITHIN
    reminders.plan(tx, key, ReminderKind.TAKING, until, incident.number, asked.id, version=version)
    return DELIVERED


def _open(tx: Tx, taking_id: int, by: PersonId) -> tuple[Incident, Taking]:
    asked = handoffs.taking(tx, taking_id)
    incident = incidents.get(tx, asked.incident) if asked else None
    if asked is None or incident is None or not may_see(tx, incident, by):
        raise WrongState("That question is not known here.", "See who is in command: `/incident command`")
    if asked.state is not TakingState.OPEN:
        words = {
            TakingState.HANDED: "Command was handed over already.",
            TakingState.KEPT: f"<@{asked.holder}> has decided to keep command.",
            TakingState.CONFIRMED: f"<@{asked.person}> has taken command already.",
            TakingState.LAPSED: "Nobody answered in time; others are asked now.",
        }
        sentence = words.get(asked.state, "Command has moved meanwhile.")
        raise WrongState(sentence, f"See who is in command: `/incident command {incident.name}`")
    return incident, asked


def _check_holder(tx: Tx, incident: Incident, asked: Taking, by: PersonId) -> None:
    holder = command.open_tenure(tx, incident.number)
    if holder is None or holder.person != by:
        raise NotAllowed("Only who has command may answer that.", f"See who: `/incident command {incident.name}`")


def _forget(tx: Tx, incident: Incident, asked: Taking, why: str) -> None:
    reminders.supersede(tx, incident.number, why, {ReminderKind.TAKING}, asked.id)
    for person in (asked.person, asked.holder):
        effects.publish_home(tx, person, f"taking{asked.id}")
