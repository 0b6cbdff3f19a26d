"""Reading a calendar from somewhere: within limits, from nowhere that it should not, and every failure in a clause."""

import asyncio
import gzip
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot import calendar_feed
from bot.calendar_feed import LARGEST, Unreadable, fetch, read_calendar
from bot.domain.duty import DutyEvent
from bot.slack import Ok, Outcome, Refused, SlackGateway
from tests.support.calendar_host import CalendarHost, Page, calendar, calendar_host
from tests.support.slack_peer import slack_peer

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def host() -> Iterator[CalendarHost]:
    with calendar_host() as running:
        yield running


def redirect(to: str, status: int = 302) -> Page:
    return Page(status=status, headers={"Location": to})


def read(url: str, *faults: str, emails: dict[str, str] | None = None) -> Outcome:
    async def work() -> Outcome:
        async with slack_peer() as peer:
            peer.emails = emails or {}
            peer.script["users.lookupByEmail"] = list(faults)
            gateway = SlackGateway(peer.url, "xoxb-test")
            try:
                return await read_calendar(gateway, url, NOW)
            finally:
                await gateway.close()

    return asyncio.run(work())


def test_a_calendar_and_its_people(host: CalendarHost) -> None:
    host.pages["/a.ics"] = calendar(
        ("bob@x.example", NOW, NOW + DAY), ("nobody@x.example", NOW + DAY, NOW + 2 * DAY), zone="Europe/Berlin"
    )
    found = read(f"{host.url}/a.ics", emails={"bob@x.example": "UBOB00001"})
    assert isinstance(found, Ok)
    assert found.data["events"] == [
        DutyEvent("UBOB00001", "On call: bob@x.example", NOW, NOW + DAY),
        DutyEvent(None, "On call: nobody@x.example", NOW + DAY, NOW + 2 * DAY),
    ]
    assert [user["id"] for user in found.data["profiles"]] == ["UBOB00001"]
    assert found.data["zone"] == "Europe/Berlin"


def test_somebody_by_their_member_id(host: CalendarHost) -> None:
    host.pages["/a.ics"] = calendar(("U0EVE00000", NOW, NOW + DAY))
    found = read(f"{host.url}/a.ics")
    assert isinstance(found, Ok)
    assert [event.person for event in found.data["events"]] == ["U0EVE00000"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(host: CalendarHost, status: int) -> None:
    host.pages |= {"/a": redirect("/b", status), "/b": redirect(f"{host.url}/c"), "/c": redirect("d")}
    host.pages["/d"] = Page(b"found")
    assert asyncio.run(fetch(f"{host.url}/a")) == b"found"
    host.pages["/d"] = redirect("/e")
    host.pages["/e"] = Page(b"too far")
    with pytest.raises(Unreadable, match="redirects more than 3 times"):
        asyncio.run(fetch(f"{host.url}/a"))
    assert host.asked[-1] == "/d"


_NOT_ASKED = r"neither http nor https|don't read from|can't be reached|does not speak"


@pytest.mark.parametrize(
    "to",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/a.ics",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[fd00:ec2::254]/",
        "http://100.100.100.200/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://[broken/",
        "http://2852039166/",
        "http://0xa9fea9fe/",
    ],
)
def test_some_addresses_are_never_asked(host: CalendarHost, to: str) -> None:
    host.pages["/a"] = redirect(to)
    for url in (to, f"{host.url}/a"):
        with pytest.raises(Unreadable, match=_NOT_ASKED):
            asyncio.run(fetch(url))
    assert host.asked == ["/a"]


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (Page(status=404), "answers with status 404"),
        (Page(status=500), "answers with status 500"),
        (Page(status=304), "answers with status 304"),
        (Page(b"x" * (LARGEST + 1)), "larger than 2 MB"),
        (Page(gzip.compress(b"x" * 50_000_000), headers={"Content-Encoding": "gzip"}), "larger than 2 MB"),
        (Page(b"cut", headers={"Content-Length": "99"}), "does not speak HTTP"),
        (Page(b"<html>sign in</html>"), "it is no calendar"),
        (Page(b"BEGIN:VCALENDAR\r\n"), "it is cut off"),
    ],
)
def test_what_a_server_may_answer(host: CalendarHost, page: Page, why: str) -> None:
    host.pages["/a.ics"] = page
    found = read(f"{host.url}/a.ics")
    assert isinstance(found, Refused)
    assert why in found.error
    assert not found.error.endswith(".")


def test_a_server_that_hangs(host: CalendarHost) -> None:
    host.pages["/a.ics"] = Page(hangs=True)
    with pytest.raises(Unreadable, match="does not answer within"):
        asyncio.run(fetch(f"{host.url}/a.ics", limit=0.2))


def test_a_server_that_is_not_there() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        with pytest.raises(Unreadable, match="can't be reached"):
            asyncio.run(fetch(f"http://127.0.0.1:{port}/"))
    with pytest.raises(Unreadable, match="can't be reached"):
        asyncio.run(fetch("http://calendar.invalid/"))


def test_one_that_would_take_for_ever_is_ended(host: CalendarHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_feed, "_CPU_SECONDS", 1)
    rule = "RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30"
    event = f"BEGIN:VEVENT\r\nDTSTART:20260101T000000Z\r\nDURATION:PT1H\r\n{rule}\r\nEND:VEVENT\r\n"
    host.pages["/a.ics"] = Page(f"BEGIN:VCALENDAR\r\n{event}END:VCALENDAR\r\n".encode())
    found = read(f"{host.url}/a.ics")
    assert isinstance(found, Refused)
    assert "takes too" in found.error


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("error:missing_scope", "lacks the scope users:read.email"),
        ("limit:30", "Slack does not say who"),
        ("status:500", "Slack does not say who"),
        ("error:invalid_auth", "Slack does not say who"),
    ],
)
def test_when_slack_does_not_say_who_somebody_is_nothing_is_taken_over(
    host: CalendarHost, fault: str, why: str
) -> None:
    host.pages["/a.ics"] = calendar(("bob@x.example", NOW, NOW + DAY))
    found = read(f"{host.url}/a.ics", fault, emails={"bob@x.example": "UBOB00001"})
    assert isinstance(found, Refused)
    assert why in found.error


def test_no_more_people_are_asked_for_than_slack_takes(host: CalendarHost) -> None:
    many = [(f"n{number}@x.example", NOW + number * timedelta(hours=1), NOW + DAY) for number in range(20)]
    host.pages["/a.ics"] = calendar(*many)
    found = read(f"{host.url}/a.ics", emails={who: f"U{number:09}" for number, (who, _, _) in enumerate(many)})
    assert isinstance(found, Ok)
    assert all(event.person for event in found.data["events"])
