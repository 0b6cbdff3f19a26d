"""The blocks of Block Kit, the views, and which block may stand on which surface."""

from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias

from sandbox.blockkit.elements import BUTTON, IN_ACTIONS, IN_CONTEXT, IN_CONTEXT_ACTIONS, IN_INPUT, IN_SECTION
from sandbox.blockkit.objects import (
    FLAG,
    ID,
    IMAGE_ELEMENT,
    NAME,
    PICTURE,
    RAW_NUMBER,
    RAW_TEXT,
    RICH_TEXT,
    mrkdwn,
    plain,
    text,
    url,
)
from sandbox.blockkit.rules import (
    Condition,
    Items,
    Kinds,
    Number,
    OneOf,
    Rule,
    Shape,
    String,
    at_least_one,
    exactly_one,
    not_both,
)

Surface: TypeAlias = Literal["message", "modal", "home"]

_RICH_TEXT: Final = Kinds({"rich_text": RICH_TEXT})


def _block(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None, *conditions: Condition) -> Shape:
    return Shape(required, {"block_id": ID, **(optional or {})}, conditions)


_PLAIN: Final[Mapping[str, Shape]] = {
    "section": _block(
        {},
        {"text": text(), "fields": Items(text(2000), 1, 10), "accessory": IN_SECTION, "expand": FLAG},
        at_least_one("text", "fields"),
    ),
    "header": _block({"text": plain(150)}),
    "divider": _block({}),
    "context": _block({"elements": Items(IN_CONTEXT, 1, 10)}),
    "actions": _block({"elements": Items(IN_ACTIONS, 1, 25)}),
    "image": _block({"alt_text": String(2000, low=1)}, {**PICTURE, "title": plain(2000)}, exactly_one(*PICTURE)),
    "input": _block(
        {"label": plain(2000), "element": IN_INPUT}, {"hint": plain(2000), "optional": FLAG, "dispatch_action": FLAG}
    ),
    "rich_text": RICH_TEXT,
    "video": _block(
        {"video_url": url(), "thumbnail_url": url(), "alt_text": String(2000, low=1), "title": plain(200)},
        {
            "title_url": url(2000),
            "author_name": String(50),
            "provider_name": String(50),
            "provider_icon_url": url(2000),
            "description": plain(200),
        },
    ),
    "file": _block({"source": OneOf(("remote",)), "external_id": NAME}),
}


def _same_width(value: Mapping[str, Any]) -> str | None:
    return None if len({len(row) for row in value["rows"]}) == 1 else "all rows must have the same number of columns"


def _header_is_raw(value: Mapping[str, Any]) -> str | None:
    rich = any(cell["type"] == "rich_text" for cell in value["rows"][0])
    return "header cells must not be rich_text" if rich else None


def _header_column_is_there(value: Mapping[str, Any]) -> str | None:
    there = value.get("row_header_column_index", 0) < len(value["rows"][0])
    return None if there else "row_header_column_index must name a column"


_CELL: Final = Kinds({"raw_text": RAW_TEXT, "raw_number": RAW_NUMBER, "rich_text": RICH_TEXT})
_COLUMN: Final = Shape({}, {"align": OneOf(("left", "center", "right")), "is_wrapped": FLAG})
_TABLES: Final[Mapping[str, Shape]] = {
    "table": _block({"rows": Items(Items(_CELL, 1, 20), 1, 100)}, {"column_settings": Items(_COLUMN, 0, 20)}),
    "data_table": _block(
        {"rows": Items(Items(_CELL, 1, 20), 2, 201), "caption": NAME},
        {"page_size": Number(1, 100), "row_header_column_index": Number(0, 19)},
        _same_width,
        _header_is_raw,
        _header_column_is_there,
    ),
}


def _unique(list_name: str, key: str | None) -> Condition:
    def condition(value: Mapping[str, Any]) -> str | None:
        names = [item[key] if key else item for item in value[list_name]]
        return None if len(set(names)) == len(names) else f"{key or list_name} must be unique"

    return condition


