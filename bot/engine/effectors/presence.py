"""Reading an incident's channel before its commander is asked whether they are there: one call after the other.

First the newest messages, back to when they were last heard; then the threads with newer replies. When anything can't
be read, the effect is dropped, nobody is asked, and the look that is planned already tries again.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.actions.command import presence
from bot.domain.effect import Effect
from bot.domain.incident import PersonId
from bot.engine.effectors.base import Call, Drop, Effector, Planning, Verdict, channel_of, incident_of
from storage.store import Tx

_PAGE = 200
_MOST_PAGES = 10
_MOST_THREADS = 50
# Two times nearer to each other than this are one: that of a message is rounded when it is kept.
_SAME = 0.001
Said = Mapping[str, Any]


class Presence(Effector):
    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident, intent = on.incident(effect), effect.intent
        tenure = presence.reading(on.tx, incident, intent["tenure"], intent["number"])
        if tenure is None:
            return Drop("that does not matter any more")
        if presence.heard_at(on.tx, tenure).timestamp() > intent["since"]:
            return Drop("they were heard meanwhile")
        arguments: dict[str, Any] = {"channel": channel_of(incident), "limit": _PAGE}
        arguments |= {"cursor": intent["cursor"]} if intent.get("cursor") else {}
        if thread := intent.get("thread"):
            arguments |= {"ts": thread, "oldest": f"{intent['since']:.6f}"}
            return Call(method="conversations.replies", arguments=arguments)
        return Call(method="conversations.history", arguments=arguments)

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        incident, intent = incident_of(tx, effect), dict(effect.intent)
        tenure = presence.reading(tx, incident, intent["tenure"], intent["number"])
        if tenure is None:
            return
        messages = answer.get("messages") or []
        if signs := list(_signs(messages, tenure.person, intent["since"])):
            presence.found(tx, incident, tenure, datetime.fromtimestamp(max(signs), UTC))
        elif following := _following(intent, messages, answer, tenure.person):
            presence.read_on(tx, incident, intent.pop("step") + 1, **(intent | following))
        else:
            presence.ask(tx, incident, tenure)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        return Drop(error)


def _signs(messages: Iterable[Said], person: PersonId, since: float) -> Iterable[float]:
    """When somebody said something after `since`, or reacted to what was said then: no earlier than it was said."""
    for message in messages:
        at = float(message["ts"])
        said = message.get("user") == person and message.get("subtype", "") in presence.SAID
        reacted = any(person in (reaction.get("users") or []) for reaction in message.get("reactions") or [])
        if at > since + _SAME and (said or reacted):
            yield at


def _following(
    intent: Mapping[str, Any], messages: Sequence[Said], answer: Mapping[str, Any], person: PersonId
) -> dict[str, Any]:
    """What to read next; empty when everything was read."""
    cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
    threads = list(intent.get("threads") or [])
    pages = int(intent.get("pages") or 0) + 1
    more = bool(cursor) and pages < _MOST_PAGES
    if not intent.get("thread"):
        threads += _threads(messages, person, intent["since"])
        # The newest come first.
        more = more and bool(messages) and float(messages[-1]["ts"]) > intent["since"]
    if more:
        return {"cursor": cursor, "pages": pages, "threads": threads}
    if threads:
        return {"cursor": "", "pages": 0, "thread": threads[0], "threads": threads[1:_MOST_THREADS]}
    return {}


def _threads(messages: Iterable[Said], person: PersonId, since: float) -> list[str]:
    """The threads with replies after `since`, but for those of which Slack says that the person is not in them."""
    return [
        str(message["ts"])
        for message in messages
        if float(message.get("latest_reply") or 0) > since and not _surely_without(message, person)
    ]


def _surely_without(parent: Said, person: PersonId) -> bool:
    # Slack names the first few who replied, and how many there are.
    named = parent.get("reply_users") or []
    return person not in named and len(named) == parent.get("reply_users_count")
