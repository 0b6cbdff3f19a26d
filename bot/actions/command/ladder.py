"""The ladder: one for every unanswered question of command. People are asked one at a time, ten minutes each."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.actions import effects, groups
from bot.actions.command.tenure import settle_offer
from bot.actions.duty import duty
from bot.actions.standing import may_see
from bot.actions.waking import paging
from bot.domain.boundary import LADDER_FROM_BOUNDARY, LADDER_FROM_OFFER, RUNG, UNANSWERED_EVERY
from bot.domain.command import COMMANDER, DEPUTY
from bot.domain.fatigue import LOOK_BACK, rested
from bot.domain.handoff import OF_THE_HOLDER, Handoff, HandoffKind, HandoffState
from bot.domain.incident import Incident, PersonId
from bot.domain.ladder import Rungs, climb, in_turn
from bot.domain.reminder import DELIVERED, Outcome, Reminder, ReminderKind, superseded
from bot.domain.rota import Shift
from bot.domain.timeline import EntryKind
from bot.settings import Settings
from storage import command, handoffs, incidents, people, reminders, rotas, timeline
from storage.store import Tx


def begin(
    tx: Tx, settings: Settings, incident: Incident, kind: HandoffKind, offered_to: PersonId, reason: str
) -> Handoff | None:
    """Ask others at once, because `offered_to` does not answer; None when a question of command is open already."""
    if handoffs.open_offer(tx, incident.number):
        return None
    asked = handoffs.offer(tx, incident.number, COMMANDER, kind, offered_to, boundary_at=tx.now)
    timeline.add(tx, incident.number, EntryKind.COMMAND, f"Others are asked to take command: {reason}", None)
    climb_on(tx, settings, incident, asked)
    effects.refresh(tx, incident, f"handoff{asked.id}")
    return asked


def climb_on(tx: Tx, settings: Settings, incident: Incident, handoff: Handoff) -> None:
    """Ask the next one; when everybody has been asked, say so."""
    paging.end(tx, incident, "the next one was asked", handoff=handoff.id)
    left = candidates(tx, settings, incident, handoff)
    if not left:
        _exhausted(tx, incident, handoff)
        return
    handoffs.ask(tx, handoff.id, left[0])
    paging.page(tx, incident, left[0], "ladder", f"handoff{handoff.id}", handoff.id)
    effects.publish_home(tx, left[0], f"offer{handoff.id}")
    rung = len(handoffs.asked(tx, handoff.id))
    plan_step(tx, incident, handoff, rung)


def climb_at_once(tx: Tx, settings: Settings, incident: Incident, handoff: Handoff) -> None:
    """Ask the next one now, because somebody can't: the step that was planned comes early."""
    reminders.supersede(tx, incident.number, "the next one was asked earlier", {ReminderKind.LADDER}, handoff.id)
    climb_on(tx, settings, incident, handoff)


def plan_step(tx: Tx, incident: Incident, handoff: Handoff, rung: int) -> None:
    """Plan the step after the `rung`-th, ten minutes from now."""
    key = f"ladder:{incident.name}:handoff-{handoff.id}:{rung}"
    reminders.plan(tx, key, ReminderKind.LADDER, tx.now + RUNG, incident.number, handoff.id)


def plan_first_step(tx: Tx, incident: Incident, handoff: Handoff, cause: str) -> None:
    """Plan when the ladder begins to climb for an offer that stays unanswered. `cause` is why it was made."""
    key = f"ladder:{incident.name}:handoff-{handoff.id}:{cause}"
    reminders.plan(tx, key, ReminderKind.LADDER, tx.now + LADDER_FROM_OFFER, incident.number, handoff.id)


def candidates(tx: Tx, settings: Settings, incident: Incident, handoff: Handoff) -> list[PersonId]:
    """Who is left to be asked, in order. Nobody who can't act, holds command, was asked, or may not see it."""
    return _candidates(tx, settings, incident, [handoff.offered_to, *handoffs.asked(tx, handoff.id)], tx.now)


def _candidates(
    tx: Tx, settings: Settings, incident: Incident, asked: Sequence[PersonId], when: datetime
) -> list[PersonId]:
    """Who is left at `when` if these were asked, the first of them by somebody or by the plan, others by the ladder."""
    holder = command.open_tenure(tx, incident.number)
    rungs = _rungs(tx, settings, incident, when)
    everyone = [person for rung in rungs.in_order for person in rung]
    gone = _gone(tx, everyone)
    hidden = {person for person in everyone if not may_see(tx, incident, person)}
    fresh = rested(command.command_of_people(tx, everyone, tx.now - LOOK_BACK), everyone, when)
    return climb(rungs, fresh, {*gone, *hidden, *asked, *([holder.person] if holder else [])})


def _rungs(tx: Tx, settings: Settings, incident: Incident, when: datetime) -> Rungs:
    deputy = command.open_tenure(tx, incident.number, DEPUTY)
    on_duty = duty.on_duty(tx, when)
    return Rungs(
        deputy=[deputy.person] if deputy else [],
        on_rota=_on_rota(tx, incident, when),
        on_duty=[on_duty] if on_duty else [],
        commanders=groups.commanders(tx, settings),
        managers=groups.managers(tx, settings),
    )


def _on_rota(tx: Tx, incident: Incident, when: datetime) -> list[PersonId]:
    """Everybody on the rota, in the order of their shifts at `when`."""
    rota = rotas.running(tx, incident.number)
    return in_turn(rotas.shifts_ending_after(tx, rota.id, when)) if rota else []


