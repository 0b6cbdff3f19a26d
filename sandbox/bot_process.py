"""The bot as a child process."""

import asyncio
import contextlib
import os
import shlex
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import aiohttp

from sandbox.child import Child, Launch, execute
from sandbox.identity import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Json

State = Literal["running", "stopped", "starting"]

TERM_LIMIT = 8.0
READY_LIMIT = 60.0
READY_POLL = 0.01
TAIL = 40
_SOCKETS = {"WATCHBILL_SLACK_MODE": "socket", "SLACK_APP_TOKEN": APP_TOKEN}
_HTTP = {"WATCHBILL_SLACK_MODE": "http", "SLACK_SIGNING_SECRET": SIGNING_SECRET}
_PROXIES = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"}
_CALL_LIMIT = aiohttp.ClientTimeout(total=60)


@dataclass(frozen=True)
class BotPlan:
    """How the bot is started: None as command means this Python's `-m bot run`."""

    command: str | None
    folder: Path
    host: str = "127.0.0.1"
    launch: Launch = execute
    http: bool = False
    """In HTTP mode, instead of Socket Mode."""

    @property
    def words(self) -> list[str]:
        """The command line."""
        return shlex.split(self.command) if self.command else [sys.executable, "-m", "bot", "run"]


def _has_ended(pid: int) -> bool:
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def free_port(host: str) -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


class BotProcess:
    """Starts and stops the bot, and asks its development doors."""

    def __init__(self, plan: BotPlan, offset: Callable[[], float]) -> None:
        self._plan = plan
        self._offset = offset
        self._process: Child | None = None
        self._session: aiohttp.ClientSession | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._changing = asyncio.Lock()
        """Held while it is launched or ended, so that a start waits for the end of what was killed."""
        self._port = 0
        self._ready = False
        self._killed = False
        self.paused = False
        self.api_url = ""
        self.on_change: Callable[[], None] = lambda: None

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.returncode is None

    @property
    def state(self) -> State:
        """As the client shows it."""
        return "stopped" if not self.alive else "running" if self._ready else "starting"

    @property
    def request_url(self) -> str:
        """Where it takes requests in HTTP mode; empty while it does not run."""
        return f"http://{self._plan.host}:{self._port}/slack/events" if self.alive else ""

    @property
    def log_file(self) -> Path:
        """What the bot printed."""
        return self._plan.folder / "bot.log"

    def shown(self) -> Json:
        """For GET /control/bot."""
        process = self._process
        return {
            "state": self.state,
            "pid": process.pid if process else None,
            "exit_code": process.returncode if process else None,
            "paused": self.paused,
            "url": f"http://{self._plan.host}:{self._port}" if self.alive else None,
            "log": self._tail(),
        }

    def _tail(self) -> list[str]:
        if not self.log_file.exists():
            return []
        with self.log_file.open("rb") as file:
            file.seek(max(0, self.log_file.stat().st_size - 16_384))
            return file.read().decode(errors="replace").splitlines()[-TAIL:]

    def _environment(self) -> dict[str, str]:
        # Whoever starts it may have the real bot's in their environment, and what happens here is invented.
        ours = {
            "WATCHBILL_DATABASE_URL": f"sqlite:///{self._plan.folder.absolute() / 'watchbill.db'}",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            **(_HTTP if self._plan.http else _SOCKETS),
            "SLACK_API_URL": self.api_url,
            "WATCHBILL_HTTP_HOST": self._plan.host,
            "WATCHBILL_HTTP_PORT": str(self._port),
            "WATCHBILL_DEV_CLOCK_OFFSET": repr(self._offset()),
            "NO_PROXY": "*",
            "PYTHONUNBUFFERED": "1",
        }
        # Settings are read in any case, as are proxies; slack_sdk takes a proxy whatever NO_PROXY says.
        left_out = {*ours, *_PROXIES}
        return {name: value for name, value in os.environ.items() if name.upper() not in left_out} | ours

    async def start(self, until: str = "ready") -> None:
        """Start it unless it runs; return when it is `ready` or at least `alive`, or has ended, or takes too long."""
        async with self._changing:
            await self.notice_end()
            if not self.alive:
                await self._launch()
        try:
            async with asyncio.timeout(READY_LIMIT):
                while self.alive and not self._ready:
                    self._ready = await self._says_it_is(until)
                    if not self._ready:
                        await asyncio.sleep(READY_POLL)
        except TimeoutError:
            return
        finally:
            self.on_change()

    async def _launch(self) -> None:
        self._ready, self.paused, self._killed = False, False, False
        self._port = free_port(self._plan.host)
        self._plan.folder.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab") as output:
            try:
                self._process = await self._plan.launch(self._plan.words, self._environment(), output)
            except OSError as error:
                output.write(f"{shlex.join(self._plan.words)}: {error}\n".encode())
                return
        self._watcher = asyncio.create_task(self._watch(self._process))
        self.on_change()

    async def _watch(self, process: Child) -> None:
        await process.wait()
        self._ready = self.paused = False
        self.on_change()

    async def _says_it_is(self, what: str) -> bool:
        door = {"ready": "readyz", "alive": "healthz"}[what]
        try:
            async with self._http().get(f"http://{self._plan.host}:{self._port}/{door}") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_CALL_LIMIT)
        return self._session

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):  # It may have ended this instant.
                os.killpg(self._process.pid, number)

    async def stop(self) -> None:
        """SIGTERM, then SIGKILL if it takes too long."""
        async with self._changing:
            self._signal(signal.SIGTERM)
            self._signal(signal.SIGCONT)
            try:
                async with asyncio.timeout(TERM_LIMIT):
                    await self._ended()
            except TimeoutError:
                self._signal(signal.SIGKILL)
                await self._ended()

    async def kill(self) -> None:
        """SIGKILL; returns when it has ended."""
        self._killed = True
        async with self._changing:
            self._signal(signal.SIGKILL)
            await self._ended()

    async def _ended(self) -> None:
        if self._watcher is not None:
            await asyncio.shield(self._watcher)

    async def notice_end(self) -> None:
        """If it has ended or been killed and the event loop does not know yet, wait until it does."""
        if self._process is not None and self.alive and (self._killed or _has_ended(self._process.pid)):
            await self._ended()

    async def ends_within(self, seconds: float) -> bool:
        """Whether it has ended, or does so soon."""
        if self._process is None:
            return True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._process.wait()
        return not self.alive

    def pause(self, paused: bool) -> None:
        """Stop it where it is, or let it go on."""
        self._signal(signal.SIGSTOP if paused else signal.SIGCONT)
        self.paused = paused and self.alive
        self.on_change()

    async def ask(self, path: str, body: Json | None = None, **query: str) -> Json | None:
        """One of its /dev doors; None if it does not run or does not answer with JSON."""
        if self.state != "running" or self.paused:
            return None
        method = "GET" if body is None else "POST"
        url = f"http://{self._plan.host}:{self._port}/dev/{path}"
        try:
            async with self._http().request(method, url, json=body, params=query) as answer:
                found = await answer.json() if answer.status == 200 else None
                return found if isinstance(found, dict) else None
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None

    async def close(self) -> None:
        """Let go of the connections to it."""
        if self._session is not None:
            await self._session.close()
