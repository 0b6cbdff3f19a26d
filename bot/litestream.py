"""Litestream, supervised: a replica of the database elsewhere, and waiting until it has what was just promised.

It is a program of its own (the extra `backup` installs it), a child of the bot with a control socket beside the
database. While it answers, it moves the WAL into the database; otherwise SQLite does, so that the WAL never grows for
ever. Nothing ever waits long for it: what can't be replicated in time is warned about, and is replicated later.
"""

import asyncio
import contextlib
import os
import signal
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import aiohttp

from bot import log
from bot.clock import Clock
from bot.replica import config, environment, write_config
from bot.settings_tables import Backups

BARRIER_SECONDS = 2.0
_BEAT_SECONDS = 10.0
_START_SECONDS = 10.0
_END_SECONDS = 5.0
_LONGEST_BACKOFF = 60.0
_POLL_SECONDS = 0.05
_RETRY_SECONDS = 1.0
# The path of a Unix socket may have 107 bytes.
_LONGEST_SOCKET = 100
_log = log.get("litestream")


def socket_of(database: Path) -> Path:
    """Where the control socket of this database's Litestream is; the same for every bot that runs on it."""
    beside = database.absolute().with_name(f"{database.name}.litestream")
    if len(os.fsencode(beside)) <= _LONGEST_SOCKET:
        return beside
    return Path(tempfile.mkdtemp(prefix="watchbill-")) / "litestream"


async def end_former(socket: Path, clock: Clock) -> None:
    """End the one of a bot that was killed: two on one database would be in each other's way."""
    try:
        former = (await _ask(socket, "GET", "info", None, BARRIER_SECONDS)).get("pid")
    except (OSError, aiohttp.ClientError, TimeoutError, ValueError):
        former = None
    if isinstance(former, int):
        _log.info("ending the litestream of an earlier bot", pid=former)
        with contextlib.suppress(ProcessLookupError):
            os.kill(former, signal.SIGTERM)
        began = clock.elapsed()
        while _runs(former) and clock.elapsed() - began < _END_SECONDS:
            await clock.wait(asyncio.Event(), _POLL_SECONDS)
    await asyncio.to_thread(socket.unlink, missing_ok=True)


