"""The ladder: nobody accepts, so others are asked, one at a time, ten minutes each, until somebody does."""

from datetime import datetime, timedelta

from tests.harness import Message, Place, Starter, Workspace
from tests.scenarios import rotas

GROUPS = """
[groups]
commanders = ["U0CHEN0000", "U0DANA0000"]
managers = ["U0MONA0000"]
"""
NEEDS = "*INC-1* Checkout is down (sev3) needs you in command."


def _boundary(workspace: Workspace, words: str = "@ada @bob @eve 4h") -> tuple[Place, datetime]:
    """A rota at whose first boundary Bob sleeps; it has come, and command is offered to him."""
    channel = rotas.begin(workspace, words)
    boundary = workspace.clock.now + timedelta(hours=4)
    _comes(workspace, channel, boundary, "bob")
    return channel, boundary


def _comes(workspace: Workspace, channel: Place, boundary: datetime, handle: str) -> None:
    workspace.clock.until(boundary)
    _before(workspace)
    channel.expects("Briefing of INC-1*")
    channel.expects(f"@{handle}, your shift in command of *INC-1*")


def _before(workspace: Workspace) -> None:
    """What was said before, of which this is not about."""
    for handle in ("ada", "bob", "eve", "finn", "indu", "chen"):
        if workspace.dm(handle).exists:
            for message in workspace.dm(handle).unexpected():
                workspace.ledger.consume(message)


def _asked(workspace: Workspace, handle: str) -> Message:
    return workspace.dm(handle).expects(NEEDS, "Bob Kahn was to take it and has not; Ada Lovelace still has it")


def test_rung_by_rung(workspace_with: Starter) -> None:
    workspace = workspace_with(GROUPS)
    ada, chen = workspace.person("ada"), workspace.person("chen")
    channel = rotas.begin(workspace, "@ada @bob @eve 4h")
    boundary = workspace.clock.now + timedelta(hours=4)
    ada.types("/incident role deputy @finn", channel)
    channel.expects("@finn is now *deputy*")
    # Dana has had command lately: of the two commanders Chen is the rested one.
    dana = workspace.person("dana")
    other = dana.declares("Search is slow sev3", "#general")
    dana.types("/incident resolve", other)
    other.expects("*resolved*")
    chen.types("/incident duty set @indu @gita daily 09:00 Asia/Kolkata", "#general").says("The duty roster is set")
    for handle in ("indu", "gita"):
        workspace.dm(handle).expects("you are on duty")
    workspace.clock.until(boundary - timedelta(minutes=14))
    workspace.dm("finn").expects("Bob Kahn, who takes command of *INC-1*", "I'll ask you first", "nothing to do now")
    workspace.clock.until(boundary)
    _before(workspace)
    workspace.clock.until(boundary + timedelta(minutes=91))

    def heard(handle: str, *words: str) -> list[int]:
        return rotas.heard(workspace, handle, boundary, *words)

    workspace.dm("ada").expects("Your shift ended 1 h ago.", "Time for a fresh mind?")
    assert heard("ada", "Bob Kahn has not accepted command of *INC-1*", "In 5 min I ask others") == [10]
    assert heard("bob", "Your shift in command of *INC-1* Checkout is down began") == [10]
    assert heard("finn", NEEDS) == [15, 20], "the deputy, woken twice in ten minutes"
    assert heard("eve", NEEDS) == [25, 30], "the next on the rota"
    assert heard("indu", NEEDS) == [35, 40], "the IC on duty"
    assert heard("chen", NEEDS) == [45, 50], "the rested of the commanders"
    assert heard("dana", NEEDS) == [55, 60]
    told = workspace.dm("mona").expects("Nobody has relieved Ada Lovelace in command of *INC-1*", "began 30 min ago")
    assert told.has("Asked besides: Finn Olsen, Eve Moreau.", "You hear this once.")
    assert heard("mona", NEEDS) == [65, 70], "the manager, told once at 30 min, asked as the last"
    workspace.dm("gita").expects_nothing()
    channel.expects("Briefing of INC-1*")
    offer = channel.expects("@bob, your shift in command of *INC-1*")
    first = channel.expects("*Nobody has accepted command of INC-1*", "Asked so far: Bob Kahn, Finn Olsen, Eve Moreau")
    last = channel.expects("*Nobody has accepted command of INC-1*", "Everybody was asked:", "Mona Keller")
    assert [rotas.minute(one, boundary) for one in (first, last)] == [60, 75], "at once when the last had ten minutes"
    assert channel.card().has("*nobody has accepted* since", "*Incident commander*\n@ada")
    ada.types("/incident digest").says("*nobody has accepted command* since")
    workspace.clock.until(boundary + timedelta(minutes=121))
    again = channel.expects("*Nobody has accepted command of INC-1*", "Ada Lovelace still has it")
    assert rotas.minute(again, boundary) == 105
    # Whoever was asked may still accept, however late.
    workspace.person("indu").clicks("I have command", "@watchbill").says("You have command of *INC-1*")
    assert channel.again(offer).has("@indu *has command* of INC-1")
    channel.expects("Indu Rao *has command* of INC-1.")
    assert channel.messages[-1].has("Indu Rao *has command* of INC-1."), "the last word"
    workspace.dm("ada").expects("You are relieved: Indu Rao has command", "You held it 6 h 1 min")
    workspace.clock.forward(minutes=35)
    channel.expects_nothing()
    assert not channel.card().has("nobody has accepted")
    _before(workspace)


