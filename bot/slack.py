"""The gateway: the only door to Slack's Web API. It sorts every failure; it never repeats a request.

`retry_handlers=[]`: the SDK's default repeats a post whose answer was lost, and the person sees it twice.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import log

LIMIT_SECONDS = 10.0
_AUTH_ERRORS = frozenset(
    {"invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed", "org_login_required"}
)
# Of these Slack says that something may have been done all the same.
_UNCERTAIN_ERRORS = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
# What was asked for is so already, or can't be: somebody was faster, or the bot meant itself.
_EXPECTED_ERRORS = frozenset({"already_in_channel", "already_pinned", "cant_invite_self"})
_LIMITED_ERRORS = frozenset({"ratelimited", "rate_limited"})
_GET = frozenset(
    {
        "conversations.history",
        "conversations.info",
        "conversations.list",
        "conversations.members",
        "conversations.replies",
        "usergroups.list",
        "usergroups.users.list",
        "users.conversations",
        "users.info",
        "users.lookupByEmail",
    }
)
# These take no JSON.
_FORM = frozenset({"files.getUploadURLExternal"})


@dataclass(frozen=True, slots=True)
class Ok:
    """Slack did it, and answered this."""

    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """Slack did not do it, and says why."""

    error: str
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def of_the_token(self) -> bool:
        """Whether nothing at all will go until somebody mends the token or the installation."""
        return self.error in _AUTH_ERRORS


@dataclass(frozen=True, slots=True)
class RateLimited:
    """Slack did not do it: ask this method again after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class NotSent:
    """The request never reached Slack."""

    why: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Slack may have done it, or not: the answer was lost."""

    why: str


Outcome = Ok | Refused | RateLimited | NotSent | Uncertain

_log = log.get("slack")


class SlackGateway:
    """Calls to Slack over one shared session. Make it inside the running loop, and close it."""

    def __init__(self, api_url: str, bot_token: str) -> None:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=LIMIT_SECONDS))
        self.client = AsyncWebClient(
            token=bot_token, base_url=api_url, session=self._session, retry_handlers=[], logger=log.quiet("slack_sdk")
        )
        self.token_error = ""
        # Told what Slack's clock shows, in epoch seconds, whenever Slack answers.
        self.on_date: Callable[[float], None] | None = None

    async def call(self, method: str, arguments: Mapping[str, Any]) -> Outcome:
        """Call a method once, within ten seconds."""
        try:
            outcome = await self._call(method, arguments)
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
            outcome = NotSent(str(error))
        except (aiohttp.ClientError, TimeoutError, json.JSONDecodeError) as error:
            outcome = Uncertain(f"{type(error).__name__}: {error}")
        self._note(method, outcome)
        return outcome

    async def respond(self, url: str, body: Mapping[str, Any]) -> Outcome:
        """Post to a response_url, once. Anything but 200 means that it is spent."""
        try:
            async with self._session.post(url, json=body) as answer:
                if answer.status == 200:
                    return Ok({})
                if answer.status == 429:
                    return RateLimited(retry_after(answer.headers))
                return (
                    Refused(f"status {answer.status}") if answer.status < 500 else Uncertain(f"status {answer.status}")
                )
        except aiohttp.ClientConnectorError as error:
            return NotSent(str(error))
        except (aiohttp.ClientError, TimeoutError) as error:
            return Uncertain(f"{type(error).__name__}: {error}")

    async def upload(self, url: str, body: bytes) -> Outcome:
        """Put the bytes of a file where Slack has said, once. Nobody sees it until it is shared."""
        try:
            async with self._session.post(url, data=body) as answer:
                if answer.status == 200:
                    return Ok({})
                if answer.status == 429:
                    return RateLimited(retry_after(answer.headers))
                why = f"status {answer.status}"
                return Refused(why) if answer.status < 500 else Uncertain(why)
        except aiohttp.ClientConnectorError as error:
            return NotSent(str(error))
        except (aiohttp.ClientError, TimeoutError) as error:
            return Uncertain(f"{type(error).__name__}: {error}")

    async def pages(self, method: str, arguments: Mapping[str, Any], key: str) -> Outcome:
        """All pages of a list, put together under `key`; the first failure instead, if there is one."""
        found: list[Any] = []
        cursor = ""
        while True:
            outcome = await self.call(method, {**arguments, **({"cursor": cursor} if cursor else {})})
            if not isinstance(outcome, Ok):
                return outcome
            found += outcome.data.get(key) or []
            cursor = (outcome.data.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return Ok({key: found})

    async def identify(self) -> tuple[Outcome, Mapping[str, str]]:
        """auth.test, and the headers of its answer: granted scopes and Slack's clock."""
        try:
            answer = await self.client.api_call("auth.test")
        except SlackApiError as error:
            return _failure(error), {}
        except (aiohttp.ClientError, TimeoutError) as error:
            return NotSent(str(error)), {}
        return Ok(_data(answer)), {name.lower(): str(value) for name, value in answer.headers.items()}

    async def open_connection(self, app_token: str) -> Outcome:
        """apps.connections.open, as the app itself: whether Socket Mode would let us in."""
        try:
            answer = await self.client.apps_connections_open(app_token=app_token)
        except SlackApiError as error:
            return _failure(error)
        except (aiohttp.ClientError, TimeoutError, json.JSONDecodeError) as error:
            return NotSent(str(error))
        return Ok(_data(answer))

    async def close(self) -> None:
        await self._session.close()

    async def _call(self, method: str, arguments: Mapping[str, Any]) -> Outcome:
        try:
            if method in _GET:
                answer = await self.client.api_call(method, http_verb="GET", params=_flat(arguments))
            elif method in _FORM:
                answer = await self.client.api_call(method, data=_flat(arguments))
            else:
                answer = await self.client.api_call(method, json=dict(arguments))
        except SlackApiError as error:
            self._hear(getattr(error.response, "headers", {}))
            return _failure(error)
        self._hear(answer.headers)
        return Ok(_data(answer))

    def _hear(self, headers: Mapping[str, Any]) -> None:
        date = headers.get("Date") or headers.get("date") or ""
        with contextlib.suppress(ValueError):
            if self.on_date and isinstance(date, str):
                self.on_date(parsedate_to_datetime(date).timestamp())

    def _note(self, method: str, outcome: Outcome) -> None:
        if isinstance(outcome, Ok):
            self.token_error = ""
            return
        if isinstance(outcome, Refused) and outcome.of_the_token:
            if not self.token_error:
                _log.warning("token refused", why=token_sentence(outcome.error))
            self.token_error = outcome.error
        expected = isinstance(outcome, Refused) and outcome.error in _EXPECTED_ERRORS
        say = _log.debug if expected else _log.warning
        say("slack call failed", method=method, outcome=outcome)


