"""Make the pictures of the docs: `python -m tests.browser.screenshots docs/images`. Not a test; run it by hand."""

import sys
import tempfile
import zlib
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import chromium
from tests.browser.screen import Screen
from tests.harness import Workspace

_DESK: Final = {"width": 1440, "height": 900}
_SCALE: Final = 1280 / 1440
_PHONE: Final = {"width": 390, "height": 780}
_TITLE = "Checkout is down"


class Camera:
    """Windows of one workspace, and where the pictures go."""

    def __init__(self, browser: Browser, url: str, folder: Path) -> None:
        self._browser, self._url, self._folder = browser, url, folder
        self._screens: list[Screen] = []

    def screen(
        self, handle: str, place: str, *, phone: bool = False, scheme: Literal["light", "dark"] = "light"
    ) -> Screen:
        """A new window."""
        size = _PHONE if phone else _DESK
        context = self._browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            device_scale_factor=1 if phone else _SCALE,
            color_scheme=scheme,
        )
        screen = Screen(context.new_page(), self._url)
        screen.open(handle, place)
        self._screens.append(screen)
        return screen

    def shoot(self, screen: Screen, name: str) -> None:
        """One picture, without a caret, hover or anything that moves."""
        page: Page = screen.page
        page.mouse.move(0, 0)
        page.wait_for_timeout(400)
        path = self._folder / f"{name}.png"
        path.write_bytes(smaller(page.screenshot(animations="disabled", caret="hide")))
        print(f"{path} {path.stat().st_size // 1000} kB")

    def errors(self) -> list[str]:
        return [error for screen in self._screens for error in screen.errors]


def smaller(png: bytes) -> bytes:
    """The same picture, packed as tightly as zlib can: the browser packs for speed."""
    out, at, packed = bytearray(png[:8]), 8, b""
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12
        if kind == b"IDAT":
            packed += data
            continue
        if kind == b"IEND":
            out += _chunk(b"IDAT", zlib.compress(zlib.decompress(packed), 9))
        out += _chunk(kind, data)
    return bytes(out)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def declaring(camera: Camera, ada: Screen) -> None:
    """The form."""
    ada.says("/incident declare")
    ada.modal.get_by_label("What is broken?").fill(_TITLE)
    ada.chooses("Severity", "sev1")
    ada.modal.get_by_label("What do you know?").fill(
        "Payments fail with a 502 since the last deploy. About one order in three is lost."
    )
    camera.shoot(ada, "declare-form")
    ada.modal.get_by_role("button", name="Declare").click()
    ada.close_modal()
    ada.go("inc-1-checkout-is-down")


def working(camera: Camera, ada: Screen, bob: Screen, eve: Screen) -> None:
    """What is said in the first minutes."""
    for screen in (bob, eve):
        screen.page.get_by_role("button", name="Join", exact=True).click()
        screen.go("inc-1-checkout-is-down")
    ada.says("/incident decision Roll back to 4.1, then look at the pool size")
    expect(bob.message("Roll back to 4.1")).to_be_visible()
    camera.shoot(bob, "declared")


def handing_over(camera: Camera, ada: Screen, bob: Screen, eve: Screen) -> None:
    """A shift ends."""
    ada.says("/incident rota start @ada @bob 8h")
    expect(bob.message("Command rota")).to_be_visible()
    eve.controls("To the next reminder")
    eve.panel.get_by_placeholder("Filter").fill("chat")
    camera.shoot(eve, "panel")
    eve.controls("To the next reminder")
    eve.close_panel()
    offer = bob.message("your shift in command")
    expect(offer).to_be_visible()
    camera.shoot(bob, "handoff-offer")
    offer.get_by_role("button", name="I have command").click()
    expect(ada.topic).to_contain_text("IC Bob Kahn")
    expect(ada.message("has command")).to_be_visible()
    camera.shoot(eve, "handoff-accepted")


def reading(camera: Camera, bob: Screen, eve: Screen) -> None:
    """The same facts in other places."""
    bob.go("general")
    bob.says("/incident declare Search answers slowly in Asia sev3")
    expect(bob.answer("go to #")).to_be_visible()
    bob.controls("+1 h")
    bob.close_panel()
    eve.go("general")
    eve.says("/incident digest")
    expect(eve.answer("Incident digest")).to_be_visible()
    camera.shoot(eve, "digest")
    expect(bob.home().get_by_text(_TITLE)).to_be_visible()
    camera.shoot(bob, "home")
    eve.go("inc-1-checkout-is-down")
    eve.says("The rollback is through, and errors are falling.")
    camera.shoot(camera.screen("bob", "inc-1-checkout-is-down", scheme="dark"), "dark")
    phone = camera.screen("bob", "inc-1-checkout-is-down", phone=True)
    phone.card.scroll_into_view_if_needed()
    camera.shoot(phone, "phone")
    bob.go("general")
    bob.says("/incident resolve INC-2 A lost index was built again")
    chen = camera.screen("chen", "incidents")
    expect(chen.message("INC-2", "resolved")).to_be_visible()
    camera.shoot(chen, "announcement")


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images")
    folder.mkdir(parents=True, exist_ok=True)
    path = chromium.find()
    if path is None:
        sys.exit("There is no Chromium on the PATH.")
    with (
        tempfile.TemporaryDirectory() as scratch,
        Workspace(Path(scratch)) as workspace,
        sync_playwright() as playwright,
    ):
        workspace.forgive("messages")
        camera = Camera(chromium.launch(playwright, path), workspace.server.url, folder)
        ada, bob, eve = (
            camera.screen(*one) for one in (("ada", "general"), ("bob", "incidents"), ("eve", "incidents"))
        )
        declaring(camera, ada)
        working(camera, ada, bob, eve)
        handing_over(camera, ada, bob, eve)
        reading(camera, bob, eve)
        if camera.errors():
            sys.exit("\n".join(camera.errors()))


if __name__ == "__main__":
    main()
