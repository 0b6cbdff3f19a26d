"""The sweep: a minute after something uncertain was sent again, the later one of two copies is deleted.

It covers the one window that no client can close: Slack applying a request after it had twice said it had none.
"""

from bot.domain.effect import Effect
from bot.engine.effectors.base import Call, Drop, Effector, Planning


class Sweep(Effector):
    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        about = {name: effect.intent[name] for name in ("channel", "since")}
        return Call(method="sweep", arguments=about, marker=effect.intent["marker"])
