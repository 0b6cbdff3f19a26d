"""What tests of several folders share: a clock and a store for each test, and how a test ended."""

from collections.abc import Generator, Iterator

import pytest

from storage.store import Store
from tests import outcome
from tests.support.clock import MovableClock
from tests.support.database import new_store


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    outcome.note(item, report)
    return report


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def store(clock: MovableClock) -> Iterator[Store]:
    with new_store(clock) as opened:
        yield opened
