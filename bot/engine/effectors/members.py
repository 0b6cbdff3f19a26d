"""Reading who is in an incident's channel, when Slack may not have told who came."""

from collections.abc import Mapping
from typing import Any

from bot.actions.incident import membership
from bot.domain.effect import Effect
from bot.domain.incident import PersonId
from bot.engine.effectors.base import Call, Drop, Effector, Planning, Verdict, channel_of, incident_of
from storage.store import Tx

_PAGE = 200


class Members(Effector):
    """What can't be read stays as it is: Slack tells who comes from now on."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        incident = on.incident(effect)
        if not incident.is_open:
            return Drop("it has ended")
        return Call(method="conversations.members", arguments={"channel": channel_of(incident), "limit": _PAGE})

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        present = [PersonId(person) for person in answer["members"]]
        membership.were_found(tx, incident_of(tx, effect), present)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        return Drop(error)
