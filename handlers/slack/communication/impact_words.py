"""What people type about impact: `dedicated-databases/production major from 08:15 affected 900`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain import walltime
from bot.domain.impact import LEVEL_WORDS, Level, Part, read_level
from bot.domain.text import nearest, shorten
from bot.errors import WrongWords
from bot.messages.kit import escape

_KEYS = {"from": "from", "since": "from", "affected": "affected"}
_NUMBER = re.compile(r"\d{1,3}(?:[,.']\d{3})+|\d{1,12}")
_LEVELS = "`major`, `partial`, `degraded`, `maintenance` or `operational`"
_LISTED = 8
EXAMPLE = "For example: `/incident impact {name} major from 08:15 affected 900`"
TIMES = "For example: `08:15`, `yesterday 22:00`, `2026-11-23 08:15 UTC`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """One line taken apart, none of its times read yet."""

    parts: Sequence[Part]
    level: Level
    when: str
    affected: int | None


def read(text: str, known: Sequence[Part]) -> Typed:
    """What this line says of the parts that are `known`. Raises WrongWords with the nearest right word."""
    words = text.split()
    place = next((n for n, word in enumerate(words) if n and word.lower() in _KEYS), len(words))
    head, given = words[:place], _given(words[place:], known)
    for count in range(1, len(head)):
        if level := read_level(" ".join(head[count:])):
            found = find_parts("-".join(head[:count]), known)
            return Typed(parts=found, level=level, when=given.get("from", ""), affected=number(given.get("affected")))
    raise _no_level(find_parts(head[0], known), " ".join(head[1:]))


def _given(words: Sequence[str], known: Sequence[Part]) -> Mapping[str, str]:
    """What follows `from` and `affected`."""
    found: dict[str, list[str]] = {}
    key = ""
    for word in words:
        if word.lower() in _KEYS:
            key = _KEYS[word.lower()]
            if key in found:
                raise WrongWords(f"That says `{key}` twice.", EXAMPLE.format(name=known[0].name))
            found[key] = []
        else:
            found[key].append(word)
    for key, value in found.items():
        if not value:
            raise WrongWords(f"What comes after `{key}`?", EXAMPLE.format(name=known[0].name))
    return {key: " ".join(value) for key, value in found.items()}


def find_parts(target: str, known: Sequence[Part]) -> Sequence[Part]:
    """`shared-databases/free`, or all tiers of `shared-databases`. Raises WrongWords with the nearest one."""
    component, _, tier = target.lower().partition("/")
    of_it = [part for part in known if part.component == component]
    found = [part for part in of_it if tier in ("", part.tier)]
    if found:
        return found
    if of_it:
        close = nearest(tier, [part.tier for part in of_it])
        tiers = f"Its tiers: {', '.join(part.tier for part in of_it[:_LISTED])}."
        hint = f"Did you mean `{component}/{close}`?" if close else tiers
        raise WrongWords(f"{component} has no tier {_quoted(tier)}.", hint)
    names = list(dict.fromkeys([*(part.component for part in known), *(part.name for part in known)]))
    close = nearest(target[:100], names)
    listed = ", ".join(dict.fromkeys(part.component for part in known[:_LISTED]))
    hint = f"Did you mean `{close}`?" if close else f"Components, from the settings: {listed}."
    raise WrongWords(f"I don't know the component {_quoted(target)}.", hint)


def _no_level(parts: Sequence[Part], word: str) -> WrongWords:
    if not word:
        return WrongWords(f"How does {parts[0].component} do?", f"Say {_LEVELS} after it.")
    close = nearest(word[:100], LEVEL_WORDS)
    hint = f"Did you mean `{close}`?" if close else f"Say {_LEVELS}."
    return WrongWords(f"{_quoted(word)} is no level.", hint)


def number(text: str | None) -> int | None:
    """How many, as people write it: `900`, `12,000`; None for nothing. Raises WrongWords."""
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise WrongWords(f"{_quoted(text)} is no number of affected ones.", "Say a whole number: `affected 900`")
    return int(re.sub(r"\D", "", text))


def past(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The last moment that these words mean; `now` for none. Raises WrongWords, and AsksWhich around a DST change."""
    if not text.strip():
        return now
    try:
        return walltime.parse(text, now, zone, past=True).at
    except walltime.AsksWhich:
        raise
    except WrongWords as wrong:
        # Its own examples are of times to come.
        raise WrongWords(wrong.user_text, TIMES if wrong.hint == walltime.EXAMPLES else wrong.hint) from wrong


def _quoted(word: str) -> str:
    return f"`{escape(shorten(word.replace('`', ''), 40))}`"
