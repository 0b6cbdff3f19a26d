"""Changing an incident: severity, state, title, summary, call; ending it and opening it again."""

from tests.harness import Starter, Workspace

CALLED = """
[severities.sev1]
responders = ["U0BOB00000", "U0EVE00000", "U0OTTO0000"]

[channels]
announcements = "#random"
"""


def test_an_incident_from_declared_to_closed(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down")
    announced = workspace.channel("#incidents").messages[0]
    ada.types("/incident state identified").says("INC-1 is identified now")
    channel.expects("INC-1 is now *identified*, was investigating (Ada Lovelace)")
    assert channel.topic == "sev2 · identified · IC Ada Lovelace"
    ada.types("/incident state monitoring")
    channel.expects("INC-1 is now *monitoring*, was identified")
    workspace.clock.forward(hours=1, minutes=5)
    ada.types("/incident resolve rolled back & <fixed>").says("INC-1 is resolved")
    channel.expects("INC-1 is *resolved* after 1 h 5 min (Ada Lovelace)", "rolled back &amp; &lt;fixed&gt;")
    assert channel.topic == "sev2 · resolved"
    assert channel.card().has("✅ INC-1", "resolved", "*Last IC*\n@ada", "after 1 h 5 min")
    assert workspace.channel("#incidents").again(announced).has("resolved", "after 1 h 5 min")
    assert workspace.channel("#incidents").again(announced).buttons == []
    ada.types("/incident close").says("INC-1 is closed")
    channel.expects("INC-1 is *closed*")
    under = [one for one in workspace.channel("#incidents").messages if one.thread == announced.ts]
    for one, word in zip(under, ("identified", "monitoring", "resolved"), strict=True):
        assert one.has(word)
    rows = workspace.bot.rows("SELECT mitigated_at, resolved_at, closed_at FROM incidents")
    assert all(rows[0])
    assert workspace.bot.rows("SELECT * FROM tenures WHERE ended_at IS NULL") == []


def test_each_refusal_says_what_is_possible_and_what_is_resolved_is_opened_again(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down")
    bob.clicks("Join", "#incidents").says("You are in INC-1")
    ada.types("/incident state investigating").says("INC-1 is investigating already", "Nothing was changed")
    ada.types("/incident close").says("can't be closed yet", "/incident resolve INC-1")
    ada.types("/incident severity sev2").says("sev2 already")
    ada.types("/incident severity high").says("`sev1`, `sev2`, `sev3` or `sev4`")
    ada.types("/incident state monitorng").says("Did you mean `monitoring`?")
    ada.types("/incident call javascript:alert(1)").says("not a link")
    ada.types("/incident title").says("needs words")
    ada.types("/incident summary \u200b").says("needs words")
    ada.clicks("Resolve", channel).says("INC-1 is resolved")
    channel.expects("*resolved*")
    for late in ("resolve", "cancel", "severity sev1", "state monitoring", "role scribe @bob"):
        ada.types(f"/incident {late}").says("INC-1 is resolved")
    ada.types("/incident rota start @ada @bob").says("INC-1 is resolved", "/incident reopen INC-1")
    channel.expects_nothing()
    # Whoever opens it again has command.
    bob.clicks("Reopen", channel).says("INC-1 is open again", "you are incident commander")
    channel.expects("*open again*", "Bob Kahn is incident commander")
    workspace.dm("ada").expects("*INC-1* Checkout is down is open again (Bob Kahn), who has command until you accept")
    assert channel.card().has("investigating", "@bob since")
    assert channel.topic == "sev2 · investigating · IC Bob Kahn"
    log = bob.types("/incident command").says("*Command log*", "@ada", "@bob")
    assert "reopened" in log
    bob.types("/incident cancel the monitor was wrong").says("is cancelled")
    channel.expects("INC-1 is *cancelled*", "the monitor was wrong")
    ada.types("/incident reopen", channel).says("is open again")
    channel.expects("Ada Lovelace is incident commander")
    workspace.dm("bob").expects("is open again (Ada Lovelace)")


def test_title_summary_and_call_one_by_one_and_by_the_form(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down")
    ada.types("/incident title Checkout is slow in *Europe*").says("has its new title")
    ada.types("/incident summary payments fail\nsince 14:00").says("has its new summary")
    ada.types("/incident call https://meet.example.com/a?b=1&c=2").says("has a call")
    channel.expects("The call of INC-1 is at")
    card = channel.card()
    assert card.has("INC-1 Checkout is slow in *Europe*", "payments fail\nsince 14:00", "Join the call")
    assert "<https://meet.example.com/a?b=1&amp;c=2|Join the call>" in card.raw
    assert channel.bookmarks["Call"] == "https://meet.example.com/a?b=1&c=2"
    ada.types("/incident call https://meet.example.com/two").says("has a call")
    channel.expects("The call of INC-1 is at", "two")
    assert channel.bookmarks["Call"] == "https://meet.example.com/two"
    assert len(channel.bookmarks) == 2
    assert workspace.state["channels"][-1]["name"] == "inc-1-checkout-is-down"
    links = [one["link"] for one in workspace.state["channels"][-1]["bookmarks"]]
    assert len(links) == 2, f"the old call is still bookmarked: {links}"
    # The form changes all or nothing.
    ada.clicks("Edit", channel)
    form = ada.sees_form("Edit INC-1")
    assert [form.initial(label) for label in ("Title", "Severity", "State")] == [
        "Checkout is slow in *Europe*",
        "sev2",
        "investigating",
    ]
    refused = ada.submits({"Title": "Other", "Severity": "sev1", "Link of the call": "ftp://x"})
    assert any("not a link" in said for said in refused.errors.values())
    assert channel.card().has("Checkout is slow in *Europe*", "sev2")
    ada.submits({"Title": "Search is slow", "Severity": "sev1", "State": "monitoring", "Link of the call": ""})
    assert ada.form is None
    channel.expects("*sev1*, was sev2")
    channel.expects("*monitoring*")
    assert channel.card().has("Search is slow", "sev1", "monitoring")
    ada.types("/incident edit", channel)
    ada.sees_form("Edit INC-1")
    ada.submits()
    channel.expects_nothing()


def test_raising_invites_responders_and_settings_are_obeyed(workspace_with: Starter) -> None:
    workspace = workspace_with(CALLED)
    ada = workspace.person("ada")
    ada.types("/incident declare Checkout is down").says("Declaring")
    channel = workspace.channel("#inc-1-checkout-is-down")
    channel.card()
    workspace.channel("#random").expects("INC-1", "Checkout is down")
    assert set(channel.members) == {"ada", "watchbill"}
    ada.types("/incident severity sev1", channel).says("INC-1 is sev1 now")
    channel.expects("INC-1 is now *sev1*, was sev2")
    assert set(channel.members) == {"ada", "bob", "eve", "watchbill"}
    workspace.dm("ada").expects("couldn't invite @otto", "INC-1")
    ada.types("/incident severity sev3")
    channel.expects("*sev3*")
    assert set(channel.members) == {"ada", "bob", "eve", "watchbill"}
    ada.types("/incident declare Second thing sev1", "#general").says("Declaring")
    workspace.channel("#inc-2-second-thing").card()
    workspace.channel("#random").expects("INC-2")
    workspace.dm("ada").expects("couldn't invite @otto", "INC-2")
    assert set(workspace.channel("#inc-2-second-thing").members) == {"ada", "bob", "eve", "watchbill"}
