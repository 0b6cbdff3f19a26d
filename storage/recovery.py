"""Coming back from a copy: a database that knows what it may have forgotten.

Between the copy and the end of the machine the bot may have gone on. What it sent then is in Slack, and the copy does
not know. Nothing is said twice all the same, by one rule: what the lost bot may have sent is looked for in Slack first,
as after a try whose answer was lost. That is

- whatever waited in the outbox when the copy was made;
- whatever comes of a reminder that was due before the restore: its effects are made again, under the same derived keys;
- whatever follows from either when it is settled.

It is not what people do after the restore: that is new, whatever keys it gets, and is sent at once. Some numbers of
incidents are left out: a lost incident may have used them, and has its channel and its messages under that name.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text, update

from bot.domain.effect import EffectState
from bot.durable import sync
from storage import marks, migrate
from storage.backup import BackupFailed, verified
from storage.store import Tx, open_engine, take_lock
from storage.tables import inbox, outbox

_MARK = "recovered"
# So many incidents may have been opened in each hour that was lost.
_SKIPPED_NUMBERS = 10
_MOST_SKIPPED = 1000
_BESIDE = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """A restore: until when the database remembers, and when it was brought back."""

    copied_at: datetime
    restored_at: datetime

    def doubts(self, planned: datetime | None) -> datetime | None:
        """Since when what was to be done at `planned` may have been done, by the lost bot; None: it was not."""
        return self.copied_at if planned and planned <= self.restored_at else None


def last(tx: Tx) -> Restored | None:
    """The last restore of this database."""
    found = marks.get(tx, _MARK)
    if found is None:
        return None
    return Restored(datetime.fromisoformat(found["copied_at"]), datetime.fromisoformat(found["restored_at"]))


def recover(tx: Tx, copied_at: datetime) -> Restored:
    """Note in a restored database, at the time of `tx`, that what came after `copied_at` is forgotten."""
    restored = Restored(copied_at, tx.now)
    marks.put(tx, _MARK, {"copied_at": copied_at.isoformat(), "restored_at": tx.now.isoformat()})
    unsettled = outbox.c.state.in_([EffectState.PENDING, EffectState.SENDING, EffectState.FAILED])
    tx.conn.execute(
        update(outbox)
        .where(unsettled)
        .values(
            sends=outbox.c.sends + 1, absences=0, first_try_at=func.coalesce(outbox.c.first_try_at, outbox.c.created_at)
        )
    )
    hours = int((tx.now - copied_at) / timedelta(hours=1)) + 1
    skipped = min(max(hours, 1) * _SKIPPED_NUMBERS, _MOST_SKIPPED)
    # SQLite's own table of the numbers that AUTOINCREMENT has given; without an incident it has no row yet.
    there = tx.conn.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'incident_numbers'"))
    tx.conn.execute(text("DELETE FROM sqlite_sequence WHERE name = 'incident_numbers'"))
    tx.conn.execute(
        text("INSERT INTO sqlite_sequence (name, seq) VALUES ('incident_numbers', :seq)"),
        {"seq": (there or 0) + skipped},
    )
    return restored


def last_written(tx: Tx) -> datetime | None:
    """A time until which this database surely remembers everything; None when nothing was ever written."""
    columns = (outbox.c.created_at, outbox.c.settled_at, inbox.c.received_at)
    found = [time for column in columns if (time := tx.conn.scalar(select(func.max(column))))]
    return max(found, default=None)


def bring_back(database: Path, fetch: Callable[[Path], datetime | None], now: datetime) -> tuple[Restored, Path | None]:
    """Replace a database by a copy; the restore, and where the old one is kept.

    `fetch` writes the copy to a path and says of when it is; None when only its content can tell. Raises StoreBusy
    while a bot runs on the database, BackupFailed when the copy is no good: then all is as it was.
    """
    with closing(take_lock(database)):
        new = database.with_name(f".{database.name}.restoring")
        _forget(new)
        try:
            restored = fill(new, fetch, now)
            kept = _set_aside(database, now)
            new.replace(database)
            sync(database.parent)
        except OSError as error:
            raise BackupFailed(f"the copy could not be put into place: {error}") from error
        finally:
            _forget(new)
    return restored, kept


def fill_new(file: Path, fetch: Callable[[Path], datetime | None], now: datetime) -> Restored:
    """The same beside the database, into a file of its own. Raises BackupFailed; then there is no such file."""
    if file.exists():
        raise BackupFailed(f"{file} is there already")
    try:
        return fill(file, fetch, now)
    except BaseException:
        _forget(file)
        raise


def fill(new: Path, fetch: Callable[[Path], datetime | None], now: datetime) -> Restored:
    """Make a database in recovered mode at `new` out of what `fetch` writes there. Raises BackupFailed."""
    copied_at = fetch(new)
    verified(new, "integrity_check")
    version = migrate.version(new)
    if version is None:
        raise BackupFailed("the copy is not a database of Watchbill")
    if version > migrate.HEAD:
        raise BackupFailed(f"the copy was written by a newer Watchbill ({version}): update first")
    if version != migrate.HEAD and not migrate.upgrade_in_child(new):
        raise BackupFailed("the copy could not be migrated")
    with _alone_with(new, now) as tx:
        restored = recover(tx, copied_at or last_written(tx) or now - timedelta(days=1))
    if new.with_name(new.name + "-wal").exists():
        raise BackupFailed(f"somebody else has {new} open")
    sync(new)
    return restored


@contextmanager
def _alone_with(file: Path, now: datetime) -> Iterator[Tx]:
    engine = open_engine(file, "IMMEDIATE", size=1)
    try:
        with engine.begin() as conn:
            yield Tx(conn, now)
    finally:
        engine.dispose()


def _set_aside(database: Path, now: datetime) -> Path | None:
    """Keep what is there under another name, its WAL too: beside another database that would be poison."""
    kept = database.with_name(f"{database.name}.before-restore-{now:%Y%m%dT%H%M%SZ}")
    was_there = database.exists()
    for end in _BESIDE:
        old = database.with_name(database.name + end)
        if old.exists():
            old.replace(kept.with_name(kept.name + end))
    # What Litestream remembers of the old one.
    shutil.rmtree(database.with_name(f".{database.name}-litestream"), ignore_errors=True)
    return kept if was_there else None


def _forget(file: Path) -> None:
    for end in (*_BESIDE, "-journal"):
        file.with_name(file.name + end).unlink(missing_ok=True)
