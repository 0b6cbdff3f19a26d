"""The host dies before a handoff: Slack says it by its own timer, and a bot that comes back doubles nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.harness import Message, Place, Starter, Workspace
from tests.scenarios.rotas import commander, told

MINUTE = timedelta(minutes=1)
OWN_TIMER = "Sent by Slack's own timer because the bot has not confirmed the handoff"


class Night:
    """Ada commands; Bob comes next, and Eve after him."""

    def __init__(self, workspace: Workspace, words: str = "@bob @eve 8h from 19:25") -> None:
        self.workspace = workspace
        self.channel = workspace.person("ada").declares("Checkout is down sev3")
        workspace.person("ada").types(f"/incident rota start {words}", self.channel).says("Command rota of INC-")
        self.hears_the_rest()
        bobs = "SELECT min(starts_at) FROM shifts JOIN rotas ON rotas.id = rota WHERE person = ? AND incident = ?"
        stored = workspace.bot.one(bobs, workspace.person("bob").id, int(self.channel.number.removeprefix("INC-")))
        self.boundary = datetime.fromisoformat(stored).replace(tzinfo=UTC)

    def until(self, minutes: float) -> None:
        """So many minutes after the boundary."""
        self.workspace.clock.until(self.boundary + minutes * MINUTE)

    def dies(self) -> None:
        """The host is gone; what was said until then is no matter here."""
        self.workspace.bot.kill()
        self.hears_the_rest()

    def hears_the_rest(self) -> None:
        """What was asked and drafted around the boundary is told elsewhere."""
        for place in (self.channel, *(self.workspace.dm(name) for name in ("ada", "bob", "eve"))):
            for message in place.unexpected() if place.exists else []:
                self.workspace.ledger.consume(message)

    def said(self) -> list[Message]:
        """Every message of this handoff that stands in the channel."""
        words = ("takes over command", "your shift in command", "has command*", "The offer of command", "own timer")
        return [one for one in self.channel.messages if one.from_bot and any(one.has(word) for word in words)]

    def with_slack(self) -> list[float]:
        """When what Slack keeps for later will be posted, in minutes after the boundary."""
        mine = [one for one in self.workspace.state["scheduled"] if one["channel"] == self.channel.id]
        kept = [one for one in mine if not one["deleted"]]
        return sorted(round((one["post_at"] - self.boundary.timestamp()) / 60, 0) for one in kept)


@pytest.fixture
def night(workspace: Workspace) -> Night:
    return Night(workspace)


def test_the_host_dies_before_a_boundary_and_slack_says_it(night: Night) -> None:
    night.dies()
    night.until(9)
    assert night.said() == []
    night.until(10.5)
    said = night.channel.expects("Handoff: @bob takes over command of *INC-1*", "from @ada", OWN_TIMER, "ref h-")
    assert 600 <= float(said.ts) - night.boundary.timestamp() <= 602
    night.workspace.bot.start()
    assert [one.ts for one in night.said()] == [said.ts]
    night.until(12)
    offer = night.channel.again(said)
    assert offer.has("@bob, your shift in command of *INC-1*"), "it has become the offer"
    assert "I have command" in offer.buttons
    night.workspace.person("bob").presses("I have command", offer)
    assert commander(night.workspace) == "bob"
    night.until(14)
    assert [one.ts for one in night.said()] == [said.ts]
    assert night.with_slack() == [8 * 60 + 10]
    night.hears_the_rest()


def test_started_again_before_the_freeze_and_in_it_nothing_is_doubled(workspace: Workspace) -> None:
    """So many minutes after the boundaries of several incidents: Slack's message freezes at 4 and is said at 10."""
    late, taken, later, early, unfrozen = (
        Night(workspace, f"@bob @eve 8h from {boundary}") for boundary in ("19:30", "19:33", "19:33", "19:35", "19:38")
    )
    frozen = (late, later, early)
    late.dies()
    late.until(9.9)
    workspace.bot.start()
    assert not [said for night in (*frozen, taken) for said in night.said()]
    (offer,) = unfrozen.said()
    assert offer.has("@bob, your shift in command of"), "the bot says it"
    workspace.person("eve").types("/incident take the bot was away", taken.channel)
    for night in frozen:
        night.until(12)
        (said,) = night.said()
        assert said.has("@bob, your shift in command of")
        assert "I have command" in said.buttons
        assert float(said.ts) - night.boundary.timestamp() < 602, "Slack's own, made the offer"
    (first, *_) = [one for one in taken.said() if one.ts < f"{taken.boundary.timestamp() + 603:.6f}"]
    assert not first.has("takes over command"), "nobody reads what is not so"
    early.until(14)
    for night in frozen:
        assert len(night.said()) == 1
        assert night.with_slack() == [8 * 60 + 10]
    unfrozen.until(12)
    assert [one.ts for one in unfrozen.said()] == [offer.ts]
    workspace.forgive()


def test_what_slack_lost_is_left_again_or_said_by_the_bot(night: Night) -> None:
    slack = night.workspace.doors
    slack.control("scheduled", do="lose")
    night.workspace.bot.restart()
    assert night.with_slack() == [10], "what was lost is left again"
    night.workspace.bot.stop()
    kept = night.workspace.bot.rows("SELECT scheduled_id FROM fallbacks WHERE settled_at IS NULL")
    slack.control("scheduled", do="copy")
    assert night.with_slack() == [10, 10]
    night.workspace.bot.start()
    assert night.with_slack() == [10], "what nobody knows of is deleted"
    assert [one["id"] for one in night.workspace.state["scheduled"]] == [kept[0]["scheduled_id"]]
    night.dies()
    slack.control("scheduled", do="lose")
    night.until(6)
    night.workspace.bot.start()
    night.until(10.5)
    assert night.said() == []
    night.until(13)
    (offer,) = night.said()
    assert offer.has("@bob, your shift in command of *INC-1*")
    assert float(offer.ts) - night.boundary.timestamp() > 660 + 20
    night.hears_the_rest()


