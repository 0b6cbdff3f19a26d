"""The record set right: times, duplicates, and words that are taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.actions.command import briefing
from bot.actions.incident import revise
from bot.domain.effect import EffectState
from bot.domain.permission import Standing
from bot.errors import NoSuchIncident, NotAllowed
from storage import briefings, incidents, needs, outbox, people, timeline
from storage.store import Store
from tests.handlers import asking
from tests.handlers.situations import prepare
from tests.handlers.test_asks_and_vendors import refused, says
from tests.support.clock import START, MovableClock
from tests.support.story import BOB, CHANNEL, EVE, IC, OUTSIDER, begin

SECRET = "hunter2-AKIA"


def test_times_are_repeated_on_the_typists_wall(store: Store, clock: MovableClock) -> None:
    prepare(store)
    with store.write() as tx:
        ada = people.get(tx, IC)
        assert ada
        people.save(tx, replace(ada, zone="Europe/Berlin"))
    assert "*Mon 2 Mar 08:15 CET (07:15 UTC)*" in says(store, "times detected 08:15")
    assert "*Sun 1 Mar 23:40 CET (22:40 UTC)*" in says(store, "times detected 23:40")
    assert "*Mon 2 Mar 07:30 UTC*" in says(store, "times detected 07:30 UTC")
    clock.move(hours=1)
    says(store, "state monitoring")
    assert "mitigated" in says(store, "times mitigated none")
    shown = says(store, "times")
    assert "*Detected* Mon 2 Mar 08:30 CET (07:30 UTC)" in shown
    assert "*Mitigated* not yet" in shown


@pytest.mark.parametrize(
    ("private", "original_private", "in_incident", "in_original"),
    [
        (False, False, "Cancelled as a duplicate of INC-2", "INC-1 was cancelled as a duplicate of this"),
        (False, True, "Cancelled as a duplicate of another incident", ""),
        (True, False, "Cancelled as a duplicate of INC-2", ""),
        (True, True, "Cancelled as a duplicate of another incident", ""),
    ],
)
def test_a_private_one_is_named_nowhere_else(
    store: Store, private: bool, original_private: bool, in_incident: str, in_original: str
) -> None:
    prepare(store, private=private)
    with store.write() as tx:
        begin(tx, channel="C0INC00002", private=original_private, title="Vault is open")
    assert "INC-2" in says(store, "duplicate INC-2")
    with store.read() as tx:
        assert incidents.get(tx, 1).state == "cancelled"
        assert timeline.latest(tx, 1, 1)[0].text == in_incident
        told = [entry.text for entry in timeline.latest(tx, 2, 9)]
        outbox = [str(row) for row in asking.everything(store)["outbox"]]
    said_in_first = [row for row in outbox if "INC-1:said" in row or "INC-1:announced" in row]
    assert (in_original in told) == bool(in_original)
    assert original_private == all("Vault is open" not in row for row in said_in_first)
    if private:
        assert all("INC-1" not in row and "pastebin" not in row for row in outbox if "INC-2:said" in row)


def test_what_one_may_not_see_is_no_original(store: Store) -> None:
    prepare(store)
    with store.write() as tx:
        begin(tx, channel="C0INC00002", private=True, title="Vault is open")
    assert refused(store, "duplicate INC-2", EVE, NoSuchIncident) == "There is no INC-2."


def test_a_secret_that_is_removed_is_nowhere(store: Store) -> None:
    prepare(store)
    for text in ("decision", "workaround", "hypothesis", "note", "ask"):
        says(store, f"{text} the key is {SECRET}", BOB)
    says(store, "ask done 1")
    says(store, "vendor aws case 1 high")
    says(store, f"vendor aws note the key is {SECRET}", BOB)
    with store.write() as tx:
        written = briefing.prepare(tx, incidents.get(tx, 1), "ic", for_shift=None, by=IC)
        briefing.accepted(tx, written)
        numbers = [entry.number for entry in timeline.latest(tx, 1, 50) if SECRET in entry.text]
        assert SECRET in str(briefings.get(tx, written).facts)
    assert len(numbers) == 6
    for number in numbers:
        assert "is removed" in says(store, f"timeline remove {number}", BOB)
        assert refused(store, f"timeline remove {number}") == f"INC-1 has no entry {number} in its timeline."
    assert SECRET not in str(asking.everything(store))
    with store.read() as tx:
        kept = [entry for entry in timeline.latest(tx, 1, 50) if entry.text.startswith("Removed entry")]
        assert [(entry.who, f"by <@{BOB}>" in entry.text) for entry in kept] == [(BOB, True)] * 6
        assert needs.of(tx, 1)[0].text == "(removed)"
    for entry in kept:
        assert refused(store, f"timeline remove {entry.number}").startswith(f"Entry {entry.number} says what happened")


def test_words_of_what_happened_go_and_what_happened_stays(store: Store) -> None:
    prepare(store)
    says(store, f"resolve it was {SECRET}")
    with store.read() as tx:
        number = timeline.last_number(tx, 1)
    assert "The words of entry" in says(store, f"timeline remove {number}")
    assert SECRET not in str(asking.everything(store))
    with store.read() as tx:
        entry = timeline.numbered(tx, 1, number)
    assert entry
    assert entry.text == "Resolved: (removed)"


def test_ones_own_entry_is_edited_and_that_of_others_by_who_commands(store: Store) -> None:
    prepare(store, "timeline edit")
    assert refused(store, "timeline edit 2 disk of db-4", EVE, NotAllowed).startswith("Entry 2 is somebody else's")
    assert refused(store, "timeline remove 2", OUTSIDER, NotAllowed)
    says(store, f"timeline edit 2 disk of db-4 <@{EVE}>", BOB)
    says(store, "timeline edit 2 disk of db-5")
    assert refused(store, "timeline edit 2 \u200b") == "What shall it say?"
    with store.read() as tx:
        entry = timeline.numbered(tx, 1, 2)
    assert entry
    assert entry.text == "disk of db-5"
    assert entry.who == BOB


def test_the_number_of_what_was_removed_is_not_given_again(store: Store) -> None:
    prepare(store, "timeline remove")
    with store.write() as tx:
        revise.remove(tx, incidents.get(tx, 1), 2, BOB, Standing.MEMBER)
    assert "Note 4 is" in says(store, "note something else")


def test_it_is_acknowledged_by_the_first_who_is_not_the_declarer(store: Store, clock: MovableClock) -> None:
    prepare(store)
    clock.move(minutes=5)
    asking.command(store, IC, f"handoff <@{BOB}>", CHANNEL)
    with store.read() as tx:
        assert incidents.get(tx, 1).acknowledged_at is None
    clock.move(minutes=5)
    asking.button(store, BOB, "handoff:accept", "1", CHANNEL)
    with store.read() as tx:
        assert incidents.get(tx, 1).acknowledged_at == START + timedelta(minutes=10)


def test_or_by_the_first_page_that_is_acknowledged(store: Store, clock: MovableClock) -> None:
    prepare(store, "page:acknowledge")
    clock.move(minutes=3)
    asking.button(store, BOB, "page:acknowledge", "1", CHANNEL)
    with store.read() as tx:
        assert incidents.get(tx, 1).acknowledged_at == START + timedelta(minutes=3)


def test_what_is_too_old_to_be_changed_in_slack_is_said_to_stand_there(store: Store, clock: MovableClock) -> None:
    prepare(store)
    says(store, "decision we fail over")
    with store.write() as tx:
        for effect in (row[0] for row in asking.everything(store)["outbox"]):
            outbox.settle(tx, effect, EffectState.SENT, channel=CHANNEL, ts="1.0")
    assert "and my message about it too" in says(store, "timeline edit 2 we stay")
    clock.move(days=31)
    with store.write() as tx:
        outbox.forget_before(tx, tx.now - timedelta(days=30))
    assert "too old for me to change" in says(store, "timeline remove 2")
