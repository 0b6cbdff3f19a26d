"""The duty roster: set, reminded of, covered, kept in a calendar; and the zones in which people type."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.walltime import wall_text
from tests.harness import Starter, Workspace
from tests.support.calendar_host import CalendarHost, Page, calendar, calendar_host

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
SECOND, HOUR, DAY, WEEK = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
CHANGED = "The duty roster has changed (Ada Lovelace)"


@pytest.fixture
def host() -> Iterator[CalendarHost]:
    with calendar_host() as running:
        yield running


def change_of_clocks(zone: ZoneInfo, after: datetime) -> datetime:
    """The first hour of the zone's next change that is at least ten days off."""
    at = after.replace(minute=0, second=0, microsecond=0) + 10 * DAY
    while (at - HOUR).astimezone(zone).utcoffset() == at.astimezone(zone).utcoffset():
        at += HOUR
    return at


def monday_after(at: datetime) -> datetime:
    """The next Monday, 09:00 in Berlin."""
    local = at.astimezone(BERLIN).replace(hour=9, minute=0, second=0, microsecond=0)
    found = local + timedelta(days=7 - local.weekday())
    return found.astimezone(UTC)


def test_reminders_come_at_the_right_minute_while_the_clocks_change(workspace: Workspace) -> None:
    ada, clock = workspace.person("ada"), workspace.clock
    handover = monday_after(change_of_clocks(BERLIN, clock.now))
    clock.jump(seconds=(handover - 5 * DAY - clock.now).total_seconds())
    ada.types("/incident duty").says("No duty roster is set", "/incident duty set")
    answer = ada.types("/incident duty set @ada @bob @eve weekly monday 09:00 Europe/Berlin")
    answer.says(
        "each Monday at 09:00 Europe/Berlin, beginning with @ada",
        f"*On duty now:* @ada until {handover:%Y-%m-%d %H:%M} UTC · {wall_text(handover, BERLIN)}",
        f"• @bob from {handover:%Y-%m-%d %H:%M} UTC · {wall_text(handover, BERLIN)}",
    )
    following = (handover.astimezone(BERLIN) + WEEK).astimezone(UTC)
    first = workspace.dm("bob").expects(f"{CHANGED}: you are on duty as incident commander from")
    # On bob's own wall, and in UTC.
    assert first.has(wall_text(handover, NEW_YORK), wall_text(following, NEW_YORK))
    workspace.dm("eve").expects(CHANGED, wall_text(following, ZoneInfo("Europe/Paris")))
    clock.until(handover - DAY - 2 * SECOND)
    workspace.dm("bob").expects_nothing()
    clock.until(handover - DAY + SECOND)
    day = workspace.dm("bob").expects("You are on duty as incident commander from", "in 23 h 59 min")
    assert day.has(wall_text(handover, NEW_YORK), wall_text(following, NEW_YORK), "You take over from Ada Lovelace")
    clock.until(handover - HOUR - 2 * SECOND)
    workspace.dm("bob").expects_nothing()
    clock.until(handover - HOUR + SECOND)
    workspace.dm("bob").expects("You are on duty as incident commander from", "in 59 min")
    clock.until(handover + SECOND)
    ada.types("/incident duty").says("*On duty now:* @bob until")
    # And so on, for the others.
    clock.until(following - HOUR + SECOND)
    workspace.dm("eve").expects("You are on duty", "in 23 h 59 min", "You take over from Bob Kahn")
    workspace.dm("eve").expects("You are on duty", "in 59 min")
    workspace.dm("bob").expects_nothing()
    rows = workspace.bot.rows("SELECT state, count(*) AS many FROM reminders GROUP BY state ORDER BY state")
    assert [tuple(row) for row in rows] == [("delivered", 4), ("pending", 2)]


