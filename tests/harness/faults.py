"""Things that go wrong on purpose."""

from typing import Any

from tests.harness.doors import Doors


class Faults:
    """Rules by which calls fail: see docs/sandbox.md."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors

    def add(self, *, on: str = "*", do: str, phase: str = "before", nth: int = 1, times: int = 1, **more: Any) -> str:
        """Add a rule; its id."""
        return str(self._doors.control("faults", on=on, do=do, phase=phase, nth=nth, times=times, **more)["id"])

    def clear(self) -> None:
        """No more rules."""
        self._doors.delete("/control/faults")

    def down(self) -> None:
        """Slack can't be reached at all, until `clear`."""
        self._doors.control("faults", on="*", do="down", times=0)
