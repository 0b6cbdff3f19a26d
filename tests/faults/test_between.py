"""The bot is away while time passes: what it missed is delivered, or covered by what came instead."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from tests.faults.books import SAID, Books, handed_over
from tests.faults.stories import LOOKED_AND_SWEPT, accept, boundary_of, declare, incident, start_rota
from tests.harness import Workspace

pytestmark = pytest.mark.faults


def planned(workspace: Workspace, title: str) -> int:
    declare(workspace, title)
    start_rota(workspace, title)
    return incident(workspace, title)[0]


def accepted(workspace: Workspace, title: str, said: Mapping[tuple[str, str | None], int]) -> None:
    """Bob accepts, and everything is there once."""
    accept(workspace, title)
    workspace.clock.forward(**LOOKED_AND_SWEPT)
    books = Books(workspace)
    wrong = [*handed_over(books, title, before="ada", after="bob", said=said), *books.unfinished()]
    assert not wrong, "\n".join(map(str, wrong))


def steps(workspace: Workspace, number: int) -> list[tuple[str, str]]:
    """How the four steps before and at the boundary of the second shift ended."""
    rows = workspace.bot.rows(
        "SELECT state, reason FROM reminders WHERE incident = ? AND kind LIKE 'shift-%' ORDER BY due_at LIMIT 4", number
    )
    return [(row["state"], row["reason"].rpartition(":shift-")[2].partition(":")[2]) for row in rows]


DONE = ("delivered", "")
OFFERED_ONLY = {key: count for key, count in SAID.items() if key[0] in {"rota", "plan", "relieved"}}


def test_killed_between_the_page_and_the_boundary_and_back_after_it(workspace: Workspace) -> None:
    number = planned(workspace, "away at the boundary")
    boundary = boundary_of(workspace, "away at the boundary")
    workspace.clock.until(boundary - timedelta(minutes=10))
    workspace.bot.kill()
    workspace.clock.until(boundary + timedelta(minutes=2))  # well before what Slack would say is frozen
    workspace.bot.start()
    assert steps(workspace, number) == [DONE, DONE, DONE, DONE]
    accepted(workspace, "away at the boundary", SAID)


def test_killed_before_the_first_step_and_back_before_the_boundary(workspace: Workspace) -> None:
    number = planned(workspace, "away at the steps")
    boundary = boundary_of(workspace, "away at the steps")
    workspace.bot.kill()
    workspace.clock.until(boundary - timedelta(minutes=5))
    workspace.bot.start()
    assert steps(workspace, number) == [("covered", "b-15:v1"), ("covered", "b-15:v1"), DONE, ("pending", "")]
    workspace.clock.until(boundary)
    accepted(workspace, "away at the steps", {**OFFERED_ONLY, ("shift-page", "bob"): 1})


def test_away_for_all_of_them_the_offer_says_that_it_is_late(workspace: Workspace) -> None:
    number = planned(workspace, "away for all")
    boundary = boundary_of(workspace, "away for all")
    workspace.bot.kill()
    workspace.clock.until(boundary + timedelta(minutes=40))
    workspace.bot.start()
    assert steps(workspace, number) == [("covered", "b:v1")] * 3 + [DONE]
    offer = next(
        one for one in workspace.channel(f"#inc-{number}-away-for-all").messages if one.button("I have command")
    )
    assert offer.has("@bob", "late: I was away")
    accepted(workspace, "away for all", OFFERED_ONLY)


def test_clock_that_jumps_over_everything_while_the_bot_runs(workspace: Workspace) -> None:
    number = planned(workspace, "slept")
    workspace.clock.jump(hours=8, minutes=2)
    assert steps(workspace, number)[0] == ("covered", "b:v1")
    accepted(workspace, "slept", OFFERED_ONLY)
