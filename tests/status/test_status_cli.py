"""`watchbill status` at a terminal, with nothing but a copy."""

from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.clock import SystemClock
from bot.domain.incident import State
from bot.status import edit, writer
from bot.status.files import Drawing
from bot.status_cli import add_to
from tests.status.pages import CALM, DOWN


def run(*words: object) -> tuple[int, str]:
    app = typer.Typer()
    add_to(app)
    done = CliRunner().invoke(app, ["status", *(str(word) for word in words)])
    return done.exit_code, done.output


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    edit.renew(tmp_path, DOWN, Drawing())
    return tmp_path


def test_an_update_from_a_terminal(copy: Path) -> None:
    words = ("--update", "Nearly all are back.", "--state", "Monitoring", "--next", "30m")
    status, said = run("publish", "--from", copy, *words)
    assert (status, said.startswith(f"Written to {copy}/current, good until ")) == (0, True), said
    found = writer.read(copy)
    assert found is not None
    assert (found.open[0].state, found.open[0].current.text) == (State.MONITORING, "Nearly all are back.")
    assert found.open[0].next_at is not None
    status, said = run("check", copy)
    assert (status, "It is whole, written " in said) == (0, True), said


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--update", "Back.", "--state", "green"], "green is not a state of the page."),
        (["--update", "Back.", "--state", "closed"], "closed is not a state of the page."),
        (["--update", " "], "An update needs words."),
        (["--update", "Back.", "--next", "soon"], "soon is not a length of time."),
        (["--update", "Back.", "--incident", "x"], "The page has no incident x."),
    ],
)
def test_what_is_refused(copy: Path, words: list[str], why: str) -> None:
    status, said = run("publish", "--from", copy, *words)
    assert (status, said.startswith(f"✗ {why}")) == (1, True), said
    assert writer.read(copy) == DOWN


def test_an_old_or_damaged_copy_is_told(copy: Path) -> None:
    edit.renew(copy, replace(CALM, written_at=SystemClock().now().replace(year=2020)), Drawing())
    assert "its status is unknown" in run("check", copy)[1]
    (copy / "current/feed.atom").unlink()
    assert run("check", copy) == (1, "✗ feed.atom is missing.\n")
    assert "There is no watchbill.json" in run("check", copy / "nowhere")[1]
