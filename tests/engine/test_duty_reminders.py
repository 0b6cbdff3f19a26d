"""Reminders of the duty roster: planned for the next hand-over, planned anew when it changes, told once each."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.actions.duty import duty, duty_calendar, duty_plan
from bot.actions.remind import run_due
from bot.domain.duty import DutyEvent, Roster, Schedule
from bot.domain.effect import Effect, EffectKind
from bot.domain.people import Person
from bot.domain.reminder import ReminderKind
from bot.engine.effectors import EFFECTORS
from bot.engine.effectors.base import Call, Drop, Look, Planning
from bot.errors import NotAllowed, WrongState
from bot.settings_tables import Groups
from storage import duty as rosters
from storage import people, reminders
from storage.store import Store, Tx
from storage.tables import outbox
from storage.tables import reminders as table
from tests.support.clock import START, MovableClock
from tests.support.story import BOB, COMMANDER, EVE, IC, settings

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
BERLIN = ZoneInfo("Europe/Berlin")
# START is Monday, 2 March 2026, 09:00 in Berlin; the clocks go forward on Sunday the 29th.
WEEKLY = Schedule(7, START.date(), time(9), BERLIN)
DAILY = Schedule(1, START.date(), time(9), BERLIN)
KINDS = {"duty-day": DAY, "duty-hour": HOUR}


def do(store: Store, action: Callable[[Tx], object]) -> None:
    with store.write() as tx:
        action(tx)


def set_roster(store: Store, *named: str, schedule: Schedule = WEEKLY) -> None:
    do(store, lambda tx: duty.set_roster(tx, named or (IC, BOB, EVE), schedule, IC))


def tick(store: Store) -> int:
    count = 0
    with store.write() as tx:
        while found := run_due(tx, settings()):
            count += found
    return count


def waiting(store: Store) -> dict[str, datetime]:
    """The hand-over that is reminded of next, by kind."""
    with store.read() as tx:
        found = reminders.pending(tx, None, duty_plan.BEFORE)
    assert len({one.kind for one in found}) == len(found)
    return {one.kind: one.due_at + duty_plan.BEFORE[one.kind] for one in found}


def told(store: Store, what: str = "duty-changed") -> list[str]:
    with store.read() as tx:
        rows = tx.conn.execute(select(outbox.c.intent).where(outbox.c.kind == EffectKind.NOTICE).order_by(outbox.c.id))
        return [row.intent["to"] for row in rows if row.intent["what"] == what]


def ends(store: Store) -> list[tuple[str, str, str]]:
    """How the reminders ended, in the order of their times: kind, state, reason."""
    with store.read() as tx:
        query = select(table).where(table.c.state != "pending").order_by(table.c.due_at, table.c.id)
        return [(row.kind, row.state, row.reason) for row in tx.conn.execute(query)]


def profile(person: str, *, deactivated: bool = False) -> Person:
    return Person(
        id=person, name=person, zone="UTC", deactivated=deactivated, bot=False, foreign=False, fetched_at=START
    )


def test_a_roster_plans_the_next_hand_over_and_tells_everybody_but_who_set_it(store: Store) -> None:
    set_roster(store)
    assert waiting(store) == dict.fromkeys(KINDS, START + WEEK)
    assert told(store) == [BOB, EVE]
    with store.read() as tx:
        assert duty.on_duty(tx, tx.now) == IC
        assert duty.on_duty(tx, tx.now + WEEK) == BOB


def test_reminders_go_on_for_ever_at_the_right_minute(store: Store, clock: MovableClock) -> None:
    set_roster(store)
    for week in range(1, 7):
        handover = datetime(2026, 3, 2, 9, 0, tzinfo=BERLIN).replace(day=2) + timedelta(weeks=week)
        begins = handover.astimezone(UTC)
        assert waiting(store)["duty-day"] == begins
        clock.move(seconds=(begins - DAY - clock.now()).total_seconds() - 1)
        assert tick(store) == 0
        clock.move(seconds=1)
        assert tick(store) == 1
        assert waiting(store) == {"duty-day": (handover + WEEK).astimezone(UTC), "duty-hour": begins}
        clock.move(hours=23)
        assert tick(store) == 1
        assert waiting(store)["duty-hour"] == (handover + WEEK).astimezone(UTC)
    assert told(store, "duty-day") == told(store, "duty-hour") == [BOB, EVE, IC, BOB, EVE, IC]
    assert {state for _, state, _ in ends(store)} == {"delivered"}


@pytest.mark.parametrize("schedule", [DAILY, WEEKLY])
@pytest.mark.parametrize("hours", [3, 23.5, 24.5, 47.5, 7 * 24 - 0.5, 7 * 24 + 3, 100 * 24 + 0.7])
def test_after_an_absence_each_is_told_once_and_only_of_what_is_to_come(
    store: Store, clock: MovableClock, schedule: Schedule, hours: float
) -> None:
    set_roster(store, schedule=schedule)
    now = clock.move(hours=hours)
    tick(store)
    with store.read() as tx:
        rows = tx.conn.execute(select(outbox.c.intent).where(outbox.c.kind == EffectKind.NOTICE)).all()
        due = tx.conn.execute(select(table).where(table.c.due_at <= now)).all()
        states = {row.key: (row.state, row.reason) for row in tx.conn.execute(select(table))}
    reminded = [row.intent for row in rows if row.intent["what"] in KINDS]
    assert len({one["to"] for one in reminded}) == len(reminded)
    assert all(now < datetime.fromisoformat(one["about"]["at"]) for one in reminded)
    assert [row.key for row in due if row.state == "pending"] == []
    for row in due:
        if row.state == "covered":
            assert states[row.reason] == ("delivered", "")
    assert waiting(store).keys() == KINDS.keys()
    assert all(begins > now for begins in waiting(store).values())
    before = len(rows)
    tick(store)
    with store.read() as tx:
        assert len(tx.conn.execute(select(outbox.c.id).where(outbox.c.kind == EffectKind.NOTICE)).all()) == before


def test_when_both_are_due_the_later_one_covers(store: Store, clock: MovableClock) -> None:
    set_roster(store)
    clock.move(hours=7 * 24 - 0.5)
    tick(store)
    assert [(kind, state) for kind, state, _ in ends(store)] == [("duty-day", "covered"), ("duty-hour", "delivered")]
    assert told(store, "duty-hour") == [BOB]
    assert told(store, "duty-day") == []


def test_a_cover_is_told_and_planned_and_taken_back(store: Store, clock: MovableClock) -> None:
    set_roster(store, IC, BOB)
    begins = START + 2 * DAY
    do(store, lambda tx: duty.cover(tx, EVE, begins, begins + 6 * HOUR, BOB))
    # Whoever set it knows; EVE comes, and IC is away.
    assert sorted(told(store)) == sorted([BOB, EVE, IC])
    assert waiting(store) == dict.fromkeys(KINDS, begins)
    with store.read() as tx:
        at = [duty.on_duty(tx, begins + hours * HOUR) for hours in (-1, 0, 5, 6)]
    assert at == [IC, EVE, EVE, IC]
    clock.move(hours=24)
    tick(store)
    assert told(store, "duty-day") == [EVE]
    # IC comes back at its end: that is a hand-over too.
    assert waiting(store) == {"duty-day": begins + 6 * HOUR, "duty-hour": begins}
    do(store, lambda tx: duty.uncover(tx, 1, IC))
    assert waiting(store) == dict.fromkeys(KINDS, START + WEEK)
    assert told(store).count(EVE) == 2
    reasons = {reason for _, state, reason in ends(store) if state == "superseded"}
    assert reasons == {"cover 1 was set", "cover 1 was removed"}


def test_a_cover_that_begins_soon_is_told_by_the_change_alone(store: Store, clock: MovableClock) -> None:
    set_roster(store, IC, BOB)
    do(store, lambda tx: duty.cover(tx, EVE, START + HOUR / 2, START + 3 * HOUR, IC))
    assert told(store) == [BOB, EVE]
    assert waiting(store) == {"duty-day": START + WEEK, "duty-hour": START + 3 * HOUR}
    clock.move(hours=2)
    tick(store)
    assert told(store, "duty-hour") == [IC]


def test_what_is_due_at_the_moment_of_a_change_is_not_lost(store: Store, clock: MovableClock) -> None:
    set_roster(store)
    clock.move(days=6)
    # Due this very second, and not settled yet.
    do(store, lambda tx: duty.cover(tx, EVE, tx.now + 3 * WEEK, tx.now + 3 * WEEK + HOUR, IC))
    tick(store)
    assert told(store, "duty-day") == [BOB]
    assert waiting(store) == {"duty-day": datetime(2026, 3, 16, 8, 0, tzinfo=UTC), "duty-hour": START + WEEK}


def test_a_reminder_decides_again(store: Store, clock: MovableClock) -> None:
    set_roster(store, IC, BOB)
    # Both turns are IC's, now that BOB has left: nobody comes on duty.
    do(store, lambda tx: people.save(tx, profile(BOB, deactivated=True)))
    with store.read() as tx:
        assert duty.on_duty(tx, START + WEEK) == IC
    clock.move(days=7)
    tick(store)
    assert {state for _, state, _ in ends(store)} == {"superseded"}
    assert told(store, "duty-day") == told(store, "duty-hour") == []
    do(store, lambda tx: people.save(tx, profile(BOB)))
    clock.move(days=14)
    tick(store)
    assert waiting(store).keys() == KINDS.keys()


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        (lambda tx: duty.stop(tx, IC), "the roster was stopped"),
        (lambda tx: duty.set_roster(tx, (EVE,), DAILY, IC), "another roster was set"),
    ],
)
def test_what_replaces_or_stops_a_roster_ends_its_reminders(
    store: Store, action: Callable[[Tx], object], reason: str
) -> None:
    set_roster(store)
    do(store, action)
    assert [(state, why) for _, state, why in ends(store)] == [("superseded", reason)] * 2
    assert told(store).count(BOB) == 2


def test_a_reminder_of_a_roster_that_is_gone_says_nothing(store: Store, clock: MovableClock) -> None:
    set_roster(store)
    do(store, rosters.stop)
    clock.move(days=7)
    tick(store)
    assert {why for _, _, why in ends(store)} == {"the roster was stopped or another one set"}
    assert waiting(store) == {}


def test_stopping_takes_the_covers_away(store: Store) -> None:
    set_roster(store)
    do(store, lambda tx: duty.cover(tx, EVE, START, START + DAY, IC))
    do(store, lambda tx: duty.stop(tx, IC))
    set_roster(store)
    with store.read() as tx:
        assert duty.on_duty(tx, tx.now) == IC
        assert rosters.covers_ending_after(tx, tx.now) == []


@pytest.mark.parametrize(
    "action",
    [
        lambda tx: duty.stop(tx, IC),
        lambda tx: duty.cover(tx, EVE, START, START + HOUR, IC),
        lambda tx: duty.uncover(tx, 1, IC),
    ],
)
def test_without_a_roster_there_is_nothing_to_change(store: Store, action: Callable[[Tx], object]) -> None:
    with store.write() as tx:
        with pytest.raises(WrongState, match="No duty roster is set"):
            action(tx)
        assert duty.on_duty(tx, tx.now) is None


def test_a_cover_that_is_over_or_unknown_is_not_taken_back(store: Store, clock: MovableClock) -> None:
    set_roster(store)
    do(store, lambda tx: duty.cover(tx, EVE, START, START + HOUR, IC))
    clock.move(hours=1)
    for number in (1, 2):
        with store.write() as tx, pytest.raises(WrongState, match=f"no cover {number}, or it is over"):
            duty.uncover(tx, number, IC)


def test_commanders_edit_and_everybody_where_none_are_named(store: Store) -> None:
    with store.read() as tx:
        duty.check_can_edit(tx, settings(), COMMANDER)
        duty.check_can_edit(tx, settings(groups=Groups()), BOB)
        with pytest.raises(NotAllowed, match="Only commanders can do that") as refused:
            duty.check_can_edit(tx, settings(), BOB)
        assert f"<@{COMMANDER}>" in refused.value.hint
        # A group that was never read names nobody, but it is named.
        with pytest.raises(NotAllowed):
            duty.check_can_edit(tx, settings(groups=Groups(commanders=("S0COMMAND",))), BOB)


class TestNotice:
    """What was promised is said as things are when it is sent, or not at all."""

    def plan(self, store: Store, what: str) -> Call | Drop:
        with store.read() as tx:
            query = select(*[outbox.c[name] for name in Effect.__dataclass_fields__])
            rows = tx.conn.execute(query.where(outbox.c.kind == EffectKind.NOTICE)).all()
            effects = [Effect(**(row._asdict() | {"kind": EffectKind.NOTICE})) for row in rows]
            [wanted] = [effect for effect in effects if effect.intent["what"] == what and effect.intent["to"] == BOB]
            call = EFFECTORS[EffectKind.NOTICE].plan(Planning(tx, settings()), wanted)
            assert isinstance(call, Call | Drop)
            return call

    def remind(self, store: Store, clock: MovableClock) -> None:
        set_roster(store)
        clock.move(days=6)
        tick(store)

    def test_it_goes_to_one_person_and_can_be_found_again(self, store: Store, clock: MovableClock) -> None:
        self.remind(store, clock)
        call = self.plan(store, "duty-day")
        assert isinstance(call, Call)
        assert (call.method, call.arguments["channel"], call.look) == ("chat.postMessage", BOB, Look.HISTORY)
        assert call.marker == f"duty:dm:{BOB}:duty-day:roster-1:2026-03-09T08:00:00Z:24h"

    def test_what_is_not_so_any_more_is_not_said(self, store: Store, clock: MovableClock) -> None:
        self.remind(store, clock)
        do(store, lambda tx: duty.cover(tx, EVE, START + WEEK, START + WEEK + HOUR, IC))
        assert self.plan(store, "duty-day") == Drop("they don't come on duty then any more")
        do(store, lambda tx: duty.stop(tx, IC))
        assert self.plan(store, "duty-day") == Drop("they don't come on duty then any more")

    def test_who_has_left_is_not_told(self, store: Store, clock: MovableClock) -> None:
        self.remind(store, clock)
        do(store, lambda tx: people.save(tx, profile(BOB, deactivated=True)))
        assert self.plan(store, "duty-day") == self.plan(store, "duty-changed") == Drop("they left the workspace")


class TestCalendar:
    """What becomes of a calendar that was read, or could not be."""

    URL = "https://calendar.example.com/oncall.ics"
    EVENTS = (
        DutyEvent(IC, "Ada", START, START + 30 * HOUR),
        DutyEvent(BOB, "Bob", START + 30 * HOUR, START + 60 * HOUR),
    )

    def ask(self, store: Store, cause: str = "first") -> dict[str, object]:
        """`duty from URL`; what the promise says."""
        do(store, lambda tx: duty_calendar.from_calendar(tx, self.URL, IC, cause))
        return self.promised(store)[-1]

    def promised(self, store: Store) -> list[dict[str, object]]:
        with store.read() as tx:
            query = select(outbox.c.intent).where(outbox.c.kind == EffectKind.CALENDAR, outbox.c.state != "dropped")
            return [dict(row.intent) for row in tx.conn.execute(query.order_by(outbox.c.id))]

    def take_in(self, store: Store, intent: dict[str, object], *events: DutyEvent, effect: int = 1) -> None:
        user = {"id": BOB, "real_name": "Bob Kahn", "tz": "America/New_York"}
        do(store, lambda tx: duty_calendar.was_read(tx, intent, effect, events, [user], "Europe/Berlin"))

    def running(self, store: Store) -> Roster | None:
        with store.read() as tx:
            return rosters.running(tx)

    def test_it_becomes_the_roster_when_it_was_read(self, store: Store, clock: MovableClock) -> None:
        set_roster(store, EVE)
        intent = self.ask(store)
        with store.read() as tx:
            assert duty.on_duty(tx, tx.now) == EVE
        self.take_in(store, intent, *self.EVENTS)
        with store.read() as tx:
            assert duty.on_duty(tx, tx.now) == IC
            assert duty.on_duty(tx, tx.now + 59 * HOUR) == BOB
            assert duty.on_duty(tx, tx.now + 60 * HOUR) is None
            bob = people.get(tx, BOB)
        assert bob
        assert bob.name == "Bob Kahn"
        assert waiting(store)["duty-hour"] == START + 30 * HOUR
        assert told(store) == [EVE, BOB, EVE]
        assert told(store, "calendar-read") == [IC]
        clock.move(hours=6)
        tick(store)
        assert told(store, "duty-day") == [BOB]

    def test_it_is_read_again_each_hour(self, store: Store, clock: MovableClock) -> None:
        self.take_in(store, self.ask(store), *self.EVENTS)
        roster = self.running(store)
        assert roster
        for _ in range(3):
            before = len(self.promised(store))
            clock.move(minutes=59, seconds=59)
            tick(store)
            assert len(self.promised(store)) == before
            clock.move(seconds=1)
            tick(store)
            assert self.promised(store)[-1] == {"roster": roster.id}
        clock.move(days=3)
        tick(store)
        with store.read() as tx:
            assert len(reminders.pending(tx, None, [ReminderKind.DUTY_FETCH])) == 1

    def test_what_was_never_read_changes_nothing(self, store: Store) -> None:
        set_roster(store, EVE)
        intent = self.ask(store)
        do(store, lambda tx: duty_calendar.could_not_read(tx, intent, 1, "it is no calendar"))
        assert told(store, "calendar-unread") == [IC]
        roster = self.running(store)
        assert roster
        assert roster.people == (EVE,)

    def test_a_roster_set_meanwhile_wins(self, store: Store) -> None:
        intent = self.ask(store)
        set_roster(store, EVE)
        self.take_in(store, intent, *self.EVENTS)
        do(store, lambda tx: duty_calendar.could_not_read(tx, intent, 1, "it is no calendar"))
        roster = self.running(store)
        assert roster
        assert roster.people == (EVE,)
        assert told(store, "calendar-read") == told(store, "calendar-unread") == []

    def test_trouble_is_told_once_and_its_end(self, store: Store) -> None:
        self.take_in(store, self.ask(store), *self.EVENTS)
        roster = self.running(store)
        assert roster
        again: dict[str, object] = {"roster": roster.id}
        do(store, lambda tx: duty_calendar.could_not_read(tx, again, 2, "status 404"))
        do(store, lambda tx: duty_calendar.could_not_read(tx, again, 3, "status 500"))
        failing = self.running(store)
        assert failing
        assert (failing.fetch_error, failing.fetched_at) == ("status 500", START)
        assert told(store, "calendar-trouble") == [IC]
        with store.read() as tx:
            assert duty.on_duty(tx, tx.now) == IC
        self.take_in(store, again, *self.EVENTS, effect=4)
        self.take_in(store, again, *self.EVENTS, effect=5)
        mended = self.running(store)
        assert mended
        assert mended.fetch_error == ""
        assert told(store, "calendar-back") == [IC]

    def test_a_change_plans_anew_and_is_told_when_it_is_near(self, store: Store) -> None:
        self.take_in(store, self.ask(store), *self.EVENTS)
        roster = self.running(store)
        assert roster
        first, second = self.EVENTS
        again: dict[str, object] = {"roster": roster.id}
        self.take_in(store, again, *self.EVENTS, effect=2)
        unchanged = self.running(store)
        assert unchanged
        assert unchanged.version == roster.version
        before = len(told(store))
        self.take_in(store, again, first, replace(second, ends_at=START + 70 * HOUR), effect=3)
        assert len(told(store)) == before
        swapped = (replace(first, ends_at=START + HOUR / 2), replace(second, person=EVE, starts_at=START + HOUR / 2))
        self.take_in(store, again, *swapped, effect=4)
        assert sorted(told(store)[before:]) == [IC, EVE]
        changed = self.running(store)
        assert changed
        assert changed.version == roster.version + 2
