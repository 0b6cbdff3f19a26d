"""Updates whose words are bad: too long, backwards, or meant to ping, link or shout. They come out harmless."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.actions.communication import updates
from bot.domain.incident import State
from bot.domain.update import PUBLIC_LIMIT, Cause, Words
from bot.errors import NoSuchIncident, NotAllowed, WrongFields, WrongState, WrongWords
from bot.messages.communication import forms_updates, update_texts
from bot.messages.communication.updates import customer_view
from bot.messages.kit import Block
from bot.settings_tables import Groups
from handlers.slack.call import Reply
from sandbox.blockkit import problems, view_problems
from storage import incidents
from storage import updates as stored
from storage.store import Store
from tests.handlers import asking
from tests.handlers.situations import ANSWERS, TOLD, drafted, form, prepare, published
from tests.support.clock import MovableClock
from tests.support.story import BOB, CHANNEL, IC, OUTSIDER, settings

TRICKS = "<!channel> <@U0ADA00000> *bold* `code` <https://evil.example|our bank> & &lt;!here&gt;"
BACKWARDS = "pay \u202egro.live\u202c now\u200b"
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def public(store: Store, by: str = IC, **answers: str | None) -> Block | None:
    """Somebody fills the public form in."""
    view = form(store, forms_updates.PUBLIC, CHANNEL)
    return asking.submission(store, by, view, {**ANSWERS[forms_updates.PUBLIC], **answers})


def test_tricks_are_plain_text_for_customers_and_escaped_inside(store: Store) -> None:
    prepare(store)
    preview = public(store, text=TRICKS, title=TRICKS)
    assert view_problems(preview) == []
    with store.write() as tx:
        written = stored.get(tx, 1)
        sent = updates.publish(tx, settings(), 1, IC, updates.seen_of(written))
        incident, title = incidents.get(tx, 1), stored.public_title(tx, 1) or ""
    assert (sent.words.text, title) == (TRICKS, TRICKS), "it is kept as it was typed"
    view = customer_view(title, sent.words, None, NOW)
    assert {block["text"]["type"] for block in view} == {"plain_text"}
    message = update_texts.posted(incident, sent, title, "Ada", NOW, None)
    assert problems(message.blocks, "message") == []
    marked_up = [block["text"]["text"] for block in message.blocks if block.get("text", {}).get("type") == "mrkdwn"]
    assert not any("channel" in text or "evil" in text for text in marked_up)
    assert "<!channel>" not in message.text
    assert "<https" not in message.text


def test_an_internal_one_pings_nobody_and_is_as_long_as_one_likes(store: Store) -> None:
    prepare(store)
    with store.write() as tx:
        incident = incidents.get(tx, 1)
        sent = updates.tell_inside(tx, incident, f"{BACKWARDS} {TRICKS} " + "long " * 2000, BOB)
    message = update_texts.posted(incident, sent, "", "Bob", NOW, None)
    assert problems(message.blocks, "message") == []
    assert len(sent.words.text) > 9_000
    shown = message.blocks[0]["text"]["text"]
    assert len(shown) < 3000
    assert "<!channel>" not in shown
    assert "<https" not in shown
    assert not {"\u202e", "\u202c", "\u200b"} & set(shown)
    with pytest.raises(WrongWords), store.write() as tx:
        updates.tell_inside(tx, incident, "\u200b", BOB)


def test_marks_that_turn_text_around_are_taken_out(store: Store) -> None:
    prepare(store)
    public(store, text=BACKWARDS, title=f"Pay\u202e{'x' * 10}", no_estimate=f"we\u2066 look {TRICKS}")
    with store.read() as tx:
        words = stored.get(tx, 1).words
    assert (words.text, words.title) == ("pay gro.live now", "Payxxxxxxxxxx")
    assert "\u2066" not in words.no_estimate_why


@pytest.mark.parametrize(
    ("answers", "block", "says"),
    [
        ({"text": "x" * 10_000}, "text", f"That has 10,000 characters, and {PUBLIC_LIMIT:,} fit."),
        ({"text": " \u200b "}, "text", "An update needs words."),
        ({"title": ""}, "title", "Customers need a title"),
        ({"title": "x" * 200}, "title", "That title has 200 characters"),
        ({"no_estimate": None}, "estimate", "Say when it will be over"),
        ({"next": "soon"}, "next", "For example"),
        ({"next": "9999h"}, "next", "For example"),
        ({"next": "2026-04-20 09:00"}, "next", "within the next 7 days"),
        ({"estimate": "2026-03-29 01:30"}, "estimate", "01:30"),
        ({"estimate": "2026-03-01 16:00"}, "estimate", "has passed"),
        ({"cause": "confirmed"}, "cause_text", "Say what the cause is"),
    ],
)
def test_what_can_not_be_sent_is_said_at_its_field(
    store: Store, answers: dict[str, str], block: str, says: str
) -> None:
    prepare(store)
    before = asking.everything(store)
    with pytest.raises(WrongFields) as refused:
        public(store, **answers)
    assert set(refused.value.fields) == {block}
    assert says in refused.value.fields[block]
    assert asking.everything(store) == before


def test_a_time_is_read_on_the_wall_of_who_types_it_and_shown_in_utc(store: Store) -> None:
    prepare(store)
    view = public(store, estimate="2026-04-01 16:00", next="45m", cause="suspected", cause_text="A cable")
    shown = asking.text_of(Reply(view=view))
    # London has summer time by then.
    assert "We expect it to be over by 1 Apr 15:00 UTC." in shown
    assert "Next update by 08:45 UTC." in shown
    assert "Suspected cause: A cable" in shown


def test_nothing_goes_out_that_the_preview_has_not_shown(store: Store) -> None:
    prepare(store, more=drafted)
    view = form(store, forms_updates.PREVIEW)
    with store.write() as tx:
        written = stored.get(tx, 1)
        stored.write(tx, 1, replace(written.words, text="Something else."), {})
    with pytest.raises(WrongState, match="changed since you looked"):
        asking.submission(store, IC, view, {})
    view = form(store, forms_updates.PREVIEW)
    asking.command(store, IC, "resolve INC-1")
    with pytest.raises(WrongState, match="is resolved by now"):
        asking.submission(store, IC, view, {})
    with store.read() as tx:
        assert stored.public_title(tx, 1) is None


def test_the_title_of_the_first_one_stays_until_a_correction(store: Store) -> None:
    prepare(store, more=published)
    words = Words(text="More of it.", incident_state=State.INVESTIGATING, cause=Cause.UNKNOWN, title="Another title")
    with store.write() as tx:
        incident = incidents.get(tx, 1)
        second = updates.write(tx, settings(), incident, words, IC)
        updates.publish(tx, settings(), second.id, IC, updates.seen_of(second))
        assert stored.public_title(tx, 1) == "Checkout is down"
        right = updates.write(tx, settings(), incident, words, IC, corrects=1)
        updates.publish(tx, settings(), right.id, IC, updates.seen_of(right))
        assert stored.public_title(tx, 1) == "Another title"
    with pytest.raises(WrongState, match="corrected already"):
        asking.command(store, IC, "update correct INC-1 1")
    for what in ("9", "x", ""):
        with pytest.raises((WrongWords, NoSuchIncident)):
            asking.command(store, IC, f"update correct INC-1 {what}")


def test_publishers_publish_without_coming_in(store: Store) -> None:
    prepare(store)
    chosen = settings(groups=Groups(publishers=(OUTSIDER,)))
    view = asking.command(store, OUTSIDER, "update public INC-1 <@UADA00001> is on it", setting=chosen).view
    assert view
    assert "Name of UADA00001 is on it" in asking.text_of(Reply(view=view)), "customers know no IDs"
    with store.write() as tx:
        incident = incidents.get(tx, 1)
        written = updates.write(tx, chosen, incident, TOLD, OUTSIDER)
        assert updates.publish(tx, chosen, written.id, OUTSIDER, updates.seen_of(written)).published_by == OUTSIDER
        refused = updates.write(tx, chosen, incident, replace(TOLD, text="More of it."), BOB)
        with pytest.raises(NotAllowed, match="Only the IC, the deputy, communications and publishers"):
            updates.publish(tx, chosen, refused.id, BOB, updates.seen_of(refused))


def test_a_preview_that_promises_what_has_passed_is_not_sent(store: Store, clock: MovableClock) -> None:
    prepare(store)
    view = public(store, next="30m")
    assert view
    clock.move(minutes=31)
    with pytest.raises(WrongState, match="which has passed, so nothing was sent"):
        asking.submission(store, IC, view, {})
    # What was expected then is not said again once its time has come.
    view = public(store, estimate="45m", no_estimate=None)
    assert view
    asking.submission(store, IC, view, {})
    clock.move(hours=1)
    again = asking.text_of(asking.command(store, IC, "update public INC-1"))
    assert "We are still finding out what is needed." in again
    assert "2026-03-02 09:16" not in again
