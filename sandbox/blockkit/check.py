"""Whether Slack would take blocks or a view: the vocabulary, and what holds across blocks."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sandbox.blockkit.blocks import MOST, ON_SURFACE, VIEWS, Surface
from sandbox.blockkit.rules import Items, Problem

MARKDOWN_IN_ALL: Final = 12_000
TABLE_TEXT: Final = 10_000
DATA_TABLE_TEXT: Final = 20_000
CHARTS: Final = 2
VIEW_BYTES: Final = 250_000


def problems(blocks: object, surface: Surface) -> list[Problem]:
    """What Slack would refuse in these blocks on this surface; empty: nothing. Pointers start at the array."""
    found = list(Items(ON_SURFACE[surface], 0, MOST[surface]).problems(blocks, ""))
    # What spans blocks is asked only of blocks that are whole: so nobody below has to doubt a type.
    if found or not isinstance(blocks, list):
        return found
    return [*_ids(blocks), *_placement(blocks, surface), *_totals(blocks, surface)]


def view_problems(view: object) -> list[Problem]:
    """What Slack would refuse in this modal or Home tab; empty: nothing. Pointers start at the view."""
    if not isinstance(view, dict):
        return [Problem("", "must provide an object")]
    found = list(VIEWS.problems({name: held for name, held in view.items() if name != "blocks"}, ""))
    if "blocks" not in view:
        return [*found, Problem("", "missing required field: blocks")]
    surface = view.get("type")
    if surface in ("modal", "home"):
        found += [at._replace(pointer="/blocks" + at.pointer) for at in problems(view["blocks"], surface)]
    return found or [*_submit(view), *_size(view)]


def _ids(blocks: list[dict[str, Any]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for at, block in _blocks(blocks, ""):
        block_id = block.get("block_id")
        if block_id is not None and block_id in seen:
            yield Problem(f"{at}/block_id", f"block_id already exists: {block_id}")
        seen |= {block_id} if block_id else set()
        yield from _action_ids(block, at)


def _action_ids(block: Mapping[str, Any], at: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for where, element in _elements(block, at):
        action_id = element.get("action_id")
        if action_id is not None and action_id in seen:
            yield Problem(f"{where}/action_id", f"action_id already exists: {action_id}")
        seen |= {action_id} if action_id else set()


def _placement(blocks: list[dict[str, Any]], surface: Surface) -> Iterator[Problem]:
    focused = 0
    for at, block in _blocks(blocks, ""):
        if surface == "message" and block["type"] == "task_card" and block["status"] == "pending":
            yield Problem(f"{at}/status", "must be a valid enum value: in_progress, complete, error")
        for where, element in _elements(block, at):
            if surface != "modal" and element["type"] == "file_input":
                yield Problem(f"{where}/type", "unsupported type: file_input")
            focused += element.get("focus_on_load") is True
            if focused > 1 and element.get("focus_on_load") is True:
                yield Problem(f"{where}/focus_on_load", "only one element may have focus_on_load")


def _totals(blocks: list[dict[str, Any]], surface: Surface) -> Iterator[Problem]:
    def of(kind: str) -> list[dict[str, Any]]:
        return [block for _, block in _blocks(blocks, "") if block["type"] == kind]

    if sum(len(block["text"]) for block in of("markdown")) > MARKDOWN_IN_ALL:
        yield Problem("", f"must be less than {MARKDOWN_IN_ALL + 1} characters of markdown", "msg_blocks_too_long")
    if surface == "message" and len(of("table")) > 1:
        yield Problem("", "only_one_table_allowed", "invalid_attachments")
    if any(_text_in(table["rows"]) > TABLE_TEXT for table in of("table")):
        yield Problem("", f"a table must hold less than {TABLE_TEXT + 1} characters")
    if sum(_text_in(table["rows"]) for table in of("data_table")) > DATA_TABLE_TEXT:
        yield Problem("", f"data tables must hold less than {DATA_TABLE_TEXT + 1} characters")
    if surface == "message" and len(of("data_visualization")) > CHARTS:
        yield Problem("", f"no more than {CHARTS} data_visualization blocks allowed")


def _submit(view: Mapping[str, Any]) -> Iterator[Problem]:
    inputs = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and inputs and "submit" not in view:
        yield Problem("", "must define `submit` to use an `input` block in modals")


def _size(view: Mapping[str, Any]) -> Iterator[Problem]:
    if len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")) > VIEW_BYTES:
        yield Problem("", f"must be at most {VIEW_BYTES} bytes of JSON", "view_too_large")


def _blocks(blocks: list[dict[str, Any]], at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Blocks and the blocks in containers and carousels, each with its pointer."""
    for index, block in enumerate(blocks):
        here = f"{at}/{index}"
        yield here, block
        if block["type"] == "container":
            yield from _blocks(block["child_blocks"], f"{here}/child_blocks")
        elif block["type"] == "carousel":
            yield from _blocks(block["elements"], f"{here}/elements")


def _elements(block: Mapping[str, Any], at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The elements that stand directly in a block, each with its pointer."""
    for name in ("accessory", "element"):
        if name in block:
            yield f"{at}/{name}", block[name]
    several = {"actions": "elements", "context_actions": "elements", "card": "actions"}.get(block["type"])
    for index, element in enumerate(block.get(several, []) if several else []):
        yield f"{at}/{several}/{index}", element


def _text_in(value: object) -> int:
    """The characters of every `text` within, at any depth."""
    if isinstance(value, list):
        return sum(map(_text_in, value))
    if not isinstance(value, dict):
        return 0
    own = value.get("text")
    return (len(own) if isinstance(own, str) else 0) + sum(map(_text_in, value.values()))
