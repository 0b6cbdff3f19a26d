"""Copies: whole, verified, kept for a while; restored into a database that looks before it repeats."""

import os
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import effects
from bot.domain.effect import Effect, EffectKind, must_look_first
from storage import backup, incidents, marks, outbox, recovery
from storage.backup import BackupFailed, Copy
from storage.sqlite import sqlite_module
from storage.store import Store, StoreBusy
from tests.support.clock import MovableClock
from tests.support.database import new_file, new_store
from tests.support.story import BOB, begin

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def ago(**duration: float) -> datetime:
    return NOON - timedelta(**duration)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return new_file(tmp_path)


@pytest.fixture
def opened(database: Path, clock: MovableClock) -> Iterator[Store]:
    store = Store(database, clock)
    yield store
    store.close()


def rows(file: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite_module().connect(file)) as conn:
        return [tuple(row) for row in conn.execute(query)]


@pytest.mark.parametrize(
    ("times", "kept"),
    [
        ([], []),
        ([ago(minutes=5)], [ago(minutes=5)]),
        ([ago(minutes=5), ago(minutes=10), ago(minutes=55)], [ago(minutes=5), ago(minutes=10), ago(minutes=55)]),
        # Of an hour that is over only its newest, and that of the hour itself.
        ([ago(minutes=5), ago(hours=1.1), ago(hours=1.5), ago(hours=1.9)], [ago(minutes=5), ago(hours=1.1)]),
        ([ago(hours=30), ago(hours=31), ago(hours=40)], [ago(hours=30), ago(hours=31), ago(hours=40)]),
        # Nothing for a month: the newest are there still.
        ([ago(days=40), ago(days=41)], [ago(days=40), ago(days=41)]),
        # A clock that was set back: what seems to be of the future is kept.
        ([ago(hours=-3), ago(hours=-3.1)], [ago(hours=-3), ago(hours=-3.1)]),
    ],
)
def test_what_is_kept(times: list[datetime], kept: list[datetime]) -> None:
    assert backup.to_keep(times, NOON) == set(kept)


@given(st.lists(st.integers(0, 60 * 24 * 40).map(lambda minutes: ago(minutes=minutes)), unique=True))
def test_what_is_kept_is_bounded_and_holds_the_newest(times: list[datetime]) -> None:
    kept = backup.to_keep(times, NOON)
    assert kept <= set(times)
    assert not times or max(times) in kept
    assert {time for time in times if time > ago(hours=1)} <= kept
    assert len({time for time in kept if time <= ago(hours=1)}) <= backup.KEEP_HOURS + backup.KEEP_DAYS
    assert backup.to_keep(sorted(kept), NOON) == kept, "pruning again deletes nothing more"


def test_after_weeks_of_copies_every_promised_age_is_there() -> None:
    there: set[datetime] = set()
    for minutes in range(0, 16 * 24 * 60, 15):
        now = ago(days=16) + timedelta(minutes=minutes)
        there = backup.to_keep(sorted({*there, now}), now)
    ages = sorted(NOON - time for time in there)
    assert all(any(abs(age - timedelta(hours=hours)) <= timedelta(hours=1) for age in ages) for hours in range(24))
    assert all(any(abs(age - timedelta(days=days)) <= timedelta(days=1) for age in ages) for days in range(1, 14))
    assert len(ages) <= 4 + 24 + 14


def test_a_copy_of_a_database_in_use_is_whole_and_by_itself(database: Path, opened: Store, tmp_path: Path) -> None:
    with opened.write() as tx:
        begin(tx)
    copy = backup.make(database, tmp_path / "copies", NOON)
    assert copy.file.name == "watchbill-20261121T120000Z.db"
    assert rows(copy.file, "SELECT number FROM incidents") == [(1,)]
    assert stat.S_IMODE(copy.file.stat().st_mode) == 0o600, "it holds all that the database holds"
    assert {file.name for file in copy.file.parent.iterdir()} == {copy.file.name, ".lock"}
    assert backup.copies(database, copy.file.parent) == [Copy(copy.file, NOON, copy.file.stat().st_size)]


def test_copies_are_pruned_and_those_of_others_left_alone(database: Path, tmp_path: Path) -> None:
    for hours in (50.2, 50.1, 2, 1.5):
        backup.make(database, tmp_path, ago(hours=hours))
    other = tmp_path / "watchbill-by-hand.db"
    other.touch()
    (tmp_path / ".watchbill-20260101T000000Z.part").touch()
    backup.make(database, tmp_path, NOON)
    times = [copy.at for copy in backup.copies(database, tmp_path)]
    assert times == [NOON, ago(hours=1.5), ago(hours=50.1)]
    assert other.exists()
    assert not list(tmp_path.glob(".*.part")), "what a killed one left is gone"


def test_without_room_nothing_is_begun(database: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="has 10 MB free, and a copy needs"):
        backup.make(database, tmp_path / "full", NOON, free=lambda _: 10 * 2**20)
    assert not backup.copies(database, tmp_path / "full")


def test_a_damaged_database_makes_no_copy(database: Path, tmp_path: Path) -> None:
    with database.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(os.urandom(4096 * 20))
    with pytest.raises(BackupFailed, match=r"damaged|malformed"):
        backup.make(database, tmp_path / "copies", NOON)
    assert not list((tmp_path / "copies").glob("*.db"))
    assert not list((tmp_path / "copies").glob(".*.part"))


def test_what_cannot_be_copied_says_so(tmp_path: Path, database: Path) -> None:
    with pytest.raises(BackupFailed, match="there is no database"):
        backup.make(tmp_path / "none.db", tmp_path, NOON)
    (tmp_path / "a file").touch()
    with pytest.raises(BackupFailed, match="could not be copied"):
        backup.make(database, tmp_path / "a file", NOON)


