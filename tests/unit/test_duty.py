"""The duty roster: read from words, its hand-overs, and what is said of it."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.duty import (
    MOST_PEOPLE,
    Cover,
    Duty,
    DutyEvent,
    Roster,
    Schedule,
    affected,
    check_roster,
    read_cover,
    read_schedule,
)
from bot.errors import WrongWords
from bot.messages.command import duty as messages
from bot.messages.command.duty import NOTICES, Notice, often, shown
from bot.messages.kit import Message
from sandbox.blockkit import problems

ADA, BOB, EVE = "UADA00001", "UBOB00001", "UEVE00001"
BERLIN, LONDON = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/London")
# Wednesday, 18 November 2026, 14:00 in Berlin.
NOW = datetime(2026, 11, 18, 13, 0, tzinfo=UTC)
WEEKLY = Schedule(7, date(2026, 11, 16), time(9), BERLIN)
HOUR = timedelta(hours=1)


def roster(schedule: Schedule = WEEKLY, people: tuple[str, ...] = (ADA, BOB), **values: Any) -> Roster:
    return Roster(id=3, people=people, schedule=schedule, set_by=ADA, set_at=NOW, **values)


def calendar(*events: DutyEvent) -> Duty:
    schedule = Schedule(1, NOW.date(), time(), ZoneInfo("UTC"))
    url = "https://secret:word@calendar.example.com/private-token/oncall.ics"
    return Duty(roster=roster(schedule, (), url=url, fetched_at=NOW), events=events)


def cover(number: int, person: str, begins: float, hours: float) -> Cover:
    starts = NOW + begins * HOUR
    return Cover(id=number, person=person, starts_at=starts, ends_at=starts + hours * HOUR, set_by=ADA)


def event(person: str | None, begins: float, hours: float, label: str = "On call") -> DutyEvent:
    return DutyEvent(person, label, NOW + begins * HOUR, NOW + (begins + hours) * HOUR)


@pytest.mark.parametrize(
    ("words", "every", "anchor", "wall", "zone"),
    [
        ("weekly monday 09:00 Europe/Berlin", 7, "2026-11-16", "09:00", "Europe/Berlin"),
        ("weekly on Wed at 13:00", 7, "2026-11-18", "13:00", "Europe/London"),
        ("weekly wednesday 14:00", 7, "2026-11-11", "14:00", "Europe/London"),
        ("every week mon 9am", 7, "2026-11-16", "09:00", "Europe/London"),
        ("every 2 weeks monday 09:00", 14, "2026-11-16", "09:00", "Europe/London"),
        ("daily 09:00", 1, "2026-11-18", "09:00", "Europe/London"),
        ("daily 23:00", 1, "2026-11-17", "23:00", "Europe/London"),
        ("every day 09:00 america/new_york", 1, "2026-11-17", "09:00", "America/New_York"),
        ("every 3 days 09:00 UTC", 3, "2026-11-18", "09:00", "UTC"),
    ],
)
def test_a_schedule_is_read_and_its_first_turn_is_running(
    words: str, every: int, anchor: str, wall: str, zone: str
) -> None:
    found = read_schedule(words, NOW, LONDON)
    assert found == Schedule(every, date.fromisoformat(anchor), time.fromisoformat(wall), ZoneInfo(zone))
    assert found.turn_at(NOW) == 0


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "How often"),
        ("sometimes 09:00", "How often"),
        ("dailyish 09:00", "How often"),
        ("daily", "At what time of the day"),
        ("daily 25:00", "no 25:00"),
        ("weekly 09:00", "On which day"),
        ("every 2 weeks 09:00", "On which day"),
        ("daily monday 09:00", "Only a turn of weeks"),
        ("every 3 days monday 09:00", "Only a turn of weeks"),
        ("every 0 days 09:00", "from a day to a year"),
        ("every 367 days 09:00", "from a day to a year"),
        ("daily tomorrow 09:00", "a zone that has a name"),
        ("daily 09:00 +02:00", "a zone that has a name"),
        ("weekly monday 09:00 Mars/Olympus", "I don't understand"),
    ],
)
def test_what_is_no_schedule_is_refused(words: str, why: str) -> None:
    with pytest.raises(WrongWords, match=why) as refused:
        read_schedule(words, NOW, LONDON)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("people", "why"), [([], "Who is on duty"), ([ADA, ADA], "named twice"), ([f"U{n}" for n in range(99)], "at most")]
)
def test_who_can_take_turns(people: list[str], why: str) -> None:
    with pytest.raises(WrongWords, match=why):
        check_roster(people)
    check_roster([ADA])
    check_roster([f"U{n}" for n in range(MOST_PEOPLE)])


@pytest.mark.parametrize(
    ("words", "starts", "ends"),
    [
        ("from tomorrow 09:00 to friday 18:00", "2026-11-19T09:00", "2026-11-20T18:00"),
        ("from 16:00 to 02:00", "2026-11-18T16:00", "2026-11-19T02:00"),
        ("until 18:00", "2026-11-18T13:00", "2026-11-18T18:00"),
        ("to friday 18:00", "2026-11-18T13:00", "2026-11-20T18:00"),
        ("from monday 09:00 until monday 10:00", "2026-11-23T09:00", "2026-11-23T10:00"),
        ("from 16:00 to 18:00 Europe/Berlin", "2026-11-18T15:00", "2026-11-18T17:00"),
        ("from 16:00 Europe/Berlin to 18:00", "2026-11-18T15:00", "2026-11-18T17:00"),
        ("from 16:00 Europe/Berlin to 18:00 UTC", "2026-11-18T15:00", "2026-11-18T18:00"),
    ],
)
def test_a_cover_is_read(words: str, starts: str, ends: str) -> None:
    found = read_cover(words, NOW, LONDON)
    assert tuple(one.at.isoformat()[:16] for one in found) == (starts, ends)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "From when to when"),
        ("from 09:00", "From when to when"),
        ("from now to now", "a minute to a year"),
        ("from soon to 18:00", "I don't understand `soon`"),
        ("from friday 18:00 to tomorrow 18:00", "is not after"),
        ("until 2028-01-01 09:00", "a minute to a year"),
    ],
)
def test_what_is_no_cover_is_refused(words: str, why: str) -> None:
    with pytest.raises(WrongWords, match=why):
        read_cover(words, NOW, LONDON)


class TestWhoIsOnDuty:
    def test_the_order_goes_round(self) -> None:
        duty = Duty(roster=roster())
        weeks = [duty.on_duty(NOW + timedelta(weeks=week)) for week in range(4)]
        assert weeks == [ADA, BOB, ADA, BOB]
        assert duty.until(NOW) == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
        assert duty.on_duty(WEEKLY.handover(0) - HOUR) is None

    def test_who_has_left_is_skipped(self) -> None:
        duty = Duty(roster=roster(people=(ADA, BOB, EVE)), gone=frozenset({ADA}))
        assert duty.on_duty(NOW) == BOB
        # Bob goes on into his own week: nobody comes on duty at its beginning.
        assert duty.incoming(WEEKLY.handover(1)) is None
        assert duty.incoming(WEEKLY.handover(2)) == EVE
        assert Duty(roster=roster(), gone=frozenset({ADA, BOB})).on_duty(NOW) is None

    def test_the_cover_set_last_counts(self) -> None:
        covers = [cover(1, BOB, 0, 10), cover(2, EVE, 2, 2)]
        duty = Duty(roster=roster(), covers=covers)
        assert [duty.on_duty(NOW + hours * HOUR) for hours in (-1, 0, 2, 3.9, 4, 10)] == [ADA, BOB, EVE, EVE, BOB, ADA]
        assert duty.incoming(NOW + 10 * HOUR) == ADA
        gone = Duty(roster=roster(), covers=covers, gone=frozenset({EVE}))
        assert gone.on_duty(NOW + 2 * HOUR) == BOB

    def test_the_event_that_began_last_counts_and_the_unknown_only_alone(self) -> None:
        duty = calendar(event(ADA, 0, 10), event(BOB, 2, 2), event(None, 6, 6, "Team B"))
        assert [duty.on_duty(NOW + hours * HOUR) for hours in (0, 2, 4, 6, 10, 12)] == [ADA, BOB, ADA, ADA, None, None]
        assert [(one.person, one.label) for one in duty.stretches(NOW, NOW + 13 * HOUR)] == [
            (ADA, ""),
            (BOB, ""),
            (ADA, ""),
            (None, "Team B"),
            (None, ""),
        ]
        assert duty.until(NOW + 12 * HOUR) is None

    def test_alone_is_until_further_notice(self) -> None:
        assert Duty(roster=roster(people=(ADA,))).until(NOW) is None


def test_those_whose_times_changed_are_affected() -> None:
    before = Duty(roster=roster(people=(ADA, BOB, EVE)))
    after = Duty(roster=before.roster, covers=[cover(1, EVE, 1, 2)])
    month = NOW + timedelta(days=28)
    assert set(affected(before, after, NOW, month)) == {ADA, EVE}
    assert affected(before, after, NOW + 4 * HOUR, month) == []
    assert set(affected(None, before, NOW, month)) == set(affected(before, None, NOW, month)) == {ADA, BOB, EVE}
    assert affected(None, None, NOW, NOW) == []


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        (WEEKLY, "each Monday at 09:00 Europe/Berlin"),
        (Schedule(1, NOW.date(), time(23, 5), LONDON), "each day at 23:05 Europe/London"),
        (Schedule(3, NOW.date(), time(9), LONDON), "every 3 days at 09:00 Europe/London"),
        (Schedule(14, NOW.date(), time(9), LONDON), "every 2 weeks on Wednesday at 09:00 Europe/London"),
    ],
)
def test_how_often(schedule: Schedule, said: str) -> None:
    assert often(schedule) == said


def test_what_duty_shows() -> None:
    duty = Duty(roster=roster(), covers=[cover(7, EVE, 20, 9)])
    message = shown(duty, NOW)
    assert message.text.startswith(f"*On duty now:* <@{ADA}> until <!date^")
    assert message.text.endswith("· Thu 19 Nov 10:00 CET (09:00 UTC)")
    text = str(message.blocks)
    assert f"<@{EVE}> from <!date^1795078800^" in text
    assert f"<@{BOB}> from <!date^1795420800^" in text
    assert "Mon 23 Nov 09:00 CET (08:00 UTC)" in text
    assert "*Cover 7:*" in text
    assert "`/incident duty uncover 7`" in text
    assert "each Monday at 09:00 Europe/Berlin" in text


def test_the_address_of_a_calendar_is_not_shown() -> None:
    duty = calendar(event(ADA, 0, 10))
    text = str(shown(duty, NOW)) + str(messages.reading(duty.roster.url))
    assert "calendar.example.com" in text
    assert "token" not in text
    assert "secret" not in text


def notice(duty: Duty | None, now: datetime = NOW, **about: Any) -> Notice:
    return Notice(to=BOB, about=about, zone=LONDON, now=now, duty=duty, names={ADA: "Ada Lovelace"})


def test_a_reminder_says_when_in_the_readers_zone_and_after_whom() -> None:
    at = WEEKLY.handover(1)
    said = NOTICES["duty-day"](notice(Duty(roster=roster()), at - timedelta(hours=24), at=at.isoformat())).text
    assert said == (
        "You are on duty as incident commander from *Mon 23 Nov 08:00 GMT (08:00 UTC)*, in 1 d,"
        " until Mon 30 Nov 08:00 GMT (08:00 UTC). You take over from Ada Lovelace."
    )
    late = NOTICES["duty-hour"](notice(Duty(roster=roster()), at + HOUR, at=at.isoformat())).text
    assert "since then" in late


def test_a_change_says_what_is_true_now() -> None:
    duty = Duty(roster=roster(), covers=[cover(1, BOB, 0, 2)])
    said = NOTICES["duty-changed"](notice(duty, by=ADA)).text
    assert said.startswith(
        "The duty roster has changed (Ada Lovelace): you are on duty as incident commander from now to"
    )
    assert "*Wed 18 Nov 15:00 GMT (15:00 UTC)*, then from Mon 23 Nov 08:00 GMT" in said
    late = Duty(roster=roster(people=(ADA,)), covers=[cover(1, BOB, 5000, 2)])
    assert "from *Mon 14 Jun" in NOTICES["duty-changed"](notice(late, by=ADA)).text
    none = NOTICES["duty-changed"](notice(Duty(roster=roster(people=(ADA,))), by=None)).text
    assert none == "The duty roster has changed (its calendar): you are not on duty in the time to come."


# What people and calendars should not have said.
_texts = st.sampled_from(
    ["", "Team B", "x" * 3000, "<!channel>", "&<>" * 900, "<https://e.example|bank>", "|>", "line\n> two"]
)
_OURS = re.compile(r"<@[UW][A-Z0-9]+>|<!date\^\d+\^[^<>|]+\|[0-9: UTC-]+>|&(?:amp|lt|gt);")


def check(message: Message) -> None:
    """Slack takes it, and nothing that was typed works in it."""
    assert problems(message.blocks, "message") == []
    assert len(message.as_arguments()["text"]) <= 4000
    elements = [part for block in message.blocks for part in block.get("elements", [block.get("text")])]
    for text in [message.as_arguments()["text"], *(part["text"] for part in elements)]:
        assert text.strip()
        assert not re.search("[<>&]", _OURS.sub("", text))


_people = st.sampled_from([ADA, BOB, EVE])
_hours = st.floats(-40, 400, allow_nan=False)


@st.composite
def duties(draw: st.DrawFn) -> Duty:
    """Rosters with as much in them as there may be, and texts that nobody should have typed."""
    covers = draw(st.lists(st.builds(cover, st.integers(1, 99_999), _people, _hours, st.floats(0.1, 90)), max_size=5))
    if draw(st.booleans()):
        few = draw(st.lists(st.builds(event, st.none() | _people, _hours, st.floats(0.1, 90), _texts), max_size=4))
        error = draw(_texts)[:300]
        events = [DutyEvent(one.person, one.label[:200], one.starts_at, one.ends_at) for one in few]
        held = roster(
            people=(),
            url="https://c.example/" + "&" * 500,
            fetch_error=error,
            fetched_at=draw(st.none() | st.just(NOW)),
        )
        return Duty(roster=held, covers=covers, events=events)
    people = draw(st.sampled_from([(ADA,), (ADA, BOB), tuple(f"U{n:09}" for n in range(MOST_PEOPLE))]))
    return Duty(
        roster=roster(Schedule(draw(st.sampled_from([1, 7, 366])), NOW.date(), time(9), BERLIN), people),
        covers=covers * 10,
    )


@settings(max_examples=30, deadline=None)
@given(duties())
def test_slack_takes_what_is_shown(duty: Duty) -> None:
    check(shown(duty, NOW))
    check(messages.covered(cover(3, EVE, 1, 2), BERLIN))
    check(messages.uncovered(cover(3, EVE, 1, 2), BERLIN))
    check(messages.reading("https://c.example/&<>"))
    check(messages.none_set())
    check(messages.stopped())
    if duty.roster.people:
        check(messages.roster_set(duty, NOW))


@pytest.mark.parametrize("what", NOTICES)
@settings(max_examples=15, deadline=None)
@given(st.none() | duties(), _texts, _texts)
def test_slack_takes_what_people_are_told(what: str, duty: Duty | None, why: str, name: str) -> None:
    about = {"at": (NOW + HOUR).isoformat(), "by": ADA, "why": why}
    check(NOTICES[what](Notice(to=BOB, about=about, zone=BERLIN, now=NOW, duty=duty, names={ADA: name, BOB: name})))
