"""Whether a test itself failed: a fixture that ends with checks of its own must not hide why."""

import pytest

_FAILED = pytest.StashKey[bool]()


def note(item: pytest.Item, report: pytest.TestReport) -> None:
    """Remember how the test itself ended."""
    if report.when == "call":
        item.stash[_FAILED] = report.failed


def has_failed(item: pytest.Item) -> bool:
    """Whether the test of this item has failed; False as long as it runs."""
    return item.stash.get(_FAILED, False)
