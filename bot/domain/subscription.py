"""Who wants the digest by DM: of which severities, at which times of their own day."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.domain.digest import Schedule
from bot.domain.incident import PersonId, Severity
from bot.errors import WrongWords

MOST_TIMES = 6
EXAMPLE = "For example: `/incident subscribe sev1 sev2 at 08:00 18:00`"
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One person's; never without a severity or a time."""

    person: PersonId
    severities: tuple[Severity, ...]
    times: tuple[time, ...]
    since: datetime

    def schedule(self, zone: ZoneInfo) -> Schedule:
        """When it is due, in their own zone."""
        return Schedule(times=self.times, zone=zone, person=self.person)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asked for; empty means that they did not say."""

    severities: tuple[Severity, ...]
    times: tuple[time, ...]


def read(text: str) -> Wish:
    """`sev1 sev2 at 08:00 18:00`, `sev1`, `at 8am`. Raises WrongWords with an example."""
    words = text.lower().replace(",", " ").replace(" and ", " ").split()
    named = words[: words.index("at")] if "at" in words else words
    at = words[len(named) + 1 :]
    if "at" in words and not at:
        raise WrongWords("At which times?", EXAMPLE)
    return Wish(_severities(named), _times(at))


def _severities(words: Sequence[str]) -> tuple[Severity, ...]:
    if set(words) == {"all"}:
        return tuple(Severity)
    known = {word for severity in Severity for word in (severity.value, severity.value.removeprefix("sev"))}
    if any(word not in known for word in words):
        raise WrongWords("I know the severities `sev1`, `sev2`, `sev3` and `sev4` only.", EXAMPLE)
    return tuple(severity for severity in Severity if {severity.value, severity.value.removeprefix("sev")} & set(words))


def _times(words: Sequence[str]) -> tuple[time, ...]:
    found = tuple(sorted({_time(word) for word in words}))
    if len(found) > MOST_TIMES:
        raise WrongWords(f"{MOST_TIMES} times a day are the most.", EXAMPLE)
    return found


def _time(word: str) -> time:
    found = _TIME.fullmatch(word)
    if found:
        hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
        elif half:
            hour = 24
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise WrongWords("I can't read one of these times.", EXAMPLE)
