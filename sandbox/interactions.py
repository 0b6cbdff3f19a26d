"""Clicks and forms: from the screen to the bot, and what the bot's answer does to the screen."""

from typing import Any

from sandbox import elements
from sandbox.channel import Channel, shown_in
from sandbox.elements import Kind
from sandbox.errors import SlackError
from sandbox.identity import BOT_USER, Json
from sandbox.message import Message
from sandbox.payload import base, channel_name, check_answered, send
from sandbox.views import View, checked_view, view_object
from sandbox.world import World

TROUBLE = "We had some trouble connecting. Try again?"


def _resolver(world: World) -> elements.Resolve:
    def resolve(kind: Kind, name: str) -> str:
        if kind in ("person", "people"):
            return world.workspace.person(name).id
        channel = world.workspace.channels.get(name) or world.workspace.channel_named(name.removeprefix("#"))
        if channel is None:
            raise SlackError("channel_not_found")
        return channel.id

    return resolve


def _known(blocks: list[Json], values: Json) -> Json:
    """Without what is no longer shown: a click carries what the browser had typed into it."""
    shown = {(block["block_id"], element["action_id"]) for block, element in elements.interactive(blocks)}
    return {
        block: {action: value for action, value in fields.items() if (block, action) in shown}
        for block, fields in values.items()
    }


def _typed(world: World, blocks: list[Json], values: Json) -> dict[str, dict[str, Any]]:
    """Plain values of a form as entries of `state.values`; `no_such_element` for what it has not."""
    typed: dict[str, dict[str, Any]] = {}
    for block_id, fields in values.items():
        for action_id, value in fields.items():
            _, element = elements.find(blocks, action_id, block_id)
            typed.setdefault(block_id, {})[action_id] = elements.state_of(element, value, _resolver(world))
    return typed


def _remember(view: View, typed: dict[str, dict[str, Any]]) -> None:
    for block_id, fields in typed.items():
        view.typed.setdefault(block_id, {}).update(fields)


async def click_message(world: World, user: str, channel: Channel, ts: str, press: Json) -> Json:
    """A click in a message, which may be ephemeral."""
    message = world.workspace.ephemerals.get(user, {}).get(ts) or channel.messages.get(ts)
    if message is None or message.channel != channel.id:
        raise SlackError("message_not_found")
    block, element = elements.find(message.blocks or [], press["action_id"], press.get("block_id"))
    state = elements.state_of(element, press.get("selected"), _resolver(world))
    shown = message.blocks or []
    typed = _typed(world, shown, _known(shown, press.get("values") or {}))
    typed.setdefault(block["block_id"], {})[element["action_id"]] = state
    payload = base(world, user, "block_actions") | _message_part(world, user, channel, message)
    payload["state"] = {"values": elements.state_values(message.blocks or [], typed)}
    payload["actions"] = [elements.action_of(block, element, state, world.workspace.next_ts())]
    ack = await send(world, payload)
    check_answered(world, user, ack, "The app did not respond to your click.")
    return {}


def _message_part(world: World, user: str, channel: Channel, message: Message) -> Json:
    ephemeral = message.only_for is not None
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    container["is_ephemeral"] = ephemeral
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    url, _ = world.hooks.issue(user, channel.id, message.ts, replaces=True)
    # Slack leaves `message` out of clicks in ephemeral messages.
    shown = {} if ephemeral else {"message": shown_in(channel, message)}
    return shown | {
        "container": container,
        "trigger_id": world.triggers.issue(user),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "response_url": url,
    }


