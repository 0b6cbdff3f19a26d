"""Socket Mode: two connections, so that a refresh of one loses nothing, and a count of what is being answered."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot import log
from bot.slack import Ok, Outcome, RateLimited, Refused
from handlers.slack.in_flight import InFlight

# A link that is silently dead is noticed after two of these.
_PING_SECONDS = 3.0
_DRAIN_SECONDS = 3.0
_RETRY_SECONDS = 3.0
# A URL is good for one connection and not for long; the client would try one that has gone bad for ever.
_URL_SECONDS = 15.0
_log = log.get("sockets")


class AppTokenRefused(Exception):
    """Slack lets nobody in with this app token; the text is Slack's word for why."""


class Sockets:
    """The connections to Slack, opened one after the other.

    `ask` is apps.connections.open with an app token; for `url_seconds` one URL is tried.
    """

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        ask: Callable[[str], Awaitable[Outcome]],
        url_seconds: float = _URL_SECONDS,
    ) -> None:
        self._app, self._app_token, self._ask, self.url_seconds = app, app_token, ask, url_seconds
        self._handlers: list[_Counted] = []
        self._answering = InFlight()

    async def open(self) -> None:
        """Open one more connection; returns when commands can come in on it. Raises AppTokenRefused.

        While Slack can't be reached it tries again and again.
        """
        url = await self._url()
        handler = _Counted(
            self, self._app, self._app_token, logger=log.calm("slack_bolt.socket"), ping_interval=_PING_SECONDS
        )
        self._handlers.append(handler)
        handler.client.wss_uri = url
        await handler.client.connect()  # type: ignore[no-untyped-call]

    async def _url(self) -> str:
        # Asked here for the first time: to the client a refusal is one trouble more, after which it tries again.
        while True:
            match outcome := await self._ask(self._app_token):
                case Ok(data):
                    return str(data["url"])
                case Refused(error):
                    raise AppTokenRefused(error)
                case RateLimited(seconds):
                    await asyncio.sleep(seconds)
                case _:
                    _log.warning("Slack opens no connection yet", outcome=outcome)
                    await asyncio.sleep(_RETRY_SECONDS)

    @property
    def in_flight(self) -> int:
        """How many are being answered."""
        return self._answering.count

    async def connected(self) -> int:
        """How many connections are up."""
        return sum([await handler.client.is_connected() for handler in self._handlers])

    async def drain(self) -> None:
        """Wait until everything received is answered, at most three seconds."""
        await self._answering.drain()

    async def close(self) -> None:
        handlers, self._handlers = self._handlers, []
        await asyncio.gather(*(handler.client.close() for handler in handlers))  # type: ignore[no-untyped-call]

    def began(self) -> None:
        self._answering.began()

    def ended(self) -> None:
        self._answering.ended()


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
        connected = False
        while not connected:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._sockets.url_seconds):
                    await self._replace()  # type: ignore[no-untyped-call]
                    connected = True
            self.client.wss_uri = None
