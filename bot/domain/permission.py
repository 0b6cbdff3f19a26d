"""Who may do what: one question, one answer, for every command and button."""

from enum import Enum

from bot.errors import NotAllowed


class Who(Enum):
    """The least that somebody must be to do something."""

    ANYONE = "everyone"
    MEMBER = "members of the incident"
    COMMAND = "the IC, the deputy and commanders"
    COMMANDERS = "commanders"


class Standing(Enum):
    """What somebody is in one incident."""

    OUTSIDER = 0
    MEMBER = 1
    COMMAND = 2
    # By the settings, in every incident that they may see.
    COMMANDER = 3


_NEEDED = {
    Who.ANYONE: Standing.OUTSIDER,
    Who.MEMBER: Standing.MEMBER,
    Who.COMMAND: Standing.COMMAND,
    Who.COMMANDERS: Standing.COMMANDER,
}


def may(standing: Standing, who: Who) -> bool:
    """Whether somebody of this standing may do what `who` may do."""
    return standing.value >= _NEEDED[who].value


def check_may(standing: Standing, who: Who, incident_name: str, channel_id: str | None) -> None:
    """Raise NotAllowed, saying who may and what to do about it, unless `may(standing, who)`."""
    if may(standing, who):
        return
    where = f"<#{channel_id}>" if channel_id else "its channel"
    if standing is Standing.OUTSIDER:
        raise NotAllowed(f"Only {who.value} can do that, and you are not in {incident_name}.", f"Join {where} first.")
    raise NotAllowed(f"Only {who.value} can do that.", f"Ask one of them: `/incident command {incident_name}`")
