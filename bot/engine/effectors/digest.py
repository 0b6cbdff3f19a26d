"""The digest on its way to its channel or to somebody: made from how things are when it is sent."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.actions.communication.digest import gather
from bot.actions.waking.operators import tell
from bot.domain.effect import Effect, must_look_first
from bot.domain.incident import Severity
from bot.domain.people import can_act
from bot.domain.reminder import LATE_AFTER
from bot.engine.effectors.base import Call, Drop, Fail, Planning, Retry, Verdict
from bot.engine.effectors.posting import Posting, post_or_edit
from bot.messages.communication import digest as texts
from bot.messages.waking import operators
from storage import digests, people
from storage.store import Tx

_LOOK_AGAIN = timedelta(seconds=20)
_LEARNED_WITHIN = timedelta(minutes=10)


class Digest(Posting):
    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        tx, issue = on.tx, digests.get(on.tx, effect.intent["digest"])
        if issue.person and not can_act(people.get(tx, issue.person)):
            return Drop("they left the workspace")
        severities = [Severity(word) for word in effect.intent["severities"]]
        gathered, through = gather(tx, digests.newest_sent(tx, issue.person), severities)
        if not must_look_first(effect):
            # What Slack may have already was made from how things were then.
            digests.told(tx, issue.id, through)
        late = tx.now - datetime.fromisoformat(effect.intent["due"])
        message = texts.digest(gathered, late if late > LATE_AFTER else timedelta())
        return post_or_edit(message, issue.person or people.place_of(tx, on.settings.channels.digest), None, effect.key)

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        super().done(tx, effect, call, answer)
        named = str(call.arguments["channel"])
        if named.startswith("#"):
            # An uncertain one can be looked for by the id only.
            people.save_channel(tx, named.lstrip("#"), answer["channel"])

    def posted(self, tx: Tx, effect: Effect, channel: str, ts: str) -> None:
        digests.sent(tx, effect.intent["digest"])

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        if error == "channel_not_found" and effect.sends and tx.now - effect.created_at < _LEARNED_WITHIN:
            # Slack may have it, in a channel that this bot, just started, knows by name only so far.
            return Retry(delay=_LOOK_AGAIN, look=True)
        return Fail(error)

    def failed(self, on: Planning, effect: Effect, why: str) -> None:
        if digests.get(on.tx, effect.intent["digest"]).person is None:
            sentence = operators.no_digest(on.settings.channels.digest, why)
            tell(on.tx, on.settings, sentence, f"digest-{why}-{on.tx.now:%Y-%m-%d}")
