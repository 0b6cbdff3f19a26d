"""The sandbox as one web server: what it serves, and the order of starting and stopping."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.api.dispatch import Api
from sandbox.control import Control
from sandbox.errors import SlackError
from sandbox.faults import Rule
from sandbox.identity import Json
from sandbox.live import Live
from sandbox.people_acts import perform
from sandbox.state_file import StateFile
from sandbox.workspace import seed
from sandbox.world import Options, World

CLIENT = Path(__file__).with_name("client")
BIGGEST_BODY = 4 * 1024 * 1024
_GONE = 0.2
"""Real seconds that open requests have at the end."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class NotLoopback(Exception):
    """There the bot would use the replica, the heartbeat URL and the like of whoever starts it."""


@web.middleware
async def own_origin_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A page of another site that is open in the same browser must not act here."""
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        return web.json_response({"ok": False, "error": "foreign_origin"}, status=403)
    return await handler(request)


class Server:
    """One sandbox that listens."""

    def __init__(self, options: Options) -> None:
        self.world = World(options)
        self.url = ""
        self._state = StateFile(options.state_file, self.world.workspace)
        self._live = Live(self.world)
        self._runner: web.AppRunner | None = None

    def _app(self) -> web.Application:
        api, control = Api(self.world), Control(self.world)
        app = web.Application(client_max_size=BIGGEST_BODY, middlewares=[own_origin_only])
        app.add_routes(
            [
                web.route("GET", "/api/{method}", api.serve),
                web.route("POST", "/api/{method}", api.serve),
                web.get("/link/", self.world.sockets.serve),
                web.post("/hooks/{name:.+}", self._hook),
                web.post("/upload/v1/{ticket}", self._upload),
                web.get("/files/{id}/{name}", self._file),
                web.post("/ui/act", self._act),
                web.get("/ui/live", self._live.serve),
                web.get("/ui/snapshot", self._live.snapshot),
                web.route("*", "/control/{door}", control.serve),
                web.get("/", self._index),
            ]
        )
        if CLIENT.is_dir():
            app.add_routes([web.static("/client", CLIENT)])
        return app

    async def start(self) -> None:
        """Load, listen, and let time run."""
        world = self.world
        if not self._state.read():
            seed(world.workspace)
        world.schedule.arm_all()
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=_GONE)
        await self._runner.setup()
        site = web.TCPSite(self._runner, world.options.host, world.options.port)
        await site.start()
        self.url = _address(*self._runner.addresses[0][:2])
        if world.options.with_bot and not _is_loopback(self.url):
            await self._runner.cleanup()
            raise NotLoopback(
                f"The bot takes {self.url} for the real Slack: --host 127.0.0.1, --host 0.0.0.0 or --no-bot"
            )
        world.listen_at(self.url)
        self._state.watch()
        world.tasks.start(world.timetable.run())
        world.tasks.start(self._live.watch_due())
        if world.options.with_bot:
            world.tasks.start(world.bot.start())

    async def stop(self) -> None:
        """The bot first, while it can still say goodbye; the state last, when nothing changes any more."""
        await self.world.bot.stop()
        await self.world.tasks.stop()
        await self.world.bot.close()
        await self._live.close()
        await self.world.sockets.drop()
        await self.world.requests.close()
        if self._runner is not None:
            await self._runner.cleanup()
        self._state.write()

    async def _index(self, request: web.Request) -> web.StreamResponse:
        page = CLIENT / "index.html"
        return web.FileResponse(page) if page.exists() else web.Response(text="The sandbox runs.")

    async def _act(self, request: web.Request) -> web.Response:
        try:
            wanted = json.loads(await request.text())
        except ValueError:
            wanted = None
        if not isinstance(wanted, dict):
            return web.json_response({"ok": False, "error": "invalid_json"}, status=400)
        return web.json_response(await perform(self.world, wanted))

    async def _hook(self, request: web.Request) -> web.StreamResponse:
        """One use of a response_url."""
        with self.world.activity.doing("response_url"):
            rules = self.world.faults.hit("response_url")
            response = await self._misbehave(request, rules, "before")
            if response is None:
                response = await self._use_hook(request)
                response = await self._misbehave(request, rules, "after") or response
            return response

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file, as they are; who knows the address may send them."""
        with self.world.activity.doing("upload"):
            rules = self.world.faults.hit("upload")
            if refused := await self._misbehave(request, rules, "before"):
                return refused
            body, error = await request.read(), None
            try:
                self.world.files.put(request.match_info["ticket"], body)
            except SlackError as refusal:
                error = refusal.error
            self.world.log.add("upload", "upload", ok=error is None, error=error, args={"bytes": len(body)})
            response = web.Response(text=error or f"OK - {len(body)}", status=400 if error else 200)
            return await self._misbehave(request, rules, "after") or response

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """A file that was shared. Slack asks for the token; here everybody on this machine may look."""
        found = self.world.workspace.files.get(request.match_info["id"])
        if found is None or not found.shared:
            return web.Response(status=404, text="no such file")
        headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=found.body, content_type=found.mimetype, headers=headers)

    async def _use_hook(self, request: web.Request) -> web.Response:
        error, body = None, {}
        try:
            body = json.loads(await request.text())
            if not isinstance(body, dict):
                raise SlackError("invalid_payload")
            self.world.hooks.use(request.match_info["name"], body)
        except ValueError:
            error = "invalid_payload"
        except SlackError as refusal:
            error = refusal.error
        self.world.log.add("response_url", "response_url", ok=error is None, error=error, args=_short(body))
        if error is None:
            return web.Response(text="ok")
        status = 404 if error in ("no_service", "expired_url", "used_url") else 400
        return web.json_response({"ok": False, "error": error}, status=status)

    async def _misbehave(self, request: web.Request, rules: list[Rule], phase: str) -> web.Response | None:
        for rule in (rule for rule in rules if rule.phase == phase):
            if rule.do == "delay":
                await asyncio.sleep(rule.seconds)
                continue
            if rule.do == "kill_bot":
                await self.world.bot.kill()
            if rule.do in ("kill_bot", "drop"):
                if request.transport is not None:
                    request.transport.abort()
                return web.Response(status=599)
            statuses = {"status": rule.status, "ratelimited": 429}
            body = {"ok": False, "error": rule.error}
            return web.json_response(body, status=statuses.get(rule.do, 400))
        return None


def _is_loopback(url: str) -> bool:
    return ip_address(urlsplit(url).hostname or "").is_loopback


def _address(host: str, port: int) -> str:
    """Where to reach a server that listens there; the bot talks to loopback, whatever else is open."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - compared, not bound
    return f"http://{everywhere.get(host, f'[{host}]' if ':' in host else host)}:{port}"


def _short(body: object) -> Json:
    return {key: str(value)[:200] for key, value in body.items()} if isinstance(body, dict) else {}
