"""The page follows into its bucket, whatever becomes of that: a bucket is never in the way of the folder."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from structlog.testing import capture_logs

from bot import check_places
from bot.engine.status_page import StatusPage, of
from bot.settings_sandbox import kept_here
from bot.settings_tables import StatusSettings
from bot.status import edit, writer
from bot.status.edit import ByHand
from bot.status.names import DATA
from bot.status.snapshot import from_json
from storage.store import Store
from tests.status.test_gathering import SETTINGS, WORDS, tell
from tests.support.clock import MovableClock
from tests.support.s3_peer import ObjectPeer
from tests.support.story import begin

KEY = f"status/{DATA}"


@dataclass
class Scene:
    """A page that is kept current, its folder and its bucket."""

    page: StatusPage
    folder: Path
    peer: ObjectPeer
    clock: MovableClock

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not true():
                await asyncio.to_thread(bool)

    async def quiet(self, waiting: int = 2) -> None:
        """Return when writing and bringing both wait for the clock; of a bucket that hangs, only the writing does."""
        await self.until(lambda: self.clock.waiting == waiting)

    async def move(self, waiting: int = 2, **by: float) -> None:
        """Let time pass."""
        await self.quiet(waiting)
        self.clock.move(**by)

    def in_folder(self) -> bytes:
        root = writer.root_of(self.folder)
        return (root / DATA).read_bytes() if root else b""

    @property
    def is_fresh(self) -> bool:
        """Whether the folder was written at this moment of the clock."""
        shown = writer.read(self.folder)
        return shown is not None and shown.written_at == self.clock.now()

    @property
    def is_there(self) -> bool:
        """Whether the bucket has what the folder has, written now."""
        return self.is_fresh and KEY in self.peer.held and self.peer.content(KEY) == self.in_folder()


@asynccontextmanager
async def begun(store: Store, clock: MovableClock, folder: Path, peer: ObjectPeer) -> AsyncIterator[Scene]:
    status = StatusSettings(folder=folder, bucket="s3://public/status")
    page = of(store, clock, SETTINGS.model_copy(update={"status": status}), folder)
    task = asyncio.create_task(page.run())
    try:
        yield Scene(page, folder, peer, clock)
    finally:
        peer.may_answer.set()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def test_it_follows_stays_behind_and_catches_up(
    store: Store, clock: MovableClock, tmp_path: Path, peer: ObjectPeer
) -> None:
    async def story() -> None:
        async with begun(store, clock, tmp_path, peer) as scene:
            await scene.until(lambda: scene.is_there)
            await scene.quiet()
            with store.write() as tx:
                tell(tx, begin(tx), WORDS)
            peer.down = True
            await scene.move(minutes=5)
            await scene.until(lambda: bool(scene.page.problems))
            assert scene.is_fresh
            assert not scene.is_there
            why = "The status page can't be brought to s3://public/status: HTTP error: error sending request."
            assert scene.page.problems == [why]
            await scene.move(minutes=5)
            await scene.until(lambda: scene.is_fresh)
            await scene.quiet()
            peer.down = False
            await scene.move(seconds=41)
            await scene.until(lambda: not scene.page.problems)
            assert peer.content(KEY) == scene.in_folder(), "seconds later, without waiting for the next writing"
            assert b"Databases can't be reached." in peer.content("status/index.html").replace(b"&#39;", b"'")

    with capture_logs() as logged:
        asyncio.run(story())
    assert len([one for one in logged if one["log_level"] == "warning"]) == 1, "it is logged once"


def test_a_bucket_that_hangs_holds_nothing_up(
    store: Store, clock: MovableClock, tmp_path: Path, peer: ObjectPeer
) -> None:
    async def story() -> None:
        async with begun(store, clock, tmp_path, peer) as scene:
            await scene.until(lambda: scene.is_there)
            await scene.quiet()
            peer.hold()
            await scene.move(minutes=5)
            await scene.until(peer.asked.is_set)
            for _ in range(3):
                await scene.move(waiting=1, minutes=5)
                await scene.until(lambda: scene.is_fresh)
            assert from_json(peer.content(KEY)).written_at == clock.now() - timedelta(minutes=20)
            peer.may_answer.set()
            await scene.until(lambda: scene.is_there)

    asyncio.run(story())


def test_an_update_by_hand_in_the_bucket_is_taken_in(
    store: Store, clock: MovableClock, tmp_path: Path, peer: ObjectPeer
) -> None:
    """The bot's machine is gone, with its folder; somebody published into what the bucket had, and put that there."""

    async def story() -> None:
        with store.write() as tx:
            tell(tx, begin(tx), WORDS)
        async with begun(store, clock, tmp_path / "first", peer) as scene:
            await scene.until(lambda: scene.is_there)
            await scene.quiet()
        copy = tmp_path / "laptop"
        copy.mkdir()
        for name in ("watchbill.json", "manifest.json"):
            (copy / name).write_bytes(peer.content(f"status/{name}"))
        edit.publish(copy, ByHand(text="Half of them are back."), clock.move(minutes=20), tmp_path / "by hand")
        peer.held[KEY] = (tmp_path / "by hand/current" / DATA).read_bytes(), {"ETag": '"of others"'}
        clock.move(minutes=5)
        async with begun(store, clock, tmp_path / "second", peer) as scene:
            await scene.until(lambda: scene.is_there and b"Half of them are back." in peer.content(KEY))
            (shown,) = from_json(peer.content(KEY)).incidents
            assert [(one.text, one.by_hand) for one in shown.updates] == [
                ("Half of them are back.", False),
                (WORDS.text, False),
            ]

    asyncio.run(story())


def test_what_a_sandbox_invents_reaches_no_real_bucket(
    store: Store, clock: MovableClock, tmp_path: Path, peer: ObjectPeer
) -> None:
    """Whoever starts one may have the keys of the real one in their environment."""
    status = StatusSettings(folder=tmp_path, bucket="s3://public/status")
    chosen = SETTINGS.model_copy(update={"status": status, "slack_api_url": "http://127.0.0.1:3000/api/"})
    for environ, there in (({}, False), (peer.env, True)):
        settings = kept_here(chosen, environ)
        assert (of(store, clock, settings, tmp_path)._mirror is not None) == there
        told = [one for one in check_places.warnings(settings, 0) if one.startswith("status.bucket")]
        assert len(told) == (not there)
    # What is left out is not tried out either.
    assert asyncio.run(check_places.page_problems(kept_here(chosen, {}))) == []
