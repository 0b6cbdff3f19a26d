"""Who is let in to the pages, by which link, and what hostile requests get."""

import re

import pytest

from bot.actions.incident import membership
from bot.actions.waking import paging
from bot.errors import BotError
from bot.vault import Vault, new_key
from handlers.web.session import BIGGEST_BODY
from storage import incidents, pages, people
from storage import signin as rows
from storage.store import Store
from tests.handlers import asking
from tests.handlers.browsing import HOSTILE, KEY, browser, fields, page_of, person_called, signed_link
from tests.handlers.situations import SUMMARY, TITLE, prepare
from tests.support.clock import MovableClock
from tests.support.story import BOB, CHANNEL, EVE, OUTSIDER, begin, settings


def test_a_link_is_not_used_by_looking_and_once_by_pressing(store: Store) -> None:
    prepare(store)
    window, link = browser(store), signed_link(store, BOB)
    for _ in range(3):
        assert f"Sign in as Name of {BOB}" in window.get(f"/in/{link}").text
    assert "Sign in" in window.get("/").text
    done = window.post(f"/in/{link}")
    assert (done.status, done.headers["location"]) == (303, "/")
    for part in ("HttpOnly", "SameSite=lax", "Secure", "Max-Age=604800", "Path=/"):
        assert part in done.headers["set-cookie"]
    assert f"Name of {BOB}" in window.get("/").text
    again = browser(store).post(f"/in/{link}")
    assert (again.status, "set-cookie" in again.headers) == (403, False)
    assert "This link was used already" in again.text
    assert "<code>/incident web</code>" in again.text


def test_a_link_that_is_old_unknown_or_of_somebody_who_left_leads_nowhere(store: Store, clock: MovableClock) -> None:
    prepare(store)
    old = signed_link(store, BOB)
    clock.move(minutes=16)
    left = signed_link(store, EVE)
    with store.write() as tx:
        people.save(tx, person_called(tx.now, EVE, deactivated=True))
    for link, why in ((old, "has expired"), (left, "is deactivated"), ("x" * 32, "not known here")):
        for answer in (browser(store).get(f"/in/{link}"), browser(store).post(f"/in/{link}")):
            assert (answer.status, why in answer.text) == (403, True), answer.text
            assert "set-cookie" not in answer.headers


def test_only_hashes_of_tokens_are_kept(store: Store) -> None:
    window, link = browser(store), signed_link(store, BOB)
    window.post(f"/in/{link}")
    reply = asking.command(store, BOB, "web")
    given = re.findall(r"/in/([\w-]{32})", asking.text_of(reply))
    assert given
    kept = str(asking.everything(store))
    for token in (link, window.cookies["watchbill"].value, *given):
        assert token not in kept
    assert reply.secret, "so that the inbox does not keep it either"


def test_a_session_ends_after_a_week_by_signing_out_and_when_somebody_leaves(store: Store, clock: MovableClock) -> None:
    prepare(store)
    window, other = browser(store, BOB), browser(store, BOB)
    out = window.post("/out", fields(window.get("/"), "Sign out"))
    assert out.status == 303
    assert "There is no password" in window.get("/").text
    assert f"Name of {BOB}" in other.get("/").text
    clock.move(days=7)
    assert "There is no password" in other.get("/").text
    eve = browser(store, EVE)
    with store.write() as tx:
        people.save(tx, person_called(tx.now, EVE, deactivated=True))
    assert eve.get("/i/1").status == 401


def test_somebody_deactivated_is_signed_out_for_good(store: Store) -> None:
    eve = browser(store, EVE)
    with store.write() as tx:
        membership.deactivated(tx, settings(), EVE)
    assert "There is no password" in eve.get("/").text


def test_whoever_is_not_signed_in_learns_nothing_at_all(store: Store) -> None:
    prepare(store)
    window = browser(store)
    assert window.get("/i/1").text == window.get("/i/2").text == window.get("/").text
    assert window.get("/i/1").status == 401
    assert window.post("/i/1", {"deed": "note", "about": "1", "text": "x", "once": "1"}).status == 401
    assert TITLE not in window.get("/").text


