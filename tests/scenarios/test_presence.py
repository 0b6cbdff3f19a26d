"""Are you still there? Whoever has command and is silent is asked, and only then others."""

from tests.harness import Place, Starter, Workspace

WITH_CHEN = '[groups]\ncommanders = ["U0CHEN0000"]\n'


def _sev1(workspace: Workspace) -> Place:
    return workspace.person("ada").declares("Checkout is down sev1")


def _asked(workspace: Workspace) -> bool:
    dm = workspace.dm("ada")
    return dm.exists and any(message.has("Are you there?") for message in dm.unexpected())


def test_the_silent_are_asked_and_answer(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = _sev1(workspace)
    workspace.clock.forward(minutes=59)
    assert not _asked(workspace)
    workspace.clock.forward(minutes=1, seconds=5)
    dm = workspace.dm("ada").expects("*Are you there?* You have command of *INC-1* Checkout is down", "I ask others at")
    assert dm.buttons == ["I'm here", "On a call"]
    workspace.clock.forward(minutes=5)
    ada.presses("I'm here", dm).says("Command of INC-1 stays yours")
    workspace.clock.forward(minutes=55)
    channel.expects_nothing()
    workspace.clock.forward(minutes=6)
    workspace.dm("ada").expects("*Are you there?*")
    ada.presses("On a call", dm).says("I won't ask whether you are there until")
    workspace.clock.forward(minutes=119)
    assert not _asked(workspace)
    workspace.clock.forward(minutes=2)
    workspace.dm("ada").expects("*Are you there?*")
    workspace.dm("ada").expects("nobody is planned after you")
    channel.expects_nothing()


def test_every_sign_of_life_counts(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = _sev1(workspace)
    bob.joins(channel)
    bob.types("the replica lags", channel)
    lag = channel.expects("the replica lags", from_bot=False)
    signs = (
        lambda: ada.types("looking", channel),
        lambda: ada.replies("since when?", lag),
        lambda: ada.reacts("eyes", lag),
        lambda: ada.types("/incident show", channel),
        lambda: ada.types("/incident note replica lags", channel),
        lambda: ada.clicks("Timeline", channel),
    )
    for sign in signs:
        workspace.clock.forward(minutes=50)
        sign()
    assert not _asked(workspace)
    workspace.clock.forward(minutes=59)
    assert not _asked(workspace)
    bob.types("anybody?", channel)
    workspace.clock.forward(minutes=2)
    workspace.dm("ada").expects("*Are you there?*")
    workspace.forgive("messages")


def test_what_was_said_while_the_bot_was_away_is_read_first(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = _sev1(workspace)
    bob.joins(channel)
    bob.types("the replica lags", channel)
    lag = channel.expects("the replica lags", from_bot=False)
    workspace.bot.kill()
    workspace.clock.forward(minutes=40)
    ada.replies("since when?", lag)
    workspace.clock.forward(minutes=25)
    mark = workspace.mark()
    workspace.bot.start()
    assert workspace.calls(mark, "conversations.history")
    assert workspace.calls(mark, "conversations.replies")
    assert not _asked(workspace)
    workspace.clock.forward(minutes=36)
    workspace.dm("ada").expects("*Are you there?*")


def test_without_an_answer_the_ladder_asks_others(workspace_with: Starter) -> None:
    workspace = workspace_with(WITH_CHEN)
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = _sev1(workspace)
    bob.joins(channel)
    # When the channel can't be read nobody is asked.
    workspace.faults.add(on="conversations.history", do="error", error="internal_error", times=0)
    workspace.clock.forward(minutes=74)
    assert not _asked(workspace)
    workspace.faults.clear()
    workspace.clock.forward(minutes=3)
    workspace.dm("ada").expects("*Are you there?*")
    ada.types("here", channel)

    workspace.clock.forward(minutes=61)
    workspace.dm("ada").expects("*Are you there?*")
    workspace.clock.forward(minutes=8)
    assert not workspace.dm("chen").exists
    workspace.clock.forward(minutes=2)
    workspace.dm("chen").expects("INC-1")
    ada.types("sorry, I was on the phone", channel)
    assert workspace.bot.one("SELECT state FROM handoffs") == "withdrawn"
    workspace.clock.forward(minutes=30)
    workspace.dm("chen").expects_nothing()
    assert channel.card().has("*Incident commander*\n@ada")

    # Who answers when another has command already gets one clear sentence.
    workspace.clock.forward(minutes=31)
    dm = workspace.dm("ada").expects("*Are you there?*")
    ada.types("/incident handoff @bob", channel)
    bob.clicks("I have command", channel)
    ada.presses("I'm here", dm).says("You don't have command of INC-1 any more.", "/incident command INC-1")
    workspace.forgive("messages")


def test_sev3_is_left_alone_but_who_leaves_the_channel_is_asked_at_once(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down sev3")
    workspace.clock.forward(hours=9)
    assert not workspace.dm("ada").exists
    ada.leaves(channel)
    dm = workspace.dm("ada").expects("*Are you there?* You left", "while you have command of *INC-1*")
    assert dm.buttons == ["I'm here", "On a call", "Back into the channel", "Hand over…"]
    ada.presses("Back into the channel", dm)
    assert "ada" in channel.members
    workspace.clock.forward(minutes=15)
    assert workspace.bot.one("SELECT count(*) FROM handoffs") == 0
    workspace.forgive("messages")
