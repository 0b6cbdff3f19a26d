"""What makes the channel easy to read: topic, pin, bookmarks. Nothing depends on them, so nothing waits for them."""

from collections.abc import Mapping
from typing import Any

from bot.actions.overview import overview
from bot.domain.effect import Effect
from bot.engine.effectors.base import Call, Done, Drop, Effector, Look, Verdict, channel_of, incident_of
from bot.messages.card import topic
from bot.settings import Settings
from storage import people
from storage.store import Tx


class Topic(Effector):
    def plan(self, tx: Tx, settings: Settings, effect: Effect) -> Call | Drop:
        incident = incident_of(tx, effect)
        if incident.channel_archived:
            return Drop("the channel is archived")
        at_a_glance = overview(tx, incident)
        known = people.get(tx, at_a_glance.command.person) if at_a_glance.command else None
        text = topic(at_a_glance, known.name if known else "")
        return Call(method="conversations.setTopic", arguments={"channel": channel_of(incident), "topic": text})

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        return Drop(error)


class Pin(Effector):
    def plan(self, tx: Tx, settings: Settings, effect: Effect) -> Call | Drop:
        incident = incident_of(tx, effect)
        if not incident.card_ts:
            return Drop("there is no card")
        return Call(method="pins.add", arguments={"channel": channel_of(incident), "timestamp": incident.card_ts})

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        return Done() if error == "already_pinned" else Drop(error)


class Bookmark(Effector):
    """The card and the call above the channel. Adding is not idempotent, so an uncertain one is looked for."""

    def plan(self, tx: Tx, settings: Settings, effect: Effect) -> Call | Drop:
        incident = incident_of(tx, effect)
        channel = channel_of(incident)
        which = effect.intent["which"]
        if which == "call":
            title, emoji, link = "Call", ":telephone_receiver:", incident.call_url
        else:
            title, emoji, link = "Incident card", ":pushpin:", _permalink(channel, incident.card_ts)
        arguments = {"channel_id": channel, "title": title, "type": "link", "link": link, "emoji": emoji}
        return Call(method="bookmarks.add", arguments=arguments, look=Look.BOOKMARKS, marker=link)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        return Drop(error)


def _permalink(channel: str, ts: str | None) -> str:
    # slack.com sends whoever is signed in on to their own workspace.
    return f"https://slack.com/archives/{channel}/p{(ts or '').replace('.', '')}"
