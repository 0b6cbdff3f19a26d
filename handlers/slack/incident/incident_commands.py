"""Commands that declare, show and change incidents."""

from bot.actions.incident import change, ending
from bot.actions.incident.declare import Declaration, declare
from bot.actions.standing import may_see
from bot.domain.incident import Incident, Kind, Severity, State, check_open
from bot.domain.permission import Who
from bot.domain.text import alike, nearest
from bot.errors import NoSuchIncident, WrongWords
from bot.messages import forms, replies
from bot.messages.card import where
from handlers.slack.call import Call, Reply
from handlers.slack.communication import impact_commands
from handlers.slack.table import About, Command
from handlers.slack.words import incident_number
from storage import incidents


def _declare(call: Call) -> Reply:
    if not call.rest:
        return Reply(view=forms.declare(call.settings))
    wanted = read_declaration(call.rest)
    others = [
        found for found in incidents.visible(call.tx, call.by, open_only=True) if alike(found.title, wanted.title)
    ]
    incident = declare(call.tx, call.settings, wanted, call.by, response_url=call.asked.response_url)
    return Reply(replies.similar(replies.declaring(incident), others))


def read_declaration(text: str) -> Declaration:
    """`checkout is down sev1 private`: `private` and `drill` count as the last words only, `sevN` as a whole word.

    Of several severities the one among the last words counts; two in the middle are left in the title.
    """
    words, flags = text.split(), set[str]()
    severities: list[str] = []
    while words:
        last = words[-1].lower()
        if last in {"private", "drill"}:
            flags.add(last)
        elif last in list(Severity) and not severities:
            severities.append(last)
        else:
            break
        words.pop()
    inside = [word for word in words if word.lower() in list(Severity)]
    if not severities and len(inside) == 1:
        severities.append(inside[0].lower())
        words.remove(inside[0])
    return Declaration(
        title=" ".join(words),
        severity=Severity(severities[0]) if severities else Severity.SEV2,
        kind=Kind.DRILL if "drill" in flags else Kind.REAL,
        private="private" in flags,
    )


def open_edit_form(call: Call) -> Reply:
    """The form with everything that can be changed; nothing of an incident that has ended can."""
    check_open(call.incident)
    return Reply(view=forms.edit(call.settings, call.incident, call.asked.channel_id))


def _severity(call: Call) -> Reply:
    word = call.rest.strip().lower()
    if word not in list(Severity):
        raise WrongWords("A severity is `sev1`, `sev2`, `sev3` or `sev4`.", "For example: `/incident severity sev1`")
    incident = change.set_severity(call.tx, call.settings, call.incident, Severity(word), call.by)
    return _done(incident, f"is {incident.severity} now.")


def _state(call: Call) -> Reply:
    word = call.rest.strip().lower()
    if word not in list(State):
        close = nearest(word, list(State))
        hint = f"Did you mean `{close}`?" if close else "For example: `/incident state monitoring`"
        raise WrongWords("A state is `investigating`, `identified` or `monitoring`.", hint)
    state = State(word)
    if state is State.RESOLVED:
        return impact_commands.resolve(call, "")
    if state is State.CANCELLED:
        return _done(ending.cancel(call.tx, call.incident, "", call.by), "is cancelled.")
    if state is State.CLOSED:
        return _done(ending.close(call.tx, call.incident, call.by), "is closed.")
    return _done(change.set_state(call.tx, call.incident, state, call.by), f"is {state} now.")


def _resolve(call: Call) -> Reply:
    return impact_commands.resolve(call, call.rest)


def _reopen(call: Call) -> Reply:
    incident = ending.reopen(call.tx, call.settings, call.incident, call.by)
    return _done(incident, "is open again, and you are incident commander.")


def _cancel(call: Call) -> Reply:
    return _done(ending.cancel(call.tx, call.incident, call.rest, call.by), "is cancelled.")


def _duplicate(call: Call) -> Reply:
    """`duplicate INC-5` in the channel of the one that ends; `duplicate INC-7 INC-5` elsewhere."""
    number = incident_number(call.rest.strip())
    if number is None:
        raise WrongWords("A duplicate of which incident?", "For example: `/incident duplicate INC-5`")
    original = incidents.find(call.tx, number)
    here = original is not None and original.channel_id == call.asked.channel_id
    if original is None or not (here or may_see(call.tx, original, call.by)):
        raise NoSuchIncident(f"There is no INC-{number}.", "See which there are: `/incident list all`")
    incident = ending.duplicate(call.tx, call.incident, original, call.by)
    return _done(incident, f"is cancelled as a duplicate of {original.name}: {where(original)}.")


def _close(call: Call) -> Reply:
    return _done(ending.close(call.tx, call.incident, call.by), "is closed.")


def _title(call: Call) -> Reply:
    return _done(change.set_title(call.tx, call.incident, call.rest, call.by), "has its new title.")


def _summary(call: Call) -> Reply:
    return _done(change.set_summary(call.tx, call.incident, call.rest, call.by), "has its new summary.")


def _call(call: Call) -> Reply:
    return _done(
        change.set_call(call.tx, call.incident, call.rest, call.by),
        "has a call: it is on the card and in the bookmarks.",
    )


def _done(incident: Incident, what: str) -> Reply:
    return Reply(replies.done(incident, what))


COMMANDS = (
    Command(
        name="declare",
        arguments="[title] [sev1] [private] [drill]",
        help="Declares an incident; without a title it opens the form.",
        example="/incident declare checkout is down sev1",
        who=Who.ANYONE,
        about=About.NOTHING,
        changes=True,
        run=_declare,
        common=True,
    ),
    Command(
        name="severity",
        arguments="sev1|sev2|sev3|sev4",
        help="Raises or lowers the severity.",
        example="/incident severity sev1",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_severity,
        common=True,
    ),
    Command(
        name="state",
        arguments="investigating|identified|monitoring",
        help="Says where it stands.",
        example="/incident state monitoring",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_state,
    ),
    Command(
        name="resolve",
        arguments="[text]",
        help="Ends it: the outage is over. Asks when impact ended that is still open.",
        example="/incident resolve rolled back the deploy",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_resolve,
        common=True,
    ),
    Command(
        name="reopen",
        help="Opens it again, with you in command.",
        example="/incident reopen INC-7",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_reopen,
    ),
    Command(
        name="cancel",
        arguments="[reason]",
        help="Ends it as a false alarm.",
        example="/incident cancel the monitor was wrong",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_cancel,
    ),
    Command(
        name="duplicate",
        arguments="INC-5",
        help="Ends it as the same outage as another one.",
        example="/incident duplicate INC-5",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_duplicate,
        names_another=True,
    ),
    Command(
        name="close",
        help="Closes a resolved incident: nothing more is expected of anyone.",
        example="/incident close INC-7",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_close,
    ),
    Command(
        name="edit",
        help="Opens the form with everything that can be changed.",
        example="/incident edit",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=False,
        run=open_edit_form,
    ),
    Command(
        name="title",
        arguments="text",
        help="Gives it another title.",
        example="/incident title checkout is slow in Europe",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_title,
    ),
    Command(
        name="summary",
        arguments="text",
        help="Says in some sentences what it is.",
        example="/incident summary payments fail since the 14:00 deploy",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_summary,
    ),
    Command(
        name="call",
        arguments="link",
        help="Says where people talk.",
        example="/incident call https://meet.example.com/inc",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_call,
    ),
)
