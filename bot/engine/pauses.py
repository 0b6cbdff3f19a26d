"""Pauses: methods that Slack wants left alone for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

CALM = timedelta(seconds=5)
"""So long after its last turn whoever was limited may hurry again: Slack takes some messages at once then."""


@dataclass(frozen=True, slots=True)
class _Pause:
    """Until when, on two clocks: it is over when either says so, whichever was set."""

    wall: datetime
    elapsed: float

    @classmethod
    def of(cls, wait: timedelta, now: datetime, elapsed: float) -> "_Pause":
        return cls(now + wait, elapsed + wait.total_seconds())

    def left(self, now: datetime, elapsed: float) -> timedelta:
        return min(self.wall - now, timedelta(seconds=self.elapsed - elapsed))


class Pauses:
    """What is to be left alone, by name. `elapsed` is in seconds of a clock that never steps."""

    def __init__(self) -> None:
        self._until: dict[str, _Pause] = {}
        self._limited: dict[str, _Pause] = {}

    def begin(self, name: str, wait: timedelta, now: datetime, elapsed: float) -> None:
        """Leave it alone for so long; for longer, if that was said already."""
        wait = max(wait, self.left(name, now, elapsed))
        self._until[name] = _Pause.of(wait, now, elapsed)
        self._limited[name] = _Pause.of(wait + CALM, now, elapsed)

    def left(self, name: str, now: datetime, elapsed: float) -> timedelta:
        """How long it must still be left alone; nothing or less when it need not."""
        pause = self._until.get(name)
        return pause.left(now, elapsed) if pause else timedelta()

    def take_turn(self, name: str, apart: timedelta, now: datetime, elapsed: float) -> None:
        """Something goes now. While it is limited, the next has its turn `apart` from it, not at once.

        After a limit as many go at once as waited for its end: all but the first would be refused again.
        """
        limited = self._limited.get(name)
        if apart and limited and limited.left(now, elapsed) > timedelta():
            self.begin(name, apart, now, elapsed)
