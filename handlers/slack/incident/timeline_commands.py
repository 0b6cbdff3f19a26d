"""Commands that write to the timeline and read it."""

from collections.abc import Callable

from bot.actions.incident import notes, revise
from bot.actions.standing import standing
from bot.domain.permission import Who
from bot.domain.timeline import EntryKind
from bot.errors import WrongWords
from bot.messages import forms, replies, revised
from handlers.slack.call import Call, Reply
from handlers.slack.table import About, Command
from storage import timeline

_SHOWN = 25


def _recorder(kind: EntryKind) -> Callable[[Call], Reply]:
    def run(call: Call) -> Reply:
        if not call.rest and kind is EntryKind.NOTE:
            return open_note_form(call)
        entry = notes.record(call.tx, call.incident, kind, call.rest, call.by)
        return Reply(replies.recorded(call.incident, entry))

    return run


def _decision(call: Call) -> Reply:
    """`public` counts as the first word only: then customers may be told."""
    first, _, rest = call.rest.partition(" ")
    public = first.lower() == "public"
    text = rest.strip() if public else call.rest
    entry = notes.record(call.tx, call.incident, EntryKind.DECISION, text, call.by, public=public)
    return Reply(replies.recorded(call.incident, entry))


def _numbered(call: Call, example: str) -> tuple[int, str]:
    """The number of an entry, and what was typed after it."""
    parts = call.rest.split(maxsplit=1) or [""]
    number = parts[0].lstrip("#")
    if not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise WrongWords("Which entry? Its number.", f"For example: `{example}`. The numbers: `/incident timeline`")
    return int(number), parts[1] if len(parts) > 1 else ""


def _edit(call: Call) -> Reply:
    number, text = _numbered(call, "/incident timeline edit 12 disk of db-3 is full")
    known = standing(call.tx, call.settings, call.incident, call.by)
    done = revise.edit(call.tx, call.incident, number, text, call.by, known)
    return Reply(revised.edited(done.entry, in_slack=done.in_slack))


def _remove(call: Call) -> Reply:
    number, text = _numbered(call, "/incident timeline remove 12")
    if text:
        raise WrongWords("One entry at a time, by its number.", "For example: `/incident timeline remove 12`")
    known = standing(call.tx, call.settings, call.incident, call.by)
    done = revise.remove(call.tx, call.incident, number, call.by, known)
    return Reply(revised.removed(done.entry, in_slack=done.in_slack))


def open_note_form(call: Call) -> Reply:
    """The form for what is longer than a line."""
    return Reply(view=forms.note(call.incident, call.asked.channel_id))


def show_timeline(call: Call) -> Reply:
    """The newest entries of the incident."""
    entries = timeline.latest(call.tx, call.incident.number, _SHOWN)
    return Reply(replies.timeline(call.incident, entries, timeline.count(call.tx, call.incident.number)))


COMMANDS = (
    Command(
        name="note",
        arguments="[text]",
        help="Keeps a fact; without words it opens the form.",
        example="/incident note disk of db-3 is full",
        who=Who.ANYONE,
        about=About.INCIDENT,
        changes=True,
        run=_recorder(EntryKind.NOTE),
        common=True,
    ),
    Command(
        name="decision",
        arguments="[public] text",
        help="Keeps a decision and says it in the channel; `public`: customers may be told.",
        example="/incident decision we fail over to Frankfurt",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_decision,
        common=True,
    ),
    Command(
        name="hypothesis",
        arguments="text",
        help="Keeps a guess at the cause and says it in the channel.",
        example="/incident hypothesis the 14:00 deploy broke the pool",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_recorder(EntryKind.HYPOTHESIS),
    ),
    Command(
        name="ruled-out",
        arguments="text",
        help="Keeps what it was not and says it in the channel.",
        example="/incident ruled-out it is not the load balancer",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_recorder(EntryKind.RULED_OUT),
    ),
    Command(
        name="workaround",
        arguments="text",
        help="Keeps what helps meanwhile and says it in the channel.",
        example="/incident workaround pay by invoice while cards fail",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_recorder(EntryKind.WORKAROUND),
    ),
    Command(
        name="timeline",
        help="Shows what happened, the newest last.",
        example="/incident timeline",
        who=Who.ANYONE,
        about=About.INCIDENT,
        changes=False,
        run=show_timeline,
    ),
    Command(
        name="timeline edit",
        arguments="number text",
        help="Lets your entry say something else; the IC, the deputy and commanders change any.",
        example="/incident timeline edit 2 disk of db-4 is full",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_edit,
    ),
    Command(
        name="timeline remove",
        arguments="number",
        help="Takes your entry away, a leaked secret for example; that it was removed is kept.",
        example="/incident timeline remove 2",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_remove,
    ),
)
