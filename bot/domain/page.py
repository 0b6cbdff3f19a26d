"""Pages: waking somebody, again and again, until they have heard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.incident import PersonId


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
