"""Modals, up to three on top of each other, and App Homes."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from sandbox.blockkit import view_problems
from sandbox.errors import SlackError, invalid_arguments
from sandbox.identity import APP_ID, BOT_ID, TEAM_ID, Json
from sandbox.posting import named_blocks
from sandbox.workspace import Workspace

DEPTH = 3
_TEXTS = ("private_metadata", "callback_id", "external_id")
_FLAGS = ("clear_on_close", "notify_on_close")


@dataclass
class View:
    """One modal of one person. `typed` are the values the person has entered so far."""

    id: str
    user: str
    body: Json
    root: str
    previous: str | None = None
    hash: str = ""
    typed: dict[str, dict[str, Any]] = field(default_factory=dict)


def checked_view(view: object, kind: str) -> Json:
    """A view that Slack would accept; `invalid_arguments` with the reasons."""
    if not isinstance(view, dict):
        raise invalid_arguments("invalid `view`: not a JSON object")
    if view.get("type") != kind:
        raise invalid_arguments(f"invalid view type: must be `{kind}` [json-pointer:/view/type]")
    if problems := view_problems(view):
        raise invalid_arguments(*(f"{one.message} [json-pointer:/view{one.pointer}]" for one in problems))
    return view


def new_hash() -> str:
    """Changes with every change of a view."""
    return f"{secrets.randbelow(10**10):010d}.{secrets.token_hex(4)}"


def completed(view: Json) -> Json:
    """A view as sent by the app, with the fields that Slack adds."""
    body = {key: view.get(key) for key in ("type", "title", "submit", "close")}
    body |= {key: view.get(key) or "" for key in _TEXTS} | {key: bool(view.get(key)) for key in _FLAGS}
    return body | {"blocks": named_blocks(view.get("blocks")) or [], "submit_disabled": False}


def _identity(view_id: str, view_hash: str, root: str, previous: str | None) -> Json:
    return {
        "id": view_id,
        "team_id": TEAM_ID,
        "app_id": APP_ID,
        "app_installed_team_id": TEAM_ID,
        "bot_id": BOT_ID,
        "hash": view_hash,
        "root_view_id": root,
        "previous_view_id": previous,
    }


def view_object(view: View, state: Json | None = None) -> Json:
    """Slack's view object."""
    identity = _identity(view.id, view.hash, view.root, view.previous)
    return identity | view.body | {"state": {"values": state or {}}}


class Views:
    """The stacks of open modals and the published Homes."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._stacks: dict[str, list[View]] = {}
        self.errors: dict[str, dict[str, str]] = {}
        """What the top modal of each person shows beside its inputs."""

    def stack(self, user: str) -> list[View]:
        """Open modals, the last on top."""
        return self._stacks.get(user, [])

    def find(self, view_id: str = "", external_id: str = "") -> View:
        """An open modal; `not_found`."""
        for stack in self._stacks.values():
            for view in stack:
                if view_id == view.id or (external_id and external_id == view.body["external_id"]):
                    return view
        raise SlackError("not_found")

    def _set_stack(self, user: str, stack: list[View], errors: dict[str, str] | None = None) -> None:
        self._stacks[user] = stack
        self.errors[user] = errors or {}
        self._workspace.changed("view", user)

    def check_external_id(self, view: Json, but: str = "") -> None:
        """`duplicate_external_id` if another open modal has it."""
        wanted = view.get("external_id")
        taken = (one for stack in self._stacks.values() for one in stack if one.id != but)
        if wanted and any(one.body["external_id"] == wanted for one in taken):
            raise SlackError("duplicate_external_id")

    def open(self, user: str, view: Json) -> View:
        """Show a modal in place of whatever is open."""
        view_id = self._workspace.next_id("V0")
        opened = View(view_id, user, completed(view), view_id, hash=new_hash())
        self._set_stack(user, [opened])
        return opened

    def push(self, user: str, view: Json) -> View:
        """Show a modal on top; `push_limit_reached`."""
        stack = self.stack(user)
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= DEPTH:
            raise SlackError("push_limit_reached")
        top = stack[-1]
        pushed = View(self._workspace.next_id("V0"), user, completed(view), top.root, top.id, new_hash())
        self._set_stack(user, [*stack, pushed])
        return pushed

    def update(self, view: View, body: Json) -> None:
        """Change what an open modal shows; typed values stay where block_id and action_id do."""
        view.body = completed(body)
        view.hash = new_hash()
        self._set_stack(view.user, self.stack(view.user))

    def show_errors(self, view: View, errors: dict[str, str]) -> None:
        """Leave the modal open with texts beside its inputs."""
        self._set_stack(view.user, self.stack(view.user), errors)

    def pop(self, view: View) -> None:
        """Close that modal and what is above it."""
        stack = self.stack(view.user)
        self._set_stack(view.user, stack[: stack.index(view)])

    def clear(self, user: str) -> None:
        """Close all modals of a person."""
        self._set_stack(user, [])

    def publish(self, user: str, view: Json, view_hash: str) -> Json:
        """Set a person's Home; `hash_conflict` if `view_hash` is given and old."""
        before = self._workspace.homes.get(user)
        if view_hash and before and before["hash"] != view_hash:
            raise SlackError("hash_conflict")
        view_id = before["id"] if before else self._workspace.next_id("V0")
        home = _identity(view_id, new_hash(), view_id, None) | completed(view) | {"state": {"values": {}}}
        self._workspace.homes[user] = home
        self._workspace.changed("home", user)
        return home
