"""What /healthz and /readyz answer: what is wrong with this bot, one sentence each, and what is worth knowing."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot import log
from bot.clock import Clock
from bot.engine.backups import Backups
from bot.engine.host import Host
from bot.messages.waking.operators import no_digest
from bot.settings import Settings
from bot.slack import SlackGateway, token_sentence
from storage import backlog, digests
from storage.store import Store

_BEAT_LIMIT_SECONDS = 30.0
_log = log.get("health")


class Health:
    """`engine` is a `bot.engine.engine.Engine`, which is imported late; `connected` counts the open ways to Slack;
    `page` says what is wrong with the status page."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settings: Settings,
        gateway: SlackGateway,
        engine: Any,
        connected: Callable[[], Awaitable[int]],
        host: Host,
        backups: Backups,
        page: Callable[[], list[str]],
    ) -> None:
        self._store, self._clock, self._gateway, self._engine = store, clock, gateway, engine
        self._digest_channel, self._left_out = settings.channels.digest, settings.left_out
        self._connected, self._host, self._backups, self._page = connected, host, backups, page

    async def alive(self) -> list[str]:
        """Why it should be started again."""
        silent = self._clock.elapsed() - self._engine.last_beat
        return [f"The heartbeat is silent for {silent:.0f} s."] if silent > _BEAT_LIMIT_SECONDS else []

    async def ready(self) -> list[str]:
        """Why nobody should rely on it now."""
        problems = await self.alive()
        if not await self._connected():
            problems.append("No connection to Slack is open.")
        if self._gateway.token_error:
            problems.append(token_sentence(self._gateway.token_error))
        problems += await self._host.problems()
        failed = (await self._store.view(backlog.counts)).get("failed", 0)
        if failed:
            _log.debug("effects have failed", count=failed)
        return problems + await self._backups.problems()

    async def more(self) -> dict[str, object]:
        """Warnings, and the ages of the backups."""
        warnings = [*await self._host.warnings(), *await self._backups.warnings(), *self._page(), *self._left_out]
        if refusal := await self._store.view(digests.refusal):
            warnings.append(no_digest(self._digest_channel, refusal))
        return {"warnings": warnings, "backups": await self._backups.facts()}
