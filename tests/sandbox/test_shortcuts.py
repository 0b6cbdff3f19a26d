"""Global shortcuts and those of messages."""

from pathlib import Path
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.harness import ADA, Box, Json, modal, run


def hearing(app: AsyncApp, name: str) -> list[Json]:
    """Let the app acknowledge a shortcut; the payloads that it got."""
    got: list[Json] = []

    @app.shortcut(name)
    async def shortcut(ack: AsyncAck, body: Json) -> None:
        got.append(body)
        await ack()

    return got


async def offered(box: Box) -> list[str]:
    (frame,) = await box.frames("ada", "workspace")
    return [f"{one['type']} {one['callback_id']}" for one in frame["shortcuts"]]


def test_a_global_shortcut_knows_no_channel_and_opens_a_form(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async with box.app() as app:
            got: list[Json] = []

            @app.shortcut({"type": "shortcut", "callback_id": "declare"})
            async def shortcut(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
                got.append(body)
                await client.views_open(trigger_id=body["trigger_id"], view=modal(title="Declare"))
                await ack()

            assert (await box.act("ada", "shortcut", callback_id="declare"))["ok"]
            (frame,) = await box.frames("ada", "view")
            assert frame["stack"][0]["title"]["text"] == "Declare"
            keys = "action_ts callback_id enterprise is_enterprise_install team token trigger_id type user"
            assert sorted(got[0]) == keys.split()
            assert got[0]["user"] == {"id": ADA, "username": "ada", "team_id": "T0SANDBOX1"}

    run(tmp_path, test)


def test_a_message_shortcut_carries_the_message_and_answers_where_the_bot_is_not(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async with box.app() as app:
            got = hearing(app, "add-to-timeline")
            said = await box.act("bob", "say", channel="random", text="the deploy is to blame")
            reply = await box.act("bob", "say", channel="random", text="or DNS", thread_ts=said["ts"])
            act: Json = {"channel": "random", "callback_id": "add-to-timeline"}
            for ts in (said["ts"], reply["ts"]):
                assert (await box.act("ada", "message_shortcut", **act, ts=ts))["ok"]
            first, second = got
            assert (first["type"], first["message_ts"]) == ("message_action", said["ts"])
            assert (first["message"]["text"], first["message"]["user"]) == ("the deploy is to blame", "U0BOB00000")
            assert first["channel"] == {"id": "C0RANDOM00", "name": "random"}
            assert (second["message"]["thread_ts"], second["message"]["parent_user_id"]) == (said["ts"], "U0BOB00000")
            async with box.session.post(first["response_url"], json={"text": "Added"}) as answer:
                assert answer.status == 200
            assert (await box.texts("ada", "C0RANDOM00"))[-1] == "Added"
            assert "Added" not in await box.texts("bob", "C0RANDOM00")
            again = await box.control("redeliver", what="last_interaction")
            assert (again["outcome"], len(got)) == ("acked", 3)

    run(tmp_path, test)


def test_names_of_private_places_are_not_told(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async with box.app() as app:
            got = hearing(app, "add-to-timeline")
            for channel in ("managers", "@eve"):
                said = await box.act("mona", "say", channel=channel, text="between us")
                act = {"channel": channel, "ts": said["ts"], "callback_id": "add-to-timeline"}
                assert (await box.act("mona", "message_shortcut", **act))["ok"]
            assert [one["channel"]["name"] for one in got] == ["privategroup", "directmessage"]

    run(tmp_path, test)


def test_shortcuts_that_fail(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        said = await box.act("mona", "say", channel="managers", text="secret")
        act: Json = {"callback_id": "add-to-timeline", "ts": said["ts"], "channel": "managers"}

        async def error(who: str, name: str, **arguments: Any) -> str:
            return str((await box.act(who, name, **arguments))["error"])

        assert await error("ada", "shortcut", callback_id="declare") == "dispatch_failed"
        assert await error("ada", "shortcut", callback_id="add-to-timeline") == "no_such_shortcut"
        assert await error("mona", "message_shortcut", **{**act, "callback_id": "declare"}) == "no_such_shortcut"
        assert await error("ada", "message_shortcut", **act) == "channel_not_found"
        assert await error("mona", "message_shortcut", **{**act, "ts": "1.0"}) == "message_not_found"
        hidden = await box.api.chat_postEphemeral(channel="general", user=ADA, text="x")
        mine = {**act, "channel": "general", "ts": hidden["message_ts"]}
        assert await error("ada", "message_shortcut", **mine) == "message_not_found"
        box.world.sockets.ack_limit = 0.05
        async with box.app() as app:

            @app.shortcut("declare")
            async def shortcut() -> None:
                """It never acknowledges."""

            assert await error("ada", "shortcut", callback_id="declare") == "operation_timeout"

    run(tmp_path, test)


def test_what_is_offered_comes_from_the_manifest(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        ours = ["global declare", "message declare-from-message", "message add-to-timeline"]
        assert await offered(box) == ours
        one = {"name": "Page", "type": "message", "callback_id": "page", "description": "Wake somebody"}
        assert (await box.control("scopes", shortcuts=[one]))["shortcuts"] == [one]
        assert await offered(box) == ["message page"]
        await box.control("scopes", scopes=["chat:write"])
        assert await offered(box) == []
        assert (await box.act("ada", "shortcut", callback_id="declare"))["error"] == "no_such_shortcut"

    run(tmp_path, test)


@pytest.mark.parametrize(
    "change", [{"name": "x" * 25}, {"type": "other"}, {"callback_id": ""}, {"description": "x" * 151}, {"url": "x"}]
)
def test_a_manifest_with_a_wrong_shortcut_is_refused(tmp_path: Path, change: Json) -> None:
    async def test(box: Box) -> None:
        one = {"name": "Page", "type": "message", "callback_id": "page", "description": "Wake somebody", **change}
        assert (await box.control("scopes", shortcuts=[one]))["error"] == "invalid_arguments"
        assert (await box.control("scopes", shortcuts=[one] * 11))["error"] == "invalid_arguments"

    run(tmp_path, test)
