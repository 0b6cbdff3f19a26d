"""Make the pictures of the docs: `python -m tests.browser.screenshots docs/images`. Not a test; run it by hand."""

import sys
import tempfile
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import chromium
from tests.browser.screen import Screen
from tests.harness import Workspace

_DESK: Final = {"width": 1280, "height": 800}
_PHONE: Final = {"width": 390, "height": 780}


class Camera:
    """Windows of one workspace, and where the pictures go."""

    def __init__(self, browser: Browser, url: str, folder: Path) -> None:
        self._browser, self._url, self._folder = browser, url, folder
        self._screens: list[Screen] = []

    def screen(self, handle: str, place: str, *, phone: bool = False, scheme: Literal["light", "dark"] = "light") -> Screen:
        """A new window."""
        size = _PHONE if phone else _DESK
        context = self._browser.new_context(
            viewport={"width": size["width"], "height": size["height"]}, color_scheme=scheme, locale="en-GB"
        )
        screen = Screen(context.new_page(), self._url)
        screen.open(handle, place)
        self._screens.append(screen)
        return screen

    def shoot(self, screen: Screen, name: str) -> None:
        """One picture, without a caret, hover or anything that moves."""
        page: Page = screen.page
        page.mouse.move(0, 0)
        page.wait_for_timeout(300)
        path = self._folder / f"{name}.png"
        page.screenshot(path=path, animations="disabled", caret="hide")
        print(f"{path} {path.stat().st_size // 1000} kB")

    def errors(self) -> list[str]:
        return [error for screen in self._screens for error in screen.errors]


def declaring(camera: Camera, ada: Screen) -> str:
    """The form; the name of the incident's channel."""
    ada.says("/incident declare")
    ada.modal.get_by_label("What is broken?").fill("Checkout is down")
    ada.chooses("Severity", "sev1")
    ada.modal.get_by_label("What do you know?").fill(
        "Payments fail with a 502 since the 14:05 deploy. About one order in three is lost."
    )
    camera.shoot(ada, "declare-form")
    ada.modal.get_by_role("button", name="Declare").click()
    ada.modal.get_by_role("button", name="Close", exact=True).last.click()
    channel = ada.page.locator('a[data-name^="inc-1-"]')
    channel.click()
    return channel.get_attribute("data-name") or ""


def working(camera: Camera, ada: Screen, bob: Screen) -> None:
    """What is said in the first minutes."""
    bob.page.get_by_role("button", name="Join", exact=True).click()
    bob.page.locator('a[data-name^="inc-1-"]').click()
    bob.says("The new pool size starves the database. Connections are at the limit.")
    ada.says("/incident decide Roll back to 4.1, then look at the pool")
    bob.says("Rolling back now.")
    expect(ada.message("Rolling back now.")).to_be_visible()
    camera.shoot(ada, "declared")
    camera.shoot(camera.screen("eve", "incidents"), "announcement")


def handing_over(camera: Camera, ada: Screen, bob: Screen) -> None:
    """A shift ends."""
    ada.says("/incident rota start @ada @bob 8h")
    expect(ada.message("Command rota")).to_be_visible()
    ada.controls("To the next reminder")
    camera.shoot(ada, "panel")
    ada.controls("To the next reminder")
    ada.close_panel()
    offer = bob.message("your shift in command")
    expect(offer).to_be_visible()
    camera.shoot(bob, "handoff-offer")
    offer.get_by_role("button", name="I have command").click()
    expect(bob.topic).to_contain_text("Bob")
    expect(bob.message("has command")).to_be_visible()
    camera.shoot(bob, "handoff-accepted")


def reading(camera: Camera, bob: Screen, channel: str) -> None:
    """The same facts in other places."""
    bob.says("/incident declare Search answers slowly in Asia sev3")
    expect(bob.answer("go to #")).to_be_visible()
    bob.go("general")
    bob.says("/incident digest")
    expect(bob.answer("Incident digest")).to_be_visible()
    camera.shoot(bob, "digest")
    home = bob.home()
    expect(home.get_by_text("Checkout is down")).to_be_visible()
    camera.shoot(bob, "home")
    camera.shoot(camera.screen("bob", channel, scheme="dark"), "dark")
    phone = camera.screen("bob", channel, phone=True)
    phone.card.scroll_into_view_if_needed()
    camera.shoot(phone, "phone")


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images")
    folder.mkdir(parents=True, exist_ok=True)
    path = chromium.find()
    if path is None:
        sys.exit("There is no Chromium on the PATH.")
    with tempfile.TemporaryDirectory() as scratch, Workspace(Path(scratch)) as workspace, sync_playwright() as playwright:
        workspace.forgive("messages")
        camera = Camera(chromium.launch(playwright, path), workspace.server.url, folder)
        ada, bob = camera.screen("ada", "general"), camera.screen("bob", "incidents")
        channel = declaring(camera, ada)
        working(camera, ada, bob)
        handing_over(camera, ada, bob)
        reading(camera, bob, channel)
        if camera.errors():
            sys.exit("\n".join(camera.errors()))


if __name__ == "__main__":
    main()
