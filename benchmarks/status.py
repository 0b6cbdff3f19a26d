"""The public page with 2,000 incidents past: gathered, drawn, written.

The aim: gathered and drawn in ≤ 1 s, off the event loop. What is over is drawn once for each start of the bot.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Table, insert

from bot.actions import status
from bot.clock import SystemClock
from bot.domain.impact import Level
from bot.domain.incident import Kind, Severity, State
from bot.domain.update import Audience, Cause, UpdateState
from bot.settings import Settings
from bot.settings_tables import Component
from bot.status import edit
from bot.status.files import Drawing
from bot.status.snapshot import Page, Snapshot
from storage import migrate
from storage.communication_tables import impacts, publications, updates
from storage.store import Store, Tx
from storage.tables import incident_numbers, incidents

INCIDENTS = 2_000
_UPDATES, _HOURS = 5, 12
_BATCH = 10_000
_PERSON = "U0ADA00000"
_COMPONENTS = ("applications", "dedicated-databases", "shared-databases", "deploys", "dashboard")
Row = dict[str, Any]
Result = TypeVar("Result")


def measure() -> None:
    """Fill a database, and make the page from it, twice."""
    settings = Settings().model_copy(update={"components": tuple(Component(name=name) for name in _COMPONENTS)})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        migrate.upgrade(folder / "watchbill.db")
        store = Store(folder / "watchbill.db", SystemClock())
        with store.write() as tx:
            fill(tx)
        drawing, site = Drawing(), folder / "status"
        for turn in ("first", "again"):
            snapshot = _timed(f"{turn}: gathered", partial(_gathered, store, settings))
            _timed(f"{turn}: drawn", partial(drawing.files, snapshot))
            _timed(f"{turn}: drawn and written", partial(edit.renew, site, snapshot, drawing))
        _timed("started anew: all of it", lambda: edit.renew(site, _gathered(store, settings), Drawing()))
        files = [file for file in (site / "current").rglob("*") if file.is_file()]
        size = sum(file.stat().st_size for file in files) / 1e6
        print(f"{len(files):,} files, {size:.1f} MB, {INCIDENTS:,} incidents")
        store.close()


def _gathered(store: Store, settings: Settings) -> Snapshot:
    with store.read() as tx:
        return status.snapshot(tx, settings, Page(key="benchmark", name="Benchmark"))


def _timed(what: str, work: Callable[[], Result]) -> Result:
    begun, worked = time.perf_counter(), time.process_time()
    result = work()
    took, used = time.perf_counter() - begun, time.process_time() - worked
    print(f"{what:<28} {took:6.2f} s, of a core {used:5.2f} s")
    return result


def fill(tx: Tx) -> None:
    numbers = range(1, INCIDENTS + 1)
    _insert(tx, incident_numbers, ({"number": number} for number in numbers))
    _insert(tx, incidents, (_incident(_at(tx, number), number) for number in numbers))
    titles = ({"incident": n, "title": f"Requests failed, {n}", "published_at": _at(tx, n)} for n in numbers)
    _insert(tx, publications, titles)
    _insert(tx, updates, (row for number in numbers for row in _updates(_at(tx, number), number)))
    _insert(tx, impacts, (row for number in numbers for row in _impacts(_at(tx, number), number)))


def _at(tx: Tx, number: int) -> datetime:
    return tx.now - timedelta(hours=_HOURS * (INCIDENTS - number + 1))


def _incident(at: datetime, number: int) -> Row:
    ended = at + timedelta(hours=3)
    return {
        "number": number,
        "title": f"number {number}",
        "summary": "",
        "severity": Severity.SEV2,
        "state": State.CLOSED,
        "kind": Kind.REAL,
        "private": False,
        "declared_by": _PERSON,
        "declared_at": at,
        "detected_at": at,
        "resolved_at": ended,
        "closed_at": ended,
        "source": "",
    }


def _updates(at: datetime, number: int) -> Iterator[Row]:
    for place in range(1, _UPDATES + 1):
        last = place == _UPDATES
        sent = at + timedelta(minutes=30 * place)
        yield {
            "incident": number,
            "number": place,
            "audience": Audience.PUBLIC,
            "state": UpdateState.PUBLISHED,
            "text": f"{place * 180} of 900 databases are restored. We go on with the rest, and tell you how it goes.",
            "incident_state": State.RESOLVED if last else State.IDENTIFIED,
            "cause": Cause.SUSPECTED,
            "cause_text": "a network change at our provider",
            "facts": {},
            "written_by": _PERSON,
            "written_at": sent,
            "published_by": _PERSON,
            "published_at": sent,
        }


def _impacts(at: datetime, number: int) -> Iterator[Row]:
    levels = (Level.MAJOR_OUTAGE, Level.DEGRADED_PERFORMANCE, Level.OPERATIONAL)
    for place in range(2):
        for step, level in enumerate(levels):
            yield {
                "incident": number,
                "component": _COMPONENTS[(number + place) % len(_COMPONENTS)],
                "tier": "everyone",
                "place": place,
                "is_down": level is Level.MAJOR_OUTAGE,
                "level": level,
                "since": at + timedelta(hours=step),
                "said_by": _PERSON,
                "said_at": at + timedelta(hours=step),
            }


def _insert(tx: Tx, table: Table, values: Iterator[Row]) -> None:
    while batch := list(islice(values, _BATCH)):
        tx.conn.execute(insert(table), batch)
