"""Interactive elements: finding them, and what Slack says of the values chosen in them."""

from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

from sandbox.errors import SlackError
from sandbox.identity import Json

Kind = Literal["text", "option", "options", "person", "people", "channel", "channels", "plain", "number"]
Resolve = Callable[[Kind, str], str]
"""Turns a person's or channel's name into an id."""


class Shape(NamedTuple):
    """Where an element's value stands in a payload and in the block, and of what kind it is."""

    key: str
    initial: str
    kind: Kind


_TEXT = Shape("value", "initial_value", "text")
_OPTION = Shape("selected_option", "initial_option", "option")
_OPTIONS = Shape("selected_options", "initial_options", "options")
SHAPES: dict[str, Shape] = {
    "plain_text_input": _TEXT,
    "email_text_input": _TEXT,
    "url_text_input": _TEXT,
    "number_input": _TEXT,
    "rich_text_input": Shape("rich_text_value", "initial_value", "plain"),
    "static_select": _OPTION,
    "external_select": _OPTION,
    "radio_buttons": _OPTION,
    "overflow": _OPTION,
    "multi_static_select": _OPTIONS,
    "multi_external_select": _OPTIONS,
    "checkboxes": _OPTIONS,
    "users_select": Shape("selected_user", "initial_user", "person"),
    "multi_users_select": Shape("selected_users", "initial_users", "people"),
    "conversations_select": Shape("selected_conversation", "initial_conversation", "channel"),
    "multi_conversations_select": Shape("selected_conversations", "initial_conversations", "channels"),
    "channels_select": Shape("selected_channel", "initial_channel", "channel"),
    "multi_channels_select": Shape("selected_channels", "initial_channels", "channels"),
    "datepicker": Shape("selected_date", "initial_date", "plain"),
    "timepicker": Shape("selected_time", "initial_time", "plain"),
    "datetimepicker": Shape("selected_date_time", "initial_date_time", "number"),
}
_NOT_IN_STATE = frozenset({"button", "overflow", "workflow_button", "image"})
_HOLDERS = ("elements", "accessory", "element", "actions", "child_blocks", "cards")


def interactive(blocks: list[Json], parent: Json | None = None) -> Iterator[tuple[Json, Json]]:
    """Each interactive element with the block that it belongs to."""
    for block in blocks:
        owner = block if "block_id" in block or parent is None else parent
        if "action_id" in block and parent is not None:
            yield parent, block
        if str(block.get("type", "")).startswith("rich_text"):
            continue
        for holder in (block.get(key) for key in _HOLDERS):
            if isinstance(holder, dict):
                yield from interactive([holder], owner)
            elif isinstance(holder, list):
                yield from interactive([one for one in holder if isinstance(one, dict)], owner)


def find(blocks: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json]:
    """The block and element of that id; `no_such_element` if it is not shown."""
    for block, element in interactive(blocks):
        if element["action_id"] == action_id and block_id in (None, "", block["block_id"]):
            return block, element
    raise SlackError("no_such_element")


def _options(element: Json) -> list[Json]:
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(option for group in groups for option in group["options"])]


def _option(element: Json, value: object) -> Json:
    wanted = value.get("value") if isinstance(value, dict) else value
    for option in _options(element):
        if option.get("value") == wanted:
            return option
    raise SlackError("no_such_option")


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _chosen(element: Json, shape: Shape, value: object, resolve: Resolve) -> object:
    match shape.kind:
        case "text":
            return str(value)
        case "option":
            return _option(element, value)
        case "options":
            return [_option(element, one) for one in _listed(value)]
        case "people" | "channels":
            return [resolve(shape.kind, str(one)) for one in _listed(value)]
        case "person" | "channel":
            return resolve(shape.kind, str(value))
        case "number":
            return int(str(value))
        case "plain":
            return value


def state_of(element: Json, value: object, resolve: Resolve) -> Json:
    """The element's entry in `state.values` once a person has chosen `value`; "", None and [] choose nothing."""
    shape = SHAPES.get(element["type"])
    if shape is None:
        return {"type": element["type"]}
    if value in (None, "", []):
        chosen: object = [] if shape.kind in ("options", "people", "channels") else None
    else:
        chosen = _chosen(element, shape, value, resolve)
    return {"type": element["type"], shape.key: chosen}


def initial_state(element: Json) -> Json:
    """The element's entry in `state.values` before anybody touched it."""
    shape = SHAPES[element["type"]]
    nothing: object = [] if shape.kind in ("options", "people", "channels") else None
    return {"type": element["type"], shape.key: element.get(shape.initial, nothing)}


def state_values(blocks: list[Json], typed: Json) -> Json:
    """`state.values` of a view or message: what it began with, and over it what has been typed."""
    values: Json = {}
    for block, element in interactive(blocks):
        if element["type"] in _NOT_IN_STATE or element["type"] not in SHAPES:
            continue
        entry = typed.get(block["block_id"], {}).get(element["action_id"])
        values.setdefault(block["block_id"], {})[element["action_id"]] = entry or initial_state(element)
    return values


def action_of(block: Json, element: Json, state: Json, ts: str) -> Json:
    """An item of `actions` in a block_actions payload."""
    action = {"action_id": element["action_id"], "block_id": block["block_id"], "action_ts": ts}
    echoed = ("text", "value", "style", "url", "placeholder", "confirm", "accessibility_label")
    if element["type"] == "button":
        return action | {key: element[key] for key in echoed if key in element} | {"type": "button"}
    initial = SHAPES[element["type"]].initial if element["type"] in SHAPES else ""
    return action | {key: element[key] for key in ("placeholder", "confirm", initial) if key in element} | state


def missing_inputs(blocks: list[Json], values: Json) -> dict[str, str]:
    """What Slack itself says of a form before it sends it: required fields and lengths."""
    errors = {}
    for block in blocks:
        if block.get("type") != "input":
            continue
        element = block["element"]
        entry = values.get(block["block_id"], {}).get(element["action_id"], {})
        shape = SHAPES.get(element["type"])
        value = entry.get(shape.key) if shape else None
        if value in (None, "", []):
            if shape and not block.get("optional"):
                errors[block["block_id"]] = "Please complete this required field."
        elif problem := _length_problem(element, value):
            errors[block["block_id"]] = problem
    return errors


def _length_problem(element: Json, value: object) -> str | None:
    if not isinstance(value, str):
        return None
    if len(value) > element.get("max_length", 3000):
        return f"Please enter at most {element.get('max_length', 3000)} characters."
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    return None
