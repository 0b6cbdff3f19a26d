"""The one table of buttons: what each does, and who may press it."""

from collections.abc import Mapping

from bot.actions.incident import ending, membership
from bot.actions.overview import overview
from bot.domain.incident import Incident
from bot.domain.permission import Who, check_may
from bot.errors import NoSuchIncident
from bot.messages import forms, home, replies
from bot.settings import Settings
from handlers.slack import activity
from handlers.slack.button import Button
from handlers.slack.call import Asked, Call, Reply
from handlers.slack.command import briefing_commands, care_buttons, command_buttons
from handlers.slack.commands import GROUPS, perform, sees, standing_here
from handlers.slack.communication import (
    impact_commands,
    need_buttons,
    progress_buttons,
    update_commands,
    vendor_buttons,
)
from handlers.slack.incident.incident_commands import open_edit_form
from handlers.slack.incident.timeline_commands import open_note_form, show_timeline
from handlers.slack.table import help_text
from handlers.slack.waking import paging_buttons
from storage import incidents
from storage.store import Tx


def _join(call: Call) -> Reply:
    new = membership.join(call.tx, call.incident, call.by, call.asked.key)
    message = replies.joined(call.incident, new=new)
    return Reply(briefing_commands.with_catchup(call, message) if new else message)


def _card(call: Call) -> Reply:
    return Reply(view=home.card_view(overview(call.tx, call.incident)))


def _resolve(call: Call) -> Reply:
    return impact_commands.resolve(call, "")


def _reopen(call: Call) -> Reply:
    incident = ending.reopen(call.tx, call.settings, call.incident, call.by)
    return Reply(replies.done(incident, "is open again, and you are incident commander."))


def _run_command(call: Call) -> Reply:
    return perform(call.tx, call.settings, _with_text(call.asked, call.rest))


def _with_text(asked: Asked, text: str) -> Asked:
    return Asked(by=asked.by, channel_id=asked.channel_id, text=text, response_url=asked.response_url, key=asked.key)


BUTTONS: Mapping[str, Button] = {
    **command_buttons.BUTTONS,
    **briefing_commands.BUTTONS,
    **care_buttons.BUTTONS,
    **paging_buttons.BUTTONS,
    **progress_buttons.BUTTONS,
    **update_commands.BUTTONS,
    **need_buttons.BUTTONS,
    **vendor_buttons.BUTTONS,
    "incident:join": Button(run=_join, changes=True),
    "incident:card": Button(run=_card, changes=False),
    "incident:edit": Button(run=open_edit_form, changes=False, who=Who.MEMBER),
    "incident:note": Button(run=open_note_form, changes=False),
    "incident:timeline": Button(run=show_timeline, changes=False),
    "impact:open": Button(run=impact_commands.open_form, changes=False, who=Who.MEMBER),
    "incident:resolve": Button(run=_resolve, changes=True, who=Who.MEMBER),
    "incident:reopen": Button(run=_reopen, changes=True, who=Who.MEMBER),
    "incident:use-channel": Button(
        run=lambda call: Reply(view=forms.use_channel(call.incident)), changes=False, who=Who.MEMBER
    ),
    "command:run": Button(run=_run_command, changes=True, about_incident=False),
    "declare:open": Button(
        run=lambda call: Reply(view=forms.declare(call.settings)), changes=False, about_incident=False
    ),
    "help:open": Button(run=lambda call: Reply(help_text(GROUPS, "")), changes=False, about_incident=False),
}


def press(tx: Tx, settings: Settings, button: Button, asked: Asked) -> Reply:
    """Do what a button does; its value is the text that was asked. Raises a BotError when it can't be done."""
    incident = _incident(tx, button, asked)
    if incident:
        check_may(standing_here(tx, settings, incident, asked), button.who, incident.name, incident.channel_id)
    rest = "" if incident else asked.text
    reply = button.run(Call(tx=tx, settings=settings, asked=asked, rest=rest, found=incident))
    if incident and button.changes:
        activity.noted(tx, incident, asked.by)
    return activity.to_note(tx, incident, asked.by, reply) if incident and not button.changes else reply


def _incident(tx: Tx, button: Button, asked: Asked) -> Incident | None:
    if not button.about_incident:
        return None
    incident = incidents.find(tx, int(asked.text)) if asked.text.isdecimal() else None
    if incident is None or not sees(tx, incident, asked):
        raise NoSuchIncident("That incident is not known here.", "See which there are: `/incident list all`")
    return incident
