"""The sweep: a minute after something uncertain was sent again, every copy but the one remembered is deleted.

It covers the one window that no client can close: Slack applying a request after it had twice said it had none.
"""

from bot.domain.effect import Effect
from bot.engine.effectors.base import Call, Drop, Effector, Planning
from storage import outbox


class Sweep(Effector):
    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        channel = effect.intent["channel"]
        # Its lane names the row that was sent twice. A later one may have posted the same anew: somebody deleted it.
        first = int(effect.lane.removeprefix("sweep:"))
        known = outbox.remembered(on.tx, channel, first)
        about = {"channel": channel, "since": effect.intent["since"], "known": known}
        about["thread"] = effect.intent.get("thread", "")
        return Call(method="sweep", arguments=about, marker=effect.intent["marker"])
