"""Asks, vendor cases and what is set right: what they refuse, and what is left in the database."""

from datetime import datetime, timedelta

import pytest

from bot.actions import remind
from bot.domain.timeline import EntryKind
from bot.errors import BotError, NotAllowed, WrongState
from bot.messages import forms
from bot.messages.communication import vendor_posts
from sandbox.blockkit import problems
from storage import reminders, timeline, vendors
from storage.store import Store
from tests.handlers import asking
from tests.handlers.situations import form, prepare
from tests.support.clock import START, MovableClock
from tests.support.story import BOB, CHANNEL, EVE, IC, OUTSIDER, settings


def refused(store: Store, text: str, by: str = IC, error: type[BotError] = BotError) -> str:
    """Somebody types it in the channel, is refused with a sentence and a hint, and nothing changes."""
    before = asking.everything(store)
    with pytest.raises(error) as caught:
        asking.command(store, by, text, CHANNEL)
    assert caught.value.hint
    assert asking.everything(store) == before
    return caught.value.user_text


def says(store: Store, text: str, by: str = IC) -> str:
    return asking.text_of(asking.command(store, by, text, CHANNEL))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ask \u200b", "An ask needs words."),
        ("ask done", "Which ask is done? Its number."),
        ("ask done everything", "Which ask is done? Its number."),
        ("ask done ²", "Which ask is done? Its number."),
        ("ask done 7", "INC-1 has no ask 7."),
        ("workaround", "A workaround needs words."),
        ("decision public", "A decision needs words."),
        ("times declared 08:15", "What can be set is `detected`, `acknowledged`, `mitigated` or `resolved`."),
        ("times detected", "When was it detected?"),
        ("times detected soon", "I don't understand `soon` as a time."),
        ("times detected today 23:00", "Mon 2 Mar 23:00 GMT (23:00 UTC) has not come yet."),
        ("times resolved 07:00", "INC-1 is not resolved."),
        ("times detected none", "INC-1 has a time at which it was detected, and it stays."),
        ("duplicate", "A duplicate of which incident?"),
        ("duplicate INC-9", "There is no INC-9."),
        ("duplicate INC-1", "INC-1 can't be a duplicate of itself."),
        ("timeline edit", "Which entry? Its number."),
        ("timeline edit twelve x", "Which entry? Its number."),
        ("timeline edit 99 x", "INC-1 has no entry 99 in its timeline."),
        ("timeline remove 99", "INC-1 has no entry 99 in its timeline."),
        ("timeline remove 1 2", "One entry at a time, by its number."),
        ("timeline edit 1 it never was", "The words of entry 1 can't be changed."),
        ("vendor aws", "What about this vendor? `case`, `note`, `priority`, `contact` or `closed`."),
        ("vendor note they answered", "Which vendor?"),
        ("vendor aws case", "A case needs its number, as the vendor calls it."),
        ("vendor <aws> note hello", "INC-1 has no case with &lt;aws&gt;."),
    ],
)
def test_what_makes_no_sense_is_refused(store: Store, text: str, why: str) -> None:
    prepare(store)
    assert refused(store, text) == why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("vendor aws note \u200b", "What did they say?"),
        ("vendor aws priority", "Which priority?"),
        ("vendor aws contact", "Which contact?"),
        ("vendor AWS case 1234", "That case is open already."),
        (f"vendor aws priority {'x' * 41}", "A priority may have 40 characters, and that has 41."),
    ],
)
def test_what_makes_no_sense_of_a_case_is_refused(store: Store, text: str, why: str) -> None:
    prepare(store, "vendor:closed")
    assert refused(store, text) == why


def test_an_ask_is_done_once_even_after_the_end(store: Store) -> None:
    prepare(store, "ask done")
    assert "Ask 1:" in says(store, "resolve")
    assert refused(store, "ask more of it", error=WrongState) == "INC-1 is resolved."
    assert "has ask 1 done." in says(store, "ask done #1")
    assert refused(store, "ask done 1") == "Ask 1 of INC-1 is done already."


def test_a_digest_calls_nobody_whom_an_ask_or_a_case_names(store: Store) -> None:
    prepare(store)
    says(store, f"ask <@{BOB}> signs the contract")
    says(store, f"vendor aws case 1 high <@{EVE}> knows them")
    digest = says(store, "digest")
    assert "1. Name of UBOB00001 signs the contract" in digest
    assert "*AWS case 1* high · Name of UEVE00001 knows them" in digest
    assert "<@" not in digest


