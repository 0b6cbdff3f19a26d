"""Power cuts, over a real workload that was recorded: what was committed is there, and nothing of the rest.

    python -m tests.faults.power_cut --cuts 10000 [--seed N]

A commit returns when its frames are on the disk (`synchronous=FULL`). What the disk was still writing when the power
went may be there, missing, or torn, in any order: here the log of writes is cut at any byte, what follows is made of
what was there, zeroes and noise. While SQLite moves its log into the database each sector is the old or the new one.
"""

import argparse
import hashlib
import random
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

from bot.actions import effects, remind
from bot.actions.command import rota
from bot.domain.command import COMMANDER
from bot.domain.effect import EffectState
from storage import inbox, incidents, outbox, reminders
from storage.sqlite import sqlite_module
from storage.store import Store, Tx, keep_log
from tests.support.clock import MovableClock
from tests.support.database import new_file
from tests.support.story import BOB, EVE, IC, begin, settings

SECTOR = 512
HEADER = 32
"""Bytes of a WAL before its first frame."""


@dataclass(frozen=True)
class Recording:
    """A database and its log after a workload; `states` are what it held when the log had so many bytes."""

    database: bytes
    log: bytes
    checkpointed: bytes
    states: list[tuple[int, str]]

    def state_at(self, size: int) -> str:
        """What was committed when the log had this size."""
        return [state for grown, state in self.states if grown <= size][-1]


@dataclass
class Tally:
    """What was found wrong."""

    seed: int
    cuts: int = 0
    findings: list[str] = field(default_factory=list)


def record(folder: Path) -> Recording:
    """Two incidents, a rota each, their reminders and effects, through the store that the bot uses."""
    file, clock = new_file(folder), MovableClock()
    log = file.with_name(file.name + "-wal")
    store = Store(file, clock)
    try:
        with store.write() as tx:
            keep_log(tx, 0)
        states = [(0, _state(file))]
        for deed in _workload(clock):
            with store.write() as tx:
                deed(tx)
            states.append((log.stat().st_size, _state(file)))
        before, written = file.read_bytes(), log.read_bytes()
        with closing(sqlite_module().connect(file)) as other:
            other.execute("PRAGMA wal_checkpoint(PASSIVE)")
            after = file.read_bytes()
    finally:
        store.close()
    return Recording(before, written, after, states)


def _workload(clock: MovableClock) -> list[Callable[[Tx], object]]:
    def open_one(number: int) -> Callable[[Tx], object]:
        def work(tx: Tx) -> None:
            begin(tx, channel=f"C0INC0000{number}", title=f"Checkout is down {number}")
            inbox.remember(tx, f"trigger-{number}", {"message": None})

        return work

    def start(tx: Tx) -> None:
        for incident in incidents.every_open(tx):
            rota.start(tx, incident, COMMANDER, [IC, BOB, EVE], timedelta(hours=2), IC)

    def tick(tx: Tx) -> None:
        due = reminders.next_due(tx)
        clock.move(seconds=max(0.0, (due - clock.now()).total_seconds()) if due else 60)
        tx.now = clock.now()
        remind.run_due(tx, settings())

    def say(tx: Tx) -> None:
        effects.say(tx, incidents.get(tx, 1), "reopened", str(next(number)), by=BOB)

    number = count()
    return [open_one(1), open_one(2), _claim, start, _settle, *([tick, say, _claim, _settle] * 8)]


def _claim(tx: Tx) -> None:
    for effect in outbox.sendable(tx, tx.now, [], 32):
        outbox.claim(tx, effect, may_send=True)


def _settle(tx: Tx) -> None:
    sending = tx.conn.exec_driver_sql("SELECT id FROM outbox WHERE state = 'sending'").scalars()
    for effect in list(sending):
        outbox.settle(tx, effect, EffectState.SENT)


def _state(file: Path) -> str:
    """Everything in the database, in short; raises when it is not sound."""
    with closing(sqlite_module().connect(file)) as database:
        sound = database.execute("PRAGMA quick_check").fetchall()
        if sound != [("ok",)]:
            raise ValueError(f"quick_check: {sound}")
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        found = hashlib.sha256()
        for (name,) in names:
            found.update(repr(database.execute(f'SELECT * FROM "{name}"').fetchall()).encode())
    return found.hexdigest()


def cut(recording: Recording, folder: Path, tally: Tally, cuts: int) -> None:
    """So many cuts, each at a moment of its own."""
    chance = random.Random(tally.seed)
    for _ in range(cuts):
        tally.cuts += 1
        at = chance.randrange(len(recording.log) + 1)
        moving = chance.random() < 0.2
        database = _torn_pages(chance, recording) if moving else recording.database
        log = recording.log if moving else recording.log[:at] + _noise(chance, recording.log[at:])
        wanted = recording.states[-1][1] if moving else recording.state_at(at)
        file = folder / "cut.db"
        file.write_bytes(database)
        file.with_name("cut.db-wal").write_bytes(log)
        file.with_name("cut.db-shm").unlink(missing_ok=True)
        where = "in a checkpoint" if moving else f"at byte {at}"
        try:
            found = _state(file)
        except (ValueError, sqlite3.Error, sqlite_module().Error) as error:
            tally.findings.append(f"cut {tally.cuts} {where}: {error}")
            continue
        if found != wanted:
            tally.findings.append(f"cut {tally.cuts} {where}: not what was committed")


def _noise(chance: random.Random, lost: bytes) -> bytes:
    """What may stand where the disk had not finished: nothing, zeroes, noise, and sectors that came early.

    The first byte is wrong: else what was not promised to be there might be there, whole.
    """
    if not lost or chance.random() < 0.5:
        return b""
    rest = bytearray(lost[: chance.randrange(1, min(len(lost), 40 * SECTOR) + 1)])
    for start in range(0, len(rest), SECTOR):
        kind, size = chance.randrange(3), min(SECTOR, len(rest) - start)
        if kind:
            rest[start : start + size] = bytes(size) if kind == 1 else chance.randbytes(size)
    rest[0] = lost[0] ^ 0xFF
    return bytes(rest)


def _torn_pages(chance: random.Random, recording: Recording) -> bytes:
    """The database while the log is moved into it: any sector is the old one or the new one."""
    old, new = recording.database, recording.checkpointed
    share, made = chance.random(), bytearray(new[: max(len(old), chance.randrange(len(new) + 1))])
    for start in range(0, min(len(old), len(made)), SECTOR):
        if chance.random() < share:
            made[start : start + SECTOR] = old[start : start + SECTOR]
    return bytes(made)


def main() -> int:
    """Cut and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.power_cut")
    parser.add_argument("--cuts", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    wanted = parser.parse_args()
    tally = Tally(wanted.seed)
    with tempfile.TemporaryDirectory() as name:
        recording = record(Path(name))
        cut(recording, Path(name), tally, wanted.cuts)
    print(
        f"seed {tally.seed}: {tally.cuts} cuts, {len(recording.states) - 1} transactions, {len(tally.findings)} wrong"
    )
    print(*tally.findings[:20], sep="\n")
    return 1 if tally.findings else 0


if __name__ == "__main__":
    sys.exit(main())
