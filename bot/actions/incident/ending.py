"""Ending an incident, and opening it again."""

from bot.actions import effects
from bot.actions.command import ladder
from bot.actions.command.handoff import PAGED, offer, offer_on_duty
from bot.actions.command.plan import end_trades
from bot.actions.command.tenure import end_questions, watch
from bot.actions.communication import cadence, digest_plan, vendors
from bot.actions.duty import duty
from bot.actions.standing import may_see
from bot.actions.waking import fallbacks, paging
from bot.domain.command import COMMANDER, How
from bot.domain.handoff import HandoffKind
from bot.domain.incident import Incident, PersonId, State, check_transition
from bot.domain.text import clean
from bot.domain.timeline import EntryKind
from bot.errors import WrongState
from bot.settings import Settings
from storage import command, handoffs, incidents, people, reminders, rotas, timeline
from storage.store import Tx


def resolve(tx: Tx, incident: Incident, text: str, by: PersonId) -> Incident:
    """The outage is over: command, rota and reminders end with it."""
    check_transition(incident, State.RESOLVED)
    changed = _end(tx, incident, State.RESOLVED)
    mitigated = incident.mitigated_at or tx.now
    changed = incidents.change(tx, incident.number, resolved_at=tx.now, mitigated_at=mitigated)
    return _announce(tx, changed, "resolved", clean(text), by)


def cancel(tx: Tx, incident: Incident, reason: str, by: PersonId) -> Incident:
    """It was a false alarm."""
    check_transition(incident, State.CANCELLED)
    return _announce(tx, _end(tx, incident, State.CANCELLED), "cancelled", clean(reason), by)


def duplicate(tx: Tx, incident: Incident, original: Incident, by: PersonId) -> Incident:
    """It is the same outage as `original`, which goes on: this one is cancelled, and both timelines say so.

    A private one is named in no timeline or channel but its own.
    """
    if incident.number == original.number:
        raise WrongState(f"{incident.name} can't be a duplicate of itself.", "Name the other one.")
    check_transition(incident, State.CANCELLED)
    changed = _end(tx, incident, State.CANCELLED)
    of = {} if original.private else {"of": original.name, "title": original.title, "channel": original.channel_id}
    named = original.name if of else "another incident"
    entry = timeline.add(tx, incident.number, EntryKind.SYSTEM, f"Cancelled as a duplicate of {named}", by)
    effects.say_everywhere(tx, changed, "duplicate", f"t{entry.number}", by=by, **of)
    effects.after_entry(tx, changed, entry, topic=True)
    if not incident.private:
        text = f"{incident.name} was cancelled as a duplicate of this"
        entry = timeline.add(tx, original.number, EntryKind.SYSTEM, text, by)
        about = {"of": incident.name, "title": incident.title}
        effects.say(tx, original, "duplicated", f"t{entry.number}", by=by, **about)
    return changed


def close(tx: Tx, incident: Incident, by: PersonId) -> Incident:
    """A resolved incident is done with: nothing more is expected of anyone."""
    check_transition(incident, State.CLOSED)
    changed = incidents.change(tx, incident.number, state=State.CLOSED, closed_at=tx.now)
    return _announce(tx, changed, "closed", "", by)


def reopen(tx: Tx, settings: Settings, incident: Incident, by: PersonId) -> Incident:
    """It is not over: whoever says so commands it, and it is offered to the last IC and the IC on duty.

    A bot can't unarchive a channel: out of an archived one it moves into a new one, which points back.
    """
    check_transition(incident, State.INVESTIGATING)
    before = command.last_tenure(tx, incident.number, COMMANDER)
    incidents.join(tx, incident.number, by)
    tenure = command.begin(tx, incident.number, COMMANDER, by, How.REOPENED)
    changed = incidents.change(
        tx,
        incident.number,
        state=State.INVESTIGATING,
        resolved_at=None,
        closed_at=None,
        ic_tenure=tenure,
        open_role=COMMANDER,
    )
    if changed.channel_archived:
        changed = effects.move_to_new_channel(tx, changed, incidents.members_of(tx, incident.number), tenure)
    changed = _announce(tx, changed, "reopened", "", by)
    digest_plan.watch(tx, settings)
    effects.invite(tx, changed, [by], f"reopened:{tenure}")
    effects.show_commanders(tx, changed, f"reopened:{tenure}")
    effects.publish_home(tx, by, f"tenure{tenure}")
    watch(tx, changed, tenure)
    cadence.begin(tx, settings, changed)
    vendors.look_again(tx, changed, "the incident was reopened")
    _offer_again(tx, changed, before.person if before else None, by)
    return changed


def _offer_again(tx: Tx, incident: Incident, last: PersonId | None, by: PersonId) -> None:
    """The last IC knows most, the IC on duty is awake: either may accept."""
    on_duty = duty.on_duty(tx, tx.now)
    known = people.get(tx, last) if last else None
    if last and last != by and may_see(tx, incident, last) and not (known and known.deactivated):
        made = offer(tx, incident, COMMANDER, HandoffKind.DUTY, last, boundary_at=tx.now)
        effects.tell(tx, incident, last, "reopened-offer", f"handoff{made.id}", handoff=made.id, by=by)
        if on_duty and on_duty not in (by, last) and may_see(tx, incident, on_duty):
            handoffs.ask(tx, made.id, on_duty)
            effects.tell(tx, incident, on_duty, "reopened-offer", f"handoff{made.id}", handoff=made.id, by=by)
        if incident.severity in PAGED:
            ladder.plan_first_step(tx, incident, made, "reopened")
    else:
        offer_on_duty(tx, incident, on_duty, "reopened")


def _end(tx: Tx, incident: Incident, state: State) -> Incident:
    changed = incidents.change(tx, incident.number, state=state, ic_tenure=None, open_role=None)
    why = f"the incident was {state}"
    held, running = command.open_tenures(tx, incident.number), rotas.all_running(tx, incident.number)
    concerned = {tenure.person for tenure in held} | {person for rota in running for person in rota.people}
    command.end_all(tx, incident.number)
    for role in {tenure.role for tenure in held} | {rota.role for rota in running}:
        end_questions(tx, changed, role, why)
    for rota in running:
        end_trades(tx, changed, rota.id, why)
    rotas.stop(tx, incident.number)
    fallbacks.plan(tx, changed)
    paging.end(tx, changed, why)
    cadence.ended(tx, changed, why)
    reminders.supersede(tx, incident.number, why)
    effects.show_commanders(tx, changed, f"{state}:{tx.now.timestamp():.0f}")
    for person in concerned:
        effects.publish_home(tx, person, f"{incident.name}:{state}")
    return changed


def _announce(tx: Tx, incident: Incident, what: str, text: str, by: PersonId) -> Incident:
    entry = timeline.add(tx, incident.number, EntryKind.SYSTEM, f"{what.capitalize()}{': ' + text if text else ''}", by)
    say = effects.say if what == "closed" else effects.say_everywhere
    say(tx, incident, what, f"t{entry.number}", by=by, text=text)
    effects.after_entry(tx, incident, entry, topic=True)
    return incident
