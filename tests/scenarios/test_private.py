"""A private incident: those outside never learn of it."""

from tests.harness import Starter, Workspace

CALLED = """
[severities.sev1]
responders = ["U0BOB00000"]
[groups]
commanders = ["U0EVE00000"]
"""


def test_outsiders_never_learn_of_it(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    ada.types("/incident declare Keys have leaked sev1 private").says("Declaring", "sev1, private")
    channel = workspace.channel("#inc-1-keys-have-leaked")
    assert channel.is_private
    assert set(channel.members) == {"ada", "watchbill"}
    assert channel.card().has("INC-1 Keys have leaked")
    workspace.channel("#incidents").expects_nothing()
    for reading in ("", " list", " list all", " list mine", " digest", " show", " command", " timeline"):
        assert "leaked" not in bob.types(f"/incident{reading}", "#general"), reading
    for asked in ("show INC-1", "note INC-1 x", "resolve INC-1", "timeline INC-1", "rota INC-1", "edit INC-1"):
        bob.types(f"/incident {asked}", "#general").says("There is no INC-1")
    bob.types("/incident declare Keys have leaked", "#general").says("Declaring *INC-2*")
    assert "maybe the same" not in workspace.person("bob").types("/incident list")
    workspace.channel("#inc-2-keys-have-leaked").card()
    workspace.channel("#incidents").expects("INC-2")
    assert "INC-1" not in workspace.person("bob").opens_home()
    assert "INC-1" not in ada.types("/incident digest", "#general"), "private ones are never in the digest"
    ada.types("/incident list", "#general").says("INC-1", "INC-2")


def test_the_invited_are_in(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    ada.types("/incident declare Keys have leaked private")
    channel = workspace.channel("#inc-1-keys-have-leaked")
    channel.card()
    ada.invites("bob", channel)
    bob.types("/incident show INC-1", "#general").says("INC-1 Keys have leaked")
    bob.types("/incident severity sev1", channel).says("INC-1 is sev1 now")
    channel.expects("*sev1*")
    ada.types("/incident role scribe @eve", channel)
    channel.expects("@eve is now *scribe*")
    assert "eve" in channel.members
    ada.kicks("bob", channel)
    bob.types("/incident show INC-1", "#general").says("There is no INC-1")
    ada.types("/incident resolve", channel)
    channel.expects("*resolved*")
    workspace.channel("#incidents").expects_nothing()


def test_neither_responders_nor_commanders_are_told(workspace_with: Starter) -> None:
    workspace = workspace_with(CALLED)
    ada, eve = workspace.person("ada"), workspace.person("eve")
    ada.types("/incident declare Keys have leaked sev1 private").says("sev1, private")
    channel = workspace.channel("#inc-1-keys-have-leaked")
    channel.card()
    assert set(channel.members) == {"ada", "watchbill"}
    ada.types("/incident severity sev2", channel)
    channel.expects("*sev2*")
    ada.types("/incident severity sev1", channel)
    channel.expects("*sev1*")
    assert set(channel.members) == {"ada", "watchbill"}
    eve.types("/incident rota start INC-1 @eve @ada", "#general").says("There is no INC-1")


def test_a_private_one_never_falls_back_to_a_public_channel(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    workspace.faults.add(on="conversations.create", do="error", error="restricted_action")
    workspace.expects_trouble("effect failed")
    ada.types("/incident declare Keys have leaked private").says("private")
    workspace.dm("ada").expects("couldn't create the channel", "INC-1")
    workspace.forgive("outbox")
    if "Use this channel…" in workspace.dm("ada").messages[-1].buttons:
        ada.clicks("Use this channel", "@watchbill")
        assert "is private" in str(ada.submits({"Channel": "#general"}).errors)
    workspace.channel("#general").expects_nothing()
    workspace.channel("#incidents").expects_nothing()