def test_everybody_else_on_the_rota_is_asked(workspace_with: Starter) -> None:
    workspace = workspace_with(GROUPS)
    channel, boundary = _boundary(workspace, "@ada @bob @eve @finn @gita 4h")
    workspace.change_person("finn", deleted=True)
    workspace.dm("ada").expects("Finn Olsen has left the workspace")
    workspace.clock.until(boundary + timedelta(minutes=38))
    assert rotas.heard(workspace, "eve", boundary, NEEDS) == [15, 20], "the next on the rota"
    assert rotas.heard(workspace, "gita", boundary, NEEDS) == [25, 30], "and the one after, before any commander"
    assert rotas.heard(workspace, "chen", boundary, NEEDS) == [35]
    workspace.person("gita").clicks("I have command", "@watchbill").says("You have command of *INC-1*")
    workspace.clock.forward(minutes=35)
    assert not channel.unexpected(), "nobody was told that nobody accepted, so nobody needs to be told who did"
    workspace.forgive("messages")


def test_somebody_silent_and_the_whole_rota_is_asked(workspace_with: Starter) -> None:
    workspace = workspace_with(GROUPS)
    channel = rotas.begin(workspace, "@ada @bob @eve 8h", "Checkout is down sev1")
    began = workspace.clock.now
    workspace.clock.forward(minutes=91, seconds=5)
    workspace.dm("ada").expects("*Are you there?*")
    assert rotas.heard(workspace, "bob", began, "needs you in command") == [70, 75]
    assert rotas.heard(workspace, "eve", began, "needs you in command") == [80, 85], "the third before commanders"
    assert rotas.heard(workspace, "chen", began, "needs you in command") == [90]
    workspace.person("eve").clicks("I have command", "@watchbill").says("You have command of *INC-1*")
    channel.expects("Eve Moreau *has command* of INC-1.")
    workspace.forgive("messages")


def test_exhausted_between_two_half_hours_it_is_said_at_once(workspace: Workspace) -> None:
    channel, boundary = _boundary(workspace, "@ada @bob @eve @finn 4h")
    workspace.clock.until(boundary + timedelta(minutes=100))
    said = [one for one in channel.unexpected() if one.has("*Nobody has accepted command of INC-1*")]
    assert [rotas.minute(one, boundary) for one in said] == [35, 65, 95]
    assert all(one.has("Everybody was asked: Bob Kahn, Eve Moreau, Finn Olsen.") for one in said)
    workspace.person("bob").clicks("I have command", channel).says("You have command of *INC-1*")
    assert channel.messages[-1].has("Bob Kahn *has command* of INC-1.")
    workspace.forgive("messages")


