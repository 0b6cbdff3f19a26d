"""What is left with Slack: left, taken back, looked after, set right, and counted at the start."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot import log
from bot.actions import effects
from bot.actions.waking import alive, fallbacks
from bot.domain.effect import LOOKS, Effect, EffectKind, must_look_first
from bot.domain.fallback import SILENCE, Fallback, FallbackState, may_be_changed
from bot.engine.effectors.base import Call, Done, Drop, Effector, Look, Planning, Retry, Verdict
from bot.engine.effectors.posting import GONE
from bot.messages.kit import Message
from bot.messages.post import Post
from bot.messages.waking import fallback as texts
from storage import fallbacks as rows
from storage import rotas
from storage.store import Tx

_REF = re.compile(r"\bref (h-[0-9a-f]{8})\b")
# Slack counts in whole seconds of its own clock.
_TOO_SOON = frozenset({"time_in_past", "invalid_time"})
_UNKNOWN = frozenset({"invalid_scheduled_message_id", "channel_not_found"})
_log = log.get("fallback")


class Leave(Effector):
    """Leave a message with Slack. An uncertain try is looked for among all that Slack keeps, by the ref in its text."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        row = _row(on.tx, effect)
        if row is None or row.settled_at:
            return Drop("it is settled")
        if not must_look_first(effect):
            if row.reason:
                rows.settle(on.tx, row.id, FallbackState.WITHDRAWN, row.reason)
                return Drop(row.reason)
            if not may_be_changed(row.post_at, on.tx.now):
                fallbacks.absent(on.tx, row, "there was no time to leave it")
                return Drop("it is too late to leave it")
        message = _text(on, effect, row)
        if message is None:
            fallbacks.absent(on.tx, row, "its shift is not kept any more")
            return Drop("its shift is not kept any more")
        channel = effect.intent.get("to") or (row.incident and on.incident(effect).channel_id) or row.target
        arguments = {"channel": channel, "post_at": int(row.post_at.timestamp()), **message.as_arguments()}
        arguments |= {"unfurl_links": False, "unfurl_media": False}
        return Call(method="chat.scheduleMessage", arguments=arguments, look=Look.SCHEDULED, marker=row.ref)

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        row = rows.get(tx, effect.intent["fallback"])
        known = {"scheduled_id": answer["scheduled_message_id"], "target": answer["channel"]}
        rows.change(tx, row.id, state=FallbackState.LEFT, message=str(call.arguments["text"]), **known)
        if row.incident is None:
            alive.left(tx, row)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        row = rows.get(tx, effect.intent["fallback"])
        shift = rotas.shift(tx, row.subject) if row.subject else None
        if error in GONE and shift and not effect.intent.get("to"):
            return Retry(intent={**effect.intent, "to": shift.person})
        if error not in _TOO_SOON:
            _log.warning("nothing can be left with Slack", fallback=row.key, error=error)
        if not row.settled_at:
            fallbacks.absent(tx, row, error)
        return Drop(error)


class TakeBack(Effector):
    """Take a message back before it is frozen; a stray one, of which nothing is known here, by its own address."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        intent = effect.intent
        if "scheduled_id" in intent:
            if not may_be_changed(datetime.fromtimestamp(intent["post_at"], UTC), on.tx.now):
                return Drop("it is too late to take it back")
            return _delete(intent["channel"], intent["scheduled_id"])
        row = _row(on.tx, effect)
        if row is None or row.settled_at:
            return Drop("it is settled")
        if not may_be_changed(row.post_at, on.tx.now):
            fallbacks.look_later(on.tx, row)
            return Drop("it is too late to take it back")
        if row.scheduled_id is None:
            rows.settle(on.tx, row.id, FallbackState.WITHDRAWN, row.reason)
            return Drop("it was never left")
        return _delete(row.target, row.scheduled_id)

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        row = _row(tx, effect)
        if row:
            rows.settle(tx, row.id, FallbackState.WITHDRAWN, row.reason)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        row = _row(tx, effect)
        if error in _UNKNOWN and (row is None or tx.now < row.post_at):
            self.done(tx, effect, call, answer)
            return Done()
        if row:
            fallbacks.look_later(tx, row)
        return Drop(error)


class LookAfter(Effector):
    """After its time: has Slack posted it? Twice absent, 20 s apart, and it will not be."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        row = _row(on.tx, effect)
        if row is None or row.settled_at:
            return Drop("it is settled")
        if effect.absences >= LOOKS:
            fallbacks.absent(on.tx, row, "Slack did not post it")
            return Drop("Slack did not post it")
        about = {"channel": row.target, "since": row.post_at.timestamp()}
        return Call(method="conversations.history", arguments=about, look=Look.POSTED, marker=row.ref)

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        row = rows.get(tx, effect.intent["fallback"])
        if not row.settled_at:
            fallbacks.found(tx, row, answer["channel"], answer["ts"])

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        # Where it was to be posted nobody can read or write any more.
        row = rows.get(tx, effect.intent["fallback"])
        if not row.settled_at:
            fallbacks.absent(tx, row, error)
        return Drop(error)


