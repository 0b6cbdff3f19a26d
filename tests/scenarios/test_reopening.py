"""Reopening: command to whoever reopens, offered to those who know most; after an archive in a new channel."""

from tests.harness import Place, Starter, Workspace
from tests.scenarios import rotas

COMMANDERS = '[groups]\ncommanders = ["U0CHEN0000"]\n'
OPEN_AGAIN = "*INC-1* Checkout is down is open again (Eve Moreau), who has command until you accept"


def _on_duty(workspace: Workspace, words: str = "@indu @gita") -> None:
    workspace.person("chen").types(f"/incident duty set {words} daily 09:00 Asia/Kolkata", "#general")
    for word in words.split():
        workspace.dm(word[1:]).expects("you are on duty")


def _resolved(workspace: Workspace, title: str) -> Place:
    """Declared by Ada, handed to Bob, resolved; Eve is in it. Then the roster is set."""
    ada, bob, eve = (workspace.person(handle) for handle in ("ada", "bob", "eve"))
    channel = ada.declares(title)
    eve.joins(channel)
    eve.types("/incident show", channel)
    ada.types("/incident handoff @bob", channel)
    channel.expects("Briefing of INC-1*")
    channel.expects("@bob, Ada Lovelace offers you command")
    bob.clicks("I have command", channel).says("You have command")
    workspace.dm("ada").expects("You are relieved")
    bob.types("/incident resolve it was DNS", channel).says("INC-1 is resolved")
    channel.expects("*resolved*")
    _on_duty(workspace)
    workspace.clock.forward(hours=2)
    return channel


def _reopened(workspace: Workspace, channel: Place) -> None:
    workspace.person("eve").clicks("Reopen", channel).says("INC-1 is open again, and you are incident commander.")
    channel.expects("INC-1 is *open again*: Eve Moreau is incident commander.")


def test_either_the_last_ic_or_the_ic_on_duty_accepts(workspace_with: Starter) -> None:
    workspace = workspace_with(COMMANDERS)
    channel = _resolved(workspace, "Checkout is down sev3")
    _reopened(workspace, channel)
    last = workspace.dm("bob").expects(OPEN_AGAIN)
    on_duty = workspace.dm("indu").expects(OPEN_AGAIN)
    assert last.buttons == on_duty.buttons == ["I have command", "I can't"]
    assert channel.card().has("*Incident commander*\n@eve since", "offered to @bob")
    workspace.clock.forward(hours=1)
    for handle in ("bob", "indu", "chen"):
        assert not workspace.dm(handle).exists or not workspace.dm(handle).unexpected(), "a sev3 wakes nobody"
    workspace.person("indu").presses("I have command", on_duty).says("You have command of *INC-1*")
    channel.expects("Indu Rao *has command* of INC-1.")
    workspace.dm("eve").expects("You are relieved: Indu Rao has command", "You held it 1 h")
    workspace.person("bob").presses("I have command", last).says("@indu has accepted this already")
    told = workspace.person("ada").types("/incident command", channel)
    told.says("@ada", "declared it", "@bob", "reopened it", "@indu")


def test_the_ladder_climbs_when_it_matters(workspace_with: Starter) -> None:
    workspace = workspace_with(COMMANDERS)
    channel = _resolved(workspace, "Checkout is down sev2")
    _reopened(workspace, channel)
    since = workspace.clock.now
    last = workspace.dm("bob").expects(OPEN_AGAIN)
    workspace.dm("indu").expects(OPEN_AGAIN)
    workspace.clock.forward(minutes=11)
    assert rotas.heard(workspace, "chen", since, "needs you in command") == [10]
    workspace.person("bob").presses("I can't", last).says("Thank you for saying so")
    workspace.person("indu").clicks("I can't", "@watchbill").says("Thank you for saying so")
    workspace.person("chen").clicks("I can't", "@watchbill").says("Thank you for saying so")
    channel.expects("*Nobody has accepted command of INC-1*", "Eve Moreau still has it")
    workspace.person("eve").types("/incident command", channel).says("@eve is in command")


