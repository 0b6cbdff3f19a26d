"""Reading the calendar of a duty roster: fetched over HTTP, understood in a child process, its people asked of Slack.

The address was typed by a person and the answer may be anything, so: http and https only, ten seconds, two megabytes,
three redirects, no address that leads to the metadata of a cloud machine. Private and loopback addresses are allowed:
calendars are often kept on the inside.
"""

import asyncio
import json
import socket
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver

from bot.domain.duty import DutyEvent
from bot.domain.incident import PersonId
from bot.slack import Ok, Outcome, Refused, SlackGateway, within

LIMIT_SECONDS = 10.0
LARGEST = 2_000_000
MOST_REDIRECTS = 3
# Of a core, for the child that understands it; on a busy machine it gets less of one than there is time.
_CPU_SECONDS = 5
_UNDERSTAND_SECONDS = 15.0
_LOOKUP_SECONDS = 5.0
_MOST_LOOKUPS = 40
_AT_ONCE = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_UNKNOWN = frozenset({"users_not_found", "user_not_found", "user_not_visible"})
# Where clouds tell a machine its secrets; link-local and multicast addresses are refused as such.
_METADATA = tuple(ip_network(net) for net in ("100.100.100.200/32", "168.63.129.16/32", "fd00:ec2::254/128"))


class Unreadable(OSError):
    """The calendar can't be read; the text says why in a clause, `its server can't be reached`."""


async def read_calendar(gateway: SlackGateway, url: str, now: datetime) -> Outcome:
    """The turns of the next 60 days as `events`, Slack's `profiles` of those on duty, and the calendar's `zone`.

    Refused, with a clause that says why, when any of it fails: what was read before then stays.
    """
    try:
        said = await _understand(await fetch(url), now)
        profiles = await _profiles(gateway, said["turns"])
    except Unreadable as unreadable:
        return Refused(str(unreadable))
    people = {key: PersonId(user["id"]) for key, user in profiles.items()}
    events = [_event(turn, people) for turn in said["turns"]]
    return Ok({"events": events, "profiles": list(profiles.values()), "zone": said["zone"]})


def _event(turn: Mapping[str, Any], people: Mapping[str, PersonId]) -> DutyEvent:
    known = next((people[one] for one in turn["who"] if one in people), None)
    times = (datetime.fromisoformat(turn[name]) for name in ("starts_at", "ends_at"))
    return DutyEvent(known, turn["label"], *times)


async def fetch(url: str, limit: float = LIMIT_SECONDS) -> bytes:
    """What that address answers within `limit` seconds. Raises Unreadable."""
    connector = aiohttp.TCPConnector(resolver=_Resolver())
    try:
        async with asyncio.timeout(limit), aiohttp.ClientSession(connector=connector) as session:
            return await _follow(session, url)
    except TimeoutError:
        raise Unreadable(f"its server does not answer within {limit:.0f} s") from None
    except aiohttp.ClientConnectorError as error:
        if isinstance(error.os_error, Unreadable):
            raise error.os_error from None
        raise Unreadable("its server can't be reached") from None
    except (aiohttp.ClientError, ValueError):
        raise Unreadable("its server does not speak HTTP as it should") from None


async def _follow(session: aiohttp.ClientSession, url: str) -> bytes:
    for _ in range(MOST_REDIRECTS + 1):
        _check(url)
        async with session.get(url, allow_redirects=False, headers={"Accept": "text/calendar"}) as answer:
            if answer.status not in _REDIRECTS:
                return await _body(answer)
            url = urljoin(url, answer.headers.get("Location", ""))
    raise Unreadable(f"its server redirects more than {MOST_REDIRECTS} times")


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    if answer.status != 200:
        raise Unreadable(f"its server answers with status {answer.status}")
    data = bytearray()
    async for chunk in answer.content.iter_chunked(1 << 16):
        data += chunk
        if len(data) > LARGEST:
            raise Unreadable("it is larger than 2 MB")
    return bytes(data)


def _check(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Unreadable("its server leads to an address that is neither http nor https")
    try:
        address = ip_address(parts.hostname)
    except ValueError:
        # A name: `_Resolver` looks at what it stands for.
        return
    _check_address(address)


def _check_address(address: IPv4Address | IPv6Address) -> None:
    inner = getattr(address, "ipv4_mapped", None) or address
    forbidden = inner.is_link_local or inner.is_multicast or inner.is_unspecified
    if forbidden or any(inner in net for net in _METADATA):
        raise Unreadable("its address is one that I don't read from")


class _Resolver(ThreadedResolver):
    """Names as the machine resolves them, looked at before anything is sent: a name may stand for any address."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        for one in found:
            _check_address(ip_address(one["host"]))
        return found


async def _understand(data: bytes, now: datetime) -> Mapping[str, Any]:
    """What the calendar says, by `bot.ical`. Raises Unreadable."""
    pipe, null = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.ical", now.isoformat(), str(_CPU_SECONDS), stdin=pipe, stdout=pipe, stderr=null
    )
    try:
        async with asyncio.timeout(_UNDERSTAND_SECONDS):
            printed, _ = await child.communicate(data)
    except TimeoutError:
        raise Unreadable("it takes too long to understand") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode:
        raise Unreadable("it can't be understood, or takes too much to")
    said: Mapping[str, Any] = json.loads(printed)
    if "problem" in said:
        raise Unreadable(said["problem"])
    return said


async def _profiles(gateway: SlackGateway, turns: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Slack's profiles of those named in the turns, by what they are named; without those whom Slack doesn't know."""
    wanted = list(dict.fromkeys(one for turn in turns for one in turn["who"]))[:_MOST_LOOKUPS]
    room = asyncio.Semaphore(_AT_ONCE)

    async def ask(one: str) -> Mapping[str, Any] | None:
        async with room:
            return await _profile(gateway, one)

    found = await asyncio.gather(*(ask(one) for one in wanted))
    return {one: user for one, user in zip(wanted, found, strict=True) if user}


async def _profile(gateway: SlackGateway, one: str) -> Mapping[str, Any] | None:
    asked = ("users.lookupByEmail", {"email": one}) if "@" in one else ("users.info", {"user": one})
    match await within(_LOOKUP_SECONDS, gateway.call(*asked)):
        case Ok(data):
            user: Mapping[str, Any] = data["user"]
            return None if user.get("deleted") or user.get("is_bot") else user
        case Refused(error) if error in _UNKNOWN:
            return None
        case Refused("missing_scope"):
            raise Unreadable("I may not look people up by e-mail (the app lacks the scope users:read.email)")
    raise Unreadable("Slack does not say who the people in it are")
