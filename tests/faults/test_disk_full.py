"""The disk is full: people are told, nothing ends, and when there is room again everything is done, once."""

import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.books import Books, declared
from tests.faults.boundaries import EVERY_FAULT
from tests.faults.stories import LOOKED_AND_SWEPT, declare, incident, start_rota
from tests.faults.stories import boundary_of as boundary
from tests.harness import Workspace
from tests.harness.template import empty_database

pytestmark = pytest.mark.faults

RECOVERS = 5.0
"""Real seconds after there is room again."""
REFUSED = "The disk of the bot's machine is full"
CHUNK = 64 * 1024
MB = 1024 * 1024

Mount = Callable[[int], Path]


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Mount]:
    """Mounts a disk of so many MB."""
    made: list[Path] = []

    def small_disk(megabytes: int) -> Path:
        disk = tmp_path / "disk"
        disk.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(disk)]
        if not shutil.which("mount") or subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip("A SMALL DISK CAN'T BE MOUNTED HERE (needs root): the full disk was not tested with a bot")
        made.append(disk)
        return disk

    yield small_disk
    for disk in made:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@contextlib.contextmanager
def bot_on(disk: Path, folder: Path, settings: str = "") -> Iterator[Workspace]:
    """A workspace whose bot has its database, and nothing else, on this disk."""
    shutil.copy(empty_database(), disk / "watchbill.db")
    folder.mkdir()
    (folder / "watchbill.db").symlink_to(disk / "watchbill.db")
    config = f'{settings}[backups]\nfolder = "{folder / "backups"}"\n'
    with Workspace(folder, config) as workspace:
        workspace.forgive("messages")
        workspace.expects_trouble("work beside an answer broke")
        workspace.expects_trouble("event failed")
        workspace.expects_trouble("cannot start")
        yield workspace


