"""I can't: the others are asked one at a time whether they would trade, and nobody is moved who has not accepted."""

from datetime import timedelta

from tests.harness import Message, Place, Workspace
from tests.scenarios import rotas

ASKS = "can't take command of *INC-1* Checkout is down from"


def plan(workspace: Workspace) -> list[tuple[str, str]]:
    """Who takes which shift: the next eight, in order."""
    rows = workspace.bot.rows("SELECT person, starts_at FROM shifts ORDER BY position LIMIT 8")
    return [(workspace.name_of(row["person"]), str(row["starts_at"])) for row in rows]


def _people(workspace: Workspace) -> list[str]:
    return [person for person, _ in plan(workspace)]


def _cant(workspace: Workspace, words: str = "@ada @bob @eve @chen 4h") -> tuple[Place, Message]:
    """Bob can't take the shift that is four hours away; the next one is asked: their DM."""
    channel = rotas.begin(workspace, words)
    said = workspace.person("bob").clicks("I can't", "@watchbill")
    said.says("I'm asking the others, one at a time. Until one of them accepts, the shift stays yours.")
    workspace.dm("ada").expects("Bob Kahn can't take command of *INC-1* at", "whether they would trade")
    asked = workspace.dm("eve").expects(f"Bob Kahn {ASKS}", "Would you? Bob Kahn would take yours,")
    assert asked.buttons == ["I take it", "I can't"]
    channel.expects_nothing()
    return channel, asked


def test_two_trade_and_nobody_else_moves(workspace: Workspace) -> None:
    ada, bob, eve = workspace.person("ada"), workspace.person("bob"), workspace.person("eve")
    channel, asked = _cant(workspace)
    before = plan(workspace)
    assert _people(workspace) == ["ada", "bob", "eve", "chen"] * 2
    ada.types("/incident rota", channel).says("can't, asking others")
    bob.clicks("I can't", "@watchbill").says("You have said so already")
    workspace.dm("chen").expects_nothing()
    eve.presses("I take it", asked).says("Thank you: it is yours, from")
    channel.expects("Command rota of INC-1: Eve Moreau and Bob Kahn traded shifts", "Next handoff: Eve Moreau")
    workspace.dm("bob").expects("Your shifts in command of *INC-1*")
    for handle in ("ada", "eve", "chen"):
        workspace.dm(handle).expects_nothing()
    after = plan(workspace)
    assert [person for person, _ in after] == ["ada", "eve", "bob", "chen", "ada", "bob", "eve", "chen"]
    assert [begins for _, begins in after] == [begins for _, begins in before]
    # The boundary is Eve's now; Bob is not asked about it.
    workspace.clock.forward(hours=3, seconds=5)
    workspace.dm("eve").expects("*Are you up?* You take command of *INC-1*")
    workspace.dm("ada").expects("Eve Moreau takes command of *INC-1*")
    workspace.dm("bob").expects_nothing()
    eve.presses("I take it", asked).says("You have taken that shift already")


def test_all_decline_and_whoever_it_concerns_is_told(workspace: Workspace) -> None:
    channel, asked = _cant(workspace)
    before = plan(workspace)
    workspace.person("eve").presses("I can't", asked)
    workspace.person("chen").presses("I can't", workspace.dm("chen").expects(ASKS))
    # The one who commands is asked last.
    workspace.person("ada").presses("I can't", workspace.dm("ada").expects(ASKS))
    told = workspace.dm("bob").expects("Nobody could take your shift in command of *INC-1* at")
    assert told.has("When it begins I'll ask whoever else may command.", "/incident rota add INC-1 @eve")
    workspace.dm("ada").expects("Nobody could take the shift of Bob Kahn in command of *INC-1*")
    assert plan(workspace) == before
    workspace.clock.forward(hours=3, minutes=46)
    # Whoever said that they can't is not woken; who holds it and the stand-in know.
    workspace.dm("bob").expects_nothing()
    workspace.dm("ada").expects("Bob Kahn can't take command of *INC-1*", "they said so")
    workspace.dm("eve").expects("Bob Kahn, who takes command", "can't come", "I'll ask you first")
    channel.expects("Briefing of INC-1*, *draft*")
    workspace.clock.forward(minutes=15)
    channel.expects("@bob can't take command of *INC-1*", "I'm asking others by DM", "@ada has it until")
    needed = workspace.dm("eve").expects("needs you in command")
    workspace.person("eve").presses("I have command", needed).says("You have command of *INC-1*")
    workspace.dm("ada").expects("You are relieved: Eve Moreau")


def test_silence_expires(workspace: Workspace) -> None:
    channel, asked = _cant(workspace)
    start = workspace.clock.now
    # Three hours until the boundary table begins, shared out among three who can be asked.
    workspace.clock.until(start + timedelta(minutes=59))
    workspace.dm("chen").expects_nothing()
    workspace.clock.until(start + timedelta(minutes=61))
    second = workspace.dm("chen").expects(f"Bob Kahn {ASKS}")
    # Late is not never, as long as nobody else has it.
    workspace.person("eve").presses("I take it", asked).says("Thank you: it is yours")
    channel.expects("Eve Moreau and Bob Kahn traded shifts")
    workspace.dm("bob").expects("Your shifts in command")
    workspace.person("chen").presses("I take it", second).says("That shift needs nobody any more")
    workspace.clock.until(start + timedelta(hours=2, minutes=50))
    for handle in ("ada", "chen"):
        workspace.dm(handle).expects_nothing()


