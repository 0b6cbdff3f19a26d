"""Slack's rate limits, counted on the sandbox clock."""

import math
from typing import Literal

from sandbox.clock import Clock
from sandbox.facts import Method

Mode = Literal["slack", "relaxed"]

WINDOW = 60.0
PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
SPECIAL_PER_MINUTE = 600
"""auth.test and the like: "hundreds per minute"."""
POSTS_PER_MINUTE = 300
POST_BURST = 5
POST_SECONDS = 1.0
"""One message a second and channel, short bursts over it allowed."""


class Limits:
    """One window a method, and one bucket a channel for posts."""

    def __init__(self, clock: Clock, mode: Mode) -> None:
        self._clock = clock
        self.mode: Mode = mode
        self._windows: dict[str, tuple[float, int]] = {}
        self._buckets: dict[str, tuple[float, float]] = {}

    def set_mode(self, mode: Mode) -> None:
        """Switch, and forget what has been counted."""
        self.mode = mode
        self._windows.clear()
        self._buckets.clear()

    def wait_for(self, method: Method, channel: str) -> int | None:
        """Count one call. Whole seconds to wait if it is one too many, as in Retry-After."""
        if self.mode == "relaxed":
            return None
        posts = method.name == "chat.postMessage"
        if posts and (wait := self._bucket(channel)):
            return wait
        most = POSTS_PER_MINUTE if posts else PER_MINUTE.get(method.tier or 0, SPECIAL_PER_MINUTE)
        return self._window(method.name, most)

    def _window(self, name: str, most: int) -> int | None:
        now = self._clock.now()
        began, calls = self._windows.get(name, (now, 0))
        if now - began >= WINDOW:
            began, calls = now, 0
        if calls >= most:
            return max(1, math.ceil(began + WINDOW - now))
        self._windows[name] = (began, calls + 1)
        return None

    def _bucket(self, channel: str) -> int | None:
        now = self._clock.now()
        left, filled = self._buckets.get(channel, (float(POST_BURST), now))
        left = min(float(POST_BURST), left + (now - filled) / POST_SECONDS)
        if left < 1:
            self._buckets[channel] = (left, now)
            return max(1, math.ceil((1 - left) * POST_SECONDS))
        self._buckets[channel] = (left - 1, now)
        return None
