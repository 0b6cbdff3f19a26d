"""The bot was away: each person is told once, about how things are now, and every reminder says how it ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.being_away import THREE, assert_told_once, ended, monday
from tests.scenarios.screenplay import Stage, said_at

NOBODY_COMES = f"""{THREE}
15:30  bob  hears    *Are you up?* … in 1 h: *Mon 10 Mar 12:30 to 20:30 EDT*. … [I'm up] [I can't]
       ada  hears    At *Mon 10 Mar 16:30 GMT* Bob Kahn takes command … [Extend 1 h] [Write the briefing]
16:00  bob  hears    *Are you up?* … in 30 min, … [I'm up] [I can't]
16:05  bob  hears    *Are you up?* … in 25 min, … [I'm up] [I can't]
"""
NOBODY_CAME = f"""{NOBODY_COMES}
16:10  bob  hears    *Are you up?* … in 20 min, … [I'm up] [I can't]
16:15  bob  hears    *Are you up?* … in 15 min, … [I'm up] [I can't]
       eve  hears    Bob Kahn, who takes command … at Mon 10 Mar 17:30 CET, has not said yet …
       all  hear     *Briefing of INC-1*, *draft* for the handoff to Bob Kahn … [Edit the briefing]
16:20  bob  hears    *Are you up?* … in 10 min, … [I'm up] [I can't]
16:25  bob  hears    *Are you up?* … in 5 min, … [I'm up] [I can't]
16:30  all  hear     @bob, your shift in command … begins 2025-03-10 16:30 UTC. … [I have command] [I can't]
16:40  ada  hears    Bob Kahn has not accepted command … In 5 min I ask others.
       bob  hears    Your shift … began Mon 10 Mar 12:30 EDT. … [I have command] [I can't]
16:45  eve  hears    *INC-1* Checkout is down (sev3) needs you in command. … [I have command] [I can't]
"""
LEFT_WITH_SLACK = """
16:40  all  hear     Handoff: @bob takes over command … from @ada … Sent by Slack's own timer …
"""
_B = "handoff:INC-1:shift-2"


@pytest.fixture
def stage(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stage]:
    with monday(tmp_path, request) as ready:
        yield ready


def test_three_hours_over_a_boundary(stage: Stage) -> None:
    stage.play(f"""{THREE}
15:00  bot  is       down
{LEFT_WITH_SLACK}
18:00  bot  is       back

    What Slack has said becomes the offer.

       all  hear     *Briefing of INC-1* for Bob Kahn, as of 2025-03-10 18:00 UTC … [Edit the briefing]
       ada  hears    *INC-1* Checkout is down: you have had command for 10 h. Your shift ended 1 h 30 min ago.
                     You have had command for 10 h of the last 24 h, … [Hand over] [I go on]

    Nobody is hurried because the bot was away: ten minutes from the offer, not from the boundary.

18:01  bot  is       killed
18:09  bob  presses  [I have command] → You have command … Next handoff: @eve at 2025-03-11 00:30 UTC.
       ada  hears    You are relieved: Bob Kahn has command … You held it 10 h 9 min.
                     Your next shift is Tue 11 Mar 08:30 to 16:30 GMT. Rest well.
18:40  bob  writes   nothing of what was late comes later
""")
    assert_told_once(stage, "18:00")
    assert ended(stage, "15:00", "18:01") == [
        f"{_B}:b-60:v1 covered {_B}:b:v1",
        f"{_B}:b-30:v1 covered {_B}:b:v1",
        f"{_B}:b-15:v1 covered {_B}:b:v1",
        f"{_B}:b:v1 delivered",
        "look-after:1 delivered",
        "fatigue-shift:INC-1:tenure-1:1 delivered",
        "fatigue-day:INC-1:tenure-1:1 covered fatigue-shift:INC-1:tenure-1:1",
    ]


def test_a_clock_that_jumps_is_a_bot_that_was_away(stage: Stage) -> None:
    stage.play(f"""{THREE}
15:00  ada  writes   somebody closes the lid
17:45  clock is      jumping
       all  hear     *Briefing of INC-1* for Bob Kahn, as of 2025-03-10 17:45 UTC … [Edit the briefing]
       all  hear     @bob, your shift in command … _This comes 1 h 15 min late: I was away._ [I have command] [I can't]
       ada  hears    *INC-1* … Your shift ended 1 h 15 min ago. Time for a fresh mind? [Hand over] [I go on]
17:50  bob  presses  [I have command] → You have command …
       ada  hears    You are relieved: Bob Kahn has command … You held it 9 h 50 min. …
""")
    assert_told_once(stage, "17:45")


def test_while_a_page_repeats(stage: Stage) -> None:
    stage.play(f"""{NOBODY_COMES}
16:06  bot  is       down
16:14  bot  is       back
       bob  hears    *Are you up?* At *Mon 10 Mar 12:30 EDT*, in 16 min, you take command … [I'm up] [I can't]
       bot  is       down
16:28  bot  is       back

    Now the page is not all that was due meanwhile.

       bob  hears    *Are you up?* At *Mon 10 Mar 12:30 EDT*, in 2 min, you take command … [I'm up] [I can't]
       eve  hears    Bob Kahn, who takes command … has not said yet whether they are up. …
       all  hear     *Briefing of INC-1*, *draft* for the handoff to Bob Kahn … [Edit the briefing]
16:29  bob  presses  [I'm up] → Good morning. …
16:30  all  hear     @bob, your shift in command … begins 2025-03-10 16:30 UTC. … [I have command] [I can't]
16:31  bob  presses  [I have command] → You have command …
       ada  hears    You are relieved: Bob Kahn has command … You held it 8 h 31 min. …
16:50  bob  writes   nobody pages me any more
""")
    assert_told_once(stage, "16:28")
    again = f"page:INC-1:U0BOB00000:{_B}:b-30:v1:again"
    assert ended(stage, "16:06", "16:15") == [f"{again}-2 delivered"]
    assert ended(stage, "16:15", "16:29") == [
        f"{_B}:b-15:v1 delivered",
        f"{again}-3 superseded paged for something newer",
    ]


def test_over_a_boundary_while_a_page_repeats(stage: Stage) -> None:
    stage.play(f"""{NOBODY_COMES}
16:07  bot  is       down
16:37  bot  is       back
       all  hear     *Briefing of INC-1* for Bob Kahn, as of 2025-03-10 16:37 UTC … [Edit the briefing]

    It is too late to take back what Slack will say: that becomes the offer.

{LEFT_WITH_SLACK}
16:46  bob  presses  [I have command] → You have command …
       ada  hears    You are relieved: Bob Kahn has command … You held it 8 h 46 min. …
""")
    assert ended(stage, "16:07", "16:37") == [
        f"page:INC-1:U0BOB00000:{_B}:b-30:v1:again-2 superseded the shift has begun",
        f"{_B}:b-15:v1 covered {_B}:b:v1",
        f"{_B}:b:v1 delivered",
    ]


def test_while_the_ladder_climbs_and_when_everybody_was_asked(stage: Stage) -> None:
    unanswered = (
        "*Nobody has accepted command of INC-1* since 2025-03-10 16:30 UTC. … Everybody was asked: … Mona Keller."
    )
    stage.play(f"""{NOBODY_CAME}
16:47  bot  is       down
17:25  bot  is       back
       finn hears    *INC-1* … needs you in command. Bob Kahn was to take it and has not; Ada Lovelace still has it.
                     It would be until Tue 11 Mar 01:30 CET. [I have command] [I can't]
       mona hears    Nobody has relieved Ada Lovelace in command … the shift of Bob Kahn began 55 min ago.
                     Asked besides: Eve Moreau, Finn Olsen.
17:30  finn hears    *INC-1* … needs you in command. … [I have command] [I can't]
       ada  hears    *INC-1* … Your shift ended 1 h ago. … [Hand over] [I go on]
17:35  mona hears    *INC-1* … needs you in command. … [I have command] [I can't]
17:40  mona hears    *INC-1* … needs you in command. … [I have command] [I can't]
17:45  all  hear     {unanswered} [Take command]
17:46  bot  is       down
20:46  bot  is       back
       all  hear     {unanswered} [Take command]
       ada  hears    *INC-1* … You have had command for 12 h 46 min of the last 24 h, … [Hand over] [I go on]
21:16  all  hear     {unanswered} [Take command]
21:17  mona presses  [I have command] → You have command …
       ada  hears    You are relieved: Mona Keller has command … You held it 13 h 17 min. …
       all  hear     Mona Keller *has command* of INC-1.
22:00  mona writes   nobody else is asked
""")
    assert_told_once(stage, "17:25")
    assert ended(stage, "16:47", "17:25") == [
        "page:INC-1:U0EVE00000:handoff1:again-1 superseded the next one was asked",
        "ladder:INC-1:handoff-1:1 delivered",
        "handoff:INC-1:offer-1:managers delivered",
    ]
    assert_told_once(stage, "20:46")
    assert ended(stage, "18:00", "20:46") == [
        "fatigue-day:INC-1:tenure-1:1 delivered",
        "unanswered:INC-1:handoff-1:3 delivered",
    ]


def test_over_two_boundaries(stage: Stage) -> None:
    stage.play("""
MONDAY 10 March 2025
08:01  ada  types    /incident rota start @ada @bob @eve @chen 1h from 08:30 → …
       all  hear     Command rota of INC-1: …
       ada  hears    Your shifts … • Mon 10 Mar 08:30 to 09:30 GMT • … [I'll be there] [I can't]
       bob  hears    Your shifts … • Mon 10 Mar 05:30 to 06:30 EDT • … [I'll be there] [I can't]
       eve  hears    Your shifts … • Mon 10 Mar 11:30 to 12:30 CET • … [I'll be there] [I can't]
       chen hears    Your shifts … • Mon 10 Mar 19:30 to 20:30 CST • … [I'll be there] [I can't]
08:30  bob  hears    *Are you up?* … in 1 h: *Mon 10 Mar 05:30 to 06:30 EDT*. … [I'm up] [I can't]
       ada  hears    At *Mon 10 Mar 09:30 GMT* Bob Kahn takes command … [Extend 30 min] [Write the briefing]
08:40  bob  presses  [I'm up] → Good morning. …
08:50  bot  is       down
09:40  all  hear     Handoff: @bob takes over command … from @ada … Sent by Slack's own timer …
10:50  bot  is       back

    Bob's shift is over; Eve's runs, Chen's comes. Ada has had command all the time.

       all  hear     *Briefing of INC-1* for Eve Moreau, as of 2025-03-10 10:50 UTC … [Edit the briefing]
       all  hear     @eve, your shift in command … begins 2025-03-10 10:30 UTC. @ada has it until somebody accepts.
                     _This comes 20 min late: I was away._ [I have command] [I can't]
       chen hears    *Are you up?* … in 40 min: *Mon 10 Mar 19:30 to 20:30 CST*. … [I'm up] [I can't]
       ada  hears    *INC-1* … Your shift ended 1 h 20 min ago. Time for a fresh mind? [Hand over] [I go on]
10:55  eve  presses  [I have command] → You have command … Next handoff: @chen at 2025-03-10 11:30 UTC. …
       eve  hears    At *Mon 10 Mar 12:30 CET* Chen Wei takes command … [Extend 30 min] [Write the briefing]
       ada  hears    You are relieved: Eve Moreau has command … You held it 2 h 55 min.
                     Your next shift is Mon 10 Mar 12:30 to 13:30 GMT. Rest well.
""")
    assert_told_once(stage, "10:50")
    # Bob's shift has come and gone: what Slack said of it is set right.
    (said,) = [one for who, one in stage.heard if who == "all" and f"{said_at(one):%H:%M}" == "09:40"]
    assert said.has(
        "the handoff to @bob, due 2025-03-10 09:30 UTC,", "not planned any more", "10:50 UTC @ada had command"
    )
    eve = "handoff:INC-1:shift-3:b:v1"
    assert ended(stage, "08:50", "10:50") == [
        "handoff:INC-1:shift-2:b-30:v1 covered " + eve,
        "handoff:INC-1:shift-2:b-15:v1 covered " + eve,
        "handoff:INC-1:shift-2:b:v1 covered " + eve,
        "handoff:INC-1:shift-3:b-60:v1 covered " + eve,
        "look-after:1 delivered",
        "handoff:INC-1:shift-3:b-30:v1 covered " + eve,
        "handoff:INC-1:shift-3:b-15:v1 covered " + eve,
        eve + " delivered",
        "handoff:INC-1:shift-4:b-60:v1 delivered",
        "fatigue-shift:INC-1:tenure-1:1 delivered",
    ]
