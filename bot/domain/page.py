"""Pages: waking somebody, again and again, until they have heard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.incident import PersonId

# How long a person who is woken by hand is given before others hear of it.
ANSWER_WITHIN = timedelta(minutes=10)


# Why the bot itself wakes somebody, by the name of the text that says it in Slack: for where Slack is not.
WHY: Mapping[str, str] = {
    "shift-page": "are you up? Your shift in command begins soon.",
    "late-in": "you are late: command is offered to you.",
    "ladder": "nobody has accepted command. Can you take it?",
    "duty-offer": "you are on duty: command is offered to you.",
}


class AnsweredBy(StrEnum):
    """How somebody showed that they have heard."""

    SLACK = "slack"
    LINK = "link"
    WEB = "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One person being woken for one reason. It repeats until it is acknowledged or ended by what came instead."""

    id: int
    key: str
    incident: int
    person: PersonId
    what: str
    about: Mapping[str, Any]
    handoff: int | None
    paged_at: datetime
    times: int
    acknowledged_at: datetime | None
    ended_at: datetime | None
    reason: str
    paged_by: PersonId | None = None
    answered_by: AnsweredBy | None = None
