"""The plan of one rota: shifts laid out ahead, changed, and the reminders that make them happen.

Whatever changes the plan goes through `apply`, so that reminders are planned anew in the same transaction and everybody
whose shifts changed is told once.
"""

from collections.abc import Sequence

from bot.actions import effects
from bot.actions.command import fatigue
from bot.actions.waking import fallbacks, paging
from bot.domain.boundary import BEFORE, step_key, steps
from bot.domain.command import COMMANDER
from bot.domain.incident import Incident, PersonId
from bot.domain.reminder import Planned, ReminderKind
from bot.domain.rota import Rota, Shift, Turn, affected, plan_until, turns_after
from bot.domain.trade import TradeState
from storage import handoffs, incidents, reminders, rotas
from storage.store import Tx

OF_SHIFT = frozenset(kind for kind, _ in BEFORE)


def lay_out(tx: Tx, rota: Rota) -> list[Shift]:
    """Store the shifts of the next 48 h, and one of everybody at least, that are not stored yet; with reminders."""
    last = rotas.last_shift(tx, rota.id)
    added = rotas.add_turns(tx, rota, turns_after(rota, last.turn if last else None, plan_until(rota, tx.now)))
    planned: list[Planned] = []
    for shift in added:
        planned += _steps(tx, shift)
        # The bot was away for so long that this one runs already, and was offered to nobody.
        if last and shift.starts_at <= tx.now < shift.ends_at:
            kind = ReminderKind.SHIFT_BOUNDARY
            planned.append(Planned(step_key(shift, kind), kind, shift.starts_at, shift.incident, shift.id))
    reminders.plan_all(tx, planned)
    if added and rota.role == COMMANDER:
        fallbacks.plan(tx, incidents.get(tx, rota.incident))
    return added


def plan_steps(tx: Tx, shift: Shift) -> None:
    """Plan what is still to come of the boundary at which this shift begins."""
    reminders.plan_all(tx, _steps(tx, shift))


def _steps(tx: Tx, shift: Shift) -> list[Planned]:
    return [
        Planned(step_key(shift, kind), kind, due, shift.incident, shift.id, shift.version)
        for kind, due in steps(shift, tx.now)
        # A rota begins with its first shift already running: its offer is made by whoever starts it.
        if due > tx.now or kind is not ReminderKind.SHIFT_BOUNDARY
    ]


def upcoming(tx: Tx, rota: Rota) -> list[Shift]:
    """The shifts that have not begun; those offered but not accepted yet are not among them."""
    return [shift for shift in rotas.shifts_ending_after(tx, rota.id, tx.now) if shift.starts_at > tx.now]


def before_upcoming(tx: Tx, rota: Rota, coming: Sequence[Shift]) -> Turn:
    """The turn before the first of the upcoming ones; at the very beginning, whose turn would have come before."""
    shifts = [shift for shift in rotas.shifts_of(tx, rota.id) if not coming or shift.position < coming[0].position]
    if shifts:
        return shifts[-1].turn
    return Turn(-1, rota.people[-1], rota.people[-1], rota.anchor, rota.anchor)


def apply(tx: Tx, incident: Incident, before: Sequence[Shift], after: Sequence[Turn], why: str) -> list[PersonId]:
    """Make the plan what `after` says; who is affected by it. Reminders of what changed are planned anew."""
    for shift, turn in zip(before, after, strict=True):
        if (turn.person, turn.starts_at) != (shift.person, shift.starts_at):
            _replan(tx, incident, shift, turn, why)
        elif turn != shift.turn:
            rotas.change_shift(tx, shift.id, ends_at=turn.ends_at, turn_of=turn.turn_of)
    if incident.is_open:
        fatigue.rewatch(tx, incident)
        fallbacks.plan(tx, incident)
    return affected([shift.turn for shift in before], after)


def _replan(tx: Tx, incident: Incident, shift: Shift, turn: Turn, why: str) -> None:
    forget(tx, incident, shift, why)
    rotas.replan(tx, shift.id, turn)
    changed = rotas.shift(tx, shift.id)
    if changed:
        plan_steps(tx, changed)


def forget(tx: Tx, incident: Incident, shift: Shift, why: str) -> None:
    """A shift is not as it was: what was planned, asked and paged about it ends."""
    reminders.supersede(tx, incident.number, why, OF_SHIFT, shift.id)
    end_trades(tx, incident, shift.rota, why, shift.id)
    paging.end(tx, incident, why, shift=shift.id)


def end_trades(tx: Tx, incident: Incident, rota: int, why: str, shift: int | None = None) -> None:
    """Nobody needs to take this shift, or any of the rota, any more: whoever was asked to is asked no longer."""
    for asked in rotas.open_trades(tx, rota, shift):
        rotas.settle_trade(tx, asked.id, TradeState.WITHDRAWN)
        reminders.supersede(tx, incident.number, why, {ReminderKind.TRADE}, asked.id)
        effects.publish_home(tx, asked.asked, f"trade{asked.id}:withdrawn")


def tell_plan(
    tx: Tx, incident: Incident, rota: Rota, people: Sequence[PersonId], cause: str, by: PersonId | None
) -> None:
    """Tell these people their shifts, each in their own zone; whoever made the change knows."""
    tx.promised = True
    turns = [shift.turn for shift in rotas.shifts_ending_after(tx, rota.id, tx.now)]
    tiring = fatigue.in_plan_by_person(tx, turns, tx.now) if rota.role == COMMANDER else {}
    for person in people:
        if person != by:
            about = {"rota": rota.id, "role": rota.role, "by": by, "warning": tiring.get(person, "")}
            effects.tell_newest(tx, incident, person, "plan", f"plan:{cause}", f"plan:{rota.role}", about)
        effects.publish_home(tx, person, f"plan:{cause}")


def bring_in(tx: Tx, incident: Incident, people: Sequence[PersonId], cause: str) -> None:
    """Make people members and bring them into the channel."""
    new = [person for person in people if incidents.join(tx, incident.number, person)]
    for person in new:
        effects.invite(tx, incident, [person], f"{cause}:{person}")


def open_boundary(tx: Tx, incident: Incident, role: str = COMMANDER) -> Shift | None:
    """The shift that has begun and that nobody has accepted yet."""
    offer = handoffs.open_offer(tx, incident.number, role)
    return rotas.shift(tx, offer.shift) if offer and offer.shift else None
