"""The duty roster in words: what `/incident duty` shows, and what people are told by DM."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.domain.duty import Cover, Duty, Roster, Schedule, Stretch
from bot.domain.incident import PersonId
from bot.domain.text import format_duration
from bot.domain.walltime import wall_text
from bot.messages.kit import Block, Message, at, context, escape, person, said, section, typed

# What is shown of the time to come.
SHOWN_FOR = timedelta(days=14)
_MOST_LINES = 30
_LINES_IN_A_SECTION = 10
_MOST_OWN = 3
_SET = "Set one: `/incident duty set @ada @bob weekly monday 09:00 Europe/Berlin`"
_SEE = "Who is on duty when: `/incident duty`"
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a DM about duty is made from, when it is sent: the roster now, the reader, and what the promise said."""

    to: PersonId
    about: Mapping[str, Any]
    zone: ZoneInfo
    now: datetime
    duty: Duty | None
    # Full names, as far as known.
    names: Mapping[PersonId, str] = field(default_factory=dict)

    def name(self, who: PersonId | None) -> str:
        return escape(self.names.get(who or "", "")) or person(who)

    def wall(self, when: datetime) -> str:
        return wall_text(when, self.zone)

    @property
    def begins(self) -> datetime:
        return datetime.fromisoformat(self.about["at"])


def none_set() -> Message:
    return said("No duty roster is set: nobody is on duty.", context(_SET))


def shown(duty: Duty, now: datetime, first: str = "") -> Message:
    """Who is on duty, the hand-overs of two weeks in the reader's zone and the roster's, covers, how it goes on."""
    stretches, zone = duty.stretches(now, now + SHOWN_FOR), duty.roster.schedule.zone
    until = duty.until(now)
    on_duty = f"*On duty now:* {_whom(stretches[0])}"
    on_duty += f" until {at(until)} · {wall_text(until, zone)}" if until else ""
    lines = [f"• {_whom(one)} from {at(one.starts_at)} · {wall_text(one.starts_at, zone)}" for one in stretches[1:]]
    cut = lines[:_MOST_LINES] + ([f"and {len(lines) - _MOST_LINES} more"] if len(lines) > _MOST_LINES else [])
    blocks: list[Block] = [section(text) for text in (first, on_duty) if text]
    blocks += _sections(cut) + _sections([_cover_line(one, zone) for one in duty.covers][:_MOST_LINES])
    return Message(first or on_duty, [*blocks, context(_how(duty.roster))])


def _whom(stretch: Stretch) -> str:
    if stretch.person:
        return person(stretch.person)
    return f"somebody I don't know: “{typed(stretch.label, 200)}”" if stretch.label else "nobody"


def _sections(lines: Sequence[str]) -> list[Block]:
    some = range(0, len(lines), _LINES_IN_A_SECTION)
    return [section("\n".join(lines[begin : begin + _LINES_IN_A_SECTION])) for begin in some]


def _cover_line(cover: Cover, zone: ZoneInfo) -> str:
    times = f"{wall_text(cover.starts_at, zone)} to {wall_text(cover.ends_at, zone)}"
    return f"*Cover {cover.id}:* {person(cover.person)} {times}; take it back: `/incident duty uncover {cover.id}`"


def _how(roster: Roster) -> str:
    if not roster.url:
        order = " → ".join(person(one) for one in roster.people)
        return f"{order}, {often(roster.schedule)}. Set by {person(roster.set_by)} {at(roster.set_at)}."
    read = f"last read {at(roster.fetched_at)}" if roster.fetched_at else "not read yet"
    how = f"By the calendar at {_host(roster.url)}, {read}, again each hour. Set by {person(roster.set_by)}."
    return f"{how} *It can't be read now:* {typed(roster.fetch_error)}." if roster.fetch_error else how


def _host(url: str) -> str:
    """Where a calendar is. Its address is not shown: whoever knows that of a private one can read it."""
    return escape(urlsplit(url).hostname or "")


def often(schedule: Schedule) -> str:
    """`each Monday at 09:00 Europe/Berlin`."""
    days = schedule.every_days
    weekday = _WEEKDAYS[schedule.anchor.weekday()]
    when = f"every {days} days"
    if days == 1:
        when = "each day"
    elif days % 7 == 0:
        when = f"each {weekday}" if days == 7 else f"every {days // 7} weeks on {weekday}"
    return f"{when} at {schedule.wall:%H:%M} {schedule.zone.key}"


def roster_set(duty: Duty, now: datetime) -> Message:
    """The answer to `duty set`."""
    first = f"The duty roster is set: duty changes {often(duty.roster.schedule)}, beginning with"
    return shown(duty, now, f"{first} {person(duty.roster.people[0])}.")