class Litestream:
    """One supervised child. `on_change` hears when it begins to answer, and when it no longer does."""

    def __init__(
        self,
        program: Path,
        database: Path,
        place: Backups,
        clock: Clock,
        on_change: Callable[[bool], Awaitable[object]],
    ) -> None:
        self._program, self._database, self._clock, self._on_change = program, database.absolute(), clock, on_change
        self._socket = socket_of(database)
        self._config = self._socket.with_name(f"{self._socket.name}.yml")
        self._config_text = config(database, place, self._socket)
        self._stop = asyncio.Event()
        self._child: asyncio.subprocess.Process | None = None
        self._answers = asyncio.Event()
        # Until it has answered, or taken too long, a promise waits for it; afterwards only while it answers.
        self._is_starting = True
        self.synced: float | None = None
        # Who waits for the replica together, and how many of them it has served: the writes of those were there before.
        self._together = asyncio.Lock()
        self._waited, self._served = 0, 0

    @property
    def answers(self) -> bool:
        """Whether what is promised now is replicated before it is answered."""
        return self._answers.is_set()

    async def run(self) -> None:
        """Keep one running until stopped: a dead one is replaced, after 1, 2, 4 … seconds, at most a minute."""
        failures = 0
        while not self._stop.is_set():
            began = self._clock.elapsed()
            try:
                await end_former(self._socket, self._clock)
                await self._live()
            except (OSError, aiohttp.ClientError) as error:
                _log.error("litestream can't be started", error=str(error))
            await self._changed(answers=False)
            if self._stop.is_set():
                break
            failures = 1 if self._clock.elapsed() - began > _LONGEST_BACKOFF else failures + 1
            _log.warning("litestream ended", status=self._child.returncode if self._child else None, times=failures)
            await self._clock.wait(self._stop, min(2.0 ** (failures - 1), _LONGEST_BACKOFF))
        self._socket.unlink(missing_ok=True)
        self._config.unlink(missing_ok=True)

    async def barrier(self) -> bool:
        """Wait until the replica has everything committed so far, at most 2 s; whether it has. Never raises."""
        if not self.answers and not self._is_starting:
            return False
        try:
            async with asyncio.timeout(BARRIER_SECONDS):
                await self._answers.wait()
                done = await self._all_of_it()
        except TimeoutError:
            done = False
        if not done:
            _log.warning("a promise is not in the replica yet", waited_seconds=BARRIER_SECONDS)
            await self._changed(answers=False)
        return done

    async def _all_of_it(self) -> bool:
        """Have everything replicated that is committed now; False when it does not answer.

        Those who wait at the same time share one request. While others write, an answer may be behind: asked again.
        """
        self._waited += 1
        mine = self._waited
        async with self._together:
            while self._served < mine:
                there = self._waited
                has_all = await self._sync(BARRIER_SECONDS)
                if has_all:
                    self._served = there
                elif has_all is None or await self._clock.wait(self._stop, _POLL_SECONDS):
                    return False
        return True

    async def stop(self) -> None:
        """Replicate what is left, and have `run` end it."""
        if self.answers:
            # Before it hears of the end: at a second signal it would let go of everything.
            await self._sync(BARRIER_SECONDS)
        self._stop.set()

    async def _live(self) -> None:
        """One life of the child, from its start to its end."""
        write_config(self._config, self._config_text)
        # In a session of its own: Ctrl-C is for the bot, which ends this one last.
        words = [str(self._program), "replicate", "-config", str(self._config), "-no-expand-env"]
        self._child = await asyncio.create_subprocess_exec(
            *words, env=environment(), stdin=asyncio.subprocess.DEVNULL, start_new_session=True
        )
        ended = asyncio.create_task(self._child.wait(), name="litestream")
        beating = asyncio.create_task(self._beat(), name="litestream beat")
        try:
            await asyncio.wait({ended, beating}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
            await self._end()
            await ended

    async def _beat(self) -> None:
        """Ask it again and again whether it has everything, until stopped.

        The first replica of a big database takes its time: it is let do so, and nobody waits for it meanwhile.
        """
        began, pause = self._clock.elapsed(), _POLL_SECONDS
        while not await self._clock.wait(self._stop, pause):
            done = await self._sync(BARRIER_SECONDS if self._is_starting else _BEAT_SECONDS)
            # Behind only because somebody wrote meanwhile: it answers.
            busy = done is False and self.answers
            if done or (not busy and self._clock.elapsed() - began > _START_SECONDS):
                await self._changed(answers=bool(done))
            pause = _BEAT_SECONDS if done else _POLL_SECONDS if self._is_starting else _RETRY_SECONDS

    async def _changed(self, *, answers: bool) -> None:
        was, self._is_starting = self.answers, False
        if answers:
            self._answers.set()
        else:
            self._answers.clear()
        if was != answers:
            _log.info("litestream answers" if answers else "litestream does not answer")
            await self._on_change(answers)

    async def _sync(self, seconds: float) -> bool | None:
        """Whether the replica has everything, what was written meanwhile too; None when it does not answer."""
        body = {"path": str(self._database), "wait": True, "timeout": int(seconds)}
        try:
            answer = await _ask(self._socket, "POST", "sync", body, seconds)
        except (OSError, aiohttp.ClientError, TimeoutError, ValueError):
            return None
        if answer.get("status") not in {"synced", "no_change"}:
            return None
        done = bool(answer.get("replicated_txid") == answer.get("txid"))
        if done:
            self.synced = self._clock.elapsed()
        return done

    async def _end(self) -> None:
        child = self._child
        if child is None or child.returncode is not None:
            return
        child.terminate()
        try:
            async with asyncio.timeout(_END_SECONDS):
                await child.wait()
        except TimeoutError:
            child.kill()
            await child.wait()


async def _ask(socket: Path, verb: str, door: str, body: Mapping[str, Any] | None, seconds: float) -> Mapping[str, Any]:
    limit = aiohttp.ClientTimeout(total=seconds)
    async with (
        aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(socket)), timeout=limit) as session,
        session.request(verb, f"http://litestream/{door}", json=body) as answer,
    ):
        found = await answer.json(content_type=None)
    return found if isinstance(found, dict) else {}


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
