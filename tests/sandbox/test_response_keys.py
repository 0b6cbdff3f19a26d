"""What the sandbox answers has the keys that Slack's answers have.

Each method is called with success, over HTTP, and its first answer is held against `response_keys.json`: the keys of
Slack's own samples (tests/tools/response_keys.py tells where they come from).
"""

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.api.dispatch import FUNCTIONS
from sandbox.identity import APP_TOKEN, BOT_TOKEN

Json = dict[str, Any]

SAMPLES: dict[str, dict[str, str]] = json.loads(
    Path(__file__).with_name("response_keys.json").read_text(encoding="utf-8")
)["methods"]
SLACK_REFUSES = {"conversations.unarchive": "a bot can't, by Slack's documentation"}
CALLED = sorted(set(FUNCTIONS) - set(SLACK_REFUSES))
NOT_IN_SAMPLES = {
    # In the method reference's own examples and lists of results.
    "chat.scheduleMessage": {"message": "subtype username"},
    "dnd.info": {"": "snooze_enabled"},
    "usergroups.list": {"usergroups": "auto_type"},
    "usergroups.users.update": {"usergroup": "auto_type deleted_by user_count"},
    # Of the message that tells of a new name, as the event channel_name is documented.
    "conversations.history": {"messages": "name old_name"},
    # Of the user object, as documented; users.info shows it.
    "users.list": {"members": "is_stranger"},
    # Of every channel object, as the reference shows it for conversations.info and conversations.setTopic.
    **{
        f"conversations.{name}": {"channel": "parent_conversation"}
        for name in ("create", "info", "invite", "join", "rename", "setPurpose", "setTopic")
    },
    "conversations.list": {"channels": "parent_conversation"},
}
"""By method and place: keys that Slack documents, yet no sample of that method shows."""

ESSENTIAL = {
    "apps.connections.open": "url",
    "auth.test": "url team user team_id user_id bot_id",
    "bookmarks.add": "bookmark.id bookmark.title bookmark.link bookmark.channel_id",
    "bookmarks.list": "bookmarks.id",
    "bots.info": "bot.id bot.app_id bot.user_id",
    "chat.getPermalink": "permalink channel",
    "chat.postEphemeral": "message_ts",
    "chat.postMessage": "channel ts message.text message.ts message.user message.bot_id message.team message.blocks",
    "chat.scheduleMessage": "scheduled_message_id post_at channel",
    "chat.scheduledMessages.list": "scheduled_messages.id scheduled_messages.post_at scheduled_messages.channel_id",
    "chat.update": "channel ts text",
    "conversations.create": "channel.id channel.name channel.creator channel.created channel.is_private",
    "conversations.history": "messages.ts messages.text messages.user messages.metadata has_more",
    "conversations.info": "channel.id channel.name channel.topic channel.is_archived channel.is_member",
    "conversations.join": "channel.id",
    "conversations.list": "channels.id channels.name response_metadata.next_cursor",
    "conversations.members": "members response_metadata.next_cursor",
    "conversations.open": "channel.id",
    "conversations.rename": "channel.name",
    "conversations.replies": "messages.ts messages.thread_ts has_more",
    "dnd.info": "dnd_enabled",
    "files.completeUploadExternal": "files.id files.title",
    "files.getUploadURLExternal": "file_id upload_url",
    "pins.list": "items.message items.created items.type",
    "reactions.get": "message.reactions type",
    "team.info": "team.id team.name team.domain",
    "usergroups.list": "usergroups.id usergroups.handle usergroups.users usergroups.date_delete",
    "usergroups.users.list": "users",
    "usergroups.users.update": "usergroup.id usergroup.users",
    "users.conversations": "channels.id channels.creator response_metadata.next_cursor",
    "users.getPresence": "presence",
    "users.info": "user.id user.name user.tz user.deleted user.is_bot user.profile user.team_id",
    "users.list": "members.id members.deleted response_metadata.next_cursor",
    "users.lookupByEmail": "user.id",
    "views.open": "view.id view.hash view.state view.blocks view.type",
    "views.publish": "view.id view.hash view.type",
    "views.push": "view.id view.root_view_id view.previous_view_id",
    "views.update": "view.id view.hash",
}

BUTTON = {"type": "button", "action_id": "more", "text": {"type": "plain_text", "text": "More"}}
BLOCKS = [{"type": "actions", "block_id": "buttons", "elements": [BUTTON]}]


def modal(title: str) -> Json:
    return {"type": "modal", "title": {"type": "plain_text", "text": title}, "blocks": BLOCKS}


