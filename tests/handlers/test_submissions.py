"""Forms: what sending each does, for whom; all of it or nothing."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.actions.incident import change
from bot.domain.incident import Severity, State
from bot.errors import BotError, NoSuchIncident, NotAllowed, WrongFields, WrongState
from bot.messages import forms
from bot.messages.communication.forms_updates import ON_TOP
from handlers.slack.filled import Filled
from handlers.slack.incident.submissions import SUBMISSIONS
from storage import incidents, timeline
from storage.store import Store
from storage.tables import outbox
from tests.handlers import asking
from tests.handlers.situations import form, prepare
from tests.support.story import BOB, CHANNEL, COMMANDER, IC, OUTSIDER, begin, settings

DECLARE: dict[str, Any] = {"title": "Search is slow", "severity": "sev3", "summary": None, "flags": []}
EDIT: dict[str, Any] = {
    "title": "Checkout is down",
    "severity": "sev2",
    "state": "investigating",
    "summary": None,
    "call": None,
}
# Slack's limit.
METADATA_LIMIT = 3000
NOTE: dict[str, Any] = {"kind": "note", "text": "disk of db-3 is full"}
USE: dict[str, Any] = {"channel": "C0GEN00001"}


def opened(store: Store, form: str, where: str = "") -> str:
    """A form about INC-1 is opened in a channel: what it will remember."""
    with store.read() as tx:
        incident = incidents.get(tx, 1)
    views = {
        forms.EDIT: lambda: forms.edit(settings(), incident, where),
        forms.NOTE: lambda: forms.note(incident, where),
        forms.USE_CHANNEL: lambda: forms.use_channel(incident),
    }
    metadata = str(views[form]()["private_metadata"])
    assert len(metadata) <= METADATA_LIMIT
    return metadata


def send(store: Store, form: str, answers: dict[str, Any], by: str = BOB, about: str | None = None) -> Any:
    about = opened(store, form) if about is None else about
    with store.write() as tx:
        return SUBMISSIONS[form][0](Filled(tx=tx, settings=settings(), answers=answers, metadata=about, by=by))


def refused(
    store: Store,
    error: type[BotError],
    form: str,
    answers: dict[str, Any],
    by: str = BOB,
    about: str | None = None,
) -> BotError:
    before = asking.everything(store)
    with pytest.raises(error) as caught:
        send(store, form, answers, by, about)
    assert asking.everything(store) == before
    return caught.value


@pytest.fixture
def _begun(store: Store) -> None:
    with store.write() as tx:
        begin(tx)


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_every_form_has_a_table_row_whose_block_it_holds(store: Store, name: str) -> None:
    prepare(store, name)
    view = form(store, name)
    assert view["callback_id"] == name
    blocks = {block.get("block_id") for block in view["blocks"] if block["type"] == "input"}
    # What has nothing to fill in says in its own place why it was refused.
    assert SUBMISSIONS[name][1] in blocks or (name in ON_TOP and not blocks)


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

    def test_or_nothing_is_and_the_field_says_why(self, store: Store) -> None:
        new = {"title": "Carts are empty", "severity": "sev1", "call": "not a link"}
        assert list(refused(store, WrongFields, forms.EDIT, {**EDIT, **new}).fields) == ["call"]
        assert list(refused(store, WrongFields, forms.EDIT, {**EDIT, "title": "\u200b"}).fields) == ["title"]

    def test_what_others_changed_meanwhile_stays(self, store: Store) -> None:
        about = opened(store, forms.EDIT)
        with store.write() as tx:
            incident = change.set_severity(tx, settings(), incidents.get(tx, 1), Severity.SEV1, IC)
            incident = change.set_title(tx, incident, "Carts are empty", IC)
            change.set_state(tx, incident, State.IDENTIFIED, IC)
        send(store, forms.EDIT, {**EDIT, "summary": "All of them"}, about=about)
        with store.read() as tx:
            found = incidents.get(tx, 1)
        assert (found.title, found.severity, found.state) == ("Carts are empty", "sev1", "identified")
        assert found.summary == "All of them"

    def test_what_two_changed_is_refused_where_they_differ(self, store: Store) -> None:
        about = opened(store, forms.EDIT)
        with store.write() as tx:
            incident = change.set_severity(tx, settings(), incidents.get(tx, 1), Severity.SEV1, IC)
            change.set_title(tx, incident, "Carts are empty", IC)
        both = {"title": "Carts are full", "severity": "sev1", "summary": "All of them"}
        wrong = refused(store, WrongFields, forms.EDIT, {**EDIT, **both}, about=about)
        assert wrong.fields == {
            "title": "Somebody changed this meanwhile; it is now: Carts are empty."
            " Put the same here, or open the form again."
        }
        send(store, forms.EDIT, {**EDIT, **both, "title": "Carts are empty"}, about=about)
        with store.read() as tx:
            assert incidents.get(tx, 1).summary == "All of them"

    def test_what_was_emptied_is_cleared(self, store: Store) -> None:
        with store.write() as tx:
            incidents.change(tx, 1, summary="All of them", call_url="https://meet.example.com/x", call_bookmark="Bk1")
        about = opened(store, forms.EDIT)
        send(store, forms.EDIT, EDIT, about=about)
        with store.read() as tx:
            found = incidents.get(tx, 1)
            assert (found.summary, found.call_url) == ("", "")
            assert [entry.text for entry in timeline.latest(tx, 1, 2)] == ["Summary: none", "Call: none"]

    def test_what_another_wrote_where_nothing_stood_is_not_cleared(self, store: Store) -> None:
        about = opened(store, forms.EDIT)
        with store.write() as tx:
            change.set_summary(tx, incidents.get(tx, 1), "All of them", IC)
        send(store, forms.EDIT, {**EDIT, "title": "Carts are empty"}, about=about)
        with store.read() as tx:
            assert incidents.get(tx, 1).summary == "All of them"

    @pytest.mark.parametrize(
        ("form", "answers"), [(forms.EDIT, {**EDIT, "title": "Other"}), (forms.NOTE, {**NOTE, "kind": "decision"})]
    )
    def test_whoever_opened_it_in_the_channel_is_in_it(self, store: Store, form: str, answers: dict[str, Any]) -> None:
        refused(store, NotAllowed, form, answers, OUTSIDER, opened(store, form, "C0ELSE0001"))
        send(store, form, answers, OUTSIDER, opened(store, form, CHANNEL))
        with store.read() as tx:
            assert incidents.is_member(tx, 1, OUTSIDER)

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


def test_a_channel_without_a_known_name_is_refused_in_words(store: Store) -> None:
    with store.write() as tx:
        begin(tx)
        incidents.change(tx, 1, channel_name="")
    assert refused(store, WrongState, forms.USE_CHANNEL, USE).hint == "The announcement links to it."


@pytest.mark.parametrize("by", [OUTSIDER, COMMANDER])
@pytest.mark.parametrize(
    ("form", "answers"), [(forms.EDIT, EDIT), (forms.NOTE, NOTE), (forms.USE_CHANNEL, USE)], ids=["edit", "note", "use"]
)
def test_a_private_incident_is_not_there_for_others(store: Store, form: str, answers: dict[str, Any], by: str) -> None:
    with store.write() as tx:
        begin(tx, private=True)
    assert refused(store, NoSuchIncident, form, answers, by).user_text == "That incident is not known here."
    assert send(store, forms.NOTE, NOTE, IC) is None
