"""Reminders: what ten thousand open ones cost, how late they are, and whether a tick stays cheap under a long history.

The aims: idle CPU below 1 % of a core, lateness p99 below 1 s, and a tick as cheap over a million ended rows as over a
thousand.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, text

from benchmarks.measures import cpu_seconds, milliseconds
from benchmarks.peer import Peer
from bot.actions.remind import run_due
from bot.clock import SystemClock
from bot.domain.reminder import ReminderKind, ReminderState
from bot.settings import Settings
from storage import migrate, reminders
from storage.store import Store, Tx
from storage.tables import reminders as table

OPEN = 10_000
BURST = 1_000
_STEADY = 20
_WARM_UP = 5.0
_BATCH = 10_000


async def measure(seconds: float) -> None:
    """Both of the running bot, then the tick by itself."""
    await _measure_running(max(seconds, 20))
    for history in (1_000, 10_000, 100_000, 1_000_000):
        _measure_tick(history)


async def _measure_running(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        peer = Peer(Path(folder))
        await peer.start()
        await peer.start_bot()
        await peer.command("declare something with many reminders")
        await asyncio.sleep(2)
        await peer.stop_bot()
        file = Path(folder) / "watchbill.db"
        _seed(file, _calm(OPEN))
        await peer.start_bot()
        await asyncio.sleep(_WARM_UP)
        before = cpu_seconds(peer.bot.pid)
        await asyncio.sleep(seconds)
        used = cpu_seconds(peer.bot.pid) - before
        print(f"Idle CPU with {OPEN} open reminders  {100 * used / seconds:.2f} % of a core  (aim 1)")
        await peer.stop_bot()
        for name, plan in (("one by one", _steady), ("at once", _burst)):
            _seed(file, plan(seconds))
            await peer.start_bot()
            await asyncio.sleep(_WARM_UP + seconds + 5)
            await peer.stop_bot()
            late = _lateness(file, name)
            print(f"Lateness, {len(late)} due {name:<11}  {milliseconds(late)}  (aim p99 1000)")
        await peer.stop()


def _calm(count: int) -> Iterator[tuple[str, datetime]]:
    """Due evenly over the month from tomorrow on."""
    now = SystemClock().now() + timedelta(days=1)
    return ((f"calm:{number}", now + timedelta(days=30) * number / count) for number in range(count))


def _steady(seconds: float) -> Iterator[tuple[str, datetime]]:
    """Twenty a second, from when the bot is warm."""
    begin = SystemClock().now() + timedelta(seconds=_WARM_UP)
    count = int(seconds * _STEADY)
    return ((f"one by one:{number}", begin + timedelta(seconds=number / _STEADY)) for number in range(count))


def _burst(_seconds: float) -> Iterator[tuple[str, datetime]]:
    """A thousand at one instant."""
    at = SystemClock().now() + timedelta(seconds=_WARM_UP + 2)
    return ((f"at once:{number}", at) for number in range(BURST))


def _seed(file: Path, due: Iterator[tuple[str, datetime]]) -> None:
    """Reminders about shifts that nobody plans: each is decided, settled with its reason, and says nothing."""
    store = Store(file, SystemClock())
    with store.write() as tx:
        for key, at in due:
            reminders.plan(tx, key, ReminderKind.SHIFT_HOUR, at, 1, 10**9)
    store.close()


def _lateness(file: Path, name: str) -> list[float]:
    """Seconds between due and settled."""
    store = Store(file, SystemClock())
    query = "SELECT (julianday(settled_at) - julianday(due_at)) * 86400 FROM reminders WHERE key LIKE :like"
    with store.read() as tx:
        found = [float(late) for late in tx.conn.scalars(text(query), {"like": f"{name}:%"})]
    store.close()
    return found


def _measure_tick(history: int) -> None:
    """A tick with one reminder due, over so many that have ended."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "watchbill.db"
        migrate.upgrade(file)
        store = Store(file, SystemClock())
        with store.write() as tx:
            _declare(tx)
            _end(tx, history)
        took, looked = [], []
        for number in range(200):
            with store.write() as tx:
                reminders.plan(tx, f"now:{number}", ReminderKind.SHIFT_HOUR, tx.now, 1, 10**9)
            begun = time.perf_counter()
            with store.write() as tx:
                run_due(tx, _SETTINGS)
            took.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            with store.read() as tx:
                reminders.next_due(tx)
            looked.append(time.perf_counter() - begun)
        store.close()
    tick, look = (statistics.median(values) * 1000 for values in (took, looked))
    print(f"Tick over {history:>9,} rows of history  {tick:.2f} ms  (looking what is next: {look:.3f} ms)")


def _declare(tx: Tx) -> None:
    from bot.actions.incident.declare import Declaration, declare

    declare(tx, _SETTINGS, Declaration(title="a long history"), "U0ADA00000")


def _end(tx: Tx, count: int) -> None:
    ended = {"kind": ReminderKind.SHIFT_HOUR, "incident": 1, "subject": 10**9, "state": ReminderState.DELIVERED}
    ended |= {"due_at": tx.now, "settled_at": tx.now}
    for start in range(0, count, _BATCH):
        rows = [{**ended, "key": f"ended:{number}"} for number in range(start, min(start + _BATCH, count))]
        tx.conn.execute(insert(table), rows)


_SETTINGS = Settings()
