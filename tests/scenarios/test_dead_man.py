"""The host dies before a handoff: Slack says it by its own timer, and a bot that comes back doubles nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.harness import Message, Place, Starter, Workspace
from tests.scenarios import rotas
from tests.scenarios.rotas import commander, told

MINUTE = timedelta(minutes=1)
OWN_TIMER = "Sent by Slack's own timer because the bot has not confirmed the handoff"


class Night:
    """Ada commands, Bob comes next, with a boundary every eight hours."""

    def __init__(self, workspace: Workspace, words: str = "@ada @bob @eve 8h") -> None:
        self.workspace = workspace
        self.channel = rotas.begin(workspace, words)
        stored = workspace.bot.one("SELECT starts_at FROM shifts WHERE position = 1")
        self.boundary = datetime.fromisoformat(stored).replace(tzinfo=UTC)

    def until(self, minutes: float) -> None:
        """So many minutes after the boundary."""
        self.workspace.clock.until(self.boundary + minutes * MINUTE)

    def dies(self, minutes: float = -20) -> None:
        """The host is gone; what was said until then is no matter here."""
        self.until(minutes)
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
        kept = [one for one in self.workspace.state["scheduled"] if not one["deleted"]]
        return sorted(round((one["post_at"] - self.boundary.timestamp()) / 60, 0) for one in kept)


@pytest.fixture
def night(workspace: Workspace) -> Night:
    return Night(workspace)


def test_the_host_dies_before_a_boundary_and_slack_says_it(night: Night) -> None:
    night.dies()
    night.until(9)
    assert night.said() == []
    night.until(11)
    said = night.channel.expects("Handoff: @bob takes over command of *INC-1*", "from @ada", OWN_TIMER, "ref h-")
    assert 600 <= float(said.ts) - night.boundary.timestamp() <= 602
    night.until(60)
    night.workspace.bot.start()
    night.workspace.settle()
    assert [one.ts for one in night.said()] == [said.ts]
    offer = night.channel.again(said)
    assert offer.has("@bob, your shift in command of *INC-1*"), "it has become the offer"
    assert "I have command" in offer.buttons
    night.workspace.person("bob").presses("I have command", offer)
    assert commander(night.workspace) == "bob"
    assert [one.ts for one in night.said()] == [said.ts]
    night.hears_the_rest()


@pytest.mark.parametrize("back", [4.5, 7, 9.9, 10.5])
def test_started_again_in_the_freeze_nothing_is_doubled(night: Night, back: float) -> None:
    night.dies()
    night.until(back)
    night.workspace.bot.start()
    assert len(night.said()) == (1 if back > 10 else 0)
    night.until(12)
    (offer,) = night.said()
    assert offer.has("@bob, your shift in command of *INC-1*")
    assert "I have command" in offer.buttons
    assert float(offer.ts) - night.boundary.timestamp() < 602, "Slack's own, made the offer"
    night.until(14)
    assert len(night.said()) == 1
    assert night.with_slack() == [8 * 60 + 10]
    night.hears_the_rest()


def test_started_again_before_the_freeze_the_bot_says_it(night: Night) -> None:
    night.dies()
    night.until(2)
    night.workspace.bot.start()
    (offer,) = night.said()
    assert offer.has("@bob, your shift in command of *INC-1*")
    night.until(12)
    assert [one.ts for one in night.said()] == [offer.ts]
    night.hears_the_rest()


def test_accepted_in_the_freeze(night: Night) -> None:
    night.dies()
    night.until(6)
    night.workspace.bot.start()
    night.workspace.person("eve").types("/incident take the bot was away", night.channel)
    night.workspace.settle()
    night.until(12)
    (said, *_) = [one for one in night.said() if one.ts < f"{night.boundary.timestamp() + 603:.6f}"]
    assert not said.has("takes over command"), "nobody reads what is not so"
    night.hears_the_rest()


def test_slack_lost_it_and_the_bot_says_it(night: Night) -> None:
    night.dies()
    night.workspace.doors.control("scheduled", do="lose")
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
    assert night.with_slack() == [10]
    night.until(1)
    (offer,) = night.said()
    assert night.with_slack() == [8 * 60 + 10], "the next boundary's; that of this one was taken back at once"
    night.workspace.person("bob").presses("I have command", offer)
    assert night.with_slack() == [8 * 60 + 10]
    night.until(30)
    assert len(night.said()) == 1
    night.hears_the_rest()


def test_a_swap_changes_what_slack_would_say(night: Night) -> None:
    night.workspace.person("ada").types("/incident rota swap @bob @eve", night.channel)
    night.channel.expects("swapped")
    told(night.workspace, "bob", "eve")
    assert night.with_slack() == [10]
    night.dies()
    night.until(11)
    night.channel.expects("Handoff: @eve takes over command of *INC-1*", "from @ada")
    assert len(night.said()) == 1
    night.workspace.bot.start()
    night.hears_the_rest()


def test_a_boundary_that_is_moved_in_the_freeze(night: Night) -> None:
    night.dies()
    night.until(6)
    night.workspace.bot.start()
    night.workspace.person("ada").types("/incident rota extend 1h", night.channel)
    night.until(12)
    (said,) = night.said()
    assert said.has("The offer of command to @bob was withdrawn", "@ada has command")
    night.until(61)
    offer = night.channel.expects("@bob, your shift in command of *INC-1*")
    assert night.with_slack() == [8 * 60 + 10]
    assert float(offer.ts) > night.boundary.timestamp() + 3600
    night.hears_the_rest()


def test_resolving_takes_it_back(night: Night) -> None:
    night.workspace.person("ada").types("/incident resolve all well", night.channel)
    assert night.with_slack() == []
    night.workspace.bot.kill()
    night.until(30)
    night.workspace.bot.start()
    assert night.said() == []
    night.hears_the_rest()


def test_command_that_changed_hands_is_relieved_of_whoever_has_it(night: Night) -> None:
    night.workspace.person("eve").types("/incident take I know it best", night.channel)
    night.workspace.clock.forward(minutes=20)
    night.hears_the_rest()
    assert night.with_slack() == [10]


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


def test_at_the_start_both_sides_are_compared(night: Night) -> None:
    night.workspace.doors.control("scheduled", do="lose")
    night.workspace.bot.restart()
    assert night.with_slack() == [10], "what was lost is left again"
    night.workspace.bot.stop()
    kept = night.workspace.bot.rows("SELECT scheduled_id FROM fallbacks WHERE settled_at IS NULL")
    night.workspace.doors.control("scheduled", do="copy")
    assert night.with_slack() == [10, 10]
    night.workspace.bot.start()
    assert night.with_slack() == [10], "what nobody knows of is deleted"
    assert [one["id"] for one in night.workspace.state["scheduled"]] == [kept[0]["scheduled_id"]]


def test_the_bots_own(workspace_with: Starter) -> None:
    workspace = workspace_with('[channels]\noperations = "#random"\n')
    random = Place(workspace, "#random")
    workspace.clock.forward(hours=2)
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


@pytest.mark.parametrize("do", ["drop", "kill_bot"])
def test_an_answer_that_is_lost_leaves_one(workspace: Workspace, do: str) -> None:
    channel = workspace.person("ada").declares("Checkout is down sev3")
    workspace.faults.add(on="chat.scheduleMessage", do=do, phase="after")
    workspace.person("ada").types("/incident rota start @ada @bob 8h", channel)
    if workspace.bot.state == "stopped":
        workspace.bot.start()
    workspace.clock.forward(minutes=3)
    assert len(workspace.state["scheduled"]) == 1
    kept = workspace.bot.rows("SELECT state, scheduled_id, message FROM fallbacks")
    assert [(row["state"], row["scheduled_id"]) for row in kept] == [("left", workspace.state["scheduled"][0]["id"])]
    assert "takes over command" in kept[0]["message"]
    workspace.forgive()
