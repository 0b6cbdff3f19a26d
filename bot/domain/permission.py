"""Who may do what: one question, one answer, for every command and button."""

from collections.abc import Mapping
from enum import Enum

from bot.errors import NotAllowed


class Who(Enum):
    """The least that somebody must be to do something."""

    ANYONE = "everyone"
    MEMBER = "members of the incident"
    COMMAND = "the IC, the deputy and commanders"
    COMMANDERS = "commanders"
    PUBLISH = "the IC, the deputy, communications and publishers"


class Standing(Enum):
    """What somebody is in one incident."""

    OUTSIDER = 0
    MEMBER = 1
    COMMAND = 2
    # By the settings, in every incident that they may see.
    COMMANDER = 3


_NEEDED: Mapping[Who, Standing | None] = {
    Who.ANYONE: Standing.OUTSIDER,
    Who.MEMBER: Standing.MEMBER,
    Who.COMMAND: Standing.COMMAND,
    Who.COMMANDERS: Standing.COMMANDER,
    # By a role or by the settings, whatever else somebody is: `bot.actions.communication.publishing` says who that is.
    Who.PUBLISH: None,
}


def may(standing: Standing, who: Who) -> bool:
    """Whether somebody of this standing may do what `who` may do."""
    needed = _NEEDED[who]
    return needed is not None and standing.value >= needed.value


def check_may(standing: Standing, who: Who, incident_name: str, channel_id: str | None) -> None:
    """Raise NotAllowed, saying who may and what to do about it, unless `may(standing, who)`."""
    if may(standing, who):
        return
    where = f"<#{channel_id}>" if channel_id else "its channel"
    if standing is Standing.OUTSIDER:
        raise NotAllowed(f"Only {who.value} can do that, and you are not in {incident_name}.", f"Join {where} first.")
    raise NotAllowed(f"Only {who.value} can do that.", f"Ask one of them: `/incident command {incident_name}`")
