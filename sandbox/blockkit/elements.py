"""The interactive elements of Block Kit, and where each may stand."""

import re
from collections.abc import Mapping
from typing import Final

from sandbox.blockkit.objects import (
    CONFIRM,
    DISPATCH,
    FILTER,
    FLAG,
    FORMATTED_OPTION,
    ID,
    IMAGE,
    NAME,
    OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    RICH_TEXT,
    STYLE,
    WORKFLOW,
    given_in_options,
    plain,
    text,
    url,
)
from sandbox.blockkit.rules import Condition, Items, Kinds, Number, Rule, Shape, String, exactly_one, ordered

_HINT: Final = plain(150)
_LABEL: Final = String(75, low=1)
_DATE: Final = String(
    form=re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"), form_is="must be a date like YYYY-MM-DD"
)
_TIME: Final = String(form=re.compile(r"([01]\d|2[0-3]):[0-5]\d"), form_is="must be a time like HH:mm")
_ZONE: Final = String(form=re.compile(r"[A-Za-z_]+(/[A-Za-z0-9_+-]+)*"), form_is="must be a valid time zone")
_DECIMAL: Final = String(form=re.compile(r"-?\d+(\.\d+)?"), form_is="must be a number")
_CHOSEN: Final = Items(NAME, 1)
_AT_MOST: Final[Mapping[str, Rule]] = {"max_selected_items": Number(1)}
_CONFIRMED: Final[Mapping[str, Rule]] = {"confirm": CONFIRM}
_FOCUSED: Final[Mapping[str, Rule]] = {"focus_on_load": FLAG}
_PROMPTED: Final[Mapping[str, Rule]] = {**_FOCUSED, "placeholder": _HINT}
_MENU: Final[Mapping[str, Rule]] = {**_CONFIRMED, **_PROMPTED}
_TYPED: Final[Mapping[str, Rule]] = {**_PROMPTED, "dispatch_action_config": DISPATCH}


def _element(optional: Mapping[str, Rule], conditions: tuple[Condition, ...] = (), **required: Rule) -> Shape:
    return Shape(required, {"action_id": ID, **optional}, conditions)


def _static(initial: str, is_: Rule, more: Mapping[str, Rule] | None = None) -> Shape:
    lists: Mapping[str, Rule] = {"options": Items(OPTION, 1, 100), "option_groups": Items(OPTION_GROUP, 1, 100)}
    return _element({**_MENU, **lists, initial: is_, **(more or {})}, (exactly_one(*lists), given_in_options(initial)))


_FEEDBACK: Final = Shape({"text": plain(75), "value": String(2000, low=1)}, {"accessibility_label": _LABEL})

_BUTTONS: Final[Mapping[str, Shape]] = {
    "button": _element(
        {
            **_CONFIRMED,
            "value": String(2000),
            "url": url(),
            "style": STYLE,
            "accessibility_label": _LABEL,
            "agent_prompt": String(4000, low=1),
        },
        text=plain(75),
    ),
    "workflow_button": _element(
        {"style": STYLE, "accessibility_label": _LABEL, **_CONFIRMED}, text=plain(75), workflow=WORKFLOW
    ),
    "feedback_buttons": _element({}, positive_button=_FEEDBACK, negative_button=_FEEDBACK),
    "icon_button": _element(
        {
            **_CONFIRMED,
            "accessibility_label": _LABEL,
            "value": String(2000),
            "visible_to_user_ids": Items(NAME, 1, 10),
        },
        icon=NAME,
        text=plain(75),
    ),
}

