"""Asks to managers: `ask`, `ask done`, `asks`."""

from bot.actions.communication import needs
from bot.domain.permission import Who
from bot.errors import WrongWords
from bot.messages import replies
from bot.messages.communication import need_posts
from handlers.slack.call import Call, Reply
from handlers.slack.table import About, Command
from storage import needs as stored


def _ask(call: Call) -> Reply:
    """Without words it lists them."""
    if not call.rest:
        return _list(call)
    return Reply(need_posts.asked(call.incident, needs.ask(call.tx, call.incident, call.rest, call.by)))


def _done(call: Call) -> Reply:
    number = call.rest.strip().lstrip("#")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise WrongWords("Which ask is done? Its number.", "For example: `/incident ask done 2`. All: `/incident asks`")
    need = needs.done(call.tx, call.incident, int(number), call.by)
    return Reply(replies.done(call.incident, f"has ask {need.number} done."))


def _list(call: Call) -> Reply:
    return Reply(need_posts.listing(call.incident, stored.of(call.tx, call.incident.number)))


COMMANDS = (
    Command(
        name="ask",
        arguments="[text]",
        help="Asks the managers for something: in the digest until it is done. Without words it lists.",
        example="/incident ask we need a budget for 40 more hosts",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_ask,
    ),
    Command(
        name="ask done",
        arguments="number",
        help="Says that an ask is done.",
        example="/incident ask done 1",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_done,
    ),
    Command(
        name="asks",
        help="Lists what the managers were asked for.",
        example="/incident asks",
        who=Who.ANYONE,
        about=About.INCIDENT,
        changes=False,
        run=_list,
    ),
)
