"""Files come in Slack's three steps, and nobody sees them before the last."""

import base64
from pathlib import Path

from sandbox.identity import BOT_TOKEN
from tests.sandbox.harness import Box, Json, run

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def ask(box: Box, length: int = len(PNG), **more: str) -> Json:
    asked = await box.api.api_call(
        "files.getUploadURLExternal", data={"filename": "chart.png", "length": length, **more}
    )
    return dict(asked.data) if isinstance(asked.data, dict) else {}


async def put(box: Box, url: str, body: bytes = PNG) -> int:
    async with box.session.post(url, data=body) as answer:
        return answer.status


def complete(file_id: str, channel: str = "C0GENERAL0") -> Json:
    return {"files": [{"id": file_id, "title": "A chart"}], "channel_id": channel, "initial_comment": "*Look*"}


def test_a_file_is_asked_for_uploaded_shared_and_seen(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        asked = await ask(box, alt_txt="412 of 900")
        assert await put(box, asked["upload_url"]) == 200
        assert await box.texts("ada", "C0GENERAL0") == []
        await box.api.api_call("files.completeUploadExternal", json=complete(asked["file_id"]))
        (message,) = (await box.api.conversations_history(channel="C0GENERAL0"))["messages"]
        (file,) = message["files"]
        assert (file["name"], file["title"], file["mimetype"]) == ("chart.png", "A chart", "image/png")
        assert (file["alt_txt"], message["text"], message["bot_id"]) == ("412 of 900", "*Look*", "B0WATCHBIL")
        assert "subtype" not in message
        async with box.session.get(file["url_private"]) as answer:
            assert await answer.read() == PNG
        (frame,) = [one for one in await box.frames("ada", "message") if one["message"].get("files")]
        assert frame["message"]["files"][0]["id"] == asked["file_id"]

    run(tmp_path, test)


def test_it_outlasts_the_sandbox(tmp_path: Path) -> None:
    async def first(box: Box) -> None:
        asked = await ask(box)
        await put(box, asked["upload_url"])
        await box.api.api_call("files.completeUploadExternal", json=complete(asked["file_id"]))

    async def second(box: Box) -> None:
        (file,) = (await box.api.conversations_history(channel="C0GENERAL0"))["messages"][0]["files"]
        async with box.session.get(f"{box.server.url}/files/{file['id']}/{file['name']}") as answer:
            assert await answer.read() == PNG

    run(tmp_path, first)
    run(tmp_path, second)


def test_what_slack_refuses_of_files(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
        url = f"{box.server.url}/api/files.getUploadURLExternal"
        async with box.session.post(url, json={"filename": "a.png", "length": 3}, headers=headers) as answer:
            assert (await answer.json())["error"] == "invalid_arguments"
        asked = await ask(box)
        refusal = "files.completeUploadExternal"
        assert await box.refusal(refusal, **complete(asked["file_id"])) == "file_not_found"
        assert await put(box, asked["upload_url"], b"other") == 400
        assert await put(box, f"{box.server.url}/upload/v1/nobody", PNG) == 400
        assert await put(box, asked["upload_url"]) == 200
        assert await box.refusal(refusal, **complete(asked["file_id"], "C0NOWHERE0")) == "channel_not_found"
        assert await box.refusal(refusal, **complete(asked["file_id"], "C0RANDOM00")) == "not_in_channel"
        async with box.session.get(f"{box.server.url}/files/{asked['file_id']}/chart.png") as answer:
            assert answer.status == 404
        await box.api.api_call(refusal, json=complete(asked["file_id"]))
        assert await box.refusal(refusal, **complete(asked["file_id"])) == "file_not_found"
        await box.control("scopes", scopes=["chat:write"])
        assert await box.refusal(refusal, **complete(asked["file_id"])) == "missing_scope"

    run(tmp_path, test)


def test_an_upload_can_fail(tmp_path: Path) -> None:
    async def test(box: Box) -> None:
        asked = await ask(box)
        await box.control("faults", on="upload", do="status", status=503)
        assert await put(box, asked["upload_url"]) == 503
        assert await put(box, asked["upload_url"]) == 200

    run(tmp_path, test)