_MENUS: Final[Mapping[str, Shape]] = {
    "static_select": _static("initial_option", OPTION),
    "multi_static_select": _static("initial_options", Items(OPTION, 1), _AT_MOST),
    "external_select": _element({**_MENU, "initial_option": OPTION, "min_query_length": Number(0)}),
    "multi_external_select": _element(
        {**_MENU, **_AT_MOST, "initial_options": Items(OPTION, 1), "min_query_length": Number(0)}
    ),
    "users_select": _element({**_MENU, "initial_user": NAME}),
    "multi_users_select": _element({**_MENU, **_AT_MOST, "initial_users": _CHOSEN}),
    "channels_select": _element({**_MENU, "initial_channel": NAME, "response_url_enabled": FLAG}),
    "multi_channels_select": _element({**_MENU, **_AT_MOST, "initial_channels": _CHOSEN}),
    "conversations_select": _element(
        {
            **_MENU,
            "initial_conversation": NAME,
            "default_to_current_conversation": FLAG,
            "filter": FILTER,
            "response_url_enabled": FLAG,
        }
    ),
    "multi_conversations_select": _element(
        {
            **_MENU,
            **_AT_MOST,
            "initial_conversations": _CHOSEN,
            "default_to_current_conversation": FLAG,
            "filter": FILTER,
        }
    ),
}

_CHOICES: Final[Mapping[str, Shape]] = {
    "checkboxes": _element(
        {**_CONFIRMED, **_FOCUSED, "initial_options": Items(FORMATTED_OPTION, 1, 10)},
        (given_in_options("initial_options"),),
        options=Items(FORMATTED_OPTION, 1, 10),
    ),
    "radio_buttons": _element(
        {**_CONFIRMED, **_FOCUSED, "initial_option": FORMATTED_OPTION},
        (given_in_options("initial_option"),),
        options=Items(FORMATTED_OPTION, 1, 10),
    ),
    "datepicker": _element({**_MENU, "initial_date": _DATE}),
    "timepicker": _element({**_MENU, "initial_time": _TIME, "timezone": _ZONE}),
    "datetimepicker": _element({**_CONFIRMED, **_FOCUSED, "initial_date_time": Number(1_000_000_000, 9_999_999_999)}),
}

_OVERFLOW: Final[Mapping[str, Shape]] = {"overflow": _element(_CONFIRMED, options=Items(OVERFLOW_OPTION, 1, 5))}

_RICH_TEXT_INPUT: Final[Mapping[str, Shape]] = {
    "rich_text_input": Shape(
        {"action_id": ID},
        {
            **_TYPED,
            "initial_value": Kinds({"rich_text": RICH_TEXT}),
            "min_lines": Number(1, 100),
            "max_lines": Number(1, 100),
        },
        (ordered("min_lines", "max_lines"),),
    )
}

_FIELDS: Final[Mapping[str, Shape]] = {
    "plain_text_input": _element(
        {
            **_TYPED,
            "initial_value": String(3000),
            "multiline": FLAG,
            "min_length": Number(0, 3000),
            "max_length": Number(1, 3000),
        },
        (ordered("min_length", "max_length"),),
    ),
    "email_text_input": _element({**_TYPED, "initial_value": String()}),
    "url_text_input": _element({**_TYPED, "initial_value": String()}),
    "number_input": _element(
        {**_TYPED, "initial_value": _DECIMAL, "min_value": _DECIMAL, "max_value": _DECIMAL},
        (ordered("min_value", "max_value"),),
        is_decimal_allowed=FLAG,
    ),
    "file_input": _element({"filetypes": Items(NAME, 1), "max_files": Number(1, 10)}),
}

_EVERYWHERE: Final = {**_MENUS, **_CHOICES}

IN_ACTIONS: Final = Kinds(
    {**_EVERYWHERE, **_OVERFLOW, **_RICH_TEXT_INPUT, **{n: _BUTTONS[n] for n in ("button", "workflow_button")}}
)
IN_SECTION: Final = Kinds(
    {
        **{name: shape for name, shape in _EVERYWHERE.items() if name != "datetimepicker"},
        **_OVERFLOW,
        **{name: _BUTTONS[name] for name in ("button", "workflow_button")},
        "image": IMAGE,
    }
)
IN_INPUT: Final = Kinds({**_EVERYWHERE, **_RICH_TEXT_INPUT, **_FIELDS})
IN_CONTEXT: Final = Kinds({**text().shapes, "image": IMAGE})
IN_CONTEXT_ACTIONS: Final = Kinds({name: _BUTTONS[name] for name in ("feedback_buttons", "icon_button")})
BUTTON: Final = Kinds({"button": _BUTTONS["button"]})
