"""Messages: the card, the announcement, the offer of command, and everything that is said once."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.actions import effects
from bot.actions.incident.membership import commander, warn_commander
from bot.actions.standing import may_see
from bot.actions.waking import fallbacks
from bot.domain.boundary import step_key
from bot.domain.effect import Effect, must_look_first
from bot.domain.incident import Incident, PersonId
from bot.domain.reminder import ReminderKind
from bot.engine.effectors.base import (
    Call,
    Drop,
    Fail,
    Planning,
    Retry,
    Verdict,
    channel_of,
    incident_of,
)
from bot.engine.effectors.gathering import post_of, post_of_offer
from bot.engine.effectors.posting import GONE, Posting, note_archived, post_or_edit
from bot.messages import card, posts
from bot.messages.command import command_posts
from storage import handoffs, incidents, people, reminders, said
from storage.store import Tx


class Card(Posting):
    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident = on.incident(effect)
        if incident.channel_archived:
            return Drop("the channel is archived")
        message = card.card(on.overview(effect))
        return post_or_edit(message, channel_of(incident), incident.card_ts, f"{incident.name}:card")

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


class Announcement(Posting):
    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident = on.incident(effect)
        wanted = on.settings.channels.announcements
        channel = incident.announcement_channel or people.place_of(on.tx, wanted)
        message = card.announcement(on.overview(effect))
        return post_or_edit(message, channel, incident.announcement_ts, f"{incident.name}:announcement")

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


class Offer(Posting):
    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident = on.incident(effect)
        handoff = handoffs.get(on.tx, effect.intent["handoff"])
        if handoff.message_ts is None and not handoff.is_open and handoff.accepted_by is None:
            return Drop(f"{handoff.state} before it was posted")
        if handoff.message_ts is None and not must_look_first(effect) and fallbacks.left_to_slack(on.tx, handoff):
            return Drop("Slack's timer says it, or has said it: that becomes the offer")
        declined = handoff.offered_to in handoffs.declined(on.tx, handoff.id)
        message = command_posts.offer(post_of_offer(on, effect, handoff), declined)
        channel = handoff.message_channel or effect.intent.get("to") or incident.channel_id or handoff.offered_to
        return post_or_edit(message, channel, handoff.message_ts, f"{incident.name}:offer:{handoff.id}")

    def posted(self, tx: Tx, effect: Effect, channel: str, ts: str) -> None:
        handoffs.change(tx, effect.intent["handoff"], message_channel=channel, message_ts=ts)
        # Nobody needs Slack to say it any more.
        fallbacks.plan(tx, incident_of(tx, effect))

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        incident = incident_of(tx, effect)
        if error in GONE and call.method == "chat.postMessage" and _meant_for_channel(incident, effect):
            note_archived(tx, incident, error)
            handoff = handoffs.get(tx, effect.intent["handoff"])
            return Retry(intent={**effect.intent, "to": handoff.offered_to})
        return Drop(error) if call.method == "chat.update" else Fail(error)


# Whoever held a role of a private incident and was put out of it may know that it is over for them.
_TO_ANYBODY = frozenset({"relieved"})


class Post(Posting):
    """Something said once, in the incident's channel or (`to`) to one person."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident = on.incident(effect)
        if edited := effect.intent.get("edits"):
            return _edit(on, effect, edited)
        if incident.channel_id is None and not effect.intent.get("to"):
            # It is claimed all the same: no channel could be created.
            effect = replace(effect, intent={**effect.intent, "to": _whom_to_tell(on.tx, incident)})
        to = effect.intent.get("to")
        known = on.people([to]).get(to) if to else None
        if known and known.deactivated:
            return Drop("they left the workspace")
        if to and effect.intent["what"] not in _TO_ANYBODY and not may_see(on.tx, incident, to):
            return Drop("they are not in it")
        post, what = post_of(on, effect), effect.intent["what"]
        if not must_look_first(effect) and (why := posts.needless(post, what)):
            if why == posts.BOUNDARY_PASSED and post.shift:
                by = step_key(post.shift, ReminderKind.SHIFT_BOUNDARY)
                reminders.cover(on.tx, str(post.about["reminder"]), by)
            return Drop(why)
        message = posts.POSTS[what](post)
        return post_or_edit(message, to or channel_of(incident), None, effect.key)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        incident = incident_of(tx, effect)
        if call.method == "chat.update":
            return Drop(error)
        if error in GONE and _meant_for_channel(incident, effect):
            note_archived(tx, incident, error)
            return Retry(intent={**effect.intent, "to": _whom_to_tell(tx, incident)})
        return Fail(error)


def _edit(on: Planning, effect: Effect, key: str) -> Call | Drop:
    """What was said under that key once, with other words in its place."""
    place = said.place_of(on.tx, key)
    if place is None:
        return Drop("it was never said")
    message = posts.POSTS[effect.intent["what"]](post_of(on, effect))
    return post_or_edit(message, *place, key)


def _meant_for_channel(incident: Incident, effect: Effect) -> bool:
    return incident.channel_id is not None and not effect.intent.get("to")


def _whom_to_tell(tx: Tx, incident: Incident) -> PersonId:
    """Who hears by DM what can't be said in the channel."""
    return commander(tx, incident) or incident.declared_by


def _channel_trouble(tx: Tx, incident: Incident, effect: Effect, error: str) -> Verdict:
    """The incident's channel can't be written to: tell the IC once and let it be."""
    if note_archived(tx, incident, error):
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
