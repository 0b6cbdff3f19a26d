"""A user group: a handle under which several people are mentioned at once."""

from dataclasses import dataclass, field

from sandbox.identity import TEAM_ID, Json


@dataclass
class UserGroup:
    """One group; times are epoch seconds, and `deleted` is 0 while it is in use."""

    id: str
    handle: str
    name: str
    description: str
    created_by: str
    created: int
    updated_by: str
    updated: int
    deleted: int = 0
    users: list[str] = field(default_factory=list)


def first_groups(mona: str, dana: str, now: int) -> list[UserGroup]:
    """The groups that are there before anything happened; mona made them."""
    return [
        UserGroup("S0IC000000", "ic", "Incident commanders on duty", "Whoever is in command now", mona, now, mona, now),
        UserGroup(
            "S0COMMAND1", "commanders", "Commanders", "Who may command", mona, now, mona, now, users=[mona, dana]
        ),
    ]


def group_object(group: UserGroup, *, with_users: bool) -> Json:
    """Slack's user group object, without the count: each method gives that in its own way."""
    shown: Json = {
        "id": group.id,
        "team_id": TEAM_ID,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": group.description,
        "handle": group.handle,
        "is_external": False,
        "date_create": group.created,
        "date_update": group.updated,
        "date_delete": group.deleted,
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": group.created_by,
        "updated_by": group.updated_by,
        "deleted_by": group.updated_by if group.deleted else None,
        "prefs": {"channels": [], "groups": []},
    }
    return shown | ({"users": group.users} if with_users else {})
