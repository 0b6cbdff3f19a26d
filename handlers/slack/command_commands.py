"""Commands about who does what: command, roles, the rota."""

from bot.actions import roles, rota
from bot.actions.overview import overview
from bot.domain.command import DEFAULT_SHIFT
from bot.domain.people import check_can_act
from bot.domain.permission import Who
from bot.domain.text import parse_duration
from bot.errors import WrongWords
from bot.messages import replies
from bot.messages.kit import escape
from handlers.slack.call import Call, Reply
from handlers.slack.table import About, Command
from handlers.slack.words import people_in, without_people
from storage import command, people

_ROTA_EXAMPLE = "For example: `/incident rota start @ada @bob 8h`"


def _command(call: Call) -> Reply:
    log = command.tenures_of(call.tx, call.incident.number)
    return Reply(replies.command(overview(call.tx, call.incident), log))


def _role(call: Call) -> Reply:
    words, named = without_people(call.rest), people_in(call.rest)
    if not words:
        raise WrongWords("Which role, and who?", "For example: `/incident role communications @bob`")
    role = roles.check_role(call.settings, words[0])
    if words[1:] == ["none"] and not named:
        roles.unassign(call.tx, call.incident, role, call.by)
        return Reply(replies.done(call.incident, f"has nobody as {role} now."))
    if len(named) != 1 or words[1:]:
        raise WrongWords(f"Who shall be {role}? One person, or `none`.", f"For example: `/incident role {role} @bob`")
    _check_people(call, named)
    roles.assign(call.tx, call.incident, role, named[0], call.by)
    return Reply(replies.done(call.incident, f"has <@{named[0]}> as {role} now."))


def _rota(call: Call) -> Reply:
    if call.rest:
        raise WrongWords(f"I don't know `rota {escape(call.rest.split()[0][:40])}`.", _ROTA_EXAMPLE)
    running = command.running_rota(call.tx, call.incident.number)
    shifts = command.shifts_of(call.tx, running.id) if running else []
    return Reply(replies.rota(call.incident, running, shifts, call.tx.now))


def _rota_start(call: Call) -> Reply:
    named, words = people_in(call.rest), without_people(call.rest)
    if len(words) > 1:
        raise WrongWords("A rota is some people and how long a shift lasts.", _ROTA_EXAMPLE)
    shift = parse_duration(words[0]) if words else DEFAULT_SHIFT
    if shift is None:
        hint = "Name people with @." if words[0].startswith("@") else _ROTA_EXAMPLE
        raise WrongWords(f"`{escape(words[0][:40])}` is not the length of a shift.", hint)
    _check_people(call, named)
    rota.start(call.tx, call.incident, named, shift, call.by)
    running = command.running_rota(call.tx, call.incident.number)
    shifts = command.shifts_of(call.tx, running.id) if running else []
    return Reply(replies.rota(call.incident, running, shifts, call.tx.now))


def _rota_stop(call: Call) -> Reply:
    rota.stop(call.tx, call.incident, call.by)
    return Reply(replies.done(call.incident, "has no rota now."))


def _check_people(call: Call, named: list[str]) -> None:
    known = people.find(call.tx, named)
    for person in named:
        check_can_act(known.get(person), person)


COMMANDS = (
    Command(
        name="command",
        help="Who is in command, since when, who is next.",
        example="/incident command",
        who=Who.ANYONE,
        about=About.INCIDENT,
        changes=False,
        run=_command,
    ),
    Command(
        name="role",
        arguments="name @person|none",
        help="Gives a role to somebody, or to nobody.",
        example="/incident role communications @bob",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_role,
        names_people=True,
    ),
    Command(
        name="rota",
        help="Shows the rota of command.",
        example="/incident rota",
        who=Who.ANYONE,
        about=About.INCIDENT,
        changes=False,
        run=_rota,
    ),
    Command(
        name="rota start",
        arguments="@ada @bob … [8h]",
        help="Starts a rota of command from now on, the first named first.",
        example="/incident rota start @ada @bob 8h",
        who=Who.COMMAND,
        about=About.INCIDENT,
        changes=True,
        run=_rota_start,
        names_people=True,
    ),
    Command(
        name="rota stop",
        help="Stops the rota; whoever is in command stays.",
        example="/incident rota stop",
        who=Who.COMMAND,
        about=About.INCIDENT,
        changes=True,
        run=_rota_stop,
    ),
)