async def click_view(world: World, user: str, view_id: str, press: Json) -> Json:
    """A click in an open modal or in the Home."""
    home = world.workspace.homes.get(user)
    if home is not None and home["id"] == view_id:
        view, blocks, typed = None, home["blocks"], {}
    else:
        view = _own_view(world, user, view_id)
        blocks, typed = view.body["blocks"], view.typed
    block, element = elements.find(blocks, press["action_id"], press.get("block_id"))
    state = elements.state_of(element, press.get("selected"), _resolver(world))
    entered = _typed(world, blocks, _known(blocks, press.get("values") or {}))
    entered.setdefault(block["block_id"], {})[element["action_id"]] = state
    if view:
        _remember(view, entered)
    values = elements.state_values(blocks, typed if view else entered)
    shown = view_object(view, values) if view else {**(home or {}), "state": {"values": values}}
    payload = base(world, user, "block_actions") | {"container": {"type": "view", "view_id": view_id}}
    payload |= {"trigger_id": world.triggers.issue(user, view.id if view else None), "view": shown}
    payload |= {"actions": [elements.action_of(block, element, state, world.workspace.next_ts())]}
    payload["state"] = {"values": values}
    ack = await send(world, payload)
    check_answered(world, user, ack, TROUBLE)
    return {}


def _own_view(world: World, user: str, view_id: str) -> View:
    view = world.views.find(view_id)
    if view.user != user:
        raise SlackError("not_found")
    return view


async def submit(world: World, user: str, view_id: str, values: Json) -> Json:
    """Send a form. `errors` if it was refused, by Slack or by the bot; else `view`: the new top one or null."""
    view = _own_view(world, user, view_id)
    if view is not world.views.stack(user)[-1]:
        raise SlackError("view_not_on_top")
    _remember(view, _typed(world, view.body["blocks"], values))
    state = elements.state_values(view.body["blocks"], view.typed)
    if errors := elements.missing_inputs(view.body["blocks"], state):
        world.views.show_errors(view, errors)
        return {"errors": errors}
    payload = base(world, user, "view_submission") | {"trigger_id": world.triggers.issue(user, view.id)}
    payload |= {"view": view_object(view, state), "response_urls": []}
    ack = await send(world, payload)
    check_answered(world, user, ack, TROUBLE)
    return _follow(world, view, ack.payload or {})


def _follow(world: World, view: View, answer: Json) -> Json:
    try:
        errors = _obey(world, view, answer)
    except SlackError as error:
        world.toast(view.user, TROUBLE, "error")
        raise SlackError("invalid_response", reason=error.answer()) from error
    if errors:
        return {"errors": errors}
    stack = world.views.stack(view.user)
    return {"view": view_object(stack[-1]) if stack else None}


def _obey(world: World, view: View, answer: Json) -> dict[str, str] | None:
    action = answer.get("response_action")
    if view not in world.views.stack(view.user):
        return None  # The bot has opened something else in its place meanwhile.
    match action:
        case None:
            world.views.pop(view)
        case "clear":
            world.views.clear(view.user)
        case "errors":
            errors = _checked_errors(view, answer.get("errors"))
            world.views.show_errors(view, errors)
            return errors
        case "update":
            body = checked_view(answer.get("view"), "modal")
            world.views.check_external_id(body, but=view.id)
            world.views.update(view, body)
        case "push":
            body = checked_view(answer.get("view"), "modal")
            world.views.check_external_id(body)
            world.views.push(view.user, body)
        case _:
            raise SlackError("unknown_response_action")
    return None


def _checked_errors(view: View, errors: object) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackError("errors_not_of_inputs")
    return {str(block): str(text) for block, text in errors.items()}


async def close(world: World, user: str, view_id: str, everything: bool) -> Json:
    """Cancel, or the x. The bot hears of it if the view asked for that."""
    view = _own_view(world, user, view_id)
    cleared = everything or view.body["clear_on_close"]
    told = world.views.stack(user)[0] if everything else view
    state = elements.state_values(told.body["blocks"], told.typed)
    if cleared:
        world.views.clear(user)
    else:
        world.views.pop(view)
    if told.body["notify_on_close"]:
        payload = base(world, user, "view_closed") | {"view": view_object(told, state), "is_cleared": everything}
        await send(world, payload)
    return {}


def open_home(world: World, user: str, tab: str) -> Json:
    """Somebody looks at the app's Home or Messages tab."""
    channel = world.workspace.im_between(BOT_USER, user)
    event: Json = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": tab}
    if tab == "home" and user in world.workspace.homes:
        event["view"] = world.workspace.homes[user]
    world.workspace.event("app_home_opened", event)
    return {"view": world.workspace.homes.get(user)}
