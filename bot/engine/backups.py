"""Copies of the database while the bot runs: made, verified, rehearsed; and a replica, when Litestream is there."""

import asyncio
import json
import sys
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot import log
from bot.boundary import bounded
from bot.clock import Clock
from bot.litestream import Litestream
from bot.replica import binary, fetch_replica
from bot.settings import Settings
from storage import backup, marks, recovery
from storage.backup import BackupFailed, Copy
from storage.store import Store, keep_log

REHEARSED = "backup-rehearsed"
_LOOK_AGAIN = timedelta(minutes=1)
_REHEARSE = timedelta(days=7)
_LATE_INTERVALS = 3
_CHILD_SECONDS = 600.0
_NEWS = timedelta(days=1)
# Pages until SQLite moves the WAL into the database by itself: its own default.
_PAGES = 1000
_REPLICA_LATE_SECONDS = 60.0
_log = log.get("backups")


class Backups:
    """`tick` it each `period`; `start` it before anything is promised, and `stop` it after the last commit."""

    def __init__(self, store: Store, clock: Clock, settings: Settings) -> None:
        self._store, self._clock, self._settings = store, clock, settings
        self._file, self._folder = settings.database_file, settings.backup_folder.absolute()
        self._interval = timedelta(minutes=settings.backups.every_minutes)
        self.period = min(_LOOK_AGAIN, self._interval)
        self._one_at_a_time = asyncio.Lock()
        # On a clock that never steps: a moved wall clock must not look like a missing copy.
        self._good_at = clock.elapsed()
        self._failure = ""
        self._replica: Litestream | None = None
        self._replica_task: asyncio.Task[None] | None = None
        self._began = clock.elapsed()

    def start(self) -> None:
        """Begin to replicate, where a replica is wanted and Litestream is installed."""
        place, program = self._settings.backups, binary()
        if place.litestream_url and program:
            self._replica = Litestream(program, self._file, place, self._clock, self._replicates)
            work = bounded(self._replica.run(), _log, "the replica broke")
            self._replica_task = asyncio.create_task(work, name="replica")
            self._store.on_promise = self._replica.barrier

    async def stop(self) -> None:
        """Replicate what is left; wait for the copy that is being made."""
        self._store.on_promise = None
        if self._replica and self._replica_task:
            await self._replica.stop()
            await self._replica_task
        async with self._one_at_a_time:
            """A copy that has begun is finished."""

    async def tick(self) -> None:
        """Make a copy when the newest is older than the interval, and once a week rehearse a restore."""
        if self._one_at_a_time.locked():
            return
        async with self._one_at_a_time:
            newest = await asyncio.to_thread(self._newest)
            if newest is None or not timedelta() <= self._clock.now() - newest.at < self._interval:
                await self._make()
            if not self._failure and await self._is_rehearsal_due():
                await self._rehearse()

    async def problems(self) -> list[str]:
        """What is wrong with the copies and the replica, one sentence each."""
        found = [f"The last backup failed: {self._failure}."] if self._failure else []
        late = self._clock.elapsed() - self._good_at
        if late > _LATE_INTERVALS * self._interval.total_seconds():
            found.append(f"No verified backup was made for {late / 60:.0f} min.")
        if self._settings.backups.litestream_url and not self._replica:
            remedy = "install litestream (pip install 'watchbill[backup]')"
            found.append(f"There is no replica, though backups.litestream_url wants one: {remedy}.")
        if self._replica and not self._replica.answers:
            silent = self._clock.elapsed() - max(self._replica.synced or self._began, self._began)
            if silent > _REPLICA_LATE_SECONDS:
                found.append(f"The replica is {silent / 60:.0f} min behind: look for litestream in the log.")
        return found

    async def warnings(self) -> list[str]:
        """What somebody should know and nobody needs to be woken for."""
        found = []
        url = self._settings.backups.litestream_url
        if await asyncio.to_thread(backup.all_on_one_disk, self._file, self._folder, url):
            found.append("Backups are on the disk of the database: set backups.folder to another one.")
        rehearsed = await self._store.view(marks.get, REHEARSED)
        if rehearsed and rehearsed["failed"]:
            found.append(f"The last rehearsal of a restore failed: {rehearsed['failed']}.")
        restored = await self._store.view(recovery.last)
        if restored and self._clock.now() - restored.restored_at < _NEWS:
            found.append(
                f"Restored at {restored.restored_at:%Y-%m-%d %H:%M} UTC:"
                f" what came after {restored.copied_at:%Y-%m-%d %H:%M:%S} UTC may be missing here."
            )
        return found

    async def facts(self) -> dict[str, Any]:
        """Ages, in seconds: of the newest verified copy, and since the replica was known to have everything."""
        newest = await asyncio.to_thread(self._newest)
        rehearsed = await self._store.view(marks.get, REHEARSED)
        synced = self._replica.synced if self._replica else None
        return {
            "backup": newest.file.name if newest else None,
            "backup_age_seconds": round((self._clock.now() - newest.at).total_seconds()) if newest else None,
            "replica_age_seconds": None if synced is None else round(self._clock.elapsed() - synced, 1),
            "rehearsed_at": rehearsed["at"] if rehearsed else None,
        }

    def _newest(self) -> Copy | None:
        return next(iter(backup.copies(self._file, self._folder)), None)

    async def _make(self) -> None:
        began = self._clock.elapsed()
        said = await self._child("make")
        self._failure = str(said.get("failed") or "")
        if self._failure:
            _log.error("backup failed", why=self._failure)
            return
        self._good_at = self._clock.elapsed()
        _log.info("backup made", file=said["file"], seconds=round(self._good_at - began, 2))

    async def _is_rehearsal_due(self) -> bool:
        found = await self._store.view(marks.get, REHEARSED)
        return found is None or self._clock.now() - datetime.fromisoformat(found["at"]) >= _REHEARSE

    async def _rehearse(self) -> None:
        said = await self._child("rehearse")
        failed = str(said.get("failed") or "") or await self._replica_failed()
        if failed:
            _log.error("rehearsal of a restore failed", why=failed)
        else:
            _log.info("rehearsed a restore", file=said["file"])
        mark = {"at": self._clock.now().isoformat(), "failed": failed, "file": said.get("file", "")}
        await self._store.run(marks.put, REHEARSED, mark)

    async def _replica_failed(self) -> str:
        """Why the replica can't be restored; empty when it can, or there is none. Litestream checks what it reads."""
        # One that is behind, or only begins, is told of elsewhere.
        if not self._replica or not await self._replica.barrier():
            return ""
        try:
            with tempfile.TemporaryDirectory(prefix=".rehearsal-", dir=self._folder) as room:
                to = Path(room) / "replica.db"
                await asyncio.to_thread(fetch_replica, self._settings.backups, to, seconds=_CHILD_SECONDS)
        except (BackupFailed, OSError) as failed:
            return str(failed)
        return ""

    async def _child(self, what: str) -> Mapping[str, Any]:
        """Do it in a process of its own: reading all of a database would leave its mark on our memory."""
        words = [sys.executable, "-m", "storage.backup", what, str(self._file), str(self._folder)]
        pipe, null = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        try:
            child = await asyncio.create_subprocess_exec(
                *words, self._clock.now().isoformat(), stdin=null, stdout=pipe, start_new_session=True
            )
        except OSError as error:
            return {"failed": f"no process can be started ({error})"}
        try:
            async with asyncio.timeout(_CHILD_SECONDS):
                printed, _ = await child.communicate()
        except TimeoutError:
            return {"failed": f"it took longer than {_CHILD_SECONDS:.0f} s"}
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        try:
            said: Mapping[str, Any] = json.loads(printed)
        except ValueError:
            return {"failed": f"it ended with status {child.returncode}"}
        return said

    async def _replicates(self, answers: bool) -> None:
        """Whoever moves the WAL into the database, one does: Litestream while it answers, else SQLite."""
        # Whoever waits for a promise must not hear of it when this can't be set.
        work = self._store.run(keep_log, 0 if answers else _PAGES)
        await bounded(work, _log, "the WAL could not be left to litestream", answers=answers)
