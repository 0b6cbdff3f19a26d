"""The composition root: settings become a store, a gateway, handlers and an engine, started and stopped in order."""

import asyncio
import contextlib
import gc
import signal
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot import log
from bot.actions import groups
from bot.boundary import bounded
from bot.clock import SystemClock
from bot.engine.looking import channel_info
from bot.engine.relay import Relay
from bot.settings import Settings
from bot.slack import NotSent, Ok, RateLimited, Refused, SlackGateway, Uncertain
from handlers.slack.entry import Entry
from handlers.slack.profiles import Profiles
from handlers.slack.sockets import AppTokenRefused, Sockets
from storage import migrate, outbox, people, reminders
from storage.store import Store, Tx

_RETRY_SECONDS = 3.0
_BEAT_LIMIT_SECONDS = 30.0
# What waits no longer than this is about to be sent.
_SOON = timedelta(seconds=1)
_log = log.get("app")


class CannotStart(Exception):
    """The bot can't run like this; the text says why and what to do."""


class Bot:
    """One running bot. `run` returns when it was told to stop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        offset = timedelta(seconds=settings.dev_clock_offset if settings.in_sandbox else 0)
        self._clock = SystemClock(offset)
        self._stop = asyncio.Event()
        self._background: set[asyncio.Task[Any]] = set()
        self._broken: BaseException | None = None

    async def run(self) -> None:
        """Start, serve until SIGTERM or SIGINT, stop. Raises CannotStart."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self._stop.set)
        self._open_store()
        self._gateway = SlackGateway(self._settings.slack_api_url, self._settings.bot_token.get_secret_value())
        app_token = self._settings.app_token.get_secret_value()
        self._sockets = Sockets(self._bolt(), app_token, self._gateway.open_connection)
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
            self._store.close()

    def _open_store(self) -> None:
        file = self._settings.database_file
        self._store = Store(file, self._clock)
        version = migrate.version(file)
        if version is not None and version > migrate.HEAD:
            raise CannotStart(
                f"{file} was written by a newer Watchbill ({version}): run that one, or restore a backup."
            )
        if version != migrate.HEAD and not migrate.upgrade_in_child(file):
            raise CannotStart(f"{file} could not be migrated: run `watchbill migrate` and read what it says.")

    def _bolt(self) -> AsyncApp:
        """Bolt, with the one auth.test of this process as the authorization of every request."""
        self._identity: asyncio.Future[AuthorizeResult] = asyncio.get_running_loop().create_future()

        async def authorize(**_: Any) -> AuthorizeResult:
            return await self._identity

        self._app = AsyncApp(
            client=self._gateway.client,
            authorize=authorize,
            process_before_response=True,
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
        """Be let in by Slack, with both tokens; from the end of this on commands come in. Raises CannotStart."""
        opening = asyncio.create_task(self._sockets.open(), name="first socket")
        try:
            me = await self._who_am_i()
            self._wire(me)
            self._identity.set_result(me)
            await opening
        except AppTokenRefused as refused:
            remedy = "make one with the scope connections:write under Basic Information, App-Level Tokens."
            raise CannotStart(f"Slack refuses SLACK_APP_TOKEN ({refused}): {remedy}") from refused
        finally:
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)

    async def _start(self) -> None:
        self._relay_task = self._guard(asyncio.create_task(self._relay.run(), name="relay"))
        self._go(self._sockets.open(), "second socket")
        # Before anything is decided about what was due: whose account was closed while the bot was away?
        learning = self._go(self._profiles.refresh(), "people in charge")
        await self._start_engine(learning)
        self._go(self._learn_channels(), "channels")
        self._go(self._profiles.know(self._settings.people), "people")
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
        with store.write() as tx:
            outbox.void_leases(tx)
            groups.read_all(tx, settings)
        # From the writer's thread: a caller that was cancelled meanwhile loses nothing.
        store.on_outbox = lambda: loop.call_soon_threadsafe(self._relay.wake)

    async def _start_engine(self, learning: asyncio.Task[None]) -> None:
        # Off the loop: these imports take a third of a second in which commands must be answered.
        engine = await asyncio.to_thread(_import_engine)
        self._engine = engine.Engine(self._store, self._clock, self._settings, hourly=self._profiles.refresh)
        loop = asyncio.get_running_loop()
        self._store.on_reminders = lambda: loop.call_soon_threadsafe(self._engine.plan_changed)
        self._clock.on_move(self._engine.plan_changed)
        self._clock.on_move(self._relay.wake)
        await learning
        for task in self._engine.start():
            self._guard(task)
        web = await asyncio.to_thread(_import_web)
        health = web.app.Health(alive=self._alive, ready=self._not_ready)
        sandbox = web.app.Dev(clock=self._dev_clock, move_clock=self._dev_move, settled=self._dev_settled)
        application = web.app.web_app(health, sandbox if self._settings.in_sandbox else None)
        self._web = web.server.WebServer(application, self._settings.http_host, self._settings.http_port)
        self._web_task = asyncio.create_task(bounded(self._serve_web(), _log, "web broke"), name="web")

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

    async def _who_am_i(self) -> AuthorizeResult:
        """One auth.test for the life of the process, beside the opening of the first socket."""
        while True:
            outcome = await self._gateway.call("auth.test", {})
            match outcome:
                case Ok(data):
                    return AuthorizeResult.from_auth_test_response(
                        auth_test_response=data, bot_token=self._settings.bot_token.get_secret_value()
                    )
                case Refused(error):
                    raise CannotStart(f"Slack refuses the bot token ({error}). Look with `watchbill check`.")
                case RateLimited() | NotSent() | Uncertain():
                    _log.warning("Slack does not answer yet", outcome=outcome)
                    await self._clock.wait(self._stop, _RETRY_SECONDS)

    async def _learn_channels(self) -> None:
        """The announcement channel's id, and membership in it, so that its history can be read when it must be."""
        wanted = {self._settings.channels.announcements, self._settings.channels.digest}
        for name in {channel.lstrip("#") for channel in wanted}:
            found = await channel_info(self._gateway, name)
            if not isinstance(found, Ok):
                _log.warning("channel not found", channel=name, outcome=found)
                continue
            channel = found.data["channel"]["id"]
            await self._store.run(people.save_channel, name, channel)
            if not found.data["channel"].get("is_member"):
                await self._gateway.call("conversations.join", {"channel": channel})

    async def _alive(self) -> list[str]:
        silent = self._clock.elapsed() - self._engine.last_beat
        return [f"The heartbeat is silent for {silent:.0f} s."] if silent > _BEAT_LIMIT_SECONDS else []

    async def _not_ready(self) -> list[str]:
        problems = await self._alive()
        if not await self._sockets.connected():
            problems.append("No connection to Slack is open.")
        if self._gateway.token_error:
            problems.append(f"Slack refuses the token ({self._gateway.token_error}): look with `watchbill check`.")
        failed = (await self._store.view(outbox.counts)).get("failed", 0)
        if failed:
            _log.debug("effects have failed", count=failed)
        return problems

    async def _dev_clock(self) -> dict[str, float | None]:
        def soonest(tx: Tx) -> float | None:
            times = [reminders.next_due(tx), outbox.next_try(tx, tx.now)]
            found = [time.timestamp() for time in times if time]
            return min(found) if found else None

        next_due = await self._store.view(soonest)
        offset = self._clock.offset.total_seconds()
        return {"offset": offset, "now": self._clock.now().timestamp(), "next_due": next_due}

    async def _dev_move(self, offset: float) -> dict[str, float | None]:
        self._clock.move_to(timedelta(seconds=offset))
        await self._engine.tick()
        return await self._dev_clock()

    async def _dev_settled(self, seconds: float) -> dict[str, object]:
        end = self._clock.elapsed() + seconds
        # What is waited for has no one event; this door is open in a sandbox only.
        while (why := await self._unsettled()) and self._clock.elapsed() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        return {"settled": not why, "why": why}

    async def _unsettled(self) -> str:
        if self._sockets.in_flight or self._entry.busy:
            return "answering"
        if self._relay.in_flight:
            return "sending"
        if await self._store.view(lambda tx: bool(outbox.sendable(tx, tx.now + _SOON, (), 1))):
            return "an effect can be sent"
        if await self._engine.is_due():
            return "a reminder is due"
        return ""

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


def _import_engine() -> Any:
    from bot.engine import engine

    return engine


def _import_web() -> Any:
    import handlers.web
    import handlers.web.app
    import handlers.web.server

    return handlers.web


async def serve(settings: Settings) -> None:
    """Run a bot with these settings until it is told to stop."""
    with contextlib.suppress(asyncio.CancelledError):
        await Bot(settings).run()
