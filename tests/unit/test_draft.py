"""Drafts from facts, and what counts as saying it again."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import draft
from bot.domain.draft import Counted, Hit, Snapshot
from bot.domain.impact import Level
from bot.domain.timeline import Entry, EntryKind
from bot.similar import says_the_same

THEN = datetime(2011, 4, 22, 14, 0, tzinfo=UTC)
NOW = THEN + timedelta(hours=1)


def counted(value: int, total: int = 900, name: str = "shared databases") -> Counted:
    return Counted(name=name, value=value, total=total, at=NOW)


def hit(level: Level, affected: int | None = None, title: str = "Shared databases (free)") -> Hit:
    return Hit(name=title.lower(), title=title, level=level, since=THEN, affected=affected)


def facts(*things: Counted | Hit, at: datetime = NOW) -> Snapshot:
    return Snapshot(
        at=at,
        counted=tuple(one for one in things if isinstance(one, Counted)),
        hits=tuple(one for one in things if isinstance(one, Hit)),
    )


def entry(kind: EntryKind, text: str, *, public: bool = False) -> Entry:
    return Entry(incident=1, number=9, at=NOW, who="UADA00001", kind=kind, text=text, public=public)


@pytest.mark.parametrize(
    ("before", "now", "line"),
    [
        (counted(412), counted(655), "412 → 655 of 900 shared databases restored since 14:00 UTC."),
        (counted(412), counted(412), ""),
        (counted(412, 800), counted(655), "412 of 800 → 655 of 900 shared databases restored since 14:00 UTC."),
        (
            counted(1412, 9000, "workers checked"),
            counted(1655, 9000, "workers checked"),
            "1,412 → 1,655 of 9,000 workers checked since 14:00 UTC.",
        ),
        (None, counted(412), "412 of 900 shared databases restored."),
        (None, hit(Level.MAJOR_OUTAGE, 900), "Shared databases (free): major outage since 14:00 UTC, 900 affected."),
        (hit(Level.MAJOR_OUTAGE), hit(Level.OPERATIONAL), "Shared databases (free): working again since 14:00 UTC."),
        (
            hit(Level.MAJOR_OUTAGE),
            hit(Level.PARTIAL_OUTAGE, 300),
            "Shared databases (free): now partial outage, was major outage, 300 affected.",
        ),
        (hit(Level.MAJOR_OUTAGE, 900), hit(Level.MAJOR_OUTAGE, 300), "Shared databases (free): 300 affected, was 900."),
        (hit(Level.MAJOR_OUTAGE, 900), hit(Level.MAJOR_OUTAGE, 900), ""),
        (None, hit(Level.OPERATIONAL), ""),
    ],
)
def test_what_changed(before: Counted | Hit | None, now: Counted | Hit, line: str) -> None:
    earlier = facts(*([before] if before else []), at=THEN)
    assert draft.changes(earlier, facts(now)) == ((line,) if line else ())


def test_what_customers_may_be_told() -> None:
    told = [
        entry(EntryKind.DECISION, "we restore production first", public=True),
        entry(EntryKind.DECISION, "we don't tell the press"),
        entry(EntryKind.WORKAROUND, "ask <@UADA00001> for a copy"),
    ]
    lines = ("We restore production first.", "Workaround: Ask a colleague for a copy.")
    assert draft.changes(facts(), facts(), told) == lines
    assert draft.draft(facts(), facts(hit(Level.MAJOR_OUTAGE)), told[:1]).splitlines() == [
        "Shared databases (free): major outage since 14:00 UTC.",
        lines[0],
        "Still affected: Shared databases (free).",
    ]
    assert draft.draft(facts(hit(Level.MAJOR_OUTAGE)), facts(hit(Level.MAJOR_OUTAGE))) == "", "nothing is new"


def test_facts_come_back_as_they_were_kept_and_of_older_ones_the_rest_is_empty() -> None:
    kept = facts(counted(412), hit(Level.MAJOR_OUTAGE, 900))
    assert draft.from_json(draft.to_json(kept)) == kept
    assert draft.from_json({}) is None
    assert draft.from_json({"at": NOW.isoformat(), "of_later": 1}) == Snapshot(at=NOW)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("We are working on it.", "We are working on it!", True),
        ("We are still working on it, more at 14:30 UTC.", "We are still working on it, more at 15:00.", True),
        ("412 of 900 databases are restored.", "655 of 900 databases are restored.", False),
        ("1,412 are restored.", "1412 are restored.", True),
        ("All production databases are back.", "The free tier follows during the night.", False),
        ("", "We are working on it.", False),
    ],
)
def test_what_says_the_same(one: str, other: str, same: bool) -> None:
    assert says_the_same(one, other, 0.9) is same