def covered(cover: Cover, zone: ZoneInfo) -> Message:
    """The answer to `duty cover`; times in the zone that was meant."""
    times = f"from *{wall_text(cover.starts_at, zone)}* to *{wall_text(cover.ends_at, zone)}*"
    take_back = f"This is cover {cover.id}. Take it back: `/incident duty uncover {cover.id}`"
    return said(f"{person(cover.person)} is on duty {times}.", context(take_back))


def uncovered(cover: Cover, zone: ZoneInfo) -> Message:
    times = f"{wall_text(cover.starts_at, zone)} to {wall_text(cover.ends_at, zone)}"
    return said(f"Cover {cover.id} is taken back: {person(cover.person)}, {times}.", context(_SEE))


def reading(url: str) -> Message:
    """The answer to `duty from`."""
    return said(f"I'm reading the calendar at {_host(url)} and tell you by DM. Until then duty stays as it is.")


def stopped() -> Message:
    return said("The duty roster is stopped, and its covers with it: nobody is on duty.", context(_SET))


def _coming(notice: Notice) -> Message:
    """24 h and 1 h before."""
    begins, duty = notice.begins, notice.duty
    until = duty.until(begins) if duty else None
    before = duty.outgoing(begins) if duty else None
    left = begins - notice.now
    when = f"in {format_duration(left)}" if left > timedelta() else "since then"
    text = f"You are on duty as incident commander from *{notice.wall(begins)}*, {when}"
    text += f", until {notice.wall(until)}." if until else ", until further notice."
    text += f" You take over from {notice.name(before)}." if before else ""
    return said(text, context(f"Can't you? Let somebody cover you. {_SEE}"))


def _changed(notice: Notice) -> Message:
    """To everybody for whom it has changed: what is true now."""
    why = f" ({notice.name(notice.about['by'])})" if notice.about.get("by") else " (its calendar)"
    duty = notice.duty
    own = (
        [one for one in duty.stretches(notice.now, duty.in_sight(notice.now)) if one.person == notice.to]
        if duty
        else []
    )
    if not own:
        return said(f"The duty roster has changed{why}: you are not on duty in the time to come.", context(_SEE))
    first = "from now" if own[0].starts_at == notice.now else f"from *{notice.wall(own[0].starts_at)}*"
    rest = [f"from {notice.wall(one.starts_at)} to {_end(notice, one)}" for one in own[1:_MOST_OWN]]
    text = f"{first} to *{_end(notice, own[0])}*" + "".join(f", then {one}" for one in rest)
    return said(f"The duty roster has changed{why}: you are on duty as incident commander {text}.", context(_SEE))


def _end(notice: Notice, stretch: Stretch) -> str:
    """The end of a stretch, which may lie behind what was looked at."""
    until = notice.duty.until(stretch.starts_at) if notice.duty else None
    return notice.wall(until) if until else "further notice"


def _read(notice: Notice) -> Message:
    """The calendar has become the roster: what it says, and whom it names that Slack doesn't know."""
    duty = notice.duty
    if duty is None:
        return said("The duty roster was stopped meanwhile.", context(_SET))
    now = duty.stretches(notice.now, notice.now + SHOWN_FOR)[0]
    until = duty.until(notice.now)
    text = f"The duty roster is the calendar at {_host(duty.roster.url)} now. On duty: {_whom(now)}"
    text += f" until {notice.wall(until)}." if until else "."
    unknown = list(dict.fromkeys(event.label for event in duty.events if event.person is None))
    notes = [_SEE]
    if unknown:
        some = ", ".join(f"“{typed(label, 60)}”" for label in unknown[:5])
        notes.insert(
            0, f"I don't know who these are: {some}. Put the e-mail address that they have in Slack into the event."
        )
    if not duty.events:
        notes.insert(0, "It has no event in the next 60 days.")
    return said(text, context(*notes))


def _unread(notice: Notice) -> Message:
    why = typed(str(notice.about["why"]))
    return said(f"I can't use that calendar as the duty roster: {why}. Duty stays as it was.", context(_SEE))


def _trouble(notice: Notice) -> Message:
    why = typed(str(notice.about["why"]))
    goes_on = "Duty goes on as it was last read. I try again each hour, and tell you when it works."
    return said(f"I can't read the duty calendar: {why}. {goes_on}", context(_SEE))


def _back(notice: Notice) -> Message:
    return said("I can read the duty calendar again.", context(_SEE))


NOTICES: Mapping[str, Callable[[Notice], Message]] = {
    "duty-day": _coming,
    "duty-hour": _coming,
    "duty-changed": _changed,
    "calendar-read": _read,
    "calendar-unread": _unread,
    "calendar-trouble": _trouble,
    "calendar-back": _back,
}
