"""auth.test, team.info, bots.info, apps.connections.open and other neighbours."""

from sandbox.api.call import Call, Function
from sandbox.blockkit import Problem, problems, view_problems
from sandbox.errors import SlackError, invalid_arguments
from sandbox.identity import (
    APP_ID,
    BOT_ID,
    BOT_NAME,
    BOT_USER,
    EMAIL_DOMAIN,
    TEAM_DOMAIN,
    TEAM_ID,
    TEAM_NAME,
    Json,
)


def auth_test(call: Call) -> Json:
    """Who the token is."""
    who = {"team": TEAM_NAME, "user": BOT_NAME, "team_id": TEAM_ID, "user_id": BOT_USER, "bot_id": BOT_ID}
    return {"url": f"https://{TEAM_DOMAIN}.slack.com/", **who, "is_enterprise_install": False}


def team_info(call: Call) -> Json:
    """The workspace."""
    if call.text("team", TEAM_ID) != TEAM_ID:
        raise SlackError("team_not_found")
    team = {"id": TEAM_ID, "name": TEAM_NAME, "domain": TEAM_DOMAIN, "email_domain": EMAIL_DOMAIN}
    return {"team": {**team, "icon": {"image_default": True}}}


def bots_info(call: Call) -> Json:
    """The bot."""
    if call.text("bot", BOT_ID) != BOT_ID:
        raise SlackError("bot_not_found")
    bot = {"id": BOT_ID, "deleted": False, "name": BOT_NAME, "updated": 0, "app_id": APP_ID, "user_id": BOT_USER}
    return {"bot": {**bot, "icons": {}}}


def connections_open(call: Call) -> Json:
    """A URL for one Socket Mode connection."""
    base = call.world.base_url.replace("http", "ws", 1)
    return {"url": f"{base}/link/?ticket={call.world.sockets.ticket()}&app_id={APP_ID}"}


def api_test(call: Call) -> Json:
    """Echo."""
    arguments = {key: value for key, value in call.arguments.items() if key != "token"}
    if error := call.text("error"):
        raise SlackError(error, args=arguments)
    return {"args": arguments} if arguments else {}


def _shown(problem: Problem) -> Json:
    return {"pointer": problem.pointer, "code": "failed_constraint", "message": problem.message}


def validate(call: Call) -> Json:
    """Check blocks, a view or a message without sending it."""
    given = [name for name in ("blocks", "view", "message") if call.has(name)]
    if len(given) != 1:
        raise invalid_arguments("must provide exactly one of `blocks`, `view`, or `message`")
    value = call.json(given[0], "invalid_arguments")
    if given[0] == "view":
        found = view_problems(value)
    else:
        blocks = value.get("blocks") if given[0] == "message" and isinstance(value, dict) else value
        found = problems(blocks, "message")
    if found:
        raise SlackError(f"invalid_{given[0]}", errors=[_shown(one) for one in found])
    return {}


FUNCTIONS: dict[str, Function] = {
    "auth.test": auth_test,
    "team.info": team_info,
    "bots.info": bots_info,
    "apps.connections.open": connections_open,
    "api.test": api_test,
    "blocks.validate": validate,
    "emoji.list": lambda call: {"cache_ts": call.workspace.next_ts()},
}
