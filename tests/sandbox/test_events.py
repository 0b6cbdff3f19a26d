"""What the bot hears, and what happens when it does not listen."""

import asyncio
from pathlib import Path

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp

from sandbox.identity import APP_TOKEN, BOT_USER
from tests.sandbox.harness import ADA, BOB, Box, Json, run


def listening(app: AsyncApp) -> list[Json]:
    """Everything that the app hears."""
    heard: list[Json] = []

    @app.event({"type": "message"})
    async def message(event: Json) -> None:
        heard.append(event)

    for kind in (
        *("app_mention", "member_joined_channel", "member_left_channel", "reaction_added", "pin_added"),
        *("channel_rename", "channel_archive", "channel_unarchive", "channel_deleted", "user_change"),
    ):
        app.event(kind)(message)
    return heard


def kinds(heard: list[Json]) -> list[str]:
    return [str(event.get("subtype", event["type"])) for event in heard]


async def socket_of(box: Box) -> aiohttp.ClientWebSocketResponse:
    """A bare Socket Mode connection, after its hello."""
    headers = {"Authorization": f"Bearer {APP_TOKEN}"}
    async with box.session.post(f"{box.server.url}/api/apps.connections.open", headers=headers) as answer:
        url = (await answer.json())["url"]
    socket = await box.session.ws_connect(url)
    assert (await socket.receive_json())["type"] == "hello"
    return socket


