"""Commands about who does what: command, its handoff, roles."""

from bot.actions.command import handoff, taking
from bot.actions.incident import roles
from bot.actions.overview import overview
from bot.actions.standing import standing
from bot.domain.command import COMMANDER
from bot.domain.handoff import Taking
from bot.domain.people import check_can_act
from bot.domain.permission import Standing, Who
from bot.errors import WrongWords
from bot.messages import replies
from bot.messages.command import command_replies, forms_command
from handlers.slack.call import Call, Reply
from handlers.slack.table import About, Command
from handlers.slack.words import people_in, without_people
from storage import briefings, command, people


def show_command(call: Call) -> Reply:
    """Who is in command, and the command log."""
    log = command.tenures_of(call.tx, call.incident.number)
    return Reply(command_replies.command(overview(call.tx, call.incident), log))


def open_take_form(call: Call) -> Reply:
    """The form that asks the holder for command; whom it is offered to just has it."""
    may_relieve = is_commander(call)
    return Reply(
        view=forms_command.take(overview(call.tx, call.incident), call.asked.channel_id, may_relieve=may_relieve)
    )


def is_commander(call: Call) -> bool:
    """Whether this person may relieve an IC: a commander by the settings, not by a role of this incident."""
    return standing(call.tx, call.settings, call.incident, call.by) is Standing.COMMANDER


def _take(call: Call) -> Reply:
    if not call.rest:
        return open_take_form(call)
    return after_taking(call, taking.take(call.tx, call.incident, call.by, call.rest))


def _relieve(call: Call) -> Reply:
    return after_taking(call, taking.relieve(call.tx, call.incident, call.by, call.rest))


def after_taking(call: Call, came: handoff.Accepted | Taking) -> Reply:
    """The answer to somebody who asked for command: it is theirs, or what happens next."""
    if isinstance(came, handoff.Accepted):
        return Reply(command_replies.taken(overview(call.tx, came.incident), came.role, came.warnings))
    return Reply(command_replies.asked_for_command(call.incident, came, call.tx.now))


def open_handoff_form(call: Call) -> Reply:
    """The form that offers command, with the two answers of the briefing that were given already."""
    at_a_glance = overview(call.tx, call.incident)
    written = briefings.open_of(call.tx, call.incident.number)
    worries, first = (written.worries, written.do_first) if written else ("", "")
    return Reply(view=forms_command.hand_over(at_a_glance, call.asked.channel_id, worries, first))


def _handoff(call: Call) -> Reply:
    named, words = people_in(call.rest), without_people(call.rest)
    if words or len(named) > 1:
        raise WrongWords("Command is offered to one person.", "For example: `/incident handoff @eve`")
    if not named:
        return open_handoff_form(call)
    made = handoff.hand_over(call.tx, call.incident, named[0], call.by)
    return Reply(
        replies.role_done(
            call.incident, COMMANDER, f"is offered to <@{made.offered_to}>: it is theirs when they accept."
        )
    )


def _handoff_withdraw(call: Call) -> Reply:
    handoff.withdraw(call.tx, call.incident, call.by)
    return Reply(replies.role_done(call.incident, COMMANDER, "is not offered to anybody any more."))


def _role(call: Call) -> Reply:
    words, named = without_people(call.rest), people_in(call.rest)
    if not words:
        raise WrongWords("Which role, and who?", "For example: `/incident role communications @bob`")
    role = roles.check_role(call.settings, words[0])
    if words[1:] == ["none"] and not named:
        roles.unassign(call.tx, call.incident, role, call.by)
        return Reply(replies.done(call.incident, f"has nobody as {role} now."))
    if len(named) != 1 or words[1:]:
        raise WrongWords(f"Who shall be {role}? One person, or `none`.", f"For example: `/incident role {role} @bob`")
    check_people(call, named)
    roles.assign(call.tx, call.incident, role, named[0], call.by)
    return Reply(replies.done(call.incident, f"has <@{named[0]}> as {role} now."))


def check_people(call: Call, named: list[str]) -> None:
    """Raise CannotAct when one of these people can't act in an incident."""
    known = people.find(call.tx, named)
    for person in named:
        check_can_act(known.get(person), person)


COMMANDS = (
    Command(
        name="command",
        help="Who is in command, since when, who is next.",
        example="/incident command",
        who=Who.ANYONE,
        about=About.INCIDENT,
        changes=False,
        run=show_command,
        common=True,
    ),
    Command(
        name="command take",
        arguments="[reason]",
        help="Asks the IC for command; after some minutes of silence you may take it.",
        example="/incident command take Ada is on a plane",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_take,
    ),
    Command(
        name="command relieve",
        arguments="reason",
        help="Takes command at once: for commanders.",
        example="/incident command relieve Ada has been up for 20 hours",
        who=Who.COMMANDERS,
        about=About.INCIDENT,
        changes=True,
        run=_relieve,
    ),
    Command(
        name="handoff",
        arguments="[@person]",
        help="Offers command, with a briefing; without a name it opens the form.",
        example="/incident handoff @eve",
        who=Who.COMMAND,
        about=About.INCIDENT,
        changes=True,
        run=_handoff,
        names_people=True,
        common=True,
    ),
    Command(
        name="handoff withdraw",
        help="Takes the open offer back.",
        example="/incident handoff withdraw",
        who=Who.COMMAND,
        about=About.INCIDENT,
        changes=True,
        run=_handoff_withdraw,
    ),
    Command(
        name="role",
        arguments="name @person|none",
        help="Gives a role to somebody, or to nobody.",
        example="/incident role communications @bob",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_role,
        names_people=True,
    ),
)
