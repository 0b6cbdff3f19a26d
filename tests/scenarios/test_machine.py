"""An incident that a machine opens: `watchbill declare` on the host, beside the running bot."""

from tests.harness import Starter, Workspace
from tests.harness.terminal import watchbill

FALLBACK = '[command]\nfallback_commander = "U0BOB00000"\n'


def _forward(workspace: Workspace) -> None:
    """The bot looks for what others wrote every half minute."""
    workspace.clock.forward(seconds=31)


def test_a_machine_opens_an_incident_and_its_commander_confirms_or_another_or_who_is_on_duty(
    workspace_with: Starter,
) -> None:
    workspace = workspace_with(FALLBACK + '[groups]\ncommanders = ["U0EVE00000"]\n')
    bob, eve = workspace.person("bob"), workspace.person("eve")
    done = watchbill(
        workspace,
        "declare",
        "Checkout answers 502",
        "--severity",
        "sev1",
        "--source",
        "Alertmanager",
        "--summary",
        "5xx",
    )
    assert done == (0, "INC-1\n")
    _forward(workspace)
    channel = workspace.channel("#inc-1-checkout-answers-502")
    card = channel.card()
    assert card.has("Checkout answers 502", "sev1", "@bob (*unconfirmed*) since", "by Alertmanager", "5xx")
    workspace.channel("#incidents").expects("INC-1", "IC @bob (unconfirmed)")
    assert "bob" in channel.members
    workspace.dm("bob").expects("was opened by Alertmanager, and you are its IC", "Nobody is at it until you confirm")
    assert "Nobody is at it until you confirm" in bob.opens_home()
    bob.clicks("I have command", "home")
    bob.closes_form()
    workspace.forgive()
    assert not channel.card().has("unconfirmed")
    assert "Waiting for you" not in bob.opens_home()
    told = bob.types("/incident timeline", channel)
    told.says("Opened by Alertmanager as a sev1 incident: Checkout answers 502")
    # It works while the bot is stopped. Nobody confirms, and others are asked.
    workspace.bot.stop()
    assert watchbill(workspace, "declare", "Search answers 502") == (0, "INC-2\n")
    workspace.bot.start()
    second = workspace.channel("#inc-2-search-answers-502")
    second.card()
    workspace.clock.forward(minutes=11)
    workspace.dm("eve").expects("Search answers 502 (sev2) needs you in command", "the command line opened it")
    eve.clicks("I have command", "@watchbill")
    assert second.card().has("*Incident commander*\n@eve since")
    # Whoever is on duty comes before the fallback.
    eve.types("/incident duty set @gita @ada weekly monday 09:00 Europe/Berlin", "#general")
    assert watchbill(workspace, "declare", "Login answers 502") == (0, "INC-3\n")
    _forward(workspace)
    third = workspace.channel("#inc-3-login-answers-502")
    assert third.card().has("@gita (*unconfirmed*) since")
    assert "bob" not in third.members


def test_a_machine_can_be_wrong_too(workspace_with: Starter) -> None:
    workspace = workspace_with(FALLBACK)
    config = workspace.folder / "watchbill.toml"
    config.rename(config.with_suffix(".away"))
    status, said = watchbill(workspace, "declare", "Checkout answers 502")
    assert status == 1, "without anybody to command it is refused"
    assert "no duty roster is set, and no fallback_commander" in said
    assert "/incident duty set" in said
    config.with_suffix(".away").rename(config)
    status, said = watchbill(workspace, "declare", " \u200b ")
    assert (status, "needs a title" in said) == (1, True)
    status, said = watchbill(workspace, "declare", "Checkout", "--severity", "bad")
    assert (status, "sev1" in said) == (2, True)
    _forward(workspace)
    assert workspace.incident_channels() == []
    assert workspace.bot.one("SELECT count(*) FROM incidents") == 0
    assert watchbill(workspace, "declare", "<!channel> down", "--source", "x" * 300) == (0, "INC-1\n")
    _forward(workspace)
    workspace.forgive()
    card = workspace.channel("#inc-1-channel-down").card()
    assert card.has("by " + "x" * 99 + "…")
    assert card.body["text"].startswith("INC-1 &lt;!channel&gt; down")
    workspace.bot.stop()
    workspace.bot.database.rename(workspace.bot.database.with_suffix(".away"))
    status, said = watchbill(workspace, "declare", "Checkout answers 502")
    assert (status, "there is no database" in said) == (1, True)
