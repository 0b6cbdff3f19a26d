"""Stories with a relay at work."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from storage.store import Store
from tests.engine.relaying import Scene, quiet_incident, scene
from tests.support.clock import MovableClock

Story = Callable[[Scene], Awaitable[None]]


@pytest.fixture
def play(store: Store, clock: MovableClock) -> Callable[[Story], None]:
    """Run a story with a relay at work on an incident that has its channel."""

    def run(story: Story) -> None:
        with store.write() as tx:
            quiet_incident(tx)

        async def work() -> None:
            async with scene(store, clock) as made:
                await story(made)

        asyncio.run(work())

    return run
