"""What one person is told about duty, which belongs to no incident."""

from collections.abc import Mapping
from typing import Any

from bot.actions.duty import duty_plan
from bot.domain.effect import Effect
from bot.engine.effectors.base import Call, Drop, Fail, Look, Planning, Verdict
from bot.engine.effectors.messages import Post
from bot.messages.command import duty as texts
from bot.messages.kit import metadata
from bot.messages.waking import contacts, operators
from storage.store import Tx

_TEXTS = {**texts.NOTICES, **contacts.NOTICES, **operators.NOTICES}
_BEFORE = frozenset({"duty-day", "duty-hour"})


class Notice(Post):
    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        notice, to = _notice(on, effect), effect.intent["to"]
        known = on.people([to]).get(to)
        if known and known.deactivated:
            return Drop("they left the workspace")
        if effect.intent["what"] in _BEFORE and (notice.duty is None or notice.duty.incoming(notice.begins) != to):
            return Drop("they don't come on duty then any more")
        message = _TEXTS[effect.intent["what"]](notice)
        arguments = {"channel": to, **message.as_arguments(), "metadata": metadata(effect.key)}
        arguments |= {"unfurl_links": False, "unfurl_media": False}
        return Call(method="chat.postMessage", arguments=arguments, look=Look.HISTORY, marker=effect.key)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        return Fail(error)


def _notice(on: Planning, effect: Effect) -> texts.Notice:
    about, to, duty = effect.intent["about"], effect.intent["to"], duty_plan.current(on.tx)
    known = on.names([about.get("by"), *(duty.named if duty else ())])
    return texts.Notice(to=to, about=about, zone=on.zone_of(to), now=on.tx.now, duty=duty, names=known)
