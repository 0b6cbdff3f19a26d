"""App Home: what is open, and a button to declare."""

from collections.abc import Sequence

from bot.domain.overview import Overview
from bot.messages.card import one_line, worst_first
from bot.messages.kit import Block, actions, button, context, divider, header, home, section


def home_view(opened: Sequence[Overview]) -> Block:
    """The Home tab of somebody who may see these open incidents; the worst is on top."""
    blocks: list[Block] = [
        header("Incidents"),
        actions(button("Declare an incident…", "declare:open", "home", "danger")),
        divider(),
    ]
    blocks += [section(one_line(overview)) for overview in worst_first(opened)] or [
        section("Nothing is open. Quiet is good.")
    ]
    blocks.append(context("Every command: `/incident help`"))
    return home(blocks)
