"""Fatigue: people are warned of their own long hours and short rest; going on is theirs to decide, and is recorded."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.actions import effects
from bot.actions.command import asked
from bot.actions.zones import zone_of
from bot.domain import fatigue
from bot.domain.command import COMMANDER, How, Tenure
from bot.domain.fatigue import BEYOND_SHIFT, LOOK_BACK, WEEK, WINDOW, Hours, Span, Strain, joined, spans
from bot.domain.incident import Incident, PersonId
from bot.domain.reminder import (
    DELIVERED,
    Outcome,
    Reminder,
    ReminderKind,
    ReminderState,
    covered,
    superseded,
)
from bot.domain.rota import Shift, Turn
from bot.domain.text import format_duration
from bot.domain.timeline import EntryKind
from bot.domain.walltime import wall_text
from bot.settings import Settings
from storage import command, incidents, reminders, rotas, timeline
from storage.store import Tx

_WARNINGS = frozenset({ReminderKind.FATIGUE_DAY, ReminderKind.FATIGUE_SHIFT})
_GOES_ON = "goes on after"


def watch(tx: Tx, incident: Incident, tenure_id: int) -> None:
    """A tenure of command has begun: plan when its holder is warned."""
    tenure = command.tenure(tx, tenure_id)
    if tenure is None:
        return
    at = fatigue.long_day_at(_worked(tx, tenure.person), tx.now)
    # Who had too long a day when they accepted was told so then.
    told = tenure.how is How.ACCEPTED and at <= tx.now
    _plan(tx, incident, tenure, ReminderKind.FATIGUE_DAY, at + BEYOND_SHIFT if told else at)
    rewatch(tx, incident)


def rewatch(tx: Tx, incident: Incident) -> None:
    """The plan has changed: the shift that its holder is in may end at another time, or there is none."""
    tenure = command.open_tenure(tx, incident.number)
    if tenure is None:
        return
    end = _planned_end(tx, incident, tenure)
    pending = reminders.pending(tx, incident.number, {ReminderKind.FATIGUE_SHIFT}, tenure.id)
    if end and [row.due_at for row in pending] == [end + BEYOND_SHIFT]:
        return
    why = "the plan was changed" if end else "there is no plan any more"
    reminders.supersede(tx, incident.number, why, {ReminderKind.FATIGUE_SHIFT}, tenure.id)
    if end:
        _plan(tx, incident, tenure, ReminderKind.FATIGUE_SHIFT, end + BEYOND_SHIFT)


def _plan(tx: Tx, incident: Incident, tenure: Tenure, kind: ReminderKind, due: datetime) -> None:
    """Plan a warning, unless it was given in this tenure already."""
    earlier = reminders.under(tx, prefix := f"{kind}:{incident.name}:tenure-{tenure.id}:")
    if not any(_was_told(row) for row in earlier):
        number = len(earlier) + 1
        reminders.plan(tx, f"{prefix}{number}", kind, due, incident.number, tenure.id, version=number)


def _was_told(warning: Reminder) -> bool:
    """Given, or said in another warning; one that was only put off because of another question was not."""
    in_another = warning.state is ReminderState.COVERED and warning.reason.startswith(tuple(_WARNINGS))
    return warning.state is ReminderState.DELIVERED or in_another


def _planned_end(tx: Tx, incident: Incident, tenure: Tenure) -> datetime | None:
    """Until when the plan has the holder in command."""
    rota = rotas.running(tx, incident.number)
    shifts = rotas.shifts_ending_after(tx, rota.id, tenure.started_at) if rota else []
    return fatigue.planned_end(shifts, tenure.person, tenure.started_at)


def _worked(tx: Tx, person: PersonId, until: datetime | None = None) -> list[Span]:
    """When somebody had command of any incident lately; what they hold now, until `until` or now."""
    return spans(command.command_of_people(tx, [person], tx.now - LOOK_BACK), until or tx.now)


def long_day(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """Ten hours of command within twenty-four, over all incidents."""
    return _warn(tx, reminder)


def beyond_shift(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """An hour beyond the end of the shift."""
    return _warn(tx, reminder)


def _warn(tx: Tx, reminder: Reminder) -> Outcome:
    """Tell the holder by DM; when both warnings are due, in one."""
    incident = incidents.get(tx, reminder.incident or 0)
    tenure = command.open_tenure(tx, incident.number)
    if tenure is None or tenure.id != reminder.subject:
        return superseded("somebody else has command" if tenure else f"the incident is {incident.state}")
    pending = reminders.pending(tx, incident.number, _WARNINGS, tenure.id)
    if reminder.id not in {row.id for row in pending}:
        return superseded("it was said together with another")
    about = {row.kind: found for row in pending if row.due_at <= tx.now and (found := _now_true(tx, tenure, row))}
    if reminder.kind not in about:
        return _too_early(tx, incident, tenure, reminder)
    if elsewhere := _told_elsewhere(tx, tenure, reminder.kind):
        return covered(elsewhere)
    for row in pending:
        if row.kind in about and row.id != reminder.id:
            reminders.settle(tx, row.id, *covered(reminder.key))
    facts = {key: value for found in about.values() for key, value in found.items()}
    cause, at = f"fatigue:{reminder.key}", tx.now.timestamp()
    effects.tell(tx, incident, tenure.person, "fatigue", cause, tenure=tenure.id, at=at, **facts)
    return DELIVERED


def _now_true(tx: Tx, tenure: Tenure, reminder: Reminder) -> dict[str, int]:
    """What the warning says; nothing when it is not so, or not yet."""
    if reminder.kind is ReminderKind.FATIGUE_DAY:
        worked = _worked(tx, tenure.person)
        if fatigue.long_day_at(worked, tx.now) > tx.now:
            return {}
        return {"day_minutes": _minutes(fatigue.held_within(worked, tx.now - WINDOW, tx.now))}
    end = _planned_end(tx, incidents.get(tx, tenure.incident), tenure)
    return {"beyond_minutes": _minutes(tx.now - end)} if end and tx.now >= end + BEYOND_SHIFT else {}


def _too_early(tx: Tx, incident: Incident, tenure: Tenure, reminder: Reminder) -> Outcome:
    """Planned from how things were; they have moved since."""
    if reminder.kind is ReminderKind.FATIGUE_SHIFT:
        if end := _planned_end(tx, incident, tenure):
            _plan(tx, incident, tenure, reminder.kind, end + BEYOND_SHIFT)
        return superseded("the plan was changed")
    _plan(tx, incident, tenure, reminder.kind, fatigue.long_day_at(_worked(tx, tenure.person), tx.now))
    return superseded("they have rested since")


def _told_elsewhere(tx: Tx, tenure: Tenure, kind: ReminderKind) -> str:
    """The key of the same warning of a long day, given already to who commands another incident at the same time."""
    if kind is not ReminderKind.FATIGUE_DAY:
        return ""
    for other in command.held_by(tx, tenure.person):
        if other.role == COMMANDER and other.id != tenure.id:
            told = reminders.under(tx, f"{kind}:INC-{other.incident}:tenure-{other.id}:")
            if delivered := [row.key for row in told if row.state is ReminderState.DELIVERED]:
                return delivered[-1]
    return ""


def _minutes(duration: timedelta) -> int:
    return int(duration.total_seconds() // 60)


def go_on(tx: Tx, tenure_id: int, warned_at: datetime, by: PersonId) -> tuple[Incident, bool]:
    """The holder goes on, warned: recorded once. The incident, and whether it was recorded now.

    Raises NotAllowed for anyone else, WrongState when they don't have command any more.
    """
    incident, tenure = asked.about_tenure(tx, tenure_id, by)
    lately = timeline.newest(tx, incident.number, {EntryKind.COMMAND}, 50)
    if any(entry.who == by and _GOES_ON in entry.text and entry.at >= warned_at for entry in lately):
        return incident, False
    text = f"<@{by}> {_GOES_ON} {format_duration(tenure.length(tx.now), days=False)}"
    entry = timeline.add(tx, incident.number, EntryKind.COMMAND, text, by)
    effects.after_entry(tx, incident, entry)
    return incident, True


def at_acceptance(tx: Tx, incident: Incident, person: PersonId) -> list[str]:
    """What is too much of the turn that somebody begins now: sentences for their eyes, and one entry of the timeline.

    Call it before the tenure begins.
    """
    rota = rotas.running(tx, incident.number)
    shifts = rotas.shifts_ending_after(tx, rota.id, tx.now) if rota else []
    end = fatigue.planned_end(shifts, person, tx.now)
    found = fatigue.strain(_worked(tx, person), tx.now, end or tx.now)
    early = fatigue.early_by(shifts, person, tx.now)
    if not found and early is None:
        return []
    parts: list[str] = []
    if found.rest is not None:
        rest = format_duration(found.rest)
        parts.append(f"You have rested only {rest} since you last had command; ten hours are the least.")
    until = wall_text(end, zone_of(tx, person)) if end else ""
    if early is not None:
        parts.append(f"Your turn lasts until {until}: {format_duration(early)} longer than your shift.")
    if found.in_day is not None:
        held = format_duration(found.in_day, days=False)
        when = f"By {until} you will have had command" if end else "You have had command"
        parts.append(f"{when} for {held} of twenty-four; ten are the most.")
    timeline.add(tx, incident.number, EntryKind.COMMAND, _accepts(person, found, early), person)
    return parts


def _accepts(person: PersonId, found: Strain, early: timedelta | None) -> str:
    """For the record."""
    facts = [f"{format_duration(found.rest)} of rest" if found.rest is not None else ""]
    facts.append(f"{format_duration(early)} before their shift" if early is not None else "")
    facts.append(f"{format_duration(found.in_day, days=False)} of command in 24 h" if found.in_day is not None else "")
    return f"<@{person}> accepts command, warned: {', '.join(fact for fact in facts if fact)}"


def in_plan(tx: Tx, turns: Sequence[Turn], now: datetime) -> list[str]:
    """A sentence about each person whose turns leave them too little rest or too long a day, in the order of turns."""
    return list(in_plan_by_person(tx, turns, now).values())


def in_plan_by_person(tx: Tx, turns: Sequence[Turn], now: datetime) -> dict[PersonId, str]:
    """The same sentences by whom they are about, for the DM of that person."""
    people = list(dict.fromkeys(turn.person for turn in turns))
    # Whoever has command now has it at least until the first of these turns begins.
    until = max([now, *([min(turn.starts_at for turn in turns)] if turns else [])])
    tenures = command.command_of_people(tx, people, now - LOOK_BACK)
    warnings: dict[PersonId, str] = {}
    for person in people:
        worked = spans((tenure for tenure in tenures if tenure.person == person), until)
        planned: Iterable[Turn | Shift] = [*turns, *rotas.shifts_of_person(tx, person, now)]
        own = joined((turn.starts_at, turn.ends_at) for turn in planned if turn.person == person)
        if found := fatigue.strain_of_plan(worked, own, now):
            warnings[person] = _sentence(tx, person, found)
    return warnings


def _sentence(tx: Tx, person: PersonId, found: Strain) -> str:
    """The rest that is missing says enough; without it the length of the day does."""
    zone = zone_of(tx, person)
    if found.rest is not None:
        return f"<@{person}> would rest only {format_duration(found.rest)} before {wall_text(found.start, zone)}."
    held = format_duration(found.in_day or timedelta(), days=False)
    return f"<@{person}> would have command for {held} of the 24 h before {wall_text(found.until, zone)}."


def hours_of(tx: Tx, person: PersonId) -> Hours:
    """Somebody's hours in command over all incidents, in the last day and week. Who may see them is asked before."""
    return fatigue.hours(command.command_of_people(tx, [person], tx.now - WEEK), tx.now)
