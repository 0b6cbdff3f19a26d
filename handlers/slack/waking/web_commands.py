"""`/incident web`: a link that signs whoever asks in on the web."""

import re

from bot.actions.standing import may_see
from bot.actions.waking import signin
from bot.domain.incident import Incident
from bot.domain.permission import Who
from bot.errors import NoSuchIncident, WrongWords
from bot.messages.kit import actions, context, link_button, said
from handlers.slack.call import Call, Reply
from handlers.slack.table import About, Command
from storage import incidents

_NAMED = re.compile(r"(?:inc-)?(\d{1,9})", re.IGNORECASE)


def _web(call: Call) -> Reply:
    incident = _about(call)
    token = signin.make_link(call.tx, call.by, signin.new_token())
    address = signin.address(call.settings, token, incident.number if incident else None)
    where = f" and leads to {incident.name}" if incident else ""
    text = f"This link signs you in on the web{where}. It is for you alone, works once, and for 15 minutes."
    hints = [f"<{address}>", "You stay signed in for a week in that browser, also while Slack is away."]
    if not call.settings.public_url:
        hints.append("It opens on the bot's own machine only, until its operator sets `WATCHBILL_PUBLIC_URL`.")
    return Reply(said(text, actions(link_button("Open Watchbill", "web:open", address)), context(*hints)), secret=True)


def _about(call: Call) -> Incident | None:
    """The incident that is named, or in whose channel this was asked."""
    word = call.rest.strip()
    if not word:
        here = incidents.in_channel(call.tx, call.asked.channel_id) if call.asked.channel_id else None
        if here:
            # Whoever speaks there is in it, whatever events said or failed to say; the page must know it too.
            incidents.join(call.tx, here.number, call.by)
        return here
    named = _NAMED.fullmatch(word)
    if named is None:
        raise WrongWords("After `web` comes an incident, or nothing.", "For example: `/incident web INC-7`")
    incident = incidents.find(call.tx, int(named[1]))
    if incident is None or not may_see(call.tx, incident, call.by):
        raise NoSuchIncident(f"There is no INC-{int(named[1])}.", "See which there are: `/incident list all`")
    return incident


COMMANDS = (
    Command(
        name="web",
        arguments="[INC-7]",
        help="Gives you a link that signs you in on the web, once: what waits for you, and the incident in short.",
        example="/incident web",
        who=Who.ANYONE,
        about=About.NOTHING,
        changes=True,
        run=_web,
        names_people=True,
    ),
)
