"""Make the pictures of the docs: `python -m tests.browser.screenshots docs/images`. Not a test; run it by hand.

With `status` after the folder only those of the public page.
"""

import sys
import tempfile
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from bot.status import edit
from bot.status.files import Drawing
from tests.browser import chromium
from tests.browser.screen import Screen
from tests.harness import Workspace
from tests.status.pages import DOWN, NOW, OUTAGE

_DESK: Final = {"width": 1440, "height": 900}
_SCALE: Final = 1280 / 1440
_PHONE: Final = {"width": 390, "height": 780}
_TITLE, _CHANNEL = "Checkout is down", "inc-1-checkout-is-down"
_FIRST_HOURS = (
    "/incident hypothesis The 14:00 deploy broke the connection pool",
    "The rollback is through, errors are falling",
    "/incident ruled-out It is not the load balancer",
    "/incident state identified",
    "The replica lags behind since the rollback",
    "Vendor case is open, priority 1",
    "/incident decision No deploys until the replica has caught up",
)
_NEXT_HOURS = (
    "Lag is down to three minutes",
    "The vendor asks for logs, Finn sends them",
    "/incident note Finn has the vendor on the phone",
    "Lag is down to two minutes",
    "Half of the workers are back",
    "One minute",
    "All workers are back",
)


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
        save(page, self._folder / f"{name}.png")

    def errors(self) -> list[str]:
        return [error for screen in self._screens for error in screen.errors]


def save(page: Page, path: Path) -> None:
    """The window as it is."""
    path.write_bytes(smaller(page.screenshot(animations="disabled", caret="hide")))
    print(f"{path} {path.stat().st_size // 1000} kB")


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
    ada.go(_CHANNEL)


def planning(camera: Camera, ada: Screen, bob: Screen) -> None:
    """People join, the first decision is kept, and turns are planned."""
    bob.page.get_by_role("button", name="Join", exact=True).click()
    bob.go(_CHANNEL)
    ada.says("/incident decision Roll back to 4.1, then look at the pool size")
    expect(bob.message("Roll back to 4.1")).to_be_visible()
    camera.shoot(bob, "declared")
    ada.says("/incident role deputy @dana")
    ada.says("/incident rota start @ada @bob @chen @eve 8h")
    expect(ada.answer("Command rota of INC-1")).to_be_visible()
    camera.shoot(ada, "rota")


def hours(workspace: Workspace, handle: str, *said: str) -> None:
    """An hour for each line, in which whoever commands is seen to be there."""
    for line in said:
        workspace.clock.forward(minutes=59)
        workspace.person(handle).types(line, _CHANNEL)


def handing_over(camera: Camera, workspace: Workspace, ada: Screen, bob: Screen) -> None:
    """The first boundary: Bob is up, Ada writes two lines, and command moves when he accepts."""
    hours(workspace, "ada", *_FIRST_HOURS)
    workspace.clock.forward(minutes=8)
    phone = camera.screen("bob", "app/messages", phone=True)
    camera.shoot(phone, "phone-hour-before")
    phone.message("Are you up?").get_by_role("button", name="I'm up").click()
    expect(phone.answer("Good morning")).to_be_visible()
    workspace.clock.forward(minutes=46)
    ada.page.get_by_role("button", name="Edit the briefing…").click()
    ada.modal.get_by_label("What worries you?").fill("The replica lags since the rollback, by four minutes now.")
    ada.modal.get_by_label("What to do first?").fill("Ask the vendor for an ETA, then decide about read-only mode.")
    camera.shoot(ada, "briefing-form")
    ada.modal.get_by_role("button", name="Save").click()
    expect(ada.modal).to_have_count(0)
    workspace.clock.forward(minutes=15)
    offer = bob.message("your shift in command")
    expect(offer).to_be_visible()
    camera.shoot(bob, "handoff-offer")
    offer.get_by_role("button", name="I have command").click()
    expect(ada.topic).to_contain_text("IC Bob Kahn")
    camera.shoot(ada, "handoff-accepted")


def climbing(camera: Camera, workspace: Workspace, eve: Screen) -> None:
    """The second boundary: Chen does not answer, so the deputy is asked."""
    workspace.person("bob").types("/incident declare Search answers slowly in Asia sev3", "#general")
    hours(workspace, "bob", *_NEXT_HOURS)
    workspace.clock.forward(minutes=83)
    phone = camera.screen("chen", "app/messages", phone=True)
    camera.shoot(phone, "phone-paged")
    dana = camera.screen("dana", "app/messages", phone=True)
    expect(dana.message("needs you in command")).to_be_visible()
    camera.shoot(dana, "phone-ladder")
    chen = camera.screen("chen", "app/home")
    expect(chen.page.get_by_text("Waiting for you")).to_be_visible()
    camera.shoot(chen, "home")
    eve.go(_CHANNEL)
    eve.card.scroll_into_view_if_needed()
    eve.card.get_by_role("button", name="Take command…").click()
    eve.modal.get_by_label("Why?").fill("Bob has been in command for nine hours, and I am rested")
    camera.shoot(eve, "take-command")
    eve.close_modal()
    eve.go("general")