def test_slack_comes_back_in_the_freeze(night: Night) -> None:
    night.until(-2)
    night.workspace.faults.down()
    night.until(6)
    night.workspace.faults.clear()
    night.workspace.reconnected(1)
    night.until(9.5)
    assert night.said() == [], "what is with Slack can't be taken back any more, so the bot does not say it as well"
    night.until(14)
    (offer,) = night.said()
    assert offer.has("@bob, your shift in command of *INC-1*")
    night.hears_the_rest()


def test_a_bot_that_lives_takes_it_back(night: Night) -> None:
    workspace = night.workspace
    assert night.with_slack() == [10]
    workspace.person("eve").types("/incident take I know it best", night.channel)
    night.hears_the_rest()
    assert night.with_slack() == [10], "the next one relieves whoever has command"
    night.until(1)
    (offer,) = night.said()
    assert night.with_slack() == [8 * 60 + 10], "the next boundary's; that of this one was taken back at once"
    workspace.person("bob").presses("I have command", offer)
    assert night.with_slack() == [8 * 60 + 10]
    night.until(30)
    assert len(night.said()) == 1
    workspace.person("ada").types("/incident resolve all well", night.channel)
    assert night.with_slack() == []
    workspace.bot.kill()
    night.until(8 * 60 + 30)
    workspace.bot.start()
    assert len(night.said()) == 1
    night.hears_the_rest()


def test_a_swap_and_a_boundary_that_is_moved_in_the_freeze_change_what_slack_says(workspace: Workspace) -> None:
    night = Night(workspace, "@ada @bob @eve 1h")
    workspace.person("ada").types("/incident rota swap @bob @eve", night.channel)
    night.channel.expects("swapped")
    told(workspace, "bob", "eve")
    assert night.with_slack() == [10]
    (left,) = [one for one in workspace.state["scheduled"] if not one["deleted"]]
    assert "Handoff: @eve takes over command of *INC-1*" in workspace.readable(left["message"]["text"])
    night.dies()
    night.until(6)
    workspace.bot.start()
    workspace.person("ada").types("/incident rota extend 30m", night.channel)
    night.until(12)
    (said,) = night.said()
    assert said.has("The offer of command to @eve was withdrawn", "@ada has command")
    night.until(31)
    offer = night.channel.expects("@eve, your shift in command of *INC-1*")
    assert night.with_slack() == [60 + 10]
    assert float(offer.ts) > night.boundary.timestamp() + 1800
    night.hears_the_rest()


def test_an_incident_without_a_channel_tells_the_next_one(workspace: Workspace) -> None:
    workspace.expects_trouble("effect failed")
    workspace.faults.add(on="conversations.create", do="error", error="restricted_action", times=0)
    workspace.person("ada").types("/incident declare Checkout is down sev3", "#general")
    workspace.person("ada").types("/incident rota start INC-1 @ada @bob 8h", "#general")
    stored = workspace.bot.one("SELECT starts_at FROM shifts WHERE position = 1")
    boundary = datetime.fromisoformat(stored).replace(tzinfo=UTC)
    workspace.clock.until(boundary - 20 * MINUTE)
    workspace.bot.kill()
    workspace.clock.until(boundary + 11 * MINUTE)
    workspace.dm("bob").expects("Handoff: @bob takes over command", OWN_TIMER)
    workspace.bot.start()
    workspace.forgive("messages", "outbox")


def test_the_bots_own(workspace_with: Starter) -> None:
    workspace = workspace_with('[channels]\noperations = "#random"\n')
    random = Place(workspace, "#random")
    workspace.clock.forward(hours=1)
    assert random.unexpected() == []
    assert len(workspace.state["scheduled"]) == 1
    workspace.bot.kill()
    workspace.clock.forward(minutes=31)
    said = random.expects("Watchbill has not been seen for 30 minutes", "since")
    workspace.bot.start()
    workspace.clock.forward(minutes=2)
    assert random.again(said).has("Watchbill was not seen", "It is back since")
    workspace.clock.forward(minutes=40)
    assert len([one for one in random.messages if one.from_bot]) == 1
    assert len(workspace.state["scheduled"]) == 1


def test_an_answer_that_is_lost_leaves_one(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    for number, do in enumerate(("drop", "kill_bot")):
        channel = ada.declares("Checkout is down sev3")
        workspace.faults.add(on="chat.scheduleMessage", do=do, phase="after")
        ada.types("/incident rota start @ada @bob 8h", channel)
        assert workspace.bot.state == ("stopped" if do == "kill_bot" else "running")
        if do == "kill_bot":
            workspace.bot.start()
        workspace.clock.forward(minutes=3)
        assert len(workspace.state["scheduled"]) == number + 1
        *_, left = workspace.bot.rows("SELECT state, scheduled_id, message FROM fallbacks ORDER BY id")
        assert (left["state"], left["scheduled_id"]) == ("left", workspace.state["scheduled"][number]["id"])
        assert "takes over command" in left["message"]
    workspace.forgive()
