"""What people say of their own shifts: I'll be there, I'm up, I can't."""

from bot.actions import effects
from bot.actions.command import trade
from bot.actions.command.plan import end_trades
from bot.actions.standing import may_see
from bot.actions.waking import paging
from bot.domain.command import role_name
from bot.domain.incident import Incident, PersonId
from bot.domain.rota import Shift
from bot.domain.timeline import EntryKind
from bot.errors import NotAllowed, WrongState
from bot.settings import Settings
from storage import command, incidents, rotas, timeline
from storage.store import Tx


def confirm(tx: Tx, shift_id: int, version: int, by: PersonId) -> Shift:
    """I'll be there."""
    incident, shift = _mine(tx, shift_id, version, by)
    rotas.change_shift(tx, shift.id, confirmed_at=tx.now, cant_at=None)
    end_trades(tx, incident, shift.rota, "its person can", shift.id)
    effects.publish_home(tx, by, f"shift{shift.id}:there")
    return shift


def up(tx: Tx, shift_id: int, version: int, by: PersonId) -> Shift:
    """I'm up: no paging is needed before this boundary."""
    incident, shift = _mine(tx, shift_id, version, by)
    rotas.change_shift(tx, shift.id, up_at=tx.now, cant_at=None)
    end_trades(tx, incident, shift.rota, "its person can", shift.id)
    paging.acknowledged(tx, incident, by)
    effects.publish_home(tx, by, f"shift{shift.id}:up")
    return shift


def cant(tx: Tx, settings: Settings, shift_id: int, version: int, by: PersonId) -> Shift:
    """I can't: the others are asked, one at a time, whether they would trade. Until one accepts, it stays theirs."""
    incident, shift = _mine(tx, shift_id, version, by)
    if shift.cant_at:
        raise WrongState("You have said so already: I'm asking the others.", "See the plan: `/incident rota`")
    rotas.change_shift(tx, shift.id, cant_at=tx.now, confirmed_at=None, up_at=None)
    paging.acknowledged(tx, incident, by)
    text = f"<@{by}> can't take a shift of {role_name(shift.role)}"
    entry = timeline.add(tx, incident.number, EntryKind.COMMAND, text, by)
    holder = command.open_tenure(tx, incident.number, shift.role)
    if holder and holder.person != by:
        effects.tell(tx, incident, holder.person, "cant", f"t{entry.number}", by=by, shift=shift.id)
    trade.ask_next(tx, settings, incident, rotas.shift(tx, shift.id) or shift)
    effects.publish_home(tx, by, f"t{entry.number}")
    return shift


def person_left(tx: Tx, person: PersonId) -> None:
    """Somebody left the workspace: whoever holds a role in which they have a shift to come hears of it, once."""
    coming = [shift for shift in rotas.shifts_of_person(tx, person, tx.now) if shift.starts_at > tx.now]
    for shift in {shift.rota: shift for shift in reversed(coming)}.values():
        incident = incidents.get(tx, shift.incident)
        holder = command.open_tenure(tx, incident.number, shift.role)
        if holder and holder.person != person:
            about = {"by": person, "shift": shift.id, "role": shift.role}
            effects.tell(tx, incident, holder.person, "shift-left", f"shift{shift.id}:left:{person}", **about)


def _mine(tx: Tx, shift_id: int, version: int, by: PersonId) -> tuple[Incident, Shift]:
    """The shift that a button is about. Raises a BotError when it is not planned so any more, or not theirs."""
    shift = rotas.shift(tx, shift_id)
    incident = incidents.get(tx, shift.incident) if shift else None
    if shift is None or incident is None or not may_see(tx, incident, by):
        raise WrongState("That shift is not known here.", "See the plan: `/incident rota`")
    see = f"See the plan: `/incident rota {incident.name}`"
    rota = rotas.running(tx, incident.number, shift.role)
    if not incident.is_open or rota is None or rota.id != shift.rota:
        raise WrongState("That shift is not planned any more.", see)
    if shift.person != by:
        raise NotAllowed(f"That is the shift of <@{shift.person}>.", see)
    if shift.version != version:
        raise WrongState("That shift was changed since.", see)
    if tx.now >= shift.ends_at:
        raise WrongState("That shift is over.", see)
    if tx.now >= shift.starts_at:
        raise WrongState("That shift has begun.", f"See who has what role: `/incident show {incident.name}`")
    return incident, shift
