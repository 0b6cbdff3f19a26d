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
    "channels:history": "finding a message again when Slack's answer was lost",
    "channels:join": "joining the announcement channel",
    "groups:write": "creating private incident channels",
    "groups:read": "finding private incident channels",
    "groups:history": "finding a message again in a private channel",
    "im:write": "direct messages: handoff pings",
    "im:read": "finding direct messages",
    "im:history": "finding a direct message again",
    "users:read": "names, time zones, who is deactivated",
    "pins:write": "pinning the card",
    "bookmarks:read": "not bookmarking twice",
    "bookmarks:write": "bookmarks for the card and the call",
}
EVENTS = (
    "app_home_opened",
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
    "user_change",
)
_LONG = (
    "Declares incidents from a slash command, makes a channel for each, keeps a card, a topic and an announcement"
    " current, and hands command over from one rested person to the next, with an acknowledgement. All data stays on"
    " your own server."
)


def manifest() -> dict[str, Any]:
    """The manifest of an app in Socket Mode, version 2 of Slack's schema. No URL is in it: none is needed."""
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
            "slash_commands": [
                {
                    "command": "/incident",
                    "description": "Declare and run incidents",
                    "usage_hint": "[declare | list | severity | resolve | rota | help]",
                    "should_escape": True,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }
