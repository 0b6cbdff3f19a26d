"""One person's browser window. Everything here is a click, a key or a look."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Dialog, Error, Locator, Page, Request, expect

PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)

CARD = "article.message.pinned"


class Screen:
    """A page of the sandbox's client, and everything that went wrong on it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self._url = page, url
        self.errors: list[str] = []
        self._listening: dict[Any, Callable[[Any], None]] = {
            "pageerror": self._broke,
            "console": self._printed,
            "dialog": self._asked,
            "request": self._fetched,
        }
        page.set_default_timeout(PATIENCE_MS)
        for event, listener in self._listening.items():
            page.on(event, listener)

    def open(self, handle: str, place: str = "general") -> None:
        """Load the client as somebody, at a channel or `app/home`."""
        self.page.goto(f"{self._url}/?as={handle}#{place}")
        self.is_ready()

    def leave(self) -> None:
        """Somebody else looks at this page from now on."""
        for event, listener in self._listening.items():
            self.page.remove_listener(event, listener)

    def is_ready(self) -> None:
        expect(self.page.locator("body[data-ready]")).to_be_attached()

    def become(self, handle: str) -> None:
        """Act as somebody else, with the sidebar's switch."""
        self.page.get_by_role("button", name="Acting as").click()
        self.page.locator(f".person-row[data-person={handle}]").click()
        expect(self.page.locator(f".who[data-person={handle}]")).to_be_visible()
        expect(self.page.locator("article.message").first).to_be_visible()

    def go(self, name: str) -> None:
        """Click a channel in the sidebar."""
        self.row(name).click()
        expect(self.composer).to_have_attribute("aria-label", f"Message #{name}")

    def row(self, name: str) -> Locator:
        """A channel's row in the sidebar."""
        return self.page.locator(f'a[data-channel][data-name="{name}"]')

    def home(self) -> Locator:
        """Go to the bot's Home tab."""
        self.page.get_by_role("link", name="Watchbill Home").click()
        return self.page.get_by_role("tabpanel", name="Home")

    def dm(self) -> Locator:
        """Go to the direct messages with the bot; what it said there."""
        self.page.get_by_role("link", name="Watchbill Messages").click()
        expect(self.composer).to_have_attribute("aria-label", re.compile("Message watchbill", re.IGNORECASE))
        return self.page.locator("article.message:not(.quiet)")

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name=re.compile("^Message "))

    def says(self, text: str) -> None:
        """Type something and send it; a command has had its ack when this returns."""
        self.composer.click()
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")
        expect(self.composer).to_have_value("")

    def declares(self, line: str) -> str:
        """Declare with one line; the name of the incident's channel, which the answer links to."""
        leading = self.page.locator("article.message[data-ephemeral]").filter(has_text="go to #")
        before = leading.count()
        self.says(f"/incident declare {line}")
        expect(leading).to_have_count(before + 1)
        link = leading.last.locator("a.mention")
        name = (link.text_content() or "").removeprefix("#")
        link.click()
        expect(self.composer).to_have_attribute("aria-label", f"Message #{name}")
        expect(self.card).to_be_visible()
        return name

    def message(self, *words: str) -> Locator:
        """What everyone here can read and has all these words."""
        found = self.page.get_by_role("log").locator("article.message:not(.quiet):not([data-ephemeral])")
        for word in words:
            found = found.filter(has_text=word)
        return found

    def answer(self, *words: str) -> Locator:
        """The newest answer that only this person sees."""
        found = self.page.locator("article.message[data-ephemeral]")
        for word in words:
            found = found.filter(has_text=word)
        return found.last

    def uses(self, shortcut: str, on: Locator) -> None:
        """Use a shortcut in the menu of a message."""
        on.hover()
        on.get_by_role("button", name="More actions").click()
        self.page.get_by_role("option", name=shortcut).click()

    @property
    def card(self) -> Locator:
        """The pinned card of the channel."""
        return self.page.locator(CARD)

    @property
    def topic(self) -> Locator:
        return self.page.locator(".channel-head .topic")

    @property
    def modal(self) -> Locator:
        """The bot's modal that is open."""
        return self.page.locator("dialog.modal")

    def chooses(self, label: str, value: str) -> None:
        """Choose from a menu in the modal."""
        self.modal.get_by_role("combobox", name=label).click()
        self.page.locator(f'[role=option][data-value="{value}"]').click()

    def chooses_people(self, label: str, *handles: str) -> None:
        """Add people in a menu of the modal that takes several."""
        self.modal.get_by_role("combobox", name=label).click()
        for handle in handles:
            self.page.get_by_role("option", name=f"@{handle}").click()
        self.page.keyboard.press("Escape")

    def starts_rota(self, *others: str, length: str) -> None:
        """From the card of the incident in whose channel this is: a rota of this person and others."""
        self.card.get_by_role("button", name="Rota").click()
        self.answer("has no rota for command").get_by_role("button", name="Start a rota…").click()
        self.chooses_people("Who takes turns", *others)
        self.chooses("How long is a shift?", length)
        self.modal.get_by_role("button", name="Start").click()
        expect(self.modal).to_contain_text("Command rota of INC-")
        self.close_modal()

    def close_modal(self) -> None:
        """With the button at its foot."""
        self.modal.locator(".dialog-foot .button").first.click()
        expect(self.page.locator("dialog")).to_have_count(0)

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("complementary", name="Sandbox")

    def controls(self, *buttons: str) -> None:
        """Press buttons of the sandbox's panel, one after the other."""
        opener = self.page.get_by_role("button", name="Sandbox controls")
        if opener.get_attribute("aria-expanded") == "false":
            opener.click()
        for name in buttons:
            button = self.panel.get_by_role("button", name=name, exact=True)
            button.click()
            expect(button).not_to_have_attribute("aria-busy", "true", timeout=2 * PATIENCE_MS)

    def close_panel(self) -> None:
        self.page.get_by_role("button", name="Close sandbox panel").click()

    def picture(self, name: str) -> None:
        """A picture for people, where `WATCHBILL_PICTURES` names a folder; the test looks at the page itself."""
        if folder := os.environ.get("WATCHBILL_PICTURES"):
            self.page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled", caret="hide")

    def keep(self, folder: Path, name: str) -> None:
        """A picture and the page, for whoever reads the failure."""
        self.page.screenshot(path=folder / f"{name}.png")
        (folder / f"{name}.html").write_text(self.page.content(), encoding="utf-8")

    def _broke(self, error: Error) -> None:
        self.errors.append(f"page error: {error}")

    def _printed(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(f"console {message.type}: {message.text}")

    def _asked(self, dialog: Dialog) -> None:
        self.errors.append(f"a script asked: {dialog.message}")
        dialog.dismiss()

    def _fetched(self, request: Request) -> None:
        if not request.url.startswith((self._url, "data:")):
            self.errors.append(f"something of the net was asked for: {request.url}")
