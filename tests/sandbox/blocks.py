"""Small blocks to make larger ones of, and one good specimen of everything Slack takes, each at its limits."""

from typing import Any

Json = dict[str, Any]


def plain(length: int = 3, **more: Any) -> Json:
    return {"type": "plain_text", "text": "x" * length, **more}


def mrkdwn(length: int = 3, **more: Any) -> Json:
    return {"type": "mrkdwn", "text": "x" * length, **more}


def option(value: int = 1, **more: Any) -> Json:
    return {"text": plain(), "value": "v" * value, **more}


def options(count: int) -> list[Json]:
    return [{"text": plain(), "value": f"v{number}"} for number in range(count)]


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(), **more}


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain(), "element": element, **more}


def select(**more: Any) -> Json:
    return {"type": "static_select", "options": options(1), **more}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def rich_section(*leaves: Json) -> Json:
    return rich({"type": "rich_text_section", "elements": list(leaves)})


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://example.com/i.png", "alt_text": "x", **more}


def table(*rows: list[Json], **more: Any) -> Json:
    return {"type": "table", "rows": list(rows), **more}


def raw(length: int = 1) -> Json:
    return {"type": "raw_text", "text": "x" * length}


def data_table(rows: int = 2, columns: int = 1, **more: Any) -> Json:
    return {"type": "data_table", "caption": "c", "rows": [[raw()] * columns for _ in range(rows)], **more}


def card(**more: Any) -> Json:
    return {"type": "card", "title": mrkdwn(), **more}


def container(*blocks: Json, **more: Any) -> Json:
    return {"type": "container", "title": plain(), "child_blocks": list(blocks), **more}


def task(name: str = "t", **more: Any) -> Json:
    return {"task_id": name, "title": "t", "status": "complete", **more}


def video(**more: Any) -> Json:
    links = {"video_url": "https://example.com/v", "thumbnail_url": "https://example.com/t"}
    return {"type": "video", "alt_text": "x", "title": plain(), **links, **more}


def pie(segments: int = 1, **more: Any) -> Json:
    chart = {"type": "pie", "segments": [{"label": "l", "value": 1.5}] * segments}
    return {"type": "data_visualization", "title": "t", "chart": chart, **more}


def bars(series: int = 1, points: int = 1, **axes: Any) -> Json:
    data = [{"label": "l", "value": 0}] * points
    named = [{"name": f"s{number}", "data": data} for number in range(series)]
    chart = {"type": "bar", "series": named, "axis_config": {"categories": ["l"], **axes}}
    return {"type": "data_visualization", "title": "t", "chart": chart}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain(), "blocks": list(blocks), **more}


CONFIRM = {"title": plain(100), "text": mrkdwn(300), "confirm": plain(30), "deny": plain(30), "style": "danger"}
FEEDBACK = {
    "type": "feedback_buttons",
    "positive_button": {"text": plain(75), "value": "v" * 2000},
    "negative_button": {"text": plain(75), "value": "v", "accessibility_label": "x" * 75},
}
URL = "https://example.com/"
LEAVES: list[Json] = [
    {"type": "text", "text": "x", "style": {"bold": True, "italic": True, "strike": False, "code": True}},
    {"type": "link", "url": "https://example.com", "text": "x", "style": {"underline": True}},
    {"type": "user", "user_id": "U1"},
    {"type": "usergroup", "usergroup_id": "S1"},
    {"type": "team", "team_id": "T1"},
    {"type": "channel", "channel_id": "C1"},
    {"type": "emoji", "name": "fire"},
    {"type": "broadcast", "range": "here"},
    {"type": "color", "value": "#ff0000"},
    {"type": "date", "timestamp": 1720710212, "format": "{date_num}", "url": "https://example.com", "fallback": "x"},
]