def test_a_slow_one_accepts_after_the_next_was_asked_or_two_at_once(workspace_with: Starter) -> None:
    workspace = workspace_with(GROUPS)
    channel, boundary = _boundary(workspace)
    workspace.clock.until(boundary + timedelta(minutes=16))
    _before_the_ladder(workspace)
    asked = _asked(workspace, "eve")
    assert asked.has("Your own shift begins")
    assert asked.buttons == ["I have command", "I can't"]
    workspace.clock.until(boundary + timedelta(minutes=28))
    next_asked = workspace.dm("chen").expects(NEEDS, "It would be until")
    assert rotas.heard(workspace, "eve", boundary, NEEDS) == [20]
    workspace.person("eve").presses("I have command", asked).says("You have command of *INC-1*")
    workspace.person("chen").presses("I have command", next_asked).says("@eve has accepted this already")
    workspace.dm("ada").expects("You are relieved: Eve Moreau has command")
    workspace.clock.forward(minutes=20)
    for handle in ("chen", "dana", "mona"):
        assert not workspace.dm(handle).exists or not workspace.dm(handle).unexpected()
    ada, bob, eve = workspace.person("ada"), workspace.person("bob"), workspace.person("eve")
    ada.types("/incident command", channel).says("@eve is in command", "accepted after 28 min")

    # At the next boundary whom it was offered to accepts after another was asked.
    boundary += timedelta(hours=8)
    _comes(workspace, channel, boundary, "ada")
    workspace.clock.until(boundary + timedelta(minutes=16))
    workspace.dm("eve").expects("Ada Lovelace has not accepted command")
    workspace.dm("ada").expects("Your shift in command of *INC-1* Checkout is down began")
    workspace.dm("bob").expects(NEEDS, "Ada Lovelace was to take it and has not; Eve Moreau still has it")
    ada.clicks("I have command", channel).says("You have command of *INC-1*")
    workspace.dm("eve").expects("You are relieved: Ada Lovelace has command")
    workspace.clock.forward(minutes=30)
    workspace.dm("bob").expects_nothing()
    assert not workspace.dm("mona").exists

    # And at the one after that two accept at once.
    boundary += timedelta(hours=4)
    _comes(workspace, channel, boundary, "bob")
    workspace.clock.until(boundary + timedelta(minutes=16))
    late = workspace.dm("bob").expects("Your shift in command of *INC-1* Checkout is down began")
    workspace.dm("ada").expects("Bob Kahn has not accepted command")
    asked = _asked(workspace, "eve")
    workspace.together(
        lambda: bob.presses("I have command", late, settle=False),
        lambda: eve.presses("I have command", asked, settle=False),
    )
    workspace.settle()
    answers = [*bob.answers(), *eve.answers()]
    assert sum("You have command of *INC-1*" in answer for answer in answers) == 1, answers
    assert sum("has accepted this already" in answer for answer in answers) == 1, answers
    workspace.dm("ada").expects("You are relieved")
    assert rotas.commander(workspace) in {"bob", "eve"}
    assert channel.card().has(f"*Incident commander*\n@{rotas.commander(workspace)}")


def _before_the_ladder(workspace: Workspace) -> None:
    workspace.dm("ada").expects("Bob Kahn has not accepted command")
    workspace.dm("bob").expects("Your shift in command of *INC-1* Checkout is down began")


def test_who_can_not_is_followed_by_the_next_at_once(workspace_with: Starter) -> None:
    workspace = workspace_with(GROUPS)
    channel, boundary = _boundary(workspace)
    offer = workspace.person("bob").clicks("I can't", channel).says("Thank you for saying so")
    assert "Good" not in offer.text
    asked = _asked(workspace, "eve")
    assert channel.messages[-1].has("@bob can't take command of *INC-1*", "I'm asking others by DM")
    workspace.person("eve").presses("I can't", asked).says("Thank you for saying so")
    workspace.dm("chen").expects(NEEDS)
    workspace.clock.until(boundary + timedelta(minutes=9))
    assert rotas.heard(workspace, "chen", boundary, NEEDS) == [5]
    workspace.clock.until(boundary + timedelta(minutes=11))
    assert rotas.heard(workspace, "dana", boundary, NEEDS) == [10]
    for handle in ("ada", "bob"):
        workspace.dm(handle).expects_nothing()
    workspace.person("dana").clicks("I have command", "@watchbill").says("You have command")
    workspace.dm("ada").expects("You are relieved: Dana Scott has command")


def test_with_nobody_to_ask_it_is_said_at_once(workspace: Workspace) -> None:
    channel, boundary = _boundary(workspace, "@ada @bob 4h")
    workspace.clock.until(boundary + timedelta(minutes=16))
    _before_the_ladder(workspace)
    line = channel.expects("*Nobody has accepted command of INC-1*", "Everybody was asked: Bob Kahn.")
    assert line.buttons == ["Take command…"]
    workspace.clock.until(boundary + timedelta(minutes=46))
    again = channel.expects("*Nobody has accepted command of INC-1*")
    assert (rotas.minute(line, boundary), rotas.minute(again, boundary)) == (15, 45)
    chen = workspace.person("chen")
    chen.joins(channel)
    workspace.dm("chen").expects("You joined")
    chen.presses("Take command", again)
    chen.sees_form("Command of INC-1")
    chen.submits({"Why?": "Bob sleeps"})
    chen.closes_form()
    workspace.dm("ada").expects("Chen Wei asks you for command")


def test_an_offer_that_nobody_answers_climbs_after_ten_minutes(workspace_with: Starter) -> None:
    workspace = workspace_with(GROUPS)
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down sev3")
    ada.types("/incident handoff @bob", channel).says("offered to @bob")
    offered = workspace.clock.now
    channel.expects("Briefing of INC-1*")
    channel.expects("@bob, Ada Lovelace offers you command")
    workspace.clock.forward(minutes=9)
    assert not workspace.dm("chen").exists
    workspace.clock.forward(minutes=11, seconds=5)
    assert rotas.heard(workspace, "chen", offered, NEEDS) == [10, 15]
    _asked(workspace, "dana")
    ada.types("/incident handoff withdraw", channel).says("not offered to anybody")
    workspace.clock.forward(minutes=30)
    workspace.dm("dana").expects_nothing()
    assert not workspace.dm("mona").exists
    channel.expects_nothing()
