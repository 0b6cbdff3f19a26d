"""What Slack asks of an app manifest (version 2), in our own words, and of its scopes and events besides.

Slack publishes a JSON Schema, but no maintained package carries it; this states its constraints for the parts that an
app such as this can have. That schema lets any scope and any event pass: here they must be ones that exist, and an
event must come with a scope that lets it through.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from jsonschema import Draft7Validator

from sandbox.facts import BOT_SCOPES

Json = dict[str, Any]

_FLAG: Final[Json] = {"type": "boolean"}
_INTEGER: Final[Json] = {"type": "integer"}


def _string(high: int, low: int = 1, pattern: str | None = None) -> Json:
    return {"type": "string", "minLength": low, "maxLength": high, **({"pattern": pattern} if pattern else {})}


def _array(items: Json, low: int = 0, high: int | None = None, unique: bool = False) -> Json:
    return {
        "type": "array",
        "items": items,
        "minItems": low,
        "uniqueItems": unique,
        **({"maxItems": high} if high is not None else {}),
    }


def _object(properties: Mapping[str, Json], *required: str) -> Json:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def _url(high: int) -> Json:
    return _string(high, pattern="^https?://")


# From the manifest types of the npm package @slack/web-api 8.2.0 (MIT); canvases and the like are missing there and
# come from the method reference. That one lists channels:write too, but a bot asks for channels:manage.
SCOPES: Final = (BOT_SCOPES - {"channels:write"}) | frozenset(
    """
    app_mentions:read calls:read calls:write chat:write.customize chat:write.public commands
    conversations.connect:manage conversations.connect:read conversations.connect:write incoming-webhook
    links.embed:write links:read links:write metadata.message:read mpim:write.invites remote_files:read
    remote_files:share remote_files:write team.billing:read team.preferences:read triggers:read triggers:write
    users.profile:read users:write
    """.split()
)

NEEDS: Final[Mapping[str, frozenset[str]]] = {
    event: frozenset(scopes.split())
    for events, scopes in (
        ("app_home_opened app_uninstalled tokens_revoked", ""),
        ("app_mention", "app_mentions:read"),
        (
            """
            channel_archive channel_created channel_deleted channel_id_changed channel_left channel_rename
            channel_shared channel_unarchive channel_unshared
            """,
            "channels:read",
        ),
        ("dnd_updated dnd_updated_user", "dnd:read"),
        ("emoji_changed", "emoji:read"),
        ("file_change file_created file_deleted file_public file_shared file_unshared", "files:read"),
        ("group_archive group_close group_deleted group_left group_open group_rename group_unarchive", "groups:read"),
        ("link_shared", "links:read"),
        ("member_joined_channel member_left_channel", "channels:read groups:read"),
        ("message.channels", "channels:history"),
        ("message.groups", "groups:history"),
        ("message.im", "im:history"),
        ("message.mpim", "mpim:history"),
        ("message_metadata_deleted message_metadata_posted message_metadata_updated", "metadata.message:read"),
        ("pin_added pin_removed", "pins:read"),
        ("reaction_added reaction_removed", "reactions:read"),
        ("subteam_created subteam_members_changed subteam_updated", "usergroups:read"),
        ("team_join user_change", "users:read"),
    )
    for event in events.split()
}
"""The events an app such as this may listen to, and the scopes of which one at least is needed."""

_SCOPE_LIST: Final = _array({"enum": sorted(SCOPES)}, high=255, unique=True)
_DISPLAY: Final = _object(
    {
        "name": _string(35),
        "description": _string(140),
        "long_description": _string(4000, low=175),
        "background_color": _string(7, low=4, pattern="^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$"),
    },
    "name",
)
_COMMAND: Final = _object(
    {
        "command": _string(32, low=2, pattern="^/"),
        "description": _string(2000),
        "usage_hint": _string(1000),
        "should_escape": _FLAG,
        "url": _url(3000),
    },
    "command",
    "description",
)
_SHORTCUT: Final = _object(
    {
        "name": _string(24),
        "type": {"enum": ["message", "global"]},
        "callback_id": _string(255),
        "description": _string(150),
    },
    "name",
    "type",
    "callback_id",
    "description",
)
_FEATURES: Final = _object(
    {
        "app_home": _object(
            dict.fromkeys(("home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"), _FLAG)
        ),
        "bot_user": _object({"display_name": _string(80), "always_online": _FLAG}, "display_name"),
        "slash_commands": _array(_COMMAND, 1, 50),
        "shortcuts": _array(_SHORTCUT, 1, 10),
        "unfurl_domains": _array(_string(255, pattern=r"^(?![.-])[-a-z0-9.]+[a-z0-9]$"), 1, 5, unique=True),
    }
)
_OAUTH: Final = _object(
    {
        "redirect_urls": _array({"type": "string", "maxLength": 2500}, high=1000, unique=True),
        "scopes": _object({"bot": _SCOPE_LIST, "bot_optional": _SCOPE_LIST}),
        "token_management_enabled": _FLAG,
        "pkce_enabled": _FLAG,
    }
)
_METADATA_EVENT: Final = _object({"app_id": {"type": "string"}, "event_type": _string(50)}, "app_id", "event_type")
_SETTINGS: Final = _object(
    {
        "event_subscriptions": _object(
            {
                "request_url": _url(3500),
                "bot_events": _array({"enum": sorted(NEEDS)}, high=100, unique=True),
                "metadata_subscriptions": _array(_METADATA_EVENT, 1, 20, unique=True),
            }
        ),
        "interactivity": _object(
            {"is_enabled": _FLAG, "request_url": _url(3500), "message_menu_options_url": _url(3500)}, "is_enabled"
        ),
        **dict.fromkeys(
            ("org_deploy_enabled", "socket_mode_enabled", "is_hosted", "token_rotation_enabled", "is_mcp_enabled"),
            _FLAG,
        ),
    }
)
SCHEMA: Final = _object(
    {
        "_metadata": _object(
            dict.fromkeys(("major_version", "minor_version", "schema_version", "min_version"), _INTEGER)
        ),
        "display_information": _DISPLAY,
        "features": _FEATURES,
        "oauth_config": _OAUTH,
        "settings": _SETTINGS,
    },
    "display_information",
)


def manifest_problems(manifest: object) -> list[str]:
    """What Slack would refuse in this manifest, or silently not do; empty: nothing."""
    found = [f"{error.json_path}: {error.message}" for error in Draft7Validator(SCHEMA).iter_errors(manifest)]
    return found or [*_scopes(manifest), *_names(manifest), *_urls(manifest)]


def _at(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name, {})
    return value or []


def _scopes(manifest: Any) -> Iterator[str]:
    bot = set(_at(manifest, "oauth_config", "scopes", "bot"))
    for scope in set(_at(manifest, "oauth_config", "scopes", "bot_optional")) - bot:
        yield f"bot_optional: {scope} is not among the bot's scopes"
    for event in _at(manifest, "settings", "event_subscriptions", "bot_events"):
        if NEEDS[event] and not NEEDS[event] & bot:
            yield f"{event} needs a scope: {', '.join(sorted(NEEDS[event]))}"
    if _at(manifest, "features", "slash_commands") and "commands" not in bot:
        yield "slash commands need a scope: commands"


def _names(manifest: Any) -> Iterator[str]:
    for kind, key in (("slash_commands", "command"), ("shortcuts", "callback_id")):
        names: Sequence[str] = [one[key] for one in _at(manifest, "features", kind)]
        if len(set(names)) < len(names):
            yield f"{kind}: {key} must be unique"


def _urls(manifest: Any) -> Iterator[str]:
    """Socket Mode and addresses exclude each other; without it, everything needs one."""
    commands = _at(manifest, "features", "slash_commands")
    settings = manifest.get("settings", {})
    doors = [*commands, settings.get("interactivity", {}), settings.get("event_subscriptions", {})]
    addressed = [door for door in doors if "url" in door or "request_url" in door]
    if settings.get("socket_mode_enabled") and addressed:
        yield "with socket_mode_enabled no address may be given"
    if not settings.get("socket_mode_enabled") and len(addressed) < len([door for door in doors if door]):
        yield "without socket_mode_enabled commands, interactivity and events need an address each"
