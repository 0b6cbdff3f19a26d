"""App Home: what waits for somebody, their shifts and roles, what is open; and acting from there."""

from tests.harness import Workspace


def test_a_shift_is_answered_and_command_accepted_from_home(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down sev1")
    assert "My shifts" not in bob.opens_home()
    ada.types("/incident rota start @ada @bob 8h", channel)
    channel.expects("Command rota of INC-1")
    workspace.dm("bob").expects("Your shifts in command")
    shown = bob.sees_home("My shifts", "Command of *INC-1* Checkout is down (sev1)", "EST to", "INC-1* Checkout is down")
    assert "Waiting for you" not in shown
    bob.clicks("I'll be there", "home")
    assert "you take it at" in bob.sees_form("Watchbill").text
    bob.closes_form()
    bob.sees_home("you will be there")
    workspace.clock.forward(hours=7, minutes=31)
    workspace.dm("bob").expects("Are you up?", "until")
    workspace.dm("bob").expects("*Are you up?* At")
    workspace.dm("ada").expects("takes command of *INC-1*", "Extend")
    assert "Waiting for you" in bob.opens_home()
    bob.sees_home("*Are you up?*", "you take command of *INC-1*")
    bob.clicks("I'm up", "home")
    bob.closes_form()
    assert "Waiting for you" not in bob.sees_home("you are up")
    workspace.clock.forward(minutes=30)
    workspace.forgive()
    bob.sees_home("Waiting for you", "Your shift in command of *INC-1* Checkout is down (sev1) began")
    bob.clicks("I have command", "home")
    assert "You have command of *INC-1*" in bob.sees_form("Watchbill").text
    bob.closes_form()
    shown = bob.sees_home("My roles", "Command of *INC-1*")
    assert "Waiting for you" not in shown
    assert channel.card().has("*Incident commander*\n@bob since")


def test_an_offer_is_declined_from_home_and_goes_from_there(workspace: Workspace) -> None:
    ada, eve = workspace.person("ada"), workspace.person("eve")
    channel = ada.declares("Checkout is down")
    eve.opens_home()
    ada.types("/incident handoff @eve", channel)
    workspace.forgive()
    eve.sees_home("Waiting for you", "@ada offers you command of *INC-1* Checkout is down (sev2)")
    eve.clicks("I can't", "home")
    assert "Thank you for saying so" in eve.sees_form("Watchbill").text
    eve.closes_form()
    assert "Waiting for you" not in eve.sees_home("INC-1* Checkout is down")


def test_what_was_withdrawn_meanwhile_is_refused_and_shown_anew(workspace: Workspace) -> None:
    ada, eve = workspace.person("ada"), workspace.person("eve")
    channel = ada.declares("Checkout is down")
    eve.opens_home()
    ada.types("/incident handoff @eve", channel)
    workspace.forgive()
    stale = eve.home_button("I have command")
    ada.types("/incident resolve", channel)
    assert "Waiting for you" not in eve.sees_home("Nothing is open. Quiet is good.")
    assert stale


def test_a_holder_is_asked_for_command_in_their_home(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down")
    bob.joins(channel)
    ada.opens_home()
    bob.opens_home()
    bob.types("/incident command take Ada is on a plane", channel)
    assert "@bob asks you for command of *INC-1* Checkout is down (sev2): Ada is on a plane" in ada.opens_home()
    assert "Waiting for you" not in bob.opens_home(), "the asker waits"
    workspace.forgive()
    ada.clicks("Hand over", "home")
    ada.closes_form()
    assert "My roles" not in ada.sees_home("Open incidents")
    bob.sees_home("My roles", "Command of *INC-1*")


def test_a_trade_is_asked_for_in_home(workspace: Workspace) -> None:
    ada, bob, eve = (workspace.person(one) for one in ("ada", "bob", "eve"))
    channel = ada.declares("Checkout is down")
    ada.types("/incident rota start @ada @bob @eve 8h", channel)
    workspace.forgive()
    bob.opens_home()
    eve.opens_home()
    bob.clicks("I can't", "home")
    bob.closes_form()
    bob.sees_home("you said that you can't: the others are asked")
    asked = next(one for one in (eve, ada) if "Would you?" in one.opens_home())
    asked.clicks("I take it", "home")
    assert "it is yours" in asked.sees_form("Watchbill").text
    asked.closes_form()
    assert "Would you?" not in asked.sees_home("My shifts")


def test_the_card_of_an_open_incident_is_read_in_home(workspace: Workspace) -> None:
    ada, zoe = workspace.person("ada"), workspace.person("zoe")
    for number, words in enumerate(("Search is slow sev3", "Checkout is down sev1"), 1):
        assert ada.declares(words, in_="#general").number == f"INC-{number}"
    home = zoe.opens_home()
    assert home.index("Checkout is down") < home.index("Search is slow"), "the worst is on top"
    zoe.clicks("Card", "home")
    card = zoe.sees_form("INC-2")
    assert "*Incident commander*\n<@U0ADA00000> since" in card.text
    assert "Act on it in" in card.text
    assert not card.inputs


def test_more_than_fits_is_cut_and_said(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    for number in range(23):
        ada.types(f"/incident declare Outage number {number}", "#general", settle=False)
    workspace.settle()
    workspace.forgive()
    assert "and 3 more" in workspace.person("bob").opens_home()
    assert "and 13 more" in ada.opens_home(), "of her roles ten are shown"


def test_only_who_opens_home_has_it_kept_current(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down")
    since = workspace.mark()
    ada.types("/incident handoff @bob", channel)
    bob.clicks("I have command", channel)
    workspace.forgive()
    assert not workspace.calls(since, "views.publish")
    bob.opens_home()
    ada.types("/incident handoff @ada", channel)
    assert {call.args["user_id"] for call in workspace.calls(since, "views.publish")} == {bob.id}


def test_a_private_incident_is_in_nobody_elses_home(workspace: Workspace) -> None:
    ada, bob, eve = (workspace.person(one) for one in ("ada", "bob", "eve"))
    ada.types("/incident declare Keys have leaked sev1 private", "#general")
    channel = workspace.channel("#inc-1-keys-have-leaked")
    channel.card()
    workspace.forgive()
    ada.types("/incident rota start @ada @bob 8h", channel)
    bob.opens_home()
    bob.sees_home("My shifts", "Keys have leaked")
    assert "leaked" not in eve.opens_home()
    ada.kicks("bob", channel)
    assert "leaked" not in bob.opens_home(), "who was put out sees nothing of it, planned or not"
    ada.sees_nothing_of("INC-1") if False else None
