"""When an incident was what: all its times, and one that was set."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.incident import Incident
from bot.domain.times import Moment, moments
from bot.domain.walltime import wall_text
from bot.messages.card import label
from bot.messages.kit import Message, context, header, said, section

_HOW = "Set one right: `/incident times detected 08:15`, or `… detected yesterday 23:40`; `… mitigated none`"


def shown(incident: Incident, zone: ZoneInfo, now: datetime) -> Message:
    """All times on the reader's own wall and in UTC."""
    lines = [
        f"*{name.capitalize()}* {wall_text(at, zone, now) if at else 'not yet'}"
        for name, at in moments(incident).items()
    ]
    title = f"Times of {label(incident)}"
    return Message(title, [header(title), section("\n".join(lines)), context(_HOW)])


def time_set(incident: Incident, moment: Moment, zone: ZoneInfo, now: datetime) -> Message:
    """The answer: what counts now, with date, zone and UTC."""
    at = moments(incident)[moment]
    if at is None:
        return said(f"{label(incident)} is not {moment} yet, as far as is known.")
    return said(f"{label(incident)} was {moment} *{wall_text(at, zone, now)}*.")
