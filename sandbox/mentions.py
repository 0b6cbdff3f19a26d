"""Whom a message calls: by name, by a user group, or as one of everybody."""

import re

from sandbox.channel import Channel
from sandbox.message import Message
from sandbox.workspace import Workspace

# Each in text, and in rich text as JSON.
_PERSON = re.compile(r'<@([UW][A-Z0-9]+)|"user_id": "([UW][A-Z0-9]+)"')
_GROUP = re.compile(r'<!subteam\^(S[A-Z0-9]+)|"usergroup_id": "(S[A-Z0-9]+)"')
_EVERYBODY = re.compile(r'<!(?:here|channel|everyone)\b|"range": "(?:here|channel|everyone)"')


def people_called(workspace: Workspace, channel: Channel, message: Message) -> list[str]:
    """Their ids, as channel and groups are now; a group out of use calls nobody, and neither does Slack itself."""
    if message.is_system:
        return []
    words = message.words
    called = [first or second for first, second in _PERSON.findall(words)]
    for name in (first or second for first, second in _GROUP.findall(words)):
        group = workspace.usergroups.get(name)
        called += group.users if group and not group.deleted else []
    if _EVERYBODY.search(words):
        called += channel.members
    return list(dict.fromkeys(called))
