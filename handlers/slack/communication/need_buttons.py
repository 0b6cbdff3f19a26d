"""The button of an ask: Done. Its value names the ask."""

from collections.abc import Mapping

from bot.actions.communication import needs
from bot.domain.incident import Incident
from bot.domain.need import Need
from bot.errors import NoSuchIncident
from bot.messages import replies
from handlers.slack import activity
from handlers.slack.button import Button
from handlers.slack.call import Call, Reply
from handlers.slack.row import incident_of_row
from storage import needs as stored


def _done(call: Call) -> Reply:
    incident, need = _asked(call)
    needs.done(call.tx, incident, need.number, call.by)
    activity.noted(call.tx, incident, call.by)
    return Reply(replies.done(incident, f"has ask {need.number} done."))


def _asked(call: Call) -> tuple[Incident, Need]:
    """The ask that a button is about, and its incident. Raises a BotError unless they may change it."""
    unknown = NoSuchIncident("That ask is not known here.", "See which there are: `/incident asks`")
    need = stored.find(call.tx, int(call.rest))
    if need is None:
        raise unknown
    return incident_of_row(call, need.incident, unknown), need


BUTTONS: Mapping[str, Button] = {"need:done": Button(run=_done, changes=True, about_incident=False)}
