"""Commands about the duty roster, the standing one."""

from bot.actions.duty import duty, duty_calendar, duty_plan
from bot.actions.zones import zone_of
from bot.domain.duty import COVER_EXAMPLE, EXAMPLE, check_roster, read_cover, read_schedule
from bot.domain.incident import PersonId
from bot.domain.permission import Who
from bot.errors import WrongWords
from bot.messages.command import duty as messages
from bot.messages.kit import escape
from handlers.slack.call import Call, Reply
from handlers.slack.command.command_commands import check_people
from handlers.slack.table import About, Command
from handlers.slack.words import people_in, without_people

_WORDS = "`set`, `cover`, `uncover`, `from`, `stop`"


def show_duty(call: Call) -> Reply:
    """Who is on duty now and in the next two weeks."""
    if call.rest:
        word = escape(call.rest.split()[0][:40].replace("`", ""))
        raise WrongWords(f"I don't know `duty {word}`.", f"After `duty` come {_WORDS}, or nothing. {EXAMPLE}")
    current = duty_plan.current(call.tx)
    return Reply(messages.shown(current, call.tx.now) if current else messages.none_set())


def _set(call: Call) -> Reply:
    named, words = _named(call), " ".join(word for word in without_people(call.rest) if word != ",")
    check_roster(named)
    schedule = read_schedule(words, call.tx.now, zone_of(call.tx, call.by))
    duty.set_roster(call.tx, named, schedule, call.by)
    current = duty_plan.current(call.tx)
    return Reply(messages.roster_set(current, call.tx.now) if current else messages.none_set())


def _cover(call: Call) -> Reply:
    named, words = _named(call), " ".join(without_people(call.rest))
    if len(named) != 1:
        raise WrongWords("Who covers? One person.", COVER_EXAMPLE)
    starts, ends = read_cover(words, call.tx.now, zone_of(call.tx, call.by))
    return Reply(messages.covered(duty.cover(call.tx, named[0], starts.at, ends.at, call.by), starts.zone))


def _named(call: Call) -> list[PersonId]:
    """The people named, who can all act; a name that Slack did not understand is refused rather than left out."""
    unknown = [word for word in without_people(call.rest) if word.startswith("@")]
    if unknown:
        raise WrongWords(f"I don't know {escape(unknown[0][:40])}.", "Pick people from Slack's list when you type @.")
    named = people_in(call.rest)
    check_people(call, named)
    return named


def _uncover(call: Call) -> Reply:
    number = call.rest.strip().lstrip("#")
    if not number.isdecimal() or len(number) > 9:
        raise WrongWords(
            "Which cover? Its number.", "For example: `/incident duty uncover 1`. See all: `/incident duty`"
        )
    return Reply(messages.uncovered(duty.uncover(call.tx, int(number), call.by), zone_of(call.tx, call.by)))


def _from(call: Call) -> Reply:
    url = duty_calendar.from_calendar(call.tx, call.rest.strip(), call.by, call.asked.key)
    return Reply(messages.reading(url))


def _stop(call: Call) -> Reply:
    if call.rest:
        raise WrongWords(
            "A duty roster is stopped as a whole.", "To replace somebody for a while: `/incident help duty`"
        )
    duty.stop(call.tx, call.by)
    return Reply(messages.stopped())


COMMANDS = (
    Command(
        name="duty",
        help="Shows who is on duty as IC when nobody was asked yet, now and in the next two weeks.",
        example="/incident duty",
        who=Who.ANYONE,
        about=About.NOTHING,
        changes=False,
        run=show_duty,
    ),
    Command(
        name="duty set",
        arguments="@ada @bob … daily|weekly monday|every 3 days 09:00 [zone]",
        help="Sets the duty roster; the first named is on duty now. Everyone may, if the settings name no commanders.",
        example="/incident duty set @ada @bob weekly monday 09:00 Europe/Berlin",
        who=Who.COMMANDERS,
        about=About.NOTHING,
        changes=True,
        run=_set,
        names_people=True,
    ),
    Command(
        name="duty cover",
        arguments="@eve [from …] to …",
        help="Puts somebody on duty for a while, whoever's turn it is.",
        example="/incident duty cover @eve from tomorrow 09:00 to friday 18:00",
        who=Who.COMMANDERS,
        about=About.NOTHING,
        changes=True,
        run=_cover,
        names_people=True,
    ),
    Command(
        name="duty uncover",
        arguments="number",
        help="Takes a cover back.",
        example="/incident duty uncover 1",
        who=Who.COMMANDERS,
        about=About.NOTHING,
        changes=True,
        run=_uncover,
        names_people=True,
    ),
    Command(
        name="duty from",
        arguments="address",
        help="Lets a calendar (iCal) say who is on duty; people are found by their e-mail addresses.",
        example="/incident duty from https://calendar.example.com/oncall.ics",
        who=Who.COMMANDERS,
        about=About.NOTHING,
        changes=True,
        run=_from,
    ),
    Command(
        name="duty stop",
        help="Ends the duty roster and its covers.",
        example="/incident duty stop",
        who=Who.COMMANDERS,
        about=About.NOTHING,
        changes=True,
        run=_stop,
    ),
)
