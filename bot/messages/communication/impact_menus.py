"""Menus of what can be affected and of how it does."""

from collections.abc import Sequence

from bot.domain.impact import Level, Part
from bot.messages.kit import Block, option, select

# Slack takes so many; the command knows all.
_MOST = 100


def parts_menu(parts: Sequence[Part]) -> Block:
    """Each component, as one when it has several tiers, and each of its tiers. Values are as commands take them."""
    options: list[Block] = []
    for component in dict.fromkeys(part.component for part in parts):
        tiers = [part for part in parts if part.component == component]
        if len(tiers) > 1:
            options.append(option(f"{component}, all tiers", component))
        options += [option(part.name, part.name) for part in tiers]
    return select("value", options[:_MOST])


def levels_menu() -> Block:
    """The levels, the worst first."""
    order = (
        Level.MAJOR_OUTAGE,
        Level.PARTIAL_OUTAGE,
        Level.DEGRADED_PERFORMANCE,
        Level.UNDER_MAINTENANCE,
        Level.OPERATIONAL,
    )
    return select("value", [option(level.words, level) for level in order])