def test_a_cover_and_its_end(workspace: Workspace) -> None:
    ada, bob, clock = workspace.person("ada"), workspace.person("bob"), workspace.clock
    ada.types("/incident duty set @ada daily 09:00").says("each day at 09:00 Europe/London")
    begins = (clock.now + 2 * DAY).replace(hour=12, minute=0, second=0, microsecond=0)
    bob.types(f"/incident duty cover @eve from {begins:%Y-%m-%d %H:%M} UTC to 18:00 UTC").says(
        "@eve is on duty from", wall_text(begins, UTC), wall_text(begins + 6 * HOUR, UTC), "This is cover 1"
    )
    workspace.dm("ada").expects("(Bob Kahn)", "on duty as incident commander from now to", "then from")
    workspace.dm("eve").expects("(Bob Kahn)", "on duty as incident commander from")
    ada.types("/incident duty").says("• @eve from", "*Cover 1:* @eve", "take it back: `/incident duty uncover 1`")
    clock.until(begins - HOUR + SECOND)
    workspace.dm("eve").expects("in 23 h 59 min", "You take over from Ada Lovelace")
    workspace.dm("eve").expects("in 59 min")
    clock.until(begins + 2 * HOUR)
    ada.types("/incident duty").says("*On duty now:* @eve until")
    workspace.dm("ada").expects("in 23 h 59 min", "You take over from Eve Moreau")
    bob.types("/incident duty uncover 1").says("Cover 1 is taken back: @eve")
    workspace.dm("eve").expects("(Bob Kahn)", "you are not on duty in the time to come")
    workspace.dm("ada").expects("(Bob Kahn)", "on duty as incident commander from now to *further notice*")
    clock.forward(days=3)
    workspace.dm("ada").expects_nothing()
    bob.types("/incident duty uncover 1").says("There is no cover 1, or it is over")
    bob.types("/incident duty stop").says("nobody is on duty")
    workspace.dm("ada").expects("you are not on duty")


def test_the_bot_was_away_over_two_hand_overs(workspace: Workspace) -> None:
    ada, clock = workspace.person("ada"), workspace.clock
    ada.types("/incident duty set @ada @bob @eve daily 09:00 UTC")
    workspace.dm("bob").expects(CHANGED)
    workspace.dm("eve").expects(CHANGED)
    tomorrow = (clock.now - timedelta(hours=9)).replace(hour=9, minute=0, second=0, microsecond=0) + DAY
    workspace.bot.kill()
    clock.jump(seconds=(tomorrow + 2 * DAY - HOUR / 2 - clock.now).total_seconds())
    workspace.bot.start()
    # Ada's turn begins in half an hour; bob's and eve's are over or running: nothing is left to tell them.
    workspace.dm("ada").expects("You are on duty", "in 29 min", "You take over from Eve Moreau")
    workspace.dm("bob").expects_nothing()
    clock.forward(hours=1)
    workspace.dm("bob").expects("You are on duty", "You take over from Ada Lovelace")
    for handle in ("ada", "bob", "eve"):
        workspace.dm(handle).expects_nothing()


def test_somebody_who_has_left_is_not_on_duty(workspace: Workspace) -> None:
    ada, clock = workspace.person("ada"), workspace.clock
    ada.types("/incident duty set @ada @bob @eve daily 09:00 UTC")
    workspace.dm("bob").expects(CHANGED)
    workspace.dm("eve").expects(CHANGED)
    workspace.change_person("bob", deleted=True)
    tomorrow = (clock.now - timedelta(hours=9)).replace(hour=9, minute=0, second=0, microsecond=0) + DAY
    clock.until(tomorrow + SECOND)
    ada.types("/incident duty").says("*On duty now:* @eve until")
    for message in [one for one in workspace.dm("eve").messages if "You take over" in one.text]:
        workspace.ledger.consume(message)
    workspace.dm("bob").expects_nothing()


