"""Connections to Slack: which troubles are waited out, and which one is the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.slack import Outcome, RateLimited, Refused, SlackGateway
from handlers.slack.sockets import AppTokenRefused, Sockets


class Doorman:
    """Hands out URLs, and lets in those who come with one that is good."""

    def __init__(self, *bad: str) -> None:
        self.bad = bad
        self.asked = 0
        self.tried: list[str] = []

    async def ask(self, request: web.Request) -> web.Response:
        self.asked += 1
        url = str(request.url.with_path("/link").with_query(ticket=str(self.asked)))
        return web.json_response({"ok": True, "url": url})

    async def open(self, request: web.Request) -> web.StreamResponse:
        self.tried.append(request.query["ticket"])
        if request.query["ticket"] in self.bad:
            return web.Response(status=408)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for _ in socket:
            """Nothing is said; it ends when the other side closes it."""
        return socket


@asynccontextmanager
async def served(doorman: Doorman) -> AsyncIterator[tuple[AsyncApp, SlackGateway]]:
    async def authorize() -> AuthorizeResult:
        raise AssertionError("nobody asks for anything")

    server = web.Application()
    server.router.add_post("/api/apps.connections.open", doorman.ask)
    server.router.add_get("/link", doorman.open)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    gateway = SlackGateway(f"http://127.0.0.1:{runner.addresses[0][1]}/api/", "xoxb-test")
    try:
        yield AsyncApp(client=gateway.client, authorize=authorize), gateway
    finally:
        await gateway.close()
        await runner.cleanup()


def test_a_url_that_has_gone_bad_is_replaced() -> None:
    async def work() -> None:
        doorman = Doorman("1", "2")
        async with served(doorman) as (app, gateway):
            sockets = Sockets(app, "xapp-test", gateway.open_connection, url_seconds=0.2)
            await sockets.open()
            assert await sockets.connected() == 1
            assert doorman.tried == ["1", "2", "3"]
            await sockets.close()

    asyncio.run(work())


@pytest.mark.parametrize("before", [[], [RateLimited(0.01)]])
def test_a_refusal_is_the_end(before: list[Outcome]) -> None:
    async def work() -> None:
        outcomes: list[Outcome] = [*before, Refused("invalid_auth")]

        async def ask(_token: str) -> Outcome:
            return outcomes.pop(0)

        async with served(Doorman()) as (app, _):
            with pytest.raises(AppTokenRefused, match="invalid_auth"):
                await Sockets(app, "xapp-test", ask).open()

    asyncio.run(work())
