"""The host: what the machine under the bot lacks, and a word for whoever can do something about it."""

import asyncio
from collections.abc import Awaitable, Callable

from bot import log
from bot.actions.waking import operators
from bot.boundary import Boundary
from bot.clock import SystemClock
from bot.domain import clock_step, disk
from bot.engine.ballast import Ballast
from bot.errors import DiskFull
from bot.settings import Settings
from storage.store import Store

_LOOK_SECONDS = 5.0
# Whether the clock was set is seen sooner: what is due may wait for what Slack says of it.
_GLANCE_SECONDS = 0.5
# While it is full something is tried, and fails, each second.
_FULL_SECONDS = 10.0
_log = log.get("host")


class Host:
    """Run `run` as a task. `ask` asks Slack for anything: its answer carries the time."""

    def __init__(
        self, store: Store, clock: SystemClock, settings: Settings, ask: Callable[[], Awaitable[object]]
    ) -> None:
        self._store, self._clock, self._settings, self._ask = store, clock, settings, ask
        store.on_full = self.on_full
        self._file = settings.database_file
        wanted = not settings.in_sandbox or "ballast_mb" in settings.model_fields_set
        self.ballast = Ballast(self._file, settings.ballast_mb if wanted else 0)
        self._alarm = 0.0
        self._said: list[str] = []
        self._full_at: float | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Look every few seconds until `stop`, and at once when the clock is found not to be believed any more."""
        await asyncio.to_thread(self.ballast.lay)
        looked_at, held = self._clock.elapsed(), False
        while not await self._clock.wait(stop, _GLANCE_SECONDS):
            # To read it is to notice.
            self._clock.now()
            held, before = self._clock.belief.holds, held
            if held > before or self._clock.elapsed() - looked_at >= _LOOK_SECONDS:
                looked_at = self._clock.elapsed()
                await self.look()

    async def look(self) -> None:
        """Look once: the disk, and the clock."""
        room = await asyncio.to_thread(self.ballast.look)
        if room.alarm and (not self._alarm or room.alarm < self._alarm):
            for sentence in disk.sentences(room, str(self._file.parent)):
                _log.warning("the disk fills", why=sentence)
                with Boundary(_log, "operators not told"):
                    cause = f"disk-{room.alarm:.0%}-{self._clock.now():%Y-%m-%d}"
                    await self._store.run(operators.tell, self._settings, sentence, cause)
        self._alarm = room.alarm
        if self._clock.belief.holds:
            await self._ask()
        self._say(clock_step.sentences(self._clock.belief))

    def on_full(self) -> None:
        """A transaction met a full disk; on the writer's thread."""
        self._full_at = self._clock.elapsed()
        self.ballast.drop()

    async def problems(self) -> list[str]:
        """Why nobody should rely on this bot now, one sentence each."""
        found = clock_step.sentences(self._clock.belief) if self._clock.belief.holds else []
        full = self._full_at is not None and self._clock.elapsed() - self._full_at < _FULL_SECONDS
        return found + ([DiskFull().user_text] if full else [])

    async def warnings(self) -> list[str]:
        """What somebody should do soon."""
        room = await asyncio.to_thread(self.ballast.look)
        clock = [] if self._clock.belief.holds else clock_step.sentences(self._clock.belief)
        return disk.sentences(room, str(self._file.parent)) + clock

    def _say(self, sentences: list[str]) -> None:
        """Each once, not each time that it is seen; the figures in it change."""
        if sentences and not self._said:
            _log.warning("the clock is wrong", why=sentences[0])
        self._said = sentences
