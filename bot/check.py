"""`watchbill check`: everything that can be wrong before anyone needs the bot, each with its remedy."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from bot import check_places
from bot.clock import SystemClock
from bot.domain.clock_step import skew_sentence
from bot.engine.looking import find_channel
from bot.manifest import OPTIONAL_SCOPES, SCOPES
from bot.messages.waking.operators import no_digest
from bot.replica import binary
from bot.settings import Settings
from bot.settings_loading import missing_tokens
from bot.slack import Ok, Outcome, Refused, SlackGateway
from storage import desk, migrate

_UNPAID = "this workspace's plan has no user groups: name people by their member IDs, or take the setting out."
# What changing the group was refused for, and the remedy; the rest is seen by looking.
_REFUSALS = {
    "permission_denied": "Slack doesn't let the bot change user groups: let everyone manage them (workspace settings,"
    " Permissions, User Groups), or take the setting out.",
    "invalid_users": "Slack refuses one of the ICs, perhaps a guest: they can't be in a user group; the others go in"
    " when that person has handed over.",
    "failed_for_some_users": "Slack refuses one of the ICs, who is of another workspace: nobody can be in a user group"
    " of yours from there.",
}


async def problems(settings: Settings) -> list[str]:
    """Each problem found, as a sentence and its remedy; none: all is well."""
    database = _database(settings)
    found = missing_tokens(settings) + database + check_places.problems(settings, binary())
    found += await check_places.page_problems(settings)
    if not settings.bot_token.get_secret_value():
        return found
    gateway = SlackGateway(settings.slack_api_url, settings.bot_token.get_secret_value())
    try:
        outcome, headers = await gateway.identify()
        found += token(outcome)
        if isinstance(outcome, Ok):
            granted = headers.get("x-oauth-scopes", "")
            found += scopes(granted)
            found += skew(headers.get("date", ""), SystemClock(settings.clock_offset).now())
            if settings.slack_mode == "socket":
                found += await _app_token(gateway, settings)
            found += await _channels(gateway, settings)
            found += await _usergroups(gateway, settings, granted, known=not database)
    finally:
        await gateway.close()
    return found


def warnings(settings: Settings) -> list[str]:
    """What is no problem until something else happens, each with its remedy; none of a database that can't be used."""
    if _database(settings):
        return []
    found = check_places.warnings(settings, desk.contacts_given(settings.database_file))
    refusal = desk.digest_refusal(settings.database_file)
    return [*found, *([no_digest(settings.channels.digest, refusal)] if refusal else [])]


def token(outcome: Outcome) -> list[str]:
    """What is wrong with the bot token, by what auth.test said."""
    match outcome:
        case Ok():
            return []
        case Refused(error):
            return [
                f"Slack refuses SLACK_BOT_TOKEN ({error}): copy it anew from OAuth & Permissions, or reinstall the app."
            ]
        case _:
            return [f"Slack can't be reached ({outcome}): check SLACK_API_URL, the network and any proxy."]


def scopes(granted: str) -> list[str]:
    """Needed scopes that were not granted, each with what it is needed for."""
    return _missing(granted, SCOPES)


def _missing(granted: str, needed: Mapping[str, str]) -> list[str]:
    have = {scope.strip() for scope in granted.split(",")}
    missing = {scope: why for scope, why in needed.items() if scope not in have}
    remedy = "add it under OAuth & Permissions (or paste the new `watchbill manifest`) and reinstall the app."
    return [f"The scope {scope} is missing, needed for {why}: {remedy}" for scope, why in missing.items()]


def usergroup_scopes(settings: Settings, granted: str) -> list[str]:
    """The optional scopes that these settings need all the same and that were not granted."""
    wanted = {"usergroups:read"} if usergroups_named(settings) else set()
    wanted |= {"usergroups:write"} if settings.command.usergroup else set()
    return _missing(granted, {scope: why for scope, why in OPTIONAL_SCOPES.items() if scope in wanted})


def usergroups_named(settings: Settings) -> dict[str, str]:
    """The user groups that the settings name, and the setting that does."""
    named = {group: f"groups.{table}" for table, groups in settings.groups for group in groups if group[0] == "S"}
    return named | ({settings.command.usergroup: "command.usergroup"} if settings.command.usergroup else {})


def usergroups(settings: Settings, listed: Outcome) -> list[str]:
    """What is wrong with the user groups of the settings, by what usergroups.list said."""
    named = usergroups_named(settings)
    match listed:
        case Refused("plan_upgrade_required"):
            return [f"{' and '.join(sorted(set(named.values())))}: {_UNPAID}"]
        case Ok(data):
            there = {group["id"] for group in data.get("usergroups") or []}
            return [
                f"{setting}: there is no user group {group} in use: copy its ID anew from Slack, or take it out."
                for group, setting in named.items()
                if group not in there
            ]
    return []


def usergroup_refusal(error: str) -> list[str]:
    """What to do about Slack's last refusal to change the user group of the ICs."""
    return [f"command.usergroup: {_REFUSALS[error]}"] if error in _REFUSALS else []


def skew(date: str, now: datetime) -> list[str]:
    """How far this machine's clock is from Slack's, when that is more than a minute."""
    return skew_sentence((now - parsedate_to_datetime(date)).total_seconds()) if date else []


def _database(settings: Settings) -> list[str]:
    file = settings.database_file
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        version = migrate.version(file)
    except (OSError, migrate.DatabaseError) as error:
        return [f"The database {file} can't be used ({error}): check WATCHBILL_DATABASE_URL, the folder and its owner."]
    if version is not None and version > migrate.HEAD:
        return [
            f"The database {file} was written by a newer Watchbill ({version}): run that version, or restore a backup."
        ]
    return []


async def _app_token(gateway: SlackGateway, settings: Settings) -> list[str]:
    outcome = await gateway.open_connection(settings.app_token.get_secret_value())
    if isinstance(outcome, Refused):
        remedy = "make one with the scope connections:write under Basic Information, App-Level Tokens."
        return [f"Slack refuses SLACK_APP_TOKEN ({outcome.error}): {remedy}"]
    return []


async def _usergroups(gateway: SlackGateway, settings: Settings, granted: str, *, known: bool) -> list[str]:
    """`known`: the database can be asked what became of the last change."""
    if not usergroups_named(settings):
        return []
    if missing := usergroup_scopes(settings, granted):
        return missing
    if found := usergroups(settings, await gateway.call("usergroups.list", {})):
        return found
    last = desk.usergroup_refusal(settings.database_file) if known and settings.command.usergroup else ""
    return usergroup_refusal(last)


async def _channels(gateway: SlackGateway, settings: Settings) -> list[str]:
    wanted: Mapping[str, Any] = settings.channels.model_dump()
    found = []
    for use, channel in wanted.items():
        if not channel or (channel[0] in "CG" and channel.isupper()):
            continue
        outcome = await find_channel(gateway, channel)
        if isinstance(outcome, Refused) and outcome.error == "channel_not_found":
            found.append(
                f"There is no public channel {channel} for {use}: create it, or set channels.{use} in the TOML file."
            )
    return found
