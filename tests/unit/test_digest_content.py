"""What of a timeline a digest tells."""

import pytest

from bot.domain.digest_content import Change, Digest, changes
from bot.domain.timeline import Entry, EntryKind
from tests.support.clock import START


def _entries(*said: tuple[EntryKind, str]) -> list[Entry]:
    return [
        Entry(incident=1, number=number, at=START, who=None, kind=kind, text=text)
        for number, (kind, text) in enumerate(said, start=1)
    ]


ONCE = Change("", "Command changed hands once")
SYSTEM, DECISION, UPDATE = EntryKind.SYSTEM, EntryKind.DECISION, EntryKind.UPDATE


@pytest.mark.parametrize(
    ("said", "commanders", "told", "more"),
    [
        ([], 0, [], 0),
        ([(SYSTEM, "Title: Checkout"), (SYSTEM, "Call: https://meet.example.com")], 0, [], 0),
        (
            [
                (SYSTEM, "Severity sev3 → sev2"),
                (SYSTEM, "State investigating → identified"),
                (SYSTEM, "Severity sev2 → sev1"),
            ],
            0,
            [Change("", "Severity sev3 → sev1; State investigating → identified")],
            0,
        ),
        ([(SYSTEM, "Severity sev3 → sev1"), (SYSTEM, "Severity sev1 → sev3")], 0, [], 0),
        (
            [(SYSTEM, "Resolved: rolled back"), (SYSTEM, "Reopened")],
            1,
            [Change("", "Reopened"), Change("", "Command changed hands once")],
            0,
        ),
        (
            [(SYSTEM, "State identified → monitoring"), *((DECISION, f"number {one}") for one in range(4))],
            5,
            [
                Change("", "State identified → monitoring"),
                Change("Decision", "number 2"),
                Change("Decision", "number 3"),
            ],
            2,
        ),
        (
            [
                (UPDATE, "Public update 3, correcting 1: All is well: we are sure"),
                (UPDATE, "The public update due at 14:00 UTC is put off to 14:15 UTC"),
                (UPDATE, "half of the workers are back: at last"),
            ],
            2,
            [
                Change("Public update 3, correcting 1", "All is well: we are sure"),
                Change("Internal update", "half of the workers are back: at last"),
                Change("", "Command changed hands twice"),
            ],
            0,
        ),
    ],
)
def test_what_changed(said: list[tuple[EntryKind, str]], commanders: int, told: list[Change], more: int) -> None:
    assert changes(_entries(*said), commanders) == (tuple(told), more)


def test_an_empty_one_counts_nothing() -> None:
    assert Digest(now=START, since=START).count == 0
    assert Digest(now=START, since=START, unshown=3).count == 3
