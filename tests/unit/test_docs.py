"""The pages are as the code is: those that `scripts/write_docs.py` makes, and what the others say one can type."""

import re
import tomllib
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli import app
from bot.settings import Settings
from bot.settings_loading import load
from handlers.slack.commands import COMMANDS, understand
from scripts import write_docs

ROOT = write_docs.DOCS.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(write_docs.DOCS.rglob("*.md"))]
COMMANDERS = write_docs.DOCS / "commanders.md"
# What of it fits on two screens of 1080 lines, with tables and headings.
TWO_SCREENS = 80
OPERATORS = write_docs.DOCS / "operations.md"
# Three of 40 lines with 120 characters each, the rows of tables too.
THREE_SCREENS, WIDTH = 120, 120
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def test_the_commands_page_is_the_table() -> None:
    assert (write_docs.DOCS / "commands.md").read_text() == write_docs.commands_page()


def test_the_settings_page_is_the_fields() -> None:
    assert (write_docs.DOCS / "settings.md").read_text() == write_docs.settings_page()


def test_every_command_is_on_its_page() -> None:
    lines = write_docs.commands_page().splitlines()
    for command in COMMANDS.values():
        row = [line for line in lines if f"| `{command.example}` |" in line]
        assert len(row) == 1, command.example
        assert command.help in row[0]


def test_every_setting_is_on_its_page() -> None:
    page = write_docs.settings_page()
    for name, info in Settings.model_fields.items():
        assert f"`{info.validation_alias or name}" in page


def test_the_example_file_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "watchbill.toml"
    file.write_text(write_docs.settings_page().split("```toml\n")[1].split("```")[0])
    monkeypatch.setenv("WATCHBILL_CONFIG", str(file))
    settings = load()
    tables = [name for name, info in Settings.model_fields.items() if info.validation_alias is None]
    assert set(tomllib.loads(file.read_text())) == set(tables) <= settings.model_fields_set


def typed_in(page: Path) -> list[str]:
    """What a page says one can type, without the slash command: in code, or on an indented line."""
    text = page.read_text()
    return re.findall(r"`/incident ([a-z][^`]*)`", text) + re.findall(r"^    /incident ([a-z].*)$", text, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_on_a_page_exists(page: Path) -> None:
    for typed in typed_in(page):
        understand(typed)


def test_every_short_form_for_commanders_exists() -> None:
    words = {name.split()[0] for name in COMMANDS if name}
    found = [code for code in re.findall(r"`([a-z][^`]*)`", COMMANDERS.read_text()) if code.split()[0] in words]
    assert len(found) > 5
    for typed in found:
        command, _, rest = understand(typed)
        assert command.arguments or not rest, f"{typed}: {command.name} takes nothing"


def test_the_page_for_commanders_fits_on_two_screens() -> None:
    assert len(COMMANDERS.read_text().splitlines()) <= TWO_SCREENS


def test_the_page_for_operators_fits_on_three_screens() -> None:
    assert sum(max(1, ceil(len(line) / WIDTH)) for line in OPERATORS.read_text().splitlines()) <= THREE_SCREENS


def test_every_command_for_operators_exists() -> None:
    """By name and with its options; what they do is tried by hand."""
    typed = re.findall(r"`watchbill ((?:outbox )?[a-z]+)([^`]*)`", OPERATORS.read_text())
    assert len(typed) > 15
    for name, rest in typed:
        command: Any = typer.main.get_command(app)
        for word in name.split():
            command = command.commands[word]
        options = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= options, f"{name}{rest}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s#]+)[^)]*\)", page.read_text()):
        assert "://" in target or (page.parent / target).exists(), target


def hints() -> Iterator[tuple[str, str]]:
    """Each command that the bot itself tells people to type, and where it says so."""
    for folder in ("bot", "handlers"):
        for file in (ROOT / folder).rglob("*.py"):
            for typed in re.findall(r"`/incident ([a-z{][^`\n\"]*)", file.read_text()):
                yield file.name, _PLACEHOLDER.sub("INC-7", typed)


def test_every_command_in_a_hint_exists() -> None:
    found = list(hints())
    assert len(found) > 50
    for file, typed in found:
        if not typed.startswith("INC-7"):
            command, _, _ = understand(typed)
            assert command.name, f"{file}: {typed}"
