"""Impact: statements resolve to clean intervals, and words say it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import impact as domain
from bot.domain.impact import Impact, Level, Part, Statement, impact_from, intervals, place_of, read_level
from bot.errors import WrongWords
from bot.messages.communication.impact import downtime_lines, impact_line, part_line, since_lines
from bot.settings import Settings
from bot.settings_tables import Component
from handlers.slack.communication import impact_words
from tests.support.clock import START

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DOWN = {Level.PARTIAL_OUTAGE, Level.MAJOR_OUTAGE}
DEDICATED = Part(component="dedicated-databases", tier="production", place=1)
SHARED = Part(component="shared-databases", place=2)
DEPLOYS = Part(component="deploys", place=3)
MAJOR, PARTIAL, DEGRADED, OK = Level.MAJOR_OUTAGE, Level.PARTIAL_OUTAGE, Level.DEGRADED_PERFORMANCE, Level.OPERATIONAL
UTC = ZoneInfo("UTC")


def said(part: Part, level: Level, hours: float, *, order: int = 0, affected: int | None = None) -> Statement:
    """Something about so many hours after START, said as the `order`-th."""
    return Statement(
        id=order,
        part=part,
        level=level,
        since=START + hours * HOUR,
        affected=affected,
        is_down=level in DOWN,
        said_by="UADA00001",
        said_at=START + 200 * HOUR + order * MINUTE,
    )


def utc(moment: datetime) -> str:
    return moment.strftime("%d %H:%M")


# Half of them about the same quarter of an hour, so that corrections and late entries meet.
STATEMENTS = st.lists(
    st.tuples(
        st.sampled_from([DEDICATED, SHARED]),
        st.sampled_from(list(Level)),
        st.integers(0, 15) | st.integers(0, 600),
        st.none() | st.integers(0, 5),
    ),
    max_size=8,
).map(
    lambda told: [
        said(part, level, minute / 60, order=order, affected=affected)
        for order, (part, level, minute, affected) in enumerate(told)
    ]
)
END = START + 601 * MINUTE


def at_minute(statements: Sequence[Statement], moment: datetime) -> Level | None:
    """How it was by the last word about the newest moment until then: told without intervals."""
    known = [one for one in statements if one.since <= moment]
    return max(known, key=lambda one: (one.since, one.said_at)).level if known else None


@settings(max_examples=50)
@given(STATEMENTS)
def test_intervals_tile_from_the_first_moment_on(statements: list[Statement]) -> None:
    for part in (DEDICATED, SHARED):
        of_it = [one for one in statements if one.part == part]
        found = intervals(of_it)
        assert bool(found) == bool(of_it)
        for one, other in pairwise(found):
            assert one.start < (one.end or END)
            assert one.end == other.start
            assert (one.level, one.affected) != (other.level, other.affected)
        if found:
            assert found[0].start == min(one.since for one in of_it)
            assert found[-1].end is None
        assert intervals(reversed(of_it)) == found, "in which order they are read does not matter"


@settings(max_examples=50)
@given(STATEMENTS, st.sets(st.integers(0, 7)))
def test_downtime_is_the_minutes_in_which_it_was_down(statements: list[Statement], removed: set[int]) -> None:
    standing = [one for one in statements if one.id not in removed]
    found = impact_from(standing)
    minutes = [START + number * MINUTE for number in range(601)]
    ever: set[datetime] = set()
    for part in {one.part for one in standing}:
        of_it = [one for one in standing if one.part == part]
        down = [moment for moment in minutes if at_minute(of_it, moment) in DOWN]
        one = found.of(part)
        assert one is not None
        assert one.downtime(END) == len(down) * MINUTE
        assert one.level is at_minute(of_it, END)
        ever |= set(down)
    if found.outage:
        assert found.outage.start == min(ever)
        assert found.outage.length(END) == (max(ever) + MINUTE - min(ever))
    else:
        assert not ever


def outage_of_2011() -> Impact:
    """In any order: what broke, and when each came back."""
    return impact_from(
        [
            said(DEPLOYS, MAJOR, 0, order=1),
            said(SHARED, OK, 60, order=5),
            said(DEDICATED, MAJOR, 0, order=2, affected=900),
            said(DEDICATED, OK, 16, order=4),
            said(SHARED, MAJOR, 0, order=3),
            said(DEPLOYS, OK, 76, order=6),
        ]
    )


def test_the_outage_of_2011() -> None:
    found, now = outage_of_2011(), START + 100 * HOUR
    assert [one.downtime(now) / HOUR for one in found.parts] == [16, 60, 76]
    assert found.outage is not None
    assert found.outage.length(now) == 76 * HOUR
    assert found.highest is None
    assert (found.parts[0].peak, found.parts[0].affected, found.parts[0].restored) == (900, 0, 900)
    assert downtime_lines(found, now, utc) == [
        "dedicated-databases/production: down 16 h, 900 affected, restored 03 00:00",
        "shared-databases: down 60 h, restored 04 20:00",
        "deploys: down 76 h, restored 05 12:00",
        "Until 100 % were back: 76 h",
    ]
    assert impact_line(found, now, utc) == "All restored: 100 % were back 05 12:00, after 76 h"


def test_what_is_not_restored_leads() -> None:
    told = [said(part, MAJOR, 0, order=part.place) for part in (DEPLOYS, SHARED, DEDICATED)]
    now = START + 20 * HOUR
    found = impact_from([*told, said(DEDICATED, OK, 16, order=9), said(SHARED, PARTIAL, 18, order=10, affected=300)])
    assert found.highest is not None
    assert found.highest.part == SHARED
    assert impact_line(found, now, utc) == (
        "Highest tier not restored: *shared-databases*, partial outage since 03 02:00, down 20 h so far, 300 affected;"
        " nor is deploys"
    )
    assert downtime_lines(found, now, utc)[-2:] == [
        "dedicated-databases/production: down 16 h, restored 03 00:00",
        "Not all are back yet, after 20 h",
    ]
    # On a card, which stands still, nothing is said that would be wrong in a minute.
    still = "\n".join([impact_line(found, None, utc), *downtime_lines(found, None, utc)])
    assert "so far" not in still
    assert "Not all" not in still
    assert "down 16 h" in still


def test_counts_are_of_the_most_that_were_affected() -> None:
    told = [
        said(SHARED, MAJOR, 0, order=1, affected=900),
        said(SHARED, PARTIAL, 4, order=2, affected=655),
        said(SHARED, PARTIAL, 6, order=3, affected=245),
        said(SHARED, DEGRADED, 8, order=4),
    ]
    found = impact_from(told)
    part = found.parts[0]
    assert (part.peak, part.affected, part.restored) == (900, 245, 655)
    assert part.since == START + 8 * HOUR
    assert impact_from(told[:3]).parts[0].since == START + 4 * HOUR, "the level's, not the count's"
    assert part_line(part, None, utc) == (
        "*shared-databases*: degraded performance since 02 16:00, down 8 h, 245 of 900 still affected"
    )
    again = impact_from([*told, said(SHARED, OK, 9, order=5), said(SHARED, MAJOR, 10, order=6)]).parts[0]
    assert again.affected is None, "of a new outage nobody has said how many"
    assert impact_line(impact_from([]), START) == ""
    assert downtime_lines(impact_from([]), START) == []
    degraded = impact_from([said(SHARED, DEGRADED, 0, order=1), said(SHARED, OK, 1, order=2)])
    assert degraded.outage is None
    assert impact_line(degraded, START) == "Everything works again"


def test_what_was_said_since() -> None:
    told = [said(SHARED, MAJOR, 0, order=1), said(SHARED, OK, 60, order=3), said(SHARED, PARTIAL, 20, order=5)]
    found = impact_from(told)
    assert since_lines(found, told[1].said_at, utc) == ["shared-databases: major outage → partial outage from 03 04:00"]
    assert since_lines(found, START, utc)[0] == "shared-databases: major outage from 02 08:00"
    assert since_lines(found, told[2].said_at, utc) == []


def test_every_first_tier_comes_before_any_second() -> None:
    components = (
        Component(name="applications", tiers=("production", "free")),
        Component(name="shared-databases", tiers=("production", "free")),
        Component(name="deploys"),
    )
    named = [part.name for part in Settings().model_copy(update={"components": components}).parts]
    assert named == [
        "applications/production",
        "shared-databases/production",
        "deploys",
        "applications/free",
        "shared-databases/free",
    ]
    assert [part.name for part in Settings().model_copy(update={"components": ()}).parts] == ["service"]
    assert place_of(9, 0) < place_of(0, 1)


def test_a_part_moves_to_the_place_that_was_said_last() -> None:
    moved = Part(component="deploys", place=0)
    found = impact_from(
        [said(DEPLOYS, MAJOR, 0, order=1), said(SHARED, MAJOR, 0, order=2), said(moved, OK, 1, order=3)]
    )
    assert [one.name for one in found.parts] == ["deploys", "shared-databases"]
    assert len(found.parts[0].intervals) == 2


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("major", MAJOR),
        ("Major outage", MAJOR),
        ("major-outage", MAJOR),
        ("PARTIAL_OUTAGE", PARTIAL),
        ("degraded", DEGRADED),
        ("maintenance", Level.UNDER_MAINTENANCE),
        ("ok", OK),
        ("up", OK),
        ("fine", None),
        ("", None),
    ],
)
def test_levels_have_friendly_words(words: str, level: Level | None) -> None:
    assert read_level(words) is level


KNOWN = (
    DEDICATED,
    Part(component="dedicated-databases", tier="free", place=1001),
    Part(component="shared-databases", place=2),
)


@pytest.mark.parametrize(
    ("text", "names", "level", "when", "affected"),
    [
        ("dedicated-databases/production major_outage", ["dedicated-databases/production"], MAJOR, "", None),
        ("dedicated-databases ok", ["dedicated-databases/production", "dedicated-databases/free"], OK, "", None),
        (
            "Shared databases partial outage affected 12,000 from 2011-04-21 08:15 UTC",
            ["shared-databases"],
            PARTIAL,
            "2011-04-21 08:15 UTC",
            12_000,
        ),
        ("shared-databases/everyone down since yesterday 22:00", ["shared-databases"], MAJOR, "yesterday 22:00", None),
    ],
)
def test_a_line_is_taken_apart(text: str, names: list[str], level: Level, when: str, affected: int | None) -> None:
    typed = impact_words.read(text, KNOWN)
    assert [part.name for part in typed.parts] == names
    assert (typed.level, typed.when, typed.affected) == (level, when, affected)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("shared-database major", "I don't know the component `shared-database`. Did you mean `shared-databases`?"),
        (
            "xyzzy major",
            "I don't know the component `xyzzy`. Components, from the settings: dedicated-databases, shared-databases.",
        ),
        (
            "dedicated-databases/gold major",
            "dedicated-databases has no tier `gold`. Its tiers: production, free.",
        ),
        (
            "dedicated-databases/produktion major",
            "dedicated-databases has no tier `produktion`. Did you mean `dedicated-databases/production`?",
        ),
        ("shared-databases majr", "`majr` is no level. Did you mean `major`?"),
        (
            "shared-databases purple",
            "`purple` is no level. Say `major`, `partial`, `degraded`, `maintenance` or `operational`.",
        ),
        (
            "shared-databases",
            "How does shared-databases do? Say `major`, `partial`, `degraded`, `maintenance` or `operational`",
        ),
        ("shared-databases from 08:15", "How does shared-databases do?"),
        ("shared-databases major affected many", "`many` is no number of affected ones."),
        ("shared-databases major affected -3", "`-3` is no number of affected ones."),
        ("shared-databases major from", "What comes after `from`?"),
        ("shared-databases major from 8:00 from 9:00", "That says `from` twice."),
        ("<!channel> major", "I don't know the component `&lt;!channel&gt;`."),
        ("x" * 10_000 + " major", "I don't know the component `xxx"),
        ("shared-databases " + "y" * 10_000, "`yyy"),
    ],
)
def test_a_wrong_word_gets_the_nearest(text: str, sentence: str) -> None:
    with pytest.raises(WrongWords) as refused:
        impact_words.read(text, KNOWN)
    assert refused.value.sentence.startswith(sentence)
    assert refused.value.hint
    assert len(refused.value.sentence) < 300


def test_times_are_the_last_that_have_passed() -> None:
    berlin, now = ZoneInfo("Europe/Berlin"), START
    assert impact_words.past("", now, berlin) == now
    assert impact_words.past("08:15", now, berlin) == datetime(2026, 3, 2, 7, 15, tzinfo=UTC)
    assert impact_words.past("23:00", now, berlin) == datetime(2026, 3, 1, 22, 0, tzinfo=UTC)
    assert impact_words.past("2011-04-21 08:15 UTC", now, berlin) == datetime(2011, 4, 21, 8, 15, tzinfo=UTC)
    for text, sentence in {
        "2030-01-01 08:00": "Tue 1 Jan 2030 08:00 CET (07:00 UTC) has not come yet. Name a time that has passed.",
        "noonish": "I don't understand `noonish` as a time. For example: `08:15`, `yesterday 22:00`",
        "2025-10-26 02:30": "02:30 comes twice on Sun 26 Oct in Europe/Berlin",
        "2025-03-30 02:30": "02:30 is skipped on Sun 30 Mar in Europe/Berlin",
    }.items():
        with pytest.raises(WrongWords) as refused:
            impact_words.past(text, now, berlin)
        assert refused.value.sentence.startswith(sentence)


def test_the_words_for_levels_are_all_read() -> None:
    assert {read_level(level.words) for level in Level} == set(Level)
    assert all(read_level(word) for word in domain.LEVEL_WORDS)
