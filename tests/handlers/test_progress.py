"""Readings by command and by form: of what, as of when, corrected, taken back, refused."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.progress import Measure
from bot.domain.timeline import EntryKind
from bot.errors import BotError, WrongFields, WrongState, WrongWords
from bot.messages.communication import forms_progress
from storage import incidents, measures, timeline
from storage.store import Store
from tests.handlers import asking
from tests.support.clock import MovableClock
from tests.support.story import BOB, CHANNEL, begin


@pytest.fixture(autouse=True)
def _begun(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        begin(tx)
    clock.move(hours=4)


def say(store: Store, words: str) -> str:
    return asking.text_of(asking.command(store, BOB, f"progress {words}".strip(), CHANNEL))


def refused(store: Store, words: str, error: type[BotError] = WrongWords) -> str:
    before = asking.everything(store)
    with pytest.raises(error) as caught:
        say(store, words)
    assert asking.everything(store) == before
    return caught.value.sentence


def known(store: Store) -> dict[str, Measure]:
    with store.read() as tx:
        newest = measures.of(tx, 1)
        assert [one.last for one in newest] == [one.last for one in measures.in_full(tx, 1)]
        return {one.name: one for one in newest}


def values(store: Store, name: str = "databases") -> list[str]:
    return [reading.text for reading in known(store)[name].readings]


def entries(store: Store) -> list[str]:
    with store.read() as tx:
        return [entry.text for entry in timeline.newest(tx, 1, {EntryKind.PROGRESS}, 99)]


def test_a_name_may_be_left_out_while_there_is_one(store: Store, clock: MovableClock) -> None:
    assert "What is counted?" in refused(store, "412/900")
    say(store, '"databases" 100/900')
    clock.move(minutes=20)
    say(store, "150/900")
    clock.move(minutes=20)
    say(store, "  DATA bases   200/900")
    clock.move(minutes=20)
    say(store, "46%")
    assert values(store) == ["100/900", "150/900", "200/900", "46/100"]
    assert list(known(store)) == ["databases"]
    say(store, '"deploys" 1/3')
    assert "`databases`, `deploys`" in refused(store, "300/900")


def test_a_reading_of_the_same_minute_replaces(store: Store, clock: MovableClock) -> None:
    say(store, '"databases" 412/900')
    clock.move(seconds=20)
    assert "instead of 412/900" in say(store, "421/900")
    assert values(store) == ["421/900"]
    clock.move(minutes=10)
    assert "instead of" not in say(store, "430/900")
    assert values(store) == ["421/900", "430/900"]
    assert entries(store)[:2] == ["databases: 412/900 (45 %)", "databases: 421/900 (46 %), was 412/900"]


def test_a_late_reading_stands_where_it_belongs(store: Store, clock: MovableClock) -> None:
    say(store, '"databases" 300/900')
    at = (clock.now() - timedelta(hours=1)).strftime("%H:%M")
    told = say(store, f"100/900 at {at}")
    assert "UTC" in told
    assert "The newest reading is 300/900 (33 %)" in told
    assert values(store) == ["100/900", "300/900"]
    assert "has not come yet" in refused(store, "400/900 at tomorrow 10:00")


def test_undo_takes_back_what_was_said_last(store: Store, clock: MovableClock) -> None:
    assert "Nothing is counted" in refused(store, "undo", WrongState)
    say(store, '"databases" 300/900')
    clock.move(minutes=10)
    at = (clock.now() - timedelta(hours=1)).strftime("%H:%M")
    say(store, f"100/900 at {at}")
    assert "It stands at 300/900" in say(store, "undo")
    assert values(store) == ["300/900"]
    assert "No reading of it is left" in say(store, 'undo "databases"')
    assert known(store) == {}
    assert "Nothing is counted" in refused(store, "undo", WrongState)
    say(store, '"databases" 5/9')
    assert values(store) == ["5/9"]
    say(store, '"deploys" 5/9')
    assert "There is no reading of `deplyos`" in refused(store, "undo deplyos", WrongState)


def test_a_name_that_is_nearly_known_is_asked_about(store: Store) -> None:
    say(store, '"shared databases" 300/900')
    before = asking.everything(store)
    reply = asking.command(store, BOB, "progress shard databases 310/900", CHANNEL)
    assert asking.everything(store) == before
    assert reply.message
    (first, second) = [block["accessory"]["value"] for block in reply.message.blocks if "accessory" in block]
    asking.button(store, BOB, "command:run", second, CHANNEL)
    assert set(known(store)) == {"shared databases", "shard databases"}
    asking.button(store, BOB, "command:run", first, CHANNEL)
    assert values(store, "shared databases") == ["310/900"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("x 900/412", "900 is more than 412"),
        ("x 0/0", "Out of nothing"),
        ("x 1/1000000001", "I count from 0 to 1,000,000,000"),
        ("x 146%", "146 is more than 100"),
        ("x 1.5/3", "whole numbers"),
        (f"{'y' * 10_000} 1/2", "10,000 characters, and 80 fit"),
        ("\u200b 1/2", "What is counted?"),
    ],
)
def test_bad_words_change_nothing(store: Store, words: str, said: str) -> None:
    assert said in refused(store, words)


def test_names_that_would_call_somebody_are_words(store: Store) -> None:
    told = say(store, '"<!channel> `x`" 1/2')
    assert "&lt;!channel&gt; 'x'" in told
    assert "<!channel>" not in say(store, "")


def test_so_many_and_no_more(store: Store) -> None:
    for number in range(20):
        say(store, f'"m {number}" 1/2')
    assert "20 things are counted" in refused(store, '"one more" 1/2', WrongState)
    say(store, '"m 7" 2/2')


def test_charts_are_of_what_is_counted(store: Store) -> None:
    assert "Nothing is counted" in refused(store, "chart", WrongState)
    say(store, '"databases" 1/2')
    assert "The chart of databases comes" in say(store, "chart")
    assert "There is `databases`" in refused(store, "chart deploys")
    with store.write() as tx:
        incidents.change(tx, 1, channel_archived=True)
    with pytest.raises(BotError, match="is archived"):
        say(store, "chart databases")


def form(store: Store) -> Any:
    return asking.button(store, BOB, "progress:form", "1", CHANNEL).view


def send(store: Store, **answers: str | None) -> None:
    given = {"measure": None, "name": None, "done": "1", "total": "2", "at": None} | answers
    asking.submission(store, BOB, form(store), given)


def test_the_form_says_which_field_is_wrong(store: Store) -> None:
    send(store, name="databases", done="9,412", total="12000")
    (number,) = [str(one.id) for one in known(store).values()]
    assert [block["block_id"] for block in form(store)["blocks"]] == ["measure", "name", "done", "total", "at"]
    wrong = [
        ({"measure": number, "name": "deploys"}, "name"),
        ({"measure": forms_progress.NEW, "name": ""}, "name"),
        ({"measure": "99"}, "measure"),
        ({"measure": number, "done": "many"}, "done"),
        ({"measure": number, "total": "1.5"}, "total"),
        ({"measure": number, "at": "half past"}, "at"),
    ]
    for answers, field in wrong:
        with pytest.raises(WrongFields) as caught:
            send(store, **answers)
        assert list(caught.value.fields) == [field]
    with pytest.raises(WrongWords, match="3 is more than 2"):
        send(store, measure=number, done="3")
    send(store, measure=number, done="9,999", total="12000")
    assert values(store) == ["9,999/12,000"]
