"""Presence: the silent are asked after the channel was read, and others only when they don't answer."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.actions.command import absence, presence
from bot.actions.command.tenure import switch
from bot.actions.incident import change
from bot.actions.remind import run_due
from bot.domain.command import COMMANDER, How, Tenure
from bot.domain.effect import Effect, EffectKind, EffectState
from bot.domain.handoff import HandoffKind
from bot.domain.incident import Incident, Severity, State
from bot.domain.people import Person
from bot.domain.presence import silence_allowed
from bot.domain.reminder import ReminderKind
from bot.engine.effectors import EFFECTORS
from bot.engine.effectors.base import Call, Drop, Planning
from bot.errors import NotAllowed, WrongState
from storage import command, handoffs, incidents, outbox, people, reminders
from storage.store import Store, Tx
from storage.tables import outbox as outbox_table
from storage.tables import reminders as table
from storage.tables import timeline
from tests.support.clock import START, MovableClock
from tests.support.story import BOB, CHANNEL, EVE, IC, begin, settings

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
PRESENCE = EFFECTORS[EffectKind.PRESENCE]
SETTINGS = settings()


@pytest.fixture(autouse=True)
def _declared(store: Store) -> None:
    with store.write() as tx:
        incident = begin(tx)
        change.set_severity(tx, SETTINGS, incident, Severity.SEV1, BOB)


def incident_of(tx: Tx) -> Incident:
    return incidents.get(tx, 1)


def tenure_of(tx: Tx) -> Tenure:
    found = command.open_tenure(tx, 1)
    assert found
    return found


def tick(store: Store) -> int:
    count = 0
    with store.write() as tx:
        while settled := run_due(tx, SETTINGS):
            count += settled
    return count


def pending(store: Store, kind: ReminderKind = ReminderKind.PRESENCE) -> list[timedelta]:
    """When the pending reminders of a kind are due, from START on."""
    with store.read() as tx:
        return [row.due_at - START for row in reminders.pending(tx, 1, {kind})]


def ended(store: Store, kind: ReminderKind = ReminderKind.PRESENCE) -> list[tuple[str, str]]:
    with store.read() as tx:
        rows = tx.conn.execute(select(table).where(table.c.kind == kind).order_by(table.c.id)).all()
    return [(row.state, row.reason) for row in rows if row.state != "pending"]


def told(store: Store) -> list[tuple[str, str]]:
    """The DMs promised: to whom, and which text."""
    with store.read() as tx:
        rows = tx.conn.execute(select(outbox_table.c.intent).where(outbox_table.c.kind == "post")).all()
    return [(row.intent["to"], row.intent["what"]) for row in rows if row.intent.get("to")]


def asked(store: Store) -> int:
    return sum(what == "presence" for _, what in told(store))


def reading(store: Store) -> Effect | None:
    """The oldest effect of reading that waits."""
    with store.read() as tx:
        query = select(outbox_table.c.id).where(
            outbox_table.c.kind == EffectKind.PRESENCE, outbox_table.c.state == "pending"
        )
        found = tx.conn.scalar(query.order_by(outbox_table.c.id))
        return next((one for one in outbox.sendable(tx, tx.now, (), 500) if one.id == found), None)


def read(store: Store, *messages: Mapping[str, Any], cursor: str = "") -> Call | Drop | None:
    """Let Slack answer the next call of reading with these messages, newest first; the call it was."""
    effect = reading(store)
    if effect is None:
        return None
    with store.write() as tx:
        call = PRESENCE.plan(Planning(tx, SETTINGS), effect)
        if isinstance(call, Drop):
            outbox.settle(tx, effect.id, EffectState.DROPPED)
            return call
        assert isinstance(call, Call)
        answer = {"messages": list(messages), "response_metadata": {"next_cursor": cursor}}
        PRESENCE.done(tx, effect, call, answer)
        outbox.settle(tx, effect.id, EffectState.SENT)
    return call


def said(by: str, after: timedelta, **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": by, "ts": f"{(START + after).timestamp():.6f}", "text": "…", **more}


def silent_for_an_hour(store: Store, clock: MovableClock) -> None:
    """Nobody is heard for an hour, and the channel has nothing: the IC is asked."""
    clock.move(hours=1)
    tick(store)
    read(store, said(BOB, 5 * MINUTE))


@pytest.mark.parametrize(
    ("severity", "state", "minutes"),
    [
        (Severity.SEV1, State.INVESTIGATING, 60),
        (Severity.SEV1, State.IDENTIFIED, 60),
        (Severity.SEV1, State.MONITORING, 120),
        (Severity.SEV2, State.INVESTIGATING, 120),
        (Severity.SEV2, State.MONITORING, 240),
        (Severity.SEV3, State.INVESTIGATING, None),
        (Severity.SEV4, State.MONITORING, None),
    ],
)
def test_how_long_somebody_may_be_silent(severity: Severity, state: State, minutes: int | None) -> None:
    assert silence_allowed(severity, state) == (minutes * MINUTE if minutes else None)


def test_one_look_is_planned_and_moves_with_what_the_holder_does(store: Store, clock: MovableClock) -> None:
    assert pending(store) == [HOUR]
    clock.move(minutes=40)
    with store.write() as tx:
        assert presence.did_something(tx, incident_of(tx), IC)
        assert not presence.did_something(tx, incident_of(tx), BOB)
        assert command.last_active(tx, 1, BOB) is None
    clock.move(minutes=20)
    tick(store)
    assert reading(store) is None
    assert pending(store) == [100 * MINUTE]
    assert ended(store)[-1] == ("superseded", "active at Mon 2 Mar 08:40 UTC")


def test_the_silent_are_asked_after_the_channel_was_read(store: Store, clock: MovableClock) -> None:
    clock.move(hours=1)
    tick(store)
    assert asked(store) == 0
    assert pending(store) == [HOUR + 15 * MINUTE]
    call = read(store, said(BOB, 5 * MINUTE))
    assert isinstance(call, Call)
    assert (call.method, call.arguments) == ("conversations.history", {"channel": CHANNEL, "limit": 200})
    assert told(store)[-1] == (IC, "presence")
    assert pending(store, ReminderKind.PRESENCE_UNANSWERED) == [70 * MINUTE]
    assert pending(store) == [2 * HOUR]


@pytest.mark.parametrize(
    ("message", "heard"),
    [
        (said(IC, 50 * MINUTE), 50),
        (said(IC, 50 * MINUTE, subtype="file_share"), 50),
        (said(BOB, 40 * MINUTE, reactions=[{"name": "eyes", "users": [EVE, IC], "count": 2}]), 40),
        (said(IC, 50 * MINUTE, subtype="channel_join"), None),
        (said(BOB, 50 * MINUTE, reactions=[{"name": "eyes", "users": [EVE], "count": 1}]), None),
        (said(IC, timedelta()), None),
        (said(BOB, -MINUTE, reactions=[{"name": "eyes", "users": [IC], "count": 1}]), None),
    ],
)
def test_what_the_channel_shows_counts(
    store: Store, clock: MovableClock, message: Mapping[str, Any], heard: int | None
) -> None:
    clock.move(hours=1)
    tick(store)
    read(store, message)
    assert asked(store) == (heard is None)
    assert pending(store) == [2 * HOUR if heard is None else (heard + 60) * MINUTE]
    with store.read() as tx:
        expected = START + heard * MINUTE if heard else None
        assert command.last_active(tx, 1, IC) == expected


def test_threads_with_newer_replies_are_read_too(store: Store, clock: MovableClock) -> None:
    clock.move(hours=1)
    tick(store)

    def parent(ago: int, latest: int, users: list[str], count: int) -> dict[str, Any]:
        latest_reply = f"{(START + latest * MINUTE).timestamp():.6f}"
        return said(BOB, ago * MINUTE, latest_reply=latest_reply, reply_users=users, reply_users_count=count)

    old, without, maybe = parent(-90, -80, [IC], 1), parent(-70, 30, [BOB, EVE], 2), parent(-60, 50, [BOB], 2)
    surely = parent(-50, 55, [IC], 1)
    read(store, surely, maybe, without, old)
    assert asked(store) == 0
    first = read(store, surely, said(BOB, 55 * MINUTE))
    assert isinstance(first, Call)
    assert first.method == "conversations.replies"
    assert (first.arguments["ts"], first.arguments["oldest"]) == (surely["ts"], f"{START.timestamp():.6f}")
    second = read(store, maybe, said(IC, 50 * MINUTE))
    assert isinstance(second, Call)
    assert second.arguments["ts"] == maybe["ts"]
    assert reading(store) is None
    assert asked(store) == 0
    assert pending(store) == [110 * MINUTE]


def test_a_full_page_is_followed_by_the_next_until_the_last_known_time(store: Store, clock: MovableClock) -> None:
    clock.move(hours=1)
    tick(store)
    read(store, said(BOB, 50 * MINUTE), said(BOB, 40 * MINUTE), cursor="next")
    call = read(store, said(BOB, 30 * MINUTE), said(BOB, -MINUTE), cursor="more")
    assert isinstance(call, Call)
    assert call.arguments["cursor"] == "next"
    assert reading(store) is None
    assert asked(store) == 1


def test_when_it_can_not_be_read_nobody_is_asked(store: Store, clock: MovableClock) -> None:
    clock.move(hours=1)
    tick(store)
    effect = reading(store)
    assert effect
    with store.write() as tx:
        call = PRESENCE.plan(Planning(tx, SETTINGS), effect)
        assert isinstance(call, Call)
        assert isinstance(PRESENCE.refused(tx, effect, call, "channel_not_found", {}), Drop)
        outbox.settle(tx, effect.id, EffectState.DROPPED)
    assert asked(store) == 0
    clock.move(minutes=15)
    tick(store)
    assert pending(store) == [90 * MINUTE]
    read(store)
    assert asked(store) == 1


def test_an_answer_that_comes_too_late_decides_nothing(store: Store, clock: MovableClock) -> None:
    clock.move(hours=1)
    tick(store)
    old = reading(store)
    assert old
    clock.move(minutes=15)
    with store.write() as tx:
        # It was sent, and its answer has not come yet.
        outbox.claim(tx, old, may_send=True)
    tick(store)
    with store.write() as tx:
        PRESENCE.done(tx, old, Call(method="conversations.history", arguments={}), {"messages": []})
        assert isinstance(PRESENCE.plan(Planning(tx, SETTINGS), old), Drop)
    assert asked(store) == 0


def test_without_a_channel_nobody_is_asked(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        incidents.change(tx, 1, channel_id=None)
    clock.move(hours=1)
    tick(store)
    assert asked(store) == 0
    assert pending(store) == [75 * MINUTE]


def test_without_an_answer_others_are_asked(store: Store, clock: MovableClock) -> None:
    silent_for_an_hour(store, clock)
    clock.move(minutes=10)
    tick(store)
    with store.read() as tx:
        question = handoffs.open_offer(tx, 1)
        texts = list(tx.conn.scalars(select(timeline.c.text)))
    assert question
    assert (question.kind, question.offered_to) == (HandoffKind.PRESENCE, IC)
    assert f"Others are asked to take command: <@{IC}> was last heard at Mon 2 Mar 08:00 UTC" in texts
    # They are not asked a second time while others are asked.
    clock.move(minutes=50)
    tick(store)
    assert asked(store) == 1
    assert ended(store)[-1] == ("superseded", "they are asked already")


@pytest.mark.parametrize("word", ["here", "call", "message"])
def test_an_answer_ends_the_question(store: Store, clock: MovableClock, word: str) -> None:
    silent_for_an_hour(store, clock)
    clock.move(minutes=9)
    with store.write() as tx:
        number = tenure_of(tx).id
        if word == "here":
            presence.here(tx, number, IC)
        elif word == "call":
            _, until = presence.on_a_call(tx, number, IC)
            assert until == tx.now + 2 * HOUR
        else:
            absence.heard(tx, CHANNEL, IC, tx.now)
    clock.move(minutes=1)
    tick(store)
    with store.read() as tx:
        assert handoffs.open_offer(tx, 1) is None
    reason = {"here": "they are there", "call": "they are on a call", "message": "active at Mon 2 Mar 09:09 UTC"}
    assert ended(store, ReminderKind.PRESENCE_UNANSWERED) == [("superseded", reason[word])]
    due = {"here": 129, "call": 189, "message": 120}
    assert pending(store) == [due[word] * MINUTE]


def test_an_answer_ends_the_question_to_others(store: Store, clock: MovableClock) -> None:
    silent_for_an_hour(store, clock)
    clock.move(minutes=10)
    tick(store)
    clock.move(minutes=3)
    with store.write() as tx:
        # What was said before the question, and is only told of now, is no answer.
        absence.heard(tx, CHANNEL, IC, tx.now - 20 * MINUTE)
        assert handoffs.open_offer(tx, 1)
        absence.heard(tx, CHANNEL, BOB, tx.now)
        assert handoffs.open_offer(tx, 1)
        absence.heard(tx, CHANNEL, IC, tx.now)
        assert handoffs.open_offer(tx, 1) is None


@pytest.mark.parametrize("minutes", [3, 13])
def test_the_channel_hears_that_they_are_there_when_it_heard_that_nobody_was(
    store: Store, clock: MovableClock, minutes: int
) -> None:
    silent_for_an_hour(store, clock)
    for passed in (10, minutes):
        clock.move(minutes=passed)
        tick(store)
    with store.write() as tx:
        absence.spoke(tx, presence.here(tx, tenure_of(tx).id, IC), tx.now)
        said = [row.intent["what"] for row in outbox.waiting_of(tx, {EffectKind.POST}) if "to" not in row.intent]
    heard = ["unanswered", "still-here"] if minutes > 10 else []
    assert [what for what in said if what in {"unanswered", "still-here"}] == heard


def test_only_who_was_asked_answers_and_only_while_they_have_command(store: Store, clock: MovableClock) -> None:
    silent_for_an_hour(store, clock)
    with store.write() as tx:
        number = tenure_of(tx).id
        with pytest.raises(NotAllowed, match="Only who was asked"):
            presence.here(tx, number, BOB)
        command.begin(tx, 1, COMMANDER, BOB, How.ACCEPTED)
        for answer in (presence.here, presence.on_a_call):
            with pytest.raises(WrongState, match="You don't have command of INC-1 any more"):
                answer(tx, number, IC)
        with pytest.raises(WrongState, match="not known here"):
            presence.here(tx, 99, IC)


def test_on_a_call_is_quiet_for_two_hours(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        presence.on_a_call(tx, tenure_of(tx).id, IC)
        presence.rewatch(tx, incident_of(tx))
    assert pending(store) == [2 * HOUR]
    clock.move(hours=2)
    tick(store)
    assert reading(store)


def test_severity_and_state_move_the_look(store: Store, clock: MovableClock) -> None:
    clock.move(minutes=10)
    with store.write() as tx:
        change.set_state(tx, incident_of(tx), State.MONITORING, BOB)
    assert pending(store) == [2 * HOUR]
    with store.write() as tx:
        change.set_severity(tx, SETTINGS, incident_of(tx), Severity.SEV3, BOB)
    assert pending(store) == []
    assert ended(store)[-1] == ("superseded", "nobody is asked in a sev3")
    with store.write() as tx:
        change.set_severity(tx, SETTINGS, incident_of(tx), Severity.SEV2, BOB)
        change.set_severity(tx, SETTINGS, incident_of(tx), Severity.SEV1, BOB)
        change.set_severity(tx, SETTINGS, incident_of(tx), Severity.SEV2, BOB)
    assert pending(store) == [4 * HOUR]


def test_who_was_just_asked_is_not_asked_again_because_the_state_changes(store: Store, clock: MovableClock) -> None:
    silent_for_an_hour(store, clock)
    clock.move(minutes=5)
    with store.write() as tx:
        change.set_state(tx, incident_of(tx), State.IDENTIFIED, BOB)
    assert pending(store) == [125 * MINUTE]
    assert pending(store, ReminderKind.PRESENCE_UNANSWERED) == [70 * MINUTE]


def test_after_a_time_away_the_channel_decides_and_there_is_one_question(store: Store, clock: MovableClock) -> None:
    silent_for_an_hour(store, clock)
    clock.move(hours=3)
    tick(store)
    with store.read() as tx:
        assert handoffs.open_offer(tx, 1) is None
    assert ended(store, ReminderKind.PRESENCE_UNANSWERED) == [
        ("superseded", "the channel is read again after a time away")
    ]
    assert len(pending(store)) == 1
    read(store, said(IC, 230 * MINUTE))
    assert reading(store) is None
    assert asked(store) == 1
    assert pending(store) == [290 * MINUTE]


def leave(store: Store) -> None:
    with store.write() as tx:
        absence.holder_left(tx, SETTINGS, incident_of(tx), IC)


def test_who_leaves_the_channel_is_asked_at_once(store: Store, clock: MovableClock) -> None:
    clock.move(minutes=5)
    with store.write() as tx:
        absence.holder_left(tx, SETTINGS, incident_of(tx), BOB)
    assert (IC, "presence-left") not in told(store)
    leave(store)
    leave(store)
    assert told(store).count((IC, "presence-left")) == 1
    assert pending(store, ReminderKind.PRESENCE_UNANSWERED) == [15 * MINUTE]
    clock.move(minutes=10)
    tick(store)
    with store.read() as tx:
        assert handoffs.open_offer(tx, 1)
        texts = list(tx.conn.scalars(select(timeline.c.text)))
    assert f"Others are asked to take command: <@{IC}> left the channel and does not answer" in texts


def test_who_leaves_the_channel_is_asked_in_a_sev3_too(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        change.set_severity(tx, SETTINGS, incident_of(tx), Severity.SEV3, BOB)
    leave(store)
    with store.write() as tx:
        change.set_state(tx, incident_of(tx), State.IDENTIFIED, BOB)
    clock.move(minutes=10)
    tick(store)
    with store.read() as tx:
        assert handoffs.open_offer(tx, 1)


def gone(store: Store) -> None:
    with store.write() as tx:
        person = Person(id=IC, name="Ada", zone="UTC", deactivated=True, bot=False, foreign=False, fetched_at=tx.now)
        people.save(tx, person)


def test_for_who_was_deactivated_others_are_asked_at_once(store: Store) -> None:
    gone(store)
    leave(store)
    with store.read() as tx:
        assert handoffs.open_offer(tx, 1)
        texts = list(tx.conn.scalars(select(timeline.c.text)))
    assert f"Others are asked to take command: <@{IC}> was deactivated" in texts
    assert not any(to == IC for to, _ in told(store))


def test_nobody_writes_to_who_was_deactivated_unheard(store: Store, clock: MovableClock) -> None:
    gone(store)
    silent_for_an_hour(store, clock)
    tick(store)
    with store.read() as tx:
        assert handoffs.open_offer(tx, 1)
    assert not any(to == IC for to, _ in told(store))


def test_a_new_commander_is_watched_from_their_own_beginning(store: Store, clock: MovableClock) -> None:
    clock.move(minutes=50)
    with store.write() as tx:
        switch(tx, incident_of(tx), COMMANDER, BOB, How.ACCEPTED)
    assert pending(store) == [110 * MINUTE]
    assert ended(store)[-1] == ("superseded", "somebody else has command")


def test_whether_what_somebody_does_matters_is_asked_without_writing(store: Store) -> None:
    with store.read() as tx:
        assert presence.holds_role_in(tx, CHANNEL, IC)
        assert not presence.holds_role_in(tx, CHANNEL, BOB)
        assert not presence.holds_role_in(tx, "C0OTHER001", IC)


def test_times_by_slacks_clock_are_kept_to_the_millisecond(store: Store) -> None:
    at = datetime.fromtimestamp(1772445605.123457, UTC)
    with store.write() as tx:
        absence.heard(tx, CHANNEL, IC, at)
        assert abs(presence.heard_at(tx, tenure_of(tx)).timestamp() - at.timestamp()) < 0.001