def fill(disk: Path, but: int = 0) -> None:
    """Somebody else's log takes all that is left, and the log of SQLite has no room in it either."""
    with closing(sqlite3.connect(disk / "watchbill.db")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with (disk / "filler").open("ab", buffering=0) as filler:
        for size in (CHUNK, 512, 1):
            with contextlib.suppress(OSError):
                while filler.write(b"x" * size):
                    """More."""
        if but:
            filler.truncate(filler.tell() - but)


def free(disk: Path) -> None:
    (disk / "filler").unlink()


def recovers(workspace: Workspace) -> None:
    """There is room again: what was held back is done within some seconds."""
    began = time.monotonic()
    workspace.settle()
    assert time.monotonic() - began < RECOVERS


def sound(disk: Path) -> None:
    with closing(sqlite3.connect(f"file:{disk / 'watchbill.db'}?mode=ro", uri=True)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def complete(workspace: Workspace, *titles: str) -> None:
    workspace.clock.forward(**LOOKED_AND_SWEPT)
    books = Books(workspace)
    wrong = [finding for title in titles for finding in declared(books, title, commander="ada", member="ada")]
    wrong += books.unfinished()
    assert not wrong, "\n".join(map(str, wrong))


def pid(workspace: Workspace) -> int:
    return int(workspace.doors.get("/control/bot")["pid"])


def test_people_are_told_and_nothing_ends_and_what_was_promised_is_done_afterwards(
    mount: Mount, tmp_path: Path
) -> None:
    disk = mount(8)
    with bot_on(disk, tmp_path / "bot") as workspace:
        ada = workspace.person("ada")
        declare(workspace, "before it was full")
        start_rota(workspace, "before it was full")
        process = pid(workspace)
        fill(disk)
        for _ in range(3):
            ada.types("/incident declare while it is full", settle=False).says(REFUSED, "make room")
        ada.types("/incident list", settle=False).says("before it was full")
        wait_for_the_boundary(workspace, "before it was full")
        free(disk)
        recovers(workspace)
        number, _ = incident(workspace, "before it was full")
        offers = workspace.bot.rows("SELECT 1 FROM handoffs WHERE incident = ? AND state = 'open'", number)
        assert len(offers) == 1
        ada.types("/incident declare after it was full sev3", "#general").says("Declaring")
        assert pid(workspace) == process, "it went on"
        complete(workspace, "after it was full")
        said = [row["key"] for row in workspace.bot.rows("SELECT key FROM outbox WHERE kind = 'offer'")]
        assert len(said) == len(set(said)) == 1
    sound(disk)


def wait_for_the_boundary(workspace: Workspace, title: str) -> None:
    """The time of the boundary comes while nothing can be written: it can't settle, and that is no end."""
    until = boundary(workspace, title).timestamp() + 1
    moved = workspace.doors.control("clock", until=until, jump=True, timeout=1)
    assert "a reminder is due" in moved["why"]


def test_its_own_log_of_writes_fills_the_disk(mount: Mount, tmp_path: Path) -> None:
    """Somebody reads for long, so that SQLite's log can't be cut off. To move it into the database takes room as well,
    and there is none: this is what the ballast is for."""
    disk = mount(120)
    with bot_on(disk, tmp_path / "bot", "ballast_mb = 16\n") as workspace:
        ballast = disk / "watchbill.db.ballast"
        declare(workspace, "a small disk")
        number, channel = incident(workspace, "a small disk")
        assert ballast.stat().st_blocks * 512 >= 16 * MB, "it takes the room that it holds"
        ada, refused = workspace.person("ada"), 0
        with closing(sqlite3.connect(disk / "watchbill.db")) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM incidents").fetchone()
            fill(disk, but=MB)
            for note in range(60):
                while REFUSED in ada.types(f"/incident note {note} " + "x" * 900, channel, settle=False).text:
                    refused += 1
                    assert refused < 3
        assert not ballast.exists()
        recovers(workspace)
        kept = workspace.bot.one("SELECT count(*) FROM timeline WHERE incident = ? AND text LIKE '%xxx'", number)
        assert kept == 60
        complete(workspace, "a small disk")
    sound(disk)


def test_started_on_a_full_disk_it_waits_for_room(mount: Mount, tmp_path: Path) -> None:
    disk = mount(8)
    with bot_on(disk, tmp_path / "bot") as workspace:
        declare(workspace, "before it was full")
        workspace.bot.kill()
        fill(disk)
        with pytest.raises(AssertionError, match="is its disk full"):
            workspace.bot.start()
        free(disk)
        # Enough to open it, and not to write.
        fill(disk, but=40 * 1024)
        with ThreadPoolExecutor(1) as other:
            starting = other.submit(workspace.bot.start)
            for _ in range(3000):
                if any(event["event"] == "waiting for room on the disk" for event in workspace.bot.events()):
                    break
                workspace.doors.get("/control/bot")
            else:
                raise AssertionError("it did not wait")
            free(disk)
            starting.result()
        complete(workspace, "before it was full")
    sound(disk)


@pytest.mark.parametrize("seed", range(20 if EVERY_FAULT else 1))
def test_full_at_random_moments(mount: Mount, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    disk = mount(8)
    with bot_on(disk, tmp_path / "bot") as workspace:
        ada = workspace.person("ada")
        titles = []
        for number in range(3):
            title = f"round {number} of {seed}"
            workspace.faults.add(on="*", do="delay", seconds=0.02, times=10)
            answer = ada.types(f"/incident declare {title} sev3", "#general", settle=False)
            # How much of it is done by then is up to chance.
            os.sched_yield()
            for _ in range(chance.randrange(12)):
                workspace.doors.get("/control/bot")
            fill(disk)
            for _ in range(chance.randrange(40)):
                workspace.doors.get("/control/bot")
            free(disk)
            recovers(workspace)
            assert "Declaring" in answer.text
            titles.append(title)
        complete(workspace, *titles)
    sound(disk)
