"""The rota of a role: started, changed and stopped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions import effects
from bot.actions.command import fatigue, ladder, suggestion
from bot.actions.command.handoff import offer
from bot.actions.command.plan import (
    apply,
    before_upcoming,
    bring_in,
    forget,
    lay_out,
    open_boundary,
    tell_plan,
    upcoming,
)
from bot.actions.command.tenure import settle_offer
from bot.actions.waking import fallbacks, outgoing
from bot.domain.command import COMMANDER, role_name, rota_name
from bot.domain.handoff import HandoffKind, HandoffState
from bot.domain.incident import Incident, PersonId, check_open
from bot.domain.rota import (
    PLAN_AHEAD,
    Rota,
    Shift,
    Turn,
    changes_hands,
    check_rota,
    extended,
    longest_extension,
    swapped,
    with_person,
    without_person,
)
from bot.domain.text import format_duration
from bot.domain.timeline import EntryKind
from bot.errors import WrongState, WrongWords
from storage import command, rotas, timeline
from storage.store import Tx

# A wall-clock start further away than this would leave nobody planned until then.
_LATEST_START = PLAN_AHEAD


@dataclass(frozen=True, slots=True)
class Planned:
    """What came of changing a rota: the rota, and what is worth a thought about rest."""

    rota: Rota
    warnings: tuple[str, ...] = ()


def start(
    tx: Tx,
    incident: Incident,
    role: str,
    people: Sequence[PersonId],
    shift: timedelta,
    by: PersonId,
    anchor: datetime | None = None,
) -> Planned:
    """Start a rota, from now or from `anchor` (UTC) on: the first named has the first shift.

    Shifts are exact durations. When the first begins now and somebody else holds the role, it is offered at once.
    Raises WrongWords for people or times of which no rota can be made.
    """
    check_open(incident)
    check_rota(people, shift)
    begins = anchor or tx.now
    if not tx.now <= begins < tx.now + _LATEST_START:
        raise WrongWords("A rota starts within the next 48 hours.", "For example: `… from 16:00`")
    before = rotas.running(tx, incident.number, role)
    left_out = [shift.person for shift in upcoming(tx, before) if shift.person not in people] if before else []
    _end_plan(tx, incident, role, "another rota was started")
    rota = rotas.start(tx, incident.number, role, people, shift, begins)
    shifts = lay_out(tx, rota)
    named = " → ".join(f"<@{person}>" for person in people)
    text = f"{rota_name(role)}: {named}, {format_duration(shift, days=False)} each"
    entry = timeline.add(tx, incident.number, EntryKind.COMMAND, text, by)
    cause = f"t{entry.number}"
    bring_in(tx, incident, people, f"rota{rota.id}")
    effects.say(tx, incident, "rota", cause, by=by, rota=rota.id, role=role)
    _offer_first(tx, incident, shifts[0], by)
    tell_plan(tx, incident, rota, list(dict.fromkeys([*people, *left_out])), cause, None)
    if role == COMMANDER:
        fatigue.rewatch(tx, incident)
        suggestion.not_needed(tx, incident, "a rota was started")
    outgoing.tell_at_once(tx, incident, role)
    effects.after_entry(tx, incident, entry)
    return _planned(tx, rota)


def _offer_first(tx: Tx, incident: Incident, first: Shift, by: PersonId) -> None:
    """The first shift runs already: its person is offered the role, unless they hold it."""
    holder = command.open_tenure(tx, incident.number, first.role)
    if first.starts_at > tx.now or (holder and holder.person == first.person):
        return
    made = offer(tx, incident, first.role, HandoffKind.OFFER, first.person, boundary_at=tx.now, by=by, shift=first.id)
    effects.show_offer(tx, incident, made.id, "offered")
    if first.role == COMMANDER:
        ladder.plan_first_step(tx, incident, made, "offered")


def stop(tx: Tx, incident: Incident, role: str, by: PersonId) -> None:
    """Stop the rota: whoever holds the role goes on until something else is agreed."""
    rota = _running(tx, incident, role)
    coming = upcoming(tx, rota)
    _end_plan(tx, incident, role, "the rota was stopped")
    rotas.stop(tx, incident.number, role)
    fallbacks.plan(tx, incident)
    entry = timeline.add(tx, incident.number, EntryKind.COMMAND, f"{rota_name(role)}: stopped", by)
    cause = f"t{entry.number}"
    effects.say(tx, incident, "rota-stopped", cause, by=by, role=role)
    tell_plan(tx, incident, rota, list(dict.fromkeys(shift.person for shift in coming)), cause, by)
    if role == COMMANDER:
        fatigue.rewatch(tx, incident)
        suggestion.rota_stopped(tx, incident)
    effects.after_entry(tx, incident, entry)


def add(tx: Tx, incident: Incident, role: str, new: Sequence[PersonId], by: PersonId) -> Planned:
    """Let people take turns from now on: each comes at the end of the order. No boundary moves."""
    rota = _running(tx, incident, role)
    for person in new:
        if person in rota.people:
            raise WrongState(f"<@{person}> is in this rota already.", "See it: `/incident rota`")
    coming = upcoming(tx, rota)
    before, after, people = before_upcoming(tx, rota, coming), [shift.turn for shift in coming], rota.people
    for person in new:
        after = with_person(people, before, after, person)
        people = (*people, person)
    rotas.set_people(tx, rota.id, people)
    bring_in(tx, incident, new, f"rota{rota.id}")
    named = " and ".join(f"<@{person}>" for person in new)
    affected = apply(tx, incident, coming, after, "somebody joined the rota")
    lay_out(tx, _running(tx, incident, role))
    return _changed(tx, incident, rota, [*affected, *new], f"{named} joined", by)


def remove(tx: Tx, incident: Incident, role: str, gone: PersonId, by: PersonId) -> Planned:
    """Let somebody take no more turns: those after move up. Raises WrongState for whoever holds the role."""
    rota = _running(tx, incident, role)
    if gone not in rota.people:
        raise WrongState(f"<@{gone}> is not in this rota.", "See it: `/incident rota`")
    holder = command.open_tenure(tx, incident.number, role)
    if holder and holder.person == gone:
        raise WrongState(f"<@{gone}> holds {role_name(role)} now.", "Hand over first: `/incident handoff`")
    if len(rota.people) == 2:
        raise WrongState("That would leave one person in the rota.", "Stop it instead: `/incident rota stop`")
    coming = upcoming(tx, rota)
    after = without_person(rota.people, before_upcoming(tx, rota, coming), [shift.turn for shift in coming], gone)
    rotas.set_people(tx, rota.id, [person for person in rota.people if person != gone])
    affected = apply(tx, incident, coming, after, "somebody left the rota")
    return _changed(tx, incident, rota, affected, f"<@{gone}> left", by)


def swap(tx: Tx, incident: Incident, role: str, one: PersonId, other: PersonId, by: PersonId) -> Planned:
    """Let two people trade their next shifts; nobody else is touched. Raises WrongState when either has none."""
    rota = _running(tx, incident, role)
    coming = upcoming(tx, rota)
    after = swapped([shift.turn for shift in coming], one, other)
    affected = apply(tx, incident, coming, after, "two shifts were swapped")
    return _changed(tx, incident, rota, affected, f"<@{one}> and <@{other}> swapped their next shifts", by)


def extend(
    tx: Tx,
    incident: Incident,
    role: str,
    by_how_much: timedelta,
    by: PersonId,
    *,
    later_too: bool = False,
    boundary: int | None = None,
) -> Planned:
    """Move the next boundary at which the role changes hands later; with `later_too` all after it as well.

    The one that nobody has accepted yet is the next. `boundary`: the shift that begins at the one that is meant.
    Raises WrongWords for a nonsensical duration, WrongState when too little of the next shift would be left, or when
    there is no such boundary, or not the one that is meant.
    """
    if not timedelta(minutes=5) <= by_how_much <= timedelta(hours=24):
        raise WrongWords("A shift is extended by 5 minutes to 24 hours.", "For example: `/incident rota extend 1h`")
    rota = _running(tx, incident, role)
    waiting = open_boundary(tx, incident, role)
    coming = _to_extend(tx, rota, waiting)
    if not coming:
        raise WrongState("No boundary is planned.", "Start a rota: `/incident rota start @ada @bob 8h`")
    holder = command.open_tenure(tx, incident.number, role)
    turns = [shift.turn for shift in coming]
    at = _next_change(turns, holder.person if holder else None, role)
    if boundary not in (None, coming[at].id):
        raise WrongState("That is not the next boundary any more.", f"See the plan: `/incident rota {incident.name}`")
    if coming[at].starts_at + by_how_much <= tx.now:
        late = format_duration(tx.now - coming[at].starts_at)
        raise WrongState(f"That boundary was {late} ago.", "Extend it by more, or accept command.")
    after = extended(turns, by_how_much, later_too=later_too, at=at)
    if waiting and waiting.id == coming[at].id:
        settle_offer(tx, incident, role, HandoffState.WITHDRAWN, "the shift before was extended")
    # With the first of those to come ends the one that runs; among themselves they end as `after` says.
    running = [shift for shift in rotas.shifts_of(tx, rota.id) if shift.position == coming[0].position - 1]
    for shift in running:
        rotas.change_shift(tx, shift.id, ends_at=after[0].starts_at)
    affected = apply(tx, incident, coming, after, "a boundary was moved")
    # Whose shift runs and who has handed over already is not kept any longer.
    kept = [shift.person for shift in running if at == 0 and holder and holder.person == shift.person]
    words = f"the next boundary moved by {format_duration(by_how_much, days=False)}" + (
        ", later ones too" if later_too else ""
    )
    return _changed(tx, incident, rota, list(dict.fromkeys([*kept, *affected])), words, by)


def extension(tx: Tx, incident: Incident, role: str) -> timedelta:
    """By how much a button offers to move the next boundary at which the role changes hands; none when it can't."""
    running = rotas.running(tx, incident.number, role)
    coming = _to_extend(tx, running, open_boundary(tx, incident, role)) if running else []
    holder = command.open_tenure(tx, incident.number, role)
    at = changes_hands([shift.turn for shift in coming], holder.person if holder else None)
    return timedelta() if at is None else longest_extension(coming[at].starts_at, coming[at].ends_at)


