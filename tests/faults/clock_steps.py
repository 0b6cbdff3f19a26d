"""The machine's clock is set, or the machine sleeps, around a boundary: a real bot under libfaketime.

    python -m tests.faults.clock_steps [--case "a year ahead"]

Each case plays a handoff to two seconds before its boundary, sets the clock of the bot's process (not Slack's), looks
that the bot goes on, and sets it right again as time synchronisation would. The offer must be made within seconds of
the moment from which the bot can know that it is due, and once. To install it: `apt-get install libfaketime`.

libfaketime leaves the monotonic clocks alone here. A suspend, in which CLOCK_BOOTTIME and the wall go on and
CLOCK_MONOTONIC does not, is a stopped process, a wall that libfaketime moved, and a CLOCK_BOOTTIME of ours.
"""

import argparse
import os
import shlex
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.books import DOUBLED, LOST, WRONG, Books, Finding, table
from tests.faults.stories import LOOKED_AND_SWEPT, STEPS, accept, boundary_of, incident, wait, wait_until
from tests.harness import Workspace

HOUR, DAY, YEAR = 3600, 86_400, 365 * 86_400
BEFORE = 2.0
"""Seconds before the boundary at which the clock is set."""
WRONG_FOR = 3.5
"""Real seconds for which the clock stays wrong: it is right again after the boundary."""
LATEST = 5.0
"""Seconds: with the clock not set at all it is 1.4 on a machine that has others' work to do."""
PATIENCE = 2000
SLEPT = 100
PLACES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")
WALL, BOOT = "WATCHBILL_TEST_WALL", "WATCHBILL_TEST_BOOT"
"""Environment: the files that hold by how much the two clocks are ahead."""


@dataclass(frozen=True)
class Case:
    """By how much the clock is set. `offered`: when the offer is due for a bot that does right.

    `early`: a step of an hour at most is followed, so what is due by it goes out at once.
    """

    name: str
    step: int
    offered: str


CASES = {
    case.name: case
    for case in (
        Case("an hour ahead", HOUR, "at once"),
        Case("two hours ahead", 2 * HOUR, "at the boundary"),
        Case("a year ahead", YEAR, "at the boundary"),
        Case("an hour back", -HOUR, "when it is right again"),
        Case("a day back", -DAY, "when it is right again"),
        Case("asleep", SLEPT, "when it wakes"),
    )
}


def library() -> Path | None:
    """Where libfaketime is; None where it is not installed."""
    for place in PLACES:
        found = sorted(Path("/").glob(place.removeprefix("/")))
        if found:
            return found[0]
    return None


def bot_command(library: Path, folder: Path) -> str:
    """Starts the bot with a clock that follows the files in this folder."""
    set_clock(folder, 0)
    set_boot(folder, 0)
    environment = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(folder / "wall"),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        BOOT: str(folder / "boot"),
    }
    given = [f"{name}={value}" for name, value in environment.items()]
    return shlex.join(["env", *given, sys.executable, "-m", "tests.faults.clock_steps", "--as-bot"])


def set_clock(folder: Path, seconds: int) -> None:
    """The wall is so far ahead."""
    _replace(folder / "wall", f"{seconds:+d}\n")


def set_boot(folder: Path, seconds: int) -> None:
    """So long was the machine asleep."""
    _replace(folder / "boot", f"{seconds}\n")


def _replace(file: Path, text: str) -> None:
    # At once: the bot reads it all the time.
    new = file.with_suffix(".new")
    new.write_text(text, encoding="ascii")
    new.replace(file)


def be_bot() -> None:
    """In the bot's process: its CLOCK_BOOTTIME goes on while it is stopped, as a suspended machine's does."""
    from bot.cli import main as run

    file, real = Path(os.environ[BOOT]), time.clock_gettime

    def clock_gettime(clock: int) -> float:
        slept = float(file.read_text(encoding="ascii")) if clock == time.CLOCK_BOOTTIME else 0.0
        return real(clock) + slept

    time.clock_gettime = clock_gettime
    sys.argv = ["watchbill", "run"]
    run()


@dataclass(frozen=True)
class Played:
    """What was wrong, and how late the offer came, in seconds; None: it never came."""

    wrong: list[Finding]
    late: float | None = None


def play(workspace: Workspace, folder: Path, case: Case) -> Played:
    """One handoff around whose boundary the clock is set."""
    title = case.name
    for name in ("declare", "rota", "hour", "half", "up", "quarter"):
        STEPS[name](workspace, title)
    due = boundary_of(workspace, title)
    wait_until(workspace, due.fromtimestamp(due.timestamp() - BEFORE, due.tzinfo))
    early, wanted = (_sleep if case.name == "asleep" else _set)(workspace, folder, case, due)
    found = [Finding(WRONG, "the offer came before it was due")] if early else []
    said = _offered_at(workspace, title)
    if said is None:
        return Played([*found, Finding(LOST, "no offer")])
    # A bot that follows the step dates by it.
    late = said - wanted - (case.step if case.offered == "at once" and said > due.timestamp() + case.step / 2 else 0)
    if late > LATEST:
        found.append(Finding(WRONG, f"the offer came {late:.1f} s late"))
    # From here the clocks agree again; the bot is started anew, as moving the sandbox's clock moves the bot's too.
    workspace.bot.stop()
    set_clock(folder, 0)
    set_boot(folder, 0)
    workspace.bot.start()
    accept(workspace, title)
    wait(workspace, **LOOKED_AND_SWEPT)
    return Played([*found, *_doubled_or_lost(workspace, title)], late)


