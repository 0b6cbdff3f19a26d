"""Rules by which calls fail."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Literal

from sandbox.errors import invalid_arguments
from sandbox.identity import Json

Phase = Literal["before", "after"]

DEEDS = frozenset({"kill_bot", "drop", "status", "error", "ratelimited", "delay", "down"})
API = "*"
NOT_METHODS = frozenset({"response_url", "ack", "upload"})


@dataclass
class Rule:
    """One fault: what it hits and what it does. It counts matching calls from when it was added."""

    id: str
    on: str
    do: str
    phase: Phase = "before"
    nth: int = 1
    times: int = 1
    status: int = 500
    error: str = "fatal_error"
    retry_after: int = 30
    seconds: float = 0.1
    seen: int = field(default=0, init=False)

    @property
    def spent(self) -> bool:
        """Whether it can hit nothing more."""
        return self.do != "down" and self.times > 0 and self.seen >= self.nth - 1 + self.times

    def hits(self, name: str) -> bool:
        """Count one call and say whether it is hit."""
        if self.do == "down" or (self.on != name and not (self.on == API and name not in NOT_METHODS)):
            return False
        self.seen += 1
        return self.seen >= self.nth and (self.times == 0 or self.seen < self.nth + self.times)

    def shown(self) -> Json:
        """For GET /control/faults."""
        return asdict(self) | {"spent": self.spent}


_FIELDS: dict[str, type | tuple[type, ...]] = {
    "on": str,
    "do": str,
    "phase": str,
    "nth": int,
    "times": int,
    "status": int,
    "error": str,
    "retry_after": int,
    "seconds": (int, float),
}
_SHOWN_ONLY = frozenset({"id", "seen", "spent"})
"""A rule as GET /control/faults shows it may be added again."""


class Faults:
    """All rules, oldest first."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self._numbers = count(1)
        self.on_change: Callable[[], None] = lambda: None

    @property
    def down(self) -> bool:
        """Whether Slack is down altogether."""
        return any(rule.do == "down" for rule in self.rules)

    def add(self, wanted: Json) -> Rule:
        """Check and add a rule; `invalid_arguments` with the reason."""
        given = {key: value for key, value in wanted.items() if key not in _SHOWN_ONLY}
        for key, value in given.items():
            if key not in _FIELDS:
                raise invalid_arguments(f"a fault has no field {key}")
            if not isinstance(value, _FIELDS[key]):
                raise invalid_arguments(f"{key} has the wrong type")
        if wanted.get("do") not in DEEDS:
            raise invalid_arguments(f"do must be one of {', '.join(sorted(DEEDS))}")
        if wanted.get("phase", "before") not in ("before", "after"):
            raise invalid_arguments("phase must be before or after")
        rule = Rule(id=f"f{next(self._numbers)}", **{"on": API, **given})
        self.rules.append(rule)
        return rule

    def hit(self, name: str) -> list[Rule]:
        """Count one call of `name`; the rules that hit it."""
        hits = [rule for rule in self.rules if rule.hits(name)]
        if hits:
            self.on_change()
        return hits

    def clear(self) -> None:
        """Forget all rules."""
        self.rules.clear()
