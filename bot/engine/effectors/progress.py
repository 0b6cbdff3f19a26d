"""Progress in an incident's channel: one message about each measure, kept current, and charts that people ask for."""

import re
from collections.abc import Mapping
from typing import Any

from bot import charts, log
from bot.actions import effects
from bot.domain.effect import Effect
from bot.engine.effectors.base import (
    UPLOAD,
    Call,
    Drop,
    Effector,
    Look,
    Planning,
    Retry,
    Verdict,
    channel_of,
    incident_of,
)
from bot.engine.effectors.posting import GONE, Posting, note_archived, post_or_edit
from bot.messages.card import label
from bot.messages.communication import progress as texts
from storage import measures
from storage.store import Tx

_log = log.get("progress")


class Progress(Posting):
    """The one message about a measure."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident, number = on.incident(effect), effect.intent["measure"]
        if incident.channel_archived:
            return Drop("the channel is archived")
        channel, place = channel_of(incident), measures.shown(on.tx, number)
        ts = place.ts if place.channel == channel else None
        measure = next((one for one in on.overview(effect).measures if one.id == number), None)
        if measure is None and ts is None:
            return Drop("its readings were taken back before it was posted")
        now = on.tx.now
        message = texts.posted(label(incident), measure, now) if measure else texts.taken_away(label(incident))
        return post_or_edit(message, channel, ts, f"{incident.name}:measure:{number}")

    def posted(self, tx: Tx, effect: Effect, channel: str, ts: str) -> None:
        measures.set_shown(tx, effect.intent["measure"], channel, ts)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        if call.method == "chat.update" and error in {"message_not_found", "cant_update_message"}:
            # Somebody deleted it: there is another.
            measures.set_shown(tx, effect.intent["measure"], None, None)
            return Retry()
        note_archived(tx, incident_of(tx, effect), error)
        return Drop(error)


class Chart(Effector):
    """A picture of how far things are. It can't be edited: each time that somebody asks there is another."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident = on.incident(effect)
        found = measures.in_full(on.tx, incident.number, effect.intent["measure"])
        if incident.channel_archived or not found:
            return Drop("the channel is archived" if incident.channel_archived else "nothing is counted any more")
        by = on.names([effect.intent["by"]]).get(effect.intent["by"], "")
        filename = f"{re.sub(r'[^A-Za-z0-9.-]+', '-', effect.key)}.png"
        arguments = {
            "channel": channel_of(incident),
            "svg": charts.progress_svg(f"{label(incident)} {incident.title}", found, on.tx.now),
            "alt": charts.description(found, on.tx.now),
            "title": f"Progress of {label(incident)}",
            "comment": texts.comment(label(incident), found, by, on.tx.now),
            "filename": filename,
        }
        return Call(method=UPLOAD, arguments=arguments, look=Look.FILES, marker=filename)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        """A workspace may let no bot upload: then words say it."""
        incident = incident_of(tx, effect)
        if error in GONE or error == "invalid_channel":
            note_archived(tx, incident, error)
            return Drop(error)
        _log.warning("chart refused", incident=incident.name, error=error)
        effects.say(tx, incident, "no-chart", f"chart{effect.id}", by=effect.intent["by"], why=error)
        return Drop(error)
