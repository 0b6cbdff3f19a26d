"""Buttons about command: offers, shifts, trades, taking. Their values name what they are about."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.actions.command import handoff, shifts, taking, trade
from bot.actions.overview import overview
from bot.actions.standing import may_see, standing
from bot.domain.command import COMMANDER
from bot.domain.incident import Incident
from bot.domain.permission import Who, check_may
from bot.domain.rota import longest_extension
from bot.errors import WrongState
from bot.messages import replies
from bot.messages.command import command_replies
from bot.messages.kit import at, said
from handlers.slack.button import Button
from handlers.slack.call import Call, Reply
from handlers.slack.command.command_commands import open_handoff_form, open_take_form, show_command
from handlers.slack.command.rota_commands import extend, extend_next, open_edit_form, open_start_form, show_rota
from storage import handoffs, incidents, rotas


def _accept(call: Call) -> Reply:
    came = handoff.accept(call.tx, int(call.rest), call.by)
    return Reply(command_replies.taken(overview(call.tx, came.incident), came.role, came.warnings))


def _decline(call: Call) -> Reply:
    incident = handoff.decline(call.tx, call.settings, int(call.rest), call.by)
    offered = handoffs.get(call.tx, int(call.rest))
    words = "goes to somebody else" if offered.is_open else "stays with whoever has it"
    return Reply(replies.role_done(incident, offered.role, f"{words}. Thank you for saying so."))


def _about(call: Call) -> tuple[int, int]:
    """The shift that a button is about, and which version of it."""
    shift, _, version = call.rest.partition(":")
    return int(shift), int(version or 1)


def _there(call: Call) -> Reply:
    shift = shifts.confirm(call.tx, *_about(call), call.by)
    return Reply(said(f"Good: you take it at {at(shift.starts_at)}. I'll ask again an hour before."))


def _up(call: Call) -> Reply:
    shift = shifts.up(call.tx, *_about(call), call.by)
    return Reply(said(f"Good morning. At {at(shift.starts_at)} I offer it to you in the channel."))


def _cant(call: Call) -> Reply:
    shifts.cant(call.tx, call.settings, *_about(call), call.by)
    return Reply(said("I'm asking the others, one at a time. Until one of them accepts, the shift stays yours."))


def _shift_extend(call: Call) -> Reply:
    """From the DM an hour before: the boundary it names, unless that has moved meanwhile."""
    number, version = _about(call)
    shift = rotas.shift(call.tx, number)
    incident = incidents.get(call.tx, shift.incident) if shift else None
    if shift is None or incident is None or not may_see(call.tx, incident, call.by):
        raise WrongState("That shift is not known here.", "See the plan: `/incident rota`")
    if shift.version != version:
        raise WrongState("That boundary was moved already.", f"See the plan: `/incident rota {incident.name}`")
    known = standing(call.tx, call.settings, incident, call.by)
    check_may(known, Who.COMMAND, incident.name, incident.channel_id)
    # What the button said: the shift is as it was then. What an earlier one offered in vain is refused with its reason.
    by = longest_extension(shift.starts_at, shift.ends_at) or timedelta(hours=1)
    return extend(_with(call, incident), shift.role, by, boundary=shift.id)


def _with(call: Call, incident: Incident) -> Call:
    return Call(tx=call.tx, settings=call.settings, asked=call.asked, rest="", found=incident)


def _trade(call: Call) -> Reply:
    shift = trade.accept(call.tx, int(call.rest), call.by)
    return Reply(said(f"Thank you: it is yours, from {at(shift.starts_at)} to {at(shift.ends_at)}."))


def _no_trade(call: Call) -> Reply:
    trade.decline(call.tx, call.settings, int(call.rest), call.by)
    return Reply(said("All right, I'm asking the next one."))


def _hand(call: Call) -> Reply:
    return Reply(replies.done(taking.hand(call.tx, int(call.rest), call.by), "has a new IC. Rest well."))


def _keep(call: Call) -> Reply:
    return Reply(replies.role_done(taking.keep(call.tx, int(call.rest), call.by), COMMANDER, "stays yours."))


def _confirm(call: Call) -> Reply:
    came = taking.confirm(call.tx, int(call.rest), call.by)
    return Reply(command_replies.taken(overview(call.tx, came.incident), came.role, came.warnings))


def _by_id(run: Callable[[Call], Reply]) -> Button:
    return Button(run=run, changes=True, about_incident=False)


BUTTONS: Mapping[str, Button] = {
    "handoff:accept": _by_id(_accept),
    "handoff:decline": _by_id(_decline),
    "handoff:open": Button(run=open_handoff_form, changes=False, who=Who.COMMAND),
    "shift:there": _by_id(_there),
    "shift:up": _by_id(_up),
    "shift:cant": _by_id(_cant),
    "shift:extend": _by_id(_shift_extend),
    "trade:accept": _by_id(_trade),
    "trade:decline": _by_id(_no_trade),
    "taking:hand": _by_id(_hand),
    "taking:keep": _by_id(_keep),
    "taking:confirm": _by_id(_confirm),
    "command:take": Button(run=open_take_form, changes=False, who=Who.MEMBER),
    "command:show": Button(run=show_command, changes=False),
    "rota:show": Button(run=show_rota, changes=False),
    "rota:open": Button(run=open_start_form, changes=False, who=Who.COMMAND),
    "rota:edit": Button(run=open_edit_form, changes=False, who=Who.COMMAND),
    "rota:extend": Button(run=extend_next, changes=True, who=Who.COMMAND),
}
