"""What happened, for people and tests to read."""

import json
from collections import deque
from collections.abc import Callable, Mapping

from sandbox.clock import Clock
from sandbox.identity import Json

KEPT = 10_000
_LONG = 300


def shortened(arguments: Mapping[str, object]) -> Json:
    """Arguments with long texts cut, and never a token."""
    return {key: _cut(value) for key, value in arguments.items() if key != "token"}


def _cut(value: object) -> object:
    if isinstance(value, str):
        return value if len(value) <= _LONG else value[:_LONG] + "…"
    if isinstance(value, (dict, list)):
        text = json.dumps(value, ensure_ascii=False)
        return value if len(text) <= _LONG else text[:_LONG] + "…"
    return value


class Log:
    """The last entries, numbered from 1."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: deque[Json] = deque(maxlen=KEPT)
        self.last = 0
        self.watchers: list[Callable[[Json], None]] = []

    def add(self, what: str, method: str, ok: bool = True, **more: object) -> None:
        """One entry. `more` may hold error, status, args and ms."""
        self.last += 1
        entry: Json = {
            "n": self.last,
            "at": self._clock.now(),
            "real": self._clock.elapsed(),
            "what": what,
            "method": method,
            "ok": ok,
        }
        entry |= {key: value for key, value in more.items() if value is not None}
        self._entries.append(entry)
        for watcher in self.watchers:
            watcher(entry)

    def since(self, number: int) -> list[Json]:
        """Entries with a higher number."""
        return [entry for entry in self._entries if entry["n"] > number]