_TICK: Final = String(20, low=1)
_SEGMENT: Final = Shape(
    {"label": _TICK, "value": Number(fractions=True)},
    conditions=(lambda value: None if value["value"] > 0 else "value must be more than 0",),
)
_POINT: Final = Shape({"label": _TICK, "value": Number(fractions=True)})
_AXES: Final = Shape(
    {"categories": Items(_TICK, 1, 20)}, {"x_label": String(50), "y_label": String(50)}, (_unique("categories", None),)
)
_AXIS_CHART: Final = Shape(
    {"series": Items(Shape({"name": _TICK, "data": Items(_POINT, 1, 20)}), 1, 12), "axis_config": _AXES},
    conditions=(_unique("series", "name"),),
)
_CHART: Final = Kinds(
    {"pie": Shape({"segments": Items(_SEGMENT, 1, 12)}), "bar": _AXIS_CHART, "line": _AXIS_CHART, "area": _AXIS_CHART}
)

_CARD: Final = _block(
    {},
    {
        "hero_image": IMAGE_ELEMENT,
        "icon": IMAGE_ELEMENT,
        "slack_icon": Kinds({"icon": Shape({"name": NAME})}),
        "title": mrkdwn(150),
        "subtitle": mrkdwn(150),
        "body": mrkdwn(200),
        "subtext": mrkdwn(200),
        "actions": Items(BUTTON, 1, 3),
    },
    at_least_one("hero_image", "title", "actions", "body"),
    not_both("icon", "slack_icon"),
)
_STATUS: Final = OneOf(("pending", "in_progress", "complete", "error"))
_TASK: Final = _block(
    {"task_id": NAME, "title": NAME, "status": _STATUS},
    {
        "details": _RICH_TEXT,
        "output": _RICH_TEXT,
        "sources": Items(Kinds({"url": Shape({"url": url(), "text": NAME})})),
    },
)
_PLANNED_TASK: Final = Shape(_TASK.required, {**_TASK.optional, "type": OneOf(("task_card",))})

_IN_CONTAINER: Final = Kinds({**_PLAIN, "table": _TABLES["table"]})
_RECENT: Final[Mapping[str, Shape]] = {
    "alert": _block({"text": text(200)}, {"level": OneOf(("default", "info", "warning", "error", "success"))}),
    "card": _CARD,
    "carousel": _block({"elements": Items(Kinds({"card": _CARD}), 1, 10)}),
    "container": _block(
        {"child_blocks": Items(_IN_CONTAINER, 1, 10)},
        {
            "title": plain(150),
            "rich_text_title": _RICH_TEXT,
            "subtitle": text(150),
            "width": OneOf(("narrow", "standard", "wide", "full")),
            "icon": IMAGE_ELEMENT,
            "is_collapsible": FLAG,
            "default_collapsed": FLAG,
            "has_header_divider": FLAG,
        },
        exactly_one("title", "rich_text_title"),
    ),
    "context_actions": _block({"elements": Items(IN_CONTEXT_ACTIONS, 1, 5)}),
    "markdown": _block({"text": String(12_000, low=1)}),
    "data_visualization": _block({"title": String(50, low=1), "chart": _CHART}),
    "task_card": _TASK,
    "plan": _block({"title": NAME, "tasks": Items(_PLANNED_TASK, 0, 50)}, None, _unique("tasks", "task_id")),
}

BLOCKS: Final = Kinds({**_PLAIN, **_TABLES, **_RECENT})

_COMMON: Final = (
    *("actions", "card", "context", "divider", "header", "image", "input", "rich_text", "section", "video"),
)
_SHOWN: Final = ("carousel", "container", "data_table", "data_visualization", "table")
ON_SURFACE: Final[Mapping[Surface, Kinds]] = {
    "message": BLOCKS.only(*_COMMON, *_SHOWN, "context_actions", "markdown", "plan", "task_card"),
    "modal": BLOCKS.only(*_COMMON, "alert"),
    "home": BLOCKS.only(*_COMMON, *_SHOWN),
}
MOST: Final[Mapping[Surface, int]] = {"message": 50, "modal": 100, "home": 100}
"""How many blocks a surface takes."""

# The blocks of a view are checked by themselves, with the conditions that span them.
_VIEW: Final[Mapping[str, Rule]] = {
    "private_metadata": String(3000),
    "callback_id": String(255),
    "external_id": String(255),
}
VIEWS: Final = Kinds(
    {
        "modal": Shape(
            {"title": plain(24)},
            {**_VIEW, "submit": plain(24), "close": plain(24), "clear_on_close": FLAG, "notify_on_close": FLAG},
        ),
        "home": Shape({}, _VIEW),
    }
)
