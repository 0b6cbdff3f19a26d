"""A status update in the incident's channel: posted once, edited when it was corrected."""

from collections.abc import Mapping
from typing import Any

from bot.actions.incident.membership import commander
from bot.domain.effect import Effect
from bot.engine.effectors.base import Call, Drop, Fail, Planning, Retry, Verdict, incident_of
from bot.engine.effectors.posting import GONE, Posting, note_archived, post_or_edit
from bot.messages.communication import update_texts
from bot.messages.kit import escape, person
from storage import updates
from storage.store import Tx


class UpdatePosted(Posting):
    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident, update = on.incident(effect), updates.get(on.tx, effect.intent["update"])
        correction = updates.correction_of(on.tx, update.id)
        title = updates.public_title(on.tx, incident.number) or incident.title
        known = on.names([update.published_by])
        by = escape(known.get(update.published_by or "", "")) or person(update.published_by)
        by = by if update.published_by else update_texts.BY_HAND
        message = update_texts.posted(incident, update, title, by, on.tx.now, correction)
        elsewhere = commander(on.tx, incident) or incident.declared_by
        channel = update.message_channel or effect.intent.get("to") or incident.channel_id or elsewhere
        return post_or_edit(message, channel, update.message_ts, f"{incident.name}:update:{update.id}")

    def posted(self, tx: Tx, effect: Effect, channel: str, ts: str) -> None:
        updates.change(tx, effect.intent["update"], message_channel=channel, message_ts=ts)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        incident = incident_of(tx, effect)
        if call.method == "chat.update":
            return Drop(error)
        if error in GONE and incident.channel_id and not effect.intent.get("to"):
            note_archived(tx, incident, error)
            return Retry(intent={**effect.intent, "to": commander(tx, incident) or incident.declared_by})
        return Fail(error)
