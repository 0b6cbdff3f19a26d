"""views.*"""

from sandbox.api.call import Call, Function
from sandbox.errors import SlackError, invalid_arguments
from sandbox.identity import Json
from sandbox.views import checked_view, view_object


def _view(call: Call, kind: str) -> Json:
    return checked_view(call.json("view", "invalid_arguments"), kind)


def open_view(call: Call) -> Json:
    """Open a modal before the eyes of whoever caused the trigger."""
    view = _view(call, "modal")
    call.world.views.check_external_id(view)
    trigger = call.world.triggers.exchange(call.text("trigger_id"))
    return {"view": view_object(call.world.views.open(trigger.user, view))}


def push_view(call: Call) -> Json:
    """Put a modal on top of the one that the trigger came from."""
    view = _view(call, "modal")
    call.world.views.check_external_id(view)
    trigger = call.world.triggers.exchange(call.text("trigger_id"))
    if trigger.view is None:
        raise SlackError("not_found")
    return {"view": view_object(call.world.views.push(trigger.user, view))}


def update_view(call: Call) -> Json:
    """Change an open modal."""
    body = _view(call, "modal")
    if not call.text("view_id") and not call.text("external_id"):
        raise invalid_arguments("missing required field: view_id")
    view = call.world.views.find(call.text("view_id"), call.text("external_id"))
    if call.text("hash") and call.text("hash") != view.hash:
        raise SlackError("hash_conflict")
    call.world.views.check_external_id(body, but=view.id)
    call.world.views.update(view, body)
    return {"view": view_object(view)}


def publish_view(call: Call) -> Json:
    """Set somebody's Home."""
    body = _view(call, "home")
    person = call.workspace.people.get(call.text("user_id"))
    if person is None or person.is_bot:
        raise invalid_arguments("invalid `user_id`")
    return {"view": call.world.views.publish(person.id, body, call.text("hash"))}


FUNCTIONS: dict[str, Function] = {
    "views.open": open_view,
    "views.push": push_view,
    "views.update": update_view,
    "views.publish": publish_view,
}
