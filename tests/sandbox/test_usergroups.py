"""User groups: read, replaced, refused, and mentioned."""

from pathlib import Path
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck

from sandbox.identity import BOT_USER
from tests.sandbox.harness import ADA, BOB, ZOE, Box, Json, run

IC, COMMANDERS = "S0IC000000", "S0COMMAND1"
MONA, DANA, OTTO = "U0MONA0000", "U0DANA0000", "U0OTTO0000"


def test_groups_are_listed_with_what_is_asked_for(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        plain: list[Json] = (await box.api.usergroups_list())["usergroups"]
        assert [(one["id"], one["handle"], one["date_delete"]) for one in plain] == [
            (IC, "ic", 0),
            (COMMANDERS, "commanders", 0),
        ]
        assert not {"users", "user_count"} & plain[0].keys()
        whole = (await box.api.usergroups_list(include_users=True, include_count=True))["usergroups"]
        assert [(one["users"], one["user_count"]) for one in whole] == [([], "0"), ([MONA, DANA], "2")]
        assert (await box.api.usergroups_users_list(usergroup=COMMANDERS))["users"] == [MONA, DANA]

    run(tmp_path, test)


def test_an_update_replaces_the_whole_list(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        group = (await box.api.usergroups_users_update(usergroup=COMMANDERS, users=[ADA, BOB, ADA]))["usergroup"]
        assert (group["users"], group["updated_by"], "user_count" in group) == ([ADA, BOB], BOT_USER, False)
        (shown,) = [one for one in await box.frames("eve", "usergroup") if one["id"] == COMMANDERS]
        assert (shown["handle"], shown["users"], shown["disabled"]) == ("commanders", [ADA, BOB], False)

    run(tmp_path, test)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"users": ""}, "no_users_provided"),
        ({"users": []}, "no_users_provided"),
        ({}, "no_users_provided"),
        ({"users": f"{ADA},U0NOBODY00"}, "invalid_users"),
        ({"users": BOT_USER}, "invalid_users"),
        ({"users": "USLACKBOT"}, "invalid_users"),
        ({"users": OTTO}, "invalid_users"),
        ({"users": f"{ADA},{ZOE}"}, "failed_for_some_users"),
        ({"users": ADA, "usergroup": "S0NOBODY00"}, "no_such_subteam"),
    ],
)
def test_an_update_that_is_refused_changes_nothing(tmp_path: Path, arguments: Json, error: str) -> None:
    async def test(box: Box) -> None:
        assert await box.refusal("usergroups.users.update", **{"usergroup": IC, **arguments}) == error
        assert (await box.api.usergroups_users_list(usergroup=IC))["users"] == []

    run(tmp_path, test)


def test_the_workspace_may_not_allow_it_or_not_have_paid(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        update = {"usergroup": IC, "users": ADA}
        assert (await box.control("usergroups", mode="permission_denied"))["mode"] == "permission_denied"
        assert await box.refusal("usergroups.users.update", **update) == "permission_denied"
        assert (await box.api.usergroups_list())["ok"]
        await box.control("usergroups", mode="plan_upgrade_required")
        assert await box.refusal("usergroups.users.update", **update) == "plan_upgrade_required"
        assert await box.refusal("usergroups.list") == "plan_upgrade_required"
        assert await box.refusal("usergroups.users.list", usergroup=IC) == "plan_upgrade_required"
        await box.control("usergroups", mode="ok")
        assert (await box.api.usergroups_users_update(usergroup=IC, users=ADA))["ok"]
        assert (await box.control("usergroups", mode="whatever"))["error"] == "invalid_arguments"
        await box.control("scopes", scopes=["usergroups:read"])
        assert await box.refusal("usergroups.users.update", **update) == "missing_scope"

    run(tmp_path, test)


def test_a_group_out_of_use_is_nearly_gone(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        await box.control("usergroups", group="ic", users=["ada"], disabled=True)
        assert [one["id"] for one in (await box.api.usergroups_list())["usergroups"]] == [COMMANDERS]
        every = (await box.api.usergroups_list(include_disabled=True))["usergroups"]
        assert (every[0]["id"], every[0]["date_delete"] > 0, every[0]["deleted_by"]) == (IC, True, MONA)
        assert await box.refusal("usergroups.users.list", usergroup=IC) == "no_such_subteam"
        assert await box.refusal("usergroups.users.update", usergroup=IC, users=BOB) == "no_such_subteam"
        assert (await box.api.usergroups_users_list(usergroup=IC, include_disabled=True))["users"] == [ADA]

    run(tmp_path, test)


def test_the_bot_hears_of_changes(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async with box.app() as app:
            heard: dict[str, Json] = {}
            for kind in ("subteam_updated", "subteam_members_changed"):

                @app.event(kind)
                async def changed(event: Json) -> None:
                    heard[event["type"]] = event

            await box.control("usergroups", group="commanders", users=["mona", "ada"])
            await box.settled()
            delta = heard["subteam_members_changed"]
            assert (delta["subteam_id"], delta["added_users"], delta["removed_users"]) == (COMMANDERS, [ADA], [DANA])
            assert heard["subteam_updated"]["subteam"]["users"] == [MONA, ADA]

    run(tmp_path, test)


def test_a_mention_calls_those_who_are_in_the_group_then(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async def mentions(who: str) -> int:
            (frame,) = [one for one in await box.frames(who, "channel") if one["name"] == "general"]
            return int(frame["mentions"])

        said = await box.act("ada", "say", channel="general", text="@commanders please look, @ic too")
        assert said["message"]["text"] == f"<!subteam^{COMMANDERS}> please look, <!subteam^{IC}> too"
        section: Json = {"type": "section", "text": {"type": "mrkdwn", "text": f"<!subteam^{COMMANDERS}|@commanders>"}}
        await box.api.chat_postMessage(channel="general", text="In the blocks", blocks=[section])
        await box.control("usergroups", group="commanders", users=["bob"])
        assert [await mentions(who) for who in ("mona", "dana", "bob", "eve")] == [2, 2, 0, 0]

    run(tmp_path, test)


def test_a_command_gets_the_group_with_its_handle(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async with box.app() as app:
            got: list[Any] = []

            @app.command("/incident")
            async def command(ack: AsyncAck, body: Json) -> None:
                got.append(body["text"])
                await ack()

            await box.act("ada", "say", channel="general", text="/incident page @commanders")
            assert got == [f"page <!subteam^{COMMANDERS}|@commanders>"]

    run(tmp_path, test)
