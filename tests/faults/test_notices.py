"""A notice goes out once, whenever the bot is killed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.stories import LOOKED_AND_SWEPT
from tests.harness import Workspace
from tests.outcome import has_failed
from tests.scenarios.test_paging import GROUPS, KEY, adds_channel
from tests.support.peers import Peer, mail_server, push_server

pytestmark = pytest.mark.faults
PATIENCE_SECONDS = 20


@pytest.fixture
def workspace(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    with Workspace(tmp_path, GROUPS, env={"WATCHBILL_SECRET_KEY": KEY}) as started:
        yield started
        started.failed = has_failed(request.node)


def at_once(_: list[Peer]) -> None:
    """Before anything was begun, or somewhere on the way."""


def when_it_arrives(peers: list[Peer]) -> None:
    """The servers have it and have not said so."""
    for peer in peers:
        assert peer.arrived.wait(PATIENCE_SECONDS)


def when_it_was_taken(peers: list[Peer]) -> None:
    """The servers have said that they have it; whether the bot has heard that is not known."""
    for peer in peers:
        peer.may_answer.set()
        assert peer.answered.wait(PATIENCE_SECONDS)


MOMENTS: tuple[Callable[[list[Peer]], None], ...] = (at_once, when_it_arrives, when_it_was_taken)


def test_killed_while_somebody_is_woken(workspace: Workspace) -> None:
    with mail_server() as mail, push_server() as push:
        peers = [mail, push]
        for peer in peers:
            adds_channel(workspace, "bob", peer)
        ada = workspace.person("ada")
        channel = ada.declares("Checkout is down")
        for moment in MOMENTS:
            for peer in peers:
                peer.got.clear()
                peer.hold()
            ada.types(f"/incident page @bob {moment.__name__}", channel, settle=False)
            moment(peers)
            workspace.bot.kill()
            for peer in peers:
                peer.may_answer.set()
            workspace.bot.start()
            workspace.clock.forward(**LOOKED_AND_SWEPT)
            assert [len(peer.got) for peer in peers] == [1, 1], moment.__name__
            channel.expects(f"pages Bob Kahn: {moment.__name__}")
            workspace.dm("bob").expects("Ada Lovelace pages you", moment.__name__)
            workspace.person("bob").clicks("I'm on it", workspace.dm("bob"))
            channel.expects("Bob Kahn has answered the page")
