"""The pages: what they show to whom, and what their forms do."""

import re

import pytest

from bot.actions.incident import notes
from bot.domain.timeline import EntryKind
from bot.errors import BotError
from storage import command, incidents, pages, people, timeline
from storage.store import Store
from tests.handlers import asking
from tests.handlers.browsing import HOSTILE, browser, commander, fields, page_of, person_called, press
from tests.handlers.situations import (
    SUMMARY,
    TITLE,
    asked_for,
    everything_at_once,
    offered,
    prepare,
    promised,
    with_rota,
)
from tests.handlers.test_hidden import OUTSIDERS, reveals
from tests.support.clock import MovableClock
from tests.support.story import BOB, EVE, IC, OUTSIDER, begin


def test_command_is_accepted_and_a_second_press_changes_nothing(store: Store) -> None:
    prepare(store, more=offered)
    met: list[str] = []
    window = browser(store, EVE, met)
    form = fields(window.get("/"), "I have command")
    first = window.post("/", form)
    assert first.status == 303
    before = asking.everything(store)
    second = window.post("/", form)
    assert (second.status, second.headers["location"]) == (303, first.headers["location"])
    assert asking.everything(store) == before
    assert "You have command of INC-1." in window.get(first.headers["location"]).text
    assert "You have command" not in browser(store, BOB).get(first.headers["location"]).text
    assert commander(store) == EVE
    assert met.count(EVE) >= 2
    # From another page, which is as old, it is refused and nothing changes.
    late = window.post("/", {**form, "once": "another"})
    assert (late.status, "You have command already." in late.text) == (409, True)


def test_everything_that_waits_has_its_button(store: Store, clock: MovableClock) -> None:
    prepare(store, more=everything_at_once)
    clock.move(minutes=6)
    assert "Hand over" in (ada := browser(store, IC).get("/i/1").text)
    assert "I keep it" in ada
    assert "Take command now" in browser(store, BOB).get("/").text
    eve = browser(store, EVE).get("/").text
    assert "Name of UADA00001 offers you command." in eve
    assert "I can&#39;t" in eve
    window = browser(store, IC)
    assert "INC-1 stays yours." in press(window, "/i/1", "I keep it").text


@pytest.mark.parametrize(
    ("more", "who", "label", "said"),
    [
        (offered, EVE, "I can't", "It stays with whoever has it."),
        (asked_for, IC, "Hand over", "has a new IC"),
        (asked_for, BOB, "Take command now", "You have command of INC-1."),
    ],
)
def test_a_button_does_what_the_one_in_slack_does(
    store: Store, clock: MovableClock, more: object, who: str, label: str, said: str
) -> None:
    prepare(store, more=more)  # type: ignore[arg-type]
    clock.move(minutes=6)
    assert said in press(browser(store, who), "/i/1", label).text


def test_pages_fall_silent(store: Store) -> None:
    prepare(store)
    number, _ = page_of(store)
    window = browser(store, BOB)
    assert "Your pages of INC-1 are silent now." in press(window, "/", "I'm on it").text
    with store.read() as tx:
        found = pages.find(tx, number)
    assert found
    assert (found.acknowledged_at, found.answered_by) == (found.ended_at, "web")
    assert "I&#39;m on it" not in window.get("/").text


def test_a_note_a_decision_and_what_is_refused_keeps_its_text(store: Store) -> None:
    prepare(store)
    window = browser(store, BOB)
    assert "Kept as number" in press(window, "/i/1", "Keep it", {"text": "Disk of db-3 <full>", "kind": "note"}).text
    assert "Disk of db-3 &lt;full&gt;" in window.get("/i/1").text
    assert "Kept as" in press(window, "/i/1", "Keep it", {"text": "We fail over", "kind": "decision"}).text
    with store.read() as tx:
        assert [entry.kind for entry in timeline.latest(tx, 1, 2)] == [EntryKind.NOTE, EntryKind.DECISION]
    stranger = browser(store, OUTSIDER)
    refused = press(stranger, "/i/1", "Keep it", {"text": "We go home", "kind": "decision"})
    assert refused.status == 409
    assert "Only members of the incident can do that" in refused.text
    assert "\nWe go home</textarea>" in refused.text
    assert 'value="decision" checked' in refused.text
    assert "Kept as" in press(stranger, "/i/1", "Keep it", {"text": "Seen by me too", "kind": "note"}).text
    empty = press(window, "/i/1", "Keep it", {"text": " ", "kind": "note"})
    assert (empty.status, "A note needs words." in empty.text) == (409, True)


def test_a_note_of_somebody_signed_out_meanwhile_is_given_back(store: Store, clock: MovableClock) -> None:
    prepare(store)
    window = browser(store, BOB)
    form = fields(window.get("/i/1"), "Keep it")
    clock.move(days=8)
    done = window.post("/i/1", {**form, "text": "A long <note>"})
    assert done.status == 401
    assert "A long &lt;note&gt;" in done.text