def test_a_calendar_says_who_is_on_duty(workspace: Workspace, host: CalendarHost) -> None:
    ada, clock = workspace.person("ada"), workspace.clock
    ada.types("/incident duty set @ada daily 09:00").says("@ada")
    _none_that_can_not_be_read(workspace, host)
    now = clock.now.replace(minute=0, second=0, microsecond=0)
    turns = [
        ("bob@sandbox.example", now - HOUR, now + 30 * HOUR),
        ("eve@sandbox.example", now + 30 * HOUR, now + 3 * DAY),
    ]
    host.pages["/secret/oncall.ics"] = calendar(*turns, ("Team B", now + 3 * DAY, now + 4 * DAY))
    asked = len(host.asked)
    answer = ada.types(f"/incident duty from {host.url}/secret/oncall.ics")
    answer.says("I'm reading the calendar at 127.0.0.1", "Until then duty stays as it is")
    read = workspace.dm("ada").expects("The duty roster is the calendar at 127.0.0.1 now", "On duty: @bob until")
    assert read.has("I don't know who these are: “On call: Team B”")
    assert "secret" not in answer.text + read.text
    workspace.dm("bob").expects(CHANGED, "you are on duty as incident commander from now to")
    workspace.dm("eve").expects(CHANGED, "you are on duty as incident commander from")
    ada.types("/incident duty").says(
        "*On duty now:* @bob until",
        "• @eve from",
        "• somebody I don't know: “On call: Team B” from",
        "• nobody from",
        "By the calendar at 127.0.0.1, last read",
    )
    # It fails: what was read goes on, and ada hears of it once.
    host.pages["/secret/oncall.ics"] = Page(status=503)
    clock.forward(hours=3, minutes=1)
    assert len(host.asked) - asked == 4
    workspace.dm("ada").expects("I can't read the duty calendar: its server answers with status 503.")
    ada.types("/incident duty").says(
        "*On duty now:* @bob", "*It can't be read now:* its server answers with status 503."
    )
    # It works again, and eve has swapped with chen, from soon on.
    near = (clock.now + 4 * HOUR).replace(minute=0, second=0, microsecond=0)
    swapped = [("bob@sandbox.example", now - HOUR, near), ("chen@sandbox.example", near, now + 3 * DAY)]
    host.pages["/secret/oncall.ics"] = calendar(*swapped)
    clock.forward(hours=1)
    workspace.dm("ada").expects("I can read the duty calendar again")
    workspace.dm("bob").expects("The duty roster has changed (its calendar)", "from now to")
    workspace.dm("chen").expects("The duty roster has changed (its calendar)", "from")
    clock.until(near - HOUR / 2)
    workspace.dm("chen").expects("You are on duty as incident commander", "You take over from Bob Kahn")
    clock.until(near + HOUR)
    ada.types("/incident duty").says("*On duty now:* @chen until")
    workspace.dm("eve").expects_nothing()


def _none_that_can_not_be_read(workspace: Workspace, host: CalendarHost) -> None:
    ada = workspace.person("ada")
    host.pages["/page"] = Page(b"<html>Sign in</html>")
    wrong = {
        f"{host.url}/nowhere": "its server answers with status 404",
        f"{host.url}/page": "it is no calendar",
        "http://169.254.169.254/latest/meta-data": "its address is one that I don't read from",
    }
    for url, why in wrong.items():
        ada.types(f"/incident duty from {url}").says("I'm reading the calendar")
        workspace.dm("ada").expects(f"I can't use that calendar as the duty roster: {why}. Duty stays as it was.")
    for url in ("", "file:///etc/passwd", "oncall.ics", "ftp://example.com/a.ics"):
        ada.types(f"/incident duty from {url}").says("no http or https address of a calendar")
    ada.types("/incident duty").says("*On duty now:* @ada")
    assert workspace.bot.one("SELECT count(*) FROM outbox WHERE kind = 'calendar' AND state = 'dropped'") == 3


def test_only_commanders_change_it(workspace_with: Starter) -> None:
    workspace = workspace_with('[groups]\ncommanders = ["U0MONA0000"]\n')
    ada, mona = workspace.person("ada"), workspace.person("mona")
    for words in ("set @ada daily 09:00", "cover @ada to 18:00", "uncover 1", "from https://example.com/a.ics", "stop"):
        ada.types(f"/incident duty {words}", "#general").says("Only commanders can do that", "Ask one of them: @mona")
    mona.types("/incident duty set @ada daily 09:00", "#general").says("*On duty now:* @ada")
    workspace.dm("ada").expects("The duty roster has changed (Mona Keller)")
    ada.types("/incident duty").says("*On duty now:* @ada")


