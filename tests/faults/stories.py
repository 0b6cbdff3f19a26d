"""The two stories in which the bot dies: a declaration, and a handoff from the rota to the acceptance.

People behave as people do. After an error they look first, and do it again only if it was not done: whoever gets a
timeout for `/incident declare` sees with `/incident list` whether the incident is there.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from tests.faults.boundaries import Boundary, Case, cases, learn, revive
from tests.faults.books import Books, Finding, declared, handed_over
from tests.harness import Workspace

LOOKED_AND_SWEPT = {"seconds": 200}
"""Long enough for two looks 20 s apart, a rate limit of 30 s, any back-off until then, and the sweep 60 s later."""
STALE = {"hours": 7}
"""Long enough that profiles are asked for again: so every run makes the same calls."""
SHIFT = timedelta(hours=8)

Step = Callable[[Workspace, str], None]


def declare(workspace: Workspace, title: str) -> None:
    """Ada declares; again only when the command was lost."""
    ada = workspace.person("ada")
    for _ in range(3):
        ada.types(f"/incident declare {title}", "#general")
        revive(workspace)
        if workspace.bot.rows("SELECT 1 FROM incidents WHERE title = ?", title):
            return
    raise AssertionError(f"{title} can't be declared")


def start_rota(workspace: Workspace, title: str) -> None:
    """Ada starts a rota in which Bob is next; again only when there is none."""
    ada = workspace.person("ada")
    number, channel = _incident(workspace, title)
    for _ in range(3):
        ada.types("/incident rota start @ada @bob 8h", channel)
        revive(workspace)
        if workspace.bot.rows("SELECT 1 FROM rotas WHERE incident = ?", number):
            return
    raise AssertionError(f"no rota for {title}")


def ping(workspace: Workspace, title: str) -> None:
    """Time passes until a quarter of an hour before Bob's shift."""
    wait_until(workspace, boundary_of(workspace, title) - timedelta(minutes=15))


def offer(workspace: Workspace, title: str) -> None:
    """Time passes until Bob's shift begins."""
    wait_until(workspace, boundary_of(workspace, title))


def accept(workspace: Workspace, title: str) -> None:
    """Bob presses the button; again as long as it is there."""
    bob = workspace.person("bob")
    number, channel = _incident(workspace, title)
    for _ in range(3):
        # A message that is on its way may need a second look 20 s later.
        wait(workspace, seconds=60)
        bob.clicks("I have command", channel)
        revive(workspace)
        if workspace.bot.rows("SELECT 1 FROM handoffs WHERE incident = ? AND state = 'accepted'", number):
            return
    raise AssertionError(f"Bob can't accept command of {title}")


DECLARATION: dict[str, Step] = {"declare": declare}
HANDOFF: dict[str, Step] = {"rota": start_rota, "ping": ping, "offer": offer, "accept": accept}


def play(workspace: Workspace, steps: dict[str, Step], title: str, case: Case | None = None) -> None:
    """Play a story with, perhaps, one fault in it, and give the bot the time to mend everything."""
    for name, step in steps.items():
        if case and case.boundary.step == name:
            case.arrange(workspace)
        step(workspace, title)
        hit = workspace.doors.get("/control/faults")["faults"]
        workspace.faults.clear()
        revive(workspace)
        assert all(rule["spent"] for rule in hit), f"{case} did not happen"
    wait(workspace, **LOOKED_AND_SWEPT)


def wait(workspace: Workspace, **duration: float) -> None:
    """Time passes; a bot that dies meanwhile is started again."""
    wait_until(workspace, workspace.clock.now + timedelta(**duration))


def wait_until(workspace: Workspace, moment: datetime) -> None:
    workspace.clock.until(moment)
    while revive(workspace):
        workspace.clock.until(moment)


def boundary_of(workspace: Workspace, title: str) -> datetime:
    """When the second shift begins."""
    number, _ = _incident(workspace, title)
    starts = workspace.bot.one(
        "SELECT starts_at FROM shifts JOIN rotas ON rotas.id = rota WHERE incident = ? AND position = 1"
        " AND stopped_at IS NULL",
        number,
    )
    return datetime.fromisoformat(starts).replace(tzinfo=UTC)


def _incident(workspace: Workspace, title: str) -> tuple[int, str]:
    row = workspace.bot.rows("SELECT number, channel_id FROM incidents WHERE title = ?", title)[0]
    return row["number"], row["channel_id"]


def declarations(workspace: Workspace, chunk: int, chunks: int) -> Iterator[tuple[Case, list[Finding]]]:
    """Every fault at every call of a declaration, as far as it falls to this chunk, and what was wrong afterwards."""
    learned = _learned(workspace, DECLARATION)
    for number, case in enumerate(cases(learned)[chunk::chunks]):
        title = f"declared {number}"
        workspace.clock.forward(**STALE)
        play(workspace, DECLARATION, title, case)
        books = Books(workspace)
        yield case, [*declared(books, title, commander="ada", member="ada"), *books.unfinished()]
        _finish(workspace, "ada", title)


def handoffs(workspace: Workspace, chunk: int, chunks: int) -> Iterator[tuple[Case, list[Finding]]]:
    """Every fault at every call of a handoff, as far as it falls to this chunk, and what was wrong afterwards."""
    declare(workspace, "clean")
    learned = _learned(workspace, HANDOFF)
    for number, case in enumerate(cases(learned)[chunk::chunks]):
        title = f"handed over {number}"
        workspace.clock.forward(**STALE)
        declare(workspace, title)
        play(workspace, HANDOFF, title, case)
        books = Books(workspace)
        yield case, [*handed_over(books, title, before="ada", after="bob"), *books.unfinished()]
        _finish(workspace, "bob", title)


def _learned(workspace: Workspace, steps: dict[str, Step]) -> list[Boundary]:
    found: list[Boundary] = []
    for name, step in steps.items():
        mark = workspace.mark()
        step(workspace, "clean")
        found += learn(workspace, mark, name)
    wait(workspace, **LOOKED_AND_SWEPT)
    _finish(workspace, "bob" if "accept" in steps else "ada", "clean")
    return found


def _finish(workspace: Workspace, who: str, title: str) -> None:
    """The incident is over, so that it asks nothing of the next."""
    _, channel = _incident(workspace, title)
    workspace.person(who).types("/incident resolve", channel)
