"""The app manifest that people paste into Slack is one that Slack takes."""

from copy import deepcopy
from typing import Any

import pytest

from bot.manifest import OPTIONAL_SCOPES, SCOPES, manifest
from handlers.slack.shortcuts import SHORTCUTS
from tests.project.manifest_schema import manifest_problems

SMALL: dict[str, Any] = {
    "display_information": {"name": "x" * 35, "description": "x" * 140, "long_description": "x" * 175},
    "features": {
        "bot_user": {"display_name": "x" * 80},
        "slash_commands": [{"command": "/" + "x" * 31, "description": "x", "should_escape": True}],
        "shortcuts": [{"name": "x" * 24, "type": "message", "callback_id": "x", "description": "x" * 150}],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "chat:write", "reactions:read"], "bot_optional": ["chat:write"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "reaction_added"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def changed(path: str, value: object) -> dict[str, Any]:
    """SMALL with one value, named by a dotted path, put in place of another."""
    whole = deepcopy(SMALL)
    at: Any = whole
    *way, last = path.split(".")
    for name in way:
        at = at[int(name)] if name.isdigit() else at[name]
    at[last] = value
    return whole


def test_the_bots_manifest_is_one_that_slack_takes() -> None:
    assert manifest_problems(manifest()) == []


@pytest.mark.parametrize(
    "url", ["https://w.example.com", "https://w.example.com/", "https://w.example.com/slack/events"]
)
def test_the_manifest_for_http_mode_names_one_address_for_everything(url: str) -> None:
    made = manifest(url)
    assert manifest_problems(made) == []
    address = "https://w.example.com/slack/events"
    settings = made["settings"]
    assert settings["socket_mode_enabled"] is False
    assert [command["url"] for command in made["features"]["slash_commands"]] == [address]
    assert settings["event_subscriptions"]["request_url"] == settings["interactivity"]["request_url"] == address
    assert "url" not in str(manifest()), "in Socket Mode none is needed"


def test_every_shortcut_of_the_manifest_does_something_and_the_other_way_round() -> None:
    assert {shortcut["callback_id"] for shortcut in manifest()["features"]["shortcuts"]} == set(SHORTCUTS)


def test_what_may_be_left_out_is_asked_for_too() -> None:
    scopes = manifest()["oauth_config"]["scopes"]
    assert set(scopes["bot_optional"]) < set(scopes["bot"])
    assert not set(OPTIONAL_SCOPES) & set(SCOPES)


def test_a_manifest_at_its_limits_is_taken() -> None:
    assert manifest_problems(SMALL) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("display_information.name", "x" * 36),
        ("display_information.description", "x" * 141),
        ("display_information.long_description", "x" * 174),
        ("display_information.background_color", "red"),
        ("display_information.colour", "#fff"),
        ("features.rich_previews", {}),
        ("features.bot_user.display_name", "x" * 81),
        ("features.slash_commands", []),
        ("features.slash_commands.0.command", "incident"),
        ("features.slash_commands.0.command", "/" + "x" * 32),
        ("features.slash_commands.0.url", "https://example.com"),
        ("features.shortcuts.0.name", "x" * 25),
        ("features.shortcuts.0.type", "link"),
        ("features.unfurl_domains", ["https://example.com"]),
        ("oauth_config.scopes.bot", ["commands"]),
        ("oauth_config.scopes.bot", ["chat:write", "reactions:read"]),
        ("oauth_config.scopes.bot", ["commands", "chat:write", "reactions:red"]),
        ("oauth_config.scopes.bot_optional", ["pins:read"]),
        ("settings.event_subscriptions.bot_events", ["app_home_open"]),
        ("settings.event_subscriptions.bot_events", ["pin_added"]),
        ("settings.interactivity", {}),
        ("settings.socket_mode_enabled", False),
        ("settings.delayed_events", True),
    ],
)
def test_what_slack_refuses_is_refused(path: str, value: object) -> None:
    assert manifest_problems(changed(path, value))
