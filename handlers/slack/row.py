"""A button whose value is the id of a row: an ask, a vendor case."""

from bot.domain.incident import Incident
from bot.domain.permission import Who, check_may
from bot.errors import NoSuchIncident
from handlers.slack.call import Call
from handlers.slack.commands import sees, standing_here
from storage import incidents


def incident_of_row(call: Call, number: int, unknown: NoSuchIncident) -> Incident:
    """The incident of a row that a member may change. Raises `unknown` to who may not see it, NotAllowed to others."""
    incident = incidents.find(call.tx, number)
    if incident is None or not sees(call.tx, incident, call.asked):
        raise unknown
    known = standing_here(call.tx, call.settings, incident, call.asked)
    check_may(known, Who.MEMBER, incident.name, incident.channel_id)
    return incident