def telling(camera: Camera, ic: Screen) -> None:
    """What customers are told: the form, and the preview without which nothing goes out."""
    ic.go(_CHANNEL)
    ic.says('/incident progress "workers" 412/900')
    ic.says("/incident update public")
    title = ic.modal.get_by_label("Title for customers")
    expect(title).to_be_visible()
    title.fill("Orders can't be paid")
    ic.modal.get_by_role("textbox", name="Text").fill("412 of 900 workers restored.\nNo order that was placed is lost.")
    ic.modal.get_by_label("When is the next one promised?").fill("30m")
    title.focus()
    camera.shoot(ic, "update-form")
    ic.modal.get_by_role("button", name="Preview").click()
    expect(ic.modal.last).to_contain_text("This is what customers will see")
    camera.shoot(ic, "update-preview")
    ic.modal.last.get_by_role("button", name="Publish").click()
    expect(ic.page.locator("dialog")).to_have_count(0)


def reading(camera: Camera, workspace: Workspace, eve: Screen) -> None:
    """The same facts in other places."""
    eve.says("/incident digest")
    expect(eve.answer("Incident digest")).to_be_visible()
    camera.shoot(eve, "digest")
    camera.shoot(camera.screen("bob", _CHANNEL, scheme="dark"), "dark")
    phone = camera.screen("bob", _CHANNEL, phone=True)
    phone.card.scroll_into_view_if_needed()
    camera.shoot(phone, "phone")
    workspace.person("bob").types("/incident resolve INC-2 A lost index was built again", "#general")
    chen = camera.screen("chen", "incidents")
    expect(chen.message("INC-2", "resolved")).to_be_visible()
    camera.shoot(chen, "announcement")
    chen.controls()
    chen.panel.get_by_placeholder("Filter").fill("chat")
    camera.shoot(chen, "panel")


def status_page(browser: Browser, folder: Path) -> None:
    """What customers see, from disk: an outage, its page, and that nobody knows any more."""
    shots: tuple[tuple[str, str, ViewportSize, Literal["light", "dark"], timedelta], ...] = (
        ("outage", "index.html", {"width": 1000, "height": 1010}, "light", timedelta(minutes=2)),
        ("incident", f"incidents/{OUTAGE.id}.html", {"width": 1000, "height": 1090}, "dark", timedelta(minutes=2)),
        ("unknown", "index.html", {"width": 390, "height": 780}, "dark", timedelta(hours=1)),
    )
    with tempfile.TemporaryDirectory() as scratch:
        edit.renew(Path(scratch), DOWN, Drawing())
        for name, path, size, scheme, later in shots:
            scale = 1 if size["width"] < _DESK["width"] / 2 else _SCALE
            context = browser.new_context(viewport=size, device_scale_factor=scale, color_scheme=scheme)
            page = context.new_page()
            page.clock.install(time=NOW + later)
            page.goto((Path(scratch) / "current" / path).as_uri())
            save(page, folder / f"status-{name}.png")
            context.close()


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images")
    folder.mkdir(parents=True, exist_ok=True)
    path = chromium.find()
    if path is None:
        sys.exit("There is no Chromium on the PATH.")
    if sys.argv[2:] == ["status"]:
        with sync_playwright() as playwright:
            status_page(chromium.launch(playwright, path), folder)
        return
    with (
        tempfile.TemporaryDirectory() as scratch,
        Workspace(Path(scratch)) as workspace,
        sync_playwright() as playwright,
    ):
        workspace.forgive("messages")
        browser = chromium.launch(playwright, path)
        status_page(browser, folder)
        camera = Camera(browser, workspace.server.url, folder)
        ada, bob, eve = (camera.screen(*one) for one in (("ada", "general"), ("bob", "incidents"), ("eve", "general")))
        declaring(camera, ada)
        planning(camera, ada, bob)
        handing_over(camera, workspace, ada, bob)
        climbing(camera, workspace, eve)
        telling(camera, bob)
        reading(camera, workspace, eve)
        if camera.errors():
            sys.exit("\n".join(camera.errors()))


if __name__ == "__main__":
    main()
