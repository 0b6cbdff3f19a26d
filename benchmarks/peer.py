"""The leanest Slack that the bot can live with: it checks nothing, so that what is measured is the bot."""

import asyncio
import itertools
import json
import os
import secrets
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import WSMsgType, web

ADA, BOT = "U0ADA00000", "U0WATCHBIL"


class Peer:
    """Web API, Socket Mode and a bot child. `latency` is added to each API call, in seconds."""

    def __init__(self, folder: Path, latency: float = 0.0) -> None:
        self.folder, self.latency = folder, latency
        self.calls: list[tuple[float, str, dict[str, Any]]] = []
        self.on_call: Callable[[str, dict[str, Any]], None] = lambda method, arguments: None
        self._sockets: list[web.WebSocketResponse] = []
        self._acks: dict[str, asyncio.Future[float]] = {}
        self._count = itertools.count(1)
        self._connected = asyncio.Event()
        self._turn = itertools.count()

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/link", self._link)
        app.router.add_post("/respond", self._respond)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def start_bot(self, **more: str) -> float:
        """Start the bot, with more environment; the seconds until its first socket was there."""
        env = {
            **os.environ,
            "SLACK_BOT_TOKEN": "xoxb-bench",
            "SLACK_APP_TOKEN": "xapp-bench",
            "SLACK_API_URL": f"http://127.0.0.1:{self.port}/api/",
            "WATCHBILL_DATABASE_URL": f"sqlite:///{self.folder}/watchbill.db",
            "WATCHBILL_HTTP_PORT": "0",
            "NO_PROXY": "*",
            **more,
        }
        self._connected.clear()
        begun = time.perf_counter()
        log = (self.folder / "bot.log").open("ab")
        self.bot = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", env=env, stderr=log)
        await asyncio.wait_for(self._connected.wait(), 20)
        return time.perf_counter() - begun

    async def stop_bot(self) -> None:
        self.bot.send_signal(signal.SIGTERM)
        await self.bot.wait()

    async def command(self, text: str, channel: str = "C0GENERAL0") -> float:
        """Type `/incident text`; the seconds until its ack."""
        number = next(self._count)
        envelope = secrets.token_hex(8)
        payload = {
            "command": "/incident",
            "text": text,
            "user_id": ADA,
            "team_id": "T1",
            "channel_id": channel,
            "trigger_id": f"{number}.1.{envelope}",
            "response_url": f"http://127.0.0.1:{self.port}/respond",
        }
        frame = {
            "envelope_id": envelope,
            "type": "slash_commands",
            "accepts_response_payload": True,
            "payload": payload,
        }
        acked: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._acks[envelope] = acked
        living = [socket for socket in self._sockets if not socket.closed]
        begun = time.perf_counter()
        await living[next(self._turn) % len(living)].send_str(json.dumps(frame))
        return await asyncio.wait_for(acked, 30) - begun

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self._sockets.append(socket)
        self._connected.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                at = time.perf_counter()
                waiting = self._acks.pop(json.loads(message.data).get("envelope_id", ""), None)
                if waiting and not waiting.done():
                    waiting.set_result(at)
        with suppress(ValueError):
            self._sockets.remove(socket)
        return socket

    async def _respond(self, request: web.Request) -> web.Response:
        self._note("response_url", await request.json())
        return web.Response(text="ok")

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        arguments = dict(request.query)
        if request.content_type == "application/json":
            arguments |= await request.json()
        if self.latency:
            await asyncio.sleep(self.latency)
        self._note(method, arguments)
        return web.json_response({"ok": True, **self._answer(method, arguments)})

    def _note(self, method: str, arguments: dict[str, Any]) -> None:
        self.calls.append((time.perf_counter(), method, arguments))
        self.on_call(method, arguments)

    def _answer(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        number = next(self._count)
        match method:
            case "auth.test":
                return {"user_id": BOT, "bot_id": "B1", "team_id": "T1", "user": "watchbill", "url": "http://bench/"}
            case "apps.connections.open":
                return {"url": f"ws://127.0.0.1:{self.port}/link"}
            case "conversations.create":
                return {"channel": {"id": f"C{number:09d}", "name": arguments["name"]}}
            case "conversations.list":
                return {"channels": [{"id": "C0INCIDENT", "name": "incidents", "is_member": True}]}
            case "chat.postMessage":
                return {"channel": arguments["channel"], "ts": f"{number}.000100"}
            case "users.info":
                return {"user": {"id": arguments["user"], "name": "ada", "team_id": "T1", "tz": "Europe/London"}}
        return {}
