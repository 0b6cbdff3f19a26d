"""Reading the calendar of the duty roster."""

from collections.abc import Mapping
from typing import Any

from bot.actions.duty import duty_calendar
from bot.domain.effect import Effect
from bot.engine.effectors.base import Call, Drop, Effector, Planning, Verdict
from storage.store import Tx


class Calendar(Effector):
    """Not a call to Slack: the relay reads the address with `bot.calendar_feed`."""

    def plan(self, on: Planning, effect: Effect) -> Call | Drop:
        url = duty_calendar.wanted(on.tx, effect.intent)
        if url is None:
            return Drop("another roster was set, or none any more")
        return Call(method="calendar", arguments={"url": url})

    def done(self, tx: Tx, effect: Effect, call: Call, answer: Mapping[str, Any]) -> None:
        found = answer["events"], answer["profiles"], answer["zone"]
        duty_calendar.was_read(tx, effect.intent, effect.id, *found)

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        duty_calendar.could_not_read(tx, effect.intent, effect.id, error)
        # The next try is that of the next hour.
        return Drop(error)
