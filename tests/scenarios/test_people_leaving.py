"""Somebody leaves the channel or the workspace, or two do something at once: one clear outcome each."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.outcome import has_failed
from tests.scenarios import rotas
from tests.scenarios.screenplay import Stage, begun

_MONDAY = datetime(2025, 3, 10, 8, 0, tzinfo=UTC)
_SETTINGS = '[groups]\ncommanders = ["U0FINN0000"]\nmanagers = ["U0MONA0000"]\n'

TWO = """
MONDAY 10 March 2025
08:01  ada  types    /incident rota start @ada @bob @eve 8h from 08:30 → …
       all  hear     Command rota of INC-1: …
       ada  hears    Your shifts … • Mon 10 Mar 08:30 to 16:30 GMT … [I'll be there] [I can't]
       bob  hears    Your shifts … • Mon 10 Mar 12:30 to 20:30 EDT … [I'll be there] [I can't]
       eve  hears    Your shifts … • Tue 11 Mar 01:30 to 09:30 CET … [I'll be there] [I can't]
"""
BEFORE = f"""{TWO}
15:30  bob  hears    *Are you up?* … [I'm up] [I can't]
       ada  hears    At *Mon 10 Mar 16:30 GMT* Bob Kahn takes command … [Extend 1 h] [Write the briefing]
