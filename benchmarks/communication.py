"""What is shown, over a long history: list, digest and the card of a database of 10,000 incidents.

The aim: each below 50 ms with 500,000 entries in the timelines, 40 incidents open, one of them with 20,000 entries.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert

from benchmarks.measures import milliseconds
from bot.actions.communication.digest import on_demand
from bot.actions.overview import overview
from bot.clock import SystemClock
from bot.domain.command import COMMANDER, How
from bot.domain.incident import Kind, Severity, State
from bot.domain.timeline import EntryKind
from bot.messages import card
from bot.messages.communication import digest
from bot.settings import Settings
from handlers.slack.call import Asked
from handlers.slack.commands import perform
from storage import incidents as rows
from storage import migrate
from storage.store import Store, Tx
from storage.tables import incident_numbers, incidents, tenures, timeline

INCIDENTS, OPEN, ENTRIES = 10_000, 40, 500_000
_BUSY = 20_000
_BATCH = 20_000
_TIMES = 50
# The first ones compile their statements.
_WARM_UP = 5
_READER = "U0ADA00000"
_KINDS = tuple(EntryKind)
Row = dict[str, Any]


def measure() -> None:
    """Fill a database, then ask it again and again."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "watchbill.db"
        migrate.upgrade(file)
        store = Store(file, SystemClock())
        with store.write() as tx:
            _fill(tx)
        settings = Settings()
        busiest = INCIDENTS
        for name, show in (
            ("list", _command(settings, "list")),
            ("list all", _command(settings, "list all")),
            ("digest, by command", _command(settings, "digest")),
            ("digest, gathered and made", lambda tx: digest.digest(on_demand(tx))),
            ("card of the busiest", lambda tx: card.card(overview(tx, rows.get(tx, busiest)))),
        ):
            took, used = _timed(store, show)
            print(f"{name:<26}  {milliseconds(took)}  (aim 50); of a core p50 {1000 * statistics.median(used):.1f}")
        store.close()


def _command(settings: Settings, text: str) -> Callable[[Tx], object]:
    return lambda tx: perform(tx, settings, Asked(by=_READER, channel_id="", text=text))


def _timed(store: Store, show: Callable[[Tx], object]) -> tuple[list[float], list[float]]:
    """How long it takes, and how much of that a core works for it: beside other programs the first says little."""
    took, used = [], []
    for _ in range(_TIMES + _WARM_UP):
        begun, worked = time.perf_counter(), time.process_time()
        with store.read() as tx:
            show(tx)
        took.append(time.perf_counter() - begun)
        used.append(time.process_time() - worked)
    return took[_WARM_UP:], used[_WARM_UP:]


def _fill(tx: Tx) -> None:
    _insert(tx, incident_numbers, ({"number": number} for number in range(1, INCIDENTS + 1)))
    _insert(tx, incidents, (_incident(tx, number) for number in range(1, INCIDENTS + 1)))
    _insert(tx, tenures, (_tenure(tx, number) for number in range(1, INCIDENTS + 1)))
    _insert(tx, timeline, _entries(tx))


def _is_open(number: int) -> bool:
    """The open ones are spread over the whole history; the newest is one of them."""
    return number % (INCIDENTS // OPEN) == 0


def _incident(tx: Tx, number: int) -> Row:
    at = tx.now - timedelta(hours=INCIDENTS - number + 1)
    is_open = _is_open(number)
    ended = None if is_open else at + timedelta(hours=2)
    return {
        "number": number,
        "title": f"Something is slow, number {number}",
        "summary": "",
        "severity": list(Severity)[number // 7 % 4],
        "state": State.INVESTIGATING if is_open else State.CLOSED,
        "kind": Kind.REAL,
        "private": number % 11 == 0,
        "declared_by": _READER,
        "declared_at": at,
        "detected_at": at,
        "resolved_at": ended,
        "closed_at": ended,
        "source": "",
        "ic_tenure": number if is_open else None,
        "open_role": COMMANDER if is_open else None,
    }


def _tenure(tx: Tx, number: int) -> Row:
    at = tx.now - timedelta(hours=INCIDENTS - number + 1)
    return {
        "id": number,
        "incident": number,
        "role": COMMANDER,
        "open_role": COMMANDER if _is_open(number) else None,
        "person": _READER,
        "how": How.DECLARED,
        "started_at": at,
        "ended_at": None if _is_open(number) else at + timedelta(hours=2),
    }


def _entries(tx: Tx) -> Iterator[Row]:
    each = (ENTRIES - _BUSY) // (INCIDENTS - 1)
    for incident in range(1, INCIDENTS + 1):
        count = _BUSY if incident == INCIDENTS else each
        for number in range(1, count + 1):
            # Notes are most of what is said; the first few entries are of every other kind.
            kind = _KINDS[number % len(_KINDS)] if number <= 3 * len(_KINDS) else EntryKind.NOTE
            at = tx.now - timedelta(hours=INCIDENTS - incident + 1) + timedelta(seconds=number / 10)
            text = f"entry {number} of what happened in this one"
            yield {"incident": incident, "number": number, "at": at, "who": _READER, "kind": kind, "text": text}


def _insert(tx: Tx, table: Table, values: Iterator[Row]) -> None:
    while batch := list(islice(values, _BATCH)):
        tx.conn.execute(insert(table), batch)
