"""Waiting until nothing is under way, and moving the clock from one due instant to the next."""

import asyncio
from typing import Final

from sandbox.identity import Json
from sandbox.world import World

DEFAULT_LIMIT = 30.0
"""Real seconds."""
_BREATH = 0.002
"""Real seconds between two looks, so that what was just received is seen."""
_LAST_BREATH = 0.5
"""Real seconds that a bot which does not answer has to turn out dead."""
MOST_STEPS: Final = 20_000


def _blocker(world: World) -> str:
    if not world.activity.idle:
        return world.activity.summary()
    if world.bot.state == "starting":
        return "the bot is starting"
    return "the bot is paused" if world.bot.paused else ""


async def _bot_settled(world: World, limit: float) -> tuple[str, bool]:
    """Why the bot is not settled, empty if it is or is not ours to ask; and whether it was so when it was asked."""
    if world.bot.state != "running":
        return "", False
    answer = await world.bot.ask("settled", timeout=f"{limit:.3f}")
    if answer is None:
        # One that is being killed closes its connections a moment before it has ended.
        ended = world.bot.paused or await world.bot.ends_within(_LAST_BREATH)
        return "" if ended else "the bot does not answer", False
    world.bot_next_due = answer.get("next_due")
    return "" if answer.get("settled") else f"the bot: {answer.get('why') or 'busy'}", bool(answer.get("at_once"))


async def settle(world: World, limit: float = DEFAULT_LIMIT) -> Json:
    """Wait until Slack's side and the bot are quiet: the bot at once, or twice in a row without a new log entry."""
    why = ""
    quiet_at = -1
    try:
        async with asyncio.timeout(limit):
            deadline = world.clock.elapsed() + limit
            while True:
                await world.activity.until_idle()
                before = world.log.last
                left = max(0.05, deadline - world.clock.elapsed() - 0.05)
                why, at_once = await _bot_settled(world, left)
                why = why or _blocker(world)
                if world.bot.paused or why == "the bot does not answer":
                    return {"settled": False, "why": why}
                if not why and world.log.last == before:
                    if at_once or quiet_at == before:
                        return {"settled": True, "why": ""}
                    quiet_at = before
                await asyncio.sleep(_BREATH)
    except TimeoutError:
        return {"settled": False, "why": _blocker(world) or why or "no time"}


async def ask_next_due(world: World) -> None:
    """Hear from the bot what it has to do next."""
    answer = await world.bot.ask("clock")
    world.bot_next_due = answer.get("next_due") if answer else None


def _first_due(world: World, after: float) -> float | None:
    due = (world.bot_next_due, world.timetable.next_due(), world.schedule.next_due())
    return min((moment for moment in due if moment is not None and moment > after), default=None)


async def _step(world: World, moment: float, limit: float) -> Json:
    world.clock.go_to(moment)
    world.timetable.run_due()
    # Of a bot that is not there nothing is due.
    world.bot_next_due = None
    await world.bot.ask("clock", {"offset": world.clock.offset})
    return await settle(world, limit)


async def move(world: World, target: float, *, jump: bool, limit: float = DEFAULT_LIMIT) -> Json:
    """Move the clock to `target`, by way of every due instant unless told to jump; the bot has just been asked."""
    result: Json = {"settled": True, "why": ""}
    last = 0.0
    for _ in range(0 if jump else MOST_STEPS):
        # What was to come when the bot was asked may be past by now, as real time goes on: it is a step like any other.
        due = _first_due(world, after=last)
        if due is None or due > target:
            break
        last = due
        result = await _step(world, due, limit)
        if not result["settled"]:
            break
    if result["settled"]:
        result = await _step(world, target, limit)
    world.workspace_changed()
    world.workspace.changed("clock")
    return world.clock_shown() | result
