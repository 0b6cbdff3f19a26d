"""User groups of Slack: the one that holds the ICs, and those that say who commanders, managers and publishers are.

A workspace may have none, or not let a bot change them. Nothing depends on it: what is refused is dropped, the log says
so, and `watchbill check` says what to do.
"""

import json
from collections.abc import Mapping
from typing import Any

from bot import log
from bot.actions import effects
from bot.domain.effect import Effect
from bot.domain.incident import PersonId
from bot.engine.effectors.base import Call, Drop, Effector, Planning, Retry, Verdict
from bot.profile import meet
from storage import command, people
from storage.store import Tx

_ABOUT_PEOPLE = frozenset({"invalid_users", "failed_for_some_users"})
_log = log.get("usergroup")


class CommandersGroup(Effector):
    """The ICs of the open incidents that are neither private nor drills. It can't be empty, so the last ones stay."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        usergroup = on.settings.command.usergroup
        if usergroup is None:
            return Drop("no user group is set")
        without = {*effect.intent.get("without", ()), *_cannot_be_in(on.tx)}
        wanted = [person for person in command.public_commanders(on.tx) if person not in without]
        if not wanted:
            return Drop("nobody commands, and a group can't be empty")
        return Call(method="usergroups.users.update", arguments={"usergroup": usergroup, "users": ",".join(wanted)})

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        without = list(effect.intent.get("without", ()))
        unusable = _named_in(answer, call.arguments["users"].split(",")) if error in _ABOUT_PEOPLE else []
        if unusable:
            return Retry(intent={**effect.intent, "without": [*without, *unusable]})
        return _refused(call, error)


class ReadGroup(Effector):
    """Who is in a group that the settings name. What can't be read stays as it was read last.

    Members who were never met are asked about, each by an effect of their own: they are told things in their zone.
    """

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        person = effect.intent.get("person")
        if person is None:
            return Call(method="usergroups.users.list", arguments={"usergroup": effect.intent["usergroup"]})
        if people.get(on.tx, person):
            return Drop("they were met already")
        return Call(method="users.info", arguments={"user": person})

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        if "person" in effect.intent:
            meet(tx, answer["user"])
            return
        members = [PersonId(person) for person in answer.get("users") or []]
        people.save_group(tx, effect.intent["usergroup"], members)
        known = people.find(tx, members)
        for person in members:
            if person not in known:
                effects.meet_member(tx, effect.intent["usergroup"], person, f"read{effect.id}")

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        return Drop(error) if "person" in effect.intent else _refused(call, error)


def _cannot_be_in(tx: Tx) -> list[PersonId]:
    """The ICs who, as far as is known, have left, are bots or are of another workspace: Slack takes none of these."""
    known = people.find(tx, command.public_commanders(tx)).values()
    return [person.id for person in known if person.deactivated or person.bot or person.foreign]


def _named_in(answer: Mapping[str, Any], asked: list[PersonId]) -> list[PersonId]:
    """Whom a refusal names; Slack does not document where in it."""
    text = json.dumps(dict(answer))
    return [person for person in asked if person in text]


def _refused(call: Call, error: str) -> Drop:
    _log.warning("user group refused", method=call.method, usergroup=call.arguments["usergroup"], error=error)
    return Drop(error)
