"""People do things to the channel, as people do."""

from tests.harness import Starter, Workspace


def test_an_archived_channel(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down")
    ada.types("/incident rota start @ada @bob 1h")
    channel.expects("Command rota")
    workspace.dm("ada").expects("Your shifts in command")
    workspace.dm("bob").expects("Your shifts in command")
    ada.archives(channel)
    workspace.dm("ada").expects("The channel of *INC-1* was archived", "/incident show INC-1")
    ada.types("/incident severity INC-1 sev1", "#general").says("INC-1 is sev1 now")
    workspace.dm("ada").expects("INC-1 is now *sev1*")
    ada.types("/incident show INC-1", "#general").says("sev1")
    workspace.clock.forward(minutes=1)
    bob.clicks("I'm up", "@watchbill")
    workspace.dm("bob").expects("Are you up?")
    workspace.dm("ada").expects("Extend 30 min")
    workspace.clock.forward(minutes=60)
    workspace.dm("bob").expects("Briefing of INC-1")
    workspace.dm("bob").expects("your shift in command of *INC-1*")
    bob.clicks("I have command", "@watchbill").says("You have command")
    workspace.dm("bob").expects("Ada Lovelace takes command", "Extend 30 min")
    workspace.dm("ada").expects("You are relieved")
    ada.unarchives(channel)
    assert channel.card().has("sev1", "*Incident commander*\n@bob")
    assert channel.topic == "sev1 · investigating · IC Bob Kahn"
    bob.types("/incident resolve INC-1", "#general")
    channel.expects("*resolved*")


def test_people_talk_and_kick_and_rename_and_delete_and_the_bot_lives_with_it(workspace: Workspace) -> None:
    ada, bob, mona = (workspace.person(handle) for handle in ("ada", "bob", "mona"))
    channel = ada.declares("Checkout is down")
    bob.joins(channel)
    bob.types("@watchbill what is up? <!channel>", channel)
    card = channel.card()
    bob.replies("in a thread", card)
    bob.reacts("eyes", card)
    bob.unpins(card)
    bob.sets_topic(channel, "my own topic")
    bob.leaves(channel)
    channel.expects_nothing()
    ada.types("/incident state monitoring", channel)
    channel.expects("*monitoring*")
    assert channel.topic == "sev2 · monitoring · IC Ada Lovelace"
    # Kicked out of a public channel it comes back.
    ada.kicks("watchbill", channel)
    assert "watchbill" not in channel.members
    ada.types("/incident severity sev1", channel).says("INC-1 is sev1 now")
    channel.expects("INC-1 is now *sev1*")
    assert channel.again(card).has("sev1")
    assert "watchbill" in channel.members
    assert channel.topic == "sev1 · monitoring · IC Ada Lovelace"
    # Renamed, it is the same channel.
    mona.joins(channel)
    mona.renames(channel, "war-room")
    ada.types("/incident state identified", "#war-room").says("INC-1 is identified now")
    channel.expects("*identified*")
    mona.types("/incident show INC-1", "#general").says("INC-1 Checkout is down")
    mona.types("/incident list", "#general").says("#war-room")
    # Deleted, whoever has command hears of it, and all goes on in direct messages.
    mona.deletes(channel)
    workspace.dm("ada").expects("can't reach the channel of *INC-1*", "it was deleted", "/incident show INC-1")
    ada.types("/incident severity INC-1 sev3", "#general").says("INC-1 is sev3 now")
    workspace.dm("ada").expects("INC-1 is now *sev3*")


def test_kicked_out_of_a_private_channel_it_says_so(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    ada.types("/incident declare Keys have leaked private")
    channel = workspace.channel("#inc-1-keys-have-leaked")
    channel.card()
    ada.kicks("watchbill", channel)
    ada.types("/incident severity INC-1 sev1", "#general").says("INC-1 is sev1 now")
    workspace.dm("ada").expects("can't reach the channel of *INC-1*", "/invite @watchbill")
    workspace.dm("ada").expects("INC-1 is now *sev1*")
    ada.invites("watchbill", channel)
    assert channel.card().has("sev1")
    ada.types("/incident severity sev3", channel)
    channel.expects("*sev3*")
    assert channel.card().has("sev3")


def test_a_taken_name_gets_a_suffix(workspace: Workspace) -> None:
    workspace.person("bob").creates_channel("inc-1-checkout-is-down")
    ada = workspace.person("ada")
    answer = ada.types("/incident declare Checkout is down").says("Declaring")
    channel = workspace.channel("#inc-1-checkout-is-down-2")
    assert channel.card().has("INC-1 Checkout is down")
    assert set(channel.members) == {"ada", "watchbill"}
    assert "go to #inc-1-checkout-is-down-2" in answer.now
    assert workspace.channel("#inc-1-checkout-is-down").messages == []
    workspace.channel("#incidents").expects("INC-1", "#inc-1-checkout-is-down-2")


def test_no_announcement_channel(workspace_with: Starter) -> None:
    workspace = workspace_with('[channels]\nannouncements = "#nowhere"\ndigest = "#nowhere"\n')
    ada = workspace.person("ada")
    ada.types("/incident declare Checkout is down").says("Declaring")
    workspace.channel("#inc-1-checkout-is-down").card()
    workspace.dm("ada").expects("couldn't announce it in #nowhere", "INC-1")
    workspace.expects_trouble("effect failed")
    workspace.forgive("outbox")
    ada.types("/incident severity sev1", "#inc-1-checkout-is-down").says("sev1")
    workspace.channel("#inc-1-checkout-is-down").expects("*sev1*")
    assert workspace.channel("#inc-1-checkout-is-down").card().has("sev1")
    workspace.dm("ada").expects_nothing()
