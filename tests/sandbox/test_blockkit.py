"""What Slack takes, and what it refuses across blocks and in views."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.blockkit import Surface, problems, view_problems
from tests.sandbox.blocks import (
    FEEDBACK,
    GOOD,
    Json,
    actions,
    button,
    card,
    container,
    data_table,
    field,
    modal,
    pie,
    plain,
    raw,
    section,
    select,
    table,
    task,
    video,
)


@pytest.mark.parametrize("block", GOOD, ids=lambda block: str(block["type"]))
def test_a_good_block_has_no_problems(block: Json) -> None:
    assert problems([block], "message") == []


@pytest.mark.parametrize(
    ("block", "surfaces"),
    [
        (section(), {"message", "modal", "home"}),
        (video(), {"message", "modal", "home"}),
        (card(), {"message", "modal", "home"}),
        ({"type": "alert", "text": plain(200), "level": "warning"}, {"modal"}),
        ({"type": "markdown", "text": "x"}, {"message"}),
        ({"type": "context_actions", "elements": [FEEDBACK]}, {"message"}),
        ({"type": "plan", "title": "p", "tasks": []}, {"message"}),
        ({"type": "task_card", **task()}, {"message"}),
        (table([raw()]), {"message", "home"}),
        (data_table(), {"message", "home"}),
        (pie(), {"message", "home"}),
        (container(section()), {"message", "home"}),
        ({"type": "carousel", "elements": [card()]}, {"message", "home"}),
        ({"type": "file", "source": "remote", "external_id": "x"}, set()),
        (field({"type": "file_input", "max_files": 10, "filetypes": ["png"]}), {"modal"}),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else "",
)
def test_blocks_stand_only_where_they_may(block: Json, surfaces: set[Surface]) -> None:
    everywhere: tuple[Surface, ...] = ("message", "modal", "home")
    assert {surface for surface in everywhere if not problems([block], surface)} == surfaces


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_a_surface_takes_so_many_blocks(surface: Surface, most: int) -> None:
    assert problems([{"type": "divider"}] * most, surface) == []
    assert [at.message for at in problems([{"type": "divider"}] * (most + 1), surface)] == [
        f"no more than {most} items allowed"
    ]


@pytest.mark.parametrize("blocks", [None, "[]", {"type": "section"}, 3])
def test_blocks_are_an_array(blocks: object) -> None:
    assert [at.message for at in problems(blocks, "message")] == ["must provide an array"]


def test_block_ids_are_unique_in_containers_too() -> None:
    twice = [section(block_id="b"), container(section(block_id="b"))]
    assert [at.pointer for at in problems(twice, "message")] == ["/1/child_blocks/0/block_id"]


def test_action_ids_may_repeat_across_blocks() -> None:
    assert problems([actions(button(action_id="a")), actions(button(action_id="a"))], "message") == []


def test_only_one_element_takes_the_focus() -> None:
    first, second = (field({"type": "plain_text_input", "focus_on_load": True}) for _ in range(2))
    assert problems([first], "modal") == []
    assert [at.pointer for at in problems([first, second], "modal")] == ["/1/element/focus_on_load"]


def test_markdown_counts_over_the_whole_message() -> None:
    half = {"type": "markdown", "text": "x" * 6_000}
    assert problems([half, half], "message") == []
    assert [at.error for at in problems([half, half, {"type": "markdown", "text": "x"}], "message")] == [
        "msg_blocks_too_long"
    ]


def test_a_message_has_one_table_and_two_charts() -> None:
    assert [at.error for at in problems([table([raw()]), table([raw()])], "message")] == ["invalid_attachments"]
    assert problems([pie(), pie()], "message") == []
    assert len(problems([pie(), pie(), pie()], "message")) == 1


VIEW_EDGES = {
    "title": (plain(24), plain(25)),
    "submit": (plain(24), plain(25)),
    "close": (plain(24), plain(25)),
    "private_metadata": ("x" * 3000, "x" * 3001),
    "callback_id": ("x" * 255, "x" * 256),
    "external_id": ("x" * 255, "x" * 256),
    "clear_on_close": (True, "yes"),
    "notify_on_close": (False, None),
}


@pytest.mark.parametrize("name", VIEW_EDGES)
def test_a_modal_has_edges(name: str) -> None:
    good, bad = VIEW_EDGES[name]
    assert view_problems(modal(section(), **{name: good})) == []
    assert [at.pointer.split("/")[1] for at in view_problems(modal(section(), **{name: bad}))] == [name]


@pytest.mark.parametrize(
    ("view", "pointer", "message"),
    [
        ("x", "", "must provide an object"),
        ({"type": "page", "blocks": []}, "/type", "unsupported type: page"),
        ({"type": "modal", "blocks": []}, "", "missing required field: title"),
        ({"type": "home"}, "", "missing required field: blocks"),
        ({"type": "home", "blocks": [], "title": plain()}, "", "invalid additional property: title"),
        (modal(section(), state={}), "", "invalid additional property: state"),
        (modal({"type": "header", "text": plain(151)}), "/blocks/0/text/text", "must be less than 151 characters"),
        (modal({"type": "markdown", "text": "x"}), "/blocks/0/type", "unsupported type: markdown"),
        (modal(field(select())), "", "must define `submit` to use an `input` block in modals"),
    ],
)
def test_a_bad_view_is_named_where_it_is_bad(view: object, pointer: str, message: str) -> None:
    assert [(at.pointer, at.message) for at in view_problems(view)] == [(pointer, message)]


def test_a_home_tab_needs_no_submit() -> None:
    assert view_problems({"type": "home", "blocks": [field(select())]}) == []


def test_a_view_weighs_at_most_250_kilobytes() -> None:
    # 83 sections of 3,000 characters are just under it; the umlaut counts twice, since bytes are what is limited.
    light = modal(*[section(text=plain(2950))] * 83)
    heavy = modal(*[section(text={"type": "plain_text", "text": "ä" * 2950})] * 83)
    assert view_problems(light) == []
    assert [at.error for at in view_problems(heavy)] == ["view_too_large"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(GOOD), st.data())
def test_no_damage_makes_the_validator_stumble(block: Json, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(block)))
    damaged = {**block, name: data.draw(JSON)}
    for at in problems([damaged], "message"):
        assert at.pointer == "" or at.pointer.startswith("/0")


@given(JSON)
def test_any_json_gets_an_answer(anything: object) -> None:
    problems([anything], "home")
    view_problems(anything)
