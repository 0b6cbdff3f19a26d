"""The bot is away when something is due: it is told once, late and saying so, and never twice."""

from tests.harness import Workspace
from tests.scenarios import rotas


def test_away_over_one_step_says_the_latest(workspace: Workspace) -> None:
    channel = rotas.begin(workspace, "@ada @bob @eve 2h")
    workspace.bot.stop()
    assert workspace.doors.get("/control/bot")["exit_code"] == 0, "a stop is clean"
    assert workspace.person("ada").types("/incident list").error == "dispatch_failed"
    workspace.clock.forward(minutes=100)
    workspace.bot.start()
    workspace.person("ada").types("/incident list").says("INC-1")
    workspace.dm("bob").expects("*Are you up?*", "in 20 min, you take command of *INC-1*")
    workspace.dm("ada").expects_nothing()
    workspace.person("bob").clicks("I'm up", "@watchbill").says("Good morning.")
    workspace.clock.forward(minutes=6)
    channel.expects("Briefing of INC-1*, *draft*")
    workspace.clock.forward(minutes=15)
    assert "late" not in channel.expects("@bob, your shift").text
    workspace.person("bob").clicks("I have command", channel)
    workspace.dm("ada").expects("You are relieved")


def test_away_over_several_shifts_offers_the_running_one(workspace: Workspace) -> None:
    channel = rotas.begin(workspace, "@ada @bob @eve 1h")
    _hour_before(workspace)
    workspace.bot.kill()
    workspace.clock.jump(hours=5, minutes=20)
    workspace.bot.start()
    channel.expects("Briefing of INC-1* for Eve Moreau")
    offered = channel.expects("@eve, your shift in command", "20 min late")
    workspace.dm("bob").expects_nothing()
    # The next turn is Ada's own: nobody asks her for it.
    states = workspace.bot.rows(
        "SELECT DISTINCT state FROM reminders WHERE due_at < ?", workspace.clock.now.isoformat(sep=" ")
    )
    assert "pending" not in {row["state"] for row in states}
    workspace.clock.forward(minutes=12)
    workspace.dm("ada").expects("Eve Moreau has not accepted command")
    workspace.dm("eve").expects("Your shift in command of *INC-1* Checkout is down began")
    workspace.clock.forward(minutes=29)
    workspace.forgive()
    # Ada has held command all along: at her own turn nobody tells her to take it, and the old offer ends.
    assert channel.again(offered).has("has expired", "@ada has command")
    assert rotas.commander(workspace) == "ada"


def _hour_before(workspace: Workspace) -> None:
    """Shifts of an hour: the hour before the first boundary begins at once."""
    workspace.dm("bob").expects("*Are you up?* You take command of *INC-1*")
    workspace.dm("ada").expects("Bob Kahn takes command of *INC-1*")


def test_killed_at_any_moment_of_a_handoff(workspace: Workspace) -> None:
    channel = rotas.begin(workspace, "@ada @bob @eve 1h")
    _hour_before(workspace)
    bob = workspace.person("bob")
    bob.clicks("I'm up", "@watchbill").says("Good morning.")
    workspace.clock.forward(minutes=46)
    channel.expects("Briefing of INC-1*")
    workspace.bot.kill()
    workspace.bot.start()
    workspace.faults.add(on="chat.postMessage", phase="after", do="kill_bot")
    workspace.clock.forward(minutes=15)
    assert workspace.bot.state == "stopped"
    workspace.bot.start()
    workspace.clock.forward(minutes=3)
    offer = channel.expects("@bob, your shift in command")
    workspace.faults.add(on="chat.update", phase="before", do="kill_bot")
    bob.presses("I have command", offer)
    assert workspace.bot.state == "stopped"
    workspace.bot.start()
    workspace.clock.forward(minutes=3)
    bob.answers()
    assert channel.again(offer).has("@bob *has command*")
    workspace.dm("ada").expects("You are relieved")
    assert channel.card().has("*Incident commander*\n@bob")
    workspace.forgive("messages")


def test_killed_while_declaring(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    workspace.faults.add(on="conversations.create", phase="after", do="kill_bot")
    ada.types("/incident declare Checkout is down").says("Declaring *INC-1*")
    workspace.bot.start()
    workspace.clock.forward(minutes=2)
    assert workspace.incident_channels() == ["#inc-1-checkout-is-down"]
    channel = workspace.channel("#inc-1-checkout-is-down")
    channel.card()
    assert "ada" in channel.members
    assert channel.topic == "sev2 · investigating · IC Ada Lovelace"
    workspace.channel("#incidents").expects("INC-1")
