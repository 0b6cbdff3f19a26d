"""Taking command: the holder is asked first; silence, absence or a commander's reason decides."""

from tests.harness import Message, Place, Starter, Workspace
from tests.scenarios import rotas

WITH_CHEN = '[groups]\ncommanders = ["U0CHEN0000"]\n'
ASKS = "asks you for command of *INC-1* Checkout is down: Ada is on a plane"


def _asked(workspace: Workspace, severity: str = "sev2", by: str = "bob") -> tuple[Place, Message]:
    """Ada commands, Bob asks her for it: her channel, and what she is asked."""
    channel = workspace.person("ada").declares(f"Checkout is down {severity}")
    person = workspace.person(by)
    person.joins(channel)
    person.clicks("Take command", channel)
    form = person.sees_form("Command of INC-1")
    assert "@ada" not in form.title
    answer = person.submits({"Why?": "Ada is on a plane"})
    minutes = "15 min" if severity in {"sev3", "sev4"} else "5 min"
    answer.says("is asked for command of *INC-1*", f"If nothing is said for {minutes}")
    person.closes_form()
    dm = workspace.dm("ada").expects(ASKS, f"If you say nothing for {minutes}, they may take it.")
    assert dm.buttons == ["Hand over", "I keep it"]
    channel.expects_nothing()
    return channel, dm


