"""Updates by hand come into the incident and its timeline, each once, and the page is written again."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.actions import status
from bot.actions.communication.by_hand import take_in
from bot.domain.incident import State
from bot.errors import WrongState
from bot.status import edit, writer
from bot.status.edit import ByHand, Stray
from bot.status.files import Drawing
from storage import incidents, timeline
from storage import updates as stored
from storage.store import Store
from tests.status.pages import PAGE
from tests.status.test_gathering import SETTINGS, WORDS, page, tell
from tests.support.clock import MovableClock
from tests.support.story import COMMANDER, begin, settings


def write(store: Store, folder: Path) -> tuple[Stray, ...]:
    with store.read() as tx:
        shown = status.snapshot(tx, SETTINGS, PAGE)
    return edit.renew(folder, shown, Drawing())


def by_hand(folder: Path, now: datetime, text: str = "Half of them are back.", title: str = "") -> None:
    edit.publish(folder, ByHand(text=text, title=title, state=State.MONITORING), now)


def test_once_and_under_the_same_id(store: Store, clock: MovableClock, tmp_path: Path) -> None:
    with store.write() as tx:
        incident = begin(tx)
        tell(tx, incident, WORDS)
    assert write(store, tmp_path) == ()
    by_hand(tmp_path, clock.move(minutes=20))
    at = clock.now()
    clock.move(minutes=15)
    strays = write(store, tmp_path)
    with store.write() as tx:
        (taken,) = take_in(tx, SETTINGS, strays)
    with store.write() as tx:
        assert take_in(tx, SETTINGS, strays) == []
        (entry,) = [one for one in timeline.latest(tx, incident.number, 9) if "by hand" in one.text]
    assert (entry.at, entry.who) == (at, None)
    assert (taken.number, taken.published_at, taken.words.incident_state) == (2, at, State.MONITORING)
    (shown,) = page(store).incidents
    assert [one.text for one in shown.updates] == ["Half of them are back.", WORDS.text]
    assert (shown.updates[0].id, shown.updates[0].by_hand) == (strays[0].update.id, False)
    assert write(store, tmp_path) == ()
    assert writer.read(tmp_path) == page(store)


def test_an_incident_that_was_begun_by_hand_is_opened(store: Store, clock: MovableClock, tmp_path: Path) -> None:
    assert write(store, tmp_path) == ()
    by_hand(tmp_path, clock.move(minutes=20), title="Nothing can be reached")
    by_hand(tmp_path, clock.move(minutes=20), "It comes back.")
    strays = write(store, tmp_path)
    with pytest.raises(WrongState, match="Nobody would command it"), store.write() as tx:
        take_in(tx, settings(groups=SETTINGS.groups.model_copy(update={"commanders": ()})), strays)
    with store.write() as tx:
        first, second = take_in(tx, SETTINGS, strays)
        incident = incidents.get(tx, first.incident)
        assert (incident.title, incident.source) == ("Nothing can be reached", "the status page, by hand")
        assert incident.declared_by == COMMANDER
        assert second.incident == first.incident
        assert stored.public_title(tx, first.incident) == "Nothing can be reached"
    assert write(store, tmp_path) == ()
    (shown,) = page(store).incidents
    assert shown.id == strays[0].incident.id
    assert [one.text for one in shown.updates] == ["It comes back.", "Half of them are back."]