def test_other_words_from_a_page_gone_back_to_are_another_note(store: Store) -> None:
    prepare(store)
    window = browser(store, BOB)
    form = fields(window.get("/i/1"), "Keep it")
    for text in ("One", "Two", "Two"):
        window.post("/i/1", {**form, "text": text, "kind": "note"})
    with store.read() as tx:
        assert [one.text for one in timeline.latest(tx, 1, 10)][-2:] == ["One", "Two"]


def test_what_the_commander_does_here_is_a_sign_of_life(store: Store, clock: MovableClock) -> None:
    prepare(store)
    clock.move(minutes=50)
    press(browser(store, IC), "/i/1", "Keep it", {"text": "Still here", "kind": "note"})
    with store.read() as tx:
        assert command.last_active(tx, 1, IC) == tx.now


def test_times_are_in_the_readers_zone_and_in_utc(store: Store) -> None:
    prepare(store, more=with_rota)
    with store.write() as tx:
        people.save(tx, person_called(tx.now, BOB))
        people.set_own_zone(tx, BOB, "America/New_York")
    text = browser(store, BOB).get("/i/1").text
    assert "Mon 2 Mar 11:00 EST <small>(16:00 UTC)</small>" in text
    assert "Mon 2 Mar 19:00 EST <small>(Tue 00:00 UTC)</small>" in text


@pytest.mark.parametrize("by", OUTSIDERS)
def test_a_private_incident_does_not_exist_for_outsiders(store: Store, by: str) -> None:
    prepare(store, private=True, more=everything_at_once)
    page_of(store)
    window, member = browser(store, by), browser(store, BOB)
    assert TITLE in member.get("/").text
    assert SUMMARY in member.get("/i/1").text
    assert "Private" in member.get("/i/1").text
    before = asking.everything(store)
    assert not reveals(window.get("/").text)
    hidden, missing = window.get("/i/1"), window.get("/i/2")
    assert (hidden.status, hidden.text) == (404, missing.text)
    token = fields(window.get("/"), "Sign out")["token"]
    for deed in ("accept", "decline", "heard", "note", "take", "hand", "keep", "here", "call", "up", "cant"):
        about = "2:1" if deed in ("up", "cant") else "1"
        form = {"token": token, "once": "1", "deed": deed, "about": about, "text": "x", "kind": "note"}
        there, here = window.post("/", form), window.post("/", {**form, "about": about.replace("1", "99")})
        assert there.status == here.status == 409
        assert not reveals(there.text)
        assert re.search("<strong>(.*?)</strong>", there.text)[1] == re.search("<strong>(.*?)</strong>", here.text)[1]  # type: ignore[index]
        assert not reveals(window.post("/i/1", form).text)
    assert asking.everything(store) == before
    with pytest.raises(BotError, match=r"There is no INC-1\."):
        asking.command(store, by, "web INC-1")


def test_nothing_typed_runs_in_a_browser(store: Store) -> None:
    with store.write() as tx:
        incident = begin(tx, title=HOSTILE)
        incidents.change(tx, 1, call_url="javascript:alert(1)", summary=HOSTILE)
        notes.record(tx, incident, EntryKind.NOTE, HOSTILE, BOB)
        people.save(tx, person_called(tx.now, EVE, name=HOSTILE))
        people.save(tx, person_called(tx.now, BOB))
        notes.record(tx, incident, EntryKind.NOTE, "by whom", EVE)
    window = browser(store, BOB)
    for text in (window.get("/").text, window.get("/i/1").text):
        assert "<script" not in text
        assert "<img" not in text
        assert "javascript:" not in text
        assert "{{ 7*7 }}" in text
        assert len(text.encode()) < 30_000
    assert f"Name of {BOB}" in window.get("/i/1").text


def test_a_page_stays_small_whatever_was_written(store: Store) -> None:
    prepare(store, more=everything_at_once)
    with store.write() as tx:
        incident = incidents.change(tx, 1, summary="long " * 5000)
        for number in range(40):
            notes.record(tx, incident, EntryKind.NOTE, f"{number} <& " * 2000, BOB)
    text = browser(store, BOB).get("/i/1").text
    assert len(text.encode()) < 30_000
    assert "older: <code>/incident timeline</code>" in text


def test_a_page_says_that_an_update_is_late(store: Store, clock: MovableClock) -> None:
    prepare(store, more=promised)
    assert "Public update due" in (early := browser(store, BOB).get("/i/1").text)
    assert "late by" not in early
    clock.move(minutes=72)
    assert "<em>late by 12 min</em>" in browser(store, BOB).get("/i/1").text
