"""Wall-clock times that people type, made instants: `16:00`, `tomorrow 09:00`, `monday 09:00 Europe/Berlin`.

A typed time means its next occurrence. One that a change of the clocks skips or repeats is not guessed: it asks.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import WrongWords

_DAYS = tuple("monday tuesday wednesday thursday friday saturday sunday".split())
_MONTHS = tuple("january february march april may june july august september october november december".split())
_RELATIVE = {"yesterday": -1, "today": 0, "tomorrow": 1}
_TIME = re.compile(r"(\d{1,2}):(\d{2})|(\d{1,2})(?::(\d{2}))?(am|pm)")
_ISO_DATE = re.compile(r"(20\d\d)-(\d{1,2})-(\d{1,2})")
_OFFSET = re.compile(r"(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d{2}))?")
_FILLERS = frozenset({"at", "on"})
_MINUTE = timedelta(minutes=1)
EXAMPLES = "For example: `16:00`, `tomorrow 09:00`, `monday 09:00`, `2026-11-23 09:00 Europe/Berlin`"


@dataclass(frozen=True, slots=True)
class WallTime:
    """An instant in UTC, and the zone on whose wall it was meant."""

    at: datetime
    zone: ZoneInfo

    @property
    def text(self) -> str:
        return wall_text(self.at, self.zone)


class AsksWhich(WrongWords):
    """A change of the clocks skips or repeats the time typed; `choices` are what may be meant, the earlier first."""

    def __init__(self, user_text: str, hint: str, choices: tuple[WallTime, ...]) -> None:
        super().__init__(user_text, hint)
        self.choices = choices


def wall_text(at: datetime, zone: tzinfo, now: datetime | None = None) -> str:
    """`Mon 23 Nov 16:00 CET (15:00 UTC)`: on the wall of `zone`, and in UTC, with its date where that is another.

    When it is another year than `now`, that is said too.
    """
    local, utc = at.astimezone(zone), at.astimezone(UTC)
    year = " %Y" if now and local.year != now.astimezone(zone).year else ""
    shown = local.strftime(f"%a %-d %b{year} %H:%M %Z")
    if local.tzname() == "UTC":
        return shown
    return f"{shown} ({utc.strftime('%H:%M' if utc.date() == local.date() else '%a %-d %b %H:%M')} UTC)"


def zone_named(word: str) -> ZoneInfo | None:
    """The zone of that name, however it is capitalised: `Europe/Berlin`, `UTC`; None when there is no such zone."""
    name = _zone_names().get(word.lower())
    return ZoneInfo(name) if name else None


def zone_names() -> Iterable[str]:
    """All names that `zone_named` knows."""
    return _zone_names().values()


@cache
def _zone_names() -> dict[str, str]:
    # Of the old names without a place some look like abbreviations (EST) but are other zones than those who type mean.
    known = {"UTC", "GMT", *(name for name in available_timezones() if "/" in name)}
    return {name.lower(): name for name in known}


def instants(day: date, wall: time, zone: tzinfo) -> list[datetime]:
    """When it is `wall` on that date in that zone, in UTC: once; twice as clocks go back, never as they go forward."""
    naive = datetime.combine(day, wall)
    both = {naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(at for at in both if at.astimezone(zone).replace(tzinfo=None) == naive)


def parse(text: str, now: datetime, zone: ZoneInfo, *, after: datetime | None = None, past: bool = False) -> WallTime:
    """The next instant after `after` (default: now) that these words mean; with `past` the last one until then.

    `zone` is meant unless the words name one. `today` and the like count from `now`. Raises WrongWords with examples,
    and AsksWhich for a time that a change of the clocks skips or repeats.
    """
    typed = read(text, zone)
    if typed.is_now:
        return WallTime(now, typed.zone)
    wall = typed.wall
    if wall is None:
        raise WrongWords("That names no time of the day.", EXAMPLES)
    bound = after or now
    for day in _days(typed, now, bound, past=past):
        found = _eligible(typed, day, wall, bound, past=past)
        if found is not None:
            return WallTime(found, typed.zone)
    raise _out_of_bound(typed, wall, now, bound, past=past)


@dataclass(slots=True)
class Typed:
    """What somebody's words say, as far as they say it: which zone, which time of the day, which day."""

    zone: ZoneInfo
    names_zone: bool = False
    is_now: bool = False
    wall: time | None = None
    # `today`: -1, 0, 1; `monday`: 0; `23 nov 2026`: its parts.
    relative: int | None = None
    weekday: int | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None
    # What decides between two: `+01:00` or `CET`.
    offset: timedelta | None = None
    abbreviation: str = ""
    said: set[str] = field(default_factory=set)

    @property
    def where(self) -> tzinfo:
        return self.zone if self.offset is None else timezone(self.offset)

    def say(self, **values: object) -> None:
        """Set what one word says. Raises WrongWords when another word has said it."""
        if self.said & values.keys():
            raise WrongWords("That names two times.", EXAMPLES)
        self.said |= values.keys()
        for name, value in values.items():
            setattr(self, name, value)


