"""Socket Mode: two connections, so that a refresh of one loses nothing, and a count of what is being answered."""

import asyncio
import contextlib
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot import log

# A link that is silently dead is noticed after two of these.
_PING_SECONDS = 3.0
_DRAIN_SECONDS = 3.0


class Sockets:
    """The connections to Slack, opened one after the other."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        self._app, self._app_token = app, app_token
        self._handlers: list[_Counted] = []
        self.in_flight = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def open(self) -> None:
        """Open one more connection; returns when commands can come in on it."""
        handler = _Counted(
            self, self._app, self._app_token, logger=log.calm("slack_bolt.socket"), ping_interval=_PING_SECONDS
        )
        self._handlers.append(handler)
        await handler.client.connect()  # type: ignore[no-untyped-call]

    async def connected(self) -> int:
        """How many connections are up."""
        return sum([await handler.client.is_connected() for handler in self._handlers])

    async def drain(self) -> None:
        """Wait until everything received is answered, at most three seconds."""
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                await self._idle.wait()
        except TimeoutError:
            log.get("sockets").warning("stopped while answering", in_flight=self.in_flight)

    async def close(self) -> None:
        handlers, self._handlers = self._handlers, []
        await asyncio.gather(*(handler.client.close() for handler in handlers))  # type: ignore[no-untyped-call]

    def began(self) -> None:
        self.in_flight += 1
        self._idle.clear()

    def ended(self) -> None:
        self.in_flight -= 1
        if self.in_flight == 0:
            self._idle.set()


class _Counted(AsyncSocketModeHandler):
    """Bolt's handler, counting: an ack is lost when the socket closes between the commit and the ack."""

    def __init__(self, sockets: Sockets, app: AsyncApp, app_token: str, **options: Any) -> None:
        super().__init__(app, app_token, **options)
        self._sockets = sockets
        self._answering = 0
        self._answered = asyncio.Event()
        # Asked to refresh, the SDK closes the old socket at once, and with it goes the ack of what came in on it.
        self._replace = self.client.connect
        self.client.connect = self._connect  # type: ignore[method-assign]

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        self._sockets.began()
        self._answering += 1
        try:
            await super().handle(client, req)
        finally:
            self._sockets.ended()
            self._answering -= 1
            self._answered.set()

    async def _connect(self) -> None:
        """Connect, once everything that came in on the old socket is answered on it, or can't be."""
        session = self.client.current_session
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRAIN_SECONDS):
                while self._answering and session is not None and not session.closed:
                    self._answered.clear()
                    await self._answered.wait()
        await self._replace()  # type: ignore[no-untyped-call]