class Caller:
    """Calls methods and keeps what each answered first."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self.answers: dict[str, Json] = {}

    async def upload(self, channel: str) -> None:
        """A file in its three steps; the first takes no JSON."""
        form, headers = {"filename": "chart.png", "length": "4"}, {"Authorization": f"Bearer {BOT_TOKEN}"}
        async with self._session.post("/api/files.getUploadURLExternal", data=form, headers=headers) as response:
            asked: Json = await response.json()
        self.answers["files.getUploadURLExternal"] = asked
        async with self._session.post(asked["upload_url"], data=b"data") as response:
            assert response.status == 200
        shared = [{"id": asked["file_id"], "title": "A chart"}]
        await self.call("files.completeUploadExternal", files=shared, channel_id=channel)

    async def call(self, method: str, token: str = BOT_TOKEN, /, **arguments: Any) -> Json:
        """The answer; a refusal is a failure of the test."""
        headers = {"Authorization": f"Bearer {token}"}
        async with self._session.post(f"/api/{method}", json=arguments, headers=headers) as response:
            answer: Json = await response.json()
        assert answer["ok"], (method, answer)
        self.answers.setdefault(method, answer)
        return answer

    @asynccontextmanager
    async def trigger(self, socket: aiohttp.ClientWebSocketResponse, **act: Any) -> AsyncIterator[str]:
        """The trigger of what ada does; it is acknowledged when the block ends."""
        acting = asyncio.create_task(self._act({"as": "ada", **act}))
        while True:
            envelope = await socket.receive_json(timeout=10)
            if envelope["type"] in ("slash_commands", "interactive"):
                break
            if "envelope_id" in envelope:
                await socket.send_json({"envelope_id": envelope["envelope_id"]})
        yield envelope["payload"]["trigger_id"]
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await acting

    async def _act(self, act: Json) -> None:
        async with self._session.post("/ui/act", json=act) as response:
            answer = await response.json()
        assert answer["ok"], (act, answer)


async def people_and_app(caller: Caller) -> str:
    """Everything about the workspace and people; answers ada's ID."""
    await caller.call("api.test")
    bot = await caller.call("auth.test")
    await caller.call("bots.info", bot=bot["bot_id"])
    for method in ("team.info", "emoji.list"):
        await caller.call(method)
    await caller.call("blocks.validate", blocks=json.dumps(BLOCKS))
    people = (await caller.call("users.list"))["members"]
    ada: Json = next(person for person in people if person["name"] == "ada")
    for method in ("users.info", "users.getPresence", "dnd.info"):
        await caller.call(method, user=ada["id"])
    await caller.call("users.lookupByEmail", email=ada["profile"]["email"])
    groups = (await caller.call("usergroups.list", include_users=True, include_count=True))["usergroups"]
    group = groups[0]["id"]
    await caller.call("usergroups.users.update", usergroup=group, users=[ada["id"]], include_count=True)
    await caller.call("usergroups.users.list", usergroup=group)
    return str(ada["id"])


async def channels(caller: Caller, ada: str) -> str:
    """Everything about channels but their end; answers a channel with ada and the bot in it."""
    channel: str = (await caller.call("conversations.create", name="keys"))["channel"]["id"]
    await caller.call("conversations.rename", channel=channel, name="key-sets")
    await caller.call("conversations.setTopic", channel=channel, topic="t")
    await caller.call("conversations.setPurpose", channel=channel, purpose="p")
    await caller.call("conversations.invite", channel=channel, users=ada)
    await caller.call("conversations.kick", channel=channel, user=ada)
    await caller.call("conversations.invite", channel=channel, users=ada)
    for method in ("conversations.info", "conversations.members"):
        await caller.call(method, channel=channel)
    listed = (await caller.call("conversations.list"))["channels"]
    other = next(one["id"] for one in listed if one["name"] == "random")
    await caller.call("conversations.join", channel=other)
    await caller.call("conversations.leave", channel=other)
    await caller.call("users.conversations")
    await caller.call("conversations.open", users=ada)
    return channel


async def messages(caller: Caller, channel: str, ada: str) -> None:
    """Everything about messages, and what hangs on them."""
    metadata = {"event_type": "x", "event_payload": {"k": "v"}}
    first = await caller.call("chat.postMessage", channel=channel, text="x", blocks=BLOCKS, metadata=metadata)
    await caller.call("conversations.history", channel=channel, include_all_metadata=True)
    await caller.call("chat.update", channel=channel, ts=first["ts"], text="y")
    await caller.call("chat.postMessage", channel=channel, text="z", thread_ts=first["ts"])
    await caller.call("conversations.replies", channel=channel, ts=first["ts"])
    await caller.call("chat.getPermalink", channel=channel, message_ts=first["ts"])
    await caller.call("chat.postEphemeral", channel=channel, user=ada, text="x")
    await bookmarks(caller, channel)
    await scheduled(caller, channel)
    await caller.upload(channel)
    await caller.call("conversations.history", channel=channel)
    await reactions_and_pins(caller, channel)
    await caller.call("chat.delete", channel=channel, ts=first["ts"])


