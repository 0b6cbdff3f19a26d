"""Commands about rotas: the plan of who takes turns in command, or in any role."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.actions.command import rota
from bot.actions.incident import roles
from bot.actions.zones import zone_of, zones_of
from bot.domain import walltime
from bot.domain.command import COMMANDER
from bot.domain.permission import Who
from bot.domain.rota import DEFAULT_SHIFT
from bot.domain.text import nearest, parse_duration
from bot.errors import WrongWords
from bot.messages.command import command_replies, forms_command
from bot.messages.kit import Message, escape, section
from handlers.slack.call import Call, Reply
from handlers.slack.command.command_commands import check_people
from handlers.slack.table import About, Command
from handlers.slack.words import people_in, without_people
from storage import command, rotas

_START = "For example: `/incident rota start @ada @bob 8h`"
_EXTEND = "For example: `/incident rota extend 1h`, or `rota extend 1h all` to move all later boundaries"


def show_rota(call: Call) -> Reply:
    """The plan of every role that has a rota, that of command first."""
    if call.rest:
        raise _unknown(call.rest)
    running = rotas.all_running(call.tx, call.incident.number)
    if not any(one.role == COMMANDER for one in running):
        return shown(call, COMMANDER)
    messages = [_plan(call, one.role) for one in running]
    return Reply(Message(messages[0].text, [block for message in messages for block in message.blocks][:50]))


def _unknown(rest: str) -> WrongWords:
    word = rest.split(maxsplit=1)[0]
    if people_in(rest):
        return WrongWords("Do you want to start a rota, or to change one?", "Did you mean `rota start`? " + _START)
    close = nearest(word, _DO)
    hint = f"Did you mean `rota {close}`?" if close else _START
    return WrongWords(f"I don't know `rota {escape(word[:40].replace('`', ''))}`.", hint)


def shown(call: Call, role: str, warnings: tuple[str, ...] = ()) -> Reply:
    """The plan of one role as it is now, and what is worth a thought about rest."""
    return Reply(_plan(call, role, warnings))


def _plan(call: Call, role: str, warnings: tuple[str, ...] = ()) -> Message:
    running = rotas.running(call.tx, call.incident.number, role)
    shifts = rotas.shifts_ending_after(call.tx, running.id, call.tx.now) if running else []
    zones = zones_of(call.tx, {shift.person for shift in shifts})
    log = command.tenures_of(call.tx, call.incident.number, role) if running else []
    by = rota.extension(call.tx, call.incident, role)
    return command_replies.rota(
        call.incident, running, shifts, zones, call.tx.now, role=role, log=log, warnings=warnings, extension=by
    )


def _start(call: Call, role: str, rest: str) -> Reply:
    rest, _, when = rest.partition(" from ")
    anchor = start_time(call, when) if when.strip() else None
    named, words = people_in(rest), without_people(rest)
    shift = parse_duration(" ".join(words)) if words else DEFAULT_SHIFT
    if shift is None:
        raise _not_a_length(words)
    check_people(call, named)
    return started(call, rota.start(call.tx, call.incident, role, named, shift, call.by, anchor))


def started(call: Call, planned: rota.Planned) -> Reply:
    """The plan of a rota that was just started; a start on the wall is repeated with its date, its zone and in UTC."""
    message = _plan(call, planned.rota.role, planned.warnings)
    if planned.rota.anchor <= call.tx.now:
        return Reply(message)
    begins = walltime.wall_text(planned.rota.anchor, zone_of(call.tx, call.by))
    return Reply(Message(message.text, [section(f"The first shift begins *{begins}*."), *message.blocks]))


def _not_a_length(words: list[str]) -> WrongWords:
    if any(word.startswith("@") for word in words):
        unknown = next(word for word in words if word.startswith("@"))
        return WrongWords(f"I don't know {escape(unknown[:40])}.", "Pick people from Slack's list when you type @.")
    if len(words) > 1:
        return WrongWords("A rota is some people and how long a shift lasts.", _START)
    return WrongWords(f"`{escape(words[0][:40])}` is not the length of a shift.", _START)


def start_time(call: Call, typed: str) -> datetime:
    """The instant that somebody means by `16:00`, in their own zone. Raises WrongWords."""
    return walltime.parse(typed.strip(), call.tx.now, zone_of(call.tx, call.by)).at


def _add(call: Call, role: str, rest: str) -> Reply:
    named = _only_people(rest, "Who joins the rota?", "For example: `/incident rota add @eve`")
    check_people(call, named)
    return shown(call, role, rota.add(call.tx, call.incident, role, named, call.by).warnings)


def _remove(call: Call, role: str, rest: str) -> Reply:
    named = _only_people(rest, "Who leaves the rota?", "For example: `/incident rota remove @eve`")
    if len(named) > 1:
        raise WrongWords("One person at a time leaves a rota.", "For example: `/incident rota remove @eve`")
    return shown(call, role, rota.remove(call.tx, call.incident, role, named[0], call.by).warnings)


def _swap(call: Call, role: str, rest: str) -> Reply:
    named = _only_people(rest, "Which two trade their next shifts?", "For example: `/incident rota swap @ada @bob`")
    if len(set(named)) != 2:
        raise WrongWords("Two people swap.", "For example: `/incident rota swap @ada @bob`")
    return shown(call, role, rota.swap(call.tx, call.incident, role, named[0], named[1], call.by).warnings)


def _only_people(rest: str, question: str, example: str) -> list[str]:
    named, words = people_in(rest), without_people(rest)
    if words or not named:
        raise WrongWords(question, example)
    return list(dict.fromkeys(named))


def _extend(call: Call, role: str, rest: str) -> Reply:
    words = rest.lower().split()
    later_too = words[-1:] == ["all"]
    how_much = parse_duration(" ".join(words[:-1] if later_too else words))
    if how_much is None:
        raise WrongWords("By how much?", _EXTEND)
    return extend(call, role, how_much, later_too=later_too)


def extend(
    call: Call, role: str, how_much: timedelta, *, later_too: bool = False, boundary: int | None = None
) -> Reply:
    """Move the next boundary (refused if it is not that at which the shift `boundary` begins), and show the plan."""
    planned = rota.extend(call.tx, call.incident, role, how_much, call.by, later_too=later_too, boundary=boundary)
    return shown(call, role, planned.warnings)


def extend_next(call: Call) -> Reply:
    """By the button of the plan: by as much as it says."""
    by = rota.extension(call.tx, call.incident, COMMANDER)
    return extend(call, COMMANDER, by or timedelta(hours=1))


def _stop(call: Call, role: str, rest: str) -> Reply:
    if rest:
        raise WrongWords("A rota is stopped as a whole.", "For one person: `/incident rota remove @eve`")
    rota.stop(call.tx, call.incident, role, call.by)
    return shown(call, role)


_DO: Mapping[str, Callable[[Call, str, str], Reply]] = {
    "start": _start,
    "add": _add,
    "remove": _remove,
    "swap": _swap,
    "extend": _extend,
    "stop": _stop,
}


def _of_command(word: str) -> Callable[[Call], Reply]:
    return lambda call: _DO[word](call, COMMANDER, call.rest)


def _for_role(call: Call) -> Reply:
    """`rota for communications start @ada @bob 4h`."""
    words = call.rest.split(maxsplit=2)
    if not words:
        raise WrongWords(
            "A rota for which role?", "For example: `/incident rota for communications start @ada @bob 4h`"
        )
    role = roles.check_role(call.settings, words[0])
    if len(words) == 1:
        return shown(call, role)
    if words[1].lower() not in _DO:
        raise _unknown(words[1])
    return _DO[words[1].lower()](call, role, words[2] if len(words) > 2 else "")


def open_start_form(call: Call) -> Reply:
    """The form that starts a rota of command."""
    return Reply(view=forms_command.rota_start(call.incident, call.asked.channel_id, [call.by]))


def open_edit_form(call: Call) -> Reply:
    """The form that changes who takes turns; the one that starts a rota when there is none."""
    running = rotas.running(call.tx, call.incident.number)
    if running is None:
        return open_start_form(call)
    return Reply(view=forms_command.rota_edit(call.incident, running, call.asked.channel_id))


def _changing(word: str, arguments: str, help_text: str, example: str) -> Command:
    return Command(
        name=f"rota {word}",
        arguments=arguments,
        help=help_text,
        example=f"/incident rota {word} {example}".strip(),
        who=Who.COMMAND,
        about=About.INCIDENT,
        changes=True,
        run=_of_command(word) if word in _DO else _for_role,
        names_people=True,
    )


COMMANDS = (
    Command(
        name="rota",
        help="Shows who takes turns in command for the next 48 h.",
        example="/incident rota",
        who=Who.ANYONE,
        about=About.INCIDENT,
        changes=False,
        run=show_rota,
        common=True,
    ),
    _changing(
        "start", "@ada @bob … [8h] [from 16:00]", "Starts a rota of command, the first named first.", "@ada @bob 8h"
    ),
    _changing("add", "@person …", "Lets people join it; they come at the end of the order.", "@eve"),
    _changing("remove", "@person", "Takes somebody out of it.", "@eve"),
    _changing("swap", "@ada @bob", "Lets two people trade their next shifts.", "@ada @bob"),
    _changing("extend", "1h [all]", "Moves the next boundary, or all later ones too.", "1h"),
    _changing("stop", "", "Stops the rota; whoever is in command stays.", ""),
    _changing("for", "role [start|add|…]", "The same for another role.", "communications start @ada @bob 4h"),
)
