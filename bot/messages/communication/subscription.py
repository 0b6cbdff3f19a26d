"""What somebody is told of their digest by DM."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.incident import Severity
from bot.domain.subscription import EXAMPLE, Subscription
from bot.domain.walltime import wall_text
from bot.messages.kit import Message, context, said

_CHANGE = "Another choice: `/incident subscribe sev1 at 08:00`. An end: `/incident unsubscribe`"


def subscribed(wanted: Subscription, coming: datetime | None, zone: ZoneInfo) -> Message:
    """The answer to `subscribe`."""
    return said(
        f"{sentence(wanted, coming, zone)} A calm day brings none; private incidents are never in it.", context(_CHANGE)
    )


def unsubscribed() -> Message:
    """The answer to `unsubscribe`."""
    return said("You get no digest by DM any more.", context("Again: `/incident subscribe`"))


def line(wanted: Subscription | None, coming: datetime | None, zone: ZoneInfo) -> str:
    """The same among what is known of somebody."""
    return sentence(wanted, coming, zone) if wanted else f"You get no digest by DM. {EXAMPLE}"


def sentence(wanted: Subscription, coming: datetime | None, zone: ZoneInfo) -> str:
    """Of which severities, at which times, and when the next one is."""
    every = set(wanted.severities) == set(Severity)
    which = "all severities" if every else _and([str(severity) for severity in wanted.severities])
    times = _and([f"{wall:%H:%M}" for wall in wanted.times])
    following = f", next {wall_text(coming, zone)}" if coming else ""
    return f"You get the digest of {which} by DM at {times} in {zone.key}{following}."


def _and(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