def read(text: str, zone: ZoneInfo) -> Typed:
    """What these words say; `zone` is meant unless they name one. Raises WrongWords when they contradict each other."""
    words = [word for word in text.lower().replace(",", " ").split() if word not in _FILLERS]
    typed = Typed(zone)
    rest = [
        word for word in words if not (_read_time(word, typed) or _read_day(word, typed) or _read_zone(word, typed))
    ]
    for word in rest:
        # An abbreviation is one of the zone's own, wherever in the words the zone stands.
        if word not in _abbreviations(typed.zone):
            shown = re.sub(r"[^\w:+./-]", "", word)[:30]
            raise WrongWords(f"I don't understand `{shown}` as a time." if shown else "That is no time.", EXAMPLES)
        typed.say(abbreviation=word.upper())
    _check_date(typed)
    return typed


def _read_time(word: str, typed: Typed) -> bool:
    found = _TIME.fullmatch(word)
    if found is None:
        return False
    hour, minute = int(found[1] or found[3]), int(found[2] or found[4] or 0)
    if found[5]:
        if not 1 <= hour <= 12:
            raise WrongWords(f"There is no {word}.", EXAMPLES)
        hour = hour % 12 + (12 if found[5] == "pm" else 0)
    if hour > 23 or minute > 59:
        raise WrongWords(f"There is no {word} on a clock.", "A day goes from `00:00` to `23:59`.")
    typed.say(wall=time(hour, minute))
    return True


def _read_day(word: str, typed: Typed) -> bool:
    if word == "now":
        typed.say(is_now=True)
    elif word in _RELATIVE:
        typed.say(relative=_RELATIVE[word])
    elif (weekday := _among(_DAYS, word)) is not None:
        typed.say(weekday=weekday)
    elif (month := _among(_MONTHS, word)) is not None:
        typed.say(month=month + 1)
    elif found := _ISO_DATE.fullmatch(word):
        typed.say(year=int(found[1]), month=int(found[2]), day=int(found[3]))
    elif re.fullmatch(r"20\d\d", word):
        typed.say(year=int(word))
    elif re.fullmatch(r"\d{1,2}\.?", word):
        typed.say(day=int(word.rstrip(".")))
    else:
        return False
    return True


def _among(names: Sequence[str], word: str) -> int | None:
    """The place of the name that begins with `word`: at least its first three letters."""
    return next((place for place, name in enumerate(names) if len(word) >= 3 and name.startswith(word)), None)


def _read_zone(word: str, typed: Typed) -> bool:
    if zone := zone_named(word):
        typed.say(zone=zone, names_zone=True)
    elif found := _OFFSET.fullmatch(word):
        offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        if offset > timedelta(hours=14):
            raise WrongWords(f"No place is {word} from UTC.", EXAMPLES)
        typed.say(offset=-offset if found[1] == "-" else offset)
    else:
        return False
    return True


def _abbreviations(zone: ZoneInfo) -> set[str]:
    """What the zone's own people call their time, in summer and in winter."""
    return {(datetime(2026, month, 1, tzinfo=zone).tzname() or "").lower() for month in range(1, 13)}


def _check_date(typed: Typed) -> None:
    """Raise WrongWords unless the words about the day fit together."""
    dated = typed.month is not None or typed.day is not None or typed.year is not None
    if sum((dated, typed.relative is not None, typed.weekday is not None, typed.is_now)) > 1:
        raise WrongWords("That names two days.", EXAMPLES)
    if typed.is_now and typed.wall is not None:
        raise WrongWords("That names two times.", EXAMPLES)
    if not dated:
        return
    if typed.month is None or typed.day is None:
        raise WrongWords("That names half a date.", EXAMPLES)
    if _date(typed.year or 2024, typed.month, typed.day) is None:
        raise WrongWords("There is no such date.", EXAMPLES)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _days(typed: Typed, now: datetime, bound: datetime, *, past: bool) -> Iterator[date]:
    """The dates that may be meant, the likeliest first."""
    near, step = bound.astimezone(typed.where).date(), timedelta(days=-1 if past else 1)
    if typed.relative is not None:
        yield now.astimezone(typed.where).date() + timedelta(days=typed.relative)
    elif typed.month is not None and typed.day is not None:
        years = [typed.year] if typed.year else [near.year + ahead * step.days for ahead in range(-1, 10)]
        yield from (day for year in years if (day := _date(year, typed.month, typed.day)))
    else:
        days = [near + step * ahead for ahead in range(-1, 15)]
        yield from (day for day in days if typed.weekday in (None, day.weekday()))


