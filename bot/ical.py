"""What a calendar file says about who is on duty, in a process of its own: `python -m bot.ical NOW < FILE`.

The file comes from outside and may be anything: whatever reading it costs, the limits of this process end it, and the
bot goes on. It prints JSON: what `read` found, or the problem in a few words.
"""

import json
import re
import resource
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrulestr
from icalendar import Calendar
from icalendar.prop import vRecur

from bot.domain.text import clean_line, shorten

AHEAD = timedelta(days=60)
MOST_TURNS = 1000
_MEMORY = 1 << 30
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# A member's ID as Slack shows it; words in capitals have no digits.
_MEMBER = re.compile(r"\b[UW](?=[A-Z0-9]*\d)[A-Z0-9]{7,}\b")
_MOST_NAMES = 5
_MOST_STEPS = 200_000
# The library gives every property one of two dozen types; what one has shows when it is used.
Component = Any
_TIMES = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")


class BadCalendar(Exception):
    """The file can't be used; the text says why in a clause, `it is no calendar`."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One turn. `who`: e-mail addresses and member IDs of those who may be meant, the likeliest first."""

    label: str
    who: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime


def read(data: bytes, now: datetime) -> tuple[list[Occurrence], str]:
    """The turns that have not ended at `now` and begin within 60 days, in order; and the name of the calendar's zone.

    All-day events and times without a zone are in the calendar's zone, UTC unless it names one. Raises BadCalendar.
    """
    if not data.lstrip(b"\xef\xbb\xbf \r\n\t").upper().startswith(b"BEGIN:VCALENDAR"):
        raise BadCalendar("it is no calendar")
    if not data.rstrip().upper().endswith(b"END:VCALENDAR"):
        raise BadCalendar("it is cut off in the middle")
    try:
        calendars = Calendar.from_ical(data, multiple=True)
        zones = [_zone(calendar) for calendar in calendars]
        found = [turn for calendar, zone in zip(calendars, zones, strict=True) for turn in _turns(calendar, zone, now)]
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        # The library says so in many ways.
        raise BadCalendar("it does not keep to the format of calendars") from error
    if len(found) > MOST_TURNS:
        raise BadCalendar(f"it has more than {MOST_TURNS:,} turns in the next {AHEAD.days} days")
    return sorted(found, key=lambda turn: (turn.starts_at, turn.ends_at)), zones[0].key if zones else "UTC"


def _zone(calendar: Component) -> ZoneInfo:
    named = str(calendar.get("X-WR-TIMEZONE") or "UTC")
    try:
        return ZoneInfo(named)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadCalendar("it is in a time zone that I don't know") from None


def _turns(calendar: Component, zone: ZoneInfo, now: datetime) -> Iterator[Occurrence]:
    events = calendar.walk("VEVENT")
    moved = {_replaced(event, zone) for event in events if "RECURRENCE-ID" in event}
    for event in events:
        label = _label(event)
        if any(name in _TIMES for name, _ in event.errors) or (event.errors and "DTSTART" not in event):
            raise BadCalendar(f"the times of “{label}” can't be read")
        if str(event.get("STATUS", "")).upper() == "CANCELLED" or "DTSTART" not in event:
            continue
        who = _who(event)
        for count, (starts, ends) in enumerate(_times(event, zone, now)):
            if count > MOST_TURNS:
                raise BadCalendar(f"“{label}” comes more than {MOST_TURNS:,} times in {AHEAD.days} days")
            if "RECURRENCE-ID" in event or (str(event.get("UID")), starts) not in moved:
                yield Occurrence(label, who, starts, ends)


def _replaced(event: Component, zone: ZoneInfo) -> tuple[str, datetime]:
    """Which occurrence of a recurring event this one stands for."""
    naive, where = _local(event["RECURRENCE-ID"], zone)
    return str(event.get("UID")), naive.replace(tzinfo=where).astimezone(UTC)


