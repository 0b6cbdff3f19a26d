"""Whoever is told that something is done hears it when it is elsewhere too: a lost machine does not take it along."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from slack_bolt.async_app import AsyncApp

from bot.actions.command import rota
from bot.actions.waking import paging
from bot.domain.command import COMMANDER
from bot.slack import SlackGateway
from handlers.slack.entry import Entry
from handlers.slack.profiles import Profiles
from storage import incidents, pages, rotas
from storage.store import Store
from tests.handlers.browsing import browser, page_of, press
from tests.support.story import BOB, CHANNEL, IC, begin, settings

Listener = Callable[..., Any]


class _App:
    """Where an entrance puts its listeners."""

    def __init__(self) -> None:
        self.listeners: dict[str, Listener] = {}

    def __getattr__(self, kind: str) -> Callable[[object], Callable[[Listener], None]]:
        return lambda _: lambda listener: self.listeners.update({kind: listener})

    def error(self, listener: Listener) -> None:
        del listener


class _Silent:
    """For what asks Slack."""

    async def know(self, people: object) -> None:
        del people

    async def call(self, method: str, arguments: object) -> None:
        del method, arguments


@pytest.fixture
def waited(store: Store) -> list[str]:
    """What was done in the order in which it was: each time that a promise was waited for, and each answer."""
    done: list[str] = []

    async def barrier() -> None:
        done.append("replicated")

    store.on_promise = barrier
    return done


def comes_in(store: Store, waited: list[str], kind: str, body: dict[str, Any]) -> None:
    """A payload of Slack, through the entrance."""
    app = _App()
    entry = Entry(store, cast(SlackGateway, _Silent()), settings(), cast(Profiles, _Silent()), "UBOT")
    entry.register(cast(AsyncApp, app))

    async def ack(**_: object) -> None:
        waited.append("answered")

    async def story() -> None:
        await app.listeners[kind](ack, body)
        await entry.drain()

    asyncio.run(story())


def typed(text: str) -> dict[str, Any]:
    return {"user_id": BOB, "channel_id": CHANNEL, "text": text, "trigger_id": text}


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("note the disk is full", ["replicated", "answered"]),
        ("severity sev9", ["answered"]),
        ("show", ["answered"]),
    ],
)
def test_a_command_that_changed_something_is_answered_when_it_is_replicated(
    store: Store, waited: list[str], text: str, order: list[str]
) -> None:
    with store.write() as tx:
        begin(tx)
    comes_in(store, waited, "command", typed(text))
    assert waited == order


def test_a_shift_that_is_accepted_is_a_promise(store: Store, waited: list[str]) -> None:
    with store.write() as tx:
        incident = begin(tx)
        planned = rota.start(tx, incident, COMMANDER, [IC, BOB], timedelta(hours=8), IC)
        second = rotas.shifts_of(tx, planned.rota.id)[1]
    action = {"action_id": "shift:there", "value": f"{second.id}:{second.version}"}
    comes_in(store, waited, "action", {"user": {"id": BOB}, "actions": [action], "trigger_id": "t"})
    assert waited[:2] == ["replicated", "answered"]


def test_an_event_waits_for_nothing_but_the_answer_to_a_page(store: Store, waited: list[str]) -> None:
    with store.write() as tx:
        paging.page(tx, begin(tx), BOB, "ladder", "test")
    left = {"type": "member_left_channel", "user": IC, "channel": CHANNEL}
    comes_in(store, waited, "event", {"event": left, "event_id": "E1"})
    assert waited == ["answered"]
    waited.clear()
    heard = {"type": "message", "channel_type": "im", "user": BOB, "channel": "D1", "ts": "1.0", "text": "on it"}
    comes_in(store, waited, "event", {"event": heard, "event_id": "E2"})
    assert waited == ["replicated", "answered"]
    with store.read() as tx:
        assert not pages.unanswered(tx, incidents.get(tx, 1).number, BOB)


def test_what_is_done_on_the_web_is_a_promise(store: Store, waited: list[str]) -> None:
    with store.write() as tx:
        begin(tx)
    _, link = page_of(store)
    browser(store).post(link)
    assert waited == ["replicated"], "the link of a page"
    window = browser(store, BOB)
    press(window, "/i/1", "Keep it", {"kind": "note", "text": "we talk by phone"})
    assert waited == ["replicated"] * 2
