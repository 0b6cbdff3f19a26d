"""A boundary of the rota is moved: by whom, until when, and what was offered or pressed before."""

from tests.harness import Workspace
from tests.scenarios import rotas


def test_the_boundary_at_which_command_changes_hands_is_extended(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = rotas.begin(workspace, "@ada @bob @eve 8h")
    workspace.clock.forward(hours=1)
    ada.types("/incident handoff @bob", channel)
    channel.expects("Briefing of INC-1*")
    channel.expects("@bob, Ada Lovelace offers you command")
    bob.clicks("I have command", channel).says("Next handoff: @eve")
    workspace.dm("ada").expects("You are relieved")
    # Bob has it, and the next shift is his own: what comes next is his handing over to Eve.
    bob.types("/incident rota extend 1h", channel).says("Command rota of INC-1*")
    channel.expects("the next boundary moved by 1 h (Bob Kahn)", "Next handoff: Eve Moreau")
    rotas.told(workspace, "eve")
    assert rotas.boundaries(workspace)[:4] == [0, 8, 17, 24]
    bob.types("/incident rota", channel)
    bob.clicks("Extend 1 h", channel)
    channel.expects("the next boundary moved by 1 h (Bob Kahn)")
    rotas.told(workspace, "eve")
    bob.types("/incident rota extend 30m all", channel)
    channel.expects("the next boundary moved by 30 min, later ones too")
    rotas.told(workspace, "eve", "ada")
    assert rotas.boundaries(workspace)[:4] == [0, 8, 18.5, 24.5]
    workspace.dm("bob").expects_nothing()


def test_extending_by_the_button_an_hour_before(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = rotas.begin(workspace, "@ada @bob @eve 8h")
    workspace.clock.forward(hours=7, seconds=5)
    up = workspace.dm("bob").expects("*Are you up?*")
    out = workspace.dm("ada").expects("Will it be over soon?")
    ada.presses("Extend 1 h", out).says("Command rota of INC-1*")
    channel.expects("the next boundary moved by 1 h")
    rotas.told(workspace, "bob")
    ada.presses("Extend 1 h", out).says("That boundary was moved already")
    bob.presses("I'm up", up).says("That shift was changed since")
    workspace.clock.forward(minutes=59)
    workspace.dm("bob").expects_nothing()
    workspace.clock.forward(minutes=2)
    workspace.dm("bob").expects("*Are you up?*", "in 1 h")
    out = workspace.dm("ada").expects("Bob Kahn takes command")
    pressed = workspace.together(
        lambda: ada.presses("Extend 1 h", out, settle=False), lambda: ada.presses("Extend 1 h", out, settle=False)
    )
    workspace.settle()
    answers = ada.answers()
    assert [one.error for one in pressed].count("") == len(answers)
    assert sum("Command rota of" in one for one in answers) == 1, answers
    channel.expects("the next boundary moved by 1 h")
    rotas.told(workspace, "bob")


def test_extending_what_nobody_has_accepted_yet(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = rotas.begin(workspace, "@ada @bob 2h")
    workspace.clock.forward(hours=1, seconds=5)
    bob.clicks("I'm up", "@watchbill")
    workspace.clock.forward(hours=1)
    channel.expects("Briefing of INC-1*")
    offer = channel.expects("@bob, your shift in command of *INC-1*")
    ada.types("/incident rota extend 1h", channel).says("Command rota")
    channel.expects("the next boundary moved by 1 h")
    assert channel.again(offer).has("was withdrawn (the shift before was extended)", "@ada has command")
    workspace.clock.forward(minutes=59)
    channel.expects_nothing()
    workspace.forgive()
    workspace.clock.forward(minutes=1)
    channel.expects("@bob, your shift in command of *INC-1*")


def test_the_outgoing_of_a_short_shift_may_extend_too(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = rotas.begin(workspace, "@ada @bob @eve 50m")
    first = workspace.dm("ada").expects("Bob Kahn takes command of *INC-1*", "Will it be over soon?")
    assert first.buttons == ["Extend 20 min", "Write the briefing…"]
    bob.clicks("I'm up", "@watchbill") if workspace.dm("bob").unexpected() else None
    workspace.clock.forward(minutes=50, seconds=5)
    _forget(workspace)
    offer = channel.expects("@bob, your shift in command of *INC-1*")
    workspace.dm("bob").expects_nothing()
    bob.presses("I have command", offer).says("You have command", "Next handoff: @eve")
    out = workspace.dm("bob").expects("Eve Moreau takes command of *INC-1*", "Will it be over soon?")
    workspace.dm("ada").expects("You are relieved")
    bob.types("/incident role deputy @ada", channel)
    ada.presses("Extend 20 min", first).says("That is not the next boundary any more.")
    bob.types("/incident rota extend 1h", channel).says("@eve less than 30 minutes", "`/incident rota extend 1h all`")
    shown = bob.presses("Extend 20 min", out).says("Command rota of INC-1*")
    assert shown.buttons == ["Change the rota…", "Hand over…"], "it can't be moved any further"
    channel.expects("the next boundary moved by 20 min (Bob Kahn)")
    workspace.forgive("messages")


def _forget(workspace: Workspace) -> None:
    """What the table says before a boundary: of this it is not about."""
    for handle in ("ada", "bob", "eve"):
        for message in workspace.dm(handle).unexpected():
            workspace.ledger.consume(message)
