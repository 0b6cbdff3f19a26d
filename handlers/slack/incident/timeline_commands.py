"""Commands that write to the timeline and read it."""

from collections.abc import Callable

from bot.actions.incident import notes
from bot.domain.permission import Who
from bot.domain.timeline import EntryKind
from bot.messages import forms, replies
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
        arguments="text",
        help="Keeps a decision and says it in the channel.",
        example="/incident decision we fail over to Frankfurt",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_recorder(EntryKind.DECISION),
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
        name="timeline",
        help="Shows what happened, the newest last.",
        example="/incident timeline",
        who=Who.ANYONE,
        about=About.INCIDENT,
        changes=False,
        run=show_timeline,
    ),
)
