"""Buttons and forms of vendor cases: They answered…, Chased, Closed, Open a case… Values name the case."""

from collections.abc import Mapping

from bot.actions.communication import vendors
from bot.domain.incident import Incident
from bot.domain.permission import Who
from bot.domain.vendor import VendorCase, opening
from bot.errors import NoSuchIncident
from bot.messages.communication import vendor_posts
from bot.messages.communication.vendors import name_of
from bot.messages.kit import Message, said
from handlers.slack import activity
from handlers.slack.button import Button
from handlers.slack.call import Call, Reply
from handlers.slack.communication.vendor_commands import open_case_form
from handlers.slack.filled import Filled, Submission
from handlers.slack.row import incident_of_row
from storage import vendors as stored


def _answered(call: Call) -> Reply:
    incident, case = _about(call)
    return Reply(view=vendor_posts.note_form(incident, case, call.asked.channel_id))


def _chased(call: Call) -> Reply:
    incident, case = _about(call)
    vendors.chased(call.tx, call.settings, incident, case, call.by)
    return _done(call, incident, said(f"*{name_of(case)}*: asked again. You hear of it when nothing comes of that."))


def _closed(call: Call) -> Reply:
    incident, case = _about(call)
    vendors.close(call.tx, incident, case, call.by)
    return _done(call, incident, said(f"*{name_of(case)}* of {incident.name} is closed."))


def _done(call: Call, incident: Incident, message: Message) -> Reply:
    activity.noted(call.tx, incident, call.by)
    return Reply(message)


def _about(call: Call) -> tuple[Incident, VendorCase]:
    """The case that a button is about, and its incident. Raises a BotError unless they may change it."""
    unknown = NoSuchIncident("That case is not known here.", "See which there are: `/incident vendors`")
    case = stored.find(call.tx, int(call.rest))
    if case is None:
        raise unknown
    return incident_of_row(call, case.incident, unknown), case


def _open_case(filled: Filled) -> None:
    incident, _ = filled.incident(Who.MEMBER)
    given = (str(filled.answers[block] or "") for block in ("vendor", "reference", "priority", "contact"))
    vendors.open_case(filled.tx, filled.settings, incident, opening(*given), filled.by)


def _note(filled: Filled) -> None:
    incident, _ = filled.incident(Who.MEMBER)
    case = stored.get(filled.tx, int(filled.about["case"]["id"]))
    vendors.note(filled.tx, filled.settings, incident, case, str(filled.answers["text"] or ""), filled.by)


BUTTONS: Mapping[str, Button] = {
    "vendor:open": Button(run=open_case_form, changes=False, who=Who.MEMBER),
    "vendor:answered": Button(run=_answered, changes=False, about_incident=False),
    "vendor:chased": Button(run=_chased, changes=True, about_incident=False),
    "vendor:closed": Button(run=_closed, changes=True, about_incident=False),
}
SUBMISSIONS: Mapping[str, tuple[Submission, str]] = {
    vendor_posts.CASE: (_open_case, "vendor"),
    vendor_posts.NOTE: (_note, "text"),
}
