"""What one person is told about duty, which belongs to no incident."""

from collections.abc import Mapping
from typing import Any

from bot.actions.duty import duty_plan
from bot.domain.effect import Effect
from bot.engine.effectors.base import Call, Drop, Fail, Look, Planning, Verdict
from bot.engine.effectors.gathering import names, zone_of
from bot.engine.effectors.messages import Post
from bot.messages.command import duty as texts
from bot.messages.kit import metadata
from bot.messages.waking import contacts, operators
from storage import people
from storage.store import Tx

_TEXTS = {**texts.NOTICES, **contacts.NOTICES, **operators.NOTICES}
_BEFORE = frozenset({"duty-day", "duty-hour"})


class Notice(Post):
    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        tx, to = on.tx, effect.intent["to"]
        notice = _notice(tx, effect)
        known = people.get(tx, to)
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


def _notice(tx: Tx, effect: Effect) -> texts.Notice:
    about, to, duty = effect.intent["about"], effect.intent["to"], duty_plan.current(tx)
    known = names(tx, [about.get("by"), *(duty.named if duty else ())])
    return texts.Notice(to=to, about=about, zone=zone_of(tx, to), now=tx.now, duty=duty, names=known)