def _to_extend(tx: Tx, rota: Rota, waiting: Shift | None) -> list[Shift]:
    """The shifts whose beginning may still move: those to come, and before them the one nobody has accepted yet."""
    return [*([waiting] if waiting and waiting.starts_at <= tx.now < waiting.ends_at else []), *upcoming(tx, rota)]


def _next_change(coming: Sequence[Turn], holder: PersonId | None, role: str) -> int:
    at = changes_hands(coming, holder)
    if at is None:
        raise WrongState(
            f"No boundary is planned at which {role_name(role)} changes hands.", "See the plan: `/incident rota`"
        )
    return at


def _changed(tx: Tx, incident: Incident, rota: Rota, affected: Sequence[PersonId], what: str, by: PersonId) -> Planned:
    """Record a change of the plan, show it, and tell whoever it affects."""
    entry = timeline.add(tx, incident.number, EntryKind.COMMAND, f"{rota_name(rota.role)}: {what}", by)
    cause = f"t{entry.number}"
    effects.say(tx, incident, "rota-changed", cause, by=by, words=what, role=rota.role)
    tell_plan(tx, incident, rota, list(dict.fromkeys(affected)), cause, by)
    effects.after_entry(tx, incident, entry)
    running = rotas.running(tx, incident.number, rota.role)
    return _planned(tx, running or rota)


