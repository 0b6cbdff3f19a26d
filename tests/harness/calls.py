"""One entry of the sandbox's log."""

from dataclasses import dataclass
from typing import Any, Self

from tests.harness.doors import Json


@dataclass(frozen=True, slots=True)
class Call:
    """A request, a payload or an ack. `began` and `ended` are real seconds on one monotonic clock."""

    n: int
    what: str
    method: str
    ok: bool
    error: str
    args: Any
    began: float
    ended: float

    @classmethod
    def of(cls, entry: Json) -> Self:
        """As the log shows it: it is written at the end of a call that took `ms`."""
        ended, took = entry["real"], entry.get("ms", 0.0) / 1000
        return cls(
            n=entry["n"],
            what=entry["what"],
            method=entry["method"],
            ok=entry["ok"],
            error=entry.get("error", ""),
            args=entry.get("args"),
            began=ended - took,
            ended=ended,
        )
