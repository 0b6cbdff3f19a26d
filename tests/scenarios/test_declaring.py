"""Declaring an incident: by one line, by the form, as a drill; quickly, and with as few calls as it takes."""

from tests.harness import Workspace
from tests.harness.calls import Call

ROUND_TRIP = 0.3
"""Real seconds: long against what a busy machine adds."""


def test_one_line_declares(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    answer = ada.types("/incident declare Checkout is down sev1")
    answer.says("Declaring *INC-1* Checkout is down", "sev1, public", "You are incident commander")
    channel = workspace.channel("#inc-1-checkout-is-down")
    assert "go to #inc-1-checkout-is-down" in answer.now
    assert "Declaring" not in answer.now
    assert set(channel.members) == {"ada", "watchbill"}
    assert channel.card().has("INC-1 Checkout is down", "sev1", "investigating", "@ada since")
    assert channel.topic == "sev1 · investigating · IC Ada Lovelace"
    assert list(channel.bookmarks) == ["Incident card"]
    announced = workspace.channel("#incidents").expects("INC-1", "Checkout is down", "sev1", "IC @ada")
    assert announced.buttons == ["Join"]
    assert workspace.bot.one("SELECT count(*) FROM tenures WHERE role = 'ic' AND ended_at IS NULL") == 1
    # A like one is named, but never in the way.
    answer = workspace.person("bob").types("/incident declare checkout down")
    answer.says("Declaring *INC-2*", "maybe the same", "INC-1 Checkout is down (#inc-1-checkout-is-down)")
    workspace.channel("#inc-2-checkout-down").card()
    workspace.channel("#incidents").expects("INC-2")


def test_the_form_declares(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    ada.types("/incident")
    ada.clicks("Declare an incident")
    form = ada.sees_form("Declare an incident")
    assert form.initial("Severity") == "sev2"
    title, flags = "What is broken?", "Only when it applies"
    assert "required" in ada.submits({"Severity": "sev3"}).errors[title]
    assert "needs a title" in ada.submits({title: "\u200b \u202e", "Severity": "sev3"}).errors[title]
    assert not workspace.incident_channels()
    answer = ada.fills({title: "Search is slow", "Severity": "sev3", "What do you know?": "since 14:00"}).submits(
        {flags: ["drill"]}
    )
    answer.says("DRILL INC-1", "Search is slow", "sev3, public", "You are incident commander")
    assert f"Go to <#{workspace.channel('#inc-1-search-is-slow').id}>" in ada.sees_form("INC-1").text
    ada.closes_form()
    channel = workspace.channel("#inc-1-search-is-slow")
    assert channel.card().has("DRILL INC-1 Search is slow", "sev3", "since 14:00", "This is a drill")
    assert "ada" in channel.members
    workspace.channel("#incidents").expects("DRILL INC-1", "sev3")


def test_a_severity_and_flags_are_last_words_only(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    ada.declares("private drill room is on fire")
    assert workspace.channel("#inc-1-private-drill-room-is-on-fire").card().has("sev2")
    ada.declares("SEV1 login fails", "#general")
    assert workspace.channel("#inc-2-login-fails").card().has("sev1")
    ada.declares("sev10 racks are hot DRILL sev4", "#general")
    drill = workspace.channel("#inc-3-sev10-racks-are-hot")
    assert drill.card().has("DRILL INC-3 sev10 racks are hot", "sev4")
    assert drill.topic.startswith("DRILL · sev4")
    ada.types("/incident declare sev1", "#general").says("needs a title")


def test_a_drill_says_so_everywhere(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    drill = ada.declares("Power cut drill")
    ada.types("/incident severity sev1").says("DRILL INC-1")
    drill.expects("DRILL INC-1 is now *sev1*")
    ada.types("/incident decision we start the generator").says("DRILL INC-1")
    drill.expects("Decision", "DRILL INC-1")
    for reading in ("show", "list", "digest", "timeline", "command", "rota"):
        ada.types(f"/incident {reading}").says("DRILL INC-1")
    ada.types("/incident rota start @bob @ada 1h").says("DRILL INC-1")
    drill.expects("Command rota of DRILL INC-1")
    drill.expects("your shift in command of *DRILL INC-1*", "I have command")
    for handle in ("ada", "bob"):
        workspace.dm(handle).expects("Your shifts in command of *DRILL INC-1*")
    workspace.person("bob").clicks("I have command", drill).says("DRILL INC-1")
    workspace.dm("ada").expects("You are relieved", "DRILL INC-1")
    workspace.dm("bob").expects("takes command of *DRILL INC-1*", "from you")
    ada.types("/incident resolve", drill).says("DRILL INC-1")
    drill.expects("DRILL INC-1 is *resolved*")


def test_ready_takes_two_round_trips_and_nine_calls(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    workspace.faults.add(on="*", do="delay", seconds=ROUND_TRIP, times=0)
    mark = workspace.mark()
    ada.types("/incident declare Checkout is down").says("Declaring")
    calls = workspace.calls(mark) + workspace.calls(mark, what="response_url")
    assert len(calls) <= 9, [call.method for call in calls]
    acked = _the(calls=workspace.calls(mark, what="ack"), about="Declaring")
    invited = _the(workspace.calls(mark, "conversations.invite"), "U0ADA00000")
    card = _the(workspace.calls(mark, "chat.postMessage"), "INC-1 Checkout is down: sev2, investigating, IC")
    ready = max(invited.ended, card.ended) - acked.ended
    assert ready < 2.9 * ROUND_TRIP, f"{ready / ROUND_TRIP:.2f} round trips"
    assert card.began < invited.ended, "the card waited for the invitation, or the other way round"
    assert invited.began < card.ended
    place = workspace.channel("#inc-1-checkout-is-down")
    place.card()
    workspace.channel("#incidents").expects("INC-1")


def test_the_commander_is_asked_about_once(workspace: Workspace) -> None:
    """The topic needs the name of whoever declares, and waits for what is asked beside the answer to them."""
    ada = workspace.person("ada")
    workspace.faults.add(on="users.info", do="delay", seconds=1.0, times=0)
    mark = workspace.mark()
    ada.types("/incident declare Checkout is down").says("Declaring")
    place = workspace.channel("#inc-1-checkout-is-down")
    assert place.topic == "sev2 · investigating · IC Ada Lovelace"
    calls = workspace.calls(mark) + workspace.calls(mark, what="response_url")
    assert len(calls) == 9, [call.method for call in calls]
    assert len(workspace.calls(mark, "users.info")) == 1
    place.card()
    workspace.channel("#incidents").expects("INC-1")


def _the(calls: list[Call], about: str) -> Call:
    found = [call for call in calls if about in str(call.args)]
    assert len(found) == 1, [str(call) for call in calls]
    return found[0]


def test_the_declarer_is_told_when_channels_may_not_be_made(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    workspace.faults.add(on="conversations.create", do="error", error="restricted_action")
    workspace.expects_trouble("effect failed")
    answer = ada.types("/incident declare Checkout is down")
    told = workspace.dm("ada").expects("couldn't create the channel", "INC-1", "this workspace doesn't let me")
    # Everyone else hears of it all the same.
    announced = workspace.channel("#incidents").expects("INC-1", "Checkout is down")
    assert told.buttons == ["Use this channel…"]
    ada.types("/incident show INC-1").says("INC-1 Checkout is down")
    ada.clicks("Use this channel", "@watchbill")
    ada.sees_form("Use a channel")
    ada.submits({"Channel": "#general"})
    general = workspace.channel("#general")
    assert general.card().has("INC-1 Checkout is down")
    assert "go to #general" in answer.now
    assert workspace.channel("#incidents").again(announced).has("#general")
    ada.types("/incident note it lives", "#general").says("INC-1")
