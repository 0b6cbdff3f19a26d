"""Pages: waking somebody, again and again, until they have heard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.incident import PersonId

# How long a person who is woken by hand is given before others hear of it.
ANSWER_WITHIN = timedelta(minutes=10)


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
