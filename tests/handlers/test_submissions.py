"""Forms: what sending each does, for whom; all of it or nothing."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from bot.errors import BotError, NoSuchIncident, NotAllowed, WrongState
from bot.messages import forms
from handlers.slack.submissions import SUBMISSIONS
from storage import incidents, timeline
from storage.store import Store
from storage.tables import outbox
from tests.handlers import asking
from tests.support.story import BOB, CHANNEL, COMMANDER, IC, OUTSIDER, begin, settings

ABOUT = json.dumps({"incident": 1})
DECLARE: dict[str, Any] = {"title": "Search is slow", "severity": "sev3", "summary": None, "flags": []}
EDIT: dict[str, Any] = {
    "title": "Checkout is down",
    "severity": "sev2",
    "state": "investigating",
    "summary": None,
    "call": None,
}
NOTE: dict[str, Any] = {"kind": "note", "text": "disk of db-3 is full"}
USE: dict[str, Any] = {"channel": "C0GEN00001"}


def send(store: Store, form: str, answers: dict[str, Any], by: str = BOB, about: str = ABOUT) -> Any:
    with store.write() as tx:
        return SUBMISSIONS[form][0](tx, settings(), answers, about, by)


def refused(store: Store, error: type[BotError], form: str, answers: dict[str, Any], by: str = BOB) -> BotError:
    before = asking.everything(store)
    with pytest.raises(error) as caught:
        send(store, form, answers, by)
    assert asking.everything(store) == before
    return caught.value


@pytest.fixture
def _begun(store: Store) -> None:
    with store.write() as tx:
        begin(tx)


def test_every_form_has_a_table_row_whose_block_it_holds(store: Store) -> None:
    with store.write() as tx:
        incident = begin(tx)
    views = [forms.declare(settings()), forms.edit(settings(), incident), forms.note(incident)]
    views.append(forms.use_channel(incident))
    assert {view["callback_id"] for view in views} == set(SUBMISSIONS)
    for view in views:
        blocks = {block.get("block_id") for block in view["blocks"]}
        assert SUBMISSIONS[view["callback_id"]][1] in blocks


@pytest.mark.parametrize(("flags", "private", "drill"), [([], False, False), (["private", "drill"], True, True)])
def test_declaring(store: Store, flags: list[str], private: bool, drill: bool) -> None:
    view = send(store, forms.DECLARE, {**DECLARE, "flags": flags}, OUTSIDER, "")
    assert "INC-1" in str(view)
    with store.read() as tx:
        found = incidents.get(tx, 1)
    assert (found.title, found.severity, found.private, found.is_drill) == ("Search is slow", "sev3", private, drill)


@pytest.mark.usefixtures("_begun")
class TestPublic:
    """Forms about INC-1, which everyone may see."""

    @pytest.mark.parametrize(
        ("form", "answers"),
        [(forms.EDIT, EDIT), (forms.NOTE, {**NOTE, "kind": "decision"}), (forms.USE_CHANNEL, USE)],
        ids=["edit", "decision", "use-channel"],
    )
    def test_outsiders_change_nothing(self, store: Store, form: str, answers: dict[str, Any]) -> None:
        assert refused(store, NotAllowed, form, answers, OUTSIDER).hint == f"Join <#{CHANNEL}> first."

    def test_everyone_notes(self, store: Store) -> None:
        send(store, forms.NOTE, NOTE, OUTSIDER)
        with store.read() as tx:
            assert timeline.latest(tx, 1, 1)[0].text == "disk of db-3 is full"

    def test_saving_what_was_shown_changes_nothing(self, store: Store) -> None:
        before = asking.everything(store)
        send(store, forms.EDIT, EDIT)
        assert asking.everything(store) == before

    def test_everything_is_changed_at_once(self, store: Store) -> None:
        new = {"title": "Carts are empty", "severity": "sev1", "state": "identified", "summary": "All of them"}
        send(store, forms.EDIT, {**new, "call": "https://meet.example.com/x"})
        with store.read() as tx:
            found = incidents.get(tx, 1)
        assert {name: getattr(found, name) for name in new} == new
        assert found.call_url == "https://meet.example.com/x"

    def test_or_nothing_is(self, store: Store) -> None:
        new = {"title": "Carts are empty", "severity": "sev1", "call": "not a link"}
        refused(store, BotError, forms.EDIT, {**EDIT, **new})

    def test_a_summary_longer_than_the_form_survives_it(self, store: Store) -> None:
        long = "A long story. " * 500
        with store.write() as tx:
            incident = incidents.change(tx, 1, summary=long.strip())
        [field] = [block for block in forms.edit(settings(), incident)["blocks"] if block.get("block_id") == "summary"]
        send(store, forms.EDIT, {**EDIT, "title": "Another", "summary": field["element"]["initial_value"]})
        with store.read() as tx:
            assert incidents.get(tx, 1).summary == long.strip()
            assert incidents.get(tx, 1).title == "Another"

    def test_one_channel_is_enough(self, store: Store) -> None:
        assert "has a channel already" in refused(store, WrongState, forms.USE_CHANNEL, USE).user_text


def test_an_incident_without_a_channel_takes_one(store: Store) -> None:
    with store.write() as tx:
        begin(tx, channel=None)
        tx.conn.execute(outbox.update().where(outbox.c.kind == "create-channel").values(state="failed"))
    send(store, forms.USE_CHANNEL, USE)
    with store.read() as tx:
        assert incidents.get(tx, 1).channel_id == "C0GEN00001"
        assert tx.conn.scalar(select(outbox.c.state).where(outbox.c.kind == "create-channel")) == "dropped"


def test_no_channel_is_taken_from_another_incident(store: Store) -> None:
    with store.write() as tx:
        begin(tx, channel=None)
        begin(tx)
    assert "belongs to INC-2" in refused(store, WrongState, forms.USE_CHANNEL, {"channel": CHANNEL}).user_text


def test_a_private_incident_never_moves_into_a_public_channel(store: Store) -> None:
    with store.write() as tx:
        begin(tx, channel=None, private=True)
    refused(store, WrongState, forms.USE_CHANNEL, USE)


@pytest.mark.parametrize("by", [OUTSIDER, COMMANDER])
@pytest.mark.parametrize(
    ("form", "answers"), [(forms.EDIT, EDIT), (forms.NOTE, NOTE), (forms.USE_CHANNEL, USE)], ids=["edit", "note", "use"]
)
def test_a_private_incident_is_not_there_for_others(store: Store, form: str, answers: dict[str, Any], by: str) -> None:
    with store.write() as tx:
        begin(tx, private=True)
    assert refused(store, NoSuchIncident, form, answers, by).user_text == "That incident is not known here."
    assert send(store, forms.NOTE, NOTE, IC) is None
