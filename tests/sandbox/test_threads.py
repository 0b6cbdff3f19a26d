"""Threads: what the Web API, the events and people see of them."""

from pathlib import Path

from tests.sandbox.harness import ADA, BOB, Box, Json, run
from tests.sandbox.test_events import listening

GENERAL = "C0GENERAL0"


def test_a_parent_tells_of_its_thread_and_a_reply_of_its_parent(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        parent = (await box.act("ada", "say", channel="general", text="parent"))["ts"]
        first = await box.api.chat_postMessage(channel=GENERAL, thread_ts=parent, text="one")
        assert (first["message"]["thread_ts"], first["message"]["parent_user_id"]) == (parent, ADA)
        last = (await box.act("bob", "say", channel="general", text="two", thread_ts=first["ts"]))["ts"]
        (shown,) = (await box.api.conversations_history(channel=GENERAL, limit=1))["messages"]
        assert (shown["thread_ts"], shown["reply_count"], shown["latest_reply"]) == (parent, 2, last)
        assert (shown["reply_users"], shown["reply_users_count"]) == ([first["message"]["user"], BOB], 2)
        replies = (await box.api.conversations_replies(channel=GENERAL, ts=last))["messages"]
        assert [one.get("parent_user_id") for one in replies] == [None, ADA, ADA]

    run(tmp_path, test)


def test_replies_by_range_and_by_page_always_begin_with_the_parent(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        parent = (await box.api.chat_postMessage(channel=GENERAL, text="parent"))["ts"]
        at: Json = {"channel": GENERAL, "thread_ts": parent}
        sent = [(await box.api.chat_postMessage(**at, text=str(number)))["ts"] for number in range(5)]

        async def texts(**arguments: object) -> list[str]:
            page = await box.api.api_call("conversations.replies", json={"channel": GENERAL, "ts": parent, **arguments})
            return [message["text"] for message in page["messages"]]

        assert await texts(oldest=sent[2]) == ["parent", "3", "4"]
        assert await texts(oldest=sent[2], latest=sent[3], inclusive=True) == ["parent", "2", "3"]
        assert await texts(latest=sent[1]) == ["parent", "0"]
        page = await box.api.conversations_replies(channel=GENERAL, ts=parent, limit=3)
        assert ([one["text"] for one in page["messages"]], page["has_more"]) == (["parent", "0", "1", "2"], True)
        cursor = page["response_metadata"]["next_cursor"]
        assert await texts(limit=3, cursor=cursor) == ["parent", "3", "4"]
        assert await box.refusal("conversations.replies", channel=GENERAL, ts="1.0") == "thread_not_found"

    run(tmp_path, test)


def test_a_broadcast_carries_its_root(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        parent = (await box.api.chat_postMessage(channel=GENERAL, text="parent"))["ts"]
        quiet = (await box.api.chat_postMessage(channel=GENERAL, thread_ts=parent, text="quiet"))["ts"]
        at: Json = {"channel": GENERAL, "ts": quiet, "reply_broadcast": True}
        assert await box.refusal("chat.update", **at, text="louder") == "no_dual_broadcast_content_update"
        assert await box.refusal("chat.update", **{**at, "ts": parent}) == "cant_broadcast_message"
        await box.api.api_call("chat.update", json=at)
        loud, first = (await box.api.conversations_history(channel=GENERAL))["messages"]
        assert (loud["text"], loud["subtype"], loud["root"]["text"]) == ("quiet", "thread_broadcast", "parent")
        assert (loud["root"]["reply_count"], "root" in first) == (1, False)

    run(tmp_path, test)


def test_lines_of_slack_itself_take_no_replies(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        channel = (await box.api.conversations_create(name="inc-1"))["channel"]["id"]
        (joined,) = (await box.api.conversations_history(channel=channel))["messages"]
        reply = {"channel": channel, "thread_ts": joined["ts"], "text": "x"}
        assert await box.refusal("chat.postMessage", **reply) == "cannot_reply_to_message"

    run(tmp_path, test)


def test_the_bot_hears_replies_reactions_and_broadcasts(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async with box.app() as app:
            heard = listening(app)
            parent = await box.act("ada", "say", channel="general", text="parent")
            reply = await box.act("bob", "say", channel="general", text="reply", thread_ts=parent["ts"])
            await box.act("ada", "react", channel="general", ts=reply["ts"], name="pushpin")
            await box.settled()
            (said,) = [event for event in heard if event.get("text") == "reply"]
            assert (said["thread_ts"], said["parent_user_id"]) == (parent["ts"], ADA)
            assert (said["channel_type"], said["event_ts"]) == ("channel", reply["ts"])
            (reaction,) = [event for event in heard if event["type"] == "reaction_added"]
            assert (reaction["user"], reaction["reaction"], reaction["item_user"]) == (ADA, "pushpin", BOB)
            assert reaction["item"] == {"type": "message", "channel": GENERAL, "ts": reply["ts"]}

    run(tmp_path, test)


def test_replies_do_not_make_a_channel_unread(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        parent = (await box.api.chat_postMessage(channel=GENERAL, text="parent"))["ts"]
        await box.act("bob", "read", channel="general")
        await box.api.chat_postMessage(channel=GENERAL, thread_ts=parent, text="quiet")

        async def unread() -> int:
            (frame,) = [one for one in await box.frames("bob", "channel") if one["name"] == "general"]
            return int(frame["unread"])

        assert await unread() == 0
        await box.api.chat_postMessage(channel=GENERAL, thread_ts=parent, text="loud", reply_broadcast=True)
        assert await unread() == 1

    run(tmp_path, test)
