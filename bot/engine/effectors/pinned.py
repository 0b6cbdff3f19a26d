"""A message with a :pushpin: on it: read, and added to the timeline. Nobody is told, whatever comes of it."""

from collections.abc import Mapping
from typing import Any

from bot.actions import effects
from bot.actions.incident import pinning
from bot.domain.effect import Effect
from bot.engine.effectors.base import Call, Drop, Effector, Planning, Retry, Verdict, incident_of
from bot.heard import heard, moment_of
from bot.profile import person_from
from storage import people, timeline
from storage.store import Tx


class PinMessage(Effector):
    """History shows no reply in a thread: what is not found there is looked for in the threads."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        ts, by = effect.intent["ts"], effect.intent["by"]
        if timeline.pinned(on.tx, on.incident(effect).number, moment_of(ts)):
            return Drop("it is in the timeline already")
        known = people.get(on.tx, by)
        if known is None and not effect.intent.get("anyone"):
            return Call(method="users.info", arguments={"user": by})
        if known and known.bot:
            return Drop("a bot put the pin on it")
        arguments = {"channel": effect.intent["channel"], "oldest": ts, "latest": ts, "inclusive": True, "limit": 5}
        if effect.intent.get("thread"):
            return Call(method="conversations.replies", arguments={**arguments, "ts": ts})
        return Call(method="conversations.history", arguments=arguments)

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        if call.method == "users.info":
            people.save(tx, person_from(tx, answer["user"]))
            _again(tx, effect)
            return
        found = next((one for one in answer.get("messages") or [] if one.get("ts") == effect.intent["ts"]), None)
        if found is None and not effect.intent.get("thread"):
            _again(tx, effect, thread=True)
        elif found and (message := heard(found)).words:
            pinning.add(tx, incident_of(tx, effect), message, effect.intent["by"])

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        if call.method == "users.info":
            return Retry(intent={**effect.intent, "anyone": True})
        return Drop(error)


def _again(tx: Tx, effect: Effect, **how: bool) -> None:
    intent = {**effect.intent, **how}
    about = {name: value for name, value in intent.items() if name not in {"channel", "ts", "by"}}
    incident, cause = incident_of(tx, effect), f"after{effect.id}"
    effects.pin_message(tx, incident, intent["channel"], intent["ts"], intent["by"], cause, **about)
