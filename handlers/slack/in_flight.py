"""What is being answered: an ack is lost when its way back is closed before."""

import asyncio

from bot import log

_DRAIN_SECONDS = 3.0
_log = log.get("in_flight")


class InFlight:
    """Counts what came in and is not answered yet."""

    def __init__(self) -> None:
        self.count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def began(self) -> None:
        self.count += 1
        self._idle.clear()

    def ended(self) -> None:
        self.count -= 1
        if self.count == 0:
            self._idle.set()

    async def drain(self) -> None:
        """Wait until everything received is answered, at most three seconds."""
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                await self._idle.wait()
        except TimeoutError:
            _log.warning("stopped while answering", in_flight=self.count)
