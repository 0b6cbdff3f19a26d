"""Slack is gone for an hour: whoever is needed is reached all the same, and its return is no burst."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import Workspace
from tests.harness.web import Web
from tests.outcome import has_failed
from tests.scenarios.test_paging import GROUPS, KEY, has_channel
from tests.support.peers import Got, Peer


@pytest.fixture
def workspace(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    with Workspace(tmp_path, GROUPS, env={"WATCHBILL_SECRET_KEY": KEY}) as started:
        yield started
        started.failed = has_failed(request.node)


def minutes_pass(workspace: Workspace, minutes: int, step: int = 2) -> None:
    """Time passes by a few minutes: not by every try of everything that waits for Slack."""
    for passed in range(0, minutes, step):
        workspace.clock.jump(minutes=min(step, minutes - passed))


def test_a_handoff_while_slack_is_gone(workspace: Workspace, mail: Peer) -> None:
    ada = workspace.person("ada")
    has_channel(workspace, "bob", mail)
    channel = ada.declares("Checkout is down")
    ada.types("/incident rota start @ada @bob 2h")
    channel.expects("Command rota")
    workspace.dm("ada").expects("Your shifts in command")
    workspace.dm("bob").expects("Your shifts in command")
    workspace.clock.forward(minutes=30)
    workspace.faults.down()
    minutes_pass(workspace, 29, step=10)
    assert mail.got == []
    minutes_pass(workspace, 15, step=5)
    (hour,) = mail.got
    assert hour.title.startswith("INC-1 sev2 Checkout is down: your shift in command begins within the hour")
    assert "I can't reach Slack since" in hour.body
    assert "/in/" in hour.body
    mail.got.clear()
    minutes_pass(workspace, 60, step=12)
    assert {got.body.split(": ", 1)[1].split("\r\n")[0] for got in mail.got} == {
        "are you up? Your shift in command begins soon.",
        "command is offered to you",
        "you are late: command is offered to you.",
    }
    assert all("/in/" in got.body for got in mail.got)
    workspace.faults.clear()
    workspace.reconnected(1)
    workspace.clock.forward(minutes=3)
    channel.expects("Briefing of INC-1")
    channel.expects("@bob, your shift in command of *INC-1*")
    channel.expects("I couldn't reach Slack since", "for 1 h 1", "Ada Lovelace has command")
    workspace.dm("bob").expects("Your shift in command of *INC-1* Checkout is down began", "I have command")
    workspace.dm("ada").expects("Bob Kahn has not accepted command")
    workspace.dm("chen").expects("needs you in command")
    workspace.person("bob").clicks("I have command", channel).says("You have command")
    workspace.dm("ada").expects("You are relieved")


def _link(got: Got, path: str) -> str:
    """The address in a notice whose path begins so."""
    found = re.search(rf"http://\S*{path}\S*", got.body)
    assert found, got.body
    return found[0]


def test_somebody_gets_in_by_a_mail_and_takes_command(workspace: Workspace, mail: Peer) -> None:
    """Nobody was signed in when Slack went."""
    ada, bob = workspace.person("ada"), workspace.person("bob")
    has_channel(workspace, "bob", mail)
    channel = ada.declares("Checkout is down")
    ada.types("/incident rota start @ada @bob 2h")
    channel.expects("Command rota")
    for handle in ("ada", "bob"):
        workspace.dm(handle).expects("Your shifts in command")
    workspace.clock.forward(minutes=70)
    workspace.dm("ada").expects("Extend 1 h")
    workspace.dm("bob").expects("Are you up?", "I'm up")
    workspace.faults.down()
    minutes_pass(workspace, 21, step=3)
    woken = mail.got[-1]
    phone = Web(workspace.bot.url).goes(_link(woken, "/p/")).says("Bob Kahn", "Checkout is down")
    phone.presses("I'm on it")
    silent = len(mail.got)
    minutes_pass(workspace, 31, step=3)
    offered = mail.got[silent]
    assert offered.title == "INC-1 sev2 Checkout is down: command is offered to you"
    assert len(mail.got) == silent + 1, "whoever is up is not woken again"
    window = Web(workspace.bot.url).goes(_link(offered, "/in/")).presses("Sign in as")
    window.goes("/i/1").presses("I have command").says("You have command of INC-1.")
    window.presses("Keep it", kind="note", text="Slack is gone, we talk by phone").says("we talk by phone")
    minutes_pass(workspace, 20, step=4)
    assert len(mail.got) == silent + 1
    # Slack may never tell of what happened meanwhile.
    workspace.doors.control("scopes", events=[])
    workspace.faults.clear()
    workspace.person("dana").joins(channel)
    workspace.reconnected(1)
    workspace.clock.forward(minutes=3)
    channel.expects("Briefing of INC-1")
    channel.expects("@bob *has command*")
    channel.expects("I couldn't reach Slack since", "Bob Kahn has command")
    workspace.dm("ada").expects("You are relieved")
    assert channel.card().has("*Incident commander*\n@bob")
    assert channel.topic.endswith("IC Bob Kahn")
    bob.types("/incident timeline", channel).says("we talk by phone", "answered the page", "by the link")
    workspace.dm("dana").expects("You joined", "This is how *INC-1* stands")
    workspace.person("dana").types("/incident list mine", "#general").says("Checkout is down")
    for handle in ("ada", "bob"):
        workspace.dm(handle).expects_nothing()


def test_two_are_silent_and_the_third_answers_by_phone(workspace: Workspace, mail: Peer, push: Peer) -> None:
    """On call, Slack gone: one after the other is woken by what they gave, each time once, across kills."""
    ada = workspace.person("ada")
    has_channel(workspace, "chen", mail)
    has_channel(workspace, "dana", push)
    has_channel(workspace, "mona", mail)
    channel = ada.declares("Checkout is down")
    workspace.person("chen").types("/incident duty set @chen weekly monday 09:00 Europe/Berlin", "#general")
    ada.types("/incident page on-call everything is gone", channel).says("needs")
    channel.expects("Ada Lovelace pages Chen")
    workspace.dm("chen").expects("*Ada Lovelace pages you*")
    workspace.faults.down()
    for minute in range(0, 24, 2):
        minutes_pass(workspace, 2)
        if minute in (6, 16):
            workspace.bot.kill()
            workspace.bot.start(until="alive")
    reached = [got.to.split("@")[0] for got in mail.got] + [got.to for got in push.got]
    assert reached.count("chen") == 2, "at once, and after 5 minutes; then it was another's turn"
    assert reached.count("dana") == 2
    assert reached.count("mona") == 1
    last = next(got for got in mail.got if got.to.startswith("mona"))
    Web(workspace.bot.url).goes(_link(last, "/p/")).presses("I'm on it")
    minutes_pass(workspace, 30, step=5)
    assert len(mail.got) + len(push.got) == 5
    workspace.faults.clear()
    workspace.reconnected(1)
    workspace.clock.forward(minutes=3)
    channel.expects("Mona Keller has answered the page, after")
    channel.expects("I couldn't reach Slack since")
