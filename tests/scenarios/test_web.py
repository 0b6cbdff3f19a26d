"""The web: signing in by a link from Slack, acting there, and Slack that follows."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.vault import Vault, new_key
from tests.harness import Person, Workspace
from tests.harness.terminal import watchbill
from tests.harness.web import Web
from tests.outcome import has_failed
from tests.scenarios import rotas

KEY = new_key()


@pytest.fixture
def workspace(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """A workspace whose bot has a key to sign with."""
    with Workspace(tmp_path, env={"WATCHBILL_SECRET_KEY": KEY}) as started:
        yield started
        started.failed = has_failed(request.node)


def link(person: Person, words: str = "/incident web", where: str = "#general") -> str:
    """The address that the bot gives somebody."""
    answer = person.types(words, where).says("This link signs you in on the web")
    found = re.search(r"http://[^\s|>]*/in/[^\s|>]*", answer.raw)
    assert found, answer.raw
    return found[0]


def signed_in(workspace: Workspace, person: Person, words: str = "/incident web", where: str = "#general") -> Web:
    window = Web(workspace.bot.url)
    return window.goes(link(person, words, where)).presses("Sign in as")


def test_command_is_accepted_on_the_web_and_slack_follows(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down sev3")
    ada.types("/incident handoff @bob", channel)
    channel.expects("Briefing of INC-1")
    offer = channel.expects("@bob, Ada Lovelace offers you command")
    window = signed_in(workspace, bob, where=channel.name)
    window.says("INC-1 Checkout is down", "Ada Lovelace offers you command.", "Incident commander Ada Lovelace")
    assert window.here == "/i/1"
    window.presses("I have command").says("You have command of INC-1.", "Incident commander Bob Kahn (you)")
    workspace.settle()
    workspace.dm("ada").expects("You are relieved")
    assert channel.topic == "sev3 · investigating · IC Bob Kahn"
    assert "I have command" not in channel.again(offer).buttons
    assert "IC @bob" in channel.card().text
    assert "@bob *has command*" in channel.again(offer).text
    window.presses("Keep it", kind="decision", text="We <fail> over").says("Kept as number")
    workspace.settle()
    channel.expects("*Decision* by Bob Kahn: We &lt;fail&gt; over")
    window.presses("Keep it", kind="note", text="Nobody hears this").says("Nobody hears this")
    ada.types("/incident timeline", channel).says("Nobody hears this")


def test_a_private_incident_shows_nothing_to_outsiders_and_a_hostile_title_does_nothing(workspace: Workspace) -> None:
    ada, eve = workspace.person("ada"), workspace.person("eve")
    channel = ada.declares("Vault is open private")
    ada_sees = signed_in(workspace, ada, "/incident web INC-1").says("Vault is open", "Private")
    window = signed_in(workspace, eve)
    assert "Vault" not in window.html
    hidden, missing = window.goes("/i/1").html, window.goes("/i/2").html
    assert hidden == missing
    eve.types("/incident web INC-1", "#general").says("There is no INC-1.")
    assert channel.is_private

    ada.declares("<script>alert(1)</script> & <https://evil.test|click> sev3", "#general")
    for address in ("/", "/i/2"):
        ada_sees.goes(address)
        assert "alert(1)" in ada_sees.text
        assert "<script" not in ada_sees.html
        assert 'href="https://evil.test' not in ada_sees.html
        assert "default-src 'none'" in ada_sees.headers["content-security-policy"]


def test_a_link_works_once_is_told_once_and_the_session_outlives_the_bot(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    # The operator lets somebody in from the host.
    ada.declares("Checkout is down sev3")
    bob.types("/incident list", "#general").says("INC-1")
    for who in ("@ada", "Ada Lovelace", ada.id):
        status, said = watchbill(workspace, "login", who)
        assert status == 0, said
        address = said.strip().partition("/in/")[2]
        Web(workspace.bot.url).goes(f"/in/{address}").presses("Sign in as Ada Lovelace").says("IC Ada Lovelace")
    status, said = watchbill(workspace, "login", "@nobody")
    assert (status, "✗ I know nobody called @nobody" in said) == (1, True)

    address = link(bob)
    assert "Ask again" in workspace.redeliver("last_command")
    window = (
        Web(workspace.bot.url).goes(address).says("Sign in as Bob Kahn").presses("Sign in as").says("Open incidents")
    )
    other = Web(workspace.bot.url).goes(address).says("This link was used already", "/incident web")
    assert other.status == 403
    workspace.bot.restart()
    window.url = workspace.bot.url
    window.goes("/").says("Bob Kahn", "What waits for you")
    late = link(bob)
    workspace.clock.forward(minutes=16)
    Web(workspace.bot.url).goes(late).says("This link has expired.")
    workspace.change_person("bob", deleted=True)
    window.goes("/").says("There is no password here")
    assert "Sign out" not in window.text
    status, said = watchbill(workspace, "login", "@bob")
    assert (status, "✗ Bob Kahn can't sign in" in said) == (1, True)


def test_two_accept_at_once_one_in_slack_and_one_on_the_web(workspace: Workspace) -> None:
    bob, eve = workspace.person("bob"), workspace.person("eve")
    channel = rotas.begin(workspace, "@ada @bob @eve 4h")
    workspace.clock.until(workspace.clock.now + timedelta(hours=4, minutes=20))
    window = signed_in(workspace, eve).says("Command needs you: Bob Kahn has not answered.")
    _, by_web = workspace.together(
        lambda: bob.clicks("I have command", channel, settle=False).text,
        lambda: window.presses("I have command").text,
    )
    workspace.settle()
    holder = workspace.bot.one("SELECT person FROM tenures WHERE role = 'ic' AND ended_at IS NULL")
    assert holder in (bob.id, eve.id)
    assert ("You have command of INC-1." in by_web) == (holder == eve.id), by_web
    assert ("Bob Kahn has accepted this already." in by_web) == (holder == bob.id), by_web
    assert f"IC {'Bob' if holder == bob.id else 'Eve'}" in channel.topic
    assert workspace.bot.one("SELECT count(*) FROM handoffs WHERE state = 'accepted'") == 1
    workspace.forgive("messages")


def test_a_phone_answers_its_page_by_the_link_alone(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down sev2")
    ada.types("/incident page @bob the replica is gone", channel).says("INC-1 needs @bob")
    channel.expects("Ada Lovelace pages Bob Kahn")
    workspace.dm("bob").expects("pages you")
    number = workspace.bot.one("SELECT id FROM pages WHERE person = ?", workspace.person("bob").id)
    phone = Web(workspace.bot.url).goes(f"/p/{number}/{Vault(KEY).sign(f'page:{number}')}")
    phone.says("INC-1 Checkout is down", "Bob Kahn, Ada Lovelace pages you", "the replica is gone")
    form = phone.form("I'm on it")
    phone.presses("I'm on it").says("Thank you, Bob Kahn", "/incident web")
    phone.sends(*form).says("Thank you, Bob Kahn")
    workspace.settle()
    channel.expects("Bob Kahn has answered the page")
    assert workspace.bot.one("SELECT answered_by FROM pages") == "link"
    workspace.clock.forward(minutes=6)
