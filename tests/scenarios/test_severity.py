"""Raising the severity does what declaring at that level would have done; lowering it cancels what is not due."""

from tests.harness import Place, Starter, Workspace
from tests.scenarios import rotas

CALLED = """
[groups]
commanders = ["U0CHEN0000"]
[severities.sev1]
responders = ["U0EVE00000", "U0FINN0000"]
[severities.sev2]
responders = ["U0BOB00000"]
"""
ON_DUTY = "You are the IC on duty: *INC-1* Checkout is down"


def _on_duty(workspace: Workspace, words: str = "@indu @gita") -> None:
    """Chen sets the roster: the first named is on duty."""
    workspace.person("chen").types(f"/incident duty set {words} daily 09:00 Asia/Kolkata", "#general")
    for word in words.split():
        workspace.dm(word[1:]).expects("you are on duty")


def _minor(workspace: Workspace) -> Place:
    """A sev4: the IC on duty is offered it, and sleeps on."""
    channel = workspace.person("ada").declares("Checkout is down sev4")
    offer = workspace.dm("indu").expects(f"{ON_DUTY} (sev4)", "has command until you accept")
    assert offer.buttons == ["I have command", "I can't"]
    assert set(channel.members) == {"ada", "watchbill"}
    workspace.clock.forward(minutes=30)
    workspace.dm("indu").expects_nothing()
    return channel


def test_raising_invites_offers_and_pages(workspace_with: Starter) -> None:
    workspace = workspace_with(CALLED)
    _on_duty(workspace)
    ada = workspace.person("ada")
    channel = _minor(workspace)
    raised = workspace.clock.now
    ada.types("/incident severity sev2", channel).says("INC-1 is sev2 now.")
    channel.expects("INC-1 is now *sev2*, was sev4 (Ada Lovelace)")
    assert set(channel.members) == {"ada", "bob", "indu", "watchbill"}
    page = workspace.dm("indu").expects(f"{ON_DUTY} (sev2)")
    workspace.dm("indu").expects("You joined #inc-1-checkout-is-down", "Catching up on INC-1")
    workspace.dm("bob").expects("You joined")
    assert channel.topic == "sev2 · investigating · IC Ada Lovelace"
    workspace.clock.forward(minutes=11)
    assert rotas.heard(workspace, "indu", raised, ON_DUTY) == [5], "paged at 0 and 5 min, then the ladder"
    assert rotas.heard(workspace, "chen", raised, "needs you in command") == [10]
    ada.types("/incident severity sev1", channel).says("INC-1 is sev1 now.")
    channel.expects("*sev1*, was sev2")
    for handle in ("eve", "finn"):
        workspace.dm(handle).expects("You joined")
    assert {"eve", "finn"} <= set(channel.members)
    # Whoever was asked is not asked anew.
    workspace.dm("indu").expects_nothing()
    workspace.person("indu").presses("I have command", page).says("You have command of *INC-1*")
    workspace.dm("ada").expects("You are relieved: Indu Rao has command")
    channel.expects("Indu Rao *has command* of INC-1.")
    workspace.clock.forward(minutes=30)
    rotas.heard(workspace, "chen", raised, "needs you in command")
    channel.expects_nothing()


def test_lowering_wakes_nobody_any_more(workspace_with: Starter) -> None:
    workspace = workspace_with(CALLED)
    _on_duty(workspace)
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down sev2")
    assert {"bob", "indu"} <= set(channel.members)
    offer = workspace.dm("indu").expects(f"{ON_DUTY} (sev2)")
    workspace.clock.forward(minutes=2)
    ada.types("/incident severity sev3", channel).says("INC-1 is sev3 now.")
    channel.expects("*sev3*, was sev2")
    workspace.clock.forward(minutes=40)
    workspace.dm("indu").expects_nothing()
    assert not workspace.dm("chen").exists or not workspace.dm("chen").unexpected()
    ended = rotas.reminders(workspace)
    why = "superseded the severity was lowered to sev3"
    assert why in {how for key, how in ended.items() if key.startswith(("ladder:INC-1", "page:INC-1"))}
    # The offer stays: taking over is still possible.
    workspace.person("indu").presses("I have command", offer).says("You have command of *INC-1*")
    workspace.dm("ada").expects("You are relieved")
    channel.expects("Indu Rao *has command*")


def test_raising_again_goes_on_where_it_was(workspace_with: Starter) -> None:
    workspace = workspace_with(CALLED)
    _on_duty(workspace)
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down sev2")
    workspace.dm("indu").expects(ON_DUTY)
    for severity in ("sev3", "sev1"):
        ada.types(f"/incident severity {severity}", channel)
        channel.expects(f"INC-1 is now *{severity}*")
    again = workspace.clock.now
    workspace.dm("indu").expects(f"{ON_DUTY} (sev1)")
    workspace.clock.forward(minutes=11)
    assert rotas.heard(workspace, "indu", again, ON_DUTY) == [5]
    assert rotas.heard(workspace, "chen", again, "needs you in command") == [10]
    ada.types("/incident severity sev1", channel).says("INC-1 is sev1 already")


def test_silence_is_asked_about_by_severity(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down sev3")
    workspace.clock.forward(hours=3)
    assert not workspace.dm("ada").exists
    ada.types("/incident severity sev1", channel)
    channel.expects("*sev1*")
    workspace.clock.forward(minutes=59)
    assert not workspace.dm("ada").exists
    workspace.clock.forward(minutes=1, seconds=5)
    workspace.dm("ada").expects("*Are you there?*")
    workspace.dm("ada").expects("You have had command of *INC-1*", "nobody is planned after you")
    ada.types("/incident severity sev4", channel)
    channel.expects("*sev4*")
    workspace.clock.forward(hours=3)
    workspace.dm("ada").expects_nothing()
    channel.expects_nothing()


def test_the_declarer_on_duty_is_asked_nothing(workspace_with: Starter) -> None:
    workspace = workspace_with(CALLED)
    _on_duty(workspace, "@ada @gita")
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down sev3")
    ada.types("/incident severity sev1", channel)
    channel.expects("*sev1*")
    workspace.clock.forward(minutes=30)
    workspace.dm("ada").expects_nothing()
    assert not workspace.dm("chen").exists or not workspace.dm("chen").unexpected()


def test_a_private_one_calls_nobody(workspace_with: Starter) -> None:
    workspace = workspace_with(CALLED)
    _on_duty(workspace)
    ada = workspace.person("ada")
    channel = ada.declares("Keys have leaked sev4 private")
    ada.types("/incident severity sev1", channel)
    channel.expects("*sev1*")
    workspace.clock.forward(minutes=30)
    workspace.dm("indu").expects_nothing()
    assert set(channel.members) == {"ada", "watchbill"}
