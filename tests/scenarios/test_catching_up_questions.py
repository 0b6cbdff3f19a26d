"""The bot was away while it waited for somebody's answer: to a wish for command, a trade, or whether they are there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios import rotas
from tests.scenarios.being_away import THREE, assert_told_once, ended, monday
from tests.scenarios.screenplay import Stage


@pytest.fixture
def stage(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stage]:
    with monday(tmp_path, request) as ready:
        yield ready


def test_while_somebody_waits_to_take_command_and_while_they_could(stage: Stage) -> None:
    stage.play(f"""{THREE}
09:00  bob  types    /incident command take Ada is on a plane → @ada is asked for command … for 15 min, …
       ada  hears    Bob Kahn asks you for command … Ada is on a plane [Hand over] [I keep it]
09:05  bot  is       down
12:05  bot  is       back
       bob  hears    Ada Lovelace has not answered. You may take command … [Take command now]
12:06  bot  is       down
12:17  bot  is       back
       bob  hears    Ada Lovelace has not answered. You may take command … [Take command now]
12:26  bob  presses  [Take command now] → You have command … Next handoff: @eve at 2025-03-11 00:30 UTC. …
       all  hear     Bob Kahn *has taken command* of INC-1: Ada is on a plane
       ada  hears    You are relieved: Bob Kahn has taken command … (Ada is on a plane). You held it 4 h 26 min. …
""")
    assert ended(stage, "09:05", "12:05") == ["taking:INC-1:1:1 delivered"]
    assert ended(stage, "12:05", "12:20") == ["taking:INC-1:1:2 delivered"]


def test_while_others_are_asked_to_trade(stage: Stage) -> None:
    stage.play(f"""{THREE}
09:00  bob  presses  [I can't] → I'm asking the others, one at a time. …
       ada  hears    Bob Kahn can't take command of *INC-1* at Mon 10 Mar 16:30 GMT. …
       eve  hears    Bob Kahn can't take command … from Mon 10 Mar 17:30 to Tue 01:30 CET. … [I take it] [I can't]
09:05  bot  is       down
12:05  bot  is       back
       ada  hears    Bob Kahn can't take command … from Mon 10 Mar 16:30 to Tue 00:30 GMT. … [I take it] [I can't]
12:10  eve  presses  [I take it] → Thank you: it is yours, …
       all  hear     Command rota of INC-1: Eve Moreau and Bob Kahn traded shifts (Eve Moreau). …
       bob  hears    Your shifts … • Mon 10 Mar 20:30 to Tue 04:30 EDT … [I'll be there] [I can't]
14:06  ada  writes   nobody asks me any more
""")
    assert_told_once(stage, "12:05")
    assert ended(stage, "09:05", "12:05") == ["trade:INC-1:1 delivered"]


def test_while_the_silent_are_asked(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with monday(tmp_path, request, "sev1") as stage:
        stage.play("""
MONDAY 10 March 2025
08:01  ada  is       silent
09:00  ada  hears    *Are you there?* … was at Mon 10 Mar 08:00 GMT. Without an answer I ask others
                     at Mon 10 Mar 09:10 GMT to take command. [I'm here] [On a call]
09:01  bot  is       down
11:30  bot  is       back

    She may have answered meanwhile: she is asked again, and others not before ten more minutes.

       ada  hears    *Are you there?* … was at Mon 10 Mar 08:00 GMT. Without an answer I ask others
                     at Mon 10 Mar 11:40 GMT to take command. [I'm here] [On a call]
11:40  finn hears    *INC-1* Checkout is down (sev1) needs you in command. … [I have command] [I can't]
11:42  ada  presses  [I'm here] → Command of INC-1 stays yours. Thank you.
""")
        assert rotas.commander(stage.workspace) == "ada"


_SUGGESTED = "You have had command … and nobody is planned after you. … These are rested: … [Start a rota]"


def test_the_silent_who_are_alone_too_long(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Whether she is there is asked first; that she is tired and could have others with her waits an hour each."""
    with monday(tmp_path, request, "sev1") as stage:
        stage.play(f"""
MONDAY 10 March 2025
08:01  ada  is       silent
08:50  bot  is       down
18:30  bot  is       back
       ada  hears    *Are you there?* … [I'm here] [On a call]
18:35  ada  presses  [I'm here] → … stays yours. Thank you.
19:30  ada  hears    *INC-1* … You have had command for 11 h 30 min of … [Hand over] [I go on]
20:30  ada  hears    {_SUGGESTED}
""")
        assert_told_once(stage, "18:30")
        question = "presence:INC-1:tenure-1:1"
        assert ended(stage, "08:55", "18:30") == [
            f"{question} delivered",
            f"suggestion:INC-1:tenure-1:1 covered {question}",
            f"fatigue-day:INC-1:tenure-1:1 covered {question}",
        ]