def test_two_at_once_are_one(database: Path, tmp_path: Path) -> None:
    with backup._alone(tmp_path), pytest.raises(BackupFailed, match="another copy is being made"):
        backup.make(database, tmp_path, NOON)


def test_the_file_system_is_known_before_the_folder_is_made(database: Path) -> None:
    assert backup.same_file_system(database, database.parent / "not" / "yet" / "there")
    assert not backup.same_file_system(database, Path("/proc/self"))


def test_a_rehearsal_finds_what_is_wrong_with_a_copy(database: Path, opened: Store, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    with pytest.raises(BackupFailed, match="there is no copy"):
        backup.rehearse(database, folder)
    with opened.write() as tx:
        begin(tx)
    copy = backup.make(database, folder, NOON)
    with opened.write() as tx:
        begin(tx, channel=None)
    assert backup.rehearse(database, folder) == copy, "what came later is no fault of the copy"
    with closing(sqlite_module().connect(copy.file)) as conn:
        conn.execute("UPDATE timeline SET id = 2")
        conn.commit()
    with opened.write() as tx:
        begin(tx, channel=None)
    with pytest.raises(BackupFailed, match="has 1 rows of timeline, and should have 2"):
        backup.rehearse(database, folder)
    with copy.file.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(os.urandom(4096 * 20))
    with pytest.raises(BackupFailed, match=r"damaged|malformed"):
        backup.rehearse(database, folder)
    assert {file.name for file in folder.iterdir()} == {copy.file.name, ".lock"}, "nothing is left of it"


def bring_back(database: Path, copy: Copy, now: datetime) -> tuple[recovery.Restored, Path | None]:
    def fetch(path: Path) -> datetime:
        path.write_bytes(copy.file.read_bytes())
        return copy.at

    return recovery.bring_back(database, fetch, now)


def copy_to(file: Path, path: Path) -> None:
    path.write_bytes(file.read_bytes())


def effect_of(store: Store, key: str) -> Effect:
    with store.read() as tx:
        return next(one for one in outbox.sendable(tx, tx.now + timedelta(hours=1), (), 99) if one.key == key)


def test_a_restored_database_looks_before_it_repeats(database: Path, clock: MovableClock, tmp_path: Path) -> None:
    store = Store(database, clock)
    with store.write() as tx:
        begin(tx, channel=None)
    copy = backup.make(database, tmp_path / "copies", clock.now())
    with store.write() as tx:
        begin(tx, channel=None)
    with pytest.raises(StoreBusy):
        bring_back(database, copy, clock.now())
    store.close()
    clock.move(minutes=4)
    restored, kept = bring_back(database, copy, clock.now())
    assert (restored.copied_at, restored.restored_at) == (copy.at, clock.now())
    assert kept
    assert rows(kept, "SELECT number FROM incidents ORDER BY number") == [(1,), (2,)]
    assert rows(database, "SELECT number FROM incidents") == [(1,)]
    again = Store(database, clock)
    waiting = effect_of(again, "INC-1:channel")
    assert must_look_first(waiting)
    assert waiting.first_try_at == waiting.created_at
    with again.write() as tx:
        assert recovery.last(tx) == restored
        # What people do now is new: it goes out at once, under a number that no lost incident had.
        number = begin(tx, channel=None).number
        effects.say(tx, incidents.get(tx, 1), "reopened", "now", by=BOB)
    assert number == 12
    assert not must_look_first(effect_of(again, f"INC-{number}:channel"))
    again.close()


def test_only_what_was_to_be_done_before_the_restore_is_in_doubt() -> None:
    restored = recovery.Restored(ago(minutes=5), NOON)
    assert restored.doubts(ago(minutes=1)) == ago(minutes=5)
    assert restored.doubts(NOON) == ago(minutes=5)
    assert restored.doubts(ago(minutes=-1)) is None
    assert restored.doubts(None) is None


def test_what_may_be_sent_is_looked_for_from_the_copy_on(store: Store) -> None:
    with store.write() as tx:
        tx.may_be_sent_since = NOON
        outbox.enqueue(tx, "doubtful", EffectKind.POST, "a", needs_channel=False)
        tx.may_be_sent_since = None
        outbox.enqueue(tx, "new", EffectKind.POST, "b", needs_channel=False)
    doubtful, new = effect_of(store, "doubtful"), effect_of(store, "new")
    assert must_look_first(doubtful)
    assert doubtful.first_try_at == NOON
    assert not must_look_first(new)


def test_a_copy_that_is_no_good_changes_nothing(database: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.db"
    for content, why in ((os.urandom(8192), "damaged"), (b"", "not a database of Watchbill")):
        bad.write_bytes(content)
        before = database.read_bytes()
        with pytest.raises(BackupFailed, match=why):
            bring_back(database, Copy(bad, NOON, 1), NOON)
        assert database.read_bytes() == before
        assert not list(tmp_path.glob(".*restoring*"))
        with pytest.raises(BackupFailed, match=why):
            recovery.fill_new(tmp_path / "new.db", partial(copy_to, bad), NOON)
        assert not (tmp_path / "new.db").exists()


def test_marks_are_set_changed_and_taken_away(clock: MovableClock) -> None:
    with new_store(clock) as store, store.write() as tx:
        assert marks.get(tx, "away") is None
        marks.put(tx, "away", {"since": "noon"})
        marks.put(tx, "away", {"since": "one"})
        assert marks.get(tx, "away") == {"since": "one"}
        marks.clear(tx, "away")
        assert marks.get(tx, "away") is None