def _eligible(typed: Typed, day: date, wall: time, bound: datetime, *, past: bool) -> datetime | None:
    """The instant of this day that is meant, None when its time is over. Raises AsksWhich, or WrongWords."""
    found = instants(day, wall, typed.where)
    if not found:
        changes = _change(day, wall, typed.where)
        if (changes <= bound) is past:
            raise _skipped(typed, wall, changes)
        return None
    called = {at: at.astimezone(typed.zone).tzname() for at in found}
    if typed.abbreviation:
        found = [at for at in found if called[at] == typed.abbreviation]
    in_bound = [at for at in found if (at <= bound) is past]
    if len(in_bound) > 1:
        raise _repeated(typed, wall, in_bound)
    if not found and any((at <= bound) is past for at in called):
        there = " and ".join(str(name) for name in called.values())
        raise WrongWords(f"On {day:%a %-d %b} {typed.zone.key} has {there}, not {typed.abbreviation}.", EXAMPLES)
    return in_bound[0] if in_bound else None


def _change(day: date, wall: time, zone: tzinfo) -> datetime:
    """The instant at which the clocks go forward over `wall` on that date, to the second."""
    naive = datetime.combine(day, wall)
    before, later = (naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0))
    old = before.astimezone(zone).utcoffset()
    while later - before > timedelta(seconds=1):
        middle = before + (later - before) // 2
        before, later = (middle, later) if middle.astimezone(zone).utcoffset() == old else (before, middle)
    return later.replace(microsecond=0)


def _repeated(typed: Typed, wall: time, found: list[datetime]) -> AsksWhich:
    choices = tuple(WallTime(at, typed.zone) for at in found)
    words = " or ".join(f"`{_exactly(choice, typed, which=True)}`" for choice in choices)
    both = ", then ".join(f"{at.astimezone(typed.zone):%H:%M %Z} ({at:%H:%M} UTC)" for at in found)
    day = found[0].astimezone(typed.zone)
    said = f"{wall:%H:%M} comes twice on {day:%a %-d %b} in {typed.zone.key}: {both}."
    return AsksWhich(said, f"Type {words}.", choices)


def _skipped(typed: Typed, wall: time, changes: datetime) -> AsksWhich:
    last, first = WallTime(changes - _MINUTE, typed.zone), WallTime(changes, typed.zone)
    old, new = last.at.astimezone(typed.zone), first.at.astimezone(typed.zone)
    words = " or ".join(f"`{_exactly(choice, typed)}`" for choice in (last, first))
    went = f"the clocks go from {old + _MINUTE:%H:%M %Z} to {new:%H:%M %Z}"
    said = f"{wall:%H:%M} is skipped on {new:%a %-d %b} in {typed.zone.key}: {went}."
    return AsksWhich(said, f"Type {words}.", (last, first))


def _exactly(choice: WallTime, typed: Typed, *, which: bool = False) -> str:
    """What to type to mean just this instant."""
    local = choice.at.astimezone(choice.zone)
    name, there = local.tzname() or "", f" {choice.zone.key}" if typed.names_zone else ""
    offset = local.strftime("%z")
    decides = name if name.isalpha() else f"{offset[:3]}:{offset[3:]}"
    return f"{local:%Y-%m-%d %H:%M}{' ' + decides if which else ''}{there}"


def _out_of_bound(typed: Typed, wall: time, now: datetime, bound: datetime, *, past: bool) -> WrongWords:
    """A day was named, and at that time of it is on the wrong side."""
    day = next(_days(typed, now, bound, past=past))
    there = instants(day, wall, typed.where) or [_change(day, wall, typed.where)]
    said = wall_text(there[0], typed.zone, now)
    if bound != now:
        return WrongWords(f"{said} is not after {wall_text(bound, typed.zone)}.", "Name a later time.")
    if past:
        return WrongWords(f"{said} has not come yet.", "Name a time that has passed.")
    return WrongWords(f"{said} has passed.", "Name a later time, for example `tomorrow 09:00`.")
