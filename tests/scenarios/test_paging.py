"""Waking people: by hand, by their own channels, until they answer."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.contact import masked
from bot.vault import Vault, new_key
from tests.harness import Workspace
from tests.outcome import has_failed
from tests.support.peers import Peer

GROUPS = """
[groups]
commanders = ["U0CHEN0000", "U0DANA0000"]
managers = ["U0MONA0000"]
"""
KEY = new_key()


@pytest.fixture
def workspace(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    with Workspace(tmp_path, GROUPS, env={"WATCHBILL_SECRET_KEY": KEY}) as started:
        yield started
        started.failed = has_failed(request.node)


def adds_channel(workspace: Workspace, handle: str, peer: Peer) -> None:
    """They give the bot another way to reach them, and get the test."""
    person = workspace.person(handle)
    person.types("/incident me channels", "#general").says("Add a channel…")
    person.clicks("Add a channel…")
    person.fills({"Address": peer.for_(handle)}).submits().says("A test is on its way")
    assert "This is a test" in peer.got.pop().body


def has_channel(workspace: Workspace, handle: str, peer: Peer) -> None:
    """They gave it long ago: it is in the database, and no test of it is sent."""
    url = peer.for_(handle)
    now = f"{workspace.clock.now:%Y-%m-%d %H:%M:%S.%f}"
    row = (workspace.person(handle).id, Vault(KEY).seal(url), masked(url), now)
    with closing(sqlite3.connect(workspace.bot.database)) as database, database:
        database.execute("INSERT INTO contacts (person, secret, shown, added_at, failure) VALUES (?, ?, ?, ?, '')", row)


def test_somebody_is_paged_until_they_answer_also_by_a_channel_that_fails_at_first(
    workspace: Workspace, mail: Peer, push: Peer
) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    adds_channel(workspace, "bob", mail)
    adds_channel(workspace, "bob", push)
    mail.refuses = True
    channel = ada.declares("Checkout is down")
    ada.types("/incident page @bob the database is gone", channel).says("needs", "I'm paging them")
    channel.expects("Ada Lovelace pages Bob Kahn: the database is gone")
    workspace.dm("bob").expects("*Ada Lovelace pages you*", "the database is gone", "I'm on it")
    # Its owner hears of it, once.
    workspace.dm("bob").expects("I couldn't reach you by *mailto at 127.0.0.1*")
    workspace.clock.forward(minutes=5)
    workspace.dm("bob").expects("This is page 2")
    workspace.dm("bob").expects_nothing()
    assert (len(mail.got), len(push.got)) == (0, 2)
    mail.refuses = False
    workspace.clock.forward(minutes=5)
    workspace.dm("bob").expects("This is page 3")
    channel.expects("Bob Kahn has not answered for 10 minutes")
    assert (len(mail.got), len(push.got)) == (1, 3)
    for got in (mail.got[0], push.got[0]):
        assert got.title == "INC-1 sev2 Checkout is down"
        assert "Ada Lovelace pages you: the database is gone" in got.body
        assert "I'm on it: http" in got.body
    workspace.clock.forward(minutes=3)
    bob.clicks("I'm on it", workspace.dm("bob")).says("knows that you are on it")
    channel.expects("Bob Kahn has answered the page, after 13 min")
    workspace.clock.forward(hours=1)
    assert (len(mail.got), len(push.got)) == (1, 3)
    ada.types("/incident timeline", channel).says("Paged", "answered the page after 13 min")
    bob.types("/incident me channels", "#general").says("last used")


def test_what_can_not_be_paged_and_whatever_they_write_is_an_answer_and_silence_is_told(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down")
    ada.types("/incident page", channel).says("Whom shall I page?")
    ada.types("/incident page @ada", channel).says("You are awake already")
    ada.types("/incident page bob", channel).says("Whom shall I page?")
    ada.types("/incident page @bob", channel)
    channel.expects("Ada Lovelace pages Bob Kahn.")
    workspace.dm("bob").expects("Ada Lovelace pages you")
    bob.types("yes yes coming", workspace.dm("bob"))
    workspace.dm("bob").expects("yes yes coming", from_bot=False)
    channel.expects("Bob Kahn has answered the page")
    workspace.clock.forward(minutes=30)
    ada.types("/incident page @bob", channel)
    channel.expects("Ada Lovelace pages Bob Kahn.")
    workspace.dm("bob").expects("Ada Lovelace pages you")
    workspace.clock.forward(minutes=10)
    workspace.dm("bob").expects("This is page 2")
    workspace.dm("bob").expects("This is page 3")
    channel.expects("Bob Kahn has not answered for 10 minutes")
    ada.types("/incident resolve", channel)
    channel.expects("is *resolved*")
    workspace.clock.forward(minutes=30)
    secret = ada.declares("Keys leaked private", "#general")
    ada.types("/incident page @bob now", secret).says("not in this private incident")
    bob.types("/incident me channels", "#general")
    bob.clicks("Add a channel…")
    for wrong, why in {"pager": "no Apprise URL", "json://127.0.0.1/x": "don't wake people by"}.items():
        assert why in str(bob.fills({"Address": wrong}).submits())


def test_on_call_climbs(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down")
    ada.types("/incident page on-call no idea what this is", channel).says("needs")
    channel.expects("Ada Lovelace pages Chen", "no idea")
    workspace.dm("chen").expects("*Ada Lovelace pages you*")
    workspace.clock.forward(minutes=5)
    workspace.dm("chen").expects("This is page 2")
    ada.types("/incident page on-call", channel).says("is being woken already")
    workspace.clock.forward(minutes=5)
    channel.expects("Chen", "does not answer: I'm paging Dana")
    workspace.dm("dana").expects("*Ada Lovelace pages you*")
    workspace.person("dana").clicks("I'm on it", workspace.dm("dana")).says("knows")
    channel.expects("has answered the page")
    workspace.clock.forward(minutes=30)


def test_a_storm_is_one_notice(workspace: Workspace, push: Peer) -> None:
    ada = workspace.person("ada")
    has_channel(workspace, "bob", push)
    for number in range(1, 5):
        channel = ada.declares(f"Thing {number} is down sev{number}")
        ada.types("/incident page @bob", channel)
        channel.expects("pages Bob Kahn")
        workspace.dm("bob").expects(f"*INC-{number}*")
    assert len(push.got) == 1
    workspace.clock.forward(minutes=1)
    assert len(push.got) == 2
    assert push.got[1].title.startswith("4 pages: INC-1, INC-2")
