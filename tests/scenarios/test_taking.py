"""Taking command: the holder is asked first; silence, absence or a commander's reason decides."""

from tests.harness import Message, Place, Starter, Workspace
from tests.scenarios import rotas

WITH_CHEN = '[groups]\ncommanders = ["U0CHEN0000"]\n'
ASKS = "asks you for command of *INC-1* Checkout is down: Ada is on a plane"


def _asked(workspace: Workspace, severity: str = "sev2") -> tuple[Place, Message]:
    """Ada commands, Bob asks her for it: her channel, and what she is asked."""
    channel = workspace.person("ada").declares(f"Checkout is down {severity}")
    person = workspace.person("bob")
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


def test_the_holder_keeps_it_then_is_silent_and_the_next_one_hands_over(workspace: Workspace) -> None:
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

    # Silence lets the asker take it.
    bob.types("/incident command take It is urgent now", channel).says("@ada is asked for command")
    dm = workspace.dm("ada").expects("Bob Kahn asks you for command")
    workspace.clock.forward(minutes=4, seconds=50)
    workspace.dm("bob").expects_nothing()
    workspace.clock.forward(seconds=15)
    free = workspace.dm("bob").expects("Ada Lovelace has not answered. You may take command of *INC-1*")
    assert free.buttons == ["Take command now"]
    assert rotas.commander(workspace) == "ada", "it is theirs to take, and not given"
    bob.presses("Take command now", free).says("You have command of *INC-1* Checkout is down.")
    channel.expects("Bob Kahn *has taken command* of INC-1: It is urgent now")
    workspace.dm("ada").expects("You are relieved: Bob Kahn has taken command of *INC-1* (It is urgent now)", "Rest")
    ada.presses("I keep it", dm).says("@bob has taken command already")
    ada.types("/incident command", channel).says("@bob is in command", "took it after 5 min: It is urgent now")
    workspace.clock.forward(minutes=15)
    channel.expects_nothing()
    workspace.dm("bob").expects_nothing()

    # Bob hands over when he is asked.
    ada.types("/incident command take Bob is on a boat", channel).says("@bob is asked for command")
    dm = workspace.dm("bob").expects("Ada Lovelace asks you for command")
    workspace.clock.forward(minutes=2)
    bob.presses("Hand over", dm).says("INC-1 has a new IC. Rest well.")
    channel.expects("Ada Lovelace *has command* of INC-1.")
    workspace.dm("bob").expects("You are relieved: Ada Lovelace has command")
    assert channel.card().has("*Incident commander*\n@ada since")
    assert channel.topic == "sev2 · investigating · IC Ada Lovelace"
    bob.presses("I keep it", dm).says("Command was handed over already")
    workspace.clock.forward(minutes=10)
    workspace.dm("ada").expects_nothing()
    bob.types("/incident command", channel).says("@ada is in command", "accepted: Bob is on a boat")


def test_of_two_askers_one_asks_too_early_is_refused_and_sev3_waits_longer(workspace: Workspace) -> None:
    ada, bob, eve = workspace.person("ada"), workspace.person("bob"), workspace.person("eve")
    channel = ada.declares("Checkout is down sev3")
    bob.joins(channel)
    eve.joins(channel)
    answers = workspace.together(
        lambda: bob.types("/incident command take Ada is on a plane", channel),
        lambda: eve.types("/incident command take Ada is on a plane", channel),
    )
    assert sum("@ada is asked for command" in answer for answer in answers) == 1, answers
    assert sum("has asked for command already" in answer for answer in answers) == 1, answers
    first = bob if "@ada is asked" in answers[0] else eve
    assert "for 15 min" in answers[0 if first is bob else 1]
    asked = workspace.dm("ada").expects(ASKS[ASKS.index("asks") :])
    ada.types("/incident command take mine", channel).says("You have command already")
    eve.types("/incident command take", channel)
    eve.sees_form("Command of INC-1")
    eve.closes_form()
    first.clicks("Take command now", channel).says("@ada still has 1", "min to answer")
    first.types("/incident command take now", channel).says(
        "You have asked for command already", "You may take it in 1"
    )
    workspace.clock.forward(minutes=14)
    first.clicks("Take command now", channel).says("@ada still has")
    workspace.dm(first.handle).expects_nothing()
    workspace.clock.forward(minutes=1, seconds=5)
    workspace.dm(first.handle).expects("You may take command")
    first.clicks("Take command now", channel).says("You have command of *INC-1*")
    channel.expects("*has taken command*")
    workspace.dm("ada").expects("You are relieved")
    first.clicks("Take command now", channel).says(f"@{first.handle} has taken command already")
    ada.presses("I keep it", asked).says(f"@{first.handle} has taken command already")


