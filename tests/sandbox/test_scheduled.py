"""Messages for later: posted by the sandbox clock, limited, and with the two bugs that Slack has."""

from pathlib import Path

from sandbox.identity import BOT_ID
from tests.sandbox.harness import Box, Json, run

GENERAL = "C0GENERAL0"


async def soon(box: Box, seconds: int, **message: object) -> Json:
    now = int((await box.control("clock", "GET"))["now"])
    answer = await box.api.chat_scheduleMessage(channel=GENERAL, post_at=now + seconds, **message)  # type: ignore[arg-type]
    return {**answer.data, "now": now}  # type: ignore[dict-item]


async def delete(box: Box, made: Json) -> None:
    await box.api.chat_deleteScheduledMessage(channel=GENERAL, scheduled_message_id=made["scheduled_message_id"])


def test_scheduled_messages_come_at_their_time(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        now = (await box.control("clock", "GET"))["now"]
        soon: Json = {"channel": "C0GENERAL0", "post_at": int(now) + 600}
        await box.api.chat_scheduleMessage(**soon, text="soon")
        metadata = {"event_type": "x", "event_payload": {}}
        await box.api.api_call("chat.scheduleMessage", json={**soon, "text": "never", "metadata": metadata})
        gone = await box.api.chat_scheduleMessage(**soon, text="gone")
        await box.api.chat_deleteScheduledMessage(
            channel=soon["channel"], scheduled_message_id=gone["scheduled_message_id"]
        )
        clock = await box.control("clock", to="next_due")
        assert (clock["settled"], clock["next_due"]) == (True, None)
        assert await box.texts("ada", "C0GENERAL0") == ["soon"]
        assert await box.refusal("chat.scheduleMessage", **soon, text="late") == "time_in_past"

    run(tmp_path, test)


def test_one_is_posted_as_the_bot_with_its_blocks_and_its_ref(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        block = {"type": "section", "block_id": "h-12345678", "text": {"type": "mrkdwn", "text": "who comes next"}}
        await soon(box, 600, text="handoff, ref h-12345678", blocks=[block])
        await box.control("clock", advance=601)
        (message,) = (await box.api.conversations_history(channel=GENERAL))["messages"]
        assert message["bot_id"] == BOT_ID
        assert message["blocks"][0]["block_id"] == "h-12345678"
        assert message["text"] == "handoff, ref h-12345678"
        listed = await box.api.chat_scheduledMessages_list()
        assert listed["scheduled_messages"] == []

    run(tmp_path, test)


def test_what_is_to_come_is_listed_with_its_text(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        made = await soon(box, 900, text="later")
        await soon(box, 600, text="sooner")
        listed = (await box.api.chat_scheduledMessages_list(channel=GENERAL))["scheduled_messages"]
        assert [one["text"] for one in listed] == ["sooner", "later"]
        assert listed[1]["id"] == made["scheduled_message_id"]
        assert listed[1]["post_at"] == made["now"] + 900

    run(tmp_path, test)


def test_deleted_too_late_it_is_posted_all_the_same(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        early, late = await soon(box, 400, text="taken back in time"), await soon(box, 290, text="a ghost")
        await delete(box, early)
        await delete(box, late)
        assert (await box.api.chat_scheduledMessages_list())["scheduled_messages"] == []
        gone = {"channel": GENERAL, "scheduled_message_id": late["scheduled_message_id"]}
        assert await box.refusal("chat.deleteScheduledMessage", **gone) == "invalid_scheduled_message_id"
        await box.control("clock", advance=600)
        assert await box.texts("ada", GENERAL) == ["a ghost"]

    run(tmp_path, test)


def test_how_many_and_how_far_ahead(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        now = int((await box.control("clock", "GET"))["now"])
        window = (now // 300 + 4) * 300
        for _ in range(30):
            await box.api.chat_scheduleMessage(channel=GENERAL, post_at=window + 10, text="x")
        full = {"channel": GENERAL, "text": "x", "post_at": window + 20}
        assert await box.refusal("chat.scheduleMessage", **full) == "restricted_too_many"
        assert (await box.api.chat_scheduleMessage(channel=GENERAL, post_at=window + 310, text="x"))["ok"]
        far = {"channel": GENERAL, "text": "x", "post_at": now + 121 * 86_400}
        assert await box.refusal("chat.scheduleMessage", **far) == "time_too_far"

    run(tmp_path, test)


def test_lost_and_copied(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        await soon(box, 900, text="one")
        await box.control("scheduled", do="copy")
        listed = (await box.api.chat_scheduledMessages_list())["scheduled_messages"]
        assert [one["text"] for one in listed] == ["one", "one"]
        await box.control("scheduled", do="lose")
        assert (await box.api.chat_scheduledMessages_list())["scheduled_messages"] == []

    run(tmp_path, test)
