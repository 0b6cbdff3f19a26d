"""Asks: what an incident needs from its managers, open until somebody says that it is done."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.incident import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One ask; `number` counts from 1 within the incident. Times are UTC and aware."""

    id: int
    incident: int
    number: int
    text: str
    asked_by: PersonId
    asked_at: datetime
    done_by: PersonId | None = None
    done_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.done_at is None
