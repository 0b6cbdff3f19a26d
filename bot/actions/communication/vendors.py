"""Vendor cases: opened, noted, closed; and whoever talks to vendors is reminded when nothing was heard for long."""

from datetime import datetime
from typing import Any

from bot.actions import effects
from bot.domain.command import COMMANDER
from bot.domain.incident import Incident, PersonId, check_open
from bot.domain.people import can_act
from bot.domain.reminder import DELIVERED, Outcome, Reminder, ReminderKind, ReminderState, superseded
from bot.domain.text import clean
from bot.domain.timeline import EntryKind
from bot.domain.vendor import Opening, VendorCase, chase_at
from bot.errors import WrongState, WrongWords
from bot.settings import Settings
from storage import command, incidents, people, reminders, timeline, vendors
from storage.store import Tx

_CHASE = frozenset({ReminderKind.VENDOR_CHASE})
LIAISON = "liaison"


def open_case(tx: Tx, settings: Settings, incident: Incident, opening: Opening, by: PersonId) -> VendorCase:
    """Keep a case that was opened with a vendor; one that was closed is open again.

    Raises WrongState when the incident has ended, or this case is open already.
    """
    check_open(incident)
    before = _same(tx, incident, opening)
    if before and before.is_open:
        raise WrongState("That case is open already.", "Keep what they say: `/incident vendor aws note …`")
    if before:
        again = {"priority": opening.priority or before.priority, "contact": opening.contact or before.contact}
        case = vendors.change(tx, before.id, **again, heard_at=tx.now, closed_at=None)
    else:
        case = vendors.add(tx, incident.number, opening, by)
    known = ", ".join(part for part in (case.priority, case.contact) if part)
    text = f"{case.name} is open{f': {known}' if known else ''}"
    about = {"priority": case.priority, "contact": case.contact}
    _record(tx, incident, case, text, by, say="vendor-case", **about)
    _plan(tx, settings, incident, case)
    return case


def _same(tx: Tx, incident: Incident, opening: Opening) -> VendorCase | None:
    wanted = (opening.vendor.casefold(), opening.reference.casefold())
    known = vendors.of(tx, incident.number)
    return next((one for one in known if (one.vendor.casefold(), one.reference.casefold()) == wanted), None)


def note(tx: Tx, settings: Settings, incident: Incident, case: VendorCase, text: str, by: PersonId) -> VendorCase:
    """Keep what the vendor said, and count from now on again. Raises WrongWords without words."""
    cleaned = clean(text)
    if not cleaned:
        raise WrongWords("What did they say?", "For example: `/incident vendor aws note a new node by 16:00 UTC`")
    changed = vendors.change(tx, case.id, note=cleaned, heard_at=tx.now)
    _record(tx, incident, changed, f"{case.name}: {cleaned}", by, say="vendor-note", text=cleaned)
    _again(tx, settings, incident, changed, "they were heard")
    return changed


def set_detail(
    tx: Tx, settings: Settings, incident: Incident, case: VendorCase, detail: str, text: str, by: PersonId
) -> VendorCase:
    """Change the `priority` or the `contact` of a case to what was typed, cleaned and checked; it is not empty."""
    if not text:
        raise WrongWords(f"Which {detail}?", f"For example: `/incident vendor aws {detail} {_LIKE[detail]}`")
    changed = vendors.change(tx, case.id, **{detail: text}, heard_at=tx.now)
    _record(tx, incident, changed, f"{case.name}: {detail} {text}", by)
    _again(tx, settings, incident, changed, "it was worked on")
    return changed


_LIKE = {"priority": "high", "contact": "Jane Doe +1 555 0100"}


def chased(tx: Tx, settings: Settings, incident: Incident, case: VendorCase, by: PersonId) -> VendorCase:
    """Somebody has asked the vendor again: remind only when nothing comes of that. Raises WrongState when closed."""
    _check_open(case)
    changed = vendors.change(tx, case.id, heard_at=tx.now)
    _record(tx, incident, changed, f"{case.name}: asked again", by)
    _again(tx, settings, incident, changed, "they were asked again")
    return changed