async def reactions_and_pins(caller: Caller, channel: str) -> None:
    # On a message that has nothing else: with a thread and the like come keys that samples of these methods lack.
    at = {"channel": channel, "timestamp": (await caller.call("chat.postMessage", channel=channel, text="x"))["ts"]}
    await caller.call("reactions.add", **at, name="eyes")
    await caller.call("reactions.get", **at)
    await caller.call("reactions.remove", **at, name="eyes")
    await caller.call("pins.add", **at)
    await caller.call("pins.list", channel=channel)
    await caller.call("pins.remove", **at)


async def bookmarks(caller: Caller, channel: str) -> None:
    link = {"title": "t", "type": "link", "link": "https://example.com"}
    made = (await caller.call("bookmarks.add", channel_id=channel, **link))["bookmark"]
    await caller.call("bookmarks.list", channel_id=channel)
    await caller.call("bookmarks.edit", channel_id=channel, bookmark_id=made["id"], title="u")
    await caller.call("bookmarks.remove", channel_id=channel, bookmark_id=made["id"])


async def scheduled(caller: Caller, channel: str) -> None:
    first = caller.answers["chat.postMessage"]
    soon = int(float(first["ts"])) + 3600
    made = await caller.call("chat.scheduleMessage", channel=channel, text="x", post_at=soon)
    await caller.call("chat.scheduledMessages.list")
    await caller.call("chat.deleteScheduledMessage", channel=channel, scheduled_message_id=made["scheduled_message_id"])


async def views(caller: Caller, session: aiohttp.ClientSession, ada: str) -> None:
    """Everything about views; needs a socket, since triggers come with envelopes."""
    await caller.call("views.publish", user_id=ada, view={"type": "home", "blocks": BLOCKS})
    url = (await caller.call("apps.connections.open", APP_TOKEN))["url"]
    async with session.ws_connect(url) as socket:
        async with caller.trigger(socket, act="say", channel="general", text="/incident") as trigger:
            opened = (await caller.call("views.open", trigger_id=trigger, view=modal("one")))["view"]
        async with caller.trigger(socket, act="click", view_id=opened["id"], action_id="more") as trigger:
            pushed = (await caller.call("views.push", trigger_id=trigger, view=modal("two")))["view"]
        await caller.call("views.update", view_id=pushed["id"], view=modal("three"))


async def everything(base: str) -> dict[str, Json]:
    async with aiohttp.ClientSession(base, timeout=aiohttp.ClientTimeout(total=10)) as session:
        caller = Caller(session)
        ada = await people_and_app(caller)
        channel = await channels(caller, ada)
        await messages(caller, channel, ada)
        await views(caller, session, ada)
        await caller.call("conversations.archive", channel=channel)
        return caller.answers


@contextmanager
def sandbox(state: Path) -> Iterator[str]:
    """A sandbox with no bot in it, and its address."""
    command = [sys.executable, "-m", "sandbox", "--no-bot", "--port", "0", "--state", str(state), "--limits", "relaxed"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        try:
            assert process.stdout is not None
            ready = process.stdout.readline()
            assert ready.startswith("sandbox ready at "), ready
            yield ready.split()[-1]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=10)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Json]:
    with sandbox(tmp_path_factory.mktemp("workspace") / "workspace.json") as base:
        return asyncio.run(everything(base))


def objects(value: object) -> list[Json]:
    """The objects that stand at one place: itself, or those in the array."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def strange(method: str, answer: Json) -> set[str]:
    """Keys, dotted below the top, that no sample of Slack's has."""
    found = set()
    for place, keys in SAMPLES[method].items():
        known = {*keys.split(), *NOT_IN_SAMPLES.get(method, {}).get(place, "").split()}
        for one in objects(answer.get(place)) if place else [answer]:
            found |= {f"{place}.{key}".removeprefix(".") for key in one.keys() - known}
    return found


def test_every_method_is_called(answers: dict[str, Json]) -> None:
    assert sorted(answers) == CALLED


@pytest.mark.parametrize("method", CALLED)
def test_the_sandbox_answers_no_key_that_slack_does_not(answers: dict[str, Json], method: str) -> None:
    assert strange(method, answers[method]) == set()


@pytest.mark.parametrize("method", ESSENTIAL)
def test_the_sandbox_answers_what_callers_need(answers: dict[str, Json], method: str) -> None:
    for path in ESSENTIAL[method].split():
        place, _, key = path.rpartition(".")
        held = objects(answers[method].get(place)) if place else [answers[method]]
        assert any(key in one for one in held), path
