"""Bringing an incident to Atlassian Statuspage: read what is there, and make one request that changes something.

Until that request is made nothing has happened, so whatever fails before it is simply tried again. After a lost answer
the relay has this looked for twice, 20 s apart, as everything is.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from bot import log
from bot.engine.effectors.base import Call
from bot.engine.looking import Absent, CouldNotLook, Found, LookResult
from bot.slack import NotSent, Ok, Outcome, RateLimited, Refused, Uncertain, retry_after
from bot.status.safe import line
from bot.status.snapshot import Incident
from bot.status.statuspage_push import Wanted, find, next_request, without_components

LIMIT_SECONDS = 10.0
PER_PAGE = 100
# Statuspage lists the newest first; its clock and ours may differ, and what is written by hand may be older than that.
_MARGIN = timedelta(days=2)
_MOST_PAGES = 50
_LIMITED = frozenset({420, 429})
_log = log.get("statuspage")


@dataclass(frozen=True, slots=True)
class Api:
    """Statuspage's API, by an open session. `key` is never logged."""

    session: aiohttp.ClientSession
    url: str
    key: str

    async def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Outcome:
        """One request, within ten seconds. A list is answered as `list`."""
        headers = {"Authorization": f"OAuth {self.key}"}
        try:
            async with self.session.request(
                method, self.url + path, json=body, headers=headers, allow_redirects=False
            ) as answer:
                outcome = await _outcome(answer)
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            outcome = NotSent(f"Statuspage can't be reached: {error}")
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            outcome = Uncertain(f"Statuspage did not answer: {type(error).__name__}")
        if not isinstance(outcome, Ok):
            _log.warning("statuspage call failed", method=method, path=path, outcome=outcome)
        return outcome


async def _outcome(answer: aiohttp.ClientResponse) -> Outcome:
    if answer.status in _LIMITED:
        return RateLimited(retry_after(answer.headers))
    if answer.status >= 500 or answer.status == 408:
        return Uncertain(f"Statuspage answered with status {answer.status}")
    if answer.status >= 300:
        return Refused(_sentence(answer.status, await answer.text(errors="replace")), {"status": answer.status})
    data = await answer.json(content_type=None)
    return Ok(data if isinstance(data, dict) else {"list": data})


def _sentence(status: int, said: str) -> str:
    if status in (401, 403):
        return f"Statuspage refuses the key ({status}): set WATCHBILL_STATUSPAGE_KEY to one that may change the page"
    if status == 404:
        return f"Statuspage has no such page, incident or component ({status}): {line(said)[:100]}"
    return f"Statuspage refuses it ({status}): {line(said)[:150]}"


def session() -> aiohttp.ClientSession:
    """To be closed by the caller."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=LIMIT_SECONDS))


async def push(call: Call, seconds: float) -> Outcome:
    """Make the next request that is wanted, if any is; all but that one within `seconds`.

    Ok holds what is there now: the incident's `id`, the `update`, `turned` and `levels` that were accepted, and `more`:
    whether something was changed, so that it is worth looking again.
    """
    about = call.arguments
    wanted: Wanted = about["wanted"]
    async with session() as opened:
        api = Api(opened, about["url"], about["key"].get_secret_value())
        try:
            async with asyncio.timeout(seconds):
                read = await _read(api, wanted, about["known"])
        except TimeoutError:
            return NotSent(f"Statuspage was not read within {seconds:.0f} s")
        if not isinstance(read, Ok):
            return NotSent(read.why) if isinstance(read, Uncertain) else read
        there = read.data["incident"]
        request = next_request(wanted, there)
        if request is None:
            return Ok({"id": there["id"] if there else "", "more": False})
        outcome = await api.ask(request.method, request.path, request.body)
        if isinstance(outcome, Refused) and (bare := without_components(request)):
            # One of the components may not be there any more: what is said counts more than they do.
            request, outcome = bare, await api.ask(bare.method, bare.path, bare.body)
    if isinstance(outcome, Refused) and request.component and outcome.data["status"] in (404, 422):
        # It would keep back what is to be said of all others.
        why = "status.statuspage_components: take it out, or mend its ID"
        _log.error("a component can't be changed", component=request.component, error=outcome.error, remedy=why)
        outcome = Ok({})
    if not isinstance(outcome, Ok):
        return outcome
    now_there = there["id"] if there else outcome.data.get("id", "")
    accepted = {"update": request.update, "turned": request.turned, "levels": request.levels}
    return Ok({"id": now_there, "more": True, **accepted})


async def look(call: Call) -> LookResult:
    """Whether Statuspage says all that it should of this incident; levels of components are simply told again."""
    about = call.arguments
    wanted: Wanted = about["wanted"]
    try:
        async with session() as opened, asyncio.timeout(2 * LIMIT_SECONDS):
            read = await _read(Api(opened, about["url"], about["key"].get_secret_value()), wanted, about["known"])
    except TimeoutError:
        read = Uncertain("Statuspage was not read in time")
    if not isinstance(read, Ok):
        return CouldNotLook(read)
    there = read.data["incident"]
    if there is None or next_request(replace(wanted, change=None), there):
        return Absent()
    return Found({"id": there["id"], "more": wanted.change is not None})


async def _read(api: Api, wanted: Wanted, known: str) -> Outcome:
    """The `incident` at Statuspage, None when it has none. `known`: its id there, when it is known."""
    base = f"/pages/{wanted.page}/incidents"
    if known:
        found = await api.ask("GET", f"{base}/{known}")
        return Ok({"incident": found.data}) if isinstance(found, Ok) else found
    for page in range(1, _MOST_PAGES + 1):
        listed = await api.ask("GET", f"{base}?limit={PER_PAGE}&page={page}")
        if not isinstance(listed, Ok):
            return listed
        rows = listed.data.get("list") or []
        if found_one := find(wanted, rows):
            return Ok({"incident": found_one})
        if len(rows) < PER_PAGE or _all_older(rows, wanted.incident):
            break
    return Ok({"incident": None})


def _all_older(rows: list[Mapping[str, Any]], incident: Incident) -> bool:
    """Whether all of these were begun so long before that what comes after them can't be it."""
    first = incident.updates[-1].at - _MARGIN
    try:
        return all(datetime.fromisoformat(str(row.get("created_at"))) < first for row in rows)
    except (TypeError, ValueError):
        return False


async def problems(url: str, key: str, page: str, components: Mapping[str, str]) -> list[str]:
    """What is wrong with these settings, by what Statuspage says, each with its remedy."""
    there: set[str] = set()
    async with session() as opened:
        api = Api(opened, url, key)
        for number in range(1, _MOST_PAGES + 1):
            listed = await api.ask("GET", f"/pages/{page}/components?per_page={PER_PAGE}&page={number}")
            if isinstance(listed, Refused):
                return [f"status.statuspage_page: {listed.error}."]
            if not isinstance(listed, Ok):
                why = f"it asks to wait {listed.seconds:.0f} s" if isinstance(listed, RateLimited) else listed.why
                return [f"Statuspage can't be asked ({why}): check status.statuspage_url, the network and any proxy."]
            rows = listed.data.get("list") or []
            there |= {str(row.get("id")) for row in rows}
            if len(rows) < PER_PAGE:
                break
    return [
        f"status.statuspage_components.{name}: the page has no component {id_}: copy its ID anew, or take it out."
        for name, id_ in components.items()
        if id_ not in there
    ]
