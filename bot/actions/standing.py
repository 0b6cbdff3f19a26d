"""What somebody is in an incident."""

from bot.actions import groups
from bot.domain.command import COMMANDER
from bot.domain.incident import Incident, PersonId
from bot.domain.permission import Standing
from bot.settings import Settings
from storage import command, incidents
from storage.store import Tx

_IN_COMMAND = {COMMANDER, "deputy"}


def standing(tx: Tx, settings: Settings, incident: Incident, person: PersonId) -> Standing:
    """Outsider, member, or somebody with a say over command: the IC, the deputy, a commander by the settings.

    Publishers are as members of what they may see: they need not come in to tell customers of it.
    """
    holds = {tenure.role for tenure in command.open_tenures(tx, incident.number) if tenure.person == person}
    if person in groups.commanders(tx, settings) and may_see(tx, incident, person):
        return Standing.COMMANDER
    if holds & _IN_COMMAND:
        return Standing.COMMAND
    if holds or incidents.is_member(tx, incident.number, person):
        return Standing.MEMBER
    if person in groups.members(tx, settings.groups.publishers) and may_see(tx, incident, person):
        return Standing.MEMBER
    return Standing.OUTSIDER


def may_see(tx: Tx, incident: Incident, person: PersonId) -> bool:
    """Whether this person may know that the incident exists."""
    if not incident.private or incidents.is_member(tx, incident.number, person):
        return True
    # Whoever holds a role goes on holding it when they leave the channel.
    return any(tenure.person == person for tenure in command.open_tenures(tx, incident.number))
