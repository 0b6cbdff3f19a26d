"""A chart on its way to Slack: tried again while nobody can see it, looked for as soon as somebody may."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.actions.communication import progress
from storage import incidents
from storage.store import Tx
from tests.engine.conftest import Story
from tests.engine.relaying import Scene
from tests.support.story import IC

Play = Callable[[Story], None]


def ask(tx: Tx) -> None:
    incident = incidents.get(tx, 1)
    progress.report(tx, incident, "databases", 412, 900, IC)
    progress.post_chart(tx, incident, "", IC)


def shown(on: Scene) -> list[dict[str, Any]]:
    """The messages with a picture."""
    return [message for message in on.peer.messages if message.get("files")]


def test_what_fails_before_it_is_shown_is_simply_tried_again(play: Play) -> None:
    async def story(on: Scene) -> None:
        on.peer.script["files.getUploadURLExternal"] = ["limit:5", "status:500"]
        on.peer.script["upload"] = ["status:503"]
        await on.store.run(ask)
        for _ in range(4):
            await on.move(seconds=10)
        (message,) = shown(on)
        assert "*databases* ▰▰▰▰▱▱▱▱▱▱ 412/900 (45 %)" in message["text"]
        (uploaded,) = on.peer.named("upload")[1:]
        (asked,) = on.peer.named("files.getUploadURLExternal")[3:]
        assert int(asked["length"]) == uploaded["bytes"]
        assert asked["filename"].startswith("INC-1-chart-")
        assert "412 of 900" in asked["alt_txt"]
        assert len(on.peer.named("files.completeUploadExternal")) == 1
        assert on.peer.named("conversations.history") == []

    play(story)


@pytest.mark.parametrize(("fault", "tries"), [("lose", 1), ("vanish", 2), ("status:500", 2)])
def test_an_uncertain_end_is_looked_for_and_nothing_is_shown_twice(play: Play, fault: str, tries: int) -> None:
    async def story(on: Scene) -> None:
        on.peer.script["files.completeUploadExternal"] = [fault]
        await on.store.run(ask)
        await on.quiet()
        for _ in range(3):
            await on.move(seconds=25)
        assert len(shown(on)) == 1
        assert len(on.peer.named("files.completeUploadExternal")) == tries
        assert len(on.peer.named("conversations.history")) == tries

    play(story)


@pytest.mark.parametrize("where", ["files.getUploadURLExternal", "files.completeUploadExternal"])
def test_where_nothing_may_be_uploaded_words_say_it(play: Play, where: str) -> None:
    async def story(on: Scene) -> None:
        on.peer.script[where] = ["error:file_uploads_disabled"]
        await on.store.run(ask)
        await on.quiet()
        assert shown(on) == []
        (said,) = [text for text in on.peer.texts() if "I can't" in text or "*Progress of INC-1*" in text]
        assert "*databases* ▰▰▰▰▱▱▱▱▱▱ 412/900 (45 %)" in said

    play(story)
