"""Reading: list, show, digest, timeline, help, App Home; and what a wrong word gets."""

from tests.harness import Workspace


def test_list_show_and_digest(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    bob.types("/incident").says("No incident is open")
    bob.types("/incident list").says("No incident is open.", "/incident declare")
    bob.types("/incident digest").says("0 open incidents", "Nothing is open")
    ada.declares("Search is slow sev3")
    channel = ada.declares("Checkout is down sev1", "#general")
    ada.types("/incident decision we fail over")
    channel.expects("Decision", "we fail over")
    listed = bob.types("/incident list").says("INC-1* Search is slow", "INC-2* Checkout is down", "IC @ada")
    assert listed.text.index("INC-2") < listed.text.index("INC-1")
    bob.types("/incident list mine").says("You are in no incident.")
    bob.types("/incident show INC-2").says("INC-2 Checkout is down", "sev1", "*Incident commander*\n@ada")
    bob.types("/incident inc-2").says("INC-2 Checkout is down")
    bob.types("/incident INC2").says("INC-2 Checkout is down")
    digest = bob.types("/incident digest").says("2 open incidents", "IC Ada Lovelace for", "Decision: we fail over")
    assert digest.text.index("INC-2") < digest.text.index("INC-1")
    ada.types("/incident resolve", channel)
    channel.expects("*resolved*")
    bob.types("/incident digest").says("1 open incident", "Over since then", "INC-2* Checkout is down")
    assert "INC-2" not in bob.types("/incident list open")
    bob.types("/incident list all").says("INC-2", "INC-1")
    workspace.clock.forward(hours=25)
    workspace.dm("ada").expects("*INC-1* Search is slow", "had command for 10 h")
    assert "INC-2" not in bob.types("/incident digest")


def test_help_names_every_command_and_a_wrong_word_gets_the_nearest_one(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    every = ada.types("/incident help").says("What /incident can do")
    for word in "declare list show severity state resolve reopen cancel close title summary call role".split():
        assert f"`{word}`" in every, word
    for word in "command rota note decision hypothesis ruled-out timeline digest help".split():
        assert f"`{word}`" in every, word
    ada.types("/incident help all").says("`/incident rota swap @ada @bob`", "`/incident me zone")
    ada.types("/incident help rota").says("rota start", "rota stop", "Who may", "/incident rota start @ada @bob 8h")
    ada.types("/incident help sevrity").says("Did you mean `severity`?")
    ada.types("/incident")
    ada.clicks("Help").says("What /incident can do")

    # A wrong word gets the nearest one, and an example.
    ada.types("/incident declre checkout is down").says("I don't know `declre`", "Did you mean `declare`?")
    ada.types("/incident SEVERTY sev1").says("Did you mean `severity`?", "`/incident severity sev1`")
    ada.types("/incident xyzzy").says("I don't know `xyzzy`", "`/incident help`")
    ada.types("/incident `<!channel>`").says("I don't know")
    ada.types("/incident rota strat @ada").says("No incident is open")
    channel = ada.declares("Checkout is down")
    ada.types("/incident rota strat @ada @bob", channel).says("rota", "/incident rota start @ada @bob 8h")

    # Inside a channel the incident is understood.
    bob = workspace.person("bob")
    ada.declares("Search is slow", "#general")
    shown = ada.types("/incident", channel).says("INC-1 Checkout is down")
    assert "Resolve" in shown.buttons
    ada.types("/incident show INC-2", channel).says("INC-2 Search is slow")
    ada.types("/incident note INC-2 logs are full", channel).says("timeline of INC-2")
    bob.types("/incident timeline INC-2", "#general").says("Timeline of INC-2", "logs are full", "@ada")
    bob.types("/incident show INC-99", "#general").says("There is no INC-99", "/incident list all")
    ada.types("/incident RESOLVE", channel).says("INC-1 is resolved")
    channel.expects("*resolved*")


def test_app_home_shows_what_is_open_and_declares(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    assert "Nothing is open" in ada.opens_home()
    bob.declares("Search is slow")
    bob.types("/incident declare Secret private", "#general")
    workspace.channel("#inc-2-secret").card()
    home = ada.opens_home()
    assert "INC-1* Search is slow" in home
    assert "Secret" not in home
    assert "Secret" in bob.opens_home()
    ada.clicks("Declare an incident", "home")
    ada.sees_form("Declare an incident")
    ada.submits({"What is broken?": "Login fails", "Severity": "sev1"}).says("INC-3", "sev1, public")
    ada.closes_form()
    workspace.channel("#inc-3-login-fails").card()
    workspace.channel("#incidents").expects("INC-3")
    assert "INC-3* Login fails" in ada.opens_home()
