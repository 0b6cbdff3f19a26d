"""People: who somebody is in Slack, and whether they can act in an incident."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.incident import PersonId
from bot.errors import CannotAct

# A profile older than this is asked for again when it is next needed.
FRESH_FOR = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of the workspace as `users.info` last described them; `own_zone` is what they told the bot instead."""

    id: PersonId
    name: str
    zone: str
    deactivated: bool
    bot: bool
    foreign: bool
    fetched_at: datetime
    # Their own choice, over what Slack says; empty: none.
    own_zone: str = ""

    @property
    def tz(self) -> ZoneInfo:
        """Their time zone; UTC when Slack named one that this machine does not know."""
        try:
            return ZoneInfo(self.own_zone or self.zone)
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")


def can_act(person: Person | None) -> bool:
    """Whether somebody can take part here, as far as is known; a person unknown so far may."""
    return person is None or not (person.deactivated or person.bot or person.foreign)


def check_can_act(person: Person | None, person_id: PersonId) -> None:
    """Raise CannotAct when Slack says that this person can't act here; a person unknown so far may."""
    if person is None:
        return
    mention = f"<@{person_id}>"
    if person.deactivated:
        raise CannotAct(f"{mention} is deactivated in this workspace.", "Name somebody who can answer.")
    if person.bot:
        raise CannotAct(f"{mention} is a bot and can't take part.", "Name a person.")
    if person.foreign:
        raise CannotAct(
            f"{mention} is of another workspace and can't use this bot.", "Name somebody of this workspace."
        )