def test_the_holder_hands_over(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel, dm = _asked(workspace)
    workspace.clock.forward(minutes=2)
    ada.presses("Hand over", dm).says("INC-1 has a new IC. Rest well.")
    channel.expects("Bob Kahn *has command* of INC-1.")
    workspace.dm("ada").expects("You are relieved: Bob Kahn has command")
    assert channel.card().has("*Incident commander*\n@bob since")
    assert channel.topic == "sev2 · investigating · IC Bob Kahn"
    ada.presses("I keep it", dm).says("Command was handed over already")
    workspace.clock.forward(minutes=10)
    workspace.dm("bob").expects_nothing()
    bob.types("/incident command", channel).says("@bob is in command", "accepted: Ada is on a plane")


def test_the_holder_keeps_it(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel, dm = _asked(workspace)
    ada.presses("I keep it", dm).says("Command of INC-1 stays yours.")
    workspace.dm("bob").expects("Ada Lovelace keeps command of *INC-1* Checkout is down.")
    ada.presses("Hand over", dm).says("@ada has decided to keep command")
    workspace.clock.forward(minutes=20)
    workspace.dm("bob").expects_nothing()
    channel.expects_nothing()
    assert rotas.commander(workspace) == "ada"
    ada.types("/incident timeline", channel).says("@bob asks @ada for command: Ada is on a plane", "keeps command")
    bob.types("/incident command take It is urgent now", channel).says("@ada is asked for command")
    workspace.dm("ada").expects("Bob Kahn asks you for command")


def test_silence_lets_the_asker_take_it(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel, dm = _asked(workspace)
    workspace.clock.forward(minutes=4, seconds=50)
    workspace.dm("bob").expects_nothing()
    workspace.clock.forward(seconds=15)
    free = workspace.dm("bob").expects("Ada Lovelace has not answered. You may take command of *INC-1*")
    assert free.buttons == ["Take command now"]
    assert rotas.commander(workspace) == "ada", "it is theirs to take, and not given"
    bob.presses("Take command now", free).says("You have command of *INC-1* Checkout is down.")
    channel.expects("Bob Kahn *has taken command* of INC-1: Ada is on a plane")
    workspace.dm("ada").expects("You are relieved: Bob Kahn has taken command of *INC-1* (Ada is on a plane)", "Rest")
    ada.presses("I keep it", dm).says("@bob has taken command already")
    ada.types("/incident command", channel).says("@bob is in command", "took it after 5 min: Ada is on a plane")
    workspace.clock.forward(minutes=15)
    channel.expects_nothing()
    workspace.dm("bob").expects_nothing()


def test_too_early_is_refused_and_sev3_waits_longer(workspace: Workspace) -> None:
    bob = workspace.person("bob")
    channel = workspace.person("ada").declares("Checkout is down sev3")
    bob.joins(channel)
    bob.types("/incident command take Ada is on a plane", channel).says("@ada is asked", "for 15 min")
    workspace.dm("ada").expects(ASKS)
    bob.clicks("Take command now", channel).says("@ada still has 1", "min to answer")
    bob.types("/incident command take now", channel).says("You have asked for command already", "You may take it in 1")
    workspace.clock.forward(minutes=14)
    bob.clicks("Take command now", channel).says("@ada still has")
    workspace.dm("bob").expects_nothing()
    workspace.clock.forward(minutes=1, seconds=5)
    workspace.dm("bob").expects("You may take command")
    bob.clicks("Take command now", channel).says("You have command of *INC-1*")
    channel.expects("*has taken command*")
    workspace.dm("ada").expects("You are relieved")
    bob.clicks("Take command now", channel).says("@bob has taken command already")


def test_both_silent_and_others_are_asked(workspace_with: Starter) -> None:
    workspace = workspace_with(WITH_CHEN)
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel, _ = _asked(workspace)
    workspace.clock.forward(minutes=5, seconds=5)
    free = workspace.dm("bob").expects("You may take command")
    workspace.clock.forward(minutes=10)
    asked = workspace.dm("chen").expects("needs you in command", "Ada Lovelace, who has command, does not answer")
    bob.presses("Take command now", free).says("Nobody answered in time; others are asked now")
    workspace.clock.forward(minutes=10)
    rotas.heard(workspace, "chen", workspace.clock.now, "needs you in command")
    line = channel.expects("*Nobody has accepted command of INC-1*", "does not answer", "Everybody was asked: Chen Wei")
    workspace.person("chen").presses("I have command", asked).says("You have command of *INC-1*")
    workspace.dm("ada").expects("You are relieved: Chen Wei has command")
    channel.expects("Chen Wei *has command* of INC-1.")
    ada.presses("Take command", line)
    ada.sees_form("Command of INC-1")
    ada.closes_form()
    workspace.clock.forward(minutes=35)
    channel.expects_nothing()


def test_the_holder_who_speaks_again_ends_it(workspace_with: Starter) -> None:
    workspace = workspace_with(WITH_CHEN)
    channel, _ = _asked(workspace)
    workspace.clock.forward(minutes=15, seconds=10)
    workspace.dm("bob").expects("You may take command")
    workspace.dm("chen").expects("needs you in command")
    workspace.person("ada").types("I am back, the plane has landed", channel)
    workspace.clock.forward(minutes=30)
    workspace.dm("chen").expects_nothing()
    channel.expects_nothing()
    assert rotas.commander(workspace) == "ada"
    workspace.person("chen").clicks("I have command", "@watchbill").says("This offer was withdrawn")


def test_a_commander_relieves_at_once(workspace_with: Starter) -> None:
    workspace = workspace_with(WITH_CHEN)
    ada, bob, chen = workspace.person("ada"), workspace.person("bob"), workspace.person("chen")
    channel = ada.declares("Checkout is down")
    bob.joins(channel)
    bob.types("/incident command relieve Ada sleeps", channel).says("Only commanders can do that")
    chen.types("/incident command relieve INC-1", "#general").says("Say why, in a few words")
    chen.types("/incident command relieve INC-1 Ada has been up for 20 hours", "#general").says("You have command of")
    channel.expects("Chen Wei *has relieved the one before, and has command* of INC-1: Ada has been up for 20 hours")
    workspace.dm("ada").expects("You are relieved: Chen Wei relieves you and has command", "(Ada has been up for 20 h")
    assert "chen" in channel.members
    chen.types("/incident command", channel).says("relieved the one before: Ada has been up for 20 hours")
    chen.types("/incident command relieve again", channel).says("You have command already")


def test_a_commander_relieves_by_the_form(workspace_with: Starter) -> None:
    workspace = workspace_with(WITH_CHEN)
    ada, bob, chen = workspace.person("ada"), workspace.person("bob"), workspace.person("chen")
    channel = ada.declares("Checkout is down")
    bob.joins(channel)
    chen.joins(channel)
    bob.clicks("Take command", channel)
    assert "As a commander" not in bob.sees_form("Command of INC-1").inputs
    bob.closes_form()
    chen.clicks("Take command", channel)
    chen.submits({"Why?": "Ada sleeps", "As a commander": ["relieve"]}).says("You have command of *INC-1*")
    chen.closes_form()
    channel.expects("Chen Wei *has relieved")
    workspace.dm("ada").expects("You are relieved")
    ada.clicks("Take command", channel)
    ada.submits({"Why?": "I am awake"}).says("@chen is asked for command")
    ada.closes_form()
    workspace.dm("chen").expects("Ada Lovelace asks you for command")


def test_a_holder_out_of_the_channel_is_not_waited_for(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down sev3")
    bob.joins(channel)
    ada.leaves(channel)
    workspace.dm("ada").expects("*Are you there?* You left")
    asked = bob.types("/incident command take Ada is gone", channel).says("@ada can't answer: you may take command")
    assert asked.buttons == ["Take command now"]
    workspace.dm("ada").expects_nothing()
    bob.clicks("Take command now", channel).says("You have command of *INC-1*")
    channel.expects("Bob Kahn *has taken command* of INC-1: Ada is gone")
    workspace.dm("ada").expects("You are relieved: Bob Kahn has taken command")
    bob.types("/incident command", channel).says("took it: Ada is gone")


def test_a_deactivated_holder_is_not_waited_for(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down sev3")
    bob.joins(channel)
    workspace.change_person("ada", deleted=True)
    channel.expects("*Nobody has accepted command of INC-1*")
    bob.clicks("Take command", channel)
    form = bob.submits({"Why?": "Ada has left"}).says("can't answer: you may take command")
    assert form.buttons == ["Take command now"]
    bob.clicks("Take command now", "form")
    workspace.settle()
    channel.expects("Bob Kahn *has taken command*")
    assert rotas.commander(workspace) == "bob"
    workspace.forgive("messages")


def test_two_askers(workspace: Workspace) -> None:
    ada, bob, eve = workspace.person("ada"), workspace.person("bob"), workspace.person("eve")
    channel = ada.declares("Checkout is down")
    bob.joins(channel)
    eve.joins(channel)
    answers = workspace.together(
        lambda: bob.types("/incident command take me first", channel),
        lambda: eve.types("/incident command take me first", channel),
    )
    assert sum("@ada is asked for command" in answer for answer in answers) == 1, answers
    assert sum("has asked for command already" in answer for answer in answers) == 1, answers
    workspace.dm("ada").expects("asks you for command")
    ada.types("/incident command take mine", channel).says("You have command already")
    bob.types("/incident command take", channel)
    bob.sees_form("Command of INC-1")
    bob.closes_form()


def test_asking_for_what_is_offered_is_accepting(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down sev3")
    ada.types("/incident handoff @bob")
    channel.expects("Briefing of INC-1")
    offer = channel.expects("@bob, Ada Lovelace offers you command")
    bob.types("/incident command take I am here", channel).says("You have command of *INC-1*")
    assert channel.again(offer).has("@bob *has command*")
    workspace.dm("ada").expects("You are relieved: Bob Kahn has command")


def test_whom_it_is_offered_to_and_who_gets_it_otherwise_has_it(workspace_with: Starter) -> None:
    workspace = workspace_with(WITH_CHEN)
    ada, chen = workspace.person("ada"), workspace.person("chen")
    channel = ada.declares("Checkout is down sev3")
    ada.types("/incident handoff @chen", channel)
    channel.expects("Briefing of INC-1")
    offer = channel.expects("@chen, Ada Lovelace offers you command")
    chen.types("/incident command relieve Ada has been up for 20 hours", channel).says("You have command of *INC-1*")
    assert channel.again(offer).has("@chen *has command* of INC-1 Checkout is down.")
    assert "withdrawn" not in channel.again(offer).text
    channel.expects("Chen Wei *has relieved the one before, and has command* of INC-1")
    workspace.dm("ada").expects("You are relieved: Chen Wei relieves you")
    assert workspace.bot.one("SELECT state FROM handoffs") == "accepted"
    assert workspace.bot.one("SELECT how FROM tenures ORDER BY id DESC LIMIT 1") == "relieved"


def test_the_asker_to_whom_it_was_offered_meanwhile_takes_it(workspace: Workspace) -> None:
    bob = workspace.person("bob")
    channel, dm = _asked(workspace, "sev3")
    workspace.person("ada").types("/incident handoff @bob", channel)
    channel.expects("Briefing of INC-1")
    offer = channel.expects("@bob, Ada Lovelace offers you command")
    workspace.person("ada").presses("Hand over", dm).says("INC-1 has a new IC")
    assert channel.again(offer).has("@bob *has command* of INC-1 Checkout is down.")
    assert "withdrawn" not in channel.again(offer).text
    channel.expects("Bob Kahn *has command* of INC-1.")
    workspace.dm("ada").expects("You are relieved: Bob Kahn has command")
    bob.types("/incident command", channel).says("@bob is in command")


def test_handing_over_otherwise_ends_the_question(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel, dm = _asked(workspace, "sev3")
    ada.types("/incident handoff @eve", channel)
    channel.expects("Briefing of INC-1")
    channel.expects("@eve, Ada Lovelace offers you command")
    workspace.person("eve").clicks("I have command", channel).says("You have command")
    workspace.dm("ada").expects("You are relieved: Eve Moreau")
    ada.presses("Hand over", dm).says("Command has moved meanwhile")
    workspace.clock.forward(minutes=16)
    workspace.dm("bob").expects_nothing()
    bob.types("/incident resolve", channel)
    channel.expects("*resolved*")
