"""Messages for later."""

from sandbox.clock import Timetable
from sandbox.errors import SlackError
from sandbox.identity import BOT_ID, BOT_USER, Json
from sandbox.message import Message
from sandbox.posting import add
from sandbox.workspace import Scheduled, Workspace

FURTHEST = 120 * 86_400
WINDOW, MOST_IN_WINDOW = 300, 30
TOO_LATE = 300
"""Seconds before a message is posted from which on deleting it is answered `ok` and changes nothing."""


class Schedule:
    """Posts what has been scheduled when the sandbox clock gets there."""

    def __init__(self, workspace: Workspace, timetable: Timetable) -> None:
        self._workspace = workspace
        self._timetable = timetable

    def arm_all(self) -> None:
        """Put everything on the timetable, after loading."""
        for one in self._workspace.scheduled.values():
            self._arm(one)

    def _arm(self, one: Scheduled) -> None:
        self._timetable.at(one.post_at, lambda: self._post(one.id))

    def add(self, channel: str, post_at: int, message: Json) -> Scheduled:
        """Accept a message; Slack's error if the time is wrong."""
        now = self._workspace.today()
        if post_at <= now:
            raise SlackError("time_in_past")
        if post_at > now + FURTHEST:
            raise SlackError("time_too_far")
        same = self.pending(channel)
        if sum(one.post_at // WINDOW == post_at // WINDOW for one in same) >= MOST_IN_WINDOW:
            raise SlackError("restricted_too_many")
        one = Scheduled(self._workspace.next_id("Q0"), channel, post_at, now, message)
        self._workspace.scheduled[one.id] = one
        self._workspace.changed("scheduled", one.id)
        self._arm(one)
        return one

    def pending(self, channel: str = "") -> list[Scheduled]:
        """What Slack says is to come, in one channel or in all, the soonest first."""
        known = [one for one in self._workspace.scheduled.values() if not one.deleted and channel in ("", one.channel)]
        return sorted(known, key=lambda one: one.post_at)

    def remove(self, channel: str, scheduled_id: str) -> None:
        """Forget one; `invalid_scheduled_message_id`. Too late Slack says that it did, and posts it: a known bug."""
        one = self._workspace.scheduled.get(scheduled_id)
        if one is None or one.deleted or one.channel != channel:
            raise SlackError("invalid_scheduled_message_id")
        if one.post_at - self._workspace.today() < TOO_LATE:
            one.deleted = True
        else:
            del self._workspace.scheduled[scheduled_id]
        self._workspace.changed("scheduled", scheduled_id)

    def lose(self) -> None:
        """Forget them all, and tell nobody."""
        for scheduled_id in list(self._workspace.scheduled):
            del self._workspace.scheduled[scheduled_id]
            self._workspace.changed("scheduled", scheduled_id)

    def copy(self) -> None:
        """Each once more, under another id."""
        for one in self.pending():
            self.add(one.channel, one.post_at, one.message)

    def next_due(self) -> float | None:
        """When the next is due."""
        return min((float(one.post_at) for one in self._workspace.scheduled.values()), default=None)

    def _post(self, scheduled_id: str) -> None:
        one = self._workspace.scheduled.pop(scheduled_id, None)
        channel = self._workspace.channels.get(one.channel) if one else None
        self._workspace.changed("scheduled", scheduled_id)
        # Slack accepts a scheduled message with metadata and never posts it: a known bug, kept here.
        if one is None or channel is None or channel.is_archived or one.message.get("metadata"):
            return
        ts = self._workspace.next_ts()
        message = Message(channel.id, ts, BOT_USER, one.message["text"], bot_id=BOT_ID, blocks=one.message["blocks"])
        message.thread_ts = one.message["thread_ts"]
        add(self._workspace, channel, message)
