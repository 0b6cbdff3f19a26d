"""The pages that are made from the code are as the code is: `scripts/write_docs.py` writes them."""

import tomllib
from pathlib import Path

import pytest

from bot.settings import Settings, load
from handlers.slack.commands import COMMANDS
from scripts import write_docs


def test_the_commands_page_is_the_table() -> None:
    assert (write_docs.DOCS / "commands.md").read_text() == write_docs.commands_page()


def test_the_settings_page_is_the_fields() -> None:
    assert (write_docs.DOCS / "settings.md").read_text() == write_docs.settings_page()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_on_its_page(name: str) -> None:
    row = [line for line in write_docs.commands_page().splitlines() if f"| `{COMMANDS[name].example}` |" in line]
    assert len(row) == 1
    assert COMMANDS[name].help in row[0]


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
