"""The public page is written again after each change, and every five minutes when nothing changes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path

from bot import log
from bot.actions import status
from bot.actions.communication.by_hand import take_in
from bot.boundary import Boundary
from bot.clock import Clock
from bot.errors import BotError
from bot.settings import Settings
from bot.status import edit, writer
from bot.status.files import Drawing
from bot.status.snapshot import Page
from storage.store import Store

EVERY = timedelta(minutes=5)
# Changes that come one upon another are one: an update, its impact, its state.
_TOGETHER_SECONDS = 1.0
_log = log.get("status-page")


def of(store: Store, clock: Clock, settings: Settings, folder: Path) -> "StatusPage":
    """The page that the settings describe."""
    about = settings.status
    # Its ids must stay when its name or address changes: they are made from this.
    page = Page(key="watchbill", name=about.name, url=about.url, about=about.about, colour=about.colour)
    return StatusPage(store, clock, settings, page, folder)


class StatusPage:
    """Run `run` as a task, and `wake` it after what customers see has changed.

    `files`: what the page names beside what is drawn, a logo; `upload` brings the folder that counts to where else it
    is served, and raises when it could not. What can't be written is tried again each time; `problem` says why.
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
        upload: Callable[[Path], Awaitable[object]] | None = None,
    ) -> None:
        self._store, self._clock, self._settings, self._page, self._folder = store, clock, settings, page, folder
        self._files, self._upload = files, upload
        self._drawing = Drawing()
        self._changed, self._never = asyncio.Event(), asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self.problem = ""
        # Whether something that has changed is not written yet.
        self.busy = True

    def wake(self) -> None:
        """Write soon."""
        self.busy = True
        self._changed.set()

    async def run(self) -> None:
        """Write until cancelled."""
        await self._store.run(status.begin)
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

    async def _write(self) -> None:
        for _ in range(2):
            shown = await self._store.view(status.snapshot, self._settings, self._page)
            strays = await asyncio.to_thread(edit.renew, self._folder, shown, self._drawing, self._files)
            if not strays:
                break
            taken = await self._store.run(take_in, self._settings, strays)
            _log.info("updates by hand were taken in", updates=len(taken))
        root = writer.root_of(self._folder)
        if self._upload and root:
            await self._upload(root)
