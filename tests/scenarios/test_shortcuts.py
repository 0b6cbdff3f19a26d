"""Shortcuts, and the :pushpin:."""

from tests.harness import Workspace


def test_the_shortcuts_declare(workspace: Workspace) -> None:
    ada, bob, eve, mona = (workspace.person(handle) for handle in ("ada", "bob", "eve", "mona"))
    general = workspace.channel("#general")
    ada.uses_shortcut("declare")
    form = ada.sees_form("Declare an incident")
    assert form.initial("What is broken?") == ""
    ada.submits({"What is broken?": "Checkout is down", "Severity": "sev1"}).says("INC-1", "sev1, public")
    ada.closes_form()
    workspace.channel("#inc-1-checkout-is-down").card()
    workspace.channel("#incidents").expects("INC-1")

    # A form that Slack refuses names the line to type.
    workspace.faults.add(on="views.open", do="error", error="expired_trigger_id")
    eve.types("checkout is down again", "#general")
    message = general.expects("checkout is down again", from_bot=False)
    eve.uses_message_shortcut("declare-from-message", message).says(
        "Slack didn't open the form", "/incident declare checkout is down"
    )

    # An incident is declared from a message.
    ada.types("checkout answers 502 since the deploy, says @bob\nreplicas lag <too> & more", "#general")
    message = general.expects("checkout answers", from_bot=False)
    bob.types("/incident list", "#general")
    bob.uses_message_shortcut("declare-from-message", message)
    form = bob.sees_form("Declare an incident")
    assert form.initial("What is broken?") == "checkout answers 502 since the deploy, says @Bob Kahn"
    link = f"https://slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
    assert form.initial("What do you know?") == (
        f"checkout answers 502 since the deploy, says @Bob Kahn\nreplicas lag <too> & more\n\n{link}"
    )
    assert "Private* below" not in form.text
    bob.submits().says("INC-2", "sev2, public")
    channel = workspace.channel("#inc-2-checkout-answers-502-since-the-deploy-says-bob-kahn")
    assert channel.card().has("replicas lag &lt;too&gt; &amp; more")
    workspace.channel("#incidents").expects("INC-2")

    # A very long one is cut, and its link kept.
    ada.types("word " * 1500, "#general")
    message = general.expects("word word", from_bot=False)
    ada.uses_message_shortcut("declare-from-message", message)
    form = ada.sees_form("Declare an incident")
    assert len(form.initial("What is broken?")) <= 150
    summary = form.initial("What do you know?")
    assert len(summary) <= 3000
    assert summary.endswith(f"…\n\nhttps://slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}")

    # What was said in private is warned about.
    mona.types("we will lay off Otto", "#managers")
    message = workspace.channel("#managers").expects("lay off", from_bot=False)
    mona.uses_message_shortcut("declare-from-message", message)
    assert "for everybody, unless you tick *Private* below" in mona.sees_form("Declare an incident").text
    mona.closes_form()
    workspace.channel("#incidents").expects_nothing()


def _pinned(workspace: Workspace) -> list[tuple[str, str]]:
    """Who said it, and what; oldest first."""
    rows = workspace.bot.rows("SELECT who, text FROM timeline WHERE kind = 'pinned' ORDER BY id")
    return [(row["who"], row["text"]) for row in rows]


def test_a_message_is_added_to_the_timeline_once(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down")
    bob.joins(channel)
    bob.types("the replica is 40 min behind", channel)
    said_at = workspace.clock.now
    message = channel.expects("the replica is", from_bot=False)
    workspace.clock.forward(minutes=20)
    ada.types("/incident note later", channel)
    ada.uses_message_shortcut("add-to-timeline", message).says("That message is in the timeline of INC-1, as entry 3.")
    bob.uses_message_shortcut("add-to-timeline", message).says("in the timeline of INC-1 already, as entry 3.")
    bob.reacts("pushpin", message)
    assert _pinned(workspace) == [(bob.id, f"the replica is 40 min behind\n(added by <@{ada.id}>)")]
    told = ada.types("/incident timeline", channel).says("@bob *pinned* the replica is 40 min behind", "added by @ada")
    assert told.text.index("*pinned*") < told.text.index("later"), "in order of time"
    assert f"{said_at:%Y-%m-%d %H:%M} UTC @bob" in told.text
    channel.expects_nothing()

    # Elsewhere there is no timeline to add to.
    bob.types("hello", "#general")
    message = workspace.channel("#general").expects("hello", from_bot=False)
    bob.uses_message_shortcut("add-to-timeline", message).says("not in the channel of an incident", "/incident note")
    bob.reacts("pushpin", message)
    assert len(_pinned(workspace)) == 1


def test_a_pushpin_adds_a_message_once_whoever_and_however_often(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down")
    bob.joins(channel)
    bob.types("restarting db-3", channel)
    message = channel.expects("restarting db-3", from_bot=False)
    bob.reacts("eyes", message)
    assert _pinned(workspace) == []
    # When the message can't be read, nothing is said.
    workspace.faults.add(on="conversations.history", do="error", error="channel_is_limited_access")
    bob.reacts("pushpin", message)
    assert _pinned(workspace) == []
    channel.expects_nothing()
    bob.unreacts("pushpin", message)
    bob.reacts("pushpin", message)
    ada.reacts("pushpin", message)
    bob.unreacts("pushpin", message)
    bob.reacts("pushpin", message)
    assert _pinned(workspace) == [(bob.id, "restarting db-3")]
    channel.expects_nothing()
    assert not bob.answers()

    # A reply in a thread is pinned too.
    ada.replies("the cache is cold", message)
    ada.replies("another reply", message)
    reply = channel.expects("the cache is cold", from_bot=False)
    bob.reacts("pushpin", reply)
    assert _pinned(workspace)[1:] == [(ada.id, f"the cache is cold\n(added by <@{bob.id}>)")]
    assert workspace.calls(method="conversations.replies")


def test_a_private_incident_is_kept_from_outsiders(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    ada.types("/incident declare Keys have leaked private", "#general")
    channel = workspace.channel("#inc-1-keys-have-leaked")
    channel.card()
    ada.types("rotating the keys now", channel)
    message = channel.expects("rotating", from_bot=False)
    ada.reacts("pushpin", message)
    assert workspace.bot.one("SELECT text FROM timeline WHERE kind = 'pinned'") == "rotating the keys now"
    bob.types("what is going on?", "#general")
    asked = workspace.channel("#general").expects("what is going on?", from_bot=False)
    answer = bob.uses_message_shortcut("add-to-timeline", asked).says("not in the channel of an incident")
    assert "INC-1" not in answer
    assert bob.uses_message_shortcut("add-to-timeline", message).error == "channel_not_found"
    bob.reacts("pushpin", asked)
    bob.uses_message_shortcut("declare-from-message", asked)
    assert "leaked" not in bob.sees_form("Declare an incident").text
    bob.closes_form()
    ada.uses_message_shortcut("declare-from-message", message)
    assert "unless you tick *Private*" in ada.sees_form("Declare an incident").text
    ada.closes_form()
    assert workspace.bot.one("SELECT count(*) FROM timeline WHERE kind = 'pinned'") == 1
