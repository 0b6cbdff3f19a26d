"""The bot keeps the page current: after changes, every five minutes, and after it was away."""

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.engine.status_page import StatusPage
from bot.status import edit, writer
from bot.status.edit import ByHand
from storage.store import Store
from tests.status.pages import PAGE
from tests.status.test_gathering import SETTINGS, WORDS, tell
from tests.support.clock import MovableClock
from tests.support.story import begin


def texts(folder: Path) -> list[str]:
    shown = writer.read(folder)
    return [update.text for one in shown.incidents for update in one.updates] if shown else []


def test_it_follows_and_takes_in(store: Store, clock: MovableClock, tmp_path: Path) -> None:
    async def story() -> None:
        page = StatusPage(store, clock, SETTINGS, PAGE, tmp_path)
        await page.write()
        assert texts(tmp_path) == []
        with store.write() as tx:
            incident = begin(tx)
            tell(tx, incident, WORDS)
        await page.write()
        assert texts(tmp_path) == [WORDS.text]
        clock.move(minutes=20)
        edit.publish(tmp_path, ByHand(text="Half of them are back."), clock.now())
        clock.move(minutes=5)
        await page.write()
        assert texts(tmp_path) == ["Half of them are back.", WORDS.text]
        shown = writer.read(tmp_path)
        assert shown is not None
        assert shown.written_at == clock.now()
        assert shown.good_for == timedelta(minutes=15)
        assert page.problems == []

    asyncio.run(story())


def test_it_says_why_it_can_not_be_written(store: Store, clock: MovableClock, tmp_path: Path) -> None:
    async def story() -> None:
        page = StatusPage(store, clock, SETTINGS, PAGE, tmp_path / "page")
        (tmp_path / "page").write_text("a file stands in the way")
        await page.write()
        assert page.problem == "The status page can't be written: File exists."
        (tmp_path / "page").unlink()
        await page.write()
        assert page.problem == ""

    asyncio.run(story())
