"""Slack's return, and what goes out beside it: nothing with a button is put together, nothing private is named."""

import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as given_settings

from bot.actions import effects, remind
from bot.actions.waking import away, waking
from bot.domain.away import TOLD
from bot.domain.effect import EffectKind
from bot.domain.incident import Incident
from bot.domain.page import Page
from bot.messages import posts
from bot.messages.post import Post
from bot.messages.waking.notices import NOTICES, Notice
from bot.spool import KEPT_SECONDS, Sent, Spool, forget
from storage import outbox, pages
from storage.store import Store
from tests.support.clock import START, MovableClock
from tests.support.story import BOB, IC, begin, settings
from tests.unit import overviews as made


def waits(store: Store) -> list[str]:
    """What waits to be said to Bob, in order."""
    with store.read() as tx:
        rows = outbox.waiting_of(tx, {EffectKind.POST})
    return [row.intent["what"] for row in rows if row.intent.get("to") == BOB]


def test_only_what_asks_nothing_is_told_together(store: Store, clock: MovableClock) -> None:
    with store.write() as tx:
        incident = begin(tx)
        away.lost(tx, tx.now)
        for cause in ("one", "two"):
            effects.tell(tx, incident, BOB, "declined", cause, by=IC, role="ic")
        waking.ask(tx, incident, BOB, "the database is gone", IC)
    clock.move(minutes=6)
    with store.write() as tx:
        remind.run_due(tx, settings())
    with store.write() as tx:
        away.answered(tx, settings())
    assert waits(store) == ["asked", "slack-back-dm"]


@pytest.mark.parametrize("what", sorted(TOLD))
@given_settings(max_examples=20)
@given(post=made.posts)
def test_what_is_told_together_has_no_button(what: str, post: Post) -> None:
    assert "actions" not in [block["type"] for block in posts.POSTS[what](post).blocks]


def notice(incident: Incident, opened: Sequence[Page]) -> str:
    shown = Notice(zone=ZoneInfo("UTC"), now=START, pages=[(page, incident, "https://x/p/1/s") for page in opened])
    return "\n".join(NOTICES["pages"](shown))


@pytest.mark.parametrize("private", [True, False])
def test_of_a_private_incident_a_notice_names_only_the_number(store: Store, private: bool) -> None:
    with store.write() as tx:
        incident = begin(tx, private=private, title="Vault is open")
        waking.ask(tx, incident, BOB, "keys are on a pastebin", IC)
        text = notice(incident, pages.unanswered_by(tx, BOB))
    assert "INC-1" in text
    assert ("Vault" in text, "pastebin" in text) == (not private, not private)


def test_the_spool_forgets_what_nobody_can_ask_for(tmp_path: Path) -> None:
    old, new = Spool(tmp_path, "old"), Spool(tmp_path, "new")
    with old.sending():
        old.end(Sent())
    long_ago = START.timestamp() - KEPT_SECONDS - 1
    for file in tmp_path.iterdir():
        os.utime(file, (long_ago, long_ago))
    with new.sending():
        new.end(Sent("its server did not take it"))
    for file in tmp_path.glob(f"{new._ended.stem}*"):
        os.utime(file, (START.timestamp(), START.timestamp()))
    forget(tmp_path, (START + timedelta(seconds=1)).timestamp())
    assert (old.read(), new.read()) == (None, Sent("its server did not take it"))
