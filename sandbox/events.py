"""Events for the bot: delivered at once, and again at once, after a minute and after five if no ack comes."""

import secrets
from collections.abc import Callable, Iterable

from sandbox.clock import Clock, Timetable
from sandbox.delivery import Delivery
from sandbox.identity import APP_ID, BOT_USER, TEAM_ID, Json
from sandbox.socket_mode import Ack
from sandbox.tasks import Activity, Tasks

RETRY_AFTER = (0.0, 60.0, 300.0)
"""Seconds of the sandbox clock before each retry."""

SUBSCRIPTIONS: dict[str, frozenset[str]] = {
    name: frozenset(scopes.split())
    for name, scopes in {
        "app_home_opened": "",
        "app_mention": "app_mentions:read",
        "app_uninstalled": "",
        "tokens_revoked": "",
        "message.channels": "channels:history",
        "message.groups": "groups:history",
        "message.im": "im:history",
        "reaction_added": "reactions:read",
        "reaction_removed": "reactions:read",
        "pin_added": "pins:read",
        "pin_removed": "pins:read",
        "member_joined_channel": "channels:read groups:read",
        "member_left_channel": "channels:read groups:read",
        "channel_archive": "channels:read",
        "channel_unarchive": "channels:read",
        "channel_rename": "channels:read",
        "channel_deleted": "channels:read",
        "group_archive": "groups:read",
        "group_unarchive": "groups:read",
        "group_rename": "groups:read",
        "group_deleted": "groups:read",
        "subteam_members_changed": "usergroups:read",
        "subteam_updated": "usergroups:read",
        "user_change": "users:read",
    }.items()
}
"""All that the sandbox can send, and the scope without which Slack does not: of two, that of the kind of channel."""

_REASONS = {
    "timeout": "http_timeout",
    "closed": "connection_failed",
    "no_socket": "connection_failed",
    "refused": "http_error",
}


class Events:
    """Sends events to the app."""

    def __init__(self, clock: Clock, timetable: Timetable, app: Delivery, activity: Activity, tasks: Tasks) -> None:
        self._clock = clock
        self._timetable = timetable
        self._app = app
        self._activity = activity
        self._tasks = tasks
        self._subscribed = frozenset(SUBSCRIPTIONS)
        self.granted: Callable[[], frozenset[str]] = frozenset
        self.last: Json | None = None

    @property
    def subscribed(self) -> list[str]:
        """What the app gets."""
        return sorted(self._subscribed)

    def subscribe(self, names: Iterable[str]) -> None:
        """Send these from now on and nothing else."""
        self._subscribed = frozenset(names)

    def emit(self, subscription: str, event: Json) -> None:
        """Send an event if the app has subscribed to it and may know of it."""
        if subscription in self._subscribed and _scopes_for(subscription, event) <= self.granted():
            self.last = self._outer(event)
            self._tasks.start(self._deliver(self.last, 0, "", self._activity.begin("event")))

    def _outer(self, event: Json) -> Json:
        authorization: Json = {"enterprise_id": None, "team_id": TEAM_ID, "user_id": BOT_USER}
        return {
            "token": "sandbox",
            "team_id": TEAM_ID,
            "context_team_id": TEAM_ID,
            "context_enterprise_id": None,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": "Ev" + secrets.token_hex(5).upper(),
            "event_time": int(self._clock.now()),
            "authorizations": [authorization | {"is_bot": True, "is_enterprise_install": False}],
            "is_ext_shared_channel": False,
            "event_context": secrets.token_hex(8),
        }

    async def _deliver(self, outer: Json, attempt: int, reason: str, ticket: str) -> None:
        try:
            retry = {"retry_attempt": attempt, "retry_reason": reason}
            ack = await self._app.send("events_api", outer, retry)
            if ack.outcome != "acked" and attempt < len(RETRY_AFTER):
                self._later(outer, attempt + 1, _REASONS[ack.outcome])
        finally:
            self._activity.end(ticket)

    def _later(self, outer: Json, attempt: int, reason: str) -> None:
        def again() -> None:
            self._tasks.start(self._deliver(outer, attempt, reason, self._activity.begin("event")))

        wait = RETRY_AFTER[attempt - 1]
        if wait:
            self._timetable.at(self._clock.now() + wait, again)
        else:
            again()

    async def repeat_last(self) -> Ack | None:
        """The last event once more, as a duplicate."""
        return await self._app.send("events_api", self.last, _FIRST) if self.last else None


def _scopes_for(subscription: str, event: Json) -> frozenset[str]:
    needed = SUBSCRIPTIONS[subscription]
    return needed if len(needed) < 2 else frozenset({_BY_CHANNEL_TYPE[event["channel_type"]]})


_BY_CHANNEL_TYPE = {"C": "channels:read", "G": "groups:read"}
_FIRST: Json = {"retry_attempt": 0, "retry_reason": ""}