def test_public_is_the_first_word_only(store: Store) -> None:
    prepare(store)
    assert "Customers may be told." in says(store, "decision PUBLIC we fail over")
    assert "Customers" not in says(store, "decision publicly we say nothing")
    assert "Customers" not in says(store, "decision we go public")
    with store.read() as tx:
        found = timeline.newest(tx, 1, {EntryKind.DECISION}, 5)
    assert [(entry.text, entry.public) for entry in found] == [
        ("we fail over", True),
        ("publicly we say nothing", False),
        ("we go public", False),
    ]


@pytest.mark.parametrize(
    ("kind", "kept"),
    [(forms.PUBLIC_DECISION, (EntryKind.DECISION, True)), ("workaround", (EntryKind.WORKAROUND, False))],
)
def test_the_note_form_takes_them_too(store: Store, kind: str, kept: tuple[EntryKind, bool]) -> None:
    prepare(store)
    view = form(store, forms.NOTE)
    assert kind in [option["value"] for option in view["blocks"][0]["element"]["options"]]
    asking.submission(store, BOB, view, {"kind": kind, "text": "we fail over"})
    with pytest.raises(NotAllowed):
        asking.submission(store, OUTSIDER, view, {"kind": kind, "text": "we fail over"})
    with store.read() as tx:
        [entry] = timeline.latest(tx, 1, 1)
    assert (entry.kind, entry.public) == kept


def test_a_form_refuses_what_the_command_refuses(store: Store) -> None:
    prepare(store, vendor_posts.NOTE)
    with pytest.raises(BotError, match="open already"):
        asking.submission(store, BOB, form(store, vendor_posts.CASE), {**NEW_CASE, "reference": "1234"})
    with pytest.raises(BotError, match="Which vendor"):
        asking.submission(store, BOB, form(store, vendor_posts.CASE), {**NEW_CASE, "vendor": "\u200b"})
    with pytest.raises(BotError, match="What did they say"):
        asking.submission(store, BOB, form(store, vendor_posts.NOTE), {"text": None})


NEW_CASE = {"vendor": "aws", "reference": "99", "priority": None, "contact": None}


def test_of_several_cases_a_button_says_which(store: Store) -> None:
    prepare(store, "vendor:closed")
    says(store, "vendor aws case 99")
    before = asking.everything(store)
    reply = asking.command(store, IC, "vendor aws note <b>back</b> soon", CHANNEL)
    assert asking.everything(store) == before
    assert reply.message
    assert problems(reply.message.blocks, "message") == []
    offered = {block["text"]["text"]: block["accessory"] for block in reply.message.blocks if "accessory" in block}
    assert list(offered) == ["AWS case 1234", "AWS case 99"]
    asking.button(store, IC, "command:run", offered["AWS case 99"]["value"], CHANNEL)
    with store.read() as tx:
        assert [case.note for case in vendors.of(tx, 1)] == ["", "<b>back</b> soon"]
    assert "&lt;b&gt;back" in says(store, "vendors")


def test_a_closed_case_can_be_opened_again(store: Store, clock: MovableClock) -> None:
    prepare(store, "vendor:closed")
    assert "is closed" in says(store, "vendor aws closed")
    assert refused(store, "vendor aws closed") == "That case is closed already."
    clock.move(minutes=5)
    says(store, "vendor aws case 1234")
    with store.read() as tx:
        [case] = vendors.of(tx, 1)
    assert (case.is_open, case.priority) == (True, "high")
    assert chases(store) == [START + timedelta(minutes=5, hours=2)]


def test_a_case_is_looked_at_again_when_the_incident_is_open_again(store: Store, clock: MovableClock) -> None:
    prepare(store, "vendor:closed")
    says(store, "resolve")
    assert chases(store) == []
    clock.move(minutes=30)
    says(store, "reopen")
    with store.write() as tx:
        remind.run_due(tx, settings())
    assert chases(store) == [START + timedelta(hours=2)]
    clock.move(minutes=90)
    with store.write() as tx:
        remind.run_due(tx, settings())
    # There is no liaison: the IC is told.
    told = [row for row in map(str, asking.everything(store)["outbox"]) if "vendor-chase" in row]
    assert [f"dm:{IC}" in row for row in told] == [True]
    assert chases(store) == [START + timedelta(hours=4)]


def chases(store: Store) -> list[datetime]:
    """When somebody will be reminded of a case."""
    with store.read() as tx:
        return [row.due_at for row in reminders.under(tx, "vendor:") if row.state == "pending"]