@pytest.mark.parametrize("private", [False, True])
def test_the_link_of_a_page_works_without_any_sign_in(store: Store, clock: MovableClock, private: bool) -> None:
    with store.write() as tx:
        begin(tx, title=HOSTILE, private=private)
        people.save(tx, person_called(tx.now, BOB))
    number, address = page_of(store)
    clock.move(minutes=3)
    phone = browser(store)
    asked = phone.get(address)
    assert asked.status == 200
    assert "3 min" in asked.text
    assert f"Name of {BOB}" in asked.text
    assert ("alert(1)" in asked.text) != private
    assert "<script" not in asked.text
    for _ in range(2):
        assert phone.get(address).text == asked.text, "a scanner that looks acknowledges nothing"
    for _ in range(2):
        done = phone.post(address)
        assert (done.status, done.headers["location"]) == (303, address)
    heard = phone.get(address).text
    assert f"Thank you, Name of {BOB}" in heard
    assert "<code>/incident web</code>" in heard
    with store.read() as tx:
        found = pages.find(tx, number)
    assert found
    assert found.answered_by == "link"
    assert "set-cookie" not in phone.get(address).headers


def test_a_page_that_ended_says_so_kindly(store: Store) -> None:
    prepare(store)
    _, address = page_of(store)
    with store.write() as tx:
        paging.end(tx, incidents.get(tx, 1), "somebody else took it")
    assert "You are not needed for this any more" in browser(store).get(address).text
    browser(store).post(address)
    assert "You are not needed for this any more" in browser(store).get(address).text


def test_a_wrong_signature_and_a_page_that_never_was_are_one(store: Store) -> None:
    prepare(store)
    number, address = page_of(store)
    phone, signed = browser(store), Vault(KEY).sign("page:99")
    other = Vault(new_key()).sign(f"page:{number}")
    wrong = [f"{address}x", f"/p/{number}/{other}", f"/p/99/{signed}", f"/p/x/{signed}", f"/p/{'9' * 40}/{signed}"]
    wrong += [f"/p/{number}/é", "/p/1/%00"]
    for one in wrong:
        got, done = phone.get(one), phone.post(one)
        assert (got.status, done.status) == (404, 404), one
        assert "This link is not known here." in got.text
    assert browser(store, public_url="").get(address).status == 404, "without a key there are no such links"
    with store.read() as tx:
        assert pages.unanswered(tx, 1, BOB)