def test_the_plan_changes_or_one_can_after_all_or_one_after_the_other_is_asked(workspace: Workspace) -> None:
    ada, bob, eve, chen = (workspace.person(handle) for handle in ("ada", "bob", "eve", "chen"))
    channel, asked = _cant(workspace)
    ada.types("/incident rota extend 1h", channel).says("Command rota of INC-1")
    channel.expects("the next boundary moved by 1 h")
    workspace.dm("bob").expects("Your shifts in command")
    eve.presses("I take it", asked).says("That shift needs nobody any more", "/incident rota INC-1")
    eve.presses("I can't", asked).says("That shift needs nobody any more")
    workspace.clock.forward(minutes=90)
    workspace.dm("chen").expects_nothing()
    assert _people(workspace) == ["ada", "bob", "eve", "chen"] * 2

    # Saying that one can after all ends it.
    bob.clicks("I can't", "@watchbill").says("I'm asking the others")
    workspace.dm("ada").expects("Bob Kahn can't take command of *INC-1* at")
    asked = workspace.dm("eve").expects(f"Bob Kahn {ASKS}")
    bob.clicks("I'll be there", "@watchbill").says("Good: you take it at")
    eve.presses("I take it", asked).says("That shift needs nobody any more")
    workspace.clock.forward(minutes=90)
    workspace.dm("chen").expects_nothing()
    bob.types("/incident rota", channel).says("will be there")

    # One after the other, until one accepts.
    bob.clicks("I can't", "@watchbill").says("I'm asking the others")
    workspace.dm("ada").expects("Bob Kahn can't take command of *INC-1* at")
    asked = workspace.dm("eve").expects(f"Bob Kahn {ASKS}")
    eve.presses("I can't", asked).says("All right, I'm asking the next one.")
    second = workspace.dm("chen").expects(f"Bob Kahn {ASKS}")
    chen.presses("I take it", second).says("Thank you: it is yours")
    channel.expects("Chen Wei and Bob Kahn traded shifts")
    workspace.dm("bob").expects("Your shifts in command")
    assert _people(workspace)[:4] == ["ada", "chen", "eve", "bob"]
    eve.presses("I take it", asked).says("That shift needs nobody any more")


def test_it_is_taken_while_its_person_can_after_all(workspace: Workspace) -> None:
    channel, asked = _cant(workspace)
    bob, eve = workspace.person("bob"), workspace.person("eve")
    plan_of_bob = workspace.dm("bob").messages[0]
    workspace.together(
        lambda: eve.presses("I take it", asked, settle=False),
        lambda: bob.presses("I'll be there", plan_of_bob, settle=False),
    )
    workspace.settle()
    taken = _people(workspace)[1] == "eve"
    assert sum("it is yours" in answer for answer in eve.answers()) == taken
    assert sum("Good: you take it" in answer for answer in bob.answers()) == (not taken)
    if taken:
        channel.expects("Eve Moreau and Bob Kahn traded shifts")
        workspace.dm("bob").expects("Your shifts in command")


def test_of_two_the_one_who_commands_is_asked_also_an_hour_before(workspace: Workspace) -> None:
    channel = rotas.begin(workspace, "@ada @bob 24h")
    workspace.person("bob").clicks("I can't", "@watchbill")
    workspace.dm("ada").expects("Bob Kahn can't take command of *INC-1* at")
    asked = workspace.dm("ada").expects(f"Bob Kahn {ASKS}")
    workspace.person("ada").presses("I take it", asked).says("Thank you: it is yours")
    channel.expects("Command rota of INC-1: Ada Lovelace and Bob Kahn traded shifts", "Next handoff: Bob Kahn at")
    workspace.dm("bob").expects("Your shifts in command of *INC-1*")
    assert _people(workspace)[:3] == ["ada", "ada", "bob"]

    # In another rota, an hour before.
    rotas.start(workspace, channel, "@ada @bob @eve 2h")
    workspace.clock.forward(hours=1, seconds=5)
    workspace.dm("ada").expects("Bob Kahn takes command")
    up = workspace.dm("bob").expects("*Are you up?*")
    workspace.person("bob").presses("I can't", up).says("I'm asking the others")
    workspace.dm("ada").expects("Bob Kahn can't take command")
    asked = workspace.dm("eve").expects(ASKS)
    workspace.clock.forward(minutes=10, seconds=5)
    asked_too = workspace.dm("ada").expects(ASKS)
    workspace.person("ada").presses("I can't", asked_too)
    workspace.dm("bob").expects("Nobody could take your shift")
    workspace.dm("ada").expects("Nobody could take the shift of Bob Kahn")
    workspace.person("eve").presses("I take it", asked).says("Thank you: it is yours")
    channel.expects("Eve Moreau and Bob Kahn traded shifts")
    workspace.dm("bob").expects("Your shifts in command")
    workspace.clock.forward(minutes=21)
    workspace.dm("eve").expects("*Are you up?* At", "in 30 min")
    workspace.dm("bob").expects_nothing()
