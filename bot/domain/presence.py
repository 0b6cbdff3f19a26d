"""Presence: after how much silence the incident commander is asked whether they are there."""

from datetime import datetime, timedelta

from bot.domain.incident import Severity, State

_SILENCE = {Severity.SEV1: timedelta(minutes=60), Severity.SEV2: timedelta(minutes=120)}
# How long the holder has to answer before others are asked.
ANSWER_WITHIN = timedelta(minutes=10)
# When the channel could not be read, it is tried again after this.
LOOK_AGAIN = timedelta(minutes=15)
ON_A_CALL = timedelta(hours=2)


def silence_allowed(severity: Severity, state: State) -> timedelta | None:
    """How long the holder may be silent before they are asked, double while monitoring; None: they are never asked."""
    allowed = _SILENCE.get(severity)
    return allowed * 2 if allowed and state is State.MONITORING else allowed


def next_look(heard: datetime, allowed: timedelta, quiet_until: datetime | None) -> datetime:
    """When to look next at somebody last heard at `heard` who asked for quiet until then."""
    return max(heard + allowed, quiet_until or heard)
