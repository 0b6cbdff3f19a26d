"""Giving roles to people. Command is not given: it is accepted."""

from bot.actions import effects
from bot.actions.command.tenure import end_questions
from bot.domain.command import COMMANDER, How
from bot.domain.incident import Incident, PersonId, check_open
from bot.domain.text import nearest
from bot.domain.timeline import EntryKind
from bot.errors import WrongState, WrongWords
from bot.settings import Settings
from storage import command, incidents, timeline
from storage.store import Tx


def check_role(settings: Settings, role: str) -> str:
    """The role of that name; WrongWords, with the nearest one, when there is none."""
    wanted = role.lower()
    if wanted in settings.roles:
        return wanted
    if wanted in {COMMANDER, "commander", "incident-commander"}:
        raise WrongWords(
            "Command is not assigned: somebody accepts it.",
            "Offer it: `/incident handoff @bob`, or ask for it: `/incident command take`",
        )
    close = nearest(wanted, settings.roles)
    hint = f"Did you mean `{close}`?" if close else f"There are {', '.join(sorted(settings.roles))}."
    raise WrongWords("There is no such role.", hint)


def assign(tx: Tx, incident: Incident, role: str, person: PersonId, by: PersonId) -> None:
    """Give a role to somebody from now on, and bring them into the channel."""
    check_open(incident)
    holder = command.open_tenure(tx, incident.number, role)
    if holder and holder.person == person:
        raise WrongState(f"<@{person}> holds that role already.", "Nothing was changed.")
    tenure = command.begin(tx, incident.number, role, person, How.ASSIGNED)
    end_questions(tx, incident, role, "it was given to somebody")
    entry = timeline.add(tx, incident.number, EntryKind.COMMAND, f"{role}: <@{person}>", by)
    if incidents.join(tx, incident.number, person):
        effects.invite(tx, incident, [person], f"tenure{tenure}")
    effects.say(tx, incident, "role", f"t{entry.number}", by=by, role=role, person=person)
    for someone in {person, *([holder.person] if holder else [])}:
        effects.publish_home(tx, someone, f"tenure{tenure}")
    effects.after_entry(tx, incident, entry)


def unassign(tx: Tx, incident: Incident, role: str, by: PersonId) -> None:
    """End a role: nobody holds it."""
    check_open(incident)
    holder = command.open_tenure(tx, incident.number, role)
    if holder is None:
        raise WrongState(f"Nobody holds the role {role}.", "Nothing was changed.")
    command.end(tx, incident.number, role)
    entry = timeline.add(tx, incident.number, EntryKind.COMMAND, f"{role}: nobody", by)
    effects.say(tx, incident, "role", f"t{entry.number}", by=by, role=role, person=None)
    effects.publish_home(tx, holder.person, f"tenure{holder.id}:ended")
    effects.after_entry(tx, incident, entry)
