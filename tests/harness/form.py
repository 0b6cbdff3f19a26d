"""A form that somebody has open."""

from collections.abc import Mapping
from typing import Any

from tests.harness.message import Json, texts


def _plain(held: Any) -> Any:
    return held["value"] if isinstance(held, dict) and "value" in held else held


class Form:
    """A modal: its inputs are known by their labels."""

    def __init__(self, view: Json) -> None:
        self.view = view
        self.id: str = view["id"]
        self.title: str = view["title"]["text"]
        self.inputs: dict[str, Json] = {
            block["label"]["text"]: block for block in view["blocks"] if block["type"] == "input"
        }

    @property
    def text(self) -> str:
        """All that it says."""
        return "\n".join(texts(self.view))

    def initial(self, label: str) -> Any:
        """What an input holds before anybody typed: text, id, date or a list; of an option its value; else empty."""
        element = self.inputs[label]["element"]
        held = next((value for key, value in element.items() if key.startswith("initial_")), "")
        return [_plain(one) for one in held] if isinstance(held, list) else _plain(held)

    def values(self, given: Mapping[str, Any]) -> Json:
        """What to send for these answers, by label; the options of menus by their value."""
        unknown = set(given) - set(self.inputs)
        assert not unknown, f"the form {self.title!r} has no input {unknown}, only {list(self.inputs)}"
        blocks = {label: self.inputs[label] for label in given}
        return {block["block_id"]: {block["element"]["action_id"]: given[label]} for label, block in blocks.items()}

    def by_label(self, errors: Mapping[str, str]) -> dict[str, str]:
        """Errors by the labels of their inputs."""
        labels = {block["block_id"]: label for label, block in self.inputs.items()}
        return {labels.get(block, block): text for block, text in errors.items()}
