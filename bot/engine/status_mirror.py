"""The page's folder, brought to an object store after each writing: beside the writing, which it never holds up."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bot import late, log
from bot.boundary import Boundary
from bot.clock import Clock
from bot.errors import BotError
from bot.status import writer
from bot.status.snapshot import Snapshot

# After a failure, and twice as long after each more.
_AGAIN_SECONDS, _LONGEST_SECONDS = 5.0, 300.0
_log = log.get("status-mirror")


class Mirror:
    """Run `run` as a task, and `wake` it after each writing.

    `take` is given what somebody else has put there, before it is written over. What could not be brought is tried
    again after a few seconds, then more slowly; `problem` says why.
    """

    def __init__(self, url: str, folder: Path, clock: Clock, take: Callable[[Snapshot], Awaitable[None]]) -> None:
        self._url, self._folder, self._clock, self._take = url, folder, clock, take
        self._changed = asyncio.Event()
        self._bucket: Any = None
        # In so many seconds, when nothing changes before; None: not.
        self._again: float | None = None
        self.problem = ""

    def wake(self) -> None:
        """Bring what stands in the folder now."""
        self._changed.set()

    async def run(self) -> None:
        """Bring it until cancelled."""
        while True:
            await self._clock.wait(self._changed, self._again)
            self._changed.clear()
            with Boundary(_log, "bringing the status page to its bucket broke") as outcome:
                await self._try()
            if outcome.ref:
                self._failed(f"a bug, ref {outcome.ref}")

    async def _try(self) -> None:
        try:
            await self._bring()
        except BotError as error:
            self._failed(error.user_text)
        except OSError as error:
            self._failed(f"its folder can't be read ({error.strerror or error})")
        else:
            if self.problem:
                _log.info("the status page is in its bucket again", bucket=self._url)
            self._again, self.problem = None, ""

    async def _bring(self) -> None:
        if self._bucket is None:
            bucket = await asyncio.to_thread(late.bucket)
            self._bucket = bucket.opened(self._url)
        while not await self._is_brought():
            # A newer writing, or somebody in the bucket, was faster.
            continue

    async def _is_brought(self) -> bool:
        others = await self._bucket.of_others()
        if others:
            await self._take(others)
        root = await asyncio.to_thread(writer.root_of, self._folder)
        if root is None:
            return True
        try:
            return await self._bucket.upload(root) is not None
        except FileNotFoundError:
            if root == await asyncio.to_thread(writer.root_of, self._folder):
                raise
            return False

    def _failed(self, why: str) -> None:
        if not self.problem:
            _log.warning("the status page can't be brought to its bucket", bucket=self._url, why=why)
        self._again = min(self._again * 2, _LONGEST_SECONDS) if self._again else _AGAIN_SECONDS
        self.problem = f"The status page can't be brought to {self._url}: {why.rstrip('.')}."
