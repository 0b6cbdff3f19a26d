"""Write docs/commands.md and docs/settings.md from the tables in the code. Run it by hand; a test keeps them equal.

.venv/bin/python -m scripts.write_docs
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.manifest import SHORTCUTS
from bot.settings import Settings
from handlers.slack.commands import COMMANDS
from handlers.slack.table import Command, usage

_NEEDED = frozenset({"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"})
DOCS = Path(__file__).parent.parent / "docs"

COMMANDS_HEAD = """\
# Commands

There is one slash command, `/incident`. This page is made from the table that dispatches it (`scripts/write_docs.py`).

In an incident's channel the incident is understood. Elsewhere name it right after the command, for example
`/incident show INC-7`; reading commands take the only open incident you may see, changing ones ask by a button first.
Every answer is for your eyes only. A mistyped word gets the nearest right one and an example.

| Command | What it does | Who may | Example |
|---|---|---|---|
"""

COMMANDS_TAIL = """
## Without typing

| Where | What it does |
|---|---|
{shortcuts}\
| :pushpin: on a message in an incident's channel | Keeps that message in the timeline, as it was said; nobody is told |
| App Home, the bot's *Home* tab | What waits for you, your shifts and roles, what is open; with buttons to act |
"""

SETTINGS_HEAD = """\
# Settings

This page is made from the fields of `bot/settings.py` (`scripts/write_docs.py`). `watchbill check` lists every problem
with your settings, and what to do about each.

Secrets and places come from the environment. Everything else comes from one TOML file, which `WATCHBILL_CONFIG` names;
without one the defaults hold. A name that is not listed here is refused, so that a typing error is seen at start.

## Environment

| Variable | Default | What it is |
|---|---|---|
"""

EXAMPLE = """\
ballast_mb = 64

[channels]
announcements = "#incidents"
digest = "#incidents-digest"

[groups]
commanders = ["U024BE7LH", "U0G9QF9C6"]
managers = ["U0EAEX8N1"]

[command]
fallback_commander = "U024BE7LH"
usergroup = "S0615G0KT"

[severities.sev1]
meaning = "Many customers can't work"
update_every_minutes = 30
chase_vendor_minutes = 60
responders = ["U024BE7LH"]

[severities.sev2]
meaning = "Some customers can't work"

[roles]
deputy = "Stands in for the incident commander"
communications = "Writes the status updates"

[[components]]
name = "shared-databases"
title = "Shared databases"
tiers = ["production", "free"]

[updates]
working_hours = "09:00-18:00"

[status]
folder = "/srv/status"
name = "Example Status"
url = "https://status.example.com/"

[digest]
times = ["09:00", "17:00"]
zone = "Europe/Berlin"

[naming]
channel = "inc-{number}-{title}"

[paging]
schemes = ["mailto", "mailtos", "ntfys", "twilio"]

[backups]
folder = "/mnt/other-disk/watchbill"
litestream_url = "s3://your-bucket/watchbill"
"""


def commands_page() -> str:
    """docs/commands.md."""
    rows = "".join(f"{_command_row(command)}\n" for command in COMMANDS.values())
    shortcuts = "".join(f"{_shortcut_row(shortcut)}\n" for shortcut in SHORTCUTS)
    return COMMANDS_HEAD + rows + COMMANDS_TAIL.format(shortcuts=shortcuts)


def settings_page() -> str:
    """docs/settings.md."""
    variables = "".join(f"{_variable_row(name, info)}\n" for name, info in variables_of())
    config = "| `WATCHBILL_CONFIG` | | The TOML file with everything below. |\n"
    keys = "".join(f"| `{key}` | {default} | {what} |\n" for key, default, what in keys_of())
    toml = f"\n## TOML\n\n| Key | Default | What it is |\n|---|---|---|\n{keys}"
    return f"{SETTINGS_HEAD}{variables}{config}{toml}\n## An example\n\n```toml\n{EXAMPLE}```\n"


def variables_of() -> Iterator[tuple[str, FieldInfo]]:
    """The fields that are set by a variable of their own."""
    for info in Settings.model_fields.values():
        if isinstance(info.validation_alias, str):
            yield info.validation_alias, info


def keys_of() -> Iterator[tuple[str, str, str]]:
    """The keys of the TOML file: name, default and description, tables unfolded."""
    for name, info in Settings.model_fields.items():
        if info.validation_alias is None:
            yield from _unfolded(name, info)


def _unfolded(name: str, info: FieldInfo) -> Iterator[tuple[str, str, str]]:
    inner = [found for found in (info.annotation, *get_args(info.annotation)) if _is_table(found)]
    if not inner:
        yield name, _default(info.default), str(info.description)
        return
    table: type[BaseModel] = inner[0]
    if table is not info.annotation:
        name = f"{name}.sevN" if isinstance(info.default, Mapping) else f"{name}[]"
    for key, field in table.model_fields.items():
        yield f"{name}.{key}", _default(field.default) if not field.is_required() else "needed", str(field.description)


def _is_table(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _command_row(command: Command) -> str:
    cells = (usage(command), command.help, command.who.value, f"`{command.example}`")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _shortcut_row(shortcut: Mapping[str, str]) -> str:
    where = "in the menu of a message" if shortcut["type"] == "message" else "anywhere in Slack"
    return f"| The shortcut *{shortcut['name']}*, {where} | {shortcut['description']} |"


def _variable_row(name: str, info: FieldInfo) -> str:
    secret = "needed" if name in _NEEDED else "none"
    default = secret if isinstance(info.default, SecretStr) else _default(info.default)
    return f"| `{name}` | {default} | {info.description} |"


_FEW = 5


def _default(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"`{key}`" for key in value) or "none"
    if isinstance(value, tuple) and len(value) <= _FEW:
        return ", ".join(f"`{one}`" for one in value) or "none"
    if isinstance(value, tuple):
        return f"{len(value)} of them"
    if value == "" or value is None:
        return "none"
    return f"`{value}`"


if __name__ == "__main__":
    (DOCS / "commands.md").write_text(commands_page())
    (DOCS / "settings.md").write_text(settings_page())
