"""What is said in the thread of the announcement: changes of state, for those who are not in the incident."""

from collections.abc import Mapping
from typing import Any

from bot.domain.effect import Effect
from bot.engine.effectors.base import Call, Drop, Planning, Verdict
from bot.engine.effectors.gathering import post_of
from bot.engine.effectors.posting import Posting, post_or_edit
from bot.messages import posts
from storage.store import Tx


class Announced(Posting):
    """A reply under the announcement, in the words of the incident's channel."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident = on.incident(effect)
        if incident.private or not incident.announcement_ts or not incident.announcement_channel:
            return Drop("it is not announced")
        message = posts.POSTS[effect.intent["what"]](post_of(on, effect))
        under = incident.announcement_ts
        return post_or_edit(message, incident.announcement_channel, None, effect.key, thread=under)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        # The announcement or its channel is gone: the incident's own channel has said it.
        return Drop(error)
