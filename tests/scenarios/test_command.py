"""Command: never vacant, never double, and moved only by who accepts it."""

from datetime import timedelta

from tests.harness import Workspace
from tests.scenarios import rotas

IC, OFFER, BRIEFING = "*Incident commander*\n", "your shift in command of *INC-1*", "Briefing of INC-1"


def _hour_before(workspace: Workspace, coming: str, name: str, holder: str) -> None:
    workspace.dm(coming).expects("*Are you up?* You take command of *INC-1*")
    workspace.dm(holder).expects(f"{name} takes command of *INC-1*", "Will it be over soon?")


def test_a_boundary_at_which_everybody_answers(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is slow sev3")
    started = ada.types("/incident rota start @ada @bob @eve 8h").says("Command rota of INC-1*, 8 h each")
    assert started.text.index("@ada") < started.text.index("@bob") < started.text.index("@eve")
    boundary = workspace.clock.now + timedelta(hours=8)
    channel.expects("Command rota of INC-1: Ada Lovelace → Bob Kahn → Eve Moreau, 8 h each", "First handoff: Bob Kahn")
    assert {"bob", "eve"} <= set(channel.members)
    rotas.told(workspace, "ada", "eve")
    plan = workspace.dm("bob").expects("Your shifts in command of *INC-1*", "I'll ask again an hour before")
    assert plan.buttons == ["I'll be there", "I can't"]
    bob.presses("I'll be there", plan).says("Good: you take it at")
    ada.types("/incident rota").says("@bob", "will be there")
    workspace.clock.until(boundary - timedelta(minutes=61))
    workspace.dm("bob").expects_nothing()

    workspace.clock.forward(minutes=1, seconds=5)
    up = workspace.dm("bob").expects(
        "*Are you up?* You take command of *INC-1* Checkout is slow in 1 h", "Ada Lovelace"
    )
    assert up.buttons == ["I'm up", "I can't"]
    out = workspace.dm("ada").expects("Bob Kahn takes command of *INC-1*", "Will it be over soon?", "the briefing")
    assert out.buttons == ["Extend 1 h", "Write the briefing…"]
    channel.expects_nothing()
    bob.presses("I'm up", up).says("Good morning.")
    ada.presses("Write the briefing", out)
    ada.sees_form("Briefing of INC-1")
    ada.submits({"What worries you?": "The replica lags", "What to do first?": "Ask the vendor"})

    workspace.clock.until(boundary - timedelta(minutes=15))
    draft = channel.expects(BRIEFING, "*draft* for the handoff to Bob Kahn", "What worries Ada Lovelace", "The replica")
    for handle in ("ada", "bob", "eve"):
        workspace.dm(handle).expects_nothing()

    workspace.clock.until(boundary)
    offer = channel.expects(f"@bob, {OFFER} Checkout is slow begins", "@ada has it until somebody accepts")
    assert "late" not in offer.text
    assert offer.buttons == ["I have command", "I can't"]
    assert channel.card().has("offered to @bob", f"{IC}@ada")
    assert channel.again(draft).has(f"*{BRIEFING}* for Bob Kahn, as of"), "the briefing above the offer is that of now"
    workspace.clock.forward(minutes=5)
    bob.clicks("I have command", channel).says("You have command of *INC-1*", "Next handoff: @eve")
    assert channel.again(offer).has("@bob *has command* of INC-1")
    assert channel.again(offer).buttons == []
    assert channel.again(draft).has("the summary of this period")
    assert channel.again(draft).buttons == []
    workspace.dm("ada").expects("You are relieved: Bob Kahn has command", "You held it 8 h 5 min", "Your next shift is")
    assert channel.card().has(f"{IC}@bob since", "*Next handoff*\n@eve at")
    assert channel.topic == "sev3 · investigating · IC Bob Kahn"
    assert workspace.channel("#incidents").messages[0].has("IC @bob since", "Next handoff: @eve")
    ada.types("/incident digest").says("IC Bob Kahn for", "then Eve")
    workspace.clock.forward(minutes=40)
    channel.expects_nothing()
    assert rotas.commander(workspace) == "bob"


def test_command_shows_the_log(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = rotas.begin(workspace, "@ada @bob 8h")
    workspace.clock.forward(hours=2)
    ada.types("/incident handoff @bob", channel).says(
        "Command of INC-1 is offered to @bob: it is theirs when they accept"
    )
    channel.expects("@bob, Ada Lovelace offers you command of *INC-1*")
    channel.expects(BRIEFING)
    workspace.clock.forward(minutes=3)
    bob.clicks("I have command", channel).says("You have command")
    workspace.dm("ada").expects("You are relieved")
    shown = ada.types("/incident command").says(
        "@bob is in command", "*Next handoff*\n@ada at", "(2 h 3 min), declared it", "accepted after 3 min"
    )
    assert shown.buttons == ["Take command…", "Hand over…", "Rota"]
    ada.clicks("Rota", channel).says("Command rota of INC-1", "*Held by*")
    ada.types("/incident timeline").says("Command: @bob, after 3 min")


def test_accepting_early_still_ends_at_the_boundary(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = rotas.begin(workspace, "@ada @bob @eve 8h")
    start = workspace.clock.now
    workspace.clock.forward(hours=2)
    ada.types("/incident handoff", channel)
    form = ada.sees_form("Hand over command")
    assert form.initial("To whom?") == bob.id, "the next on the rota"
    ada.submits({"What worries you?": "The replica lags again", "What to do first?": "Call the vendor"})
    channel.expects(BRIEFING, "for Bob Kahn", "What worries Ada Lovelace* The replica lags", "*To do first* Call the")
    offer = channel.expects(
        "@bob, Ada Lovelace offers you command of *INC-1*", "It stays theirs until somebody accepts"
    )
    bob.presses("I have command", offer).says(
        "You have command of *INC-1*", "Next handoff: @eve", "longer than your shift", "of twenty-four"
    )
    workspace.dm("ada").expects("You are relieved: Bob Kahn has command", "You held it 2 h")
    ada.types("/incident timeline").says("@bob accepts command, warned", "Worries: The replica lags again")
    # At what would have been the boundary nobody is asked anything.
    workspace.clock.until(start + timedelta(hours=9))
    for handle in ("ada", "bob", "eve"):
        workspace.dm(handle).expects_nothing()
    channel.expects_nothing()
    ends = {key.rsplit(":", 2)[1]: how for key, how in rotas.reminders(workspace).items() if ":shift-2:" in key}
    assert set(ends.values()) == {"superseded they have it already"}
    workspace.clock.until(start + timedelta(hours=15, seconds=5))
    workspace.dm("bob").expects("Eve Moreau takes command of *INC-1*")
    workspace.dm("bob").expects("Time for a fresh mind?")
    workspace.dm("eve").expects("*Are you up?* You take command of *INC-1*", "Bob Kahn has command now")


def test_accepting_late_makes_a_shorter_turn(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = rotas.begin(workspace, "@ada @bob @eve 4h")
    boundary = workspace.clock.now + timedelta(hours=4)
    workspace.clock.until(boundary - timedelta(minutes=59))
    _hour_before(workspace, "bob", "Bob Kahn", "ada")
    bob.clicks("I'm up", "@watchbill").says("Good morning.")
    workspace.clock.until(boundary + timedelta(minutes=9))
    channel.expects(BRIEFING)
    channel.expects(f"@bob, {OFFER}")
    workspace.dm("bob").expects_nothing()
    workspace.clock.until(boundary + timedelta(minutes=10, seconds=5))
    workspace.dm("ada").expects("Bob Kahn has not accepted command of *INC-1*", "stays yours", "In 5 min I ask others.")
    late = workspace.dm("bob").expects(
        "Your shift in command of *INC-1* Checkout is down began", "waits to be relieved"
    )
    workspace.clock.until(boundary + timedelta(minutes=12))
    bob.presses("I have command", late).says("You have command of *INC-1*", "Next handoff: @eve")
    workspace.dm("ada").expects("You are relieved", "You held it 4 h 12 min")
    ada.types("/incident command", channel).says("(4 h 12 min), declared it", "accepted after 12 min")
    workspace.clock.until(boundary + timedelta(hours=3, seconds=5))
    _hour_before(workspace, "eve", "Eve Moreau", "bob")
    channel.expects_nothing()


def test_somebody_off_the_rota_holds_it_until_the_next_boundary(workspace: Workspace) -> None:
    ada, chen = workspace.person("ada"), workspace.person("chen")
    channel = rotas.begin(workspace, "@ada @bob 8h")
    start = workspace.clock.now
    workspace.clock.forward(hours=4)
    ada.types("/incident handoff @chen", channel).says("offered to @chen")
    assert "chen" in channel.members
    channel.expects(BRIEFING)
    channel.expects("@chen, Ada Lovelace offers you command")
    chen.clicks("I have command", channel).says("You have command of *INC-1*", "Next handoff: @bob")
    workspace.dm("ada").expects("You are relieved")
    workspace.clock.until(start + timedelta(hours=7, seconds=5))
    _hour_before(workspace, "bob", "Bob Kahn", "chen")
    workspace.dm("ada").expects_nothing()
    bob = workspace.person("bob")
    bob.clicks("I'm up", "@watchbill")
    workspace.clock.until(start + timedelta(hours=8, seconds=5))
    channel.expects(BRIEFING)
    offer = channel.expects(f"@bob, {OFFER}", "@chen has it until somebody accepts")
    bob.presses("I have command", offer).says("You have command")
    workspace.dm("chen").expects("You are relieved: Bob Kahn has command", "You held it 4 h")
    assert "next shift" not in workspace.dm("chen").messages[-1].text


def test_an_offer_is_refused_declined_and_withdrawn(workspace: Workspace) -> None:
    ada, bob, eve = (workspace.person(handle) for handle in ("ada", "bob", "eve"))
    channel = ada.declares("Checkout is slow sev3")
    ada.types("/incident handoff @ada").says("@ada has command already")
    ada.types("/incident handoff @otto").says("@otto is deactivated")
    ada.types("/incident handoff @bob @eve").says("offered to one person")
    ada.types("/incident handoff bob please").says("offered to one person", "/incident handoff @eve")
    bob.joins(channel)
    bob.types("/incident handoff @bob", channel).says("Only the IC, the deputy and commanders")
    ada.types("/incident handoff", channel)
    assert ada.submits({"To whom?": ada.id}).errors == {
        "To whom?": "Ada Lovelace has command already. See who is next: /incident command"
    }
    ada.closes_form()
    ada.types("/incident handoff withdraw").says("Command is offered to nobody")
    channel.expects_nothing()

    ada.types("/incident handoff @eve").says("offered to @eve")
    channel.expects(BRIEFING)
    offer = channel.expects("@eve, Ada Lovelace offers you command")
    eve.presses("I can't", offer).says("Command of INC-1 stays with whoever has it. Thank you for saying so.")
    workspace.dm("ada").expects("Eve Moreau can't take command of *INC-1* Checkout is slow. It stays yours.")
    assert channel.again(offer).has("The offer of command to @eve was declined", "@ada has command")
    assert channel.again(offer).buttons == []
    workspace.clock.forward(minutes=30)
    channel.expects_nothing()
    assert rotas.commander(workspace) == "ada"

    ada.types("/incident handoff @eve").says("offered to @eve")
    channel.expects(BRIEFING)
    offer = channel.expects("@eve, Ada Lovelace offers you command")
    ada.types("/incident handoff withdraw").says("Command of INC-1 is not offered to anybody any more")
    assert channel.again(offer).has("The offer of command to @eve was withdrawn", "@ada has command")
    assert eve.presses("I have command", offer).error == "no_such_element"
    workspace.clock.forward(minutes=30)
    workspace.dm("eve").expects_nothing()
    ada.types("/incident handoff @eve").says("offered to @eve")
    channel.expects("@eve, Ada Lovelace offers you command")
    channel.expects(BRIEFING)
    ada.types("/incident handoff @bob").says("offered to @bob")
    channel.expects("@bob, Ada Lovelace offers you command")
    eve.types("/incident command take I am ready", channel).says("@ada is asked for command")
    workspace.dm("ada").expects("Eve Moreau asks you for command")


def test_the_first_of_a_rota_is_offered_command_at_once(workspace: Workspace) -> None:
    ada, bob, eve = workspace.person("ada"), workspace.person("bob"), workspace.person("eve")
    channel = ada.declares("Checkout is slow sev3")
    ada.types("/incident rota start @bob @ada 8h")
    channel.expects("Command rota of INC-1", "Command is offered to Bob Kahn now")
    rotas.told(workspace, "bob", "ada")
    offer = channel.expects(f"@bob, {OFFER}")
    eve.joins(channel)
    eve.clicks("I have command", channel).says("offered to @bob, not to you", "/incident command INC-1")
    assert channel.card().has(f"{IC}@ada")
    pressed = workspace.together(
        lambda: bob.presses("I have command", offer, settle=False),
        lambda: bob.presses("I have command", offer, settle=False),
    )
    workspace.settle()
    answers = bob.answers()
    assert [answer.error for answer in pressed].count("") == len(answers)
    assert sum("You have command of" in answer for answer in answers) == 1, answers
    assert sum("You have command already" in answer for answer in answers) == len(answers) - 1
    workspace.dm("ada").expects("You are relieved: Bob Kahn")
    assert workspace.bot.one("SELECT count(*) FROM tenures WHERE role = 'ic'") == 2


def test_resolving_withdraws_the_open_offer(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is slow sev3")
    ada.types("/incident rota start @bob @ada 1h")
    channel.expects("Command rota of INC-1")
    rotas.told(workspace, "bob", "ada")
    offer = channel.expects(f"@bob, {OFFER}")
    ada.types("/incident resolve")
    channel.expects("*resolved*")
    assert channel.again(offer).has("The offer of command to @bob was withdrawn")
    assert bob.presses("I have command", offer).error == "no_such_element"
    workspace.clock.forward(hours=5)
    channel.expects_nothing()
    for handle in ("ada", "bob"):
        workspace.dm(handle).expects_nothing()
    pending = workspace.bot.rows("SELECT key FROM reminders WHERE state = 'pending'")
    assert pending == []
    ada.types("/incident rota").says("has no rota")
    ada.types("/incident command").says("nobody is in command", "*Last IC*\n@ada")


def test_resolving_while_the_other_accepts(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is slow sev3")
    ada.types("/incident handoff @bob")
    channel.expects(BRIEFING)
    offer = channel.expects("@bob, Ada Lovelace offers you command")
    workspace.together(
        lambda: ada.types("/incident resolve", channel, settle=False),
        lambda: bob.presses("I have command", offer, settle=False),
    )
    workspace.settle()
    workspace.forgive()
    assert workspace.bot.one("SELECT count(*) FROM tenures WHERE ended_at IS NULL") == 0
    assert workspace.bot.one("SELECT state FROM incidents") == "resolved"
    assert workspace.bot.one("SELECT state FROM handoffs") in {"accepted", "withdrawn"}
    assert channel.again(offer).buttons == []