def close(tx: Tx, incident: Incident, case: VendorCase, by: PersonId) -> VendorCase:
    """The vendor's part is over. Raises WrongState when it is already."""
    _check_open(case)
    changed = vendors.change(tx, case.id, closed_at=tx.now)
    _record(tx, incident, changed, f"{case.name} is closed", by, say="vendor-closed")
    reminders.supersede(tx, incident.number, "the case was closed", _CHASE, case.id)
    return changed


def _check_open(case: VendorCase) -> None:
    if not case.is_open:
        raise WrongState("That case is closed already.", "See all: `/incident vendors`")


def _record(
    tx: Tx, incident: Incident, case: VendorCase, written: str, by: PersonId, *, say: str = "", **about: Any
) -> None:
    """In the timeline, and in the channel where `say` names a text."""
    entry = timeline.add(tx, incident.number, EntryKind.VENDOR, written, by)
    if say:
        effects.say(tx, incident, say, f"t{entry.number}", by=by, case=case.id, name=case.name, **about)
    effects.after_entry(tx, incident, entry)


def _again(tx: Tx, settings: Settings, incident: Incident, case: VendorCase, why: str) -> None:
    reminders.supersede(tx, incident.number, why, _CHASE, case.id)
    _plan(tx, settings, incident, case)


def _plan(tx: Tx, settings: Settings, incident: Incident, case: VendorCase) -> None:
    """Plan the next reminder about a case, by the severity of now; none when it is not chased."""
    if due := _due(tx, settings, incident, case):
        _plan_at(tx, incident, case, max(due, tx.now))


def _due(tx: Tx, settings: Settings, incident: Incident, case: VendorCase) -> datetime | None:
    """When the next reminder about a case is due; None when it is not chased, or the incident is over."""
    said = [row.due_at for row in _of(tx, incident, case) if row.state is ReminderState.DELIVERED]
    after = settings.chase_vendor_after(incident.severity) if incident.is_open else None
    return chase_at(case, max(said, default=None), after)


def _plan_at(tx: Tx, incident: Incident, case: VendorCase, at: datetime) -> None:
    key = f"{_prefix(incident, case)}v{case.version}:{len(_of(tx, incident, case)) + 1}"
    reminders.plan(tx, key, ReminderKind.VENDOR_CHASE, at, incident.number, case.id, case.version)


def _of(tx: Tx, incident: Incident, case: VendorCase) -> list[Reminder]:
    return reminders.under(tx, _prefix(incident, case))


def _prefix(incident: Incident, case: VendorCase) -> str:
    return f"vendor:{incident.name}:{case.id}:"


def look_again(tx: Tx, incident: Incident, why: str) -> None:
    """The severity has changed, or it is open again: whether and when its cases are chased is decided anew."""
    reminders.supersede(tx, incident.number, why, _CHASE)
    for case in vendors.of(tx, incident.number, open_only=True):
        _plan_at(tx, incident, case, tx.now)


def chase(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """Nothing was heard for long: a DM to the liaison, the IC if there is none; and again after the same time."""
    case = vendors.find(tx, reminder.subject or 0)
    incident = incidents.get(tx, reminder.incident or 0)
    if case is None or case.version != reminder.version:
        return superseded("the case moved on")
    due, person = _due(tx, settings, incident, case), _whom(tx, incident)
    after = settings.chase_vendor_after(incident.severity)
    if person is None or due is None or after is None:
        return superseded(f"no vendor is chased in a {incident.severity}" if incident.is_open else "it is over")
    if due > tx.now:
        _plan_at(tx, incident, case, due)
        return superseded("it is not time yet")
    about = {"case": case.id, "name": case.name, "version": case.version}
    effects.tell_newest(tx, incident, person, "vendor-chase", reminder.key, f"vendor{case.id}", about)
    _plan_at(tx, incident, case, tx.now + after)
    return DELIVERED


def _whom(tx: Tx, incident: Incident) -> PersonId | None:
    """The liaison; the IC if there is none, or they have left the workspace. None when it is over."""
    liaison = command.open_tenure(tx, incident.number, LIAISON)
    if liaison and can_act(people.get(tx, liaison.person)):
        return liaison.person
    held = command.open_tenure(tx, incident.number, COMMANDER)
    return held.person if held else None
