"""Pauses: methods that Slack wants left alone for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class _Pause:
    """Until when, on two clocks: it is over when either says so, whichever was set."""

    wall: datetime
    elapsed: float


class Pauses:
    """What is to be left alone, by name. `elapsed` is in seconds of a clock that never steps."""

    def __init__(self) -> None:
        self._until: dict[str, _Pause] = {}

    def begin(self, name: str, wait: timedelta, now: datetime, elapsed: float) -> None:
        """Leave it alone for so long."""
        self._until[name] = _Pause(now + wait, elapsed + wait.total_seconds())

    def left(self, name: str, now: datetime, elapsed: float) -> timedelta:
        """How long it must still be left alone; nothing or less when it need not."""
        pause = self._until.get(name)
        return min(pause.wall - now, timedelta(seconds=pause.elapsed - elapsed)) if pause else timedelta()
