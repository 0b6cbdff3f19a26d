"""Command: never vacant, never double, and moved only by who accepts it."""

from datetime import timedelta

from tests.harness import Workspace


def test_a_shift_ends_and_the_next_one_begins(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down")
    started = ada.types("/incident rota start @ada @bob @eve 1h").says("Command rota of INC-1*, 1 h each")
    assert started.text.index("@ada") < started.text.index("@bob") < started.text.index("@eve")
    channel.expects("Command rota of INC-1: @ada → @bob → @eve, 1 h each", "First handoff: @bob")
    assert {"bob", "eve"} <= set(channel.members)
    assert channel.card().has("*Next handoff*\n@bob at")
    boundary = workspace.clock.now + timedelta(hours=1)
    workspace.clock.forward(minutes=44)
    workspace.dm("bob").expects_nothing()
    workspace.clock.forward(minutes=1, seconds=5)
    soon = workspace.dm("bob").expects("You take command of *INC-1* Checkout is down at", "EST", "@ada holds it now")
    assert soon.buttons == []
    channel.expects_nothing()
    workspace.clock.until(boundary)
    offer = channel.expects("@bob, your shift in command of *INC-1*", "@ada holds command until you accept")
    assert "late" not in offer.text
    assert channel.card().has("offered to @bob", "*Incident commander*\n@ada")
    workspace.clock.forward(minutes=5)
    bob.clicks("I have command", channel).says("You have command of *INC-1*", "Next handoff: @eve")
    assert channel.again(offer).has("@bob *has command* of INC-1")
    assert channel.again(offer).buttons == []
    workspace.dm("ada").expects("You are relieved: Bob Kahn has command of INC-1", "You held command 1 h 5 min")
    assert channel.card().has("*Incident commander*\n@bob since", "*Next handoff*\n@eve at")
    assert channel.topic == "sev2 · investigating · IC Bob Kahn"
    assert workspace.channel("#incidents").messages[-1].has("IC @bob since", "Next handoff: @eve")
    ada.types("/incident digest").says("IC @bob for", "then @eve at")
    ada.types("/incident command").says("@bob is in command", "*Command log*", "1 h 5 min, declared", "accepted")
    rows = workspace.bot.rows("SELECT person FROM tenures WHERE role = 'ic' AND ended_at IS NULL")
    assert [row["person"] for row in rows] == [bob.id]


def test_the_first_of_a_rota_is_offered_command_at_once(workspace: Workspace) -> None:
    ada, bob, eve = workspace.person("ada"), workspace.person("bob"), workspace.person("eve")
    channel = ada.declares("Checkout is down")
    ada.types("/incident rota start @bob @ada 8h")
    channel.expects("Command rota of INC-1")
    offer = channel.expects("@bob, your shift in command of *INC-1*")
    eve.joins(channel)
    eve.clicks("I have command", channel).says("offered to @bob, not to you", "/incident command INC-1")
    assert channel.card().has("*Incident commander*\n@ada")
    pressed = workspace.together(
        lambda: bob.presses("I have command", offer, settle=False),
        lambda: bob.presses("I have command", offer, settle=False),
    )
    workspace.settle()
    answers = bob.answers()
    assert [answer.error for answer in pressed].count("") == len(answers)
    assert sum("You have command of" in answer for answer in answers) == 1, answers
    assert sum("You have command already" in answer for answer in answers) == len(answers) - 1
    workspace.dm("ada").expects("You are relieved: Bob Kahn")
    assert workspace.bot.one("SELECT count(*) FROM tenures WHERE role = 'ic'") == 2


def test_nobody_accepts_and_the_next_one_is_offered(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down")
    ada.types("/incident rota start @ada @bob @eve 1h")
    channel.expects("Command rota")
    workspace.clock.forward(hours=2, minutes=1)
    workspace.dm("bob").expects("You take command")
    workspace.dm("eve").expects("You take command")
    first = channel.expects("The offer of command to @bob was withdrawn")
    second = channel.expects("@eve, your shift in command", "@ada holds command until you accept")
    assert first.buttons == []
    bob.types("/incident command", channel).says("@ada is in command")
    workspace.person("eve").presses("I have command", second).says("You have command")
    workspace.dm("ada").expects("You are relieved", "2 h 1 min")


def test_resolving_withdraws_the_open_offer(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down")
    ada.types("/incident rota start @bob @ada 1h")
    channel.expects("Command rota of INC-1")
    offer = channel.expects("@bob, your shift")
    ada.types("/incident resolve")
    channel.expects("*resolved*")
    assert channel.again(offer).has("The offer of command to @bob was withdrawn")
    assert bob.presses("I have command", offer).error == "no_such_element"
    workspace.clock.forward(hours=5)
    channel.expects_nothing()
    workspace.dm("bob").expects_nothing()
    reasons = workspace.bot.rows("SELECT DISTINCT state, reason FROM reminders")
    assert [tuple(row) for row in reasons] == [("superseded", "the incident was resolved")]
    ada.types("/incident rota").says("has no rota")
    ada.types("/incident command").says("nobody is in command", "*Last IC*\n@ada")


def test_a_restarted_rota_replaces_all_reminders(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down")
    ada.types("/incident rota start @ada @bob 1h")
    channel.expects("@ada → @bob")
    workspace.clock.forward(minutes=30)
    ada.types("/incident rota start @ada @eve 2h").says("2 h each")
    channel.expects("@ada → @eve")
    workspace.clock.forward(minutes=80)
    workspace.dm("bob").expects_nothing()
    channel.expects_nothing()
    workspace.clock.forward(minutes=26)
    workspace.dm("eve").expects("You take command")
    ada.types("/incident rota stop").says("has no rota now")
    channel.expects("The command rota of INC-1 was stopped", "@ada stays in command")
    ada.types("/incident rota stop").says("has no rota")
    workspace.clock.forward(hours=4)
    channel.expects_nothing()


def test_a_rota_refuses_what_can_not_be(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down")
    ada.types("/incident rota start @ada").says("at least two people")
    ada.types("/incident rota start @ada @ada").says("named twice")
    ada.types("/incident rota start @ada @bob 5m").says("30 minutes to 24 hours")
    ada.types("/incident rota start @ada @bob 99h").says("30 minutes to 24 hours")
    ada.types("/incident rota start @ada @bob soon").says("`soon` is not the length of a shift")
    ada.types("/incident rota start @ada @nobody").says("`@nobody` is not the length of a shift", "Name people with @")
    ada.types("/incident rota start @ada @bob 8h 16:00").says("some people and how long")
    ada.types("/incident rota for").says("rota")
    channel.expects_nothing()
    ada.types("/incident rota start @ada @bob 1h30m").says("1 h 30 min each")
    channel.expects("1 h 30 min each")
