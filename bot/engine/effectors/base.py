"""What an effector is: three questions, each answered inside a transaction and without a network."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions.overview import overview
from bot.domain.effect import Effect
from bot.domain.incident import Incident, PersonId
from bot.domain.overview import Overview
from bot.domain.people import Person
from bot.domain.rota import Rota, Shift
from bot.settings import Settings
from storage import incidents, people, rotas
from storage.store import Tx

# The method of a Call that uploads a picture: three requests, see bot/engine/uploading.py.
UPLOAD = "files.upload"
# The one of a Call that brings an incident to Statuspage, see bot/engine/pushing.py.
PUSH = "statuspage"
# "One message per second per channel"; on its way one may lose some of the distance to the one before.
_MESSAGES_APART = timedelta(seconds=1.1)


class Look(Enum):
    """Where to look for what an uncertain call may have made. NONE: the call may simply be repeated."""

    NONE = "none"
    HISTORY = "history"
    OWN_CHANNELS = "own-channels"
    BOOKMARKS = "bookmarks"
    SPOOL = "spool"
    SCHEDULED = "scheduled"
    FILES = "files"
    STATUSPAGE = "statuspage"
    # Whether Slack's own timer has posted it: the call is nothing but this look.
    POSTED = "posted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to Slack. `marker` is how to find its result again; `joins` is a channel to join before it."""

    method: str
    arguments: Mapping[str, Any]
    look: Look = Look.NONE
    marker: str = ""
    joins: str = ""

    @property
    def channel(self) -> str:
        """The channel it goes to, by id; empty when it goes to none, or to one by name."""
        named = str(self.arguments.get("channel") or self.arguments.get("channel_id") or "")
        return named if named.startswith("C") else ""

    @property
    def pauses_with(self) -> str:
        """What a 429 pauses: the method for the whole workspace, for posts only their channel."""
        if self.method == "chat.postMessage":
            return f"{self.method} {self.arguments['channel']}"
        return self.method

    @property
    def apart(self) -> timedelta:
        """How far apart requests that pause together go while they are limited: what Slack says of messages, and a bit.

        Other methods have so many requests a minute, whenever they come.
        """
        return _MESSAGES_APART if self.method == "chat.postMessage" else timedelta()


@dataclass(frozen=True, slots=True)
class Done:
    """Settled as sent, in spite of what Slack said."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Not needed, or not possible and not worth a word."""

    why: str


@dataclass(frozen=True, slots=True)
class Fail:
    """Given up until the operator retries it; somebody has been told."""

    why: str


@dataclass(frozen=True, slots=True)
class Retry:
    """Put back, to be tried after `delay`, with this intent instead when one is given.

    `look`: Slack is to be looked at before, as after an uncertain try. `why`: what the operator is shown instead of the
    answer, which may hold secrets.
    """

    delay: timedelta = timedelta()
    intent: Mapping[str, Any] | None = field(default=None)
    look: bool = False
    why: str = ""


Verdict = Done | Drop | Fail | Retry


class Planning:
    """What effects are planned from: how things are at one moment of a transaction, each looked at once."""

    def __init__(self, tx: Tx, settings: Settings) -> None:
        self.tx, self.settings = tx, settings
        self._incidents: dict[int, Incident] = {}
        self._overviews: dict[int, Overview] = {}
        self._people: dict[PersonId, Person | None] = {}
        self._shifts: dict[int, list[Shift]] = {}

    def incident(self, effect: Effect) -> Incident:
        """The incident that this effect belongs to."""
        number = effect.incident or 0
        if number not in self._incidents:
            self._incidents[number] = incident_of(self.tx, effect)
        return self._incidents[number]

    def overview(self, effect: Effect) -> Overview:
        """That incident at a glance."""
        number = effect.incident or 0
        if number not in self._overviews:
            self._overviews[number] = overview(self.tx, self.incident(effect))
        return self._overviews[number]

    def people(self, wanted: Iterable[PersonId | None]) -> dict[PersonId, Person]:
        """What is known of these people, nobody (None) left out."""
        asked = {person for person in wanted if person}
        if unknown := asked - self._people.keys():
            self._people |= dict.fromkeys(unknown) | people.find(self.tx, unknown)
        return {person: known for person in sorted(asked) if (known := self._people[person])}

    def names(self, wanted: Iterable[PersonId | None]) -> dict[PersonId, str]:
        """The full names of these people, as far as known."""
        return {person: known.name for person, known in self.people(wanted).items()}

    def zone_of(self, person: PersonId | None) -> ZoneInfo:
        """Somebody's own zone; UTC for nobody and for who is not known."""
        known = self.people([person])
        return known[person].tz if person in known else ZoneInfo("UTC")

    def shifts(self, rota: Rota) -> list[Shift]:
        """The shifts of a rota that have not ended, in order."""
        if rota.id not in self._shifts:
            self._shifts[rota.id] = rotas.shifts_ending_after(self.tx, rota.id, self.tx.now)
        return self._shifts[rota.id]


class Effector:
    """How one kind of effect goes to Slack."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop | Retry:
        """The call to make, from how things are now; Drop when there is nothing left to do, Retry when not yet."""
        raise NotImplementedError

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        """Keep what the call produced, in the transaction that settles it."""

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        """What a definite refusal means."""
        return Fail(error)

    def failed(self, on: Planning, effect: Effect, why: str) -> None:
        """It was given up, in the transaction that settles it: tell who can mend it, unless `refused` has."""


def incident_of(tx: Tx, effect: Effect) -> Incident:
    """The incident that this effect belongs to."""
    if effect.incident is None:
        raise LookupError(f"effect {effect.key} belongs to no incident")
    return incidents.get(tx, effect.incident)


def channel_of(incident: Incident) -> str:
    """Its channel. Rows that need it are not claimed before it is there."""
    if incident.channel_id is None:
        raise LookupError(f"{incident.name} has no channel yet")
    return incident.channel_id