def test_the_bot_hears_what_people_do_where_it_is(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async with box.app() as app:
            heard = listening(app)
            said = await box.act("ada", "say", channel="general", text="hello @watchbill")
            await box.act("ada", "say", channel="random", text="not for it")
            await box.act("bob", "react", channel="general", ts=said["ts"], name="eyes")
            await box.act("bob", "pin", channel="general", ts=said["ts"])
            await box.settled()
            # Bolt handles them side by side, so they may pass each other.
            assert sorted(kinds(heard)) == ["app_mention", "message", "pin_added", "pinned_item", "reaction_added"]
            (mention,) = [event for event in heard if event["type"] == "app_mention"]
            assert mention["text"] == f"hello <@{BOT_USER}>"

    run(tmp_path, test)


def test_the_bot_hears_of_channels_and_people(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async with box.app() as app:
            heard = listening(app)
            channel = (await box.api.conversations_create(name="inc-1"))["channel"]["id"]
            await box.api.conversations_invite(channel=channel, users=ADA)
            await box.act("mona", "join", channel=channel)
            await box.act("mona", "rename", channel=channel, name="inc-one")
            await box.act("ada", "kick", channel=channel, user="watchbill")
            await box.act("ada", "archive", channel=channel)
            await box.control("person", user="bob", deleted=True, tz="Europe/Rome")
            await box.settled()
            found = [event for event in heard if event["type"] != "message"]
            joined = [event["user"] for event in found if event["type"] == "member_joined_channel"]
            assert sorted(joined) == sorted([BOT_USER, ADA, box.world.workspace.person("mona").id])
            rest = [event["type"] for event in found if event["type"] != "member_joined_channel"]
            assert sorted(rest) == ["channel_archive", "channel_rename", "member_left_channel", "user_change"]
            assert next(event for event in found if event["type"] == "user_change")["user"]["deleted"]
            assert (await box.act("bob", "say", channel="general", text="x"))["error"] == "account_inactive"
            assert (await box.act("mona", "delete_channel", channel=channel))["ok"]

    run(tmp_path, test)


def test_only_subscribed_events_are_sent(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        await box.control("scopes", events=["app_mention"])
        async with box.app() as app:
            heard = listening(app)
            await box.act("ada", "say", channel="general", text="hello @watchbill")
            await box.settled()
            assert kinds(heard) == ["app_mention"]

    run(tmp_path, test)


def test_an_event_without_ack_comes_at_once_after_a_minute_and_after_five(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        box.world.sockets.ack_limit = 0.03
        socket = await socket_of(box)
        await box.act("ada", "say", channel="general", text="hello")
        seen = [await socket.receive_json(), await socket.receive_json()]
        for seconds in (60, 300):
            await box.settled()
            moving = asyncio.create_task(box.control("clock", advance=seconds))
            seen.append(await socket.receive_json())
            if seconds == 300:
                await socket.send_json({"envelope_id": seen[-1]["envelope_id"]})
            assert (await moving)["settled"]
        assert [envelope["retry_attempt"] for envelope in seen] == [0, 1, 2, 3]
        assert [envelope["retry_reason"] for envelope in seen] == ["", *["http_timeout"] * 3]
        assert len({envelope["payload"]["event_id"] for envelope in seen}) == 1
        assert len({envelope["envelope_id"] for envelope in seen}) == 4
        await socket.close()

    run(tmp_path, test)


def test_envelopes_go_to_any_socket_and_the_tenth_is_the_last(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        sockets = [await socket_of(box) for _ in range(10)]
        headers = {"Authorization": f"Bearer {APP_TOKEN}"}
        async with box.session.post(f"{box.server.url}/api/apps.connections.open", headers=headers) as answer:
            url = (await answer.json())["url"]
        eleventh = await box.session.ws_connect(url)
        assert (await eleventh.receive_json())["reason"] == "too_many_websockets"
        for _ in range(10):
            await box.act("ada", "say", channel="general", text="hello")
        for socket in sockets:
            envelope = await socket.receive_json()
            assert envelope["type"] == "events_api"
            await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await box.settled()
        assert (await box.control("bot", "GET"))["connections"] == 10
        await box.control("sockets", do="refresh")
        await box.control("sockets", do="drop")
        assert (await box.control("bot", "GET"))["connections"] == 0
        for socket in (*sockets, eleventh):
            await socket.close()

    run(tmp_path, test)


def test_a_used_ticket_opens_nothing(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        url = f"{box.server.url}/link/?ticket={box.world.sockets.ticket()}"
        async with box.session.ws_connect(url) as socket:
            await socket.receive_json()
        async with box.session.get(url) as answer:
            assert answer.status == 403

    run(tmp_path, test)


def test_the_same_payload_can_come_twice(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        assert (await box.control("redeliver", what="last_command"))["error"] == "nothing_to_redeliver"
        async with box.app() as app:
            got: list[Json] = []

            @app.command("/incident")
            async def command(ack: AsyncAck, body: Json) -> None:
                got.append(body)
                await ack(f"answer {len(got)}")

            await box.act("ada", "say", channel="general", text="/incident")
            again = await box.control("redeliver", what="last_command")
            assert (again["outcome"], again["payload"]) == ("acked", {"text": "answer 2"})
            assert got[0]["trigger_id"] == got[1]["trigger_id"]

    run(tmp_path, test)


def test_people_see_only_what_is_theirs_to_see(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        url = f"{box.server.url}/ui/live"
        async with (
            box.session.ws_connect(url, params={"as": "ada"}) as ada,
            box.session.ws_connect(url, params={"as": "zoe"}) as zoe,
        ):
            for socket in (ada, zoe):
                while (await socket.receive_json())["kind"] != "ready":
                    continue
            await box.act("mona", "say", channel="managers", text="secret")
            await box.api.chat_postEphemeral(channel="general", user=BOB, text="for bob")
            await box.act("mona", "create_channel", name="plans")
            await box.act("mona", "say", channel="plans", text="open to the house")
            await box.act("mona", "say", channel="general", text="the end")
            seen = {}
            for name, socket in (("ada", ada), ("zoe", zoe)):
                texts: list[str] = []
                while "the end" not in texts:
                    frame = await socket.receive_json()
                    texts += [frame["message"]["text"]] if frame["kind"] == "message" else []
                seen[name] = [text for text in texts if "joined" not in text]
            assert seen == {"ada": ["open to the house", "the end"], "zoe": ["the end"]}

    run(tmp_path, test)


def test_unread_and_mentions(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        await box.act("ada", "say", channel="general", text="one")
        await box.act("ada", "say", channel="general", text="two for @bob")

        async def counts() -> tuple[int, int]:
            (frame,) = [one for one in await box.frames("bob", "channel") if one["name"] == "general"]
            return frame["unread"], frame["mentions"]

        assert await counts() == (2, 1)
        elements = [{"type": "user", "user_id": BOB}, {"type": "text", "text": " look"}]
        rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}
        await box.api.chat_postMessage(channel="general", text="look", blocks=[rich])
        await box.api.chat_postMessage(channel="general", text="<!here> look")
        assert await counts() == (4, 3)
        await box.act("bob", "read", channel="general")
        assert await counts() == (0, 0)

    run(tmp_path, test)