def token_sentence(error: str) -> str:
    """What an operator should do when Slack refuses the token."""
    return (
        f"Slack refuses the token ({error}): the app was removed, or its token revoked. Install the app again, put the"
        " new token into the environment, and restart; what waits is sent then."
    )


def _data(answer: AsyncSlackResponse) -> Mapping[str, Any]:
    return answer.data if isinstance(answer.data, dict) else {}


def _flat(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {name: int(value) if isinstance(value, bool) else value for name, value in arguments.items()}


def _failure(failed: SlackApiError) -> Outcome:
    answer = failed.response
    status = int(getattr(answer, "status_code", None) or getattr(answer, "status", None) or 200)
    data = answer.data if isinstance(getattr(answer, "data", None), dict) else {}
    error = str(data.get("error") or "")
    if status == 429 or error in _LIMITED_ERRORS:
        return RateLimited(float(retry_after(answer.headers)))
    if status >= 500 or not error or error in _UNCERTAIN_ERRORS:
        return Uncertain(f"status {status} {error}".strip())
    return Refused(error, data)


def retry_after(headers: Mapping[str, Any]) -> float:
    """For how many seconds an answer of "too many requests" wants to be left alone: at least one, 30 when not said."""
    # The SDK keeps a header as it came or as a list, by transport.
    value = headers.get("Retry-After") or headers.get("retry-after") or 30
    first = value[0] if isinstance(value, list) else value
    try:
        return max(1.0, float(first))
    except ValueError:
        return 30.0


async def within(seconds: float, call: Awaitable[Outcome]) -> Outcome:
    """The outcome of a call, or Uncertain when it takes longer than `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            return await call
    except TimeoutError:
        return Uncertain(f"no answer within {seconds:g} s")
