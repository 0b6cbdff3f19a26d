"""Commanders, managers, publishers: people named in the settings, by themselves or by a user group of Slack."""

from collections.abc import Iterable

from bot.actions import effects
from bot.domain.incident import PersonId
from bot.settings import Settings
from storage import people
from storage.store import Tx


def commanders(tx: Tx, settings: Settings) -> list[PersonId]:
    """Who may change command, rota and duty of any incident."""
    return members(tx, settings.groups.commanders)


def managers(tx: Tx, settings: Settings) -> list[PersonId]:
    """The last rung of the ladder."""
    return members(tx, settings.groups.managers)


def members(tx: Tx, named: Iterable[str]) -> list[PersonId]:
    """The people behind member IDs and user group IDs, each once, in order; a group never read yet is empty."""
    found: list[PersonId] = []
    for one in named:
        found += people.group(tx, one) if one.startswith("S") else [one]
    return list(dict.fromkeys(found))


def usergroups(settings: Settings) -> list[str]:
    """The user groups that the settings name, each once."""
    groups = settings.groups
    named = [*groups.commanders, *groups.managers, *groups.publishers]
    return list(dict.fromkeys(one for one in named if one.startswith("S")))


def read_all(tx: Tx, settings: Settings) -> None:
    """Have Slack asked who is in the user groups that the settings name."""
    for usergroup in usergroups(settings):
        read_again(tx, settings, usergroup)


def read_again(tx: Tx, settings: Settings, usergroup: str) -> None:
    """Have Slack asked who is in that user group now, if the settings name it."""
    if usergroup in usergroups(settings):
        effects.read_group(tx, usergroup, f"{tx.now.timestamp():.6f}")
