"""What one person is shown: the answer to their command, made current, and their App Home."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.actions.home import home_page
from bot.domain.effect import Effect
from bot.engine.effectors.base import Call, Drop, Effector, Planning, Verdict
from bot.messages import forms, home, replies
from storage.store import Tx

# Slack takes a response_url for 30 minutes; a margin for its clock.
_URL_LIVES = timedelta(minutes=25)


class Respond(Effector):
    """Best effort: the URL is good for half an hour and five uses, the form may be closed, nothing depends on it."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        if on.tx.now - effect.created_at > _URL_LIVES:
            return Drop("its URL has expired")
        if view := effect.intent.get("view"):
            # The hash of a view is not given: it has shown the same to one person all the time.
            shown = forms.declared(on.incident(effect))
            return Call(method="views.update", arguments={"view_id": view, "view": shown})
        message = replies.ready(on.overview(effect))
        body = {"replace_original": True, "response_type": "ephemeral", **message.as_arguments()}
        return Call(method="response_url", arguments={"url": effect.intent["response_url"], "body": body})

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        return Drop(error)


class Home(Effector):
    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        person = effect.intent["person"]
        view = home.home_view(home_page(on.tx, person))
        return Call(method="views.publish", arguments={"user_id": person, "view": view})

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        return Drop(error)
