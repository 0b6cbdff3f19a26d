"""What makes the channel easy to read: topic, pin, bookmarks. Nothing depends on them, so nothing waits for them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.actions import effects
from bot.domain.effect import Effect
from bot.domain.incident import Incident
from bot.engine.effectors.base import (
    Call,
    Done,
    Drop,
    Effector,
    Look,
    Planning,
    Retry,
    Verdict,
    channel_of,
    incident_of,
)
from bot.heard import permalink
from bot.messages.card import topic
from bot.profile import meet
from storage import incidents, people
from storage.store import Tx

# Whoever acts is asked about beside the answer to them: so long the topic lets that be the one call about them.
_HEARD_WITHIN = timedelta(seconds=3)
_LOOK_AGAIN = timedelta(seconds=0.5)


class Topic(Effector):
    """A topic shows no mention, so the commander's name must be known: if it is not, it is asked for first."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop | Retry:
        incident = on.incident(effect)
        if incident.channel_archived:
            return Drop("the channel is archived")
        at_a_glance = on.overview(effect)
        held = at_a_glance.command
        known = people.get(on.tx, held.person) if held else None
        if held and known is None and not effect.intent.get("nameless"):
            if timedelta() <= on.tx.now - effect.created_at < _HEARD_WITHIN:
                return Retry(delay=_LOOK_AGAIN)
            return Call(method="users.info", arguments={"user": held.person})
        text = topic(at_a_glance, known.name if known else "")
        return Call(method="conversations.setTopic", arguments={"channel": channel_of(incident), "topic": text})

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        if call.method != "users.info":
            _learn_name(tx, effect, answer)
            return
        meet(tx, answer["user"])
        effects.set_topic(tx, incident_of(tx, effect), f"named{effect.id}")

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        if call.method == "users.info":
            return Retry(intent={**effect.intent, "nameless": True})
        return Drop(error)


def _learn_name(tx: Tx, effect: Effect, answer: Mapping[str, Any]) -> None:
    """The answer shows the channel: the name of one that was there before is heard nowhere else."""
    name = (answer.get("channel") or {}).get("name")
    incident = incident_of(tx, effect)
    if name and name != incident.channel_name:
        incidents.change(tx, incident.number, channel_name=name)


class Pin(Effector):
    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident = on.incident(effect)
        if not incident.card_ts:
            return Drop("there is no card")
        return Call(method="pins.add", arguments={"channel": channel_of(incident), "timestamp": incident.card_ts})

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        return Done() if error == "already_pinned" else Drop(error)


class Bookmark(Effector):
    """The card and the call above the channel. Adding is not idempotent, so an uncertain one is looked for."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident = on.incident(effect)
        channel = channel_of(incident)
        which = effect.intent["which"]
        if which == "call" and not incident.call_url:
            return _without_call(incident, channel)
        if which == "call":
            title, emoji, link = "Call", ":telephone_receiver:", incident.call_url
        else:
            title, emoji, link = "Incident card", ":pushpin:", permalink(channel, incident.card_ts or "")
        arguments = {"channel_id": channel, "title": title, "link": link, "emoji": emoji}
        if which == "call" and incident.call_bookmark:
            return Call(method="bookmarks.edit", arguments={**arguments, "bookmark_id": incident.call_bookmark})
        arguments["type"] = "link"
        return Call(method="bookmarks.add", arguments=arguments, look=Look.BOOKMARKS, marker=link)

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        if effect.intent["which"] == "call":
            made = None if call.method == "bookmarks.remove" else answer["bookmark"]["id"]
            incidents.change(tx, incident_of(tx, effect).number, call_bookmark=made)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        if call.method in {"bookmarks.edit", "bookmarks.remove"} and error == "not_found":
            # Somebody took it away: it is added anew, if there is a call.
            incidents.change(tx, incident_of(tx, effect).number, call_bookmark=None)
            return Retry()
        return Drop(error)


def _without_call(incident: Incident, channel: str) -> Call | Drop:
    if not incident.call_bookmark:
        return Drop("there is no call")
    arguments = {"channel_id": channel, "bookmark_id": incident.call_bookmark}
    return Call(method="bookmarks.remove", arguments=arguments)
