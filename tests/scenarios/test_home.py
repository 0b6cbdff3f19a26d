"""App Home: what waits for somebody, their shifts and roles, what is open; and acting from there."""

from tests.harness import Message, Person, Workspace


def _home(workspace: Workspace, person: Person) -> Message:
    """The Home of somebody as it stands, without opening it anew."""
    view = person.scene.home
    assert view, f"{person.handle} has no Home"
    return Message({"ts": "0.0", "blocks": view["blocks"]}, "", workspace.name_of)


def test_a_shift_is_answered_and_command_accepted_from_home(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down sev3")
    assert "My shifts" not in bob.opens_home()
    ada.types("/incident rota start @ada @bob 8h", channel)
    channel.expects("Command rota of INC-1")
    workspace.dm("bob").expects("Your shifts in command")
    home = _home(workspace, bob)
    assert home.has("My shifts", "EST", "Command of *INC-1* Checkout is down (sev3)")
    assert home.buttons == ["Declare an incident…", "How I may wake you…", *["I'll be there", "I can't"] * 3, "Card…"]
    bob.clicks("I'll be there", "home")
    assert "you take it at" in bob.sees_form("Watchbill").text
    bob.closes_form()
    assert _home(workspace, bob).has("you will be there")
    workspace.forgive()
    workspace.clock.forward(hours=7, minutes=31)
    assert "Waiting for you" in bob.opens_home()
    assert _home(workspace, bob).has("*Are you up?*", "you take command of *INC-1*")
    bob.clicks("I'm up", "home")
    bob.closes_form()
    assert _home(workspace, bob).has("you are up")
    assert not _home(workspace, bob).has("Waiting for you")
    workspace.clock.forward(minutes=30)
    assert _home(workspace, bob).has(
        "Waiting for you", "Your shift in command of *INC-1* Checkout is down (sev3) began"
    )
    bob.clicks("I have command", "home")
    assert "You have command of *INC-1*" in bob.sees_form("Watchbill").text
    bob.closes_form()
    assert _home(workspace, bob).has("My roles", "Command of *INC-1*")
    assert not _home(workspace, bob).has("Waiting for you")
    assert channel.card().has("*Incident commander*\n@bob since")


def test_command_is_asked_for_and_offered_in_home_until_it_is_over(workspace: Workspace) -> None:
    ada, bob, eve, chen = (workspace.person(one) for one in ("ada", "bob", "eve", "chen"))
    channel = ada.declares("Checkout is down")
    bob.joins(channel)
    ada.opens_home()
    assert "Waiting for you" not in bob.opens_home()
    bob.types("/incident command take Ada is on a plane", channel)
    workspace.forgive()
    asks = "@bob asks you for command of *INC-1* Checkout is down (sev2): Ada is on a plane"
    assert _home(workspace, ada).has("Waiting for you", asks)
    assert not _home(workspace, bob).has("Waiting for you"), "the asker waits"
    workspace.clock.forward(minutes=6)
    assert _home(workspace, bob).has("@ada has not answered. You may take command of *INC-1*")
    ada.clicks("Hand over", "home")
    ada.closes_form()
    assert not _home(workspace, ada).has("My roles")
    assert _home(workspace, bob).has("My roles", "Command of *INC-1*")
    # An offer is declined there, and goes from there.
    eve.opens_home()
    bob.types("/incident handoff @eve", channel)
    assert _home(workspace, eve).has("Waiting for you", "@bob offers you command of *INC-1* Checkout is down (sev2)")
    eve.clicks("I can't", "home")
    assert "Thank you for saying so" in eve.sees_form("Watchbill").text
    eve.closes_form()
    assert _home(workspace, eve).has("INC-1* Checkout is down")
    assert not _home(workspace, eve).has("Waiting for you")
    # Whoever has not opened theirs has none that is kept current.
    bob.types("/incident handoff @chen", channel)
    chen.clicks("I have command", channel)
    chen.types("/incident handoff @eve", channel)
    published = {call.args["user_id"] for call in workspace.calls(method="views.publish")}
    assert published == {ada.id, bob.id, eve.id}
    # What is over leaves it by itself.
    assert _home(workspace, eve).has("I have command")
    chen.types("/incident resolve", channel)
    assert _home(workspace, eve).has("Nothing is open. Quiet is good.")
    assert _home(workspace, eve).buttons == ["Declare an incident…", "How I may wake you…"]


def test_a_trade_is_asked_for_in_home_and_taken_back_and_taken(workspace: Workspace) -> None:
    ada, bob, eve = (workspace.person(one) for one in ("ada", "bob", "eve"))
    channel = ada.declares("Checkout is down")
    ada.types("/incident rota start @ada @bob @eve 8h", channel)
    workspace.forgive()
    bob.opens_home()
    bob.clicks("I can't", "home")
    bob.closes_form()
    assert _home(workspace, bob).has("you said that you can't: the others are asked")
    assert "@bob can't take command of *INC-1* Checkout is down (sev2) from" in eve.opens_home()
    _a_refusal_says_why_and_shows_it_anew(workspace, bob, eve)
    bob.opens_home()
    bob.clicks("I can't", "home")
    bob.closes_form()
    eve.clicks("I take it", "home")
    assert "it is yours" in eve.sees_form("Watchbill").text
    eve.closes_form()
    assert not _home(workspace, eve).has("Waiting for you")
    assert not _home(workspace, bob).has("you said that you can't")


def _a_refusal_says_why_and_shows_it_anew(workspace: Workspace, bob: Person, eve: Person) -> None:
    """Bob can take command after all; Eve's Home does not say so yet."""
    workspace.faults.add(on="views.publish", do="error", error="internal_error", times=0)
    bob.clicks("I'll be there", "home")
    bob.closes_form()
    eve.clicks("I take it", "home")
    assert "That shift needs nobody any more." in eve.sees_form("Watchbill").text
    eve.closes_form()
    workspace.faults.clear()
    workspace.clock.forward(minutes=1)
    assert not _home(workspace, eve).has("Waiting for you")


def test_the_card_of_an_open_incident_is_read_in_home_and_who_is_on_duty_below(workspace: Workspace) -> None:
    ada, bob, zoe = (workspace.person(one) for one in ("ada", "bob", "zoe"))
    ada.declares("Search is slow sev3", "#general")
    ada.declares("Checkout is down sev1", "#general")
    home = zoe.opens_home()
    assert home.index("Checkout is down") < home.index("Search is slow"), "the worst is on top"
    zoe.clicks("Card", "home")
    card = zoe.sees_form("INC-2")
    assert "Checkout is down" in card.text
    assert "*Incident commander*\n<@U0ADA00000> since" in card.text
    assert "Act on it in" in card.text
    assert "actions" not in {block["type"] for block in card.view["blocks"]}
    assert "on duty" not in bob.opens_home()
    workspace.forgive()
    ada.types("/incident duty set @bob @ada weekly monday 09:00 Europe/Berlin", "#general")
    assert "*You are the IC on duty.*" in bob.opens_home()
    assert "IC on duty: @bob" in ada.opens_home()


def test_a_private_incident_is_in_nobody_elses_home(workspace: Workspace) -> None:
    ada, bob, eve = (workspace.person(one) for one in ("ada", "bob", "eve"))
    ada.types("/incident declare Keys have leaked sev1 private", "#general")
    channel = workspace.channel("#inc-1-keys-have-leaked")
    channel.card()
    workspace.forgive()
    ada.types("/incident rota start @ada @bob 8h", channel)
    home = bob.opens_home()
    assert "My shifts" in home
    assert "Keys have leaked" in home
    assert "leaked" not in eve.opens_home()
    ada.kicks("bob", channel)
    home = bob.opens_home()
    assert "leaked" not in home, "who was put out sees nothing of it, planned or not"
    assert "My shifts" not in home
