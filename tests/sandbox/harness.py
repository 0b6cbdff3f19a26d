"""A sandbox in this process, and an app that talks to it as apps talk to Slack: slack_sdk and slack_bolt."""

import asyncio
import shlex
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.identity import APP_TOKEN, BOT_TOKEN
from sandbox.limits import Mode
from sandbox.server import Server
from sandbox.world import Options

Json = dict[str, Any]
LITTLE_BOT = Path(__file__).with_name("little_bot.py")
ADA, BOB, EVE, ZOE = "U0ADA00000", "U0BOB00000", "U0EVE00000", "U0ZOE00000"


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def field(block_id: str = "what", **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "text"}
    return {"type": "input", "block_id": block_id, "label": plain("What"), "element": element, **more}


def modal(*blocks: Json, title: str = "Title", **more: Any) -> Json:
    return {"type": "modal", "title": plain(title), "submit": plain("Go"), "blocks": list(blocks) or [field()], **more}


def button(action_id: str = "press", value: str = "1") -> Json:
    element = {"type": "button", "action_id": action_id, "value": value, "text": plain("Press")}
    return {"type": "actions", "block_id": "buttons", "elements": [element]}


class Box:
    """One sandbox: its Web API as the bot, its people, its controls."""

    def __init__(self, server: Server, session: aiohttp.ClientSession) -> None:
        self.server = server
        self.world = server.world
        self.session = session
        self.api = AsyncWebClient(BOT_TOKEN, f"{server.url}/api/", session=session, retry_handlers=[])

    async def act(self, who: str, act: str, **arguments: Any) -> Json:
        async with self.session.post(f"{self.server.url}/ui/act", json={"as": who, "act": act, **arguments}) as answer:
            found: Json = await answer.json()
            return found

    async def control(self, door: str, method: str = "POST", /, **body: Any) -> Json:
        url = f"{self.server.url}/control/{door}"
        async with self.session.request(method, url, json=body or None) as answer:
            found: Json = await answer.json()
            return found

    async def settled(self) -> None:
        assert (await self.control("settle", timeout=5))["settled"]

    async def frames(self, who: str, kind: str) -> list[Json]:
        async with self.session.get(f"{self.server.url}/ui/snapshot", params={"as": who}) as answer:
            return [frame for frame in await answer.json() if frame["kind"] == kind]

    async def texts(self, who: str, channel: str) -> list[str]:
        """What that person sees in a channel, without Slack's own lines."""
        messages = [frame["message"] for frame in await self.frames(who, "message") if frame["channel"] == channel]
        return [message["text"] for message in messages if not message.get("subtype")]

    async def refusal(self, method: str, **arguments: Any) -> str:
        """The error of a call that Slack refuses."""
        with pytest.raises(SlackApiError) as caught:
            await self.api.api_call(method, json=arguments)
        return str(caught.value.response["error"])

    @asynccontextmanager
    async def app(self) -> AsyncIterator[AsyncApp]:
        """A connected app; it has no listeners yet."""
        app = AsyncApp(client=self.api, request_verification_enabled=False)
        handler = AsyncSocketModeHandler(app, APP_TOKEN)
        assert isinstance(handler.client, SocketModeClient)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        try:
            yield app
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def sandbox(folder: Path, limits: Mode = "relaxed") -> AsyncIterator[Box]:
    bot = shlex.join([sys.executable, str(LITTLE_BOT)])
    server = Server(Options(folder / "workspace.json", with_bot=False, bot_command=bot, limits=limits))
    await server.start()
    try:
        async with aiohttp.ClientSession() as session:
            yield Box(server, session)
    finally:
        await server.stop()


def run(folder: Path, test: Callable[[Box], Awaitable[None]], limits: Mode = "relaxed") -> None:
    """Run a test against a fresh sandbox."""

    async def inside() -> None:
        async with sandbox(folder, limits) as box:
            await test(box)

    asyncio.run(inside())
