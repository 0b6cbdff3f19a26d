"""An upload that takes minutes: the folder goes on, and so may somebody in the bucket."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import obstore
import pytest
from obstore.store import MemoryStore

from bot.engine.status_mirror import Mirror
from bot.status import edit, writer
from bot.status.bucket import Bucket
from bot.status.edit import ByHand
from bot.status.files import Drawing
from bot.status.names import DATA, MANIFEST
from bot.status.snapshot import Snapshot
from tests.status.pages import DOWN, NOW
from tests.status.test_bucket import folder, held
from tests.support.clock import MovableClock


class Slow(Bucket):
    """A bucket to which something happens, once, before its lists are put. `sent`: what came, in order."""

    def __init__(self, store: MemoryStore, meanwhile: Callable[[], None]) -> None:
        super().__init__(store)
        self._meanwhile = [meanwhile]
        self.sent: list[str] = []

    async def _put_file(self, root: Path, name: str) -> None:
        if name == "api/v2/summary.json" and self._meanwhile:
            self._meanwhile.pop()()
        await super()._put_file(root, name)
        self.sent.append(name)


def brought(page: Path, bucket: Bucket, clock: MovableClock) -> tuple[list[Snapshot], str]:
    """One try to bring this page; what was taken in meanwhile, and the problem."""
    taken: list[Snapshot] = []

    async def take(copy: Snapshot) -> None:
        taken.append(copy)

    mirror = Mirror("s3://public/status", page, clock, take)
    mirror._bucket = bucket
    asyncio.run(mirror._try())
    return taken, mirror.problem


def test_a_generation_that_went_meanwhile_is_no_problem(clock: MovableClock, tmp_path: Path) -> None:
    drawing, store = Drawing(), MemoryStore()
    edit.renew(tmp_path, DOWN, drawing)
    first = writer.root_of(tmp_path)
    assert first is not None

    def three_more() -> None:
        for minutes in (5, 10, 15):
            edit.renew(tmp_path, replace(DOWN, written_at=NOW + timedelta(minutes=minutes)), drawing)
        assert not first.exists()

    bucket = Slow(store, three_more)
    assert brought(tmp_path, bucket, clock) == ([], "")
    assert held(store) == folder(tmp_path / "current")
    assert bucket.sent.count("status.css") == 1, "what was there already is not sent again"
    assert bucket.sent[-1] == MANIFEST


def test_a_folder_that_lacks_a_file_is_told_as_that(clock: MovableClock, tmp_path: Path) -> None:
    edit.renew(tmp_path, DOWN, Drawing())
    (tmp_path / "current/feed.atom").unlink()
    _, problem = brought(tmp_path, Bucket(MemoryStore()), clock)
    assert problem.endswith("to s3://public/status: its folder can't be read (No such file or directory).")


@pytest.mark.parametrize("was_there", [False, True])
def test_what_somebody_brings_meanwhile_is_seen(clock: MovableClock, tmp_path: Path, was_there: bool) -> None:
    page, store = tmp_path / "page", MemoryStore()
    edit.renew(page, DOWN, Drawing())
    by_hand = edit.with_update(DOWN, ByHand(text="Half of them are back."), NOW)
    edit.renew(tmp_path / "laptop", by_hand, Drawing())
    if was_there:
        asyncio.run(Bucket(store).upload(page / "current"))
        edit.renew(page, replace(DOWN, written_at=NOW + timedelta(minutes=5)), Drawing())

    def put() -> None:
        obstore.put(store, DATA, (tmp_path / "laptop/current" / DATA).read_bytes())

    taken, problem = brought(page, Slow(store, put), clock)
    assert (taken[-1], problem) == (by_hand, "")
    assert held(store) == folder(page / "current")


def test_what_somebody_else_replaced_is_sent_again(tmp_path: Path) -> None:
    """What was brought before it broke off counts only as long as nobody else has written the manifest."""
    store, root = MemoryStore(), tmp_path / "current"

    def break_off() -> None:
        raise FileNotFoundError

    edit.renew(tmp_path, DOWN, Drawing())
    bucket = Slow(store, break_off)
    with pytest.raises(FileNotFoundError):
        asyncio.run(bucket.upload(root))
    obstore.put(store, "status.css", b"of others")
    obstore.put(store, MANIFEST, b'{"files": {"status.css": "of others"}}')
    asyncio.run(bucket.upload(root))
    assert held(store) == folder(root)
