"""Answers to whoever took back what stood in the timeline: what is changed, and where the words may still stand."""

from bot.domain.timeline import Entry, EntryKind
from bot.messages.kit import Message, context, said

_ELSEWHERE = (
    "Where else it was said it still stands: in status updates and digests that are sent, in notifications, in copies"
    " of the database made before. A secret that was here must be changed."
)
# What the bot says in the channel about entries of these kinds can be changed for as long as it knows where it stands.
_SAID = frozenset({EntryKind.DECISION, EntryKind.HYPOTHESIS, EntryKind.RULED_OUT, EntryKind.WORKAROUND, EntryKind.ASK})
_TOO_OLD = "What I said about it in the channel is too old for me to change: somebody must delete it there. "
_PINNED = "The message that was pinned still stands in Slack: whoever wrote it can delete it. "


def edited(entry: Entry, *, in_slack: bool) -> Message:
    """`in_slack`: what the bot had posted about it changes too."""
    told = ", and my message about it too" if in_slack else ""
    still = _still(entry, in_slack=in_slack)
    return said(f"Entry {entry.number} says so now{told}.", *([context(still.strip())] if still else []))


def removed(entry: Entry, *, in_slack: bool) -> Message:
    """The same for what was removed."""
    what = "The words of entry" if entry.kind is EntryKind.SYSTEM else "Entry"
    are = "are" if entry.kind is EntryKind.SYSTEM else "is"
    told = ", and my message about it says so" if in_slack else ""
    text = f"{what} {entry.number} {are} removed{told}. The timeline keeps that you removed it."
    return said(text, context(_still(entry, in_slack=in_slack) + _ELSEWHERE))


def _still(entry: Entry, *, in_slack: bool) -> str:
    """Where in the channel it still stands."""
    if entry.kind is EntryKind.PINNED:
        return _PINNED
    return _TOO_OLD if entry.kind in _SAID and not in_slack else ""
