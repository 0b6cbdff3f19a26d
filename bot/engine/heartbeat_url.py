"""The outgoing heartbeat: an address asked each minute while the bot is healthy, for whoever watches from outside."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp

from bot import log
from bot.clock import Clock

EVERY_SECONDS = 60.0
LIMIT_SECONDS = 10.0
_log = log.get("heartbeat-url")


class HeartbeatUrl:
    """Run `run` as a task. `problems` says what is wrong with the bot; while anything is, nothing is sent."""

    def __init__(self, url: str, clock: Clock, problems: Callable[[], Awaitable[list[str]]]) -> None:
        self._url, self._clock, self._problems = url, clock, problems
        self._never = asyncio.Event()
        self._failing = False

    async def run(self) -> None:
        """Beat until cancelled."""
        timeout = aiohttp.ClientTimeout(total=LIMIT_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                await self.beat(session)
                await self._clock.wait(self._never, EVERY_SECONDS)

    async def beat(self, session: aiohttp.ClientSession) -> None:
        """One beat, if the bot is well. A failure is logged once, until it goes again."""
        if await self._problems():
            return
        why = await self._ask(session)
        # The address itself may be a secret.
        if why and not self._failing:
            _log.warning("the heartbeat address does not answer", why=why)
        elif self._failing and not why:
            _log.info("the heartbeat address answers again")
        self._failing = bool(why)

    async def _ask(self, session: aiohttp.ClientSession) -> str:
        """Why it failed; empty when it did not."""
        try:
            async with session.get(self._url) as answer:
                return "" if answer.status < 400 else f"status {answer.status}"
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            return type(error).__name__
