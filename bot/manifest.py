"""The app manifest: what Slack must know of the bot, and the scopes it needs for it."""

from typing import Any

from bot import __version__

# Scope to what it is needed for; `watchbill check` says the reason of a missing one.
SCOPES: dict[str, str] = {
    "commands": "the /incident command",
    "chat:write": "posting and editing messages",
    "chat:write.public": "announcing in a public channel it is not in",
    "channels:manage": "creating incident channels, topics, invitations",
    "channels:read": "finding channels and their members",
    "channels:history": "finding a message again when Slack's answer was lost, and whether the IC is there",
    "channels:join": "joining the announcement channel",
    "groups:write": "creating private incident channels",
    "groups:read": "finding private incident channels",
    "groups:history": "the same in a private channel",
    "im:write": "direct messages: handoff pings",
    "im:read": "finding direct messages",
    "im:history": "finding a direct message again, and hearing whoever answers a page",
    "users:read": "names, time zones, who is deactivated",
    "pins:write": "pinning the card",
    "bookmarks:read": "not bookmarking twice",
    "bookmarks:write": "bookmarks for the card and the call",
    "reactions:read": "adding a message with a :pushpin: to the timeline, and whether the IC is there",
}
# What a workspace may leave out, and what is not done there then.
OPTIONAL_SCOPES: dict[str, str] = {
    "users:read.email": "finding the people of a duty calendar by their e-mail addresses",
    "usergroups:read": "reading the user groups that the settings name",
    "usergroups:write": "keeping a user group of the ICs",
    "files:write": "posting charts of progress",
}
EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_deleted",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
    "subteam_members_changed",
    "subteam_updated",
    "tokens_revoked",
    "user_change",
)
# Their callback ids are the keys of the table in handlers/slack/shortcuts.py.
SHORTCUTS: tuple[dict[str, str], ...] = (
    {
        "name": "Declare an incident",
        "type": "global",
        "callback_id": "declare",
        "description": "Opens the form for a new incident",
    },
    {
        "name": "Declare from message",
        "type": "message",
        "callback_id": "declare-from-message",
        "description": "Opens the form for a new incident, with what this message says",
    },
    {
        "name": "Add to the timeline",
        "type": "message",
        "callback_id": "add-to-timeline",
        "description": "Keeps this message in the timeline of the incident in whose channel it was said",
    },
)
_PATH = "/slack/events"
_LONG = (
    "Declares incidents from a slash command, makes a channel for each, keeps a card, a topic and an announcement"
    " current, and hands command over from one rested person to the next, with an acknowledgement. All data stays on"
    " your own server."
)


def manifest(url: str = "") -> dict[str, Any]:
    """The manifest of the app, version 2 of Slack's schema.

    Without a `url` it is for Socket Mode and no URL is in it. With one, an address of the bot as Slack can reach it, it
    is for HTTP mode.
    """
    made = _socket_mode()
    if url:
        address = url.rstrip("/").removesuffix(_PATH) + _PATH
        made["features"]["slash_commands"][0]["url"] = address
        made["settings"]["event_subscriptions"]["request_url"] = address
        made["settings"]["interactivity"] |= {"request_url": address, "message_menu_options_url": address}
        made["settings"]["socket_mode_enabled"] = False
    return made


def _socket_mode() -> dict[str, Any]:
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Watchbill",
            "description": f"Runs incidents that outlast a person. Watchbill {__version__}",
            "long_description": _LONG,
            "background_color": "#12324a",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "watchbill", "always_online": True},
            "shortcuts": [dict(shortcut) for shortcut in SHORTCUTS],
            "slash_commands": [
                {
                    "command": "/incident",
                    "description": "Declare and run incidents",
                    "usage_hint": "[declare | list | severity | resolve | rota | help]",
                    "should_escape": True,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": [*SCOPES, *OPTIONAL_SCOPES], "bot_optional": list(OPTIONAL_SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }
