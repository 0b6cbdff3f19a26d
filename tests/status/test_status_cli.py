"""`watchbill status` at a terminal, with nothing but a copy."""

import fcntl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from bot.clock import SystemClock
from bot.domain.incident import State
from bot.settings import Settings
from bot.settings_tables import StatusSettings
from bot.status import edit, writer
from bot.status.files import Drawing
from bot.status_cli import add_to
from storage import desk
from tests.status.pages import CALM, DOWN
from tests.status.test_gathering import WORDS, tell
from tests.support.database import new_file
from tests.support.story import begin


def run(*words: object, settings: Settings | None = None) -> tuple[int, str]:
    app = typer.Typer()
    add_to(app, lambda: settings or Settings())
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


def settings(home: Path, **status: object) -> Settings:
    """Of a bot whose database is in this folder."""
    about = StatusSettings.model_validate(status)
    return Settings().model_copy(update={"database_url": f"sqlite:///{home}/watchbill.db", "status": about})


def test_the_page_from_the_database(tmp_path: Path) -> None:
    new_file(tmp_path)
    page, logo = tmp_path / "page", tmp_path / "logo.png"
    chosen = settings(tmp_path, folder=page, name="Harbour Cloud", logo=logo)
    status, said = run("build", settings=chosen)
    assert (status, f"! status.logo: {logo} can't be read" in said) == (0, True), said
    logo.write_bytes(b"\x89PNG\r\n\x1a\n")
    assert run("build", settings=chosen)[0] == run("build", "--to", tmp_path / "other", settings=chosen)[0] == 0
    for folder in (page, tmp_path / "other"):
        assert writer.damage(folder) == []
        assert (folder / "current/logo.png").is_file()
        assert "Harbour Cloud" in (folder / "current/index.html").read_text()


def test_two_that_write_take_turns(tmp_path: Path) -> None:
    new_file(tmp_path)
    page = tmp_path / "page"
    with ThreadPoolExecutor() as pool, writer.opened(page):
        built = pool.submit(run, "build", settings=settings(tmp_path, folder=page))
        with pytest.raises(TimeoutError):
            built.result(timeout=0.3)
    assert built.result(timeout=20)[0] == 0
    assert writer.damage(page) == []


def test_what_changed_while_it_waited_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would bring back what the bot's own writing, for which it waited, has just replaced."""
    database, page = new_file(tmp_path), tmp_path / "page"

    def lock(*_: object) -> None:
        with desk.beside(database) as tx:
            tell(tx, begin(tx), WORDS)

    monkeypatch.setattr(writer, "fcntl", SimpleNamespace(flock=lock, LOCK_EX=fcntl.LOCK_EX))
    assert run("build", settings=settings(tmp_path, folder=page))[0] == 0
    shown = writer.read(page)
    assert shown is not None
    assert [one.current.text for one in shown.open] == [WORDS.text]


def test_what_is_by_hand_is_never_written_over(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("database")
    new_file(folder)
    assert run("publish", "--from", copy, "--update", "Nearly all are back.")[0] == 0
    status, said = run("build", "--to", copy, settings=settings(folder))
    assert (status, said.startswith(f"✗ In {copy} stands an update by hand that the database does not know.")) == (
        1,
        True,
    )
    found = writer.read(copy)
    assert found is not None
    assert found.open[0].current.text == "Nearly all are back."


def test_why_nothing_is_built(tmp_path: Path) -> None:
    where = tmp_path / "page"
    assert run("build", "--to", where, settings=settings(tmp_path))[1].startswith("✗ there is no database at ")
    new_file(tmp_path)
    assert run("build", settings=settings(tmp_path)) == (
        1,
        "✗ Where to? Name a folder, `--to FOLDER`, or set status.folder.\n",
    )
    where.write_text("a file stands in the way")
    assert run("build", settings=settings(tmp_path, folder=where)) == (1, f"✗ {where} can't be written: File exists.\n")
