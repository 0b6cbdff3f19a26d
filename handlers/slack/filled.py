"""A form that was filled in and sent."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.incident import Incident, PersonId
from bot.domain.permission import Standing, Who, check_may
from bot.errors import NoSuchIncident
from bot.messages.kit import Block
from bot.settings import Settings
from handlers.slack import activity
from handlers.slack.call import Asked
from handlers.slack.commands import sees, speaks_there, standing_here
from storage import incidents
from storage.store import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """Who sent it, what is in it by block, and what it was opened about."""

    tx: Tx
    settings: Settings
    answers: Mapping[str, Any]
    metadata: str
    by: PersonId
    # Its id, by which what it shows can be changed later.
    view: str = ""

    @property
    def about(self) -> Mapping[str, Any]:
        """What the form was opened with: the incident's number, the channel, what was shown."""
        found: Mapping[str, Any] = json.loads(self.metadata or "{}")
        return found

    def incident(self, who: Who) -> tuple[Incident, Standing]:
        """The incident it is about, and what its sender is in it. Raises a BotError unless `who` includes them.

        Whoever opened it in the incident's own channel is in it, whatever events said or failed to say.
        """
        incident = incidents.find(self.tx, int(self.about["incident"]))
        asked = Asked(by=self.by, channel_id=str(self.about.get("channel") or ""), text="")
        if incident is None or not sees(self.tx, incident, asked):
            raise NoSuchIncident("That incident is not known here.", "See which there are: /incident list all")
        known = standing_here(self.tx, self.settings, incident, asked)
        check_may(known, who, incident.name, incident.channel_id)
        if speaks_there(incident, asked):
            incidents.join(self.tx, incident.number, self.by)
        activity.noted(self.tx, incident, self.by)
        return incident, known


# What sending a form does: the view it turns into, None when it closes. Raises a BotError when it can't be done.
Submission = Callable[[Filled], Block | None]