def test_the_last_ic_reopens_and_the_ic_on_duty_is_asked(workspace_with: Starter) -> None:
    workspace = workspace_with(COMMANDERS)
    channel = _resolved(workspace, "Checkout is down sev2")
    workspace.person("bob").types("/incident reopen", channel).says("INC-1 is open again")
    channel.expects("Bob Kahn is incident commander")
    workspace.dm("indu").expects("You are the IC on duty: *INC-1* Checkout is down (sev2)")
    workspace.dm("bob").expects_nothing()
    workspace.person("indu").clicks("I have command", "@watchbill").says("You have command")
    channel.expects("Indu Rao *has command*")
    workspace.dm("bob").expects("You are relieved")


def test_what_was_planned_before_is_not_planned_again_and_of_two_one_reopens_it(workspace: Workspace) -> None:
    channel = rotas.begin(workspace, "@ada @bob 2h")
    ada = workspace.person("ada")
    ada.types("/incident resolve", channel)
    channel.expects("*resolved*")
    ada.types("/incident reopen", channel)
    channel.expects("*open again*")
    ada.types("/incident rota").says("INC-1 has no rota for command")
    workspace.clock.forward(hours=3)
    channel.expects_nothing()
    workspace.dm("bob").expects_nothing()

    # Two reopen it at once.
    bob = workspace.person("bob")
    ada.types("/incident resolve", channel)
    channel.expects("*resolved*")
    answers = workspace.together(
        lambda: ada.types("/incident reopen", channel), lambda: bob.types("/incident reopen", channel)
    )
    assert sum("is open again" in answer for answer in answers) == 1, answers
    channel.expects("*open again*")
    assert rotas.commander(workspace) in {"ada", "bob"}
    if rotas.commander(workspace) == "bob":
        workspace.dm("ada").expects("is open again")


def test_after_an_archive_there_is_a_new_channel(workspace: Workspace) -> None:
    ada, eve, mona = (workspace.person(handle) for handle in ("ada", "eve", "mona"))
    channel = _resolved(workspace, "Checkout is down sev3")
    mona.joins(channel)
    mona.archives(channel)
    assert channel.is_archived
    eve.types("/incident reopen INC-1", "#general").says("INC-1 is open again")
    [old, new] = workspace.incident_channels()
    assert (old, new) == ("#inc-1-checkout-is-down", "#inc-1-checkout-is-down-2")
    moved = workspace.channel(new)
    moved.expects("INC-1 goes on here: its former channel #inc-1-checkout-is-down is archived")
    moved.expects("Eve Moreau is incident commander")
    assert set(moved.members) == {"ada", "bob", "eve", "mona", "watchbill"}
    assert moved.card().has("INC-1 Checkout is down", "*Incident commander*\n@eve")
    assert moved.topic == "sev3 · investigating · IC Eve Moreau"
    assert workspace.channel("#incidents").messages[0].has(new)
    for handle in ("bob", "indu"):
        workspace.dm(handle).expects("is open again (Eve Moreau)", "who has command until you accept")
    ada.types("/incident note it fails in Europe only", moved).says("timeline of INC-1")
    eve.types("/incident resolve", moved).says("INC-1 is resolved")
    moved.expects("*resolved*")


def test_private_stays_private(workspace: Workspace) -> None:
    ada, bob, chen = (workspace.person(handle) for handle in ("ada", "bob", "chen"))
    _on_duty(workspace)
    ada.types("/incident declare Keys have leaked sev3 private", "#general").says("sev3, private")
    channel = workspace.channel("#inc-1-keys-have-leaked")
    channel.card()
    ada.invites("bob", channel)
    ada.invites("mona", channel)
    workspace.clock.forward(minutes=1)
    ada.types("/incident resolve", channel)
    channel.expects("*resolved*")
    chen.types("/incident reopen INC-1", "#general").says("There is no INC-1")
    workspace.person("mona").archives(channel)
    bob.types("/incident reopen INC-1", "#general").says("INC-1 is open again")
    moved = workspace.channel("#inc-1-keys-have-leaked-2")
    moved.card()
    assert moved.is_private
    assert set(moved.members) == {"ada", "bob", "mona", "watchbill"}
    moved.expects("INC-1 goes on here")
    moved.expects("Bob Kahn is incident commander")
    workspace.dm("ada").expects("is open again")
    workspace.clock.forward(minutes=30)
    workspace.dm("indu").expects_nothing()
    workspace.channel("#incidents").expects_nothing()
    assert "leaked" not in chen.types("/incident list all", "#general")