def _gone(tx: Tx, asked: Collection[PersonId]) -> set[PersonId]:
    """Those of them who can't act: they left the workspace, are bots, or belong to another one."""
    known = people.find(tx, asked).values()
    return {person.id for person in known if person.deactivated or person.bot or person.foreign}


def stand_in(tx: Tx, settings: Settings, incident: Incident, shift: Shift) -> PersonId | None:
    """Who will be asked first if nobody accepts this shift: by how things are when the ladder begins to climb."""
    begins = max(tx.now, shift.starts_at) + LADDER_FROM_BOUNDARY
    return next(iter(_candidates(tx, settings, incident, [shift.person], begins)), None)


def waited_for(tx: Tx, handoff: Handoff) -> PersonId:
    """Whose answer the next step of the ladder waits for: who was asked last."""
    by_ladder = [person for person in handoffs.asked(tx, handoff.id) if person != handoff.offered_to]
    return by_ladder[-1] if by_ladder else handoff.offered_to


def _exhausted(tx: Tx, incident: Incident, handoff: Handoff) -> None:
    planned = reminders.pending(tx, incident.number, {ReminderKind.UNANSWERED}, handoff.id)
    if handoff.exhausted_at is None:
        handoffs.change(tx, handoff.id, exhausted_at=tx.now)
        timeline.add(tx, incident.number, EntryKind.COMMAND, "Everybody was asked; nobody has taken command", None)
    elif planned:
        return
    # Said in this very minute, because half an hour had passed: it depends on no moment which of the two comes first.
    just_now = tx.now + UNANSWERED_EVERY - timedelta(minutes=1)
    if planned and planned[0].version > 1 and planned[0].due_at > just_now:
        return
    reminders.supersede(tx, incident.number, "it is said now", {ReminderKind.UNANSWERED}, handoff.id)
    # Not the first time when the severity was lowered and raised again meanwhile.
    earlier = reminders.under(tx, f"unanswered:{incident.name}:handoff-{handoff.id}:")
    _say_unanswered(tx, incident, handoff, len(earlier) + 1)


def _say_unanswered(tx: Tx, incident: Incident, handoff: Handoff, count: int) -> None:
    effects.say(tx, incident, "unanswered", f"handoff{handoff.id}:{count}", handoff=handoff.id)
    effects.refresh(tx, incident, f"unanswered{handoff.id}:{count}")
    plan_unanswered(tx, incident, handoff, count + 1)


def said_unanswered(tx: Tx, incident: Incident, handoff: Handoff) -> bool:
    """Whether the channel has heard that nobody accepted: then it is to hear who did."""
    lines = reminders.under(tx, f"unanswered:{incident.name}:handoff-{handoff.id}:")
    return any(line.version > 1 for line in lines)


def plan_unanswered(tx: Tx, incident: Incident, handoff: Handoff, count: int) -> None:
    """Plan the line that says, for the `count`-th time, that nobody has accepted; half an hour from now."""
    key = f"unanswered:{incident.name}:handoff-{handoff.id}:{count}"
    due = tx.now + UNANSWERED_EVERY
    reminders.plan(tx, key, ReminderKind.UNANSWERED, due, incident.number, handoff.id, version=count)


def step(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """Ten minutes without an answer: the next one is asked."""
    incident, handoff, why_not = still_open(tx, reminder)
    if handoff is None:
        return superseded(why_not)
    climb_on(tx, settings, incident, handoff)
    return DELIVERED


def managers(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """Half an hour after a boundary: managers hear of it, once; from then on a line every half hour."""
    incident, handoff, why_not = still_open(tx, reminder)
    if handoff is None:
        return superseded(why_not)
    named = groups.managers(tx, settings)
    not_these = {*handoffs.asked(tx, handoff.id), *_gone(tx, named)}
    for manager in named:
        if manager not in not_these and may_see(tx, incident, manager):
            effects.tell(tx, incident, manager, "managers", reminder.key, handoff=handoff.id)
    if not reminders.pending(tx, incident.number, {ReminderKind.UNANSWERED}, handoff.id):
        plan_unanswered(tx, incident, handoff, 1)
    return DELIVERED


def unanswered(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """Nobody has accepted yet: a line in the channel."""
    incident, handoff, why_not = still_open(tx, reminder)
    if handoff is None:
        return superseded(why_not)
    _say_unanswered(tx, incident, handoff, reminder.version)
    return DELIVERED


def still_open(tx: Tx, reminder: Reminder) -> tuple[Incident, Handoff | None, str]:
    """The incident and the open handoff that a reminder is about; None, and why, when there is nothing to ask."""
    incident = incidents.get(tx, reminder.incident or 0)
    handoff = handoffs.find(tx, reminder.subject or 0)
    if handoff is None or not handoff.is_open:
        return incident, None, f"the offer was {handoff.state}" if handoff else "there is no such offer"
    return incident, handoff, ""


def answered_by_holder(tx: Tx, incident: Incident, why: str) -> bool:
    """Whoever holds command has spoken: the question whether they are there ends. Whether it was open."""
    asked = handoffs.open_offer(tx, incident.number)
    if asked is None or asked.kind not in OF_THE_HOLDER:
        return False
    settle_offer(tx, incident, COMMANDER, HandoffState.WITHDRAWN, why)
    holder = command.open_tenure(tx, incident.number)
    if holder and said_unanswered(tx, incident, asked):
        effects.say(tx, incident, "still-here", f"handoff{asked.id}:here", by=holder.person)
    effects.refresh(tx, incident, f"answered{asked.id}")
    return True
