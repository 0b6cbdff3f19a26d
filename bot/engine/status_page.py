"""The public page is written again after each change, and every five minutes when nothing changes."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from bot import log
from bot.actions import status
from bot.actions.communication.by_hand import take_in
from bot.boundary import Boundary
from bot.clock import Clock
from bot.engine.status_mirror import Mirror
from bot.errors import BotError
from bot.settings import Settings
from bot.status import edit, logo
from bot.status.files import Drawing
from bot.status.snapshot import Page, Snapshot
from storage.store import Store

EVERY = timedelta(minutes=5)
# Changes that come one upon another are one: an update, its impact, its state.
_TOGETHER_SECONDS = 1.0
_log = log.get("status-page")


def of(store: Store, clock: Clock, settings: Settings, folder: Path) -> "StatusPage":
    """The page that the settings describe. One whose logo can't be used has none, and says so."""
    name, files, problem = "", {}, ""
    if settings.status.logo:
        try:
            name, content = logo.read(settings.status.logo)
            files = {name: content}
        except logo.BadLogo as bad:
            problem = bad.user_text
            _log.warning("the status page has no logo", why=problem)
    page, bucket = status.page_of(settings, name), settings.status.bucket
    made = StatusPage(store, clock, settings, page, folder, files=files, bucket=bucket)
    made.logo_problem = problem
    return made


class StatusPage:
    """Run `run` as a task, and `wake` it after what customers see has changed.

    `files`: what the page names beside what is drawn, a logo. What can't be written is tried again each time;
    `problems` says why, also of `bucket`, where it is brought to when that is not empty.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settings: Settings,
        page: Page,
        folder: Path,
        *,
        files: Mapping[str, bytes] | None = None,
        bucket: str = "",
    ) -> None:
        self._store, self._clock, self._settings, self._page, self._folder = store, clock, settings, page, folder
        self._files = files
        self._drawing = Drawing()
        self._changed, self._never = asyncio.Event(), asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._mirror = Mirror(bucket, folder, clock, self._take) if bucket else None
        self.problem = self.logo_problem = ""
        # Whether something that has changed is not written yet.
        self.busy = True

    @property
    def problems(self) -> list[str]:
        """What is wrong with the page now, one sentence each."""
        found = (self.problem, self._mirror.problem if self._mirror else "", self.logo_problem)
        return [one for one in found if one]

    def wake(self) -> None:
        """Write soon."""
        self.busy = True
        self._changed.set()

    async def run(self) -> None:
        """Write, and bring it to its bucket, until cancelled."""
        await self._store.run(status.begin)
        await asyncio.gather(self._write_on(), *([self._mirror.run()] if self._mirror else []))

    async def _write_on(self) -> None:
        while True:
            self._changed.clear()
            with Boundary(_log, "the status page broke") as outcome:
                await self.write()
            self.busy = self._changed.is_set()
            if outcome.ref:
                self.problem = f"The status page could not be written, ref {outcome.ref}."
            if await self._clock.wait(self._changed, EVERY.total_seconds()):
                await self._clock.wait(self._never, _TOGETHER_SECONDS)

    async def write(self) -> None:
        """Write it now, as things are; updates by hand that stand there are taken in before."""
        async with self._one_at_a_time:
            try:
                await self._write()
            except (OSError, BotError) as error:
                why = error.user_text if isinstance(error, BotError) else f"{error.strerror or error}."
                if not self.problem:
                    _log.warning("the status page can't be written", why=why)
                self.problem = f"The status page can't be written: {why}"
            else:
                self.problem = ""
                if self._mirror:
                    self._mirror.wake()

    async def _write(self) -> None:
        for _ in range(2):
            shown = await self._shown()
            strays = await asyncio.to_thread(edit.renew, self._folder, shown, self._drawing, self._files)
            if not strays:
                return
            await self._take_in(strays)

    async def _take(self, copy: Snapshot) -> None:
        """Somebody has put this into the bucket: what it has by hand is taken in, and stands in the folder."""
        if strays := edit.strays(copy, await self._shown()):
            await self._take_in(strays)
            await self.write()

    async def _shown(self) -> Snapshot:
        return await self._store.view(status.snapshot, self._settings, self._page)

    async def _take_in(self, strays: Sequence[edit.Stray]) -> None:
        taken = await self._store.run(take_in, self._settings, strays)
        _log.info("updates by hand were taken in", updates=len(taken))
