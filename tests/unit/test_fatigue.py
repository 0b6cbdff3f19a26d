"""Fatigue and the suggestion of a rota: warned once, with the facts as they are, and going on is recorded."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.actions.command import fatigue, handoff, rota, suggestion
from bot.actions.command.tenure import switch
from bot.actions.incident import change, ending
from bot.actions.incident.declare import Declaration, declare
from bot.actions.remind import run_due
from bot.domain.command import COMMANDER, How, Tenure
from bot.domain.fatigue import early_by, hours, planned_end
from bot.domain.incident import Incident, Severity
from bot.domain.people import Person
from bot.domain.reminder import ReminderKind
from bot.domain.rota import Turn
from bot.errors import NotAllowed, WrongState
from storage import command, incidents, people, reminders, timeline
from storage.store import Store, Tx
from storage.tables import outbox
from storage.tables import reminders as table
from tests.support.clock import START, MovableClock
from tests.support.story import BOB, EVE, IC, begin, settings
from tests.support.story import COMMANDER as A_COMMANDER

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
SETTINGS = settings()
DAY, SHIFT, SUGGESTION = ReminderKind.FATIGUE_DAY, ReminderKind.FATIGUE_SHIFT, ReminderKind.ROTA_SUGGESTION


@pytest.fixture(autouse=True)
def _declared(store: Store) -> None:
    with store.write() as tx:
        begin(tx)


def incident_of(tx: Tx, number: int = 1) -> Incident:
    return incidents.get(tx, number)


def tick(store: Store) -> None:
    with store.write() as tx:
        while run_due(tx, SETTINGS):
            pass


def works(store: Store) -> None:
    """Who has command does something in each incident, so that nobody asks whether they are there."""
    with store.write() as tx:
        for held in command.held_by(tx, IC):
            command.was_active(tx, held.incident, IC, tx.now)


def pending(store: Store, kind: ReminderKind, incident: int = 1) -> list[timedelta]:
    with store.read() as tx:
        return [row.due_at - START for row in reminders.pending(tx, incident, {kind})]


def ended(store: Store, kind: ReminderKind) -> list[tuple[str, str]]:
    with store.read() as tx:
        rows = tx.conn.execute(select(table).where(table.c.kind == kind).order_by(table.c.id)).all()
    return [(row.state, row.reason) for row in rows if row.state != "pending"]


def told(store: Store, what: str = "fatigue") -> list[dict[str, object]]:
    """What the DMs of this text promised to say, and to whom."""
    with store.read() as tx:
        rows = tx.conn.scalars(select(outbox.c.intent).where(outbox.c.kind == "post")).all()
    return [{"to": row["to"], **row["about"]} for row in rows if row["what"] == what]


def start_rota(store: Store, *named: str, shift: timedelta = 8 * HOUR) -> list[str]:
    with store.write() as tx:
        return list(rota.start(tx, incident_of(tx), COMMANDER, named, shift, IC).warnings)


def give_command(store: Store, person: str, how: How = How.TOOK) -> None:
    with store.write() as tx:
        switch(tx, incident_of(tx), COMMANDER, person, how)


def number_of(store: Store) -> int:
    with store.read() as tx:
        tenure = command.open_tenure(tx, 1)
    assert tenure
    return tenure.id


# Long days.


def test_ten_hours_are_warned_of_once(store: Store, clock: MovableClock) -> None:
    assert pending(store, DAY) == [10 * HOUR]
    clock.move(hours=9, minutes=59)
    tick(store)
    assert told(store) == []
    clock.move(minutes=1)
    tick(store)
    [said] = told(store)
    assert (said["to"], said["day_minutes"]) == (IC, 600)
    assert "beyond_minutes" not in said
    clock.move(hours=20)
    with store.write() as tx:
        fatigue.rewatch(tx, incident_of(tx))
        fatigue.watch(tx, incident_of(tx), number_of(store))
    tick(store)
    assert len(told(store)) == 1


def test_hours_of_the_day_before_and_of_other_incidents_count(store: Store, clock: MovableClock) -> None:
    clock.move(hours=6)
    give_command(store, BOB)
    clock.move(hours=2)
    with store.write() as tx:
        other = declare(tx, SETTINGS, Declaration(title="Another"), IC)
        assert other.number == 2
    assert pending(store, DAY, 2) == [12 * HOUR]
    clock.move(hours=4)
    tick(store)
    assert [said["day_minutes"] for said in told(store)] == [600]


def test_two_incidents_at_once_are_warned_of_once(store: Store, clock: MovableClock) -> None:
    clock.move(hours=1)
    with store.write() as tx:
        declare(tx, SETTINGS, Declaration(title="Another"), IC)
    clock.move(hours=9)
    works(store)
    tick(store)
    assert len(told(store)) == 1
    assert sorted(state for state, _ in ended(store, DAY)) == ["covered", "delivered"]


def test_who_was_told_when_accepting_hears_an_hour_later(store: Store, clock: MovableClock) -> None:
    clock.move(hours=11)
    give_command(store, BOB)
    give_command(store, IC, How.ACCEPTED)
    assert pending(store, DAY) == [12 * HOUR]
    give_command(store, BOB)
    give_command(store, IC, How.TOOK)
    assert pending(store, DAY) == [11 * HOUR]


# Beyond the shift.


def test_an_hour_beyond_the_shift(store: Store, clock: MovableClock) -> None:
    start_rota(store, IC, BOB)
    assert pending(store, SHIFT) == [9 * HOUR]
    clock.move(hours=9)
    tick(store)
    [said] = told(store)
    assert (said["to"], said["beyond_minutes"]) == (IC, 60)
    assert "day_minutes" not in said


def test_the_plan_moves_the_warning(store: Store, clock: MovableClock) -> None:
    start_rota(store, IC, BOB)
    with store.write() as tx:
        rota.extend(tx, incident_of(tx), COMMANDER, HOUR, IC)
    assert pending(store, SHIFT) == [10 * HOUR]
    assert ended(store, SHIFT) == [("superseded", "the plan was changed")]
    with store.write() as tx:
        rota.stop(tx, incident_of(tx), COMMANDER, IC)
    assert pending(store, SHIFT) == []
    assert ended(store, SHIFT)[-1] == ("superseded", "there is no plan any more")


def test_a_plan_unchanged_for_the_holder_plans_nothing_anew(store: Store, clock: MovableClock) -> None:
    start_rota(store, IC, BOB, EVE)
    with store.write() as tx:
        rota.swap(tx, incident_of(tx), COMMANDER, BOB, EVE, IC)
    assert pending(store, SHIFT) == [9 * HOUR]
    assert ended(store, SHIFT) == []


def test_both_after_a_time_away_are_one_message(store: Store, clock: MovableClock) -> None:
    start_rota(store, IC, BOB)
    clock.move(hours=12)
    tick(store)
    [said] = told(store)
    assert (said["day_minutes"], said["beyond_minutes"]) == (720, 240)
    states = [*ended(store, DAY), *ended(store, SHIFT)]
    assert sorted(state for state, _ in states) == ["covered", "delivered"]
    [covered_by] = [reason for state, reason in states if state == "covered"]
    assert covered_by.startswith("fatigue-shift:INC-1:tenure-1:")


def test_who_is_relieved_is_not_warned(store: Store, clock: MovableClock) -> None:
    start_rota(store, IC, BOB)
    clock.move(hours=8)
    give_command(store, BOB, How.ACCEPTED)
    clock.move(hours=1)
    tick(store)
    assert told(store) == []
    assert {reason for state, reason in ended(store, SHIFT)} == {"somebody else has command"}
    assert pending(store, SHIFT) == [17 * HOUR]


def turns(*named: tuple[str, int]) -> list[Turn]:
    found: list[Turn] = []
    at = START
    for place, (person, length) in enumerate(named):
        found.append(Turn(place, person, person, at, at + length * HOUR))
        at += length * HOUR
    return found


PLAN = turns((IC, 8), (BOB, 8), (BOB, 8), (EVE, 8))


@pytest.mark.parametrize(
    ("holder", "since", "until"),
    [
        (IC, 0, 8),
        (IC, -5, 8),  # the rota began later than they did
        (BOB, -5, 0),  # and with somebody else
        (BOB, 7, 24),  # early, and two turns in a row
        (BOB, 17, 24),
        (EVE, 2, 8),  # off the order: until the next boundary
        (EVE, 17, 32),
        (EVE, 15, 16),
        ("UOTHER001", 9, 16),
        (IC, 32, None),
    ],
)
def test_until_when_the_plan_has_somebody_in_command(holder: str, since: int, until: int | None) -> None:
    assert planned_end(PLAN, holder, START + since * HOUR) == (START + until * HOUR if until is not None else None)
    assert planned_end([], holder, START) is None


@pytest.mark.parametrize(
    ("person", "minutes", "early"),
    [(BOB, 300, 180), (BOB, 470, None), (BOB, 490, None), (EVE, 60, None), (IC, 1, None)],
)
def test_accepting_early_makes_a_longer_turn(person: str, minutes: int, early: int | None) -> None:
    assert early_by(PLAN, person, START + minutes * MINUTE) == (early * MINUTE if early else None)


# At acceptance, and in a plan.


def test_too_little_rest_is_said_when_accepting_and_recorded(store: Store, clock: MovableClock) -> None:
    clock.move(hours=5)
    give_command(store, BOB)
    clock.move(hours=3)
    with store.write() as tx:
        made = handoff.hand_over(tx, incident_of(tx), IC, BOB)
        accepted = handoff.accept(tx, made.id, IC)
        texts = [entry.text for entry in timeline.latest(tx, 1, 10)]
    assert accepted.warnings == ("You have rested only 3 h since you last had command; ten hours are the least.",)
    assert f"<@{IC}> accepts command, warned: 3 h of rest" in texts


def test_an_early_and_a_long_turn_are_said(store: Store, clock: MovableClock) -> None:
    start_rota(store, IC, BOB)
    clock.move(hours=5)
    with store.read() as tx:
        said = fatigue.at_acceptance(tx, incident_of(tx), EVE)
    assert said == []
    with store.write() as tx:
        said = fatigue.at_acceptance(tx, incident_of(tx), BOB)
        [entry] = timeline.latest(tx, 1, 1)
    assert said == [
        "Your turn lasts until Tue 3 Mar 00:00 UTC: 3 h longer than your shift.",
        "By Tue 3 Mar 00:00 UTC you will have had command for 11 h of twenty-four; ten are the most.",
    ]
    assert entry.text == f"<@{BOB}> accepts command, warned: 3 h before their shift, 11 h of command in 24 h"


def test_a_plan_for_two_says_who_rests_too_little(store: Store) -> None:
    meet(store, BOB, "Asia/Kolkata")
    assert start_rota(store, IC, BOB) == [
        f"<@{IC}> would rest only 8 h before Tue 3 Mar 00:00 UTC.",
        f"<@{BOB}> would rest only 8 h before Tue 3 Mar 13:30 IST (08:00 UTC).",
    ]
    with store.read() as tx:
        assert set(fatigue.in_plan_by_person(tx, [], tx.now)) == set()


def test_three_with_eight_hours_each_rest_enough(store: Store) -> None:
    assert start_rota(store, IC, BOB, EVE) == []


def test_a_plan_counts_what_was_held_before_it(store: Store, clock: MovableClock) -> None:
    clock.move(hours=6)
    [warning] = start_rota(store, IC, BOB, EVE)
    assert warning == f"<@{IC}> would have command for 14 h of the 24 h before Mon 2 Mar 22:00 UTC."


# Going on.


def test_going_on_is_recorded_once(store: Store, clock: MovableClock) -> None:
    clock.move(hours=11)
    tick(store)
    number = number_of(store)
    with store.write() as tx:
        at = tx.now
        assert fatigue.go_on(tx, number, at, IC)[1]
    clock.move(minutes=5)
    with store.write() as tx:
        assert not fatigue.go_on(tx, number, at, IC)[1]
        # A later warning is another question.
        assert fatigue.go_on(tx, number, tx.now, IC)[1]
        texts = [entry.text for entry in timeline.latest(tx, 1, 10)]
        with pytest.raises(NotAllowed, match="Only who was asked"):
            fatigue.go_on(tx, number, at, BOB)
    assert [text for text in texts if "goes on" in text] == [
        f"<@{IC}> goes on after 11 h",
        f"<@{IC}> goes on after 11 h 5 min",
    ]
    give_command(store, BOB)
    with store.write() as tx, pytest.raises(WrongState, match="You don't have command of INC-1 any more"):
        fatigue.go_on(tx, number, at, IC)


# Hours.


def tenure(start: int, end: int | None, how: How = How.ACCEPTED, late: int = 0) -> Tenure:
    ended_at = START + end * HOUR if end is not None else None
    return Tenure(
        id=1,
        incident=1,
        role=COMMANDER,
        person=IC,
        how=how,
        started_at=START + start * HOUR,
        ended_at=ended_at,
        late_seconds=late,
    )


def test_hours_are_of_the_last_day_and_week() -> None:
    held = [tenure(-200, -160, late=7200), tenure(-100, -92, late=720), tenure(-26, -18), tenure(-20, -16, How.TOOK)]
    found = hours(held, START)
    assert (found.in_day, found.in_week) == (8 * HOUR, 26 * HOUR)
    assert (found.rest, found.has_command, found.accepted) == (16 * HOUR, False, 2)
    assert found.late == (12 * MINUTE,)
    now = hours([tenure(-3, None)], START)
    assert (now.in_day, now.rest, now.has_command) == (3 * HOUR, None, True)
    assert hours([], START).rest is None


# The suggestion of a rota.


def meet(store: Store, person: str, zone: str, *, deactivated: bool = False) -> None:
    with store.write() as tx:
        people.save(
            tx,
            Person(
                id=person,
                name=person,
                zone=zone,
                deactivated=deactivated,
                bot=False,
                foreign=False,
                fetched_at=tx.now,
            ),
        )


def test_after_four_hours_alone_a_rota_is_suggested_once(store: Store, clock: MovableClock) -> None:
    meet(store, BOB, "America/New_York")
    meet(store, A_COMMANDER, "Europe/Berlin")
    meet(store, EVE, "UTC", deactivated=True)
    with store.write() as tx:
        for someone in (EVE, "UNEW00001"):
            incidents.join(tx, 1, someone)
    assert pending(store, SUGGESTION) == [4 * HOUR]
    clock.move(hours=2)
    # Whoever had command a moment ago is not rested.
    with store.write() as tx:
        declare(tx, SETTINGS, Declaration(title="Another", severity=Severity.SEV3), "UTIRED001")
        incidents.join(tx, 1, "UTIRED001")
    clock.move(hours=2)
    works(store)
    tick(store)
    [said] = told(store, "suggest-rota")
    # 12:00 UTC: 13:00 in Berlin, 07:00 in New York; of the new one nothing is known.
    assert said["people"] == [
        {"id": BOB, "zone": "America/New_York"},
        {"id": A_COMMANDER, "zone": "Europe/Berlin"},
        {"id": "UNEW00001", "zone": ""},
    ]
    clock.move(hours=9)
    with store.write() as tx:
        suggestion.rewatch(tx, incident_of(tx))
    tick(store)
    assert len(told(store, "suggest-rota")) == 1


def test_the_awake_come_first_and_four_are_enough(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        for place in range(6):
            incidents.join(tx, 1, f"UMEM0000{place}")
    for place in range(6):
        meet(store, f"UMEM0000{place}", "Asia/Tokyo" if place % 2 else "Europe/Berlin")
    clock.move(hours=6)
    with store.read() as tx:
        # 14:00 UTC: 15:00 in Berlin, 23:00 in Tokyo.
        found = suggestion.candidates(tx, SETTINGS, incident_of(tx), IC)
    assert [person for person, _ in found] == ["UMEM00000", "UMEM00002", "UMEM00004", BOB]


def test_nobody_outside_hears_of_a_private_incident(store: Store) -> None:
    with store.write() as tx:
        private = begin(tx, private=True, channel="C0INC00002")
        assert [person for person, _ in suggestion.candidates(tx, SETTINGS, private, IC)] == [BOB]


def test_a_rota_a_lower_severity_and_the_end_make_it_needless(store: Store, clock: MovableClock) -> None:
    start_rota(store, IC, BOB)
    assert ended(store, SUGGESTION) == [("superseded", "a rota was started")]
    with store.write() as tx:
        other = begin(tx, channel="C0INC00002")
        lower = change.set_severity(tx, SETTINGS, other, Severity.SEV4, BOB)
    assert ended(store, SUGGESTION)[-1] == ("superseded", "nobody is asked in a sev4")
    clock.move(hours=5)
    with store.write() as tx:
        change.set_severity(tx, SETTINGS, lower, Severity.SEV1, BOB)
    assert pending(store, SUGGESTION, 2) == [5 * HOUR]
    with store.write() as tx:
        ending.resolve(tx, incident_of(tx, 2), "", BOB)
    assert ended(store, SUGGESTION)[-1] == ("superseded", "the incident was resolved")
    assert told(store, "suggest-rota") == []


def test_raising_after_four_hours_suggests_at_once(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        change.set_severity(tx, SETTINGS, incident_of(tx), Severity.SEV3, BOB)
    clock.move(hours=5)
    with store.write() as tx:
        change.set_severity(tx, SETTINGS, incident_of(tx), Severity.SEV1, BOB)
    works(store)
    tick(store)
    assert [said["to"] for said in told(store, "suggest-rota")] == [IC]


def test_four_hours_after_a_rota_was_stopped(store: Store, clock: MovableClock) -> None:
    start_rota(store, IC, BOB)
    clock.move(hours=5)
    with store.write() as tx:
        rota.stop(tx, incident_of(tx), COMMANDER, IC)
        suggestion.rota_stopped(tx, incident_of(tx))
    assert pending(store, SUGGESTION) == [9 * HOUR]


def test_a_new_commander_is_alone_from_their_own_beginning(store: Store, clock: MovableClock) -> None:
    clock.move(hours=3)
    give_command(store, BOB)
    assert pending(store, SUGGESTION) == [7 * HOUR]
