"""Slack is slow, refuses, drops the line, or is not there at all: nothing is lost, nothing is doubled."""

from tests.harness import Workspace


def test_a_revoked_token_and_its_return_sockets_that_break_and_a_slow_slack(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    workspace.revoke_token(True)
    ada.types("/incident declare Checkout is down").says("Declaring *INC-1*")
    workspace.clock.forward(minutes=5)
    assert workspace.incident_channels() == []
    workspace.revoke_token(False)
    workspace.clock.forward(minutes=2)
    channel = workspace.channel("#inc-1-checkout-is-down")
    channel.card()
    assert "ada" in channel.members
    workspace.channel("#incidents").expects("INC-1")

    # A refreshed and an aborted socket lose nothing.
    ada.here = channel.name
    workspace.reconnected(2)
    for number, trouble in enumerate(["refresh", "abort"]):
        workspace.sockets(trouble)
        for again in range(5):
            ada.types(f"/incident note {number}-{again}").says("timeline of INC-1")
    assert workspace.bot.one("SELECT count(*) FROM timeline WHERE kind = 'note'") == 10
    channel.expects_nothing()

    # A slow Slack does not slow the answer.
    workspace.reconnected(2)
    workspace.faults.add(on="*", do="delay", seconds=1.0, times=0)
    mark = workspace.mark()
    ada.types("/incident severity sev1", settle=False).says("INC-1 is sev1 now")
    sent, acked = workspace.calls(mark, what="envelope")[0], workspace.calls(mark, what="ack")[0]
    assert acked.ended - sent.began < 0.5
    workspace.faults.clear()
    workspace.settle()
    channel.expects("*sev1*")


def test_slack_is_down_over_a_boundary(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down")
    ada.types("/incident rota start @ada @bob 1h")
    channel.expects("Command rota")
    workspace.dm("ada").expects("Your shifts in command")
    workspace.dm("bob").expects("Your shifts in command")
    workspace.clock.forward(minutes=1)
    workspace.dm("bob").expects("Are you up?", "take command of *INC-1*")
    workspace.dm("ada").expects("Extend 30 min")
    workspace.faults.down()
    assert ada.types("/incident list", settle=False).error == "service_unavailable"
    # Back by three minutes after the boundary, the bot says it; later, Slack's own timer does (test_dead_man.py).
    for _ in range(3):
        workspace.clock.jump(minutes=19, seconds=50)
    channel.expects_nothing()
    workspace.faults.clear()
    workspace.reconnected(1)
    workspace.clock.forward(minutes=3)
    channel.expects("Briefing of INC-1")
    channel.expects("@bob, your shift in command of *INC-1*")
    channel.expects("I couldn't reach Slack since", "Ada Lovelace has command")
    workspace.dm("bob").expects_nothing()
    bob.clicks("I have command", channel).says("You have command")
    workspace.dm("ada").expects("You are relieved")
    workspace.dm("bob").expects("Ada Lovelace takes command of *INC-1*", "from you")
    assert channel.card().has("*Incident commander*\n@bob")


def test_errors_lost_answers_and_limits_double_nothing_and_a_form_may_not_open(
    workspace: Workspace,
) -> None:
    ada = workspace.person("ada")
    workspace.faults.add(on="conversations.create", do="status", status=500)
    workspace.faults.add(on="conversations.create", phase="after", nth=2, do="drop")
    workspace.faults.add(on="chat.postMessage", phase="after", do="drop")
    workspace.faults.add(on="chat.postMessage", nth=2, do="ratelimited", retry_after=30)
    workspace.faults.add(on="conversations.invite", do="error", error="fatal_error")
    workspace.faults.add(on="pins.add", do="drop")
    workspace.faults.add(on="bookmarks.add", phase="after", do="drop")
    workspace.faults.add(on="conversations.setTopic", do="drop")
    workspace.faults.add(on="response_url", phase="after", do="drop")
    ada.types("/incident declare Checkout is down").says("Declaring")
    workspace.clock.forward(minutes=5)
    assert workspace.incident_channels() == ["#inc-1-checkout-is-down"]
    channel = workspace.channel("#inc-1-checkout-is-down")
    channel.card()
    channel.expects_nothing()
    assert set(channel.members) == {"ada", "watchbill"}
    assert len(channel.bookmarks) == 1
    assert channel.topic == "sev2 · investigating · IC Ada Lovelace"
    workspace.channel("#incidents").expects("INC-1")
    workspace.channel("#incidents").expects_nothing()

    # A form that does not open says how to go on.
    ada.here = "#general"
    workspace.faults.add(on="views.open", do="error", error="fatal_error")
    ada.types("/incident declare").says("didn't open the form", "/incident declare checkout is down")
    assert ada.form is None
    ada.types("/incident declare")
    ada.sees_form("Declare an incident")
    ada.closes_form()
    ada.types("/incident")
    workspace.faults.add(on="views.open", do="error", error="expired_trigger_id")
    ada.clicks("Declare an incident").says("didn't open the form", "/incident declare checkout is down")
