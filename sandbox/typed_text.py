"""What Slack makes of the text that a person types."""

import re

from sandbox.workspace import Workspace

_MENTION = re.compile(r"(?<![\w@/])@([a-z][a-z0-9._-]*[a-z0-9]|[a-z])")
_CHANNEL = re.compile(r"(?<![\w#&/])#([\w-]+)")
_URL = re.compile(r"https?://[^\s<>|]+")
_SPECIAL = {"here", "channel", "everyone"}


def escaped(text: str) -> str:
    """`&`, `<` and `>` as Slack sends them."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def linked(workspace: Workspace, text: str, *, labels: bool) -> str:
    """Escape, and turn @handles, #channels and addresses into Slack's references; with labels in commands."""
    # Addresses first and aside: an @ or # in one is no mention.
    parts = []
    end = 0
    for match in _URL.finditer(text):
        parts += [_references(workspace, escaped(text[end : match.start()]), labels), f"<{escaped(match[0])}>"]
        end = match.end()
    return "".join([*parts, _references(workspace, escaped(text[end:]), labels)])


def _group(group_id: str, handle: str, labels: bool) -> str:
    return f"<!subteam^{group_id}|@{handle}>" if labels else f"<!subteam^{group_id}>"


def _references(workspace: Workspace, text: str, labels: bool) -> str:
    handles = {person.handle: person.id for person in workspace.people.values()}
    groups = {group.handle: group.id for group in workspace.usergroups.values() if not group.deleted}

    def person(match: re.Match[str]) -> str:
        handle = match[1]
        if handle in _SPECIAL:
            return f"<!{handle}>"
        if handle not in handles:
            return match[0] if handle not in groups else _group(groups[handle], handle, labels)
        return f"<@{handles[handle]}|{handle}>" if labels else f"<@{handles[handle]}>"

    def channel(match: re.Match[str]) -> str:
        found = workspace.channel_named(match[1])
        if found is None:
            return match[0]
        return f"<#{found.id}|{'' if found.is_private else found.name}>"

    return _CHANNEL.sub(channel, _MENTION.sub(person, text))
