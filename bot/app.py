"""The composition root: settings become a store, a gateway, handlers and an engine, started and stopped in order."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import Coroutine
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot import identity, late, log
from bot.actions import starting
from bot.boundary import bounded
from bot.clock import SystemClock
from bot.dev import Doors
from bot.domain.away import LINE_EVERY
from bot.engine.backups import Backups
from bot.engine.heartbeat_url import HeartbeatUrl
from bot.engine.host import Host
from bot.engine.known_channels import learn_channels
from bot.engine.line import Line
from bot.engine.relay import Relay
from bot.errors import DiskFull
from bot.health import Health
from bot.settings import Settings
from bot.slack import Outcome, SlackGateway
from handlers.slack.entry import Entry
from handlers.slack.profiles import Profiles
from handlers.slack.requests import Requests
from handlers.slack.sockets import AppTokenRefused, Sockets
from storage import migrate
from storage.store import Store

_DISK_SECONDS = 1.0
_log = log.get("app")


class CannotStart(Exception):
    """The bot can't run like this; the text says why and what to do."""


class Bot:
    """One running bot. `run` returns when it was told to stop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._clock = SystemClock(settings.clock_offset)
        self._stop = asyncio.Event()
        self._page: Any = None
        self._background: set[asyncio.Task[Any]] = set()
        self._broken: BaseException | None = None

    async def run(self) -> None:
        """Start, serve until SIGTERM or SIGINT, stop. Raises CannotStart."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self._stop.set)
        self._open_store()
        self._backups = Backups(self._store, self._clock, self._settings)
        self._backups.start()
        self._gateway = SlackGateway(self._settings.slack_api_url, self._settings.bot_token.get_secret_value())
        self._gateway.on_date = self._clock.heard
        self._sockets = self._way_in(self._bolt())
        try:
            if await self._unless_stopped(self._connect()):
                await self._start()
                await self._stop.wait()
                await self._end()
            if self._broken:
                raise self._broken
        finally:
            await self._sockets.close()
            await self._gateway.close()
            await self._backups.stop()
            self._store.close()

    def _open_store(self) -> None:
        file = self._settings.database_file
        self._store = Store(file, self._clock)
        self._host = Host(self._store, self._clock, self._settings, self._ask_slack)
        self._host.ballast.look()
        version = migrate.version_of(file)
        if version is not None and version > migrate.HEAD:
            raise CannotStart(
                f"{file} was written by a newer Watchbill ({version}): run that one, or restore a backup."
            )
        if version != migrate.HEAD and not migrate.upgrade_in_child(file):
            raise CannotStart(f"{file} could not be migrated: run `watchbill migrate` and read what it says.")

    def _way_in(self, app: AsyncApp) -> Sockets | Requests:
        """How Slack reaches us: on connections that we open, or by requests that it signs."""
        if self._settings.slack_mode == "http":
            # Slack signs with the time of the world, not with that of a sandbox.
            return Requests(app, self._settings.signing_secret.get_secret_value(), SystemClock().now)
        return Sockets(app, self._settings.app_token.get_secret_value(), self._gateway.open_connection)

    def _bolt(self) -> AsyncApp:
        """Bolt, with the one auth.test of this process as the authorization of every request."""
        self._identity: asyncio.Future[AuthorizeResult] = asyncio.get_running_loop().create_future()

        async def authorize(**_: Any) -> AuthorizeResult:
            return await self._identity

        self._app = AsyncApp(
            client=self._gateway.client,
            authorize=authorize,
            process_before_response=True,
            request_verification_enabled=False,  # Done before anything is parsed, in handlers/slack/requests.py.
            name="watchbill",  # Without it Bolt looks for one in the sources of all frames of the stack.
            logger=log.quiet("slack_bolt"),
        )
        return self._app

    async def _unless_stopped(self, work: Coroutine[Any, Any, None]) -> bool:
        """Do what may take as long as Slack likes, or let go of it when told to stop; whether it was done."""
        doing, stopped = asyncio.create_task(work), asyncio.create_task(self._stop.wait())
        await asyncio.wait({doing, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if doing.done():
            doing.result()
            return True
        _log.info("stopped before Slack let us in")
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)
        return False

    async def _connect(self) -> None:
        """Be let in by Slack, with both tokens; from the end of this on commands come in. Raises CannotStart.

        In HTTP mode they come in when the web server listens. While Slack is away a bot that was let in before starts
        without it, for those whom it can reach otherwise, and goes on knocking.
        """
        opening = asyncio.create_task(self._open(), name="first socket")
        let_in = False
        try:
            me, let_in = await self._who_am_i()
            self._wire(me)
            await self._begin()
            self._identity.set_result(me)
            if let_in:
                await opening
            else:
                self._guard(opening)
        finally:
            if let_in or not self._identity.done():
                opening.cancel()
                await asyncio.gather(opening, return_exceptions=True)

    async def _open(self) -> None:
        try:
            await self._sockets.open()
        except AppTokenRefused as refused:
            remedy = "make one with the scope connections:write under Basic Information, App-Level Tokens."
            raise CannotStart(f"Slack refuses SLACK_APP_TOKEN ({refused}): {remedy}") from refused

    async def _start(self) -> None:
        self._relay_task = self._guard(asyncio.create_task(self._relay.run(), name="relay"))
        if isinstance(self._sockets, Sockets):
            self._go(self._sockets.open(), "second socket")
        # Before anything is decided about what was due: whose account was closed while the bot was away?
        learning = self._go(self._profiles.refresh(), "people in charge")
        await self._start_engine(learning)
        if isinstance(self._sockets, Requests) and not await self._web_is_up():
            return
        self._go(learn_channels(self._store, self._gateway, self._settings), "channels")
        self._go(self._profiles.know(self._settings.people), "people")
        if url := self._settings.heartbeat_url.get_secret_value():
            self._go(HeartbeatUrl(url, self._clock, self._health.ready).run(), "heartbeat url")
        gc.freeze()
        gc.enable()
        me = self._identity.result()
        _log.info("ready", bot_user=me.bot_user_id, team=me.team_id, database=str(self._settings.database_file))

    def _wire(self, me: AuthorizeResult) -> None:
        settings, store = self._settings, self._store
        our_user, team = me.bot_user_id or "", me.team_id or ""
        self._profiles = Profiles(store, self._gateway, self._clock, settings, team)
        self._entry = Entry(store, self._gateway, settings, self._profiles, our_user)
        self._entry.register(self._app)
        self._relay = Relay(store, self._gateway, self._clock, settings, our_user)
        loop = asyncio.get_running_loop()
        # From the writer's thread: a caller that was cancelled meanwhile loses nothing.
        store.on_outbox = lambda: loop.call_soon_threadsafe(self._relay.wake)

    async def _begin(self) -> None:
        """What a start writes. On a full disk it waits for room, as everything does."""
        while True:
            try:
                return self._first_writes()
            except DiskFull as full:
                _log.warning("waiting for room on the disk", why=full.user_text)
            await self._clock.wait(self._stop, _DISK_SECONDS)

    def _first_writes(self) -> None:
        with self._store.write() as tx:
            starting.on_start(tx, self._settings)

    async def _start_engine(self, learning: asyncio.Task[None]) -> None:
        # Off the loop: these imports take a third of a second in which commands must be answered.
        engine = await asyncio.to_thread(late.engine)
        self._engine = engine.Engine(self._store, self._clock, self._settings, hourly=self._profiles.refresh)
        parts = self._store, self._clock, self._settings, self._gateway, self._engine
        self._health = Health(*parts, self._sockets.connected, self._host, self._backups, self._page_problems)
        loop = asyncio.get_running_loop()
        self._store.on_reminders = lambda: loop.call_soon_threadsafe(self._engine.plan_changed)
        self._clock.on_move(self._engine.plan_changed)
        self._clock.on_move(self._relay.wake)
        await learning
        for task in self._engine.start():
            self._guard(task)
        self._engine.every(self._backups.period, self._backups.tick, "backups")
        if isinstance(self._sockets, Sockets):
            self._engine.every(LINE_EVERY, Line(self._store, self._clock, self._sockets.connected).look, "line")
        self._go(self._host.run(self._stop), "host")
        web = await asyncio.to_thread(late.web)
        health = web.app.Health(alive=self._health.alive, ready=self._health.ready, more=self._health.more)
        doors = Doors(self._store, self._clock, self._engine, self._relay, self._answering)
        sandbox = web.app.Dev(clock=doors.clock, move_clock=doors.move_clock, settled=doors.settled)
        site = web.pages.Site(store=self._store, settings=self._settings, meet=self._meet)
        dev = sandbox if self._settings.in_sandbox else None
        folder = self._settings.status.folder
        application = await asyncio.to_thread(web.app.web_app, health, dev, site, folder)
        if folder:
            public = await asyncio.to_thread(late.status_page)
            made = asyncio.to_thread(public.of, self._store, self._clock, self._settings, folder)
            self._page = page = await made
            self._store.on_seen = lambda: loop.call_soon_threadsafe(page.wake)
            self._go(page.run(), "status page")
        if isinstance(self._sockets, Requests):
            application.include_router(web.slack.slack_router(self._sockets.answer))
        self._web = web.server.WebServer(application, self._settings.http_host, self._settings.http_port)
        self._web_task = asyncio.create_task(bounded(self._serve_web(), _log, "web broke"), name="web")

    def _meet(self, person: str) -> None:
        """Whoever acts on the web is looked up again when that was long ago: they may have left."""
        self._go(self._profiles.know([person]), "person")

    def _answering(self) -> int:
        return self._sockets.in_flight + self._entry.busy + (self._page.busy if self._page else False)

    def _page_problems(self) -> list[str]:
        found: list[str] = self._page.problems if self._page else []
        return found

    async def _web_is_up(self) -> bool:
        """In HTTP mode nothing comes in without it: whether it listens, else this bot ends."""
        listening = asyncio.create_task(self._web.listening.wait())
        await asyncio.wait({listening, self._web_task}, return_when=asyncio.FIRST_COMPLETED)
        listening.cancel()
        if not self._web.listening.is_set():
            where = f"{self._settings.http_host}:{self._settings.http_port}"
            self._broken = CannotStart(f"{where} is taken, and in HTTP mode Slack comes in there: free it, or move.")
            self._stop.set()
        return bool(self._web.listening.is_set())

    async def _serve_web(self) -> None:
        try:
            await self._web.serve()
        except SystemExit:
            # uvicorn's way to say that the address is taken. The bot does its work without it.
            _log.error("web not served", host=self._settings.http_host, port=self._settings.http_port)

    async def _end(self) -> None:
        """Stop claiming, answer what was asked, finish what is being sent, then let go of everything."""
        _log.info("stopping")
        await self._sockets.drain()
        await self._sockets.close()
        await self._entry.drain()
        await self._relay.stop()
        await asyncio.wait([self._relay_task])
        await self._engine.stop()
        self._web.end()
        await self._web_task
        for task in self._background:
            task.cancel()
        _log.info("stopped")

    async def _who_am_i(self) -> tuple[AuthorizeResult, bool]:
        """One auth.test for the life of the process, beside the opening of the first socket; whether it answered."""
        token = self._settings.bot_token.get_secret_value()
        try:
            said, let_in = await identity.ask(self._gateway, self._store, self._clock, self._stop, token)
        except identity.TokenRefused as refused:
            raise CannotStart(f"Slack refuses the bot token ({refused}). Look with `watchbill check`.") from refused
        return AuthorizeResult.from_auth_test_response(auth_test_response=dict(said), bot_token=token), let_in

    async def _ask_slack(self) -> Outcome:
        return await self._gateway.call("auth.test", {})

    def _guard(self, task: asyncio.Task[None]) -> asyncio.Task[None]:
        """Without this task the bot would be deaf or dumb: when it breaks, stop, so that a supervisor starts anew."""

        def ended(task: asyncio.Task[None]) -> None:
            if not task.cancelled() and (error := task.exception()):
                _log.critical("broke", task=task.get_name(), error=repr(error))
                self._broken = error
                self._stop.set()

        task.add_done_callback(ended)
        return task

    def _go(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(bounded(work, _log, "background work broke", task=name), name=name)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task


async def serve(settings: Settings) -> None:
    """Run a bot with these settings until it is told to stop."""
    with contextlib.suppress(asyncio.CancelledError):
        await Bot(settings).run()
