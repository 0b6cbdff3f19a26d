"""The bot is away when something is due: it is told once, late and saying so, and never twice."""

from tests.harness import Place, Workspace


def _with_rota(workspace: Workspace, shift: str = "1h") -> Place:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down")
    ada.types(f"/incident rota start @ada @bob @eve {shift}")
    channel.expects("Command rota")
    return channel


def test_away_over_both_reminders_gives_one_late_offer(workspace: Workspace) -> None:
    channel = _with_rota(workspace, "8h")
    workspace.bot.kill()
    workspace.clock.forward(hours=10)
    workspace.bot.start()
    workspace.dm("bob").expects_nothing()
    channel.expects("@bob, your shift in command of *INC-1*", "This comes 2 h late: I was away.")
    soon = workspace.bot.rows("SELECT state, reason FROM reminders WHERE key LIKE '%b-15' ORDER BY id LIMIT 1")[0]
    assert (soon["state"], soon["reason"].endswith(":b")) == ("covered", True)
    workspace.bot.restart()
    channel.expects_nothing()


def test_away_over_the_warning_only(workspace: Workspace) -> None:
    channel = _with_rota(workspace)
    workspace.bot.stop()
    workspace.clock.forward(minutes=50)
    workspace.bot.start()
    workspace.dm("bob").expects("You take command of *INC-1*")
    channel.expects_nothing()
    workspace.clock.forward(minutes=11)
    assert "late" not in channel.expects("@bob, your shift").text


def test_away_over_several_shifts_offers_the_running_one(workspace: Workspace) -> None:
    channel = _with_rota(workspace)
    workspace.bot.kill()
    workspace.clock.jump(hours=5, minutes=20)
    workspace.bot.start()
    offered = channel.expects("@eve, your shift in command", "20 min late")
    for handle in ("ada", "bob", "eve"):
        workspace.dm(handle).expects_nothing()
    states = workspace.bot.rows(
        "SELECT state, count(*) AS many FROM reminders WHERE due_at < ? GROUP BY state ORDER BY state",
        workspace.clock.now.isoformat(sep=" "),
    )
    assert "pending" not in [row["state"] for row in states]
    # Ada has held command all along: at her own turn nobody tells her to take it, and the old offer ends.
    workspace.clock.forward(minutes=45)
    workspace.dm("ada").expects_nothing()
    assert channel.again(offered).has("was withdrawn", "@ada has command")


def test_a_jump_of_the_clock_is_like_being_away(workspace: Workspace) -> None:
    channel = _with_rota(workspace, "8h")
    workspace.clock.jump(hours=9)
    channel.expects("@bob, your shift", "This comes 1 h late")
    workspace.dm("bob").expects_nothing()


def test_killed_at_any_moment_of_a_handoff(workspace: Workspace) -> None:
    channel = _with_rota(workspace)
    workspace.clock.forward(minutes=46)
    workspace.bot.kill()
    workspace.bot.start()
    workspace.dm("bob").expects("You take command")
    workspace.faults.add(on="chat.postMessage", phase="after", do="kill_bot")
    workspace.clock.forward(minutes=15)
    assert workspace.bot.state == "stopped"
    workspace.bot.start()
    workspace.clock.forward(minutes=3)
    offer = channel.expects("@bob, your shift in command")
    workspace.faults.add(on="chat.update", phase="before", do="kill_bot")
    bob = workspace.person("bob")
    bob.presses("I have command", offer)
    assert workspace.bot.state == "stopped"
    workspace.bot.start()
    workspace.clock.forward(minutes=3)
    bob.answers()
    assert channel.again(offer).has("@bob *has command*")
    workspace.dm("ada").expects("You are relieved")
    assert channel.card().has("*Incident commander*\n@bob")


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


def test_a_stop_is_clean_and_quick(workspace: Workspace) -> None:
    channel = _with_rota(workspace)
    workspace.bot.stop()
    assert workspace.doors.get("/control/bot")["exit_code"] == 0
    assert workspace.person("ada").types("/incident list").error == "dispatch_failed"
    workspace.bot.start()
    workspace.person("ada").types("/incident list").says("INC-1")
    channel.expects_nothing()
