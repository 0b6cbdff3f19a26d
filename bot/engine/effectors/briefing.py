"""The briefing in Slack: its message, the details in the thread under it, and the catch-up by DM."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.actions.command import briefing as actions
from bot.actions.standing import may_see
from bot.domain.briefing import Briefing as Written
from bot.domain.command import holder_of
from bot.domain.effect import Effect, EffectKind
from bot.domain.incident import Incident, PersonId
from bot.engine.effectors.base import Call, Drop, Effector, Fail, Planning, Retry, Verdict, incident_of
from bot.engine.effectors.posting import GONE, Posting, note_archived, post_or_edit
from bot.messages.command import briefing as texts
from bot.profile import meet
from storage import briefings, command, handoffs, outbox, rotas
from storage.store import Tx


class _Main(Posting):
    """The message in the channel; where there is none to be had, to the one who is to read it."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident, written = on.incident(effect), briefings.get(on.tx, effect.intent["briefing"])
        if written.message_ts is None and effect.intent.get("only_edit"):
            return Drop("it is not posted")
        if written.message_ts is None and not incident.is_open:
            return Drop("the incident is over")
        between = _named(on, _between(on.tx, incident, written), written)
        channel = written.message_channel or effect.intent.get("to") or incident.channel_id
        channel = channel or _reader(incident, between)
        message = texts.posted(written, between, on.tx.now)
        return post_or_edit(message, channel, written.message_ts, f"{incident.name}:briefing:{written.id}")

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        super().done(tx, effect, call, answer)
        lane = f"INC-{effect.incident}:briefing:{effect.intent['briefing']}"
        intent = {"needs_channel": False, "coalesce": lane, "briefing": effect.intent["briefing"], "details": True}
        outbox.enqueue(tx, f"{lane}:{effect.id}", EffectKind.BRIEFING, lane, incident=effect.incident, **intent)

    def posted(self, tx: Tx, effect: Effect, channel: str, ts: str) -> None:
        briefings.shown(tx, effect.intent["briefing"], message_channel=channel, message_ts=ts)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        incident = incident_of(tx, effect)
        written = briefings.get(tx, effect.intent["briefing"])
        if call.method == "chat.update":
            if error != "message_not_found" or effect.intent.get("only_edit"):
                return Drop(error)
            # Somebody deleted it: whoever takes the role gets another.
            briefings.shown(tx, written.id, message_channel=None, message_ts=None, details_ts=None)
            return Retry()
        if error in GONE and incident.channel_id and not effect.intent.get("to"):
            note_archived(tx, incident, error)
            reader = _reader(incident, _between(tx, incident, written))
            return Retry(intent={**effect.intent, "to": reader})
        return Fail(error)


class _Details(Posting):
    """The full lists, in the thread under the message."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident, written = on.incident(effect), briefings.get(on.tx, effect.intent["briefing"])
        if written.message_ts is None or written.message_channel is None:
            return Drop("its message is gone")
        between = _named(on, _between(on.tx, incident, written), written)
        if written.details_ts is None and texts.is_complete(written, between, on.tx.now):
            return Drop("there is nothing more to say")
        message = texts.details(written, between, on.tx.now)
        marker = f"{incident.name}:briefing:{written.id}:details"
        return post_or_edit(message, written.message_channel, written.details_ts, marker, written.message_ts)

    def posted(self, tx: Tx, effect: Effect, channel: str, ts: str) -> None:
        briefings.shown(tx, effect.intent["briefing"], details_ts=ts)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        return Drop(error)


class _CatchUp(Posting):
    """How it stands, to one person who came into the channel; their zone is asked for first when it is not known."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident, person = on.incident(effect), effect.intent["to"]
        if not incident.is_open or not may_see(on.tx, incident, person):
            return Drop("they are not in it any more" if incident.is_open else "the incident is over")
        known = on.people([person]).get(person)
        if known is None and not effect.intent.get("unknown"):
            return Call(method="users.info", arguments={"user": person})
        if known and known.bot:
            return Drop("it is a bot")
        message = texts.welcome(actions.catchup(on.tx, incident), on.tx.now, on.zone_of(person))
        return post_or_edit(message, person, None, effect.key)

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        super().done(tx, effect, call, answer)
        if call.method == "users.info":
            meet(tx, answer["user"])
            kept = {"incident": effect.incident, "needs_channel": False, "to": effect.intent["to"], "unknown": True}
            outbox.enqueue(tx, f"{effect.key}:known", EffectKind.BRIEFING, effect.lane, **kept)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        if call.method == "users.info":
            return Retry(intent={**effect.intent, "unknown": True})
        return Drop(error)


_MAIN, _DETAILS, _CATCH_UP = _Main(), _Details(), _CatchUp()


class Briefing(Effector):
    """One kind of effect, three messages."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop | Retry:
        return _which(effect).plan(on, effect)

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        _which(effect).done(tx, effect, call, answer)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        return _which(effect).refused(tx, effect, call, error, answer)


def _which(effect: Effect) -> Effector:
    if "briefing" not in effect.intent:
        return _CATCH_UP
    return _DETAILS if effect.intent.get("details") else _MAIN


def _between(tx: Tx, incident: Incident, written: Written) -> texts.Between:
    """Who hands over to whom: by the plan before the boundary, by the offer from then on."""
    shift = rotas.shift(tx, written.shift) if written.shift else None
    offer = handoffs.open_offer(tx, incident.number, written.role)
    offered_to = offer.offered_to if offer and offer.briefing == written.id else None
    return texts.Between(
        outgoing=holder_of(command.open_tenures(tx, incident.number), written.role),
        incoming=offered_to or (shift.person if shift else None),
        due=shift.starts_at if shift and tx.now < shift.starts_at and written.is_open else None,
        editable=incident.is_open,
    )


def _named(on: Planning, between: texts.Between, written: Written) -> texts.Between:
    """The same, with the names of who is in it."""
    return replace(between, names=on.names([between.outgoing, between.incoming, written.prepared_by]))


def _reader(incident: Incident, between: texts.Between) -> PersonId:
    """Who reads it by DM when it can't be said in the channel."""
    return between.incoming or between.outgoing or incident.declared_by