def _times(event: Component, zone: ZoneInfo, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """When it takes place. What recurs keeps its times on the wall, its end too: so that turns of a week lie end to end
    in the week in which the clocks change."""
    first, where = _local(event["DTSTART"], zone)
    length = _length(event, first, where)
    if length <= timedelta():
        return
    # A day more on each side: these are times on the wall.
    begin, end = (at.astimezone(where).replace(tzinfo=None) for at in (now - length, now + AHEAD))
    for naive in _starts(event, first, where, begin - timedelta(days=1), end + timedelta(days=1)):
        starts, ends = (at.replace(tzinfo=where).astimezone(UTC) for at in (naive, naive + length))
        if starts < ends and ends > now and starts < now + AHEAD:
            yield starts, ends


def _local(value: Any, zone: tzinfo) -> tuple[datetime, tzinfo]:
    """A date or time of the file: on the wall, and of which zone that wall is."""
    found = value.dt
    if isinstance(found, datetime):
        if found.tzinfo is None and "TZID" in value.params:
            raise BadCalendar("it names a time zone that I don't know")
        return found.replace(tzinfo=None), found.tzinfo or zone
    return datetime.combine(found, time()), zone


def _length(event: Component, first: datetime, where: tzinfo) -> timedelta:
    """How long it takes, on the wall."""
    if "DTEND" in event:
        ends, there = _local(event["DTEND"], where)
        return ends.replace(tzinfo=there).astimezone(where).replace(tzinfo=None) - first
    if "DURATION" in event:
        length: timedelta = event["DURATION"].dt
        return length
    return timedelta() if isinstance(event["DTSTART"].dt, datetime) else timedelta(days=1)


def _starts(event: Component, first: datetime, where: tzinfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """Its beginnings on the wall from `begin` to `end`."""
    rules = _listed(event.get("RRULE"))
    found = set() if rules else {first}
    found |= set(_dates(event, "RDATE", where))
    for rule in rules:
        for count, start in enumerate(rrulestr(_rule(rule, where, end), dtstart=first)):
            if start > end:
                break
            if count > _MOST_STEPS:
                raise BadCalendar("something in it has repeated for too long")
            if start >= begin:
                found.add(start)
    yield from sorted(start for start in found - set(_dates(event, "EXDATE", where)) if begin <= start <= end)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _dates(event: Component, name: str, where: tzinfo) -> Iterator[datetime]:
    """The dates of RDATE or EXDATE, on the event's wall."""
    for some in _listed(event.get(name)):
        for one in some.dts:
            if isinstance(one.dt, tuple):
                raise BadCalendar("it gives periods where dates are expected")
            naive, there = _local(one, where)
            yield naive.replace(tzinfo=there).astimezone(where).replace(tzinfo=None)


def _rule(rule: vRecur, where: tzinfo, end: datetime) -> str:
    """The rule as text, its end on the event's wall, and never later than what is looked at."""
    if rule.get("FREQ", [""])[0] in {"SECONDLY", "MINUTELY"}:
        raise BadCalendar("something in it repeats each minute")
    parts: Any = vRecur(rule)
    until = parts.pop("UNTIL", None)
    text: str = parts.to_ical().decode()
    if "COUNT" in parts:
        return text
    last = min(_last(until[0], where), end) if until else end
    return f"{text};UNTIL={last:%Y%m%dT%H%M%S}"


def _last(until: date | datetime, where: tzinfo) -> datetime:
    if not isinstance(until, datetime):
        return datetime.combine(until, time.max)
    return until.astimezone(where).replace(tzinfo=None) if until.tzinfo else until


def _label(event: Component) -> str:
    return shorten(clean_line(str(event.get("SUMMARY") or "")), 100) or "an event without a name"


def _who(event: Component) -> tuple[str, ...]:
    """Who may be meant. The organizer last: often it is whoever keeps the calendar."""
    summary, description = (str(event.get(name) or "") for name in ("SUMMARY", "DESCRIPTION"))
    named = [_address(one) for one in _listed(event.get("ATTENDEE")) if _comes(one)]
    named += _EMAIL.findall(summary) + _EMAIL.findall(description[:5000])
    named += _MEMBER.findall(summary)
    named += [_address(one) for one in _listed(event.get("ORGANIZER"))]
    likely = dict.fromkeys(one.lower() if "@" in one else one for one in named if one)
    return tuple(likely)[:_MOST_NAMES]


def _comes(attendee: Any) -> bool:
    """Whether it is a person who has not declined."""
    is_thing = str(attendee.params.get("CUTYPE", "")).upper() in {"RESOURCE", "ROOM"}
    return not is_thing and str(attendee.params.get("PARTSTAT", "")).upper() != "DECLINED"


def _address(value: Any) -> str:
    found = _EMAIL.fullmatch(re.sub("^mailto:", "", str(value), flags=re.IGNORECASE))
    return found.group() if found else ""


def _as_json(turns: Iterable[Occurrence], zone: str) -> str:
    rows = [
        asdict(turn) | {"starts_at": turn.starts_at.isoformat(), "ends_at": turn.ends_at.isoformat()} for turn in turns
    ]
    return json.dumps({"turns": rows, "zone": zone})


def main() -> None:
    """Read a calendar from standard input, as of `argv[1]` in `argv[2]` seconds of a core, and print what it says."""
    seconds = int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    try:
        sys.stdout.write(_as_json(*read(sys.stdin.buffer.read(), datetime.fromisoformat(sys.argv[1]))))
    except BadCalendar as bad:
        sys.stdout.write(json.dumps({"problem": str(bad)}))


if __name__ == "__main__":
    main()
