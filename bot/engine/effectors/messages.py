"""Messages: the card, the announcement, the offer of command, and everything that is said once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.actions import effects
from bot.actions.membership import archived, commander, warn_commander
from bot.domain.command import HandoffState
from bot.domain.effect import Effect, EffectKind
from bot.domain.incident import Incident
from bot.engine.effectors.base import (
    Call,
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
from bot.messages import card, posts
from bot.messages.kit import Message, metadata
from storage import command, incidents, outbox, people
from storage.store import Tx

SWEEP_AFTER = timedelta(seconds=60)
_GONE = frozenset({"is_archived", "channel_not_found", "not_in_channel", "message_not_found", "cant_update_message"})


class _Message(Effector):
    """A message in a channel: posted when it is not there yet, else edited."""

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        if call.method != "chat.postMessage":
            return
        self.posted(tx, effect, answer["channel"], answer["ts"])
        if effect.sends > 0:
            # It was sent more than once: if an earlier request arrives after all, the later copy goes.
            _sweep(tx, effect, answer["channel"], call.marker)

    def posted(self, tx: Tx, effect: Effect, channel: str, ts: str) -> None:
        """Remember where it stands."""


class Card(_Message):
    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident = on.incident(effect)
        if incident.channel_archived:
            return Drop("the channel is archived")
        message = card.card(on.overview(effect))
        return _post_or_edit(message, channel_of(incident), incident.card_ts, f"{incident.name}:card")

    def posted(self, tx: Tx, effect: Effect, channel: str, ts: str) -> None:
        incident = incidents.change(tx, incident_of(tx, effect).number, card_ts=ts)
        effects.pin_card(tx, incident, ts)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        incident = incident_of(tx, effect)
        if error in {"message_not_found", "cant_update_message"}:
            # Somebody deleted the card: the incident gets another.
            incidents.change(tx, incident.number, card_ts=None)
            return Retry()
        return _channel_trouble(tx, incident, effect, error)


class Announcement(_Message):
    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident = on.incident(effect)
        wanted = on.settings.channels.announcements
        channel = incident.announcement_channel or people.channel_id(on.tx, wanted.lstrip("#")) or wanted
        message = card.announcement(on.overview(effect))
        return _post_or_edit(message, channel, incident.announcement_ts, f"{incident.name}:announcement")

    def posted(self, tx: Tx, effect: Effect, channel: str, ts: str) -> None:
        incidents.change(tx, incident_of(tx, effect).number, announcement_channel=channel, announcement_ts=ts)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        incident = incident_of(tx, effect)
        if call.method == "chat.update":
            return Drop(error)
        wanted = call.arguments["channel"]
        named = f"<#{wanted}>" if wanted.startswith("C") else wanted
        hint = "Create it, or invite me there. The operator then runs `watchbill outbox retry`."
        effects.tell(
            tx,
            incident,
            incident.declared_by,
            "trouble",
            f"{incident.name}:announcement:{error}",
            doing=f"announce it in {named}",
            why=f"Slack says `{error}`.",
            hint=hint,
        )
        return Fail(error)


class Offer(_Message):
    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident = on.incident(effect)
        handoff = command.handoff_by_id(on.tx, effect.intent["handoff"])
        if handoff.message_ts is None and handoff.state is HandoffState.WITHDRAWN:
            return Drop("withdrawn before it was posted")
        message = posts.offer(on.overview(effect), handoff, on.tx.now)
        channel = handoff.message_channel or effect.intent.get("to") or channel_of(incident)
        return _post_or_edit(message, channel, handoff.message_ts, f"{incident.name}:offer:{handoff.id}")

    def posted(self, tx: Tx, effect: Effect, channel: str, ts: str) -> None:
        command.offer_posted(tx, effect.intent["handoff"], channel, ts)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        incident = incident_of(tx, effect)
        if error in _GONE and call.method == "chat.postMessage" and not effect.intent.get("to"):
            _note_archived(tx, incident, error)
            handoff = command.handoff_by_id(tx, effect.intent["handoff"])
            return Retry(intent={**effect.intent, "to": handoff.offered_to})
        return Drop(error) if call.method == "chat.update" else Fail(error)


class Post(_Message):
    """Something said once, in the incident's channel or (`to`) to one person."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident = on.incident(effect)
        to = effect.intent.get("to")
        shift = _shift(on.tx, effect)
        post = posts.Post(
            overview=on.overview(effect),
            about=effect.intent["about"],
            zone=_zone(on.tx, to),
            shift=shift,
            actor=_name(on.tx, effect.intent["about"].get("by")),
        )
        message = posts.POSTS[effect.intent["what"]](post)
        return _post_or_edit(message, to or channel_of(incident), None, effect.key)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        incident = incident_of(tx, effect)
        if effect.intent.get("to"):
            return Fail(error)
        if error in _GONE:
            _note_archived(tx, incident, error)
            return Retry(intent={**effect.intent, "to": commander(tx, incident) or incident.declared_by})
        return Fail(error)


def _post_or_edit(message: Message, channel: str, ts: str | None, marker: str) -> Call:
    arguments = {"channel": channel, **message.as_arguments()}
    if ts:
        return Call(method="chat.update", arguments={**arguments, "ts": ts})
    arguments |= {"metadata": metadata(marker), "unfurl_links": False, "unfurl_media": False}
    return Call(method="chat.postMessage", arguments=arguments, look=Look.HISTORY, marker=marker)


def _channel_trouble(tx: Tx, incident: Incident, effect: Effect, error: str) -> Verdict:
    """The incident's channel can't be written to: tell the IC once and let it be."""
    if _note_archived(tx, incident, error):
        return Drop(error)
    warn_commander(
        tx,
        incident,
        "trouble",
        f"card:{error}",
        doing="show the card in the channel",
        why=f"Slack says `{error}`.",
        hint=f"Invite me there again: `/invite @watchbill` in <#{incident.channel_id}>.",
    )
    return Fail(error)


def _note_archived(tx: Tx, incident: Incident, error: str) -> bool:
    if error not in {"is_archived", "channel_not_found"}:
        return False
    archived(tx, channel_of(incident), None, lost=error == "channel_not_found")
    return True


def _sweep(tx: Tx, effect: Effect, channel: str, marker: str) -> None:
    outbox.enqueue(
        tx,
        f"sweep:{effect.id}",
        EffectKind.SWEEP,
        f"sweep:{effect.id}",
        incident=effect.incident,
        needs_channel=False,
        delay=SWEEP_AFTER,
        channel=channel,
        marker=marker,
        since=(effect.first_try_at or tx.now).timestamp(),
    )


def _zone(tx: Tx, person: str | None) -> ZoneInfo:
    known = people.get(tx, person) if person else None
    return known.tz if known else ZoneInfo("UTC")


def _name(tx: Tx, person: str | None) -> str:
    known = people.get(tx, person) if person else None
    return known.name if known else ""


def _shift(tx: Tx, effect: Effect) -> Any:
    shift = effect.intent["about"].get("shift")
    return command.shift(tx, shift) if shift else None
