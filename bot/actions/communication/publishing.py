"""Who may tell customers something, and who is asked to when somebody else has written it."""

from bot.actions import groups
from bot.actions.standing import may_see
from bot.domain.command import COMMANDER, holder_of
from bot.domain.incident import Incident, PersonId
from bot.domain.people import can_act
from bot.domain.permission import Who
from bot.errors import NotAllowed, WrongState
from bot.settings import Settings
from storage import command, people
from storage.store import Tx

COMMUNICATIONS = "communications"
_PUBLISH = frozenset({COMMANDER, "deputy", COMMUNICATIONS})


def may_publish(tx: Tx, settings: Settings, incident: Incident, person: PersonId) -> bool:
    """Whether this person is the IC, the deputy, has communications, or is among the publishers of the settings.

    When the incident is over: whether they had one of these roles last. That it is over is told by those who know.
    """
    held = command.open_tenures(tx, incident.number)
    if not incident.is_open:
        held = [last for role in _PUBLISH if (last := command.last_tenure(tx, incident.number, role))]
    if any(tenure.person == person and tenure.role in _PUBLISH for tenure in held):
        return True
    return person in groups.members(tx, settings.groups.publishers) and may_see(tx, incident, person)


def check_may_publish(tx: Tx, settings: Settings, incident: Incident, person: PersonId) -> None:
    """Raise NotAllowed, saying who may, unless `may_publish`. It is a role or a group, and no step of a standing."""
    if not may_publish(tx, settings, incident, person):
        ask = f"Ask one of them: `/incident command {incident.name}`"
        raise NotAllowed(f"Only {Who.PUBLISH.value} can do that.", ask)


def check_has_public(incident: Incident) -> None:
    """Raise WrongState for an incident of which customers are never told."""
    if incident.private:
        raise WrongState(
            f"{incident.name} is private, so nothing of it goes to customers.",
            f"Tell those who are in it: `/incident update {incident.name} …`",
        )


def communications_lead(tx: Tx, incident: Incident) -> PersonId | None:
    """Who writes to customers: whoever has communications and is still here, else the IC, or who was IC last."""
    tenures = command.open_tenures(tx, incident.number)
    lead = holder_of(tenures, COMMUNICATIONS)
    if lead and can_act(people.get(tx, lead)):
        return lead
    last = command.last_tenure(tx, incident.number, COMMANDER)
    return holder_of(tenures) or (last.person if last else None)


def overdue_to(tx: Tx, incident: Incident) -> list[PersonId]:
    """Who hears that an update is late: the IC and the deputy, each once."""
    tenures = command.open_tenures(tx, incident.number)
    found = [holder_of(tenures), holder_of(tenures, "deputy")]
    return list(dict.fromkeys(person for person in found if person))
