"""A duty roster that is kept elsewhere: a calendar, read each hour.

Reading is an effect like a call to Slack: promised here, done by the relay, and its result taken in here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions import effects
from bot.actions.duty import duty_plan
from bot.domain.duty import DutyEvent, Roster, Schedule
from bot.domain.effect import EffectKind
from bot.domain.incident import PersonId
from bot.domain.reminder import DELIVERED, Outcome, Reminder, ReminderKind, superseded
from bot.domain.text import is_web_link
from bot.errors import WrongWords
from bot.profile import person_from
from bot.settings import Settings
from storage import duty as rosters
from storage import outbox, people, reminders
from storage.store import Tx

READ_EVERY = timedelta(hours=1)
# A change that begins later than this is told by the reminders before it.
_TOLD_AT_ONCE = timedelta(hours=24)


def from_calendar(tx: Tx, url: str, by: PersonId, cause: str) -> str:
    """Read a calendar, and make it the roster once that has worked; until then whatever runs goes on. Its address."""
    url = "https://" + url[len("webcal://") :] if url.lower().startswith("webcal://") else url
    if not is_web_link(url):
        raise WrongWords(
            "That is no http or https address of a calendar.",
            "For example: `/incident duty from https://calendar.example.com/oncall.ics`",
        )
    running = rosters.running(tx)
    _read(tx, f"new:{cause}", url=url, by=by, instead_of=running.id if running else None)
    return url


def _read(tx: Tx, cause: str, **intent: Any) -> None:
    # A reading of the calendar that runs never takes the place of one that somebody has asked for.
    key, lane, coalesce = f"calendar:{cause}", "calendar", f"calendar:{cause.partition(':')[0]}"
    outbox.enqueue(tx, key, EffectKind.CALENDAR, lane, needs_channel=False, coalesce=coalesce, **intent)


def fetch_due(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """Once an hour: the calendar is read again."""
    roster = rosters.running(tx)
    if roster is None or roster.id != reminder.subject:
        return superseded("the roster was stopped or another one set")
    _read(tx, f"roster-{roster.id}:{reminder.id}", roster=roster.id)
    _plan_reading(tx, roster.id)
    return DELIVERED


def _plan_reading(tx: Tx, roster: int) -> None:
    due = tx.now + READ_EVERY
    key = f"duty:roster-{roster}:fetch:{due:%Y-%m-%dT%H:%M:%SZ}"
    reminders.plan(tx, key, ReminderKind.DUTY_FETCH, due, None, roster)


def wanted(tx: Tx, intent: Mapping[str, Any]) -> str | None:
    """The address to be read for this promise; None when what it was for is not wanted any more."""
    roster = rosters.running(tx)
    if "url" in intent:
        return str(intent["url"]) if intent["instead_of"] == (roster.id if roster else None) else None
    return roster.url if roster and roster.id == intent["roster"] else None


def was_read(
    tx: Tx,
    intent: Mapping[str, Any],
    effect: int,
    events: Sequence[DutyEvent],
    profiles: Sequence[Mapping[str, Any]],
    zone: str,
) -> None:
    """A calendar was read: keep what it says, and whom Slack knows of those it names."""
    url = wanted(tx, intent)
    if url is None:
        return
    for user in profiles:
        people.save(tx, person_from(tx, user))
    before = duty_plan.current(tx)
    if "url" in intent:
        _begin(tx, url, intent["by"], events, ZoneInfo(zone), effect)
    elif before:
        _refresh(tx, before.roster, events, effect)


def _begin(tx: Tx, url: str, by: PersonId, events: Sequence[DutyEvent], zone: ZoneInfo, effect: int) -> None:
    before = duty_plan.current(tx)
    schedule = Schedule(1, tx.now.astimezone(zone).date(), time(), zone)
    roster = rosters.start(tx, [], schedule, by, url)
    rosters.replace_events(tx, roster.id, events)
    rosters.note_fetch(tx, roster.id)
    duty_plan.changed(tx, before, "another roster was set", f"set{roster.id}", by)
    _plan_reading(tx, roster.id)
    effects.tell_duty(tx, by, "calendar-read", f"read{effect}")


def _refresh(tx: Tx, roster: Roster, events: Sequence[DutyEvent], effect: int) -> None:
    before = duty_plan.current(tx)
    rosters.note_fetch(tx, roster.id)
    if sorted(_fact(one) for one in events) != sorted(
        _fact(one) for one in rosters.events_ending_after(tx, roster.id, tx.now)
    ):
        rosters.replace_events(tx, roster.id, events)
        duty_plan.changed(tx, before, "the calendar says something else", f"read{effect}", None, _TOLD_AT_ONCE)
    if roster.fetch_error:
        effects.tell_duty(tx, roster.set_by, "calendar-back", f"read{effect}")


def _fact(event: DutyEvent) -> tuple[datetime, datetime, str, str]:
    return event.starts_at, event.ends_at, event.person or "", event.label


def could_not_read(tx: Tx, intent: Mapping[str, Any], effect: int, why: str) -> None:
    """A calendar could not be read: what it said before goes on. Whoever set it is told once, until it works again."""
    if wanted(tx, intent) is None:
        return
    if "url" in intent:
        effects.tell_duty(tx, intent["by"], "calendar-unread", f"read{effect}", why=why)
        return
    roster = rosters.running(tx)
    if roster and not roster.fetch_error:
        effects.tell_duty(tx, roster.set_by, "calendar-trouble", f"read{effect}", why=why)
    if roster:
        rosters.note_fetch(tx, roster.id, why)
