"""The people of the workspace."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sandbox.identity import (
    APP_ID,
    BOT_ID,
    BOT_NAME,
    BOT_USER,
    EMAIL_DOMAIN,
    PARTNER_TEAM_ID,
    SLACKBOT,
    TEAM_ID,
    Json,
)


@dataclass
class Person:
    """Somebody with an account, the bot included."""

    id: str
    handle: str
    name: str
    tz: str
    deleted: bool = False
    team_id: str = TEAM_ID
    is_bot: bool = False
    updated: int = 0

    @property
    def foreign(self) -> bool:
        """Of another workspace (Slack Connect)."""
        return self.team_id != TEAM_ID

    @property
    def email(self) -> str:
        """The address in the profile: of this workspace's own people only, as strangers don't show theirs."""
        return "" if self.is_bot or self.is_slackbot or self.foreign else f"{self.handle}@{EMAIL_DOMAIN}"

    @property
    def is_slackbot(self) -> bool:
        """Slack's own, which its user object does not call a bot."""
        return self.id == SLACKBOT


def person_id(handle: str) -> str:
    """The id of a person of the sandbox."""
    return ("U0" + handle.upper()).ljust(10, "0")


def first_people() -> list[Person]:
    """Who is there before anything happened."""
    table = [
        ("ada", "Ada Lovelace", "Europe/London"),
        ("bob", "Bob Kahn", "America/New_York"),
        ("eve", "Eve Moreau", "Europe/Paris"),
        ("chen", "Chen Wei", "Asia/Shanghai"),
        ("dana", "Dana Scott", "America/Los_Angeles"),
        ("indu", "Indu Rao", "Asia/Kolkata"),
        ("finn", "Finn Olsen", "Europe/Oslo"),
        ("gita", "Gita Sharma", "Asia/Kathmandu"),
        ("mona", "Mona Keller", "Europe/Berlin"),
        ("otto", "Otto Gone", "Europe/Berlin"),
        ("zoe", "Zoe Partner", "Europe/Madrid"),
    ]
    people = [Person(person_id(handle), handle, name, tz) for handle, name, tz in table]
    for person in people:
        person.deleted = person.handle == "otto"
        person.team_id = PARTNER_TEAM_ID if person.handle == "zoe" else TEAM_ID
    people.append(Person(BOT_USER, BOT_NAME, "Watchbill", "UTC", is_bot=True))
    people.append(Person(SLACKBOT, "slackbot", "Slackbot", "UTC"))
    return people


def _zone(person: Person, now: float) -> Json:
    local = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(person.tz))
    offset = local.utcoffset()
    seconds = int(offset.total_seconds()) if offset else 0
    return {"tz": person.tz, "tz_label": local.tzname() or person.tz, "tz_offset": seconds}


def _profile(person: Person, with_email: bool) -> Json:
    profile: Json = {
        "avatar_hash": "g" + person.id.lower(),
        "status_text": "",
        "status_emoji": "",
        "real_name": person.name,
        "display_name": person.handle,
        "real_name_normalized": person.name,
        "display_name_normalized": person.handle,
        "first_name": person.name.partition(" ")[0],
        "last_name": person.name.partition(" ")[2],
        "team": person.team_id,
    }
    if with_email and person.email:
        profile["email"] = person.email
    if person.is_bot:
        profile |= {"api_app_id": APP_ID, "bot_id": BOT_ID, "always_active": True}
    return profile


def user_object(person: Person, now: float, with_email: bool) -> Json:
    """Slack's user object; Slack gives a deactivated one no zone."""
    user: Json = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.handle,
        "deleted": person.deleted,
        "profile": _profile(person, with_email),
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": person.updated,
    }
    if person.foreign:
        user["is_stranger"] = True
    if person.deleted:
        return user
    restricted = dict.fromkeys(("is_admin", "is_owner", "is_primary_owner"), person.handle == "mona")
    restricted |= dict.fromkeys(("is_restricted", "is_ultra_restricted"), False)
    return user | {"color": "9f69e7", "real_name": person.name} | _zone(person, now) | restricted
