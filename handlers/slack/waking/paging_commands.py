"""Waking people: `page`, and one's own channels."""

from bot.actions.waking import waking
from bot.domain.permission import Who
from bot.errors import WrongWords
from bot.messages import replies
from bot.messages.waking import contacts as texts
from handlers.slack.call import Call, Reply
from handlers.slack.table import About, Command
from handlers.slack.words import people_in
from storage import contacts

_EXAMPLE = "For example: `/incident page @ada the database is gone`, or `/incident page on-call`"
ON_CALL = frozenset({"on-call", "oncall", "on_call"})


def _page(call: Call) -> Reply:
    first, _, rest = call.rest.strip().partition(" ")
    named = people_in(first)
    if first.lower() in ON_CALL:
        made = waking.ask_on_duty(call.tx, call.settings, call.incident, rest, call.by)
    elif named:
        made = waking.ask(call.tx, call.incident, named[0], rest, call.by)
    else:
        raise WrongWords("Whom shall I page?", _EXAMPLE)
    return Reply(replies.done(call.incident, f"needs <@{made.person}>: I'm paging them every 5 minutes."))


def _channels(call: Call) -> Reply:
    return Reply(texts.shown(contacts.of(call.tx, call.by)))


COMMANDS = (
    Command(
        name="page",
        arguments="@person|on-call [why]",
        help="Wakes somebody, by DM and by their own channels, until they answer.",
        example="/incident page @ada the database is gone",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_page,
        names_people=True,
    ),
    Command(
        name="me channels",
        help="Shows how I may wake you beside Slack: add, try, remove.",
        example="/incident me channels",
        who=Who.ANYONE,
        about=About.NOTHING,
        changes=False,
        run=_channels,
    ),
)
