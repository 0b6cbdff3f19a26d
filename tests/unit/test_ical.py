"""What a calendar file says about who is on duty."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ical import MOST_TURNS, BadCalendar, read

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


def calendar(*events: str, head: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\nUID:{n}\n{event.strip()}\nEND:VEVENT\n" for n, event in enumerate(events))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n{head}{body}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def turns(*events: str, head: str = "", now: datetime = NOW) -> list[str]:
    """The turns as `2026-03-23T09:00 2026-03-30T09:00`, in UTC."""
    found, _ = read(calendar(*events, head=head), now)
    return [f"{turn.starts_at:%Y-%m-%dT%H:%M} {turn.ends_at:%Y-%m-%dT%H:%M}" for turn in found]


def test_a_recurring_event_keeps_its_times_on_the_wall() -> None:
    # The clocks go forward on 29 March.
    weekly = """
DTSTART;TZID=Europe/Berlin:20260105T090000
DTEND;TZID=Europe/Berlin:20260112T090000
RRULE:FREQ=WEEKLY;UNTIL=20260414T000000Z
EXDATE;TZID=Europe/Berlin:20260406T090000"""
    assert turns(weekly) == [
        "2026-03-16T08:00 2026-03-23T08:00",
        "2026-03-23T08:00 2026-03-30T07:00",
        "2026-03-30T07:00 2026-04-06T07:00",
        "2026-04-13T07:00 2026-04-20T07:00",
    ]


def test_one_occurrence_is_moved_and_another_cancelled() -> None:
    daily = "SUMMARY:a\nDTSTART:20260320T100000Z\nDTEND:20260320T200000Z\nRRULE:FREQ=DAILY;COUNT=3"
    moved = "UID:0\nRECURRENCE-ID:20260321T100000Z\nDTSTART:20260321T120000Z\nDTEND:20260321T130000Z"
    off = "UID:0\nRECURRENCE-ID:20260322T100000Z\nSTATUS:CANCELLED\nDTSTART:20260322T100000Z\nDTEND:20260322T200000Z"
    one = calendar(daily, moved, off).decode().replace("UID:1\r\n", "").replace("UID:2\r\n", "").encode()
    found, _ = read(one, NOW)
    assert [f"{turn.starts_at:%d %H:%M}" for turn in found] == ["20 10:00", "21 12:00"]


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("DTSTART;VALUE=DATE:20260323", ["2026-03-22T23:00 2026-03-23T23:00"]),
        ("DTSTART;VALUE=DATE:20260328\nDTEND;VALUE=DATE:20260330", ["2026-03-27T23:00 2026-03-29T22:00"]),
        ("DTSTART:20260323T090000\nDTEND:20260323T170000", ["2026-03-23T08:00 2026-03-23T16:00"]),
        ("DTSTART:20260323T090000Z\nDURATION:P1W", ["2026-03-23T09:00 2026-03-30T09:00"]),
        ("DTSTART:20260323T090000Z", []),
        ("DTSTART:20260323T090000Z\nDTEND:20260322T090000Z", []),
        ("DTSTART:20260319T090000Z\nDTEND:20260320T120000Z", []),
        ("DTSTART:20260601T090000Z\nDTEND:20260602T090000Z", []),
        ("STATUS:CANCELLED\nDTSTART:20260323T090000Z\nDTEND:20260324T090000Z", []),
        ("DTSTART:20260323T090000Z\nDURATION:PT1H\nRDATE:20260325T090000Z", [
            "2026-03-23T09:00 2026-03-23T10:00", "2026-03-25T09:00 2026-03-25T10:00"]),
    ],
)  # fmt: skip
def test_single_events(event: str, said: list[str]) -> None:
    assert turns(event, head="X-WR-TIMEZONE:Europe/Berlin\n") == said


def test_without_a_zone_it_is_utc_and_a_zone_of_its_own_is_understood() -> None:
    assert turns("DTSTART;VALUE=DATE:20260323") == ["2026-03-23T00:00 2026-03-24T00:00"]
    own = (
        "BEGIN:VTIMEZONE\nTZID:Mine\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0300\n"
        "END:STANDARD\nEND:VTIMEZONE\n"
    )
    assert turns("DTSTART;TZID=Mine:20260323T090000\nDURATION:PT1H", head=own) == ["2026-03-23T06:00 2026-03-23T07:00"]
    assert read(calendar(head="X-WR-TIMEZONE:Europe/Berlin\n"), NOW) == ([], "Europe/Berlin")


@pytest.mark.parametrize(
    ("event", "who"),
    [
        ("ATTENDEE:mailto:bob@x.example\nATTENDEE;CN=E:MAILTO:Eve@x.example", ["bob@x.example", "eve@x.example"]),
        ("ORGANIZER:mailto:boss@x.example\nATTENDEE:mailto:bob@x.example", ["bob@x.example", "boss@x.example"]),
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:bob@x.example\nSUMMARY:eve@x.example is on call", ["eve@x.example"]),
        ("ATTENDEE;CUTYPE=ROOM:mailto:room@x.example\nDESCRIPTION:call eve@x.example", ["eve@x.example"]),
        ("SUMMARY:U0BOB00001 (UNIVERSALLY)\nORGANIZER:mailto:boss@x.example", ["U0BOB00001", "boss@x.example"]),
        ("SUMMARY:Team B\nATTENDEE:urn:uuid:1", []),
    ],
)  # fmt: skip
def test_who_may_be_meant(event: str, who: list[str]) -> None:
    found, _ = read(calendar(f"DTSTART:20260323T090000Z\nDURATION:PT1H\n{event}"), NOW)
    assert list(found[0].who) == who


def test_a_name_is_one_short_line() -> None:
    found, _ = read(calendar("DTSTART:20260323T090000Z\nDURATION:PT1H\nSUMMARY:a\\n\u202eb" + "x" * 60), NOW)
    assert found[0].label == "a b" + "x" * 60
    found, _ = read(calendar("DTSTART:20260323T090000Z\nDURATION:PT1H"), NOW)
    assert found[0].label == "an event without a name"


_HOUR = "DTSTART:20260101T090000Z\nDURATION:PT1H\n"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no calendar"),
        (b"<html>sign in</html>", "no calendar"),
        (calendar(_HOUR)[:-30], "cut off"),
        (calendar("this is no line"), "can't be read"),
        (calendar(head="X-WR-TIMEZONE:Mars/Olympus\n"), "a time zone that I don't know"),
        (calendar("DTSTART;TZID=Mars/Olympus:20260323T090000\nDURATION:PT1H"), "a time zone that I don't know"),
        (calendar("SUMMARY:x\nDTSTART:yesterday"), "the times of “x” can't be read"),
        (calendar("SUMMARY:x\n" + _HOUR + "RRULE:FREQ=SOMETIMES"), "the times of “x” can't be read"),
        (calendar("DTSTART:20260323T090000Z\nDTSTART:20260324T090000Z\nDURATION:PT1H"), "format of calendars"),
        (calendar(_HOUR + "RRULE:FREQ=MINUTELY"), "repeats each minute"),
        (calendar(_HOUR + "RRULE:FREQ=HOURLY"), f"more than {MOST_TURNS:,} times"),
        (calendar(_HOUR.replace("2026", "1970") + "RRULE:FREQ=HOURLY"), "repeated for too long"),
        (calendar(*["DTSTART:20260323T090000Z\nDURATION:PT1H"] * 1001), "more than 1,000 turns"),
        (calendar(_HOUR + "RDATE;VALUE=PERIOD:20260401T000000Z/PT5H"), "gives periods"),
    ],
)
def test_what_can_not_be_used_is_told_in_a_clause(data: bytes, why: str) -> None:
    with pytest.raises(BadCalendar, match=why) as bad:
        read(data, NOW)
    assert not str(bad.value).endswith(".")


_LINES = [
    "DTSTART:20260323T090000Z", "DTSTART;VALUE=DATE:20260323", "DTSTART;TZID=Europe/Berlin:20260329T023000", "DTSTART:",
    "DTEND:20260324T090000Z", "DTEND;VALUE=DATE:20260325", "DURATION:P1D", "DURATION:-PT5M", "DURATION:P9999999D",
    "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=5", "RRULE:FREQ=YEARLY;UNTIL=20270101", "RRULE:X",
    "EXDATE:20260323T090000Z", "EXDATE;VALUE=DATE:20260323", "RDATE:20260401T090000,20260402T090000", "SUMMARY:a@b.cc",
    "RECURRENCE-ID:20260323T090000Z", "STATUS:CANCELLED", "ATTENDEE:mailto:a@b.cc", "ATTENDEE;X", "BEGIN:VALARM",
    "UID:1", "ORGANIZER;CN=\"a\":x", "END:VALARM", "END:VEVENT", "BEGIN:VEVENT",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_LINES) | st.text(max_size=20), max_size=12))
def test_whatever_it_holds_it_is_read_or_refused(lines: list[str]) -> None:
    try:
        found, zone = read(calendar("\n".join(lines)), NOW)
    except BadCalendar:
        return
    assert zone == "UTC"
    for turn in found:
        assert NOW < turn.ends_at > turn.starts_at < NOW + timedelta(days=60)


def test_in_a_process_of_its_own_it_prints_what_it_found() -> None:
    def child(data: bytes) -> str:
        command = [sys.executable, "-m", "bot.ical", NOW.isoformat(), "5"]
        return subprocess.run(command, input=data, capture_output=True, check=True, timeout=30).stdout.decode()

    assert '"starts_at": "2026-03-23T09:00:00+00:00"' in child(calendar("DTSTART:20260323T090000Z\nDURATION:PT1H"))
    assert child(b"") == '{"problem": "it is no calendar"}'
