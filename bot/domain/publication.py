"""What customers know of: incidents with a published update, and these updates."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.incident import State
from bot.domain.update import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """An incident that customers know of, by its public title. `promised`: when the next update is due."""

    incident: int
    title: str
    state: State
    resolved_at: datetime | None
    promised: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An update that customers were sent. `corrected`: another one, that says so in `corrects`, holds instead."""

    id: int
    incident: int
    sent_at: datetime
    words: Words
    corrects: int | None
    corrected: bool