def _set(workspace: Workspace, folder: Path, case: Case, due: datetime) -> tuple[bool, float]:
    """Set the clock, wait while it is wrong, set it right; whether the offer came too early, and when it is due."""
    now = workspace.clock.now.timestamp()
    set_clock(folder, case.step)
    _, channel = incident(workspace, case.name)
    workspace.person("ada").types("/incident note the clock is wrong", channel, settle=False).says("is in the timeline")
    early = case.offered != "at once" and workspace.clock.now < due and _offered_at(workspace, case.name) is not None
    _pass(workspace, now + WRONG_FOR)
    if case.offered == "when it is right again":
        early = early or _offered_at(workspace, case.name) is not None
    right = workspace.clock.now.timestamp()
    set_clock(folder, 0)
    _until(workspace, lambda: _offered_at(workspace, case.name) is not None)
    return early, {"at once": now, "at the boundary": due.timestamp()}.get(case.offered, right)


def _sleep(workspace: Workspace, folder: Path, case: Case, due: datetime) -> tuple[bool, float]:
    """The machine sleeps over the boundary; all others go on."""
    workspace.doors.control("bot", do="pause")
    workspace.doors.control("clock", advance=case.step, jump=True, timeout=0.1)
    set_clock(folder, case.step)
    set_boot(folder, case.step)
    woken = workspace.clock.now.timestamp()
    workspace.doors.control("bot", do="resume")
    _until(workspace, lambda: _offered_at(workspace, case.name) is not None)
    return woken < due.timestamp(), woken


def _pass(workspace: Workspace, moment: float) -> None:
    """Real time passes; nobody moves the clock of the bot, which would wake it."""
    _until(workspace, lambda: workspace.clock.now.timestamp() >= moment)


def _until(workspace: Workspace, what: Callable[[], bool]) -> None:
    for _ in range(PATIENCE):
        if what():
            return
        workspace.doors.control("settle", timeout=0.02)
        workspace.doors.get("/control/clock")


def _offered_at(workspace: Workspace, title: str) -> float | None:
    """When the bot made the offer, by the time that it had."""
    rows = workspace.bot.rows(
        "SELECT offered_at FROM handoffs JOIN incidents ON incidents.number = incident WHERE title = ?", title
    )
    return datetime.fromisoformat(rows[0]["offered_at"]).replace(tzinfo=UTC).timestamp() if rows else None


def _doubled_or_lost(workspace: Workspace, title: str) -> Iterator[Finding]:
    """Each message is there once, one offer was made and accepted, and nothing that was promised is left."""
    books = Books(workspace)
    for key, messages in books.messages.items():
        if len(messages) > 1:
            yield Finding(DOUBLED, f"{key}: {len(messages)} times")
    number, _ = incident(workspace, title)
    for row in books.rows("SELECT id FROM handoffs WHERE incident = ? AND state = 'accepted'", number):
        yield from books.says(f"INC-{number}:offer:{row['id']}", "has command")
    yield from books.counted("offers", len(books.rows("SELECT 1 FROM handoffs WHERE incident = ?", number)))
    yield from books.unfinished()


def run(case: Case, library: Path) -> Played:
    """In a workspace of its own."""
    with tempfile.TemporaryDirectory(prefix="watchbill-clock-") as name:
        folder = Path(name)
        command = bot_command(library, folder)
        with Workspace(folder / "slack", bot_command=command) as workspace:
            workspace.forgive("messages")
            return play(workspace, folder, case)


def main() -> int:
    """All cases, or one."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.clock_steps")
    parser.add_argument("--case", choices=CASES)
    parser.add_argument("--as-bot", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.as_bot:
        be_bot()
    found = library()
    if found is None:
        print("LIBFAKETIME IS NOT INSTALLED: no clock was set (apt-get install libfaketime)", file=sys.stderr)
        return 0
    findings = []
    for case in [CASES[wanted.case]] if wanted.case else CASES.values():
        played = run(case, found)
        late = "never" if played.late is None else f"{played.late:.1f} s late"
        print(f"{case.name:<20}{late:<14}{len(played.wrong)} wrong", *played.wrong, sep="\n  ", flush=True)
        findings += [(case.name, one) for one in played.wrong]
    print(table([("cases", 1 if wanted.case else len(CASES))], findings))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
