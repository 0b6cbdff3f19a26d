"""What tests of several folders share: a clock and a store for each test, and how a test ended.

Hypothesis plays the same examples in each run, so that a change is judged by itself; `python -m tests.properties.long`
looks for new ones. It has no deadline: how long an example takes is the machine's affair.
"""

import gc
from collections.abc import Generator, Iterator

import pytest
import structlog
from hypothesis import settings

from storage.store import Store
from tests import outcome
from tests.support.clock import MovableClock
from tests.support.database import new_store
from tests.support.peers import Peer, mail_server, push_server
from tests.support.s3_peer import ObjectPeer, object_store
from tests.support.scratch import use_memory

# Nothing that is imported or collected becomes garbage: to look for it again and again takes a third of the collection.
gc.disable()
gc.set_threshold(50_000, 10, 10)
# Before anything asks for a temporary folder; the workers of pytest-xdist are told by their environment.
use_memory()
# Pretty tracebacks cost half a second each: some tests have a dozen bugs on purpose.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)
settings.register_profile("watchbill", deadline=None, derandomize=True)
settings.load_profile("watchbill")


def pytest_collection_finish() -> None:
    """From here on garbage is looked for among what the tests make; pytest does it once more in the end."""
    gc.collect()
    gc.freeze()
    gc.enable()


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


@pytest.fixture
def mail() -> Iterator[Peer]:
    with mail_server() as peer:
        yield peer


@pytest.fixture
def push() -> Iterator[Peer]:
    with push_server() as peer:
        yield peer


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectPeer]:
    """An object store, and an environment that leads there."""
    with object_store() as started:
        for name, value in started.env.items():
            monkeypatch.setenv(name, value)
        yield started