class SetRight(Effector):
    """It was posted, and is no offer: its text is made true, or, when the bot has said the same, it goes."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        row = rows.get(on.tx, effect.intent["fallback"])
        where = {"channel": effect.intent["channel"], "ts": effect.intent["ts"]}
        if effect.intent["delete"]:
            return Call(method="chat.delete", arguments=where)
        if row.incident:
            message = texts.overtaken(_post(on, effect), rotas.shift(on.tx, row.subject or 0))
        else:
            message = texts.is_back(_last_seen(row), on.tx.now)
        return Call(method="chat.update", arguments={**where, **message.as_arguments()})

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        return Drop(error)


class CountLeft(Effector):
    """At the start: what Slack keeps for later against what it should keep, both ways."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        return Call(method="chat.scheduledMessages.list", arguments={"limit": 100})

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        listed = {str(one["id"]): one for one in answer["scheduled_messages"]}
        ours = rows.all_unsettled(tx)
        known = {row.scheduled_id for row in ours} - {None}
        coming = {row.ref for row in ours if row.scheduled_id is None}
        for scheduled_id, one in listed.items():
            ref = _REF.search(str(one.get("text") or ""))
            # One that is being left just now is known by its ref only; what somebody else left is not ours.
            if ref and scheduled_id not in known and ref[1] not in coming:
                effects.take_back_stray(tx, one["channel_id"], scheduled_id, int(one["post_at"]))
        for row in ours:
            lost = row.id in effect.intent["left"] and row.state is FallbackState.LEFT
            if lost and row.scheduled_id not in listed and not row.reason and may_be_changed(row.post_at, tx.now):
                _leave_again(tx, row)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        return Drop(error)


def _leave_again(tx: Tx, row: Fallback) -> None:
    """Slack does not keep it any more: somebody deleted it, or a restored database remembers more than was done."""
    rows.change(tx, row.id, state=FallbackState.PLANNED, scheduled_id=None)
    effects.fallback(tx, EffectKind.LEAVE, row, f"leave:again:{tx.now.timestamp():.0f}")


def _row(tx: Tx, effect: Effect) -> Fallback | None:
    number = effect.intent.get("fallback")
    return rows.find(tx, number) if number else None


def _delete(channel: str, scheduled_id: str) -> Call:
    arguments = {"channel": channel, "scheduled_message_id": scheduled_id}
    return Call(method="chat.deleteScheduledMessage", arguments=arguments)


def _text(on: Planning, effect: Effect, row: Fallback) -> Message | None:
    if row.incident is None:
        return texts.not_seen(_last_seen(row), row.ref)
    shift = rotas.shift(on.tx, row.subject or 0)
    return texts.handoff(_post(on, effect), shift, fallbacks.outgoing_of(row), row.ref) if shift else None


def _post(on: Planning, effect: Effect) -> Post:
    return Post(overview=on.overview(effect), about={}, zone=ZoneInfo("UTC"))


def _last_seen(row: Fallback) -> datetime:
    return row.post_at - SILENCE
