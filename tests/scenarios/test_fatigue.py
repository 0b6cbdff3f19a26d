"""Long hours: people are told their own, and a rota is suggested to whoever is alone."""

from tests.harness import Workspace


def test_hours_are_shown_and_a_long_day_is_told_once_and_going_on_is_recorded(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    # Quiet: presence is not asked in a sev3.
    channel = ada.declares("Checkout is slow sev3")
    bob.joins(channel)
    workspace.clock.forward(hours=2)
    ada.types("/incident hours", channel).says("*Your hours in command*", "Last 24 h: 2 h", "You have command now.")
    ada.types("/incident hours @bob", channel).says("*Their hours in command*", "Last 24 h: less than a minute")
    # Hours are for the person, and for those who edit the roster.
    bob.types("/incident hours @ada", channel).says("Hours are seen by the person")
    bob.types("/incident hours @ada", "#general").says("Only commanders see the hours of others here.")
    bob.types("/incident hours soon").says("Hours are of one person.")
    workspace.clock.forward(hours=7, minutes=59)
    assert not workspace.dm("ada").exists
    workspace.clock.forward(minutes=2)
    dm = workspace.dm("ada").expects("you have had command for 10 h", "10 h of the last 24 h", "Time for a fresh mind?")
    assert dm.buttons == ["Hand over…", "I go on"]
    ada.presses("I go on", dm).says("INC-1 is recorded: you go on.")
    ada.presses("I go on", dm).says("on record already")
    ada.types("/incident timeline", channel).says("@ada goes on after 10 h")
    workspace.clock.forward(hours=5)
    workspace.dm("ada").expects_nothing()


def test_four_hours_alone_suggest_a_rota(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down")
    bob.joins(channel)
    bob.types("/incident show", channel)
    for _ in range(4):
        workspace.clock.forward(minutes=59, seconds=30)
        ada.types("still looking", channel)
    workspace.clock.forward(minutes=3)
    dm = workspace.dm("ada").expects("for 4 h, and nobody is planned after you", "• @bob, ")
    assert dm.buttons == ["Start a rota…"]
    ada.presses("Start a rota…", dm)
    assert ada.form is not None
    workspace.forgive("messages")
