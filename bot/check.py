"""`watchbill check`: everything that can be wrong before anyone needs the bot, each with its remedy."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from bot.clock import SystemClock
from bot.engine.looking import find_channel
from bot.manifest import SCOPES
from bot.settings import Settings, missing_tokens
from bot.slack import Ok, Outcome, Refused, SlackGateway
from storage import migrate

_SKEW_SECONDS = 60


async def problems(settings: Settings) -> list[str]:
    """Each problem found, as a sentence and its remedy; none: all is well."""
    found = missing_tokens(settings) + _database(settings)
    if not settings.bot_token.get_secret_value():
        return found
    gateway = SlackGateway(settings.slack_api_url, settings.bot_token.get_secret_value())
    try:
        outcome, headers = await gateway.identify()
        found += token(outcome)
        if isinstance(outcome, Ok):
            found += scopes(headers.get("x-oauth-scopes", ""))
            found += skew(headers.get("date", ""), SystemClock().now())
            found += await _app_token(gateway, settings)
            found += await _channels(gateway, settings)
    finally:
        await gateway.close()
    return found


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
    have = {scope.strip() for scope in granted.split(",")}
    missing = {scope: why for scope, why in SCOPES.items() if scope not in have}
    remedy = "add it under OAuth & Permissions (or paste the new `watchbill manifest`) and reinstall the app."
    return [f"The scope {scope} is missing, needed for {why}: {remedy}" for scope, why in missing.items()]


def skew(date: str, now: datetime) -> list[str]:
    """How far this machine's clock is from Slack's, when that is more than a minute."""
    if not date:
        return []
    seconds = (now - parsedate_to_datetime(date)).total_seconds()
    if abs(seconds) <= _SKEW_SECONDS:
        return []
    way = "ahead of" if seconds > 0 else "behind"
    return [f"This machine's clock is {abs(seconds):.0f} s {way} Slack's: switch on time synchronisation (NTP)."]


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


async def _channels(gateway: SlackGateway, settings: Settings) -> list[str]:
    wanted: Mapping[str, Any] = settings.channels.model_dump()
    found = []
    for use, channel in wanted.items():
        if channel[0] in "CG" and channel.isupper():
            continue
        outcome = await find_channel(gateway, channel)
        if isinstance(outcome, Refused) and outcome.error == "channel_not_found":
            found.append(
                f"There is no public channel {channel} for {use}: create it, or set channels.{use} in the TOML file."
            )
    return found
