"""Somebody at the pages of the bot, in this process."""

import re
from collections.abc import Mapping
from html import unescape

from pydantic import SecretStr

from bot.actions.waking import paging, signin
from bot.domain.people import Person
from bot.vault import Vault, new_key
from handlers.web.app import Health, web_app
from handlers.web.pages import Site
from storage import command, incidents
from storage.store import Store
from tests.support.asgi import Answer, Browser
from tests.support.story import BOB, settings

KEY = new_key()
HOSTILE = "</title><script>alert(1)</script>\"'><img src=x onerror=alert(1)> {{ 7*7 }} <@UBOB00001>"


async def _nothing_wrong() -> list[str]:
    return []


def browser(store: Store, person: str = "", met: list[str] | None = None, **setting: object) -> Browser:
    """A browser in which this person is signed in."""
    given = setting or {"secret_key": SecretStr(KEY), "public_url": "https://watchbill.test"}
    site = Site(store=store, settings=settings(**given), meet=(met if met is not None else []).append)
    opened = Browser(web_app(Health(alive=_nothing_wrong, ready=_nothing_wrong), None, site))
    if person:
        link = signed_link(store, person)
        assert opened.post(f"/in/{link}").status == 303
    return opened


def signed_link(store: Store, person: str) -> str:
    with store.write() as tx:
        return signin.make_link(tx, person, signin.new_token())


def fields(page: Answer, label: str) -> dict[str, str]:
    """The hidden fields of the form with this button."""
    forms = re.findall(r"<form.*?</form>", page.text, re.DOTALL)
    found = [form for form in forms if label in unescape(form)]
    assert found, f"no button {label!r} in {page.text}"
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', found[0]))


def press(window: Browser, address: str, label: str, more: Mapping[str, str] | None = None) -> Answer:
    """Press a button of a page; what comes then."""
    done = window.post(address, {**fields(window.get(address), label), **(more or {})})
    return window.get(done.headers["location"]) if done.status == 303 else done


def page_of(store: Store, person: str = BOB) -> tuple[int, str]:
    """Somebody is paged: the page's id, and the address of its link."""
    with store.write() as tx:
        made = paging.page(tx, incidents.get(tx, 1), person, "ladder", "test")
    return made.id, f"/p/{made.id}/{Vault(KEY).sign(f'page:{made.id}')}"


def commander(store: Store) -> str:
    with store.read() as tx:
        held = command.open_tenure(tx, 1)
    return held.person if held else ""


def person_called(now: object, who: str, **more: object) -> Person:
    blank: dict[str, object] = {"name": f"Name of {who}", "zone": "UTC", "own_zone": ""}
    blank |= dict.fromkeys(("deactivated", "bot", "foreign"), False)
    return Person(id=who, fetched_at=now, **(blank | more))  # type: ignore[arg-type]
