"""A clock and a store for each test."""

from collections.abc import Iterator

import pytest

from storage.store import Store
from tests.support.clock import MovableClock
from tests.support.database import new_store


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def store(clock: MovableClock) -> Iterator[Store]:
    with new_store(clock) as opened:
        yield opened
