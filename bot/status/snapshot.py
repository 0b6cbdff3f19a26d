"""All that the public status page shows at a moment: plain values, and nothing that customers may not know.

An incident is in it from its first published update on, under its public title; private ones and drills never are, nor
is anybody's name. What is derived from it (levels, downtime, lateness) is computed by those who draw it, so that an
update written by hand into a copy changes everything that follows from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, cached_property

from pydantic import TypeAdapter

from bot.domain.cadence import GRACE
from bot.domain.impact import EVERYONE, Level
from bot.domain.incident import OPEN_STATES, State
from bot.domain.update import Cause
from bot.status.safe import public_id

# A page says of itself that it must not be trusted any more when it was not written for so long.
GOOD_FOR = timedelta(minutes=15)
DAYS = 90
FORMAT = 1
# The worst first.
WORST = (
    Level.MAJOR_OUTAGE,
    Level.PARTIAL_OUTAGE,
    Level.DEGRADED_PERFORMANCE,
    Level.UNDER_MAINTENANCE,
    Level.OPERATIONAL,
)


def worst(levels: Iterable[Level]) -> Level:
    """The worst of them; operational when there are none."""
    return min(levels, key=WORST.index, default=Level.OPERATIONAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where else a page leads: an address on the web, and what it is called."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Whose page it is, and how it looks.

    `key` is what its ids are made from, and stays when the name changes; `url`: where it is served, with a slash at
    the end, empty when that is not known; `logo`: the name of a file beside the pages; `colour`: `#rrggbb`.
    """

    key: str
    name: str
    url: str = ""
    about: str = ""
    logo: str = ""
    colour: str = ""
    links: tuple[Link, ...] = ()

    @property
    def id(self) -> str:
        return public_id("page", self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One component for one tier, by its names in the settings and as customers call it."""

    component: str
    title: str
    tier: str = EVERYONE
    tier_title: str = ""

    @property
    def name(self) -> str:
        """`Shared databases, Production`; `Deploys` for what has no tiers."""
        return self.title if self.tier == EVERYONE else f"{self.title}, {self.tier_title}"

    @property
    def id(self) -> str:
        return public_id("component", f"{self.component}/{self.tier}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A service was at this level from `start` to `end` (None: it still is). `is_down`: whether that is downtime."""

    level: Level
    is_down: bool
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """What one service went through in one incident, in order of time."""

    service: Service
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What customers were told. `corrects`: the id of the one it sets right; `corrected_at`: when it was set right.

    `by_hand`: written into a copy while the bot was away. The bot takes it in under this same id.
    """

    id: str
    at: datetime
    state: State
    text: str
    cause: Cause = Cause.UNKNOWN
    cause_text: str = ""
    estimate_at: datetime | None = None
    estimate_text: str = ""
    no_estimate_why: str = ""
    corrects: str = ""
    corrected_at: datetime | None = None
    by_hand: bool = False


@dataclass(frozen=True, kw_only=True)
class Incident:
    """One that customers know of: at least one update, the newest first. `next_at`: when the next one is promised.

    `ended_at` is set as long as it is over; `by_hand`: the bot does not know of it yet.
    """

    id: str
    title: str
    updates: tuple[Update, ...]
    ended_at: datetime | None = None
    next_at: datetime | None = None
    damage: tuple[Damage, ...] = ()
    by_hand: bool = False

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @cached_property
    def current(self) -> Update:
        """The update that holds: the newest uncorrected one. A correction stands in the place of what it corrects."""
        times = {one.id: one for one in self.updates}

        def place(one: Update) -> datetime:
            while one.corrects in times and one.corrects != one.id:
                one = times[one.corrects]
            return one.at

        standing = [one for one in self.updates if one.corrected_at is None]
        return max(standing or self.updates, key=place)

    @property
    def state(self) -> State:
        """As customers were told; `resolved` for every one that is over."""
        if not self.is_open:
            return State.RESOLVED
        return self.current.state if self.current.state in OPEN_STATES else State.INVESTIGATING

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        return tuple(span for one in self.damage for span in one.spans)

    @cached_property
    def began_at(self) -> datetime:
        """When it began for customers: with its impact, or with its first update."""
        return min([self.updates[-1].at, *(span.start for span in self.spans if span.level is not Level.OPERATIONAL)])

    @property
    def changed_at(self) -> datetime:
        return max(self.updates[0].at, self.ended_at or self.updates[0].at)

    @property
    def worst(self) -> Level:
        """The worst that any service was at."""
        return worst(span.level for span in self.spans)

    def late(self, now: datetime) -> timedelta | None:
        """How long the promised update is overdue; None when it is not, or none is promised."""
        if not self.is_open or self.next_at is None or now - self.next_at < GRACE:
            return None
        return now - self.next_at


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The page at `written_at`; it is good for `good_for`. Incidents: the one that began last comes first.

    `since`: the first day of which it knows anything; before that the history is empty, not green.
    """

    page: Page
    services: tuple[Service, ...]
    incidents: tuple[Incident, ...]
    written_at: datetime
    since: date
    good_for: timedelta = GOOD_FOR
    format: int = FORMAT

    @property
    def good_until(self) -> datetime:
        return self.written_at + self.good_for

    @cached_property
    def open(self) -> tuple[Incident, ...]:
        return tuple(one for one in self.incidents if one.is_open)

    @cached_property
    def levels(self) -> dict[Service, Level]:
        """How each service does: the worst that any open incident says."""
        found: dict[Service, list[Level]] = {service: [] for service in self.services}
        for one in self.open:
            for damage in one.damage:
                spans = [span for span in damage.spans if span.end is None and span.start <= self.written_at]
                found.get(damage.service, []).extend(span.level for span in spans)
        return {service: worst(levels) for service, levels in found.items()}


def to_json(snapshot: Snapshot) -> bytes:
    """The whole of it, to be read by `from_json`, or by any program; ASCII, and nothing in it begins a tag."""
    frame = _adapter().dump_json(replace(snapshot, incidents=()), ensure_ascii=True)
    # One by one: thousands at a stroke would hold up every other thread.
    each = b",".join(_incidents().dump_json(one, ensure_ascii=True) for one in snapshot.incidents)
    # In a text the quotes would have a backslash before them.
    return frame.replace(b'"incidents":[]', b'"incidents":[' + each + b"]").replace(b"<", b"\\u003c")


def from_json(text: bytes) -> Snapshot:
    """What `to_json` wrote; raises ValueError for anything else."""
    return _adapter().validate_json(text)


@cache
def _adapter() -> TypeAdapter[Snapshot]:
    return TypeAdapter(Snapshot)


@cache
def _incidents() -> TypeAdapter[Incident]:
    return TypeAdapter(Incident)
