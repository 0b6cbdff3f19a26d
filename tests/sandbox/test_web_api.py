"""The Web API is as strict as Slack's."""

from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.identity import APP_TOKEN, BOT_TOKEN, BOT_USER
from tests.sandbox.harness import ADA, BOB, Box, Json, button, run


async def raw(box: Box, method: str, token: str | None = BOT_TOKEN, **arguments: str) -> Json:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = f"{box.server.url}/api/{method}"
    async with box.session.get(url, params=arguments, headers=headers) as answer:
        found: Json = await answer.json()
        return found


def test_a_call_may_come_in_every_shape_that_the_sdks_use(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        url = f"{box.server.url}/api/chat.postMessage"
        headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
        said = {"channel": "general", "text": "hello"}
        shapes: list[Json] = [{"params": said}, {"data": said}, {"json": said}]
        for how in (*({**shape, "headers": headers} for shape in shapes), {"data": {**said, "token": BOT_TOKEN}}):
            async with box.session.post(url, **how) as answer:
                assert (await answer.json())["ok"]
                assert "chat:write" in answer.headers["X-OAuth-Scopes"]
        assert (await raw(box, "chat.postMessage", channel="#general", text="x"))["channel"] == "C0GENERAL0"

    run(tmp_path, test)


def test_tokens_and_names_are_checked(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        assert (await raw(box, "auth.test", None))["error"] == "not_authed"
        assert (await raw(box, "auth.test", "xoxb-other"))["error"] == "invalid_auth"
        assert (await raw(box, "auth.test", APP_TOKEN))["error"] == "not_allowed_token_type"
        assert (await raw(box, "apps.connections.open"))["error"] == "not_allowed_token_type"
        assert (await raw(box, "chat.shout"))["error"] == "unknown_method"
        assert (await raw(box, "users.info", user=ADA, colour="red"))["error"] == "invalid_arg_name"
        missing = await raw(box, "users.info")
        assert missing["response_metadata"]["messages"] == ["[ERROR] missing required field: user"]
        await box.control("token", revoked=True)
        assert await box.refusal("auth.test") == "token_revoked"

    run(tmp_path, test)


def test_scopes_are_checked_by_method_and_by_kind_of_channel(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        private = (await box.api.conversations_create(name="secret", is_private=True))["channel"]["id"]
        await box.control("scopes", scopes=["chat:write", "channels:read", "channels:history"])
        answer = await raw(box, "pins.add", channel="C0GENERAL0", timestamp="1.0")
        provided = "channels:history,channels:read,chat:write"
        assert answer == {"ok": False, "error": "missing_scope", "needed": "pins:write", "provided": provided}
        assert (await raw(box, "conversations.info", channel="C0GENERAL0"))["ok"]
        assert (await raw(box, "conversations.info", channel=private))["needed"] == "groups:read"
        assert await box.refusal("chat.postMessage", channel="random", text="x") == "not_in_channel"

    run(tmp_path, test)


def test_who_is_not_in_a_channel_can_neither_read_nor_change_it(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        managers = box.world.workspace.channel_named("managers")
        assert managers
        assert await box.refusal("conversations.history", channel="C0RANDOM00") == "not_in_channel"
        assert await box.refusal("conversations.setTopic", channel="C0RANDOM00", topic="x") == "not_in_channel"
        assert await box.refusal("conversations.info", channel=managers.id) == "channel_not_found"
        assert await box.refusal("chat.postMessage", channel=managers.id, text="x") == "channel_not_found"
        assert (await box.api.chat_postMessage(channel="C0RANDOM00", text="public"))["ok"]

    run(tmp_path, test)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("Upper", "invalid_name_specials"),
        ("two words", "invalid_name_specials"),
        ("---", "invalid_name_punctuation"),
        ("general", "name_taken"),
        ("managers", "name_taken"),
    ],
)
def test_names_that_slack_refuses(tmp_path: Path, name: str, error: str) -> None:
    async def test(box: Box) -> None:
        assert await box.refusal("conversations.create", name=name) == error

    run(tmp_path, test)


def test_a_channel_has_its_name_even_when_archived_and_rename_repairs_names(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        channel = (await box.api.conversations_create(name="inc-1"))["channel"]["id"]
        renamed = await box.api.conversations_rename(channel=channel, name="INC 1: done")
        assert renamed["channel"]["name"] == "inc-1-done"
        await box.api.conversations_archive(channel=channel)
        assert await box.refusal("conversations.create", name="inc-1-done") == "name_taken"
        assert await box.refusal("chat.postMessage", channel=channel, text="x") == "is_archived"
        assert await box.refusal("conversations.setTopic", channel=channel, topic="x") == "is_archived"
        assert await box.refusal("conversations.unarchive", channel=channel) == "not_in_channel"
        assert (await box.act("ada", "unarchive", channel=channel))["ok"]

    run(tmp_path, test)


def test_invitations(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        channel = (await box.api.conversations_create(name="inc-1"))["channel"]["id"]
        otto = "U0OTTO0000"
        with pytest.raises(SlackApiError) as caught:
            await box.api.conversations_invite(channel=channel, users=[ADA, otto])
        assert caught.value.response["errors"] == [{"user": otto, "ok": False, "error": "cant_invite"}]
        assert (await box.api.conversations_members(channel=channel))["members"] == [BOT_USER]
        await box.api.conversations_invite(channel=channel, users=[ADA, otto], force=True)
        assert (await box.api.conversations_members(channel=channel))["members"] == [BOT_USER, ADA]
        assert await box.refusal("conversations.invite", channel=channel, users=ADA) == "already_in_channel"

    run(tmp_path, test)


def test_update_with_text_alone_drops_the_blocks(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        metadata = {"event_type": "card", "event_payload": {"id": 7}}
        posted = await box.api.chat_postMessage(channel="general", text="one", blocks=[button()], metadata=metadata)
        at = {"channel": posted["channel"], "ts": posted["ts"]}
        await box.api.api_call("chat.update", json={**at, "blocks": [button("other")]})
        kept = (await box.api.conversations_history(channel=at["channel"], limit=1))["messages"][0]
        assert (kept["text"], kept["blocks"][0]["elements"][0]["action_id"]) == ("one", "other")
        assert kept["metadata"] == {"event_type": "card"}
        assert "blocks" not in (await box.api.chat_update(**at, text="two"))["message"]
        whole = await box.api.conversations_history(channel=at["channel"], include_all_metadata=True)
        assert whole["messages"][0]["metadata"] == metadata
        assert await box.refusal("chat.update", **at, text="x" * 4001) == "msg_too_long"
        said = await box.act("ada", "say", channel="general", text="mine")
        assert await box.refusal("chat.update", channel=at["channel"], ts=said["ts"], text="x") == "cant_update_message"

    run(tmp_path, test)


def test_a_message_that_breaks_a_rule_is_refused_whole(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        for text in ("", None):
            assert await box.refusal("chat.postMessage", channel="general", text=text) == "no_text"
        with pytest.raises(SlackApiError) as caught:
            await box.api.chat_postMessage(channel="general", text="x", blocks=[{"type": "section"}])
        assert caught.value.response["error"] == "invalid_blocks"
        assert caught.value.response["response_metadata"]["messages"]
        assert await box.refusal("chat.postMessage", channel="general", blocks="[") == "invalid_blocks_format"

    run(tmp_path, test)


def test_threads(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        parent = await box.api.chat_postMessage(channel="general", text="parent")
        at = {"channel": parent["channel"], "thread_ts": parent["ts"]}
        reply = await box.api.chat_postMessage(**at, text="reply")
        await box.api.chat_postMessage(**at, text="loud", reply_broadcast=True)
        history = (await box.api.conversations_history(channel=at["channel"]))["messages"]
        assert [message["text"] for message in history] == ["loud", "parent"]
        assert (history[1]["reply_count"], history[0]["subtype"]) == (2, "thread_broadcast")
        replies = (await box.api.conversations_replies(channel=at["channel"], ts=parent["ts"]))["messages"]
        assert [message["text"] for message in replies] == ["parent", "reply", "loud"]
        await box.api.chat_delete(channel=at["channel"], ts=parent["ts"])
        history = (await box.api.conversations_history(channel=at["channel"]))["messages"]
        assert history[1]["subtype"] == "tombstone"
        link = (await box.api.chat_getPermalink(channel=at["channel"], message_ts=reply["ts"]))["permalink"]
        assert link.endswith(f"?thread_ts={parent['ts']}&cid={at['channel']}")

    run(tmp_path, test)


def test_history_by_range_and_by_page(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        sent = [await box.api.chat_postMessage(channel="general", text=str(number)) for number in range(5)]
        channel, middle = sent[0]["channel"], sent[2]["ts"]
        one = await box.api.conversations_history(
            channel=channel, oldest=middle, latest=middle, inclusive=True, limit=1
        )
        assert [message["text"] for message in one["messages"]] == ["2"]
        later = await box.api.conversations_history(channel=channel, oldest=middle)
        assert [message["text"] for message in later["messages"]] == ["4", "3"]
        found, cursor = [], ""
        while True:
            page = await box.api.conversations_history(channel=channel, limit=2, cursor=cursor or None)
            found += [message["text"] for message in page["messages"]]
            if not page["has_more"]:
                break
            cursor = page["response_metadata"]["next_cursor"]
        assert found == ["4", "3", "2", "1", "0"]
        assert await box.refusal("conversations.history", channel=channel, cursor="x") == "invalid_cursor"

    run(tmp_path, test)


def test_a_message_to_a_person_opens_the_direct_message(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        posted = await box.api.chat_postMessage(channel=BOB, text="psst")
        assert posted["channel"].startswith("D")
        assert (await box.api.conversations_open(users=BOB))["channel"]["id"] == posted["channel"]
        assert await box.texts("bob", posted["channel"]) == ["psst"]
        assert await box.texts("ada", posted["channel"]) == []

    run(tmp_path, test)


def test_slacks_own_lines_and_pins(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        channel = (await box.api.conversations_create(name="inc-1"))["channel"]["id"]
        await box.api.conversations_setTopic(channel=channel, topic="SEV1")
        assert await box.refusal("conversations.setTopic", channel=channel, topic="x" * 251) == "too_long"
        card = (await box.api.chat_postMessage(channel=channel, text="card"))["ts"]
        await box.api.pins_add(channel=channel, timestamp=card)
        assert await box.refusal("pins.add", channel=channel, timestamp=card) == "already_pinned"
        history = (await box.api.conversations_history(channel=channel))["messages"]
        assert [message.get("subtype") for message in history] == ["pinned_item", None, "channel_topic", "channel_join"]
        items = (await box.api.pins_list(channel=channel))["items"]
        assert [item["message"]["ts"] for item in items] == [card]

    run(tmp_path, test)


def test_limits_answer_429_with_retry_after(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        for number in range(20):
            await box.api.conversations_create(name=f"inc-{number}")
        with pytest.raises(SlackApiError) as caught:
            await box.api.conversations_create(name="inc-20")
        response = caught.value.response
        assert (response.status_code, response["error"]) == (429, "ratelimited")
        await box.control("clock", advance=int(response.headers["Retry-After"]))
        assert (await box.api.conversations_create(name="inc-20"))["ok"]

    run(tmp_path, test, limits="slack")


def test_posts_are_limited_by_channel(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        sent = [await raw(box, "chat.postMessage", channel="general", text="x") for _ in range(6)]
        assert [answer["ok"] for answer in sent] == [True] * 5 + [False]
        assert (await raw(box, "chat.postMessage", channel="random", text="x"))["ok"]
        await box.control("limits", mode="relaxed")
        assert (await raw(box, "chat.postMessage", channel="general", text="x"))["ok"]

    run(tmp_path, test, limits="slack")


def test_the_synchronous_sdk_client_sends_forms(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        client = AsyncWebClient(BOT_TOKEN, f"{box.server.url}/api/", session=box.session, retry_handlers=[])
        validated = await client.api_call("blocks.validate", data={"blocks": '[{"type": "divider"}]'})
        assert validated["ok"]
        with pytest.raises(SlackApiError) as caught:
            await client.api_call("blocks.validate", data={"blocks": '[{"type": "section"}]'})
        assert caught.value.response["errors"][0]["code"] == "failed_constraint"

    run(tmp_path, test)
