"""The bot is away while time passes: what it missed is delivered, or covered by what came instead."""

from datetime import timedelta

import pytest

from tests.faults.books import Books, handed_over
from tests.faults.stories import LOOKED_AND_SWEPT, accept, boundary_of, declare, incident, start_rota
from tests.harness import Workspace

pytestmark = pytest.mark.faults


def planned(workspace: Workspace, title: str) -> int:
    declare(workspace, title)
    start_rota(workspace, title)
    return incident(workspace, title)[0]


def accepted(workspace: Workspace, title: str, *, pinged: bool) -> None:
    """Bob accepts, and everything is there once."""
    accept(workspace, title)
    workspace.clock.forward(**LOOKED_AND_SWEPT)
    books = Books(workspace)
    wrong = [*handed_over(books, title, before="ada", after="bob", pinged=pinged), *books.unfinished()]
    assert not wrong, "\n".join(map(str, wrong))


def reminders(workspace: Workspace, number: int) -> list[tuple[str, str]]:
    """How the two reminders of the second shift ended."""
    rows = workspace.bot.rows("SELECT state, reason FROM reminders WHERE incident = ? ORDER BY due_at LIMIT 2", number)
    return [(row["state"], row["reason"]) for row in rows]


def test_killed_between_the_ping_and_the_boundary_and_back_after_it(workspace: Workspace) -> None:
    number = planned(workspace, "away at the boundary")
    boundary = boundary_of(workspace, "away at the boundary")
    workspace.clock.until(boundary - timedelta(minutes=10))
    workspace.bot.kill()
    workspace.clock.until(boundary + timedelta(minutes=3))
    workspace.bot.start()
    assert reminders(workspace, number) == [("delivered", ""), ("delivered", "")]
    accepted(workspace, "away at the boundary", pinged=True)


def test_killed_before_the_ping_and_back_before_the_boundary(workspace: Workspace) -> None:
    number = planned(workspace, "away at the ping")
    boundary = boundary_of(workspace, "away at the ping")
    workspace.bot.kill()
    workspace.clock.until(boundary - timedelta(minutes=5))
    workspace.bot.start()
    assert reminders(workspace, number) == [("delivered", ""), ("pending", "")]
    workspace.clock.until(boundary)
    accepted(workspace, "away at the ping", pinged=True)


def test_away_for_both_the_ping_is_covered_by_the_offer_which_says_that_it_is_late(workspace: Workspace) -> None:
    number = planned(workspace, "away for both")
    boundary = boundary_of(workspace, "away for both")
    workspace.bot.kill()
    workspace.clock.until(boundary + timedelta(minutes=40))
    workspace.bot.start()
    (soon, covered_by), (at_boundary, _) = reminders(workspace, number)
    assert (soon, at_boundary) == ("covered", "delivered")
    assert covered_by.endswith(":b")
    offer = next(
        one for one in workspace.channel(f"#inc-{number}-away-for-both").messages if one.button("I have command")
    )
    assert offer.has("@bob", "late: I was away")
    accepted(workspace, "away for both", pinged=False)


def test_clock_that_jumps_over_everything_while_the_bot_runs(workspace: Workspace) -> None:
    number = planned(workspace, "slept")
    workspace.clock.jump(hours=8, minutes=2)
    assert reminders(workspace, number)[0][0] == "covered"
    accepted(workspace, "slept", pinged=False)
