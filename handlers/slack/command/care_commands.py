"""Commands about people's own hours."""

from bot.actions import groups
from bot.actions.command import fatigue
from bot.actions.standing import standing
from bot.domain.incident import PersonId
from bot.domain.permission import Standing, Who
from bot.errors import NotAllowed, WrongWords
from bot.messages.command import care
from bot.messages.kit import person
from handlers.slack.call import Call, Reply
from handlers.slack.table import About, Command
from handlers.slack.words import people_in, without_people
from storage import incidents

_EXAMPLE = "For example: `/incident hours`, or `/incident hours @bob`"


def _hours(call: Call) -> Reply:
    named = list(dict.fromkeys(people_in(call.rest)))
    if without_people(call.rest) or len(named) > 1:
        raise WrongWords("Hours are of one person.", _EXAMPLE)
    of = named[0] if named else call.by
    if of != call.by:
        _check_may_see(call, of)
    return Reply(care.hours(person(of), fatigue.hours_of(call.tx, of), own=of == call.by))


def _check_may_see(call: Call, of: PersonId) -> None:
    """Those who edit the roster: commanders; the IC and the deputy of the incident here, of those who are in it."""
    if call.by in groups.commanders(call.tx, call.settings):
        return
    if call.found is None:
        raise NotAllowed(
            "Only commanders see the hours of others here.", "The IC and the deputy do, in the incident's channel."
        )
    in_command = standing(call.tx, call.settings, call.found, call.by) is Standing.COMMAND
    if not in_command or not incidents.is_member(call.tx, call.found.number, of):
        raise NotAllowed(
            "Hours are seen by the person, by commanders, and by the IC and deputy of an incident they are in.",
            "See your own: `/incident hours`",
        )


COMMANDS = (
    Command(
        name="hours",
        arguments="[@person]",
        help="Hours in command in the last 24 h and 7 days, and rest: your own.",
        example="/incident hours",
        who=Who.ANYONE,
        about=About.NOTHING,
        changes=False,
        run=_hours,
        names_people=True,
    ),
)
