"""usergroups.*"""

from sandbox.api.call import Call, Function
from sandbox.errors import SlackError
from sandbox.group_changes import replace_users
from sandbox.identity import BOT_USER, TEAM_ID, Json
from sandbox.usergroup import UserGroup, group_object


def _check_plan(call: Call) -> None:
    if call.world.group_mode == "plan_upgrade_required":
        raise SlackError("plan_upgrade_required")


def _group(call: Call, *, disabled_too: bool) -> UserGroup:
    group = call.workspace.usergroups.get(call.text("usergroup"))
    if group is None or (group.deleted and not disabled_too):
        raise SlackError("no_such_subteam")
    return group


def groups_list(call: Call) -> Json:
    """All groups; the reference shows the count as text here and as a number in `users.update`."""
    _check_plan(call)
    counted, with_users = call.flag("include_count"), call.flag("include_users")
    groups = call.workspace.usergroups.values()
    known = [one for one in groups if not one.deleted or call.flag("include_disabled")]
    return {
        "usergroups": [
            group_object(one, with_users=with_users) | ({"user_count": str(len(one.users))} if counted else {})
            for one in known
        ]
    }


def users_list(call: Call) -> Json:
    """Who is in a group."""
    _check_plan(call)
    return {"users": _group(call, disabled_too=call.flag("include_disabled")).users}


def _check_users(call: Call, users: list[str]) -> None:
    people = [call.workspace.people.get(user) for user in users]
    # Slackbot is not flagged as a bot, and is none of the members either.
    if any(one is None or one.is_bot or one.is_slackbot or one.deleted for one in people):
        raise SlackError("invalid_users")
    if any(one.team_id != TEAM_ID for one in people if one):
        raise SlackError("failed_for_some_users")


def update_users(call: Call) -> Json:
    """Replace the whole list. Nobody at all is refused, and so is a list with one wrong name in it."""
    _check_plan(call)
    if call.world.group_mode == "permission_denied":
        raise SlackError("permission_denied")
    users = call.names("users")
    if not users:
        raise SlackError("no_users_provided")
    group = _group(call, disabled_too=False)
    _check_users(call, users)
    replace_users(call.workspace, group, users, BOT_USER)
    count = {"user_count": len(group.users)} if call.flag("include_count") else {}
    return {"usergroup": group_object(group, with_users=True) | count}


FUNCTIONS: dict[str, Function] = {
    "usergroups.list": groups_list,
    "usergroups.users.list": users_list,
    "usergroups.users.update": update_users,
}