15:31  bob  presses  [I'm up] → Good morning. …
16:15  all  hear     *Briefing of INC-1*, *draft* for the handoff to Bob Kahn … [Edit the briefing]
"""
BOUNDARY = f"""{BEFORE}
16:30  all  hear     @bob, your shift in command … begins 2025-03-10 16:30 UTC. … [I have command] [I can't]
"""
LATE = f"""{BOUNDARY}
16:40  ada  hears    Bob Kahn has not accepted command … In 5 min I ask others.
       bob  hears    Your shift … began Mon 10 Mar 12:30 EDT. … [I have command] [I can't]
16:45  eve  hears    *INC-1* Checkout is down (sev3) needs you in command. … [I have command] [I can't]
"""
_HAS_LEFT = "has left the workspace, and would take command of *INC-1* Checkout is down at"


@pytest.fixture
def stage(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """Ada has declared at 08:00 on a Monday. In a sev3 nobody is asked whether they are there."""
    with begun(tmp_path, _MONDAY, "Checkout is down sev3", by="ada", settings=_SETTINGS, works_every=0) as ready:
        yield ready
        ready.workspace.failed = has_failed(request.node)


def test_who_was_offered_command_leaves_the_workspace(stage: Stage) -> None:
    stage.play("""
MONDAY 10 March 2025
08:05  ada  types    /incident handoff @eve → …
       all  hear     *Briefing of INC-1* for Eve Moreau, … [Edit the briefing]
       all  hear     @eve, Ada Lovelace offers you command … [I have command] [I can't]
08:08  eve  is       deactivated
       ada  hears    Eve Moreau can't take command of *INC-1* Checkout is down. It stays yours.
08:09  ada  types    /incident handoff @eve → @eve is deactivated in this workspace. Name somebody who can answer.
08:40  ada  writes   nobody else was asked
""")
    assert stage.workspace.bot.one("SELECT state FROM handoffs") == "declined"


def test_who_has_command_leaves_while_the_bot_is_away(stage: Stage) -> None:
    """Slack tells of it for an hour and a half; after that nobody does."""
    stage.play("""
MONDAY 10 March 2025
08:05  bot  is       down
08:06  ada  is       deactivated
11:05  bot  is       back
       finn hears    *INC-1* Checkout is down (sev3) needs you in command. … [I have command] [I can't]
11:08  finn presses  [I have command] → You have command …
       all  hear     Finn Olsen *has command* of INC-1.
11:40  finn writes   nobody else was asked
""")
    assert rotas.commander(stage.workspace) == "finn"


def test_whose_shift_it_is_leaves_the_workspace(stage: Stage) -> None:
    stage.play(f"""{BOUNDARY}
16:33  bob  is       deactivated
       eve  hears    *INC-1* Checkout is down (sev3) needs you in command. Bob Kahn was to take it and has not;
                     Ada Lovelace still has it. Your own shift begins Tue 11 Mar 01:30 CET. [I have command] [I can't]
       ada  hears    Bob Kahn {_HAS_LEFT} Tue 11 Mar 16:30 GMT. … [Change the rota]
16:36  eve  presses  [I have command] → You have command … Next handoff: @ada at 2025-03-11 08:30 UTC. …
       ada  hears    You are relieved: Eve Moreau has command … You held it 8 h 36 min. …
17:40  eve  writes   nobody else was asked
""")


def test_whose_shift_it_would_be_leaves_the_workspace(stage: Stage) -> None:
    stage.play(f"""{TWO}
10:00  bob  is       deactivated
       ada  hears    Bob Kahn {_HAS_LEFT} Mon 10 Mar 16:30 GMT.
                     Remove them from the rota, and the others move up. [Change the rota]
10:02  ada  types    /incident rota remove @bob → …
       all  hear     Command rota of INC-1: Bob Kahn left (Ada Lovelace). Next handoff: Eve Moreau at 2025-03-10 …
       eve  hears    Your shifts … • Mon 10 Mar 17:30 to Tue 01:30 CET … [I'll be there] [I can't]
15:30  eve  hears    *Are you up?* … in 1 h: *Mon 10 Mar 17:30 to Tue 01:30 CET*. … [I'm up] [I can't]
       ada  hears    At *Mon 10 Mar 16:30 GMT* Eve Moreau takes command … [Extend 1 h] [Write the briefing]
""")


def test_whose_shift_it_would_be_leaves_and_nobody_minds(stage: Stage) -> None:
    stage.play(f"""{TWO}
10:00  bob  is       deactivated
       ada  hears    Bob Kahn {_HAS_LEFT} Mon 10 Mar 16:30 GMT. … [Change the rota]
15:30  ada  hears    At *Mon 10 Mar 16:30 GMT* Bob Kahn can't take command … they left the workspace.
                     I'll ask others then. … [Extend 1 h] [Write the briefing]
16:15  eve  hears    Bob Kahn, who takes command … at Mon 10 Mar 17:30 CET, can't come: they left the workspace.
                     Then I'll ask you first. There is nothing to do now.
       all  hear     *Briefing of INC-1*, *draft* for the handoff to Bob Kahn … [Edit the briefing]
16:30  all  hear     @bob can't take command … I'm asking others by DM. @ada has it until somebody accepts.
       eve  hears    *INC-1* Checkout is down (sev3) needs you in command. … [I have command] [I can't]
16:35  eve  hears    *INC-1* … needs you in command. … [I have command] [I can't]
16:40  finn hears    *INC-1* … needs you in command. … [I have command] [I can't]
16:45  finn hears    *INC-1* … needs you in command. … [I have command] [I can't]
16:50  mona hears    *INC-1* … needs you in command. … [I have command] [I can't]
16:55  mona hears    *INC-1* … needs you in command. … [I have command] [I can't]
17:00  all  hear     *Nobody has accepted command of INC-1* since 2025-03-10 16:30 UTC. … [Take command]
17:30  all  hear     *Nobody has accepted command of INC-1* since 2025-03-10 16:30 UTC. … [Take command]
       ada  hears    *INC-1* … Your shift ended 1 h ago. … [Hand over] [I go on]
17:31  eve  presses  [I have command] → You have command …
       ada  hears    You are relieved: Eve Moreau has command … You held it 9 h 31 min. …
       all  hear     Eve Moreau *has command* of INC-1.
18:10  eve  writes   nobody else was asked
""")


def test_whose_shift_it_is_left_while_the_bot_was_away(stage: Stage) -> None:
    """Slack tells a bot that was away for so long nothing of it: it asks about those on whom something depends."""
    stage.play(f"""{BEFORE}
16:20  bot  is       down
16:25  bob  is       deactivated
16:40  all  hear     Handoff: @bob takes over command … from @ada … Sent by Slack's own timer …
17:00  bot  is       back
       ada  hears    Bob Kahn {_HAS_LEFT} Tue 11 Mar 16:30 GMT. … [Change the rota]
       eve  hears    *INC-1* Checkout is down (sev3) needs you in command. … [I have command] [I can't]
17:02  eve  presses  [I have command] → You have command …
       ada  hears    You are relieved: Eve Moreau has command … You held it 9 h 2 min. …
""")


def test_whom_the_ladder_asked_leaves_the_workspace(stage: Stage) -> None:
    stage.play(f"""{LATE}
16:48  eve  is       deactivated
       ada  hears    Eve Moreau {_HAS_LEFT} Tue 11 Mar 00:30 GMT. … [Change the rota]
       finn hears    *INC-1* Checkout is down (sev3) needs you in command. … [I have command] [I can't]
16:50  finn presses  [I have command] → You have command …
       ada  hears    You are relieved: Finn Olsen has command … You held it 8 h 50 min. …
17:31  finn writes   nobody else was asked
""")


def test_the_holder_leaves_the_workspace_then_the_next_and_somebody_takes_command(stage: Stage) -> None:
    chen = stage.workspace.person("chen")
    chen.joins(stage.channel)
    stage.play(f"""{TWO}
09:00  ada  is       deactivated
       bob  hears    *INC-1* Checkout is down (sev3) needs you in command. Ada Lovelace, who has command, …
                     Your own shift begins Mon 10 Mar 12:30 EDT. [I have command] [I can't]
09:03  bob  presses  [I have command] → You have command … Next handoff: @eve at 2025-03-11 00:30 UTC. …
       all  hear     Bob Kahn *has command* of INC-1.
""")
    assert rotas.commander(stage.workspace) == "bob"
    stage.play("""
MONDAY 10 March 2025
09:20  bob  is       deactivated
       eve  hears    *INC-1* Checkout is down (sev3) needs you in command. … [I have command] [I can't]
09:22  chen types    /incident command take Bob is gone → @bob can't answer: you may take command of *INC-1* now.
       chen presses  [Take command now] → You have command …
       all  hear     Chen Wei *has taken command* of INC-1: Bob is gone
10:00  chen writes   nobody else was asked
""")
    assert rotas.commander(stage.workspace) == "chen"


def test_the_holder_leaves_the_channel_then_the_next_and_somebody_takes_command_at_once(stage: Stage) -> None:
    stage.play(f"""{TWO}
09:00  ada  is       leaving
       ada  hears    *Are you there?* You left #inc-1-checkout-is-down while you have command …
                     Without an answer I ask others at Mon 10 Mar 09:10 GMT to take command.
                     [I'm here] [On a call] [Back into the channel] [Hand over]
09:10  bob  hears    *INC-1* Checkout is down (sev3) needs you in command. … [I have command] [I can't]
09:12  bob  presses  [I have command] → You have command …
       all  hear     Bob Kahn *has command* of INC-1.
       ada  hears    You are relieved: Bob Kahn has command … You held it 1 h 12 min. …
10:00  bob  is       leaving
       bob  hears    *Are you there?* … [I'm here] [On a call] [Back into the channel] [Hand over]
10:02  eve  types    /incident command take Bob has left → @bob can't answer: you may take command of *INC-1* now.
10:03  eve  presses  [Take command now] → You have command …
       all  hear     Eve Moreau *has taken command* of INC-1: Bob has left
       bob  hears    You are relieved: Eve Moreau has taken command of *INC-1* (Bob has left). You held it 51 min. …
10:30  eve  writes   nobody else was asked
""")


def test_who_can_not_come_and_asks_for_command_leaves_the_workspace(stage: Stage) -> None:
    """Whoever takes the shift then gives nothing in return: nobody would come for theirs."""
    stage.play(f"""{TWO}
09:00  bob  presses  [I can't] → I'm asking the others, one at a time. …
       ada  hears    Bob Kahn can't take command of *INC-1* at Mon 10 Mar 16:30 GMT. …
       eve  hears    Bob Kahn can't take command … Bob Kahn would take yours, … [I take it] [I can't]
09:02  bob  types    /incident command take Ada is on a plane → @ada is asked for command … for 15 min, …
       ada  hears    Bob Kahn asks you for command … Ada is on a plane [Hand over] [I keep it]
09:04  bob  is       deactivated
       ada  hears    Bob Kahn {_HAS_LEFT} Mon 10 Mar 16:30 GMT. … [Change the rota]
09:05  ada  presses  [Hand over] → @bob is deactivated in this workspace. …
09:06  eve  presses  [I take it] → Thank you: it is yours, from 2025-03-10 16:30 UTC to 2025-03-11 00:30 UTC.
       all  hear     Command rota of INC-1: Eve Moreau takes a shift of Bob Kahn (Eve Moreau). …
10:00  ada  writes   nobody else was asked
""")
    assert rotas.commander(stage.workspace) == "ada"


def test_who_is_asked_to_trade_leaves_the_workspace(stage: Stage) -> None:
    stage.play(f"""{TWO}
09:00  bob  presses  [I can't] → I'm asking the others, one at a time. …
       ada  hears    Bob Kahn can't take command of *INC-1* at Mon 10 Mar 16:30 GMT. …
       eve  hears    Bob Kahn can't take command … [I take it] [I can't]
09:04  eve  is       deactivated
       ada  hears    Eve Moreau {_HAS_LEFT} Tue 11 Mar 00:30 GMT. … [Change the rota]
       ada  hears    Bob Kahn can't take command … Would you? … [I take it] [I can't]
""")


def test_one_accepts_while_the_other_takes_command(stage: Stage) -> None:
    stage.play(f"""{BOUNDARY}
16:31  eve  types    /incident command take Ada does not answer → @ada is asked for command … for 15 min, …
       ada  hears    Eve Moreau asks you for command … Ada does not answer [Hand over] [I keep it]
16:40  ada  hears    Bob Kahn has not accepted command … In 5 min I ask others.
       bob  hears    Your shift … began Mon 10 Mar 12:30 EDT. … [I have command] [I can't]
16:45  eve  hears    *INC-1* Checkout is down (sev3) needs you in command. … [I have command] [I can't]
16:46  eve  hears    Ada Lovelace has not answered. You may take command … [Take command now]
""")
    workspace = stage.workspace
    bob, eve = workspace.person("bob"), workspace.person("eve")
    theirs = {bob: ("I have command", "began Mon 10 Mar"), eve: ("Take command now", "has not answered")}
    seen = {who: next(one for one in workspace.dm(who.handle).messages if one.has(theirs[who][1])) for who in theirs}
    workspace.together(
        lambda: bob.presses("I have command", seen[bob], settle=False),
        lambda: eve.presses("Take command now", seen[eve], settle=False),
    )
    workspace.settle()
    winner = rotas.commander(workspace)
    loser = {"bob": eve, "eve": bob}[winner]
    assert "You have command of *INC-1*" in str(workspace.person(winner).answers())
    told = str(loser.answers())
    assert any(words in told for words in ("has accepted this already", "was withdrawn", "moved meanwhile")), told
    assert workspace.bot.one("SELECT count(*) FROM tenures WHERE role = 'ic'") == 2
    workspace.dm("ada").expects("You are relieved: ")
    workspace.forgive("messages")


def test_resolved_while_the_other_takes_command(stage: Stage) -> None:
    stage.play(f"""{TWO}
09:00  bob  types    /incident command take Ada is on a plane → @ada is asked for command … for 15 min, …
       ada  hears    Bob Kahn asks you for command … Ada is on a plane [Hand over] [I keep it]
09:15  bob  hears    Ada Lovelace has not answered. You may take command … [Take command now]
""")
    workspace = stage.workspace
    ada, bob = workspace.person("ada"), workspace.person("bob")
    take = next(one for one in workspace.dm("bob").messages if one.has("has not answered"))
    workspace.together(
        lambda: ada.types("/incident resolve", stage.channel, settle=False),
        lambda: bob.presses("Take command now", take, settle=False),
    )
    workspace.settle()
    assert workspace.bot.one("SELECT state FROM incidents") == "resolved"
    assert workspace.bot.one("SELECT count(*) FROM tenures WHERE ended_at IS NULL") == 0
    taken = workspace.bot.one("SELECT count(*) FROM tenures WHERE how = 'took'") == 1
    answer = str(bob.answers())
    assert ("You have command of *INC-1*" in answer) is taken, answer
    assert ("resolved" in answer or "moved meanwhile" in answer) is not taken, answer
    stage.channel.expects("INC-1 is *resolved*")
    workspace.clock.forward(hours=9)
    workspace.forgive("messages")
    assert not [one for one in stage.channel.unexpected() if not one.has("has taken command")]
