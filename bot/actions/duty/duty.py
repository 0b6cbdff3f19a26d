"""The duty roster: set, covered for an interval, stopped; and who is on duty."""

from collections.abc import Sequence
from datetime import datetime

from bot.actions import groups
from bot.actions.duty import duty_plan
from bot.domain.duty import Cover, Roster, Schedule, check_roster
from bot.domain.incident import PersonId
from bot.domain.permission import Who
from bot.errors import NotAllowed, WrongState
from bot.settings import Settings
from storage import duty as rosters
from storage.store import Tx

_NO_ROSTER = "Set one: `/incident duty set @ada @bob weekly monday 09:00 Europe/Berlin`"
_SEE = "See all: `/incident duty`"


def on_duty(tx: Tx, at: datetime) -> PersonId | None:
    """Who is the incident commander on duty; None when no roster runs, or nobody it knows is. Never who has left."""
    duty = duty_plan.current(tx, at)
    return duty.on_duty(at) if duty else None


def check_can_edit(tx: Tx, settings: Settings, person: PersonId) -> None:
    """Raise NotAllowed unless they are a commander. Where the settings name no commanders, everybody may."""
    named = groups.commanders(tx, settings)
    if not settings.groups.commanders or person in named:
        return
    some = ", ".join(f"<@{one}>" for one in named[:3])
    raise NotAllowed(f"Only {Who.COMMANDERS.value} can do that.", f"Ask one of them: {some}" if some else _SEE)


def set_roster(tx: Tx, people: Sequence[PersonId], schedule: Schedule, by: PersonId) -> Roster:
    """Let these people take turns from now on, instead of whatever roster runs; the first named is on duty now."""
    check_roster(people)
    before = duty_plan.current(tx)
    roster = rosters.start(tx, people, schedule, by)
    duty_plan.changed(tx, before, "another roster was set", f"set{roster.id}", by)
    return roster


def stop(tx: Tx, by: PersonId) -> None:
    """End the roster, and with it its covers: nobody is on duty any more."""
    roster, before = _running(tx), duty_plan.current(tx)
    rosters.stop(tx)
    rosters.remove_covers(tx)
    duty_plan.changed(tx, before, "the roster was stopped", f"stop{roster.id}", by)


def cover(tx: Tx, person: PersonId, starts: datetime, ends: datetime, by: PersonId) -> Cover:
    """Put somebody on duty for an interval, whoever's turn it is."""
    _running(tx)
    before = duty_plan.current(tx)
    added = rosters.add_cover(tx, person, starts, ends, by)
    duty_plan.changed(tx, before, f"cover {added.id} was set", f"cover{added.id}", by)
    return added


def uncover(tx: Tx, number: int, by: PersonId) -> Cover:
    """Take a cover back: whoever's turn it is, is on duty."""
    _running(tx)
    found = next((one for one in rosters.covers_ending_after(tx, tx.now) if one.id == number), None)
    if found is None:
        raise WrongState(f"There is no cover {number}, or it is over.", _SEE)
    before = duty_plan.current(tx)
    rosters.remove_covers(tx, number)
    duty_plan.changed(tx, before, f"cover {number} was removed", f"uncover{number}", by)
    return found


def _running(tx: Tx) -> Roster:
    roster = rosters.running(tx)
    if roster is None:
        raise WrongState("No duty roster is set.", _NO_ROSTER)
    return roster
