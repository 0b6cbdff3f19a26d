"""Commands, clicks and forms, through slack_bolt."""

from pathlib import Path
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.identity import BOT_USER
from tests.sandbox.harness import ADA, Box, Json, button, field, modal, plain, run


def answering(app: AsyncApp, answer: Any) -> list[Json]:
    """Let the app answer /incident; the payloads that it got."""
    got: list[Json] = []

    @app.command("/incident")
    async def command(ack: AsyncAck, body: Json) -> None:
        got.append(body)
        await (ack(**answer) if isinstance(answer, dict) else ack(answer))

    return got


def opening(app: AsyncApp, view: Json) -> None:
    """Let the app answer /incident with a modal."""

    @app.command("/incident")
    async def command(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()


async def stack(box: Box, who: str = "ada") -> list[Json]:
    (frame,) = await box.frames(who, "view")
    found: list[Json] = frame["stack"]
    return found


def test_a_command_is_escaped_and_answered_for_its_person_only(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async with box.app() as app:
            got = answering(app, "done")
            typed = "/incident  tell @bob in #incidents & #managers <b> https://a.test/@eve @nobody"
            said = await box.act("ada", "say", channel="#random", text=typed)
            assert (said["ok"], said["reply"]["text"], said["reply"]["ephemeral"]) == (True, "done", True)
            bob, incidents = "<@U0BOB00000|bob>", "<#C0INCIDENT|incidents>"
            expected = f"tell {bob} in {incidents} &amp; <#C0MANAGERS|> &lt;b&gt; <https://a.test/@eve> @nobody"
            assert (got[0]["text"], got[0]["command"], got[0]["channel_name"]) == (expected, "/incident", "random")
            assert await box.texts("ada", "C0RANDOM00") == ["done"]
            assert await box.texts("bob", "C0RANDOM00") == []

    run(tmp_path, test)


def test_in_channel_shows_the_command_too(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async with box.app() as app:
            answering(app, {"response_type": "in_channel", "text": "for all"})
            await box.act("ada", "say", channel="general", text="/incident x")
            assert await box.texts("bob", "C0GENERAL0") == ["/incident x", "for all"]

    run(tmp_path, test)


def test_commands_that_fail(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        said = await box.act("ada", "say", channel="general", text="/incident")
        assert (said["ok"], said["error"], said["reply"]) == (False, "dispatch_failed", None)
        assert (await box.act("ada", "say", channel="general", text="/other"))["error"] == "invalid_command"
        thread = await box.act("ada", "say", channel="general", text="hello")
        inside = await box.act("ada", "say", channel="general", text="/incident", thread_ts=thread["ts"])
        assert inside["error"] == "not_in_threads"
        box.world.sockets.ack_limit = 0.05
        async with box.app() as app:

            @app.command("/incident")
            async def command() -> None:
                """It never acknowledges."""

            said = await box.act("ada", "say", channel="general", text="/incident")
            assert said["error"] == "operation_timeout"

    run(tmp_path, test)


def test_a_response_url_serves_five_times_within_thirty_minutes(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async with box.app() as app:
            got = answering(app, "first")
            for _ in range(2):
                await box.act("ada", "say", channel="random", text="/incident")
        spent, old = got[0]["response_url"], got[1]["response_url"]

        async def post(url: str, **body: Any) -> tuple[int, str]:
            async with box.session.post(url, json=body) as answer:
                return answer.status, await answer.text()

        assert await post(spent, text="second", replace_original=True) == (200, "ok")
        assert await box.texts("ada", "C0RANDOM00") == ["second", "first"]
        assert (await post(spent, blocks=[{"type": "section"}], text="x"))[0] == 400
        assert await post(spent, delete_original=True) == (200, "ok")
        assert await box.texts("ada", "C0RANDOM00") == ["first"]
        for number in range(3):
            assert await post(spent, text=str(number), response_type="in_channel") == (200, "ok")
        assert await box.texts("bob", "C0RANDOM00") == ["0", "1", "2"]
        status, body = await post(spent, text="x")
        assert (status, "used_url" in body) == (404, True)
        await box.control("clock", advance=1801)
        status, body = await post(old, text="x")
        assert (status, "expired_url" in body) == (404, True)

    run(tmp_path, test)


def test_triggers_serve_once_and_not_long(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async with box.app() as app:
            got = answering(app, "")
            for _ in range(2):
                await box.act("ada", "say", channel="general", text="/incident")
        once, old = (body["trigger_id"] for body in got)
        await box.api.views_open(trigger_id=once, view=modal())
        assert await box.refusal("views.open", trigger_id=once, view=modal()) == "exchanged_trigger_id"
        assert await box.refusal("views.open", trigger_id="1.2.a", view=modal()) == "invalid_trigger_id"
        box.world.triggers.life = 0
        assert await box.refusal("views.open", trigger_id=old, view=modal()) == "expired_trigger_id"
        with pytest.raises(SlackApiError) as caught:
            await box.api.views_open(trigger_id=old, view={"type": "modal", "blocks": []})
        assert caught.value.response["error"] == "invalid_arguments"
        assert caught.value.response["response_metadata"]["messages"]

    run(tmp_path, test)


def test_a_form_is_checked_refused_and_accepted(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async with box.app() as app:
            opening(app, modal(field(), callback_id="form", private_metadata="INC-7"))
            answers: list[Json] = [{"response_action": "errors", "errors": {"what": "No."}}, {}]
            got: list[Json] = []

            @app.view("form")
            async def view(ack: AsyncAck, body: Json) -> None:
                got.append(body["view"])
                await ack(**answers[len(got) - 1])

            await box.act("ada", "say", channel="general", text="/incident")
            (open_view,) = await stack(box)
            submit: Json = {"view_id": open_view["id"], "values": {"what": {"text": ""}}}
            assert (await box.act("bob", "submit", **submit))["error"] == "not_found"
            assert list((await box.act("ada", "submit", **submit))["errors"]) == ["what"]
            assert got == []
            submit["values"] = {"what": {"text": "Checkout is slow"}}
            assert (await box.act("ada", "submit", **submit))["errors"] == {"what": "No."}
            assert (await box.frames("ada", "view"))[0]["errors"] == {"what": "No."}
            assert await box.act("ada", "submit", **submit) == {"ok": True, "view": None}
            assert got[1]["state"]["values"]["what"]["text"]["value"] == "Checkout is slow"
            assert got[1]["private_metadata"] == "INC-7"
            assert await stack(box) == []

    run(tmp_path, test)


def test_modals_stack_three_deep(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async with box.app() as app:
            opening(app, modal(button(), title="1", notify_on_close=True, callback_id="first"))
            errors: list[str] = []
            closed: list[Json] = []

            @app.action("press")
            async def press(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
                await ack()
                try:
                    title = str(int(body["view"]["title"]["text"]) + 1)
                    await client.views_push(trigger_id=body["trigger_id"], view=modal(button(), title=title))
                except SlackApiError as error:
                    errors.append(error.response["error"])

            @app.view_closed("first")
            async def gone(ack: AsyncAck, body: Json) -> None:
                closed.append(body)
                await ack()

            await box.act("ada", "say", channel="general", text="/incident")
            for depth in (1, 2, 3):
                views = await stack(box)
                assert [view["title"]["text"] for view in views] == ["1", "2", "3"][:depth]
                assert (await box.act("ada", "click", view_id=views[-1]["id"], action_id="press"))["ok"]
                await box.settled()
            assert errors == ["push_limit_reached"]
            views = await stack(box)
            assert views[2]["root_view_id"] == views[0]["id"]
            assert views[2]["previous_view_id"] == views[1]["id"]
            await box.act("ada", "close", view_id=views[2]["id"])
            assert len(await stack(box)) == 2
            await box.act("ada", "close", view_id=views[1]["id"], all=True)
            assert [body["is_cleared"] for body in closed] == [True]
            assert await stack(box) == []

    run(tmp_path, test)


def test_an_answer_may_update_push_or_clear(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async with box.app() as app:
            opening(app, modal(callback_id="form", title="one"))
            answers: list[Json] = [
                {"response_action": "update", "view": modal(callback_id="form", title="two", external_id="x")},
                {"response_action": "push", "view": modal(callback_id="form", title="three")},
                {"response_action": "errors", "errors": {"no such block": "?"}},
                {"response_action": "clear"},
            ]

            @app.view("form")
            async def view(ack: AsyncAck) -> None:
                await ack(**answers.pop(0))

            await box.act("ada", "say", channel="general", text="/incident")
            values = {"what": {"text": "x"}}
            titles = []
            while views := await stack(box):
                titles.append([one["title"]["text"] for one in views])
                answer = await box.act("ada", "submit", view_id=views[-1]["id"], values=values)
                if len(titles) == 3:
                    assert answer["error"] == "invalid_response"
            assert titles == [["one"], ["two"], ["two", "three"], ["two", "three"]]

    run(tmp_path, test)


def test_a_stale_hash_is_a_conflict(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async with box.app() as app:
            opening(app, modal(external_id="mine"))
            await box.act("ada", "say", channel="general", text="/incident")
            (view,) = await stack(box)
            await box.api.views_update(external_id="mine", view=modal(title="2", external_id="mine"), hash=view["hash"])
            stale = {"view_id": view["id"], "view": modal(title="3"), "hash": view["hash"]}
            assert await box.refusal("views.update", **stale) == "hash_conflict"
            assert (await stack(box))[0]["title"]["text"] == "2"

    run(tmp_path, test)


def test_a_click_in_a_message_can_replace_it(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async with box.app() as app:
            got: list[Json] = []

            @app.action("press")
            async def press(ack: AsyncAck, body: Json, respond: AsyncRespond) -> None:
                await ack()
                got.append(body)
                await respond("pressed")

            posted = await box.api.chat_postMessage(channel="general", text="card", blocks=[button(value="INC-7")])
            click = {"channel": "general", "ts": posted["ts"], "action_id": "press"}
            assert (await box.act("ada", "click", **click))["ok"]
            await box.settled()
            action, container = got[0]["actions"][0], got[0]["container"]
            assert (action["value"], action["block_id"], got[0]["user"]["id"]) == ("INC-7", "buttons", ADA)
            assert (container["message_ts"], container["is_ephemeral"]) == (posted["ts"], False)
            assert await box.texts("bob", "C0GENERAL0") == ["pressed"]
            assert (await box.act("ada", "click", **click))["error"] == "no_such_element"

    run(tmp_path, test)


def test_menus_send_what_was_selected(tmp_path: Path) -> None:
    options = [{"text": plain(name), "value": name} for name in ("sev1", "sev2")]
    elements = [
        {"type": "static_select", "action_id": "one", "placeholder": plain("?"), "options": options},
        {"type": "users_select", "action_id": "who", "placeholder": plain("?")},
        {"type": "overflow", "action_id": "more", "options": options},
    ]

    async def test(box: Box) -> None:
        async with box.app() as app:
            got: list[Json] = []
            for name in ("one", "who", "more"):

                @app.action(name)
                async def chosen(ack: AsyncAck, body: Json) -> None:
                    await ack()
                    got.append(body["actions"][0])

            view = {"type": "home", "blocks": [{"type": "actions", "elements": elements}]}
            home = (await box.api.views_publish(user_id=ADA, view=view))["view"]
            for name, value in (("one", "sev2"), ("who", "bob"), ("more", "sev1")):
                assert (await box.act("ada", "click", view_id=home["id"], action_id=name, selected=value))["ok"]
            assert (got[0]["selected_option"], got[1]["selected_user"]) == (options[1], "U0BOB00000")
            assert got[2]["selected_option"] == options[0]
            wrong = await box.act("ada", "click", view_id=home["id"], action_id="one", selected="sev9")
            assert wrong["error"] == "no_such_option"

    run(tmp_path, test)


def test_the_home_is_told_of_and_published(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        async with box.app() as app:

            @app.event("app_home_opened")
            async def opened(event: Json, client: AsyncWebClient) -> None:
                view = {"type": "home", "blocks": [{"type": "divider"}]}
                await client.views_publish(user_id=event["user"], view=view)

            await box.act("ada", "open_home")
            await box.settled()
            (home,) = await box.frames("ada", "home")
            assert home["view"]["blocks"][0]["type"] == "divider"
            assert (await box.frames("bob", "home"))[0]["view"] is None
            assert await box.refusal("views.publish", user_id=BOT_USER, view=modal()) == "invalid_arguments"

    run(tmp_path, test)
