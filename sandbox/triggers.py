"""Trigger ids: three seconds of real time, for one use."""

import secrets
from dataclasses import dataclass
from itertools import count

from sandbox.clock import Clock
from sandbox.errors import SlackError

LIFE = 3.0
_KEPT = 60.0


@dataclass
class Trigger:
    """Leave to open something before `user`'s eyes; `view` is the modal it came from."""

    user: str
    issued: float
    view: str | None
    used: bool = False


class Triggers:
    """Those given out lately."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.life = LIFE
        self._known: dict[str, Trigger] = {}
        self._numbers = count(1)

    def issue(self, user: str, view: str | None = None) -> str:
        """A new trigger id."""
        now = self._clock.elapsed()
        self._known = {key: one for key, one in self._known.items() if now - one.issued < _KEPT}
        name = f"{int(now * 1000)}.{next(self._numbers)}.{secrets.token_hex(16)}"
        self._known[name] = Trigger(user, now, view)
        return name

    def exchange(self, name: str) -> Trigger:
        """Use it up; Slack's error if it is unknown, too old or used."""
        trigger = self._known.get(name)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if self._clock.elapsed() - trigger.issued > self.life:
            raise SlackError("expired_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        trigger.used = True
        return trigger
