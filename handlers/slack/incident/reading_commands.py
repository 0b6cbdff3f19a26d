"""Commands that only show: what is open, one incident."""

from bot.actions.overview import glances, overview
from bot.domain.permission import Who
from bot.errors import WrongWords
from bot.messages import replies
from handlers.slack.call import Call, Reply
from handlers.slack.table import About, Command
from storage import incidents


def _home(call: Call) -> Reply:
    if call.found:
        return _show(call)
    found = incidents.visible(call.tx, call.by, open_only=True)
    return Reply(replies.opened(glances(call.tx, found)))


def _list(call: Call) -> Reply:
    what = call.rest.strip().lower() or "open"
    if what not in {"open", "all", "mine"}:
        raise WrongWords("A list is of `open`, `all` or `mine`.", "For example: `/incident list mine`")
    found = incidents.visible(call.tx, call.by, open_only=what == "open", mine=what == "mine")
    return Reply(replies.listing(glances(call.tx, found), what))


def _show(call: Call) -> Reply:
    return Reply(replies.shown(overview(call.tx, call.incident)))


HOME = Command(
    name="",
    help="Its card in an incident's channel; elsewhere what is open, and *Declare*.",
    example="/incident",
    who=Who.ANYONE,
    about=About.NOTHING,
    changes=False,
    run=_home,
)

COMMANDS = (
    Command(
        name="list",
        arguments="[open|all|mine]",
        help="Lists incidents.",
        example="/incident list mine",
        who=Who.ANYONE,
        about=About.NOTHING,
        changes=False,
        run=_list,
    ),
    Command(
        name="show",
        help="Shows an incident's card.",
        example="/incident show INC-7",
        who=Who.ANYONE,
        about=About.INCIDENT,
        changes=False,
        run=_show,
    ),
)
