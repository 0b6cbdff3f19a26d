"""Changing who is in a user group."""

from sandbox.identity import TEAM_ID, Json
from sandbox.usergroup import UserGroup, group_object
from sandbox.workspace import Workspace


def replace_users(workspace: Workspace, group: UserGroup, users: list[str], by: str) -> None:
    """These and nobody else are in the group from now on; the bot hears of the whole and of the difference."""
    before, group.users = group.users, list(dict.fromkeys(users))
    previous = group.updated
    group.updated_by, group.updated = by, workspace.today()
    added = [user for user in group.users if user not in before]
    removed = [user for user in before if user not in group.users]
    if added or removed:
        event: Json = {"type": "subteam_members_changed", "subteam_id": group.id, "team_id": TEAM_ID}
        event |= {"date_previous_update": previous, "date_update": group.updated}
        event |= {"added_users": added, "added_users_count": len(added)}
        event |= {"removed_users": removed, "removed_users_count": len(removed)}
        workspace.event("subteam_members_changed", event)
    _tell(workspace, group)


def set_disabled(workspace: Workspace, group: UserGroup, disabled: bool, by: str) -> None:
    """Take a group out of use, or back into it; it keeps its people."""
    group.updated_by, group.updated = by, workspace.today()
    group.deleted = group.updated if disabled else 0
    _tell(workspace, group)


def leave_all(workspace: Workspace, user: str, by: str) -> None:
    """Somebody is in no group any more."""
    for group in workspace.usergroups.values():
        if user in group.users:
            replace_users(workspace, group, [one for one in group.users if one != user], by)


def _tell(workspace: Workspace, group: UserGroup) -> None:
    workspace.changed("usergroup", group.id)
    shown = group_object(group, with_users=True) | {"user_count": len(group.users)}
    workspace.event("subteam_updated", {"type": "subteam_updated", "subteam": shown})
