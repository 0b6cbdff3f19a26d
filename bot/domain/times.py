"""The times of an incident that people may set right: in order, and not in the future."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from bot.domain.incident import Incident
from bot.errors import WrongState, WrongWords


class Moment(StrEnum):
    """A time of the incident that may be set. When it was declared is a fact, and may not."""

    DETECTED = "detected"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"


EXAMPLE = "For example: `/incident times detected 08:15`"
_EARLIER: Mapping[Moment, tuple[str, ...]] = {
    Moment.DETECTED: (),
    Moment.ACKNOWLEDGED: ("detected",),
    Moment.MITIGATED: ("detected",),
    Moment.RESOLVED: ("detected", "acknowledged", "mitigated"),
}
_LATER: Mapping[Moment, tuple[str, ...]] = {
    Moment.DETECTED: ("declared", "acknowledged", "mitigated", "resolved"),
    Moment.ACKNOWLEDGED: ("resolved",),
    Moment.MITIGATED: ("resolved",),
    Moment.RESOLVED: ("closed",),
}
_CAN_BE_NONE = frozenset({Moment.ACKNOWLEDGED, Moment.MITIGATED})


def moments(incident: Incident) -> dict[str, datetime | None]:
    """All times of the incident by name, in the order in which they usually come; None when it has not come."""
    return {
        "detected": incident.detected_at,
        "declared": incident.declared_at,
        "acknowledged": incident.acknowledged_at,
        "mitigated": incident.mitigated_at,
        "resolved": incident.resolved_at,
        "closed": incident.closed_at,
    }


def set_right(incident: Incident, moment: Moment, at: datetime, now: datetime) -> dict[str, datetime]:
    """What changes when this moment was `at`: columns of the incident and their values.

    Typed times are whole minutes: within the minute of one that comes before it, it is that one. Raises WrongState when
    it would come after `now` or out of order: detected first, resolved last.
    """
    if at > now:
        raise WrongState(f"An incident can't be {moment} in the future.", EXAMPLE)
    if moment is Moment.RESOLVED and incident.resolved_at is None:
        raise WrongState(f"{incident.name} is not resolved.", f"First: `/incident resolve {incident.name}`")
    known = {name: when for name, when in moments(incident).items() if when is not None}
    # Where nobody said when it was mitigated, resolving said it, and it goes along.
    together = moment is Moment.RESOLVED and incident.mitigated_at == incident.resolved_at
    for earlier in _EARLIER[moment]:
        if earlier in known and not (together and earlier == "mitigated"):
            if at < known[earlier].replace(second=0, microsecond=0):
                raise _out_of_order(incident, "before", earlier)
            at = max(at, known[earlier])
    for later in _LATER[moment]:
        if later in known and at > known[later]:
            raise _out_of_order(incident, "after", later)
    return {f"{moment}_at": at} | ({"mitigated_at": at} if together else {})


def none_at(incident: Incident, moment: Moment) -> Mapping[str, None]:
    """What changes when this moment has not come. Raises WrongState when that can't be said of it."""
    if moment not in _CAN_BE_NONE or not incident.is_open:
        raise WrongState(f"{incident.name} has a time at which it was {moment}, and it stays.", EXAMPLE)
    return {f"{moment}_at": None}


def read_moment(word: str) -> Moment:
    """The moment of that name. Raises WrongWords, naming those that can be set."""
    if word.lower() not in list(Moment):
        raise WrongWords("What can be set is `detected`, `acknowledged`, `mitigated` or `resolved`.", EXAMPLE)
    return Moment(word.lower())


def _out_of_order(incident: Incident, how: str, other: str) -> WrongState:
    said = f"That is {how} {incident.name} was {other}."
    first = f" Set the other one first: `/incident times {other} …`" if other in list(Moment) else ""
    return WrongState(said, f"See all: `/incident times`.{first}")