def test_forms_from_elsewhere_are_refused(store: Store) -> None:
    prepare(store)
    window = browser(store, BOB)
    form = {**fields(window.get("/i/1"), "Keep it"), "text": "x", "kind": "note"}
    before = asking.everything(store)
    for headers in ({"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}, {"origin": "https://evil.test"}):
        assert window.post("/i/1", form, **headers).status == 403
        assert window.post("/out", form, **headers).status == 403
    other = fields(browser(store, BOB).get("/i/1"), "Keep it")["token"]
    for token in ("", "x", other, "é"):
        refused = window.post("/i/1", {**form, "token": token})
        assert (refused.status, "too old" in refused.text) == (409, True)
    assert {name: rows for name, rows in asking.everything(store).items() if name not in ("links", "sessions")} == {
        name: rows for name, rows in before.items() if name not in ("links", "sessions")
    }
    for headers in (
        {"sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
        {"origin": "https://watchbill.test"},
        {"origin": "null"},
        {},
    ):
        assert window.post("/i/1", {**form, "once": str(headers)}, **headers).status == 303
    link = signed_link(store, BOB)
    assert browser(store).post(f"/in/{link}", sec_fetch_site="cross-site").status == 403
    assert browser(store).post(f"/in/{link}", sec_fetch_site="same-origin").status == 303


@pytest.mark.parametrize("address", ["/i/0", "/i/x", "/i/-1", "/i/1e9", "/i/99999999999999999999", "/i/%00", "/i/é"])
def test_addresses_that_are_none(store: Store, address: str) -> None:
    prepare(store)
    assert browser(store, BOB).get(address).status == 404


def test_forms_that_are_none(store: Store) -> None:
    prepare(store)
    window = browser(store, BOB)
    token = fields(window.get("/"), "Sign out")["token"]
    for form in (
        {},
        {"deed": "drop"},
        {"deed": "accept", "about": "x"},
        {"deed": "up", "about": "1"},
        {"deed": "note"},
    ):
        assert window.post("/", {"token": token, "once": "1", **form}).status == 409
    assert window.post("/", {"token": token, "deed": "heard", "about": "1"}).status == 409, "without once"
    assert window.post("/", b"x" * (BIGGEST_BODY + 1)).status == 413
    assert window.post("/", b"&".join(b"a=1" for _ in range(30))).status == 413
    assert window.post("/", b"\xff\xfe%ff=%").status == 409
    assert window.get("/?did=%00%27").status == 200


def test_every_page_carries_its_headers(store: Store) -> None:
    prepare(store)
    window = browser(store, BOB)
    link = signed_link(store, EVE)
    for address in ("/", "/i/1", "/i/9", f"/in/{link}", "/in/x", "/p/1/x"):
        headers = window.get(address).headers
        assert "default-src 'none'; style-src 'self'" in headers["content-security-policy"], address
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
        assert headers["cache-control"] == "no-store"
    css = window.get("/static/watchbill.css")
    assert (css.status, css.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert len(css.text) < 10_000
    assert window.get("/static/watchbill.svg").status == 200
    assert window.get("/static/../app.py").status == 404


def test_a_fault_of_ours_is_told_with_a_ref(store: Store) -> None:
    prepare(store)
    window = browser(store, BOB)
    with store.write() as tx:
        tx.conn.exec_driver_sql("ALTER TABLE timeline RENAME TO lost")
    broke = window.get("/i/1")
    assert broke.status == 500
    assert re.search(r"Something broke on our side, ref [0-9a-f]{4}\.", broke.text)
    assert "no-store" in broke.headers["cache-control"]


def test_old_links_and_sessions_are_forgotten(store: Store, clock: MovableClock) -> None:
    browser(store, BOB)
    clock.move(days=2)
    with store.write() as tx:
        assert rows.forget_before(tx, tx.now) == 1, "the link"
    clock.move(days=6)
    with store.write() as tx:
        assert rows.forget_before(tx, tx.now) == 1, "the session"


def test_the_command_leads_to_the_incident_that_is_meant(store: Store) -> None:
    prepare(store, private=True)
    assert "?to=1" in asking.text_of(asking.command(store, BOB, "web INC-1"))
    assert "?to=" not in asking.text_of(asking.command(store, BOB, "web"))
    # Whoever speaks in its channel is in it, and finds it on the web.
    assert "?to=1" in asking.text_of(asking.command(store, OUTSIDER, "web", CHANNEL))
    assert SUMMARY in browser(store, OUTSIDER).get("/i/1").text
    for words, why in (("web please", "After `web` comes an incident"), ("web INC-7", "There is no INC-7.")):
        with pytest.raises(BotError, match=why):
            asking.command(store, BOB, words)
    alone = asking.text_of(asking.command(store, BOB, "web"))
    assert "WATCHBILL_PUBLIC_URL" in alone
    public = asking.text_of(asking.command(store, BOB, "web", setting=settings(public_url="https://w.example/bot/")))
    assert "https://w.example/bot/in/" in public
    assert "WATCHBILL_PUBLIC_URL" not in public


def test_pages_may_live_under_a_path(store: Store) -> None:
    """A proxy takes the path away before it asks; what the pages lead to has it."""
    prepare(store)
    window = browser(store, BOB, public_url="https://w.example/bot/")
    home = window.get("/").text
    assert 'href="/bot/static/watchbill.css' in home
    assert 'href="/bot/i/1"' in home
    done = window.post("/i/1", {**fields(window.get("/i/1"), "Keep it"), "text": "x"})
    assert done.headers["location"].startswith("/bot/i/1?did=")
    assert (
        "Path=/bot"
        in browser(store, public_url="https://w.example/bot/")
        .post(f"/in/{signed_link(store, BOB)}")
        .headers["set-cookie"]
    )
