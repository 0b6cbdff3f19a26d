"""Wall-clock times that people type: the next occurrence, in a zone that is named, and asked about where doubtful."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.walltime import AsksWhich, WallTime, instants, parse, wall_text, zone_named, zone_names
from bot.errors import WrongWords

BERLIN = ZoneInfo("Europe/Berlin")
# Wednesday, 18 November 2026, 14:00 in Berlin.
NOW = datetime(2026, 11, 18, 13, 0, tzinfo=UTC)
# The evening before the clocks go back, and before they go forward.
AUTUMN = datetime(2026, 10, 24, 18, 0, tzinfo=UTC)
SPRING = datetime(2026, 3, 28, 18, 0, tzinfo=UTC)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("16:00", "2026-11-18 15:00"),
        ("14:00", "2026-11-19 13:00"),
        ("9:00", "2026-11-19 08:00"),
        ("9am", "2026-11-19 08:00"),
        ("at 4:30pm", "2026-11-18 15:30"),
        ("12am", "2026-11-18 23:00"),
        ("today 14:01", "2026-11-18 13:01"),
        ("tomorrow 09:00", "2026-11-19 08:00"),
        ("09:00 tomorrow", "2026-11-19 08:00"),
        ("monday 09:00", "2026-11-23 08:00"),
        ("Mon, 09:00", "2026-11-23 08:00"),
        ("wednesday 16:00", "2026-11-18 15:00"),
        ("wednesday 09:00", "2026-11-25 08:00"),
        ("2026-11-23 09:00", "2026-11-23 08:00"),
        ("23 nov 16:00", "2026-11-23 15:00"),
        ("on 23. November 2026 at 16:00", "2026-11-23 15:00"),
        ("nov 1 16:00", "2027-11-01 15:00"),
        ("29 feb 16:00", "2028-02-29 15:00"),
        ("16:00 UTC", "2026-11-18 16:00"),
        ("16:00 America/New_York", "2026-11-18 21:00"),
        ("16:00 america/new_york", "2026-11-18 21:00"),
        ("16:00 CET", "2026-11-18 15:00"),
        ("16:00 +05:30", "2026-11-19 10:30"),
        ("16:00 utc-3", "2026-11-18 19:00"),
        ("tomorrow 00:30 Asia/Kathmandu", "2026-11-18 18:45"),
        ("now", "2026-11-18 13:00"),
    ],
)
def test_a_time_means_its_next_occurrence(typed: str, means: str) -> None:
    assert parse(typed, NOW, BERLIN).at == utc(means)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("08:15", "2026-11-18 07:15"),
        ("14:00", "2026-11-18 13:00"),
        ("14:01", "2026-11-17 13:01"),
        ("yesterday 23:00", "2026-11-17 22:00"),
        ("monday 09:00", "2026-11-16 08:00"),
        ("wednesday 18:00", "2026-11-11 17:00"),
        ("1 dec 10:00", "2025-12-01 09:00"),
        ("2026-07-01 10:00", "2026-07-01 08:00"),
        ("10:00 CET", "2026-11-18 09:00"),
    ],
)
def test_in_the_past_it_means_the_last_one(typed: str, means: str) -> None:
    assert parse(typed, NOW, BERLIN, past=True).at == utc(means)


def test_what_ends_something_comes_after_its_beginning() -> None:
    start = parse("monday 09:00", NOW, BERLIN)
    assert parse("18:00", NOW, BERLIN, after=start.at).at == utc("2026-11-23 17:00")
    assert parse("08:00", NOW, BERLIN, after=start.at).at == utc("2026-11-24 07:00")
    assert parse("friday 18:00", NOW, BERLIN, after=start.at).at == utc("2026-11-27 17:00")
    with pytest.raises(WrongWords, match=r"Thu 19 Nov 18:00 CET .* is not after Mon 23 Nov 09:00 CET"):
        parse("tomorrow 18:00", NOW, BERLIN, after=start.at)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "no time of the day"),
        ("monday", "no time of the day"),
        ("soon", "I don't understand `soon`"),
        ("16:00 `<!channel>`", "I don't understand `channel`"),
        ("<>", "That is no time"),
        ("25:00", "no 25:00 on a clock"),
        ("24:00", "no 24:00 on a clock"),
        ("13pm", "There is no 13pm"),
        ("16:00 17:00", "names two times"),
        ("now 17:00", "names two times"),
        ("monday tuesday 17:00", "names two times"),
        ("monday tomorrow 17:00", "names two days"),
        ("23 17:00", "half a date"),
        ("31 feb 17:00", "no such date"),
        ("2026-13-01 17:00", "no such date"),
        ("2027-02-29 17:00", "no such date"),
        ("today 09:00", "Wed 18 Nov 09:00 CET .08:00 UTC. has passed"),
        ("yesterday 09:00", "has passed"),
        ("2026-03-29 02:30", "has passed"),
        ("16:00 CEST", "On Wed 18 Nov Europe/Berlin has CET, not CEST"),
        ("16:00 EST", "I don't understand `est`"),
        ("16:00 Mars/Olympus", "I don't understand `mars/olympus`"),
        ("16:00 ../../etc/passwd", "I don't understand"),
        ("16:00 +19", "No place is"),
        ("16:00 UTC Europe/Paris", "names two times"),
    ],
)
def test_what_is_no_time_is_refused_with_examples(typed: str, why: str) -> None:
    with pytest.raises(WrongWords, match=why) as refused:
        parse(typed, NOW, BERLIN)
    assert refused.value.user_text.count(". ") == 0
    assert refused.value.hint
    assert "<" not in refused.value.sentence


def test_a_named_day_in_the_past_must_have_been() -> None:
    with pytest.raises(WrongWords, match="has not come yet"):
        parse("tomorrow 09:00", NOW, BERLIN, past=True)


class TestClockChanges:
    def test_a_time_that_comes_twice_asks(self) -> None:
        with pytest.raises(AsksWhich) as asked:
            parse("02:30", AUTUMN, BERLIN)
        assert asked.value.user_text == (
            "02:30 comes twice on Sun 25 Oct in Europe/Berlin: 02:30 CEST (00:30 UTC), then 02:30 CET (01:30 UTC)."
        )
        assert asked.value.hint == "Type `2026-10-25 02:30 CEST` or `2026-10-25 02:30 CET`."
        assert [choice.at for choice in asked.value.choices] == [utc("2026-10-25 00:30"), utc("2026-10-25 01:30")]

    @pytest.mark.parametrize(
        ("typed", "means"),
        [
            ("02:30 CEST", "2026-10-25 00:30"),
            ("02:30 cet", "2026-10-25 01:30"),
            ("sunday 02:30 CET", "2026-10-25 01:30"),
            ("2026-10-25 02:30 +01:00", "2026-10-25 01:30"),
            ("02:30 CEST Europe/Berlin", "2026-10-25 00:30"),
        ],
    )
    def test_an_abbreviation_or_an_offset_decides(self, typed: str, means: str) -> None:
        found = parse(typed, AUTUMN, BERLIN)
        assert found.at == utc(means)
        assert found.zone == BERLIN

    def test_between_the_two_the_second_is_meant(self) -> None:
        between = utc("2026-10-25 00:45")
        assert parse("02:30", between, BERLIN).at == utc("2026-10-25 01:30")
        assert parse("today 02:30", between, BERLIN).at == utc("2026-10-25 01:30")
        assert parse("02:30", between, BERLIN, past=True).at == utc("2026-10-25 00:30")

    def test_afterwards_the_past_asks(self) -> None:
        with pytest.raises(AsksWhich):
            parse("02:30", utc("2026-10-25 09:00"), BERLIN, past=True)

    def test_a_time_that_is_skipped_asks(self) -> None:
        with pytest.raises(AsksWhich) as asked:
            parse("02:30", SPRING, BERLIN)
        assert asked.value.user_text == (
            "02:30 is skipped on Sun 29 Mar in Europe/Berlin: the clocks go from 02:00 CET to 03:00 CEST."
        )
        assert asked.value.hint == "Type `2026-03-29 01:59` or `2026-03-29 03:00`."
        assert [choice.at for choice in asked.value.choices] == [utc("2026-03-29 00:59"), utc("2026-03-29 01:00")]

    def test_a_gap_that_has_passed_is_no_matter(self) -> None:
        assert parse("02:30", utc("2026-03-29 08:00"), BERLIN).at == utc("2026-03-30 00:30")
        assert parse("02:30", SPRING, BERLIN, past=True).at == utc("2026-03-28 01:30")

    @pytest.mark.parametrize(
        ("zone", "evening", "typed"),
        [
            ("Australia/Lord_Howe", "2026-04-04 06:00", "01:45"),
            ("Australia/Lord_Howe", "2026-10-03 06:00", "02:15"),
            ("Africa/Cairo", "2026-04-23 12:00", "00:30"),
            ("Africa/Cairo", "2026-10-29 12:00", "23:30"),
            ("America/New_York", "2026-11-01 00:00", "01:30"),
        ],
    )
    def test_every_way_that_is_offered_is_taken(self, zone: str, evening: str, typed: str) -> None:
        for words, own in ((typed, ZoneInfo(zone)), (f"{typed} {zone}", BERLIN)):
            with pytest.raises(AsksWhich) as asked:
                parse(words, utc(evening), own)
            ways = asked.value.hint.split("`")[1::2]
            assert [parse(way, utc(evening), own) for way in ways] == list(asked.value.choices)
            assert len(set(asked.value.choices)) == 2


@pytest.mark.parametrize(
    ("at", "zone", "shown"),
    [
        ("2026-11-23 15:00", "Europe/Berlin", "Mon 23 Nov 16:00 CET (15:00 UTC)"),
        ("2026-11-23 23:30", "Europe/Berlin", "Tue 24 Nov 00:30 CET (Mon 23 Nov 23:30 UTC)"),
        ("2026-11-23 15:00", "UTC", "Mon 23 Nov 15:00 UTC"),
        ("2026-11-23 15:00", "Europe/London", "Mon 23 Nov 15:00 GMT (15:00 UTC)"),
        ("2026-11-23 15:00", "Asia/Kathmandu", "Mon 23 Nov 20:45 +0545 (15:00 UTC)"),
    ],
)
def test_a_time_is_shown_with_its_zone_and_in_utc(at: str, zone: str, shown: str) -> None:
    assert wall_text(utc(at), ZoneInfo(zone)) == shown


@pytest.mark.parametrize("word", ["EST", "CET", "", "Berlin", "/etc/localtime", "europe", "posixrules", "Factory"])
def test_what_names_no_zone(word: str) -> None:
    assert zone_named(word) is None


def test_a_zone_is_known_however_it_is_written() -> None:
    assert zone_named("europe/BERLIN") == BERLIN
    assert zone_named("utc") == ZoneInfo("UTC")
    assert "Europe/Berlin" in zone_names()


ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kathmandu", "Pacific/Apia"]


moments = st.integers(0, 4 * 366 * 1440).map(lambda minutes: utc("2025-01-01 00:00") + timedelta(minutes=minutes))


def parsed(typed: str, now: datetime, zone: ZoneInfo, *, past: bool = False) -> WallTime | WrongWords:
    try:
        return parse(typed, now, zone, past=past)
    except WrongWords as refused:
        return refused


@given(st.sampled_from(ZONES), moments, st.times())
def test_the_next_occurrence_is_within_two_days_and_shows_what_was_typed(zone: str, now: datetime, wall: time) -> None:
    own, typed = ZoneInfo(zone), f"{wall:%H:%M}"
    found = parsed(typed, now, own)
    if isinstance(found, WrongWords):
        assert isinstance(found, AsksWhich)
        assert all(now - timedelta(minutes=1) <= choice.at for choice in found.choices)
        return
    assert now < found.at <= now + timedelta(hours=49)
    assert f"{found.at.astimezone(own):%H:%M}" == typed
    # Nothing earlier would have done.
    earlier = instants(now.astimezone(own).date(), wall.replace(second=0, microsecond=0), own)
    assert not [at for at in earlier if now < at < found.at]


@given(st.text(max_size=40) | st.text(alphabet="0123456789: +-/.amponvdecz`<>", max_size=25), st.booleans())
def test_whatever_is_typed_gets_a_time_or_a_refusal(text: str, past: bool) -> None:
    found = parsed(text, NOW, BERLIN, past=past)
    if isinstance(found, WrongWords):
        assert found.user_text.endswith(".")
        assert "<" not in found.sentence
    else:
        assert found.at.tzinfo is UTC