def _planned(tx: Tx, rota: Rota) -> Planned:
    if rota.role != COMMANDER:
        return Planned(rota)
    turns = [shift.turn for shift in rotas.shifts_ending_after(tx, rota.id, tx.now)]
    return Planned(rota, tuple(fatigue.in_plan(tx, turns, tx.now)))


def _running(tx: Tx, incident: Incident, role: str) -> Rota:
    check_open(incident)
    rota = rotas.running(tx, incident.number, role)
    if rota is None:
        what = "rota" if role == COMMANDER else f"rota for {role}"
        start = "start" if role == COMMANDER else f"for {role} start"
        raise WrongState(f"{incident.name} has no {what}.", f"Start one: `/incident rota {start} @ada @bob 8h`")
    return rota


def _end_plan(tx: Tx, incident: Incident, role: str, why: str) -> None:
    """Withdraw what the running plan of a role has asked and would ask."""
    rota = rotas.running(tx, incident.number, role)
    if rota is None:
        return
    # Those that passed while the bot was away, too.
    for shift in rotas.shifts_of(tx, rota.id):
        forget(tx, incident, shift, why)
    open_offer = open_boundary(tx, incident, role)
    if open_offer:
        settle_offer(tx, incident, role, HandoffState.WITHDRAWN, why)
