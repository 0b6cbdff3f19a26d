"""Who people are, and what becomes of one who goes."""

from pathlib import Path

import pytest

from sandbox.identity import BOT_USER
from tests.sandbox.harness import ADA, EVE, ZOE, Box, Json, run
from tests.sandbox.test_events import listening

FINN, GITA = "U0FINN0000", "U0GITA0000"


def test_addresses_are_shown_with_their_scope_only(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        profile = (await box.api.users_info(user=ADA))["user"]["profile"]
        assert profile["email"] == "ada@sandbox.example"
        for nobody in (ZOE, BOT_USER, "USLACKBOT"):
            assert "email" not in (await box.api.users_info(user=nobody))["user"]["profile"]
        await box.control("scopes", scopes=["users:read"])
        assert "email" not in (await box.api.users_info(user=ADA))["user"]["profile"]
        assert await box.refusal("users.lookupByEmail", email="ada@sandbox.example") == "missing_scope"

    run(tmp_path, test)


def test_people_are_found_by_their_address(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        found = (await box.api.users_lookupByEmail(email="Gita@sandbox.example"))["user"]
        assert (found["id"], found["tz"], found["tz_offset"]) == (GITA, "Asia/Kathmandu", 20_700)
        for wrong in ("otto@sandbox.example", "zoe@sandbox.example", "watchbill@sandbox.example", "", "@"):
            assert await box.refusal("users.lookupByEmail", email=wrong) == "users_not_found"

    run(tmp_path, test)


def test_people_come_in_pages(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        found: list[str] = []
        cursor = ""
        pages = 0
        while pages == 0 or cursor:
            page = await box.api.users_list(limit=5, cursor=cursor)
            found += [one["id"] for one in page["members"]]
            cursor, pages = page["response_metadata"]["next_cursor"], pages + 1
        assert (pages, len(found), len(set(found))) == (3, 13, 13)
        assert {FINN, GITA, ZOE, BOT_USER, "USLACKBOT"} < set(found)

    run(tmp_path, test)


def test_a_deactivated_person_is_in_no_channel_and_no_group(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async with box.app() as app:
            heard = listening(app)
            await box.control("scopes", events=["user_change", "member_left_channel", "message.channels"])
            await box.api.usergroups_users_update(usergroup="S0IC000000", users=[EVE, ADA])
            await box.control("person", user="eve", deleted=True)
            await box.settled()
            assert EVE not in (await box.api.conversations_members(channel="C0GENERAL0"))["members"]
            assert (await box.api.usergroups_users_list(usergroup="S0IC000000"))["users"] == [ADA]
            # Slack tells of it by this event alone, and no line stands in the channel.
            assert [event["type"] for event in heard] == ["user_change"]
            assert (await box.api.conversations_history(channel="C0GENERAL0"))["messages"] == []
            user = (await box.api.users_info(user=EVE))["user"]
            assert (user["deleted"], "tz" in user, "real_name" in user) == (True, False, False)
            assert await box.refusal("conversations.invite", channel="C0GENERAL0", users=EVE) == "cant_invite"
            ephemeral = {"channel": "C0GENERAL0", "user": EVE, "text": "x"}
            assert await box.refusal("chat.postEphemeral", **ephemeral) == "user_not_in_channel"

    run(tmp_path, test)


@pytest.mark.parametrize("known", [True, False])
def test_a_message_to_somebody_who_has_gone(tmp_path: Path, known: bool) -> None:
    async def test(box: Box) -> None:
        channel = (await box.api.chat_postMessage(channel=EVE, text="before"))["channel"] if known else ""
        await box.control("person", user="eve", deleted=True)
        assert await box.refusal("conversations.open", users=EVE) == "user_disabled"
        if known:
            # It goes where nobody reads: only the list of conversations tells.
            assert (await box.api.chat_postMessage(channel=EVE, text="after"))["channel"] == channel
            (shown,) = (await box.api.conversations_list(types="im"))["channels"]
            assert (shown["user"], shown["is_user_deleted"]) == (EVE, True)
        else:
            assert await box.refusal("chat.postMessage", channel=EVE, text="after") == "channel_not_found"

    run(tmp_path, test)


@pytest.mark.parametrize(
    ("missing", "kind"),
    [("groups:history", "message"), ("groups:read", "member_joined_channel"), ("reactions:read", "reaction_added")],
)
def test_events_need_the_scope_of_what_they_tell(tmp_path: Path, missing: str, kind: str) -> None:
    async def test(box: Box) -> None:
        channel = (await box.api.conversations_create(name="secret", is_private=True))["channel"]["id"]
        every = set((await box.control("scopes", "GET"))["scopes"])
        async with box.app() as app:
            heard = listening(app)
            await box.api.conversations_invite(channel=channel, users=ADA)
            await box.settled()
            for scopes, comes in ((every - {missing}, False), (every, True)):
                await box.control("scopes", scopes=sorted(scopes))
                heard.clear()
                await _something(box, channel)
                assert (kind in [one["type"] for one in heard if "subtype" not in one]) is comes

    run(tmp_path, test)


async def _something(box: Box, channel: str) -> None:
    """A message, a reaction, and somebody who comes and goes."""
    said: Json = await box.act("ada", "say", channel=channel, text="hello")
    await box.act("ada", "react", channel=channel, ts=said["ts"], name="eyes")
    await box.act("ada", "invite", channel=channel, user="bob")
    await box.act("ada", "kick", channel=channel, user="bob")
    await box.settled()
