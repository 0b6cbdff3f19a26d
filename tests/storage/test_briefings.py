"""Briefings with a database: what they gather, when they are made anew, and that what was accepted never changes."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.actions.command import briefing
from bot.actions.incident import notes
from bot.domain.briefing import ANSWER_LIMIT, LISTED, Briefing
from bot.domain.command import COMMANDER, How
from bot.domain.effect import EffectKind
from bot.domain.handoff import HandoffKind, HandoffState
from bot.domain.incident import Incident, Kind, Severity
from bot.domain.people import Person
from bot.domain.rota import turns_after
from bot.domain.timeline import EntryKind
from bot.errors import NoSuchIncident, NotAllowed, WrongState
from storage import briefings, command, handoffs, incidents, people, rotas, timeline
from storage.store import Store, Tx
from storage.tables import outbox
from tests.support.clock import MovableClock
from tests.support.story import BOB, CHANNEL, EVE, IC, OUTSIDER, settings
from tests.support.story import COMMANDER as A_COMMANDER

SHIFT = timedelta(hours=8)


@pytest.fixture
def begun(store: Store, clock: MovableClock) -> Incident:
    """An incident of an hour ago, commanded by IC, with BOB in it and its rota running."""
    with store.write() as tx:
        about: dict[str, Any] = {"severity": Severity.SEV2, "kind": Kind.REAL, "private": False}
        made = incidents.add(tx, title="Checkout is down", summary="", declared_by=IC, **about)
        incidents.join(tx, made.number, BOB)
        people.save(tx, person(tx, BOB, "Bob Kahn"))
        rota = rotas.start(tx, made.number, COMMANDER, [IC, EVE, BOB], SHIFT, tx.now)
        rotas.add_turns(tx, rota, turns_after(rota, None, tx.now + 3 * SHIFT))
        made = incidents.change(tx, made.number, channel_id=CHANNEL)
    clock.move(hours=1)
    return made


def person(tx: Tx, who: str, name: str) -> Person:
    return Person(id=who, name=name, zone="UTC", deactivated=False, bot=False, foreign=False, fetched_at=tx.now)


def prepare(store: Store, begun: Incident, *, shift: int | None = None) -> int:
    with store.write() as tx:
        return briefing.prepare(tx, begun, COMMANDER, for_shift=shift, by=IC)


def get(store: Store, number: int) -> Briefing:
    with store.read() as tx:
        return briefings.get(tx, number)


def say(store: Store, clock: MovableClock, begun: Incident, kind: EntryKind, *said: str) -> None:
    for text in said:
        clock.move(minutes=1)
        with store.write() as tx:
            timeline.add(tx, begun.number, kind, text, BOB)


def queued(store: Store) -> list[dict[str, Any]]:
    """The intents of the briefings that are on their way."""
    with store.read() as tx:
        rows = tx.conn.execute(
            select(outbox.c.intent).where(outbox.c.kind == EffectKind.BRIEFING).order_by(outbox.c.id)
        )
        return [row.intent for row in rows]


def offer(tx: Tx, begun: Incident, to: str, number: int) -> int:
    made = handoffs.offer(
        tx, begun.number, COMMANDER, HandoffKind.OFFER, to, by=IC, boundary_at=tx.now, briefing=number
    )
    return made.id


def accept(store: Store, begun: Incident, number: int, by: str) -> None:
    """As when an offer is accepted: the briefing, then the tenure."""
    with store.write() as tx:
        briefing.accepted(tx, number)
        command.begin(tx, begun.number, COMMANDER, by, How.ACCEPTED)


def test_what_it_gathers(store: Store, clock: MovableClock, begun: Incident) -> None:
    say(store, clock, begun, EntryKind.SYSTEM, "Severity sev2 → sev1", f"Summary: <@{BOB}> has seen it")
    say(store, clock, begun, EntryKind.DECISION, "we fail over")
    say(store, clock, begun, EntryKind.HYPOTHESIS, "the load balancer", "the 14:00 deploy")
    say(store, clock, begun, EntryKind.RULED_OUT, "it is not the load balancer")
    say(store, clock, begun, EntryKind.NOTE, "db-3 is slow", "db-3 is fast")
    with store.write() as tx:
        command.begin(tx, begun.number, "communications", EVE, How.ASSIGNED)
    found = get(store, prepare(store, begun)).facts
    assert [entry.text for entry in found.changed.entries] == ["Severity sev2 → sev1", f"Summary: <@{BOB}> has seen it"]
    assert [entry.text for entry in found.decisions.entries] == ["we fail over"]
    assert [entry.text for entry in found.hypotheses.entries] == ["the 14:00 deploy"]
    assert [entry.text for entry in found.ruled_out.entries] == ["it is not the load balancer"]
    assert (found.notes, found.pinned, found.objectives) == (2, 0, "")
    assert found.held
    assert (found.held.person, [tenure.person for tenure in found.others]) == (IC, [EVE])
    assert found.following
    assert (found.following.person, found.following.starts_at) == (EVE, begun.declared_at + SHIFT)
    assert (found.since, found.as_of) == (begun.declared_at, clock.now())
    assert found.names == {BOB: "Bob Kahn"}


def test_facts_are_bounded_however_long_it_lasts(store: Store, clock: MovableClock, begun: Incident) -> None:
    with store.write() as tx:
        for number in range(200):
            timeline.add(tx, begun.number, EntryKind.DECISION, f"{number} " + "x" * 10_000, BOB)
        incidents.change(tx, begun.number, summary="y" * 40_000)
        begun = incidents.get(tx, begun.number)
    found = get(store, prepare(store, begun)).facts
    assert (len(found.decisions.entries), found.decisions.total) == (LISTED, 200)
    assert [entry.number for entry in found.decisions.entries] == list(range(171, 201))
    assert max(len(entry.text) for entry in found.decisions.entries) <= 300
    assert len(found.incident.summary) <= 300


def test_one_for_each_boundary_brought_up_to_date(store: Store, clock: MovableClock, begun: Incident) -> None:
    first = prepare(store, begun, shift=2)
    say(store, clock, begun, EntryKind.DECISION, "we fail over")
    assert prepare(store, begun, shift=2) == first
    assert get(store, first).facts.decisions.total == 1
    assert get(store, first).prepared_at == clock.now()
    assert prepare(store, begun, shift=3) != first


def test_one_for_each_handoff_by_hand(store: Store, clock: MovableClock, begun: Incident) -> None:
    first = prepare(store, begun)
    # The form prepares it, writes into it, and then offers.
    assert prepare(store, begun) == first
    with store.write() as tx:
        made = offer(tx, begun, BOB, first)
    assert prepare(store, begun) == first
    with store.write() as tx:
        handoffs.settle(tx, made, HandoffState.DECLINED)
    clock.move(minutes=1)
    second = prepare(store, begun)
    assert second != first
    accept(store, begun, second, BOB)
    assert prepare(store, begun) not in {first, second}


def test_what_a_human_wrote_is_taken_along(store: Store, clock: MovableClock, begun: Incident) -> None:
    draft = prepare(store, begun, shift=2)
    with store.write() as tx:
        briefing.answer(tx, draft, "the replica", "ask the vendor", IC)
    clock.move(minutes=1)
    by_hand = get(store, prepare(store, begun))
    assert (by_hand.worries, by_hand.do_first, by_hand.prepared_by) == ("the replica", "ask the vendor", IC)
    with store.write() as tx:
        briefing.answer(tx, draft, "the primary", "", IC)
    prepare(store, begun, shift=2)
    assert (get(store, draft).worries, get(store, draft).do_first) == ("the primary", "")
    clock.move(minutes=1)
    # Another one commands: what the one before worried about is not put into their mouth.
    with store.write() as tx:
        command.begin(tx, begun.number, COMMANDER, EVE, How.TOOK)
    assert get(store, prepare(store, begun)).worries == ""
    with store.read() as tx:
        assert briefings.open_of(tx, begun.number) is not None


def test_answers_are_recorded_once_and_shown(store: Store, clock: MovableClock, begun: Incident) -> None:
    number = prepare(store, begun)
    with store.write() as tx:
        briefing.answer(tx, number, "", " \n ", BOB)
    assert queued(store) == []
    with store.write() as tx:
        briefing.answer(tx, number, "the replica\u202e lags\n", "", BOB)
    with store.write() as tx:
        briefing.answer(tx, number, "the replica lags", "x" * 10_000, EVE)
    found = get(store, number)
    assert (found.worries, len(found.do_first), found.prepared_by) == ("the replica lags", ANSWER_LIMIT, EVE)
    with store.write() as tx:
        briefing.answer(tx, number, found.worries, found.do_first, BOB)
    assert get(store, number).prepared_by == EVE
    assert [intent["only_edit"] for intent in queued(store)] == [True, True]
    with store.read() as tx:
        entries = timeline.newest(tx, begun.number, set(EntryKind), 10)
    assert [(entry.kind, entry.who, entry.text) for entry in entries] == [
        (EntryKind.NOTE, BOB, "Briefing. Worries: the replica lags")
    ]


def test_what_was_accepted_never_changes(store: Store, clock: MovableClock, begun: Incident) -> None:
    number = prepare(store, begun, shift=2)
    with store.write() as tx:
        briefing.answer(tx, number, "the replica", "ask the vendor", IC)
    accept(store, begun, number, EVE)
    before = get(store, number)
    assert before.accepted_at == clock.now()
    say(store, clock, begun, EntryKind.DECISION, "something else")
    with store.write() as tx:
        with pytest.raises(WrongState, match="was accepted, so it stays"):
            briefing.answer(tx, number, "nothing", "", IC)
        briefings.refresh(tx, number, briefing.catchup(tx, begun))
        briefings.write(tx, number, "nothing", "", BOB)
        briefing.accepted(tx, number)
    assert get(store, number) == before
    assert prepare(store, begun, shift=2) != number


def test_the_next_period_begins_where_the_accepted_one_ended(
    store: Store, clock: MovableClock, begun: Incident
) -> None:
    say(store, clock, begun, EntryKind.SYSTEM, "State investigating → identified")
    first = prepare(store, begun)
    with store.write() as tx:
        briefing.answer(tx, first, "", "ask the vendor", IC)
        assert briefing.latest_accepted(tx, begun) is None
    # Between the facts and the acceptance: in the same second, and a minute later.
    with store.write() as tx:
        timeline.add(tx, begun.number, EntryKind.COMMAND, f"Command offered to <@{BOB}>", IC)
    say(store, clock, begun, EntryKind.NOTE, "still slow")
    accept(store, begun, first, BOB)
    say(store, clock, begun, EntryKind.SYSTEM, "State identified → monitoring")
    found = get(store, prepare(store, begun)).facts
    assert [entry.text for entry in found.changed.entries] == [
        f"Command offered to <@{BOB}>",
        "State identified → monitoring",
    ]
    assert found.since == get(store, first).facts.as_of
    assert (found.notes, found.objectives) == (1, "ask the vendor"), "the briefing's own is no note to read besides"
    with store.read() as tx:
        latest = briefing.latest_accepted(tx, begun)
        other = briefing.latest_accepted(tx, begun, "communications")
    assert latest
    assert (latest.id, other) == (first, None)


def test_offers_stand_in_the_catch_up_and_not_in_their_own_briefing(store: Store, begun: Incident) -> None:
    number = prepare(store, begun)
    with store.write() as tx:
        offer(tx, begun, BOB, number)
        handoffs.offer(tx, begun.number, "scribe", HandoffKind.BOUNDARY, EVE, boundary_at=tx.now)
        handoffs.offer(tx, begun.number, "deputy", HandoffKind.PRESENCE, EVE, boundary_at=tx.now)
    assert [offer.offered_to for offer in get(store, prepare(store, begun)).facts.offers] == [EVE]
    with store.read() as tx:
        assert [offer.role for offer in briefing.catchup(tx, begun).offers] == [COMMANDER, "scribe"]


def test_catching_up_on_an_incident_that_is_over(store: Store, begun: Incident) -> None:
    with store.write() as tx:
        command.end_all(tx, begun.number)
        over = incidents.change(tx, begun.number, state="resolved", ic_tenure=None, open_role=None, resolved_at=tx.now)
        rotas.stop(tx, begun.number)
        facts = briefing.catchup(tx, over)
        assert (facts.held, facts.following, facts.incident.resolved_at) == (None, None, tx.now)
        with pytest.raises(WrongState, match="INC-1 is resolved"):
            briefing.answer(tx, briefings.add(tx, 1, COMMANDER, facts, shift=None, by=IC), "x", "", IC)


def test_who_may_write(store: Store, begun: Incident) -> None:
    number = prepare(store, begun)
    with store.write() as tx:
        command.begin(tx, begun.number, "communications", EVE, How.ASSIGNED)
        of_eve = briefing.prepare(tx, begun, "communications", for_shift=None, by=EVE)
        for who in (IC, A_COMMANDER):
            assert briefing.to_edit(tx, settings(), number, who, CHANNEL)[1].id == number
            assert briefing.to_edit(tx, settings(), of_eve, who, CHANNEL)[1].id == of_eve
        assert briefing.to_edit(tx, settings(), of_eve, EVE, CHANNEL)[1].id == of_eve
        for who in (BOB, EVE):
            with pytest.raises(NotAllowed, match="Only the IC, the deputy and commanders can do that"):
                briefing.to_edit(tx, settings(), number, who, CHANNEL)
        with pytest.raises(NotAllowed, match="you are not in INC-1"):
            briefing.to_edit(tx, settings(), number, OUTSIDER, "")
        incidents.change(tx, begun.number, private=True)
        for unknown in (number, 999):
            with pytest.raises(NoSuchIncident, match="not known here"):
                briefing.to_edit(tx, settings(), unknown, OUTSIDER, "")


def test_whoever_joins_is_welcomed_once_and_not_at_the_very_beginning(
    store: Store, clock: MovableClock, begun: Incident
) -> None:
    with store.write() as tx:
        briefing.welcome(tx, begun, EVE)
    clock.move(days=1)
    with store.write() as tx:
        briefing.welcome(tx, begun, EVE)
        young = incidents.add(
            tx,
            title="Another",
            summary="",
            severity=Severity.SEV3,
            kind=Kind.REAL,
            private=False,
            declared_by=IC,
        )
    clock.move(minutes=9, seconds=59)
    with store.write() as tx:
        briefing.welcome(tx, young, EVE)
    assert queued(store) == [{"to": EVE}]
    clock.move(seconds=1)
    with store.write() as tx:
        briefing.welcome(tx, young, EVE)
    assert len(queued(store)) == 2


def test_the_holder_writes_before_it_is_posted(store: Store, begun: Incident) -> None:
    with store.write() as tx:
        number = briefing.for_next(tx, begun, COMMANDER, IC)
        briefing.answer(tx, number, "the replica", "", IC)
        assert briefing.for_next(tx, begun, COMMANDER, IC) == number
        following = briefings.get(tx, number).facts.following
    assert following
    assert get(store, number).shift == following.id
    assert prepare(store, begun, shift=following.id) == number
    assert get(store, number).worries == "the replica"


def test_a_note_counts_and_a_page_does_not(store: Store, begun: Incident) -> None:
    with store.write() as tx:
        notes.record(tx, begun, EntryKind.NOTE, "db-3 is slow", BOB)
        timeline.add(tx, begun.number, EntryKind.PAGE, "Paged somebody", None)
        timeline.add(tx, begun.number, EntryKind.PINNED, "look", BOB)
        found = briefing.catchup(tx, begun)
    assert (found.notes, found.pinned, found.changed.total, found.through) == (1, 1, 0, 3)
