"""Text that people typed."""

import unicodedata
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import (
    TEXT_LIMIT,
    alike,
    clean,
    clean_line,
    format_duration,
    is_web_link,
    nearest,
    parse_duration,
    shorten,
)

ANY = st.text() | st.text(alphabet="a \n\t\r\u200b\u200d\ufe0f\u202e\x00é🔥", max_size=60)
VISIBLE_NOTHINGS = ["", " ", "\n", "\u200b", "\u200d", "\u200d \ufe0f", "\u202e\u2066", "\x00\x07", "\u00ad"]


@given(ANY)
def test_clean_is_idempotent_and_leaves_nothing_that_moves_text(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not [c for c in cleaned if unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"} and c not in "\n\t"]
    assert not [c for c in cleaned if unicodedata.category(c) == "Cf" and c != "\u200d"]


@given(st.integers(TEXT_LIMIT - 3, TEXT_LIMIT + 3), st.sampled_from(["x", " y", "\n"]))
def test_clean_keeps_to_its_limit_and_ends_in_no_space(length: int, tail: str) -> None:
    cleaned = clean("x" * length + tail)
    assert len(cleaned) <= TEXT_LIMIT
    assert clean(cleaned) == cleaned


@given(ANY)
def test_a_clean_line_is_one_line(text: str) -> None:
    line = clean_line(text)
    assert clean_line(line) == line
    assert line == " ".join(line.split())


@pytest.mark.parametrize("nothing", VISIBLE_NOTHINGS)
def test_a_line_of_nothing_visible_is_empty(nothing: str) -> None:
    assert clean_line(nothing) == ""


def test_what_people_see_stays() -> None:
    family = "👨\u200d👩\u200d👧 ❤\ufe0f"
    assert clean_line(f"  {family}\u200b down\u202e ") == f"{family} down"
    assert clean("one\r\ntwo\n\n\tthree") == "one\ntwo\n\n\tthree"


@given(st.text(max_size=50), st.integers(1, 40))
def test_shorten_keeps_the_limit_and_says_that_it_cut(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == text if len(text) <= limit else short.endswith("…")
    assert shorten(short, limit) == short


@pytest.mark.parametrize(
    ("word", "minutes"),
    [
        *[("8h", 480), ("90m", 90), ("1h30m", 90), ("30min", 30), ("12H", 720), (" 8h ", 480), ("999h", 59_940)],
        *[("8 h", 480), ("8 hours", 480), ("1 hour", 60), ("2 hrs", 120), ("2hr", 120), ("90 min", 90)],
        *[("90 minutes", 90), ("1 h 30 min", 90), ("1.5h", 90), ("1,5 hours", 90), ("0.25 h", 15), ("8.5h", 510)],
    ],
)
def test_durations_are_read(word: str, minutes: int) -> None:
    assert parse_duration(word) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "word",
    [
        "",
        "0h",
        "0m",
        "0h0m",
        "8",
        "h",
        "-8h",
        ".5h",
        "8.h",
        "1.5m",
        "1d",
        "30m1h",
        "9999h",
        "8 hour s",
        "8 herrings",
        "@ada",
    ],
)
def test_what_is_no_duration_is_none(word: str) -> None:
    assert parse_duration(word) is None


@given(st.text(max_size=20))
def test_reading_a_duration_never_raises(text: str) -> None:
    found = parse_duration(text)
    assert found is None or found > timedelta()


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(seconds=-5), "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=8), "8 h"),
        (timedelta(hours=8, minutes=12), "8 h 12 min"),
        (timedelta(hours=24), "1 d"),
        (timedelta(days=3, hours=4, minutes=30), "3 d 4 h"),
    ],
)
def test_durations_are_said(duration: timedelta, words: str) -> None:
    assert format_duration(duration) == words


@pytest.mark.parametrize(("hours", "words"), [(24, "24 h"), (12.5, "12 h 30 min"), (100, "100 h"), (0.5, "30 min")])
def test_the_length_of_a_shift_is_said_in_hours(hours: float, words: str) -> None:
    assert format_duration(timedelta(hours=hours), days=False) == words


@given(st.integers(1, 999), st.integers(0, 59))
def test_what_is_said_of_hours_and_minutes_reads_back(hours: int, minutes: int) -> None:
    duration = timedelta(hours=hours, minutes=minutes)
    assert parse_duration(format_duration(duration, days=False)) == duration


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("https://meet.example.com/inc?x=1&y=2", True),
        ("http://10.0.0.1:8080", True),
        ("https://[::1]/", True),
        ("https://", False),
        ("javascript:alert(1)", False),
        ("ftp://example.com", False),
        ("meet.example.com", False),
        ("https://example.com/a b", False),
        ("https://example.com|Click", False),
        ("https://example.com>", False),
        ("https://example.com\n", False),
        ("http://[", False),
        ("https://example.com/" + "x" * 2000, False),
    ],
)
def test_links_are_told_from_the_rest(text: str, is_one: bool) -> None:
    assert is_web_link(text) is is_one


@given(st.text() | st.text(alphabet="htps:/[]@?#a.|<> %", max_size=30).map("http://".__add__))
def test_a_link_never_breaks_out(text: str) -> None:
    assert not is_web_link(text) or not set(text) & set("<>| \n\t")


@pytest.mark.parametrize(
    ("word", "meant"),
    [("resovle", "resolve"), ("SEVRITY", "severity"), ("handof", "handoff"), ("xyzzy", None)],
)
def test_the_nearest_word(word: str, meant: str | None) -> None:
    assert nearest(word, ["", "resolve", "severity", "handoff", "note"]) == meant


@given(st.text(max_size=30))
def test_every_text_is_like_itself(text: str) -> None:
    assert alike(text, text.lower())


def test_titles_of_one_outage_are_alike() -> None:
    assert alike("Checkout is down", "checkout down")
    assert not alike("Checkout is down", "Database replication lags")
