"""The incident: its severity, its state, and which states may follow which."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.errors import WrongState

PersonId = str
ChannelId = str


class Severity(StrEnum):
    """How bad it is: sev1 is the worst."""

    SEV1 = "sev1"
    SEV2 = "sev2"
    SEV3 = "sev3"
    SEV4 = "sev4"


class State(StrEnum):
    """Where the incident stands."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Kind(StrEnum):
    """A real outage or an exercise."""

    REAL = "real"
    DRILL = "drill"


OPEN_STATES = frozenset({State.INVESTIGATING, State.IDENTIFIED, State.MONITORING})

# The whole state machine. Reopening is the way from an ended state back to investigating.
TRANSITIONS: Mapping[State, frozenset[State]] = {
    **{state: (OPEN_STATES - {state}) | {State.RESOLVED, State.CANCELLED} for state in OPEN_STATES},
    State.RESOLVED: frozenset({State.CLOSED, State.INVESTIGATING}),
    State.CLOSED: frozenset({State.INVESTIGATING}),
    State.CANCELLED: frozenset({State.INVESTIGATING}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One incident as it stands. All times are UTC and aware."""

    number: int
    title: str
    summary: str
    severity: Severity
    state: State
    kind: Kind
    private: bool
    declared_by: PersonId
    declared_at: datetime
    detected_at: datetime
    acknowledged_at: datetime | None = None
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    call_url: str = ""
    channel_id: ChannelId | None = None
    channel_name: str = ""
    channel_archived: bool = False
    card_ts: str | None = None
    call_bookmark: str | None = None
    announcement_channel: ChannelId | None = None
    announcement_ts: str | None = None
    source: str = ""
    earlier_channel: ChannelId | None = None

    @property
    def name(self) -> str:
        """`INC-7`, the name by which people call it."""
        return f"INC-{self.number}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_drill(self) -> bool:
        return self.kind is Kind.DRILL

    def age(self, now: datetime) -> timedelta:
        """How long it has lasted: from detection to its end, or to `now` while it is open."""
        return (self.resolved_at or now) - self.detected_at


def check_transition(incident: Incident, to: State) -> None:
    """Raise WrongState, saying what is possible, unless `incident` may become `to`."""
    if to in TRANSITIONS[incident.state]:
        return
    if to is incident.state:
        raise WrongState(f"{incident.name} is {to} already.", "Nothing was changed.")
    if incident.is_open and to is State.CLOSED:
        raise WrongState(f"{incident.name} is {incident.state}, so it can't be closed yet.", _hint(incident, "resolve"))
    if not incident.is_open:
        raise WrongState(f"{incident.name} is {incident.state}.", "Reopen it first: " + _command(incident, "reopen"))
    possible = ", ".join(sorted(TRANSITIONS[incident.state]))
    raise WrongState(f"{incident.name} is {incident.state} and can't become {to}.", f"Possible: {possible}.")


def check_open(incident: Incident) -> None:
    """Raise WrongState unless `incident` is open."""
    if not incident.is_open:
        raise WrongState(f"{incident.name} is {incident.state}.", "Reopen it first: " + _command(incident, "reopen"))


def _command(incident: Incident, word: str) -> str:
    return f"`/incident {word} {incident.name}`"


def _hint(incident: Incident, word: str) -> str:
    return f"First: {_command(incident, word)}"
