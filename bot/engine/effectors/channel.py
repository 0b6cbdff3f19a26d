"""The incident's channel: created, or adopted when an earlier try made it, and people brought in."""

from collections.abc import Mapping
from typing import Any

from bot.actions import effects
from bot.actions.incident.membership import warn_commander
from bot.domain.effect import Effect
from bot.domain.naming import channel_name
from bot.engine.effectors.base import (
    Call,
    Done,
    Drop,
    Effector,
    Fail,
    Look,
    Planning,
    Retry,
    Verdict,
    channel_of,
    incident_of,
)
from storage import incidents
from storage.store import Tx

_MOST_ATTEMPTS = 50
_HARMLESS = frozenset({"already_in_channel", "cant_invite_self"})
_HINT = "Ask an admin to let me create channels, or let the incident live in a channel that exists."
_HINT_PRIVATE = "Ask an admin to let me create private channels; until then use its number: `/incident show INC-…`"


class CreateChannel(Effector):
    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident = on.incident(effect)
        if incident.channel_id:
            return Drop("it has a channel")
        title = "" if effect.intent.get("plain") else incident.title
        name = channel_name(on.settings.naming.channel, incident.number, title, effect.intent.get("attempt", 1))
        look = Look.OWN_CHANNELS
        return Call(
            method="conversations.create",
            arguments={"name": name, "is_private": incident.private},
            look=look,
            marker=name,
        )

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        channel = answer["channel"]
        incidents.change(tx, incident_of(tx, effect).number, channel_id=channel["id"], channel_name=channel["name"])

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        attempt = effect.intent.get("attempt", 1)
        if error == "name_taken" and attempt < _MOST_ATTEMPTS:
            if effect.sends > 0 and not effect.intent.get("looked"):
                # Maybe by our own try whose answer was lost, and which came after the look.
                return Retry(intent={**effect.intent, "looked": True}, look=True)
            return Retry(intent={"plain": effect.intent.get("plain", False), "attempt": attempt + 1})
        if error.startswith("invalid_name") and not effect.intent.get("plain"):
            return Retry(intent={**effect.intent, "plain": True})
        _give_up(tx, effect, error)
        return Fail(error)


def _give_up(tx: Tx, effect: Effect, error: str) -> None:
    """The incident goes on without a channel: the declarer hears what can be done.

    What waited and has somewhere else to go, the announcement and what is said, goes there from now on.
    """
    incident = incident_of(tx, effect)
    why = "this workspace doesn't let me." if error == "restricted_action" else f"Slack says `{error}`."
    what, hint = ("trouble", _HINT_PRIVATE) if incident.private else ("trouble-channel", _HINT)
    cause = f"{effect.key}:{error}"
    effects.tell(tx, incident, incident.declared_by, what, cause, doing="create the channel", why=why, hint=hint)


class Invite(Effector):
    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident = on.incident(effect)
        if incident.channel_archived:
            return Drop("the channel is archived")
        users = ",".join(effect.intent["people"][:100])
        return Call(
            method="conversations.invite", arguments={"channel": channel_of(incident), "users": users, "force": True}
        )

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        # The others are in; whoever asked for all of them must not believe that all came.
        if failed := _failed(answer):
            _tell_of(tx, effect, failed)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        failed = _failed(answer)
        if error not in _HARMLESS and (failed or not answer.get("errors")):
            _tell_of(tx, effect, failed or [{"error": error}])
        return Done()


def _failed(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Who could not be invited, and why."""
    return [found for found in answer.get("errors") or [] if found.get("error") not in _HARMLESS]


def _tell_of(tx: Tx, effect: Effect, failed: list[Mapping[str, Any]]) -> None:
    people = [found["user"] for found in failed if found.get("user")] or effect.intent["people"]
    named = " ".join(f"<@{person}>" for person in people)
    why = f"Slack says `{failed[0]['error']}`."
    incident = incident_of(tx, effect)
    warn_commander(tx, incident, "trouble", effect.key, doing=f"invite {named}", why=why, hint="Invite them by hand.")
