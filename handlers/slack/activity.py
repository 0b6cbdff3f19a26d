"""What people do with commands, buttons and forms counts as a sign of life of whoever has command."""

from dataclasses import replace

from bot.actions.command import absence, presence
from bot.domain.command import COMMANDER
from bot.domain.incident import Incident, PersonId
from handlers.slack.call import Reply
from storage import command, incidents
from storage.store import Tx


def noted(tx: Tx, incident: Incident, person: PersonId) -> None:
    """Somebody has changed something in an incident, in this transaction."""
    if presence.did_something(tx, incident, person):
        absence.spoke(tx, incident, tx.now)


def note(tx: Tx, number: int, person: PersonId) -> None:
    """The same in a transaction of its own, for what only reads."""
    noted(tx, incidents.get(tx, number), person)


def to_note(tx: Tx, incident: Incident, person: PersonId, reply: Reply) -> Reply:
    """`reply`, marked when it goes to whoever has command of this incident: reading is a sign of life too."""
    held = command.open_tenure(tx, incident.number, COMMANDER)
    return replace(reply, read_by_commander_of=incident.number) if held and held.person == person else reply
