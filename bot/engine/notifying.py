"""Sending notices, each by a process of its own, a few at a time; and looking in the spool what became of one."""

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.engine.looking import Absent, CouldNotLook, Found, LookResult
from bot.notifier import LIMIT_SECONDS
from bot.slack import NotSent, Ok, Outcome, Refused, Uncertain
from bot.spool import Busy, Sent, Spool

# Each needs half a second of a core and 60 MiB.
_AT_ONCE = 3
# Starting an interpreter on a busy machine.
_START_SECONDS = 5
# What sending one may take at most.
NOTICE_SECONDS = LIMIT_SECONDS + _START_SECONDS


class Notifier:
    """Notices by way of one spool folder. Make it inside the running loop."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def send(self, key: str, arguments: Mapping[str, Any], seconds: float) -> Outcome:
        """Send a notice: `url`, `title`, `body`. It is begun within `seconds` or not at all."""
        try:
            async with asyncio.timeout(seconds):
                await self._slots.acquire()
        except TimeoutError:
            return NotSent("too many notices at once")
        try:
            return await self._send(key, arguments)
        finally:
            self._slots.release()

    async def _send(self, key: str, arguments: Mapping[str, Any]) -> Outcome:
        order = json.dumps({**arguments, "spool": str(self._folder), "key": key}).encode()
        pipe, null = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        try:
            # In a session of its own: what ends the bot does not end it.
            child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot.notifier", stdin=pipe, stdout=null, stderr=null, start_new_session=True
            )
        except OSError as error:
            return NotSent(f"no process could be started: {error.strerror}")
        try:
            async with asyncio.timeout(NOTICE_SECONDS):
                await child.communicate(order)
        except TimeoutError:
            return Uncertain("the sender takes too long")
        return _outcome(await self._read(key))

    async def look(self, key: str) -> LookResult:
        """What came of a notice that may have been sent."""
        found = await self._read(key)
        if isinstance(found, Busy):
            return CouldNotLook(Uncertain("it is being sent"))
        if found is None:
            return Absent()
        return CouldNotLook(Refused(found.failure)) if found.failure else Found({})

    async def _read(self, key: str) -> Sent | Busy | None:
        try:
            return await asyncio.to_thread(Spool(self._folder, key).read)
        except Busy as busy:
            return busy


def _outcome(found: Sent | Busy | None) -> Outcome:
    if not isinstance(found, Sent):
        return Uncertain("its sender died")
    return Refused(found.failure) if found.failure else Ok({})
