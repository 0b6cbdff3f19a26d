"""The words of a command, taken apart."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.incident import PersonId
from bot.heard import MENTION

# What people write between the people of a list.
_BETWEEN = re.compile(r"(?<=>)\s*,?\s*\band\s+(?=<@)", re.IGNORECASE)
_INCIDENT = re.compile(r"inc-?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Words:
    """A command taken apart: its words in order, and the incident that one of them names."""

    words: tuple[str, ...]
    number: int | None
    text: str

    @property
    def first(self) -> str:
        return self.words[0].lower() if self.words else ""

    @property
    def first_two(self) -> str:
        return " ".join(word.lower() for word in self.words[:2])

    def after(self, count: int) -> str:
        """What was typed after the first `count` words, as it was typed."""
        parts = self.text.split(maxsplit=count)
        return parts[count] if len(parts) > count else ""


def take_apart(text: str, names: Collection[str] = ()) -> Words:
    """The words of `text`. `INC-7` counts as the incident's name as the first word or right after the command.

    Of the commands `names` those of two words matter: in `note see INC-5` the number is part of the note.
    """
    words = text.split()
    of_two = " ".join(words[:2]).lower() in names
    for place in range(min(3 if of_two else 2, len(words))):
        if found := _INCIDENT.fullmatch(words[place]):
            head, tail = text.split(maxsplit=place)[:place], text.split(maxsplit=place + 1)[place + 1 :]
            rest = " ".join([*head, *tail])
            return Words(tuple(rest.split()), int(found.group(1)), rest)
    return Words(tuple(words), None, text.strip())


def incident_number(word: str) -> int | None:
    """7 for `INC-7`; None for what names no incident."""
    found = _INCIDENT.fullmatch(word)
    return int(found.group(1)) if found else None


def people_in(text: str) -> list[PersonId]:
    """The people named in `text`, in order."""
    return MENTION.findall(text)


def without_people(text: str) -> list[str]:
    """The other words of `text`, without the commas and the `and` between people."""
    words = MENTION.sub(" ", _BETWEEN.sub(" ", text)).split()
    return [bare for word in words if (bare := word.strip(",;"))]
