"""Sections put on one screen: what always stands there, and of each list as many of the newest as there is room for."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.messages.command.briefing_sections import LIMITS, Reading, Section, sections

# One screen of Slack: so many lines of so many characters, and no more characters in all.
LINES = 20
WIDTH = 100
CHARS = 2500
_TOKEN = re.compile(r"<[^>]*>")
_BULLET = 3


def fitted(reading: Reading, above: Sequence[str]) -> list[tuple[Section, int]]:
    """The sections and how many items of each are shown below the lines `above`.

    Texts are cut shorter when otherwise there would be a list of which nothing is shown.
    """
    shown: list[tuple[Section, int]] = []
    for limit in LIMITS:
        found = sections(replace(reading, limit=limit))
        shown = list(zip(found, _fit(found, above), strict=True))
        if all(count or not part.items for part, count in shown):
            break
    return shown


def _fit(found: Sequence[Section], above: Sequence[str]) -> list[int]:
    """How many items of each: one more of each in turn, while all of it fits."""
    fixed = [*above, *(line for part in found for line in part.lines)]
    headings = [heading(part, part.total - 1, "x" * 25) for part in found if part.items]
    height = sum(map(tall, fixed)) + len(headings)
    length = sum(len(line) + 1 for line in [*fixed, *headings])
    counts = [0] * len(found)
    growing = set(range(len(found)))
    while growing:
        for place in sorted(growing):
            part = found[place]
            item = part.items[-1 - counts[place]] if counts[place] < min(part.most, len(part.items)) else None
            if item is None or height + tall(item) > LINES or length + len(item) + _BULLET > CHARS:
                growing.remove(place)
                continue
            counts[place] += 1
            height, length = height + tall(item), length + len(item) + _BULLET
    return counts


def within(part: Section, room: int, elsewhere: str) -> str:
    """A list with as many of its newest items as `room` characters hold."""
    count, left = 0, room - len(heading(part, 0, elsewhere)) - 20
    while count < len(part.items) and len(part.items[-1 - count]) + _BULLET <= left:
        left -= len(part.items[-1 - count]) + _BULLET
        count += 1
    return text_of(part, count, elsewhere)


def text_of(part: Section, count: int, elsewhere: str) -> str:
    """A section with `count` of its items, the newest; when that is not all, `elsewhere` says where the rest is."""
    shown = [f"• {item}" for item in part.items[len(part.items) - count :]]
    return "\n".join([*part.lines, *([heading(part, count, elsewhere)] if part.items else []), *shown])


def heading(part: Section, count: int, elsewhere: str) -> str:
    """What stands above a list of which `count` are shown."""
    if count == part.total:
        return f"*{part.title}*"
    shown = f"the newest {count} of {part.total}" if count else str(part.total)
    return f"*{part.title}*, {shown}: {elsewhere}"


def tall(line: str) -> int:
    """How many lines of a screen one line takes; a date or a mention is about as long as a name."""
    return max(1, -(-len(_TOKEN.sub("x" * 16, line)) // WIDTH))
