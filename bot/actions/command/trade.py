"""Trading a shift that somebody can't take: the others are asked one at a time, and nobody is moved unasked."""

from bot.actions import effects
from bot.actions.command.plan import apply, lay_out, tell_plan, upcoming
from bot.actions.standing import may_see
from bot.domain.command import rota_name
from bot.domain.fatigue import LOOK_BACK, rested
from bot.domain.incident import Incident, PersonId
from bot.domain.reminder import DELIVERED, Outcome, Reminder, ReminderKind, superseded
from bot.domain.rota import Rota, Shift, given, traded
from bot.domain.timeline import EntryKind
from bot.domain.trade import Trade, TradeState, in_order, time_to_answer
from bot.errors import NotAllowed, WrongState
from bot.settings import Settings
from storage import command, incidents, people, reminders, rotas, timeline
from storage.store import Tx


def ask_next(tx: Tx, settings: Settings, incident: Incident, shift: Shift) -> None:
    """Ask the next one whether they would take this shift; when nobody is left, say so to whom it concerns."""
    rota = rotas.running(tx, incident.number, shift.role)
    left = _left(tx, rota, shift) if rota else []
    if rota is None or not left:
        _nobody(tx, incident, shift)
        return
    asked, own = left[0], None if _is_gone(tx, shift.person) else _next_shift_of(tx, rota, left[0], shift)
    number = rotas.ask_trade(tx, shift, asked, own.id if own else None)
    effects.tell(tx, incident, asked, "trade", f"trade{number}", trade=number, shift=shift.id)
    effects.publish_home(tx, asked, f"trade{number}")
    due = tx.now + time_to_answer(shift.starts_at, tx.now, len(left))
    reminders.plan(tx, f"trade:{incident.name}:{number}", ReminderKind.TRADE, due, incident.number, number)


def _left(tx: Tx, rota: Rota, shift: Shift) -> list[PersonId]:
    """Who of the rota has not been asked about this shift, the rested first, whoever holds the role now last."""
    trades = rotas.trades_of(tx, shift.id, shift.version)
    asked = {trade.asked for trade in trades if trade.state is not TradeState.WITHDRAWN}
    known = people.find(tx, rota.people)
    there = [person for person in rota.people if not (person in known and known[person].deactivated)]
    left = [person for person in there if person != shift.person and person not in asked]
    holder = command.open_tenure(tx, rota.incident, rota.role)
    fresh = rested(command.command_of_people(tx, left, tx.now - LOOK_BACK), left, tx.now)
    return sorted(in_order(left, list(fresh)), key=lambda person: holder is not None and person == holder.person)


def _next_shift_of(tx: Tx, rota: Rota, person: PersonId, other_than: Shift) -> Shift | None:
    """Their next shift that has not begun: what they would give in return."""
    coming = [shift for shift in upcoming(tx, rota) if shift.person == person and shift.id != other_than.id]
    return coming[0] if coming else None


def _is_gone(tx: Tx, person: PersonId) -> bool:
    """Whether somebody left the workspace: they take no shift in return."""
    known = people.get(tx, person)
    return known is not None and known.deactivated


def _nobody(tx: Tx, incident: Incident, shift: Shift) -> None:
    cause = f"no-trade:{shift.id}:v{shift.version}"
    holder = command.open_tenure(tx, incident.number, shift.role)
    for person in dict.fromkeys([shift.person, *([holder.person] if holder else [])]):
        effects.tell(tx, incident, person, "no-trade", cause, shift=shift.id)


