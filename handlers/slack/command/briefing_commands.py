"""The catch-up, and the buttons that open the form of the briefing."""

from collections.abc import Mapping

from bot.actions.command import briefing
from bot.domain.command import COMMANDER
from bot.domain.incident import check_open
from bot.domain.permission import Who
from bot.errors import NoSuchIncident
from bot.messages.command import briefing as texts
from bot.messages.command import forms_briefing
from bot.messages.kit import Message
from handlers.slack.button import Button
from handlers.slack.call import Call, Reply
from handlers.slack.table import About, Command
from storage import briefings


def _catchup(call: Call) -> Reply:
    return Reply(texts.caught_up(briefing.catchup(call.tx, call.incident), call.tx.now))


def with_catchup(call: Call, message: Message) -> Message:
    """`message` and the catch-up, for somebody who has just joined; nothing more while there is nothing to catch up."""
    if not call.incident.is_open or not briefing.has_history(call.tx, call.incident):
        return message
    facts = briefing.catchup(call.tx, call.incident)
    return Message(message.text, [*message.blocks, *texts.catchup(facts, call.tx.now)])


def _edit(call: Call) -> Reply:
    """From the posted briefing: its value is the briefing's id."""
    if not call.rest.isdecimal():
        raise NoSuchIncident("That briefing is not known here.", "See how it stands: `/incident catchup`")
    here = call.asked.channel_id
    incident, written = briefing.to_edit(call.tx, call.settings, int(call.rest), call.by, here)
    return Reply(view=forms_briefing.briefing(incident, written.role, written, here))


def _open(call: Call) -> Reply:
    """Before it is posted, by its holder: what will stand in the briefing of the next boundary of command."""
    check_open(call.incident)
    written = briefings.open_of(call.tx, call.incident.number, COMMANDER)
    return Reply(view=forms_briefing.briefing(call.incident, COMMANDER, written, call.asked.channel_id))


BUTTONS: Mapping[str, Button] = {
    "briefing:edit": Button(run=_edit, changes=False, about_incident=False),
    "briefing:open": Button(run=_open, changes=False, who=Who.COMMAND),
}

COMMANDS = (
    Command(
        name="catchup",
        help="The briefing as of now: how it stands, what changed, what was decided.",
        example="/incident catchup",
        who=Who.ANYONE,
        about=About.INCIDENT,
        changes=False,
        run=_catchup,
        common=True,
    ),
)