def _what_is_no_roster_is_refused(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    refused = {
        "set": "Who is on duty?",
        "set daily 09:00": "Who is on duty?",
        "set @ada": "How often does duty change",
        "set @ada weekly 09:00": "On which day of the week",
        "set @ada daily": "At what time of the day",
        "set @ada daily monday 09:00": "Only a turn of weeks",
        "set @ada daily 09:00 Mars/Olympus": "I don't understand `mars/olympus` as a time",
        "set @ada @ada daily 09:00": "named twice",
        "set @nobody daily 09:00": "I don't know @nobody",
        "set @otto daily 09:00": "@otto is deactivated",
        "set @zoe daily 09:00": "@zoe is of another workspace",
        "set @ada every 0 days 09:00": "from a day to a year",
        "cover": "Who covers?",
        "cover @eve @bob to 18:00": "Who covers?",
        "cover @eve": "From when to when?",
        "cover @eve to soon": "I don't understand `soon`",
        "cover @eve to 18:00": "No duty roster is set",
        "uncover": "Which cover?",
        "uncover seven": "Which cover?",
        "uncover 7": "No duty roster is set",
        "stop": "No duty roster is set",
        "stop now": "stopped as a whole",
        "<!channel>": "I don't know `duty",
    }
    for words, why in refused.items():
        ada.types(f"/incident duty {words}").says(why)
    assert workspace.bot.one("SELECT count(*) FROM rosters") == 0


def test_times_are_in_the_zone_of_whoever_types(workspace: Workspace) -> None:
    ada, bob, clock = workspace.person("ada"), workspace.person("bob"), workspace.clock
    _what_is_no_roster_is_refused(workspace)
    bob.types("/incident me").says("Your zone is *America/New_York*, as Slack says")
    bob.types("/incident duty set @bob daily 09:00").says("each day at 09:00 America/New_York")
    bob.types("/incident me zone Europe/Paris").says("Your zone is *Europe/Paris*, as you chose")
    bob.types("/incident duty set @bob daily 09:00").says("each day at 09:00 Europe/Paris")
    ada.types("/incident duty set @bob daily 09:00 asia/kolkata").says("each day at 09:00 Asia/Kolkata")
    bob.types("/incident me zone berlin").says("I don't know the zone `berlin`", "Did you mean `Europe/Berlin`?")
    bob.types("/incident me zone <!here>").says("I don't know the zone")
    bob.types("/incident me zone").says("Which zone?")
    bob.types("/incident me zones").says("I don't know `me zones`")
    # A profile that is read again changes nothing about it.
    workspace.change_person("bob", tz="Asia/Tokyo")
    bob.types("/incident me").says("Your zone is *Europe/Paris*, as you chose")
    bob.types("/incident me zone slack").says("Your zone is *Asia/Tokyo*, as Slack says")
    # In the night in which the clocks are put back a time comes twice.
    bob.types("/incident me zone Europe/Berlin").says("Europe/Berlin")
    change = change_of_clocks(BERLIN, clock.now)
    while change.astimezone(BERLIN).utcoffset() != HOUR:
        change = change_of_clocks(BERLIN, change)
    local = change.astimezone(BERLIN)
    asked = bob.types(f"/incident duty cover @eve from {local:%Y-%m-%d} 01:00 to {local:%Y-%m-%d} 02:30")
    asked.says("02:30 comes twice on", "in Europe/Berlin", f"`{local:%Y-%m-%d} 02:30 CEST`")
    clearly = asked.text.split("Type `")[1].split("`")[0]
    bob.types(f"/incident duty cover @eve from {local:%Y-%m-%d} 01:00 to {clearly}").says(
        "@eve is on duty", "02:30 CEST"
    )
    workspace.dm("eve").expects("(Bob Kahn)", "on duty as incident commander from", "02:30 CEST")
