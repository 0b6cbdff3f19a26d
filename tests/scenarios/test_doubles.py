"""The same thing twice, or two people at once: one does it, the other is told."""

from functools import partial

from tests.harness import Workspace


def test_a_lost_ack_tells_the_person_and_nothing_is_doubled_and_two_resolve_at_once(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    workspace.faults.add(on="ack", do="drop")
    lost = ada.types("/incident declare Checkout is down")
    assert lost.error == "operation_timeout"
    assert len(workspace.incident_channels()) == 1
    channel = workspace.channel("#inc-1-checkout-is-down")
    channel.card()
    assert "ada" in channel.members
    workspace.channel("#incidents").expects("INC-1")
    ada.answers()
    ada.here = channel.id
    bob.joins(channel)
    answers = workspace.together(lambda: ada.types("/incident resolve"), lambda: bob.types("/incident resolve"))
    texts = [answer.text for answer in answers]
    assert sum("INC-1 is resolved.\n" in text and "already" not in text for text in texts) == 1, texts
    assert sum("INC-1 is resolved already" in text for text in texts) == 1, texts
    channel.expects("*resolved*")
    assert workspace.bot.one("SELECT count(*) FROM timeline WHERE text LIKE 'Resolved%'") == 1


def test_many_declare_at_once(workspace: Workspace) -> None:
    people = [workspace.person(handle) for handle in ("ada", "bob", "eve", "chen", "dana", "indu")]
    answers = workspace.together(*[partial(person.types, "/incident declare Checkout is down") for person in people])
    assert len({answer.text.split("*")[1] for answer in answers}) == 6
    for number in range(1, 7):
        workspace.channel(f"#inc-{number}-checkout-is-down").card()
        workspace.channel("#incidents").expects(f"INC-{number}*")
    for person in people:
        # When six come at once, a link may overtake the answer that it replaces: then it stands by itself.
        assert all("Checkout is down" in text for text in person.answers())


def test_a_command_delivered_twice_answers_the_same(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    first = ada.types("/incident declare Checkout is down").says("Declaring *INC-1*")
    assert workspace.redeliver("last_command") in first.text
    assert workspace.incident_channels() == ["#inc-1-checkout-is-down"]
    channel = workspace.channel("#inc-1-checkout-is-down")
    channel.card()
    workspace.channel("#incidents").expects("INC-1")
    note = ada.types("/incident decision we fail over", channel)
    channel.expects("we fail over")
    assert workspace.redeliver("last_command") in note.text
    ada.types("/incident resolve", channel).says("INC-1 is resolved")
    channel.expects("*resolved*")
    assert workspace.redeliver("last_command") == "INC-1 is resolved."
    assert workspace.bot.one("SELECT count(*) FROM timeline") == 3
    workspace.bot.restart()
    assert workspace.redeliver("last_command") == "INC-1 is resolved."
    channel.expects_nothing()


def test_a_form_and_a_click_delivered_twice(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    ada.types("/incident declare")
    ada.submits({"What is broken?": "Checkout is down", "Severity": "sev2"}).says("INC-1")
    workspace.redeliver("last_interaction")
    assert workspace.incident_channels() == ["#inc-1-checkout-is-down"]
    ada.closes_form()
    channel = workspace.channel("#inc-1-checkout-is-down")
    channel.card()
    workspace.channel("#incidents").expects("INC-1")
    bob.clicks("Join", "#incidents").says("You are in INC-1")
    workspace.redeliver("last_interaction")
    assert channel.members.count("bob") == 1
    assert all("You are in INC-1: " in answer for answer in bob.answers()), "the second delivery answers as the first"
    workspace.redeliver("last_event")
    channel.expects_nothing()


def test_a_handoff_delivered_twice_is_one(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down sev3")
    ada.types("/incident handoff", channel)
    ada.submits({"To whom?": bob.id, "What worries you?": "The replica lags"})
    workspace.redeliver("last_interaction")
    channel.expects("Briefing of INC-1", "The replica lags")
    channel.expects("@bob, Ada Lovelace offers you command")
    bob.clicks("I have command", channel).says("You have command of *INC-1*")
    workspace.redeliver("last_interaction")
    assert all("You have command of *INC-1*" in answer for answer in bob.answers())
    workspace.dm("ada").expects("You are relieved")
    ada.types("/incident command take I am back", channel).says("@bob is asked for command")
    assert "is asked for command" in workspace.redeliver("last_command")
    workspace.dm("bob").expects("Ada Lovelace asks you for command")
    bob.types("/incident rota start @bob @ada 8h", channel).says("Command rota")
    assert "Command rota" in workspace.redeliver("last_command")
    channel.expects("Command rota of INC-1")
    for person in (ada, bob):
        workspace.dm(person.handle).expects("Your shifts in command")
    assert workspace.bot.one("SELECT count(*) FROM rotas") == 1
    assert workspace.bot.one("SELECT count(*) FROM tenures") == 2
