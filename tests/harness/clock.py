"""The one clock of the sandbox and the bot."""

from datetime import UTC, datetime, timedelta

from tests.harness.doors import Doors, Json


class Clock:
    """Moves only forward, and stops at everything that is due on the way unless it jumps."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    @property
    def now(self) -> datetime:
        """The time."""
        return _time(self._shown()["now"])

    @property
    def offset(self) -> float:
        """How many seconds it is ahead of the machine's."""
        return float(self._shown()["offset"])

    @property
    def next_due(self) -> datetime | None:
        """When the bot or Slack has something to do next."""
        due = self._shown()["next_due"]
        return None if due is None else _time(due)

    def forward(self, **duration: float) -> None:
        """`forward(minutes=30)`: from due instant to due instant."""
        self._move(advance=timedelta(**duration).total_seconds())

    def jump(self, **duration: float) -> None:
        """At once, as when a laptop wakes up."""
        self._move(advance=timedelta(**duration).total_seconds(), jump=True)

    def until(self, moment: datetime) -> None:
        """`until(boundary)`: from due instant to due instant."""
        self._move(until=moment.timestamp())

    def leap(self, moment: datetime) -> None:
        """`until` this moment at once."""
        self._move(until=moment.timestamp(), jump=True)

    def to_next(self) -> None:
        """To the next due instant."""
        self._move(to="next_due")

    def _move(self, **how: object) -> None:
        moved = self._doors.control("clock", **how)
        assert moved["settled"], f"the clock was moved, but it did not become quiet: {moved['why']}"

    def _shown(self) -> Json:
        shown: Json = self._doors.get("/control/clock")
        return shown


def _time(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)
