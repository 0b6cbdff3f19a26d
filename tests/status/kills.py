"""Whoever writes the page is killed at any moment: `python -m tests.status.kills --kills 200 --seed 7`.

A child writes one snapshot after the other, each saying its number in every file that can; it gets SIGKILL at a random
moment, and what it left is looked at: whole, and of one snapshot.
"""

import argparse
import multiprocessing
import random
import re
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from bot.status import edit, writer
from bot.status.files import Drawing
from bot.status.snapshot import Snapshot
from tests.status.pages import DOWN, NOW, OUTAGE

# What says which snapshot it is of.
TELLING = (
    "index.html",
    f"incidents/{OUTAGE.id}.html",
    f"incidents/{OUTAGE.id}.atom",
    "feed.atom",
    "api/v2/summary.json",
    "api/v2/incidents.json",
    "watchbill.json",
)
# A child writes about so long at a time.
_LONGEST = 0.12


def numbered(number: int) -> Snapshot:
    """The page as it says that it is the `number`-th."""
    newest = replace(OUTAGE.updates[0], text=f"This is pass {number}.")
    incident = replace(OUTAGE, updates=(newest, *OUTAGE.updates[1:]))
    at = NOW + timedelta(minutes=number)
    return replace(DOWN, incidents=(incident, *DOWN.incidents[1:]), written_at=at)


def numbers(folder: Path) -> set[int]:
    """Which snapshots the files of a copy are of."""
    root = writer.root_of(folder)
    if root is None:
        return set()
    found = {name: re.findall(r"This is pass (\d+)\.", (root / name).read_text()) for name in TELLING}
    return {int(number) for each in found.values() for number in each or ["-1"]}


def write_on(folder: Path, first: int, started: Connection) -> None:
    """What the child does until it is killed."""
    drawing = Drawing()
    started.send(True)
    for number in range(first, first + 10_000):
        edit.renew(folder, numbered(number), drawing)


def kill_often(folder: Path, kills: int, seed: int) -> Counter[str]:
    """Counts what was found wrong after each kill, and `switched`: how often a child got so far as to switch."""
    chance, context = random.Random(seed), multiprocessing.get_context("fork")
    found: Counter[str] = Counter()
    last = 0
    begun = time.perf_counter()
    edit.renew(folder, numbered(last), Drawing())
    # So long that a busy machine too gets so far as to switch now and then.
    longest = max(_LONGEST, 4 * (time.perf_counter() - begun))
    for _ in range(kills):
        ear, mouth = context.Pipe(duplex=False)
        child = context.Process(target=write_on, args=(folder, last + 1, mouth))
        child.start()
        ear.recv()
        child.join(chance.uniform(0, longest))
        child.kill()
        child.join()
        left = numbers(folder)
        found["damaged"] += bool(writer.damage(folder))
        found["mixed"] += len(left) != 1
        found["went back"] += max(left) < last
        found["switched"] += max(left) > last
        last = max(left)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = kill_often(Path(folder), chosen.kills, chosen.seed)
        generations = len(list((Path(folder) / "generations").iterdir()))
    print(f"{chosen.kills} kills: {dict(found)}, {generations} generations left")


if __name__ == "__main__":
    main()
