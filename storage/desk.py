"""The operator's desk: looking into a database that a running bot may have open, and writing to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from bot.clock import SystemClock
from bot.domain.effect import EffectKind
from storage import backlog, contacts, digests, migrate
from storage.store import StoreDamaged, Tx, open_engine

R = TypeVar("R")


def outbox_lines(file: Path) -> list[str]:
    """A line for each row that waits, is being sent, or has failed."""
    with beside(file) as tx:
        rows = backlog.unfinished(tx)
    if not rows:
        return ["The outbox is empty: everything promised has been sent."]
    return [_line(row.id, row.state, row.key, row.sends, row.not_before, row.error) for row in rows]


def outbox_retry(file: Path, effect: int, ahead: timedelta = timedelta()) -> bool:
    """Whether a waiting or failed row of that number will be tried again now."""
    with beside(file, ahead) as tx:
        return backlog.retry(tx, effect)


def outbox_drop(file: Path, effect: int) -> bool:
    """Whether a waiting or failed row of that number was given up."""
    with beside(file) as tx:
        return backlog.drop(tx, effect)


def _line(number: int, state: str, key: str, sends: int, not_before: datetime, error: str) -> str:
    words = f"{number:>6}  {state:<8} {key:<44} sends {sends}  not before {not_before:%Y-%m-%d %H:%M:%S} UTC"
    return f"{words}  {error}" if error else words


def usergroup_refusal(file: Path) -> str:
    """Why Slack last refused to change the user group of the ICs; empty when it did, or was never asked."""
    return _found(file, lambda tx: backlog.last_refusal(tx, EffectKind.USERGROUP), "")


def digest_refusal(file: Path) -> str:
    """Why Slack last refused the digest of the channel; empty when it took it, or was never given one."""
    return _found(file, digests.refusal, "")


def contacts_given(file: Path) -> int:
    """How many channels of their own people have given and not taken back; none while there is no such database."""
    return _found(file, contacts.count, 0)


def _found(file: Path, ask: Callable[[Tx], R], otherwise: R) -> R:
    """What this asks; `otherwise` of a database that is not there, or of another version."""
    if migrate.version(file) != migrate.HEAD:
        return otherwise
    with beside(file) as tx:
        return ask(tx)


def check_tables(file: Path) -> None:
    """Raise StoreDamaged unless the database, when there is one, has the tables that this version knows."""
    version = migrate.version(file)
    if version not in {None, migrate.HEAD}:
        raise StoreDamaged(f"{file} is at {version}, and this version needs {migrate.HEAD}: run `watchbill migrate`")


@contextmanager
def beside(file: Path, ahead: timedelta = timedelta()) -> Iterator[Tx]:
    """A short transaction beside the bot's own; SQLite makes one wait for the other. `ahead`: of the machine's clock.

    Raises StoreDamaged when there is no database. A running bot finds what it has to send within half a minute.
    """
    with _opened(file, "IMMEDIATE", ahead) as tx:
        yield tx


@contextmanager
def looking(file: Path, ahead: timedelta = timedelta()) -> Iterator[Tx]:
    """A transaction that only reads, beside a bot that writes on. `ahead`: of the machine's clock.

    Raises StoreDamaged when there is no database, or one of another version.
    """
    check_tables(file)
    with _opened(file, "DEFERRED", ahead) as tx:
        yield tx


@contextmanager
def _opened(file: Path, begin: str, ahead: timedelta) -> Iterator[Tx]:
    if not file.exists():
        raise StoreDamaged(f"there is no database at {file}; set WATCHBILL_DATABASE_URL")
    engine = open_engine(file, begin, size=1)
    try:
        with engine.begin() as conn:
            yield Tx(conn, SystemClock(ahead).now())
    finally:
        engine.dispose()
