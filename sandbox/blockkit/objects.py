"""Composition objects of Block Kit: texts, options, confirmations, filters, and the leaves of rich text."""

import re
from collections.abc import Mapping
from typing import Any, Final

from sandbox.blockkit.rules import (
    Condition,
    Flag,
    Items,
    Kinds,
    Number,
    OneOf,
    Rule,
    Shape,
    String,
    at_least_one,
    exactly_one,
)

FLAG: Final = Flag()
ID: Final = String(255, low=1)
NAME: Final = String(low=1)
STYLE: Final = OneOf(("primary", "danger"))


def url(high: int = 3000) -> String:
    """An absolute URL of any scheme: Slack takes mailto: and slack: in links and buttons."""
    return String(high, low=1, form=re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:\S+"), form_is="must be a valid URL")


def plain(high: int = 3000) -> Kinds:
    """A `plain_text` object of 1 to `high` characters."""
    return Kinds({"plain_text": Shape({"text": String(high, low=1)}, {"emoji": FLAG})})


def mrkdwn(high: int = 3000) -> Kinds:
    """A `mrkdwn` object of 1 to `high` characters."""
    return Kinds({"mrkdwn": Shape({"text": String(high, low=1)}, {"verbatim": FLAG})})


def text(high: int = 3000) -> Kinds:
    """A text object of either kind."""
    return Kinds({**plain(high).shapes, **mrkdwn(high).shapes})


CONFIRM: Final = Shape(
    {"text": text(300)}, {"title": plain(100), "confirm": plain(30), "deny": plain(30), "style": STYLE}
)
OPTION: Final = Shape({"text": plain(75), "value": String(150, low=1)}, {"description": plain(75)})
FORMATTED_OPTION: Final = Shape({"text": text(75), "value": String(150, low=1)}, {"description": text(75)})
OVERFLOW_OPTION: Final = Shape(OPTION.required, {**OPTION.optional, "url": url()})
OPTION_GROUP: Final = Shape({"label": plain(75), "options": Items(OPTION, 1, 100)})

DISPATCH: Final = Shape({}, {"trigger_actions_on": Items(OneOf(("on_enter_pressed", "on_character_entered")), 1, 2)})
_FILTER: Final[Mapping[str, Rule]] = {
    "include": Items(OneOf(("im", "mpim", "private", "public")), 1),
    "exclude_external_shared_channels": FLAG,
    "exclude_bot_users": FLAG,
}
FILTER: Final = Shape({}, _FILTER, (at_least_one(*_FILTER),))

SLACK_FILE: Final = Shape(
    {},
    {"id": String(form=re.compile(r"F[A-Z0-9]{8,}"), form_is="must be a valid file id"), "url": url()},
    (exactly_one("id", "url"),),
)
PICTURE: Final[Mapping[str, Rule]] = {"image_url": url(), "slack_file": SLACK_FILE}
IMAGE: Final = Shape({"alt_text": String(2000, low=1)}, PICTURE, (exactly_one(*PICTURE),))
IMAGE_ELEMENT: Final = Kinds({"image": IMAGE})

TRIGGER: Final = Shape(
    {"url": url()}, {"customizable_input_parameters": Items(Shape({"name": NAME, "value": String()}))}
)
WORKFLOW: Final = Shape({"trigger": TRIGGER})

RAW_TEXT: Final = Shape({"text": NAME})
RAW_NUMBER: Final = Shape({"value": Number(fractions=True), "text": NAME})

_LOOKS: Final[Mapping[str, Rule]] = dict.fromkeys(("bold", "italic", "strike", "underline", "code"), FLAG)
_MENTION_LOOKS: Final[Mapping[str, Rule]] = {
    **_LOOKS,
    **dict.fromkeys(("highlight", "client_highlight", "unlink"), FLAG),
}


def _leaf(required: Mapping[str, Rule], looks: Mapping[str, Rule] = _LOOKS, **optional: Rule) -> Shape:
    return Shape(required, {**optional, "style": Shape({}, looks)})


LEAVES: Final = Kinds(
    {
        "text": _leaf({"text": NAME}),
        "link": _leaf({"url": url()}, text=String(), unsafe=FLAG),
        "user": _leaf({"user_id": NAME}, _MENTION_LOOKS),
        "usergroup": _leaf({"usergroup_id": NAME}, _MENTION_LOOKS),
        "team": _leaf({"team_id": NAME}, _MENTION_LOOKS),
        "channel": _leaf({"channel_id": NAME}, _MENTION_LOOKS),
        "emoji": _leaf({"name": NAME}, unicode=String(), url=url()),
        "broadcast": _leaf({"range": OneOf(("here", "channel", "everyone"))}),
        "color": _leaf({"value": String(form=re.compile("#[0-9a-fA-F]{6}"), form_is="must be a valid color")}),
        "date": _leaf({"timestamp": Number(), "format": NAME}, url=url(), fallback=String(low=1)),
    }
)

_BORDER: Final[Mapping[str, Rule]] = {"border": Number(0, 1)}
_SECTION: Final = Shape({"elements": Items(LEAVES)})
_LIST: Final = Shape(
    {"elements": Items(Kinds({"rich_text_section": _SECTION}), 1), "style": OneOf(("bullet", "ordered"))},
    {"indent": Number(0, 8), "offset": Number(0), **_BORDER},
)
RICH_TEXT: Final = Shape(
    {
        "elements": Items(
            Kinds(
                {
                    "rich_text_section": _SECTION,
                    "rich_text_list": _LIST,
                    "rich_text_quote": Shape({"elements": Items(LEAVES)}, _BORDER),
                    "rich_text_preformatted": Shape({"elements": Items(LEAVES.only("text", "link"))}, _BORDER),
                }
            ),
            1,
        )
    },
    {"block_id": ID},
)


def given_in_options(initial: str) -> Condition:
    """The condition that what a menu starts with is among its options, written the same way: Slack compares whole."""

    def condition(value: Mapping[str, Any]) -> str | None:
        groups = value.get("option_groups", [{"options": value.get("options", [])}])
        options = [option for group in groups for option in group["options"]]
        started = value.get(initial, [])
        missing = [one for one in (started if isinstance(started, list) else [started]) if one not in options]
        return f"{initial} must be among the options" if missing else None

    return condition
