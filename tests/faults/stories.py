"""The story in which the bot dies: a declaration, then a whole handoff, every step of the boundary table in it.

People behave as people do. After an error they look first, and do it again only if it was not done: whoever gets a
timeout for `/incident declare` sees with `/incident list` whether the incident is there.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import zip_longest

from tests.faults.books import Books, Finding, declared, handed_over, planned
from tests.faults.boundaries import Boundary, Case, cases, learn, revive
from tests.harness import Workspace

LOOKED_AND_SWEPT = {"seconds": 200}
"""Long enough for two looks 20 s apart, a rate limit of 30 s, any back-off until then, and the sweep 60 s later."""
STALE = {"hours": 40}
"""Long enough that profiles are asked for again and everybody is rested: so every run makes the same calls."""
SHIFT = timedelta(hours=8)

Step = Callable[[Workspace, str], None]


def declare(workspace: Workspace, title: str) -> None:
    """Ada declares; again only when the command was lost."""
    ada = workspace.person("ada")
    for _ in range(3):
        ada.types(f"/incident declare {title} sev3", "#general")
        revive(workspace)
        if workspace.bot.rows("SELECT 1 FROM incidents WHERE title = ?", title):
            return
    raise AssertionError(f"{title} can't be declared")


def start_rota(workspace: Workspace, title: str) -> None:
    """Ada starts a rota in which Bob is next; again only when there is none."""
    ada = workspace.person("ada")
    number, channel = incident(workspace, title)
    for _ in range(3):
        ada.types("/incident rota start @ada @bob 8h", channel)
        revive(workspace)
        if workspace.bot.rows("SELECT 1 FROM rotas WHERE incident = ?", number):
            return
    raise AssertionError(f"no rota for {title}")


def hour(workspace: Workspace, title: str) -> None:
    """Time passes until an hour before Bob's shift: he is asked, and so is Ada."""
    wait_until(workspace, boundary_of(workspace, title) - timedelta(minutes=60))


def half(workspace: Workspace, title: str) -> None:
    """Half an hour before: Bob has not answered, and is paged."""
    wait_until(workspace, boundary_of(workspace, title) - timedelta(minutes=30))


def up(workspace: Workspace, title: str) -> None:
    """Bob presses the button; again as long as he was not heard."""
    bob = workspace.person("bob")
    number, _ = incident(workspace, title)
    for _ in range(3):
        wait(workspace, seconds=50)
        bob.clicks("I'm up", workspace.dm("bob"))
        revive(workspace)
        if workspace.bot.rows(_UP, number):
            return
    raise AssertionError(f"Bob can't say that he is up for {title}")


_UP = "SELECT 1 FROM shifts JOIN rotas ON rotas.id = rota WHERE incident = ? AND position = 1 AND up_at IS NOT NULL"


def quarter(workspace: Workspace, title: str) -> None:
    """A quarter of an hour before: the draft of the briefing."""
    wait_until(workspace, boundary_of(workspace, title) - timedelta(minutes=15))


def offer(workspace: Workspace, title: str) -> None:
    """Time passes until Bob's shift begins."""
    wait_until(workspace, boundary_of(workspace, title))


def accept(workspace: Workspace, title: str) -> None:
    """Bob presses the button; again as long as it is there."""
    bob = workspace.person("bob")
    number, channel = incident(workspace, title)
    for _ in range(4):
        # A message that is on its way may need a second look 20 s later, and so may the briefing before it.
        wait(workspace, seconds=60)
        if not bob.scene.newest_with_button(channel, "I have command"):
            continue
        bob.clicks("I have command", channel)
        revive(workspace)
        if workspace.bot.rows("SELECT 1 FROM handoffs WHERE incident = ? AND state = 'accepted'", number):
            return
    raise AssertionError(f"Bob can't accept command of {title}")


STEPS: dict[str, Step] = {
    "declare": declare,
    "rota": start_rota,
    "hour": hour,
    "half": half,
    "up": up,
    "quarter": quarter,
    "offer": offer,
    "accept": accept,
}


def play(workspace: Workspace, title: str, faults: Iterable[Case] = ()) -> list[Finding]:
    """Play the story with at most one fault in each step; by the next step all of it must have been mended."""
    by_step = {case.boundary.step: case for case in faults}
    found: list[Finding] = []
    workspace.clock.forward(**STALE)
    for name in _needed(by_step):
        step = STEPS[name]
        case = by_step.get(name)
        if case:
            case.arrange(workspace)
        step(workspace, title)
        if case:
            revive(workspace)
            hit = workspace.doors.get("/control/faults")["faults"]
            assert all(rule["spent"] for rule in hit), f"{case} did not happen"
            workspace.faults.clear()
        if name in ("declare", "rota", "accept"):
            wait(workspace, **LOOKED_AND_SWEPT)
            found += balance(workspace, name, title)
    resolve(workspace, title)
    return found


def _needed(faulted: Collection[str]) -> list[str]:
    """All steps; only the first two when nothing fails after them: their account is taken before the handoff."""
    first = list(STEPS)[:2]
    return first if set(faulted) <= set(first) else list(STEPS)


def balance(workspace: Workspace, step: str, title: str) -> list[Finding]:
    """What is wrong after this step: the declaration, the plan of the rota, or the acceptance."""
    books = Books(workspace)
    if step == "declare":
        return [*declared(books, title, commander="ada", member="ada"), *books.unfinished()]
    if step == "rota":
        return [*planned(books, title, commander="ada", member="bob"), *books.unfinished()]
    return [*handed_over(books, title, before="ada", after="bob"), *books.unfinished()]


def resolve(workspace: Workspace, title: str) -> None:
    """The incident is over, so that it asks nothing more of anybody."""
    workspace.person("ada").types("/incident resolve", incident(workspace, title)[1])


def learned(workspace: Workspace) -> dict[str, list[Boundary]]:
    """The calls of each step of a story in which nothing fails."""
    found: dict[str, list[Boundary]] = {}
    for name, step in STEPS.items():
        mark = workspace.mark()
        step(workspace, "clean")
        found[name] = learn(workspace, mark, name)
    wait(workspace, **LOOKED_AND_SWEPT)
    assert not balance(workspace, "accept", "clean")
    resolve(workspace, "clean")
    return found


def loaded(boundaries: Mapping[str, Iterable[Boundary]]) -> list[list[Case]]:
    """All faults at all boundaries, put into as few stories as possible: one of each step in each story."""
    by_step = [cases(found) for found in boundaries.values()]
    return [[case for case in row if case] for row in zip_longest(*by_step)]


def wait(workspace: Workspace, **duration: float) -> None:
    """Time passes; a bot that dies meanwhile is started again."""
    wait_until(workspace, workspace.clock.now + timedelta(**duration))


def wait_until(workspace: Workspace, moment: datetime) -> None:
    workspace.clock.until(moment)
    while revive(workspace):
        workspace.clock.until(moment)


def boundary_of(workspace: Workspace, title: str) -> datetime:
    """When the second shift begins."""
    number, _ = incident(workspace, title)
    starts = workspace.bot.one(
        "SELECT starts_at FROM shifts JOIN rotas ON rotas.id = rota WHERE incident = ? AND position = 1"
        " AND stopped_at IS NULL",
        number,
    )
    return datetime.fromisoformat(starts).replace(tzinfo=UTC)


def incident(workspace: Workspace, title: str) -> tuple[int, str]:
    """Its number and its channel."""
    row = workspace.bot.rows("SELECT number, channel_id FROM incidents WHERE title = ?", title)[0]
    return row["number"], row["channel_id"]
