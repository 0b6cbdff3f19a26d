"""Whether anything can come in from Slack: a link that is gone while nothing is sent is noticed by nothing else."""

from collections.abc import Awaitable, Callable

from bot.actions import effects
from bot.clock import Clock
from bot.domain.away import LOST_AFTER, SILENT_LINE
from bot.domain.effect import EffectKind
from storage import outbox
from storage.store import Store, Tx


class Line:
    """`look` at it again and again. `connected` counts the open connections."""

    def __init__(self, store: Store, clock: Clock, connected: Callable[[], Awaitable[int]]) -> None:
        self._store, self._clock, self._connected = store, clock, connected
        self._gone_since: float | None = None
        self._asked_at: float | None = None

    async def look(self) -> None:
        """Without a connection for long enough: have Slack asked whether it is there, each minute until there is one.

        What follows when it does not answer is `bot.engine.reach`'s.
        """
        if await self._connected():
            self._gone_since = self._asked_at = None
            return
        now = self._clock.elapsed()
        self._gone_since = now if self._gone_since is None else self._gone_since
        lately = self._asked_at is not None and now - self._asked_at < LOST_AFTER.total_seconds()
        if now - self._gone_since >= SILENT_LINE.total_seconds() and not lately:
            self._asked_at = now
            await self._store.run(_ask)


def _ask(tx: Tx) -> None:
    if not outbox.waiting_of(tx, {EffectKind.PROBE}):
        effects.probe(tx, tx.now)
