"""The settings as they are at start: loaded, or every problem with them told."""

import os
import tomllib
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError as NotJson

from bot.settings import Settings
from bot.settings_sandbox import kept_here


class SettingsError(Exception):
    """The settings can't be used; `problems` lists all that is wrong with them, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load() -> Settings:
    """Settings from the environment and, when `WATCHBILL_CONFIG` names one, a TOML file.

    Raises SettingsError with every problem found, not only the first. Tokens may be missing: `missing_tokens` tells.
    What a sandbox must not reach is left out: `Settings.left_out`.
    """
    path = os.environ.get("WATCHBILL_CONFIG")
    if path and not Path(path).is_file():
        raise SettingsError([f"WATCHBILL_CONFIG: there is no file {path}."])
    try:
        return kept_here(Settings(), os.environ)
    except ValidationError as error:
        raise SettingsError([_sentence(found) for found in error.errors()]) from error
    except NotJson as error:
        raise SettingsError([f"The environment: {error}. Tables belong into the TOML file."]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError([f"WATCHBILL_CONFIG: {path} is not TOML: {error}."]) from error


def missing_tokens(settings: Settings) -> list[str]:
    """One sentence for each token or secret without which the bot and Slack can't reach each other."""
    wanted = [("SLACK_BOT_TOKEN", settings.bot_token, "xoxb-")]
    if settings.slack_mode == "socket":
        wanted.append(("SLACK_APP_TOKEN", settings.app_token, "xapp-"))
    missing = [
        f"{name}: must be set to a token that starts with {prefix} (README, step 3)."
        for name, token, prefix in wanted
        if not token.get_secret_value().startswith(prefix)
    ]
    if settings.slack_mode == "http" and not settings.signing_secret.get_secret_value().strip():
        missing.append("SLACK_SIGNING_SECRET: must be set in HTTP mode (Basic Information, App Credentials).")
    return missing


def _sentence(found: ErrorDetails) -> str:
    """One problem as a sentence that begins with the setting it is about."""
    place = ".".join(str(part) for part in found["loc"] if part != "[key]")
    text = found["msg"].removeprefix("Value error, ").removesuffix(".")
    if found["type"] == "extra_forbidden":
        text = "is not a setting (docs/settings.md lists them)"
    elif found["type"] == "string_pattern_mismatch":
        text = f"{found['input']!r} does not fit {found['ctx']['pattern']}"
    return f"{place}: {text}." if place else f"{text}."
