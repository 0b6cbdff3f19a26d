"""Asking whether Slack is there. What came of it matters to `bot.engine.reach`, and to nobody else."""

from collections.abc import Mapping
from typing import Any

from bot.domain.away import PROBE
from bot.domain.effect import Effect
from bot.engine.effectors.base import Call, Drop, Effector, Planning, Verdict
from storage.store import Tx


class Probe(Effector):
    def plan(self, on: Planning, effect: Effect) -> Call:
        return Call(method=PROBE, arguments={})

    def refused(self, tx: Tx, effect: Effect, call: Call, error: str, answer: Mapping[str, Any]) -> Verdict:
        return Drop(error)
