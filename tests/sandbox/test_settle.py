"""Moving the clock: no due instant is passed over, however long the bot took to name it."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from sandbox import settle
from sandbox.clock import Clock, Timetable
from sandbox.identity import Json


def test_what_is_past_when_it_is_named_is_a_step_like_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    start = clock.now()
    # The first was to come when the bot was asked, and is past by now.
    due = [start - 0.01, start + 60, start + 120]
    world: Any = SimpleNamespace(
        bot_next_due=due[0],
        clock=clock,
        timetable=Timetable(clock),
        schedule=SimpleNamespace(next_due=lambda: None),
        workspace=SimpleNamespace(changed=lambda what: None),
        workspace_changed=lambda: None,
        clock_shown=dict,
    )
    stepped: list[float] = []

    async def step(world: Any, moment: float, limit: float) -> Json:
        stepped.append(moment)
        world.bot_next_due = next((one for one in due if one > moment), None)
        return {"settled": True, "why": ""}

    monkeypatch.setattr(settle, "_step", step)
    asyncio.run(settle.move(world, start + 300, jump=False))
    assert stepped == [*due, start + 300]