def test_the_holder_who_speaks_again_ends_it_and_both_silent_others_are_asked(workspace_with: Starter) -> None:
    workspace = workspace_with(WITH_CHEN)
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel, _ = _asked(workspace)
    workspace.clock.forward(minutes=15, seconds=10)
    workspace.dm("bob").expects("You may take command")
    workspace.dm("chen").expects("needs you in command")
    ada.types("I am back, the plane has landed", channel)
    workspace.clock.forward(minutes=30)
    workspace.dm("chen").expects_nothing()
    channel.expects_nothing()
    assert rotas.commander(workspace) == "ada"
    workspace.person("chen").clicks("I have command", "@watchbill").says("This offer was withdrawn")

    bob.types("/incident command take Ada is on a plane", channel).says("@ada is asked for command")
    workspace.dm("ada").expects(ASKS)
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
    ada.clicks("Take command", channel)
    ada.submits({"Why?": "I am awake"}).says("@chen is asked for command")
    ada.closes_form()
    asked = workspace.dm("chen").expects("Ada Lovelace asks you for command")
    chen.presses("Hand over", asked).says("INC-1 has a new IC")
    channel.expects("Ada Lovelace *has command* of INC-1.")
    workspace.dm("chen").expects("You are relieved")

    # By the form, which shows that to commanders only.
    workspace.clock.forward(minutes=5)
    bob.clicks("Take command", channel)
    assert "As a commander" not in bob.sees_form("Command of INC-1").inputs
    bob.closes_form()
    chen.clicks("Take command", channel)
    chen.submits({"Why?": "Ada sleeps", "As a commander": ["relieve"]}).says("You have command of *INC-1*")
    chen.closes_form()
    channel.expects("Chen Wei *has relieved", "Ada sleeps")
    workspace.dm("ada").expects("You are relieved", "Ada sleeps")

    # Whom it is offered to and who gets it otherwise has it.
    workspace.clock.forward(minutes=5)
    chen.types("/incident handoff @ada", channel)
    channel.expects("Briefing of INC-1")
    channel.expects("@ada, Chen Wei offers you command")
    ada.clicks("I have command", channel).says("You have command of *INC-1*")
    workspace.dm("chen").expects("You are relieved: Ada Lovelace")
    ada.types("/incident handoff @chen", channel)
    channel.expects("Briefing of INC-1")
    offer = channel.expects("@chen, Ada Lovelace offers you command")
    chen.types("/incident command relieve Ada has been up for 21 hours", channel).says("You have command of *INC-1*")
    assert channel.again(offer).has("@chen *has command* of INC-1 Checkout is down.")
    assert "withdrawn" not in channel.again(offer).text
    channel.expects("Chen Wei *has relieved the one before, and has command* of INC-1: Ada has been up for 21 hours")
    workspace.dm("ada").expects("You are relieved: Chen Wei relieves you", "21 hours")
    assert workspace.bot.one("SELECT state FROM handoffs ORDER BY id DESC LIMIT 1") == "accepted"
    assert workspace.bot.one("SELECT how FROM tenures ORDER BY id DESC LIMIT 1") == "relieved"


def test_a_holder_out_of_the_channel_or_deactivated_is_not_waited_for(workspace: Workspace) -> None:
    ada, bob, eve = workspace.person("ada"), workspace.person("bob"), workspace.person("eve")
    channel = ada.declares("Checkout is down sev3")
    bob.joins(channel)
    eve.joins(channel)
    ada.leaves(channel)
    workspace.dm("ada").expects("*Are you there?* You left")
    asked = bob.types("/incident command take Ada is gone", channel).says("@ada can't answer: you may take command")
    assert asked.buttons == ["Take command now"]
    workspace.dm("ada").expects_nothing()
    bob.clicks("Take command now", channel).says("You have command of *INC-1*")
    channel.expects("Bob Kahn *has taken command* of INC-1: Ada is gone")
    workspace.dm("ada").expects("You are relieved: Bob Kahn has taken command")
    bob.types("/incident command", channel).says("took it: Ada is gone")

    workspace.change_person("bob", deleted=True)
    channel.expects("*Nobody has accepted command of INC-1*")
    eve.clicks("Take command", channel)
    form = eve.submits({"Why?": "Bob has left"}).says("can't answer: you may take command")
    assert form.buttons == ["Take command now"]
    eve.clicks("Take command now", "form")
    workspace.settle()
    channel.expects("Eve Moreau *has taken command*")
    assert rotas.commander(workspace) == "eve"
    workspace.forgive("messages")


def test_an_offer_settles_what_was_asked(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel, dm = _asked(workspace, "sev3")
    ada.types("/incident handoff @eve", channel)
    channel.expects("Briefing of INC-1")
    channel.expects("@eve, Ada Lovelace offers you command")
    eve = workspace.person("eve")
    eve.clicks("I have command", channel).says("You have command")
    workspace.dm("ada").expects("You are relieved: Eve Moreau")
    ada.presses("Hand over", dm).says("Command has moved meanwhile")
    workspace.clock.forward(minutes=16)
    workspace.dm("bob").expects_nothing()

    # The asker to whom it was offered meanwhile takes it.
    bob.types("/incident command take Eve is on a boat", channel).says("@eve is asked for command")
    dm = workspace.dm("eve").expects("Bob Kahn asks you for command")
    eve.types("/incident handoff @bob", channel)
    channel.expects("Briefing of INC-1")
    offer = channel.expects("@bob, Eve Moreau offers you command")
    eve.presses("Hand over", dm).says("INC-1 has a new IC")
    assert channel.again(offer).has("@bob *has command* of INC-1 Checkout is down.")
    assert "withdrawn" not in channel.again(offer).text
    channel.expects("Bob Kahn *has command* of INC-1.")
    workspace.dm("eve").expects("You are relieved: Bob Kahn has command")
    bob.types("/incident command", channel).says("@bob is in command")

    # Asking for what is offered is accepting.
    bob.types("/incident handoff @ada")
    channel.expects("Briefing of INC-1")
    offer = channel.expects("@ada, Bob Kahn offers you command")
    ada.types("/incident command take I am here", channel).says("You have command of *INC-1*")
    assert channel.again(offer).has("@ada *has command*")
    workspace.dm("bob").expects("You are relieved: Ada Lovelace has command")
    ada.types("/incident resolve", channel)
    channel.expects("*resolved*")