def unanswered(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """Whoever was asked did not answer in time: the next one."""
    asked = rotas.trade(tx, reminder.subject or 0)
    if asked is None or asked.state is not TradeState.OPEN:
        return superseded(f"the trade was {asked.state}" if asked else "there is no such trade")
    shift = rotas.shift(tx, asked.shift)
    rotas.settle_trade(tx, asked.id, TradeState.EXPIRED)
    effects.publish_home(tx, asked.asked, f"trade{asked.id}:expired")
    if shift is None or shift.version != asked.version or tx.now >= shift.starts_at:
        return superseded("the plan was changed")
    ask_next(tx, settings, incidents.get(tx, shift.incident), shift)
    return DELIVERED


def accept(tx: Tx, trade_id: int, by: PersonId) -> Shift:
    """Take the shift, and give one's own next one in return: the two exchange, nobody else's times move."""
    incident, asked, shift, rota = _open(tx, trade_id, by)
    coming = upcoming(tx, rota)
    own = rotas.shift(tx, asked.for_shift) if asked.for_shift else None
    turns = [one.turn for one in coming]
    if own and own.person == by and own.starts_at > tx.now and not _is_gone(tx, shift.person):
        after, words = traded(turns, shift.position, own.position), f"<@{by}> and <@{shift.person}> traded shifts"
    else:
        after, words = given(turns, shift.position, by), f"<@{by}> takes a shift of <@{shift.person}>"
    rotas.settle_trade(tx, asked.id, TradeState.ACCEPTED)
    reminders.supersede(tx, incident.number, "the trade was accepted", {ReminderKind.TRADE}, asked.id)
    affected = apply(tx, incident, coming, after, "a shift was traded")
    lay_out(tx, rota)
    rotas.change_shift(tx, shift.id, confirmed_at=tx.now)
    text = f"{rota_name(rota.role)}: {words}"
    entry = timeline.add(tx, incident.number, EntryKind.COMMAND, text, by)
    effects.say(tx, incident, "rota-changed", f"t{entry.number}", by=by, words=words, role=rota.role)
    tell_plan(tx, incident, rota, affected, f"t{entry.number}", by)
    effects.after_entry(tx, incident, entry)
    return rotas.shift(tx, shift.id) or shift


def decline(tx: Tx, settings: Settings, trade_id: int, by: PersonId) -> None:
    """I can't either: the next one is asked."""
    incident, asked, shift, _rota = _open(tx, trade_id, by)
    rotas.settle_trade(tx, asked.id, TradeState.DECLINED)
    reminders.supersede(tx, incident.number, "the trade was declined", {ReminderKind.TRADE}, asked.id)
    effects.publish_home(tx, by, f"trade{asked.id}:declined")
    # Whoever answers too late: the next one has been asked already.
    if not any(one.state is TradeState.OPEN for one in rotas.trades_of(tx, shift.id, shift.version)):
        ask_next(tx, settings, incident, shift)


def cannot_any_more(tx: Tx, settings: Settings, person: PersonId) -> None:
    """Somebody left the workspace: what they were asked goes on as if they had said that they can't."""
    for asked in rotas.trades_asked_of(tx, person):
        decline(tx, settings, asked.id, person)


def _open(tx: Tx, trade_id: int, by: PersonId) -> tuple[Incident, Trade, Shift, Rota]:
    """What an open trade is about. Raises a BotError when it is settled, or asked of somebody else."""
    asked = rotas.trade(tx, trade_id)
    shift = rotas.shift(tx, asked.shift) if asked else None
    incident = incidents.get(tx, shift.incident) if shift else None
    if asked is None or shift is None or incident is None or not may_see(tx, incident, by):
        raise WrongState("That trade is not known here.", "See the plan: `/incident rota`")
    see = f"See the plan: `/incident rota {incident.name}`"
    if asked.asked != by:
        raise NotAllowed(f"<@{asked.asked}> is asked about that shift, not you.", see)
    rota = rotas.running(tx, incident.number, shift.role)
    if asked.state is TradeState.ACCEPTED:
        raise WrongState("You have taken that shift already.", see)
    gone = shift.version != asked.version or shift.cant_at is None or tx.now >= shift.starts_at or not incident.is_open
    if gone or rota is None or rota.id != shift.rota or asked.state in {TradeState.WITHDRAWN, TradeState.DECLINED}:
        raise WrongState("That shift needs nobody any more.", see)
    if by not in rota.people:
        raise WrongState("You are not in that rota any more.", see)
    if asked.state is TradeState.EXPIRED and any(
        later.state is TradeState.ACCEPTED for later in rotas.trades_of(tx, shift.id, shift.version)
    ):
        raise WrongState("Somebody else has taken it meanwhile.", see)
    return incident, asked, shift, rota