GOOD: list[Json] = [
    section(text=mrkdwn(3000, verbatim=True), block_id="b" * 255, expand=True),
    section(text=plain(3000, emoji=False)),
    {"type": "section", "fields": [mrkdwn(2000)] * 10},
    section(accessory=button(action_id="a" * 255)),
    section(accessory=image()),
    section(accessory={"type": "overflow", "options": [option(url=URL)] * 5}),
    {"type": "header", "text": plain(150)},
    {"type": "divider"},
    {"type": "context", "elements": [mrkdwn(), plain(), image()] * 3 + [plain()]},
    actions(*[button()] * 25),
    actions(button(text=plain(75), value="v" * 2000, style="primary", accessibility_label="x" * 75, confirm=CONFIRM)),
    actions(button(url=URL + "x" * (3000 - len(URL)), agent_prompt="x" * 4000)),
    actions(
        {
            "type": "workflow_button",
            "text": plain(75),
            "workflow": {"trigger": {"url": "https://slack.com/shortcuts/F"}},
        }
    ),
    image(alt_text="x" * 2000, title=plain(2000)),
    {"type": "image", "alt_text": "x", "slack_file": {"id": "F12345678"}},
    field(select(placeholder=plain(150)), label=plain(2000), hint=plain(2000), optional=True, dispatch_action=True),
    field({"type": "static_select", "options": options(100), "initial_option": options(3)[2]}),
    field({"type": "static_select", "option_groups": [{"label": plain(75), "options": options(100)}] * 100}),
    field({"type": "multi_static_select", "options": [option(150, description=plain(75))], "max_selected_items": 1}),
    field({"type": "external_select", "min_query_length": 0}),
    field({"type": "multi_external_select", "initial_options": [option()]}),
    field({"type": "users_select", "initial_user": "U1"}),
    field({"type": "multi_users_select", "initial_users": ["U1"]}),
    field({"type": "channels_select", "response_url_enabled": True}),
    field({"type": "multi_channels_select"}),
    field({"type": "conversations_select", "filter": {"include": ["im", "private"]}, "response_url_enabled": True}),
    field({"type": "multi_conversations_select", "filter": {"exclude_bot_users": True}}),
    field({"type": "checkboxes", "options": [option(text=mrkdwn(75))] * 10}),
    field({"type": "radio_buttons", "options": [option(description=mrkdwn(75))] * 10}),
    field({"type": "datepicker", "initial_date": "2026-02-28"}),
    field({"type": "timepicker", "initial_time": "23:59", "timezone": "America/Los_Angeles"}),
    field({"type": "datetimepicker", "initial_date_time": 1_700_000_000}),
    field({"type": "plain_text_input", "min_length": 0, "max_length": 3000, "multiline": True}),
    field({"type": "plain_text_input", "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]}}),
    field({"type": "email_text_input"}),
    field({"type": "url_text_input"}),
    field({"type": "number_input", "is_decimal_allowed": True, "min_value": "-1.5", "max_value": "2"}),
    field({"type": "rich_text_input", "action_id": "a", "initial_value": rich_section(), "min_lines": 1}),
    rich_section(*LEAVES),
    rich(
        {
            "type": "rich_text_list",
            "style": "ordered",
            "indent": 8,
            "border": 1,
            "offset": 0,
            "elements": rich_section(*LEAVES)["elements"],
        },
        {"type": "rich_text_quote", "elements": LEAVES, "border": 0},
        {"type": "rich_text_preformatted", "elements": LEAVES[:2]},
    ),
    video(title=plain(200), author_name="x" * 50, provider_name="x" * 50, description=plain(200)),
    {"type": "markdown", "text": "x" * 12_000},
    table(*[[raw()] * 20] * 100, column_settings=[{"align": "right", "is_wrapped": True}] * 20),
    table([{"type": "raw_number", "value": 1.5, "text": "1.5"}, rich_section(LEAVES[0])], [raw(9_990)]),
    data_table(201, 20, page_size=100, row_header_column_index=19),
    {"type": "context_actions", "elements": [FEEDBACK, {"type": "icon_button", "icon": "trash", "text": plain(75)}]},
    card(subtitle=mrkdwn(150), body=mrkdwn(200), subtext=mrkdwn(200), actions=[button()] * 3, hero_image=image()),
    {"type": "carousel", "elements": [card()] * 10},
    container(*[section()] * 10, width="full", subtitle=plain(150), is_collapsible=True),
    {"type": "task_card", **task(status="in_progress", sources=[{"type": "url", "url": URL, "text": "x"}])},
    {"type": "plan", "title": "p", "tasks": [task(str(number), status="pending") for number in range(50)]},
    pie(12, title="x" * 50),
    bars(12, 20, x_label="x" * 50),
]
