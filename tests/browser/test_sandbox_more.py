"""What the sandbox's own client offers: shortcuts, threads, marks of what is unread, user groups, people's time."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen
from tests.browser.little_app import LittleApp
from tests.harness.doors import Doors
from tests.harness.server import Server

pytestmark = [pytest.mark.browser]
GENERAL = "C0GENERAL0"


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[Doors]:
    """A sandbox without the bot."""
    server = Server(tmp_path, "relaxed", {})
    doors = Doors(server.url)
    yield doors
    doors.close()
    server.kill()


@pytest.fixture
def app(doors: Doors) -> Iterator[LittleApp]:
    with LittleApp(doors.url) as app:
        yield app
        # It would listen for seconds before it sees that it is closed.
        doors.control("sockets", do="abort")


@pytest.fixture
def url(doors: Doors) -> str:
    """The windows show this sandbox."""
    return doors.url


def test_a_global_shortcut_from_the_bolt_and_from_a_slash(window: OpenScreen, app: LittleApp) -> None:
    ada = window("ada")
    ada.page.get_by_role("button", name="Shortcuts").click()
    ada.page.get_by_role("option", name="Declare an incident").click()
    expect(ada.page.get_by_role("dialog", name="declare")).to_be_visible()
    ada.close_modal()
    ada.composer.click()
    ada.page.keyboard.type("/decl")
    expect(ada.page.get_by_role("option", name="Declare an incident")).to_be_visible()
    ada.page.keyboard.press("Enter")
    expect(ada.page.get_by_role("dialog", name="declare")).to_be_visible()
    expect(ada.composer).to_have_value("")
    assert [(one["type"], "channel" in one) for one in app.heard] == [("shortcut", False)] * 2


def test_a_message_shortcut_without_a_mouse(window: OpenScreen, doors: Doors, app: LittleApp) -> None:
    said = doors.act("bob", "say", channel="general", text="The deploy is to blame")
    ada = window("ada")
    ada.page.get_by_role("log", name="Messages in").focus()
    ada.page.keyboard.press("ArrowUp")
    expect(ada.message("The deploy is to blame")).to_be_focused()
    more = ada.page.get_by_role("button", name="More actions")
    for _ in range(6):
        ada.page.keyboard.press("Tab")
        if more.evaluate("node => node === document.activeElement"):
            break
    ada.page.keyboard.press("Enter")
    ada.page.keyboard.press("ArrowDown")
    ada.page.keyboard.press("Enter")
    expect(ada.page.get_by_role("dialog", name="add-to-timeline")).to_contain_text("The deploy is to blame")
    (heard,) = app.heard
    assert (heard["type"], heard["message_ts"], heard["channel"]["id"]) == ("message_action", said["ts"], GENERAL)


def test_a_shortcut_that_nobody_answers_says_so(window: OpenScreen) -> None:
    ada = window("ada")
    ada.page.get_by_role("button", name="Shortcuts").click()
    ada.page.get_by_role("option", name="Declare an incident").click()
    expect(ada.page.locator(".toast.error")).to_contain_text("did not respond to your shortcut")


def test_a_thread_is_opened_read_and_replied_to(window: OpenScreen, doors: Doors, app: LittleApp) -> None:
    card = app.api.chat_postMessage(channel=GENERAL, text="The briefing is in the thread")
    app.api.chat_postMessage(channel=GENERAL, thread_ts=card["ts"], text="What changed in this period")
    ada = window("ada")
    expect(ada.message("What changed")).to_have_count(0)
    ada.page.get_by_role("button", name="1 reply").click()
    thread = ada.page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_text("What changed in this period")).to_be_visible()
    reply = thread.get_by_role("textbox", name="Reply in thread")
    reply.click()
    ada.page.keyboard.type("I have read it\n")
    expect(thread.get_by_text("I have read it")).to_be_visible()
    expect(ada.page.get_by_role("button", name="2 replies")).to_be_visible()
    doors.act("bob", "say", channel="general", text="So have I", thread_ts=card["ts"])
    expect(thread.get_by_text("So have I")).to_be_visible()
    replies = app.api.conversations_replies(channel=GENERAL, ts=card["ts"])["messages"]
    assert [one["text"] for one in replies[2:]] == ["I have read it", "So have I"]
    reply.focus()
    ada.page.keyboard.press("Escape")
    expect(thread).to_be_hidden()


def test_what_is_unread_is_counted_until_it_is_read(window: OpenScreen, doors: Doors, app: LittleApp) -> None:
    ada = window("ada")
    messages = ada.page.get_by_role("link", name="Watchbill Messages")
    expect(messages).to_be_visible()  # before anything was ever said there
    expect(messages.locator(".count")).to_have_count(0)
    for text in ("Your shift begins in an hour", "Your shift begins now"):
        app.api.chat_postMessage(channel="U0ADA00000", text=text)
    expect(messages.locator(".count")).to_have_text("2")
    expect(messages).to_have_class(re.compile("unread"))
    expect(ada.page).to_have_title(re.compile(r"^\(2\)"))
    doors.act("bob", "say", channel="@ada", text="Are you there?")
    direct = ada.page.get_by_role("region", name="Direct messages").get_by_role("link", name="Bob Kahn")
    expect(direct.locator(".count")).to_have_text("1")
    ada.dm()
    expect(messages.locator(".count")).to_have_count(0)
    expect(ada.page).to_have_title(re.compile(r"^\(1\)"))
    direct.click()
    expect(direct.locator(".count")).to_have_count(0)


def test_a_group_is_mentioned_by_its_handle(window: OpenScreen, doors: Doors) -> None:
    mona = window("mona", "random")
    ada = window("ada")
    ada.composer.click()
    ada.page.keyboard.type("@comm")
    expect(ada.page.get_by_role("option", name="@commanders")).to_contain_text("Commanders · 2 people")
    ada.page.keyboard.press("Enter")
    ada.page.keyboard.type("who takes over?\n")
    mention = ada.message("who takes over?").locator("[data-group]")
    expect(mention).to_have_text("@commanders")
    expect(mention).not_to_have_class(re.compile("mention-me"))
    expect(mona.row("general").locator(".count")).to_have_text("1")
    mona.go("general")
    expect(mona.message("who takes over?").locator(".mention-me")).to_have_text("@commanders")
    mention.hover()
    expect(mention).to_have_attribute("title", re.compile(r"Commanders\nMona Keller · \d\d:\d\d, Europe/Berlin\nDana"))


def test_everybody_has_their_own_time(window: OpenScreen, doors: Doors) -> None:
    now = doors.get("/control/clock")["now"]
    noon = (int(now) // 86_400 + 1) * 86_400 + 6 * 3600 + 15 * 60  # 06:15 UTC: noon in Kathmandu, all year round
    doors.control("clock", until=noon)
    doors.act("gita", "say", channel="general", text="Good afternoon")
    ada = window("ada")
    author = ada.message("Good afternoon").locator(".author")
    author.hover()
    expect(author).to_have_attribute("title", "12:00, Asia/Kathmandu")
    ada.page.get_by_role("button", name="Acting as").click()
    expect(ada.page.locator(".person-row[data-person=gita]")).to_contain_text("12:00, Asia/Kathmandu")
    expect(ada.page.locator(".person-row[data-person=otto] small")).to_have_text("")
    ada.page.keyboard.press("Escape")
    channel = doors.act("ada", "open_dm", user="gita")["channel"]
    ada.page.get_by_role("link", name="Gita Sharma").click()
    header = ada.page.locator(".channel-head [data-local-time]")
    expect(header).to_have_text("12:00, Asia/Kathmandu")
    doors.control("clock", advance=1800)
    doors.act("gita", "say", channel=channel, text="Still here")
    expect(header).to_have_text("12:30, Asia/Kathmandu")
