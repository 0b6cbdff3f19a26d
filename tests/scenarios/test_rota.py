"""The rota: started, changed and stopped, in one line and by forms; and who is told what of it."""

from tests.harness import Place, Workspace
from tests.scenarios import rotas


def _plan(workspace: Workspace, role: str = "ic", many: int = 6) -> list[str]:
    """Who takes the next shifts."""
    query = (
        "SELECT shifts.person FROM shifts JOIN rotas ON rotas.id = shifts.rota"
        " WHERE rotas.role = ? AND rotas.stopped_at IS NULL ORDER BY position LIMIT ?"
    )
    return [workspace.name_of(row["person"]) for row in workspace.bot.rows(query, role, many)]


def _changed(workspace: Workspace, channel: Place, words: str, *told: str) -> None:
    """The channel hears of it, and exactly these people by DM, once."""
    channel.expects(f"Command rota of INC-1: {words}")
    rotas.told(workspace, *told)
    for handle in ("ada", "bob", "eve", "chen"):
        assert not workspace.dm(handle).exists or not workspace.dm(handle).unexpected(), handle
    channel.expects_nothing()


def test_the_rota_is_changed_by_one_line(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = rotas.begin(workspace, "@ada @bob @eve 8h")
    before = rotas.boundaries(workspace)
    ada.types("/incident rota swap @bob @eve", channel).says("Command rota of INC-1*")
    _changed(workspace, channel, "Bob Kahn and Eve Moreau swapped their next shifts", "bob", "eve")
    assert _plan(workspace) == ["ada", "eve", "bob", "ada", "bob", "eve"]
    assert rotas.boundaries(workspace) == before
    ada.types("/incident rota swap @bob", channel).says("Two people swap")
    ada.types("/incident rota swap @bob @chen", channel).says("@chen has no shift to come")
    ada.types("/incident rota swap", channel).says("Which two trade their next shifts?")
    ada.types("/incident rota swap @bob @eve", channel)
    _changed(workspace, channel, "Bob Kahn and Eve Moreau swapped their next shifts", "bob", "eve")
    assert _plan(workspace) == ["ada", "bob", "eve"] * 2

    ada.types("/incident rota add @chen", channel).says("Command rota of INC-1*", "@chen")
    _changed(workspace, channel, "Chen Wei joined (Ada Lovelace).", "bob", "eve", "chen")
    assert "chen" in channel.members
    assert _plan(workspace) == ["ada", "bob", "eve", "chen", "ada", "bob"]
    ada.types("/incident rota remove @bob", channel).says("Command rota of INC-1*")
    assert _plan(workspace) == ["ada", "eve", "chen", "ada", "eve", "chen"]
    channel.expects("Command rota of INC-1: Bob Kahn left", "Next handoff: Eve Moreau")
    workspace.dm("bob").expects("You have no shift in command of *INC-1* Checkout is down any more")
    rotas.told(workspace, "eve", "chen")
    assert rotas.boundaries(workspace)[: len(before)] == before, "no boundary moves"
    ada.types("/incident rota remove @bob", channel).says("@bob is not in this rota")
    ada.types("/incident rota add @eve", channel).says("@eve is in this rota already")
    ada.types("/incident rota remove @ada", channel).says(
        "@ada holds command now", "Hand over first: `/incident handoff`"
    )

    ada.types("/incident rota extend 1h", channel).says("Command rota of INC-1*")
    channel.expects("Command rota of INC-1: the next boundary moved by 1 h (Ada Lovelace).", "Next handoff: Eve Moreau")
    rotas.told(workspace, "eve")
    assert rotas.boundaries(workspace)[:4] == [0, 9, 16, 24], "Eve's turn is shorter, the others are as they were"
    ada.types("/incident rota extend 30m all", channel)
    channel.expects("the next boundary moved by 30 min, later ones too")
    rotas.told(workspace, "eve", "chen")
    assert rotas.boundaries(workspace)[:4] == [0, 9.5, 16.5, 24.5]
    ada.types("/incident rota extend 7h", channel).says("@eve less than 30 minutes", "/incident rota extend 1h all")
    ada.types("/incident rota extend", channel).says("By how much?")
    ada.types("/incident rota extend 1m", channel).says("by 5 minutes to 24 hours")
    ada.types("/incident rota extend soon", channel).says("By how much?")

    ada.types("/incident rota remove @eve", channel).says("Command rota")
    channel.expects("Eve Moreau left")
    workspace.dm("eve").expects("You have no shift")
    rotas.told(workspace, "chen")
    ada.types("/incident rota remove @chen", channel).says("one person in the rota", "/incident rota stop")
    workspace.dm("ada").expects_nothing()


def test_a_rota_that_stops_is_suggested_anew(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = rotas.begin(workspace, "@ada @bob 8h", "Checkout is down sev2")
    workspace.clock.forward(hours=1)
    ada.types("/incident rota stop", channel)
    channel.expects("Command rota of INC-1: stopped")
    workspace.dm("bob").expects("You have no shift")
    for _ in range(4):
        ada.types("still here", channel)
        workspace.clock.forward(minutes=59)
    workspace.dm("ada").expects_nothing()
    workspace.clock.forward(minutes=5)
    workspace.dm("ada").expects("nobody is planned after you")
    workspace.forgive("messages")


def test_a_restarted_rota_replaces_all_that_was_planned(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = rotas.begin(workspace, "@ada @bob 2h")
    workspace.clock.forward(minutes=30)
    ada.types("/incident rota start @ada @eve 3h", channel).says("3 h each")
    channel.expects("Command rota of INC-1: Ada Lovelace → Eve Moreau, 3 h each")
    rotas.told(workspace, "ada", "eve")
    workspace.dm("bob").expects("You have no shift in command of *INC-1*")
    workspace.clock.forward(hours=1, minutes=55)
    workspace.dm("bob").expects_nothing()
    channel.expects_nothing()
    workspace.clock.forward(minutes=6)
    workspace.dm("eve").expects("*Are you up?*")
    workspace.dm("ada").expects("Eve Moreau takes command")
    ada.types("/incident rota stop", channel).says("has no rota for command", "/incident rota start @ada @bob 8h")
    channel.expects("Command rota of INC-1: stopped (Ada Lovelace). Ada Lovelace stays in command.")
    workspace.dm("eve").expects("You have no shift in command of *INC-1*")
    ada.types("/incident rota stop", channel).says("INC-1 has no rota", "Start one")
    workspace.clock.forward(hours=4)
    channel.expects_nothing()
    for handle in ("ada", "bob", "eve"):
        workspace.dm(handle).expects_nothing()


def test_any_role_can_have_one(workspace: Workspace) -> None:
    ada, bob, eve = workspace.person("ada"), workspace.person("bob"), workspace.person("eve")
    channel = ada.declares("Checkout is down sev3")
    ada.types("/incident rota for communications start @bob @eve 4h").says("Communications rota of INC-1*, 4 h each")
    channel.expects("Communications rota of INC-1: Bob Kahn → Eve Moreau, 4 h each")
    for handle in ("bob", "eve"):
        workspace.dm(handle).expects("Your shifts in communications of *INC-1*")
    offer = channel.expects("@bob, your shift in communications of *INC-1*")
    assert offer.buttons == ["I have communications", "I can't"]
    bob.presses("I have communications", offer).says("You have communications of *INC-1*")
    assert channel.again(offer).has("@bob *has communications*")
    assert channel.card().has("*Communications*\n@bob", "*Incident commander*\n@ada")
    workspace.clock.forward(hours=3, seconds=5)
    workspace.dm("eve").expects("You take communications of *INC-1*")
    workspace.dm("bob").expects("Eve Moreau takes communications of *INC-1*")
    workspace.clock.forward(minutes=59)
    # Nobody is woken for anything but command.
    workspace.dm("eve").expects_nothing()
    workspace.clock.forward(minutes=1)
    channel.expects("Briefing of INC-1*, communications")
    second = channel.expects("@eve, your shift in communications", "@bob has it until")
    workspace.clock.forward(minutes=10)
    workspace.dm("bob").expects("Eve Moreau has not accepted communications")
    late = workspace.dm("eve").expects("Your shift in communications of *INC-1* Checkout is down began")
    eve.presses("I have communications", late).says("You have communications")
    workspace.dm("bob").expects("You are relieved: Eve Moreau has communications")
    assert channel.again(second).has("@eve *has communications*")
    ada.types("/incident rota for communications").says("Communications rota of INC-1*", "*Held by*")
    ada.types("/incident rota").says("has no rota for command")
    ada.types("/incident rota for comms add @ada").says("There is no such role")
    ada.types("/incident rota for communications sideways").says("I don't know `rota sideways`")
    ada.types("/incident rota for communications stop").says("has no rota for communications")
    channel.expects("Communications rota of INC-1: stopped")
    workspace.dm("bob").expects("You have no shift in communications")
    workspace.dm("eve").expects("You have no shift in communications")
    assert rotas.commander(workspace) == "ada"


def test_a_rota_refuses_what_can_not_be_and_is_started_in_one_line_or_by_the_form(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down sev3")
    ada.types("/incident rota start @ada").says("at least two people")
    ada.types("/incident rota start @ada @ada").says("named twice")
    ada.types("/incident rota start @ada @bob 5m").says("30 minutes to 24 hours")
    ada.types("/incident rota start @ada @bob 99h").says("30 minutes to 24 hours")
    ada.types("/incident rota start @ada @bob soon").says("`soon` is not the length of a shift")
    ada.types("/incident rota start @ada @nobody").says("I don't know @nobody", "Pick people from Slack's list")
    ada.types("/incident rota start @ada @bob 8h 16:00").says("some people and how long")
    ada.types("/incident rota start @ada @bob from noon").says("I don't understand `noon` as a time", "16:00")
    ada.types("/incident rota start @ada @bob from 25:00").says("There is no 25:00 on a clock")
    ada.types("/incident rota for").says("A rota for which role?")
    ada.types("/incident rota @ada @bob").says("Do you want to start a rota", "rota start")
    ada.types("/incident rota extnd 1h").says("I don't know `rota extnd`", "Did you mean `rota extend`?")
    ada.types("/incident rota extend 1h").says("INC-1 has no rota")
    channel.expects_nothing()
    ada.types("/incident rota start @ada and @bob 1h30m").says("1 h 30 min each")
    channel.expects("1 h 30 min each")
    rotas.told(workspace, "ada", "bob")
    # A day is said in hours.
    ada.types("/incident rota start @ada @bob 24h", channel).says("Command rota of INC-1*, 24 h each")
    channel.expects("Command rota of INC-1: Ada Lovelace → Bob Kahn, 24 h each")
    rotas.told(workspace, "ada", "bob")
    ada.types("/incident timeline", channel).says("24 h each")
    ada.types("/incident rota stop", channel)
    channel.expects("Command rota of INC-1: stopped")
    workspace.dm("bob").expects("You have no shift")

    # The form starts one.
    ada.types("/incident rota").says("INC-1 has no rota for command")
    ada.clicks("Start a rota", channel)
    form = ada.sees_form("Start a rota")
    assert form.initial("Who takes turns, in this order?") == [ada.id]
    assert form.initial("How long is a shift?") == "8h"
    bob, eve = workspace.person("bob").id, workspace.person("eve").id
    answers = {"Who takes turns, in this order?": [ada.id], "How long is a shift?": "4h", "From when?": ""}
    wrong = ada.submits(answers).errors
    assert "at least two people" in wrong["Who takes turns, in this order?"]
    ada.submits({**answers, "Who takes turns, in this order?": [ada.id, bob, eve]}).says("Command rota of INC-1*, 4 h")
    ada.closes_form()
    channel.expects("Command rota of INC-1: Ada Lovelace → Bob Kahn → Eve Moreau, 4 h each")
    rotas.told(workspace, "ada", "bob", "eve")


def test_the_form_changes_one_and_two_may_do_so_at_once(workspace: Workspace) -> None:
    ada, bob, eve, chen = (workspace.person(handle) for handle in ("ada", "bob", "eve", "chen"))
    channel = rotas.begin(workspace, "@ada @bob @eve 8h")
    shown = ada.types("/incident rota", channel)
    assert shown.buttons == ["Change the rota…", "Extend 1 h", "Hand over…"]
    ada.clicks("Change the rota", channel)
    assert ada.sees_form("Change the rota").initial("Who takes turns?") == [ada.id, bob.id, eve.id]
    assert ada.submits({"Who takes turns?": [bob.id, eve.id]}).errors == {
        "Who takes turns?": "Ada Lovelace holds command now. Hand over first: /incident handoff"
    }
    ada.submits({"Who takes turns?": [ada.id, eve.id, chen.id]})
    channel.expects("Chen Wei joined")
    channel.expects("Bob Kahn left")
    workspace.dm("bob").expects("You have no shift in command")
    rotas.told(workspace, "eve", "chen")
    assert _plan(workspace, many=4) == ["ada", "eve", "chen", "ada"]
    ada.clicks("Extend 1 h", channel).says("Command rota of INC-1*")
    channel.expects("the next boundary moved by 1 h")
    rotas.told(workspace, "eve")

    # Two change it at once.
    ada.types("/incident rota start @ada @bob @eve 8h", channel)
    channel.expects("Command rota of INC-1: Ada Lovelace → Bob Kahn → Eve Moreau, 8 h each")
    ada.types("/incident role deputy @eve", channel)
    channel.expects("@eve is now *deputy*")
    ada.types("/incident rota", channel)
    eve.types("/incident rota", channel)
    ada.clicks("Change the rota", channel)
    eve.clicks("Change the rota", channel)
    # Ada adds Chen; Eve, who does not know of Chen yet, takes Bob away: both happen.
    ada.submits({"Who takes turns?": [ada.id, bob.id, eve.id, chen.id]})
    eve.submits({"Who takes turns?": [ada.id, eve.id]})
    channel.expects("Chen Wei joined (Ada Lovelace)")
    channel.expects("Bob Kahn left (Eve Moreau)")
    assert _plan(workspace, many=4) == ["ada", "eve", "chen", "ada"]
    workspace.together(
        lambda: ada.types("/incident rota extend 1h", channel),
        lambda: eve.types("/incident rota extend 1h", channel),
    )
    assert rotas.boundaries(workspace)[:2] == [0, 10]
    ada.clicks("Change the rota", channel)
    eve.types("/incident rota start @ada @eve 4h", channel)
    errors = ada.submits({"Who takes turns?": [ada.id, eve.id]}).errors
    assert "Another rota was started meanwhile" in errors["Who takes turns?"]
    ada.closes_form()
    workspace.forgive("messages")
