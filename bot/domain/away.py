"""Slack away: when that is so, and what may not wait for its return."""

from collections.abc import Mapping
from datetime import timedelta

# A request that fails now and then is no outage; nothing going through for this long is the start of one.
LOST_AFTER = timedelta(minutes=1)
# Without any open connection for this long, Slack is asked whether it is there.
SILENT_LINE = timedelta(seconds=30)
LINE_EVERY = timedelta(seconds=10)
# The method that asks nothing but whether Slack is there.
PROBE = "auth.test"
# Failing for this long, and people are reached by their own channels.
AWAY_AFTER = timedelta(minutes=5)
# Then it is looked again this often for what more waits.
LOOK_EVERY = timedelta(minutes=1)

# What only tells one person something, and has no button: of several such one message is made.
TOLD = frozenset({"relieved", "declined", "kept", "cant", "no-trade"})
# What waits for an answer of one person, by the name of its text, in plain words. Pages go by those channels anyway.
URGENT: Mapping[str, str] = {
    "offer": "command is offered to you",
    "shift-hour": "your shift in command begins within the hour: are you up?",
    "stand-in": "you may be asked to stand in",
    "trade": "somebody asks whether you would trade shifts",
    "taking": "somebody asks you for command",
    "taking-free": "you may take command now",
    "presence": "are you still there, in command?",
    "managers": "nobody has accepted command",
    "update-late": "a public update is overdue",
    "reopened-offer": "it was reopened, and command is offered to you",
}
