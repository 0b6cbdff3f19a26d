"""The operator's desk: looking into the outbox of a database that a running bot may have open."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bot.clock import SystemClock
from storage import outbox
from storage.store import StoreDamaged, Tx, open_engine


def outbox_lines(file: Path) -> list[str]:
    """A line for each row that waits, is being sent, or has failed."""
    with _beside(file) as tx:
        rows = outbox.unfinished(tx)
    if not rows:
        return ["The outbox is empty: everything promised has been sent."]
    return [_line(row.id, row.state, row.key, row.sends, row.not_before, row.error) for row in rows]


def outbox_retry(file: Path, effect: int) -> bool:
    """Whether a waiting or failed row of that number will be tried again now."""
    with _beside(file) as tx:
        return outbox.retry(tx, effect)


def outbox_drop(file: Path, effect: int) -> bool:
    """Whether a waiting or failed row of that number was given up."""
    with _beside(file) as tx:
        return outbox.drop(tx, effect)


def _line(number: int, state: str, key: str, sends: int, not_before: datetime, error: str) -> str:
    words = f"{number:>6}  {state:<8} {key:<44} sends {sends}  not before {not_before:%Y-%m-%d %H:%M:%S} UTC"
    return f"{words}  {error}" if error else words


@contextmanager
def _beside(file: Path) -> Iterator[Tx]:
    """A short transaction beside the bot's own; SQLite makes one wait for the other."""
    if not file.exists():
        raise StoreDamaged(f"there is no database at {file}; set WATCHBILL_DATABASE_URL")
    engine = open_engine(file, "IMMEDIATE", size=1)
    try:
        with engine.begin() as conn:
            yield Tx(conn, SystemClock().now())
    finally:
        engine.dispose()
