"""The one entrance of the Web API: who calls, may they, how often, and what goes wrong."""

import asyncio
import json
from collections.abc import Iterable
from email.utils import formatdate

from aiohttp import web

from sandbox.api import auth, chat, conversations, files, items, modals, reads, usergroups, users
from sandbox.api.call import Call, Function, missing_scope
from sandbox.errors import SlackError, invalid_arguments
from sandbox.facts import METHODS, Method
from sandbox.faults import Rule
from sandbox.identity import APP_TOKEN, BOT_TOKEN, Json
from sandbox.json_body import json_body
from sandbox.log import shortened
from sandbox.world import World

FUNCTIONS: dict[str, Function] = {
    name: function
    for family in (auth, chat, conversations, files, items, modals, reads, usergroups, users)
    for name, function in family.FUNCTIONS.items()
}
ALWAYS_TAKEN = frozenset({"token", "team_id"})
"""The SDK sends team_id with every call."""
OPEN_TO_ALL = frozenset({"api.test"})
FOR_THE_APP = frozenset({"apps.connections.open"})
WITHOUT_JSON = frozenset({"files.getUploadURLExternal"})
"""Methods that read no JSON: they would find no argument in it."""
ERRORS_OF_MISSING = {("usergroups.users.update", "users"): "no_users_provided"}
"""Where the reference has a name of its own for an argument that was not sent."""


class Dropped(Exception):
    """The connection closes with no answer."""


class Api:
    """Answers /api/<method>."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One call, counted as under way until it is answered."""
        name = request.match_info["method"]
        began = self._world.clock.elapsed()
        with self._world.activity.doing("API call"):
            arguments: Json = {}
            try:
                arguments = await _arguments(request)
                response = await self._answer(name, arguments, _token(request, arguments))
            except SlackError as error:
                response = self._response(error.answer())
            except Dropped:
                response = _abort(request)
            self._log(name, arguments, response, began)
        return response

    def _log(self, name: str, arguments: Json, response: web.Response, began: float) -> None:
        body = json.loads(response.body) if isinstance(response.body, bytes) and response.body else {}
        error = body.get("error") or (None if response.status < 400 else f"status {response.status}")
        if response.status == DROPPED:
            error = "dropped"
        spent = round((self._world.clock.elapsed() - began) * 1000, 1)
        self._world.log.add(
            "api", name, ok=error is None, error=error, status=response.status, args=shortened(arguments), ms=spent
        )

    async def _answer(self, name: str, arguments: Json, token: str) -> web.Response:
        if self._world.faults.down:
            return self._response({"ok": False, "error": "service_unavailable"}, 503)
        rules = self._world.faults.hit(name)
        if faulty := await self._misbehave(rules, "before"):
            return faulty
        response = self._apply(name, arguments, token)
        return await self._misbehave(rules, "after") or response

    def _apply(self, name: str, arguments: Json, token: str) -> web.Response:
        """Synchronous, so that each call is atomic."""
        try:
            return self._response({"ok": True, **self._call(name, arguments, token)})
        except RateLimited as limit:
            return self._too_many(limit.seconds)
        except SlackError as error:
            return self._response(error.answer())

    def _call(self, name: str, arguments: Json, token: str) -> Json:
        function, method = FUNCTIONS.get(name), METHODS.get(name)
        if function is None or method is None:
            raise SlackError("unknown_method", req_method=name)
        self._check_token(name, token)
        if method.scopes and not self._world.scopes & method.scopes:
            raise missing_scope(self._world, sorted(method.scopes))
        wait = self._world.limits.wait_for(method, str(arguments.get("channel", "")).removeprefix("#"))
        if wait is not None:
            raise RateLimited(wait)
        _check_names(method, arguments)
        return function(Call(self._world, method, arguments))

    def _check_token(self, name: str, token: str) -> None:
        if name in OPEN_TO_ALL:
            return
        if not token:
            raise SlackError("not_authed")
        if token not in (BOT_TOKEN, APP_TOKEN):
            raise SlackError("invalid_auth")
        if (token == APP_TOKEN) != (name in FOR_THE_APP):
            raise SlackError("not_allowed_token_type")
        if self._world.revoked and token == BOT_TOKEN:
            raise SlackError(self._world.revoked)

    async def _misbehave(self, rules: Iterable[Rule], phase: str) -> web.Response | None:
        for rule in (rule for rule in rules if rule.phase == phase):
            if rule.do == "delay":
                await asyncio.sleep(rule.seconds)
            elif rule.do == "status":
                return self._response({"ok": False, "error": "internal_error"}, rule.status)
            elif rule.do == "error":
                return self._response({"ok": False, "error": rule.error})
            elif rule.do == "ratelimited":
                return self._too_many(rule.retry_after)
            else:
                if rule.do == "kill_bot":
                    await self._world.bot.kill()
                raise Dropped
        return None

    def _too_many(self, seconds: int) -> web.Response:
        return self._response({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(seconds)})

    def _response(self, body: Json, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
        shown = {"Date": formatdate(self._world.clock.now(), usegmt=True), **(headers or {})}
        if body.get("error") not in ("not_authed", "invalid_auth"):
            shown["X-OAuth-Scopes"] = ",".join(sorted(self._world.scopes))
        return web.json_response(body, status=status, headers=shown)


DROPPED = 599


class RateLimited(Exception):
    """One call too many."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def _abort(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=DROPPED)


def _token(request: web.Request, arguments: Json) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else str(arguments.get("token", ""))


async def _arguments(request: web.Request) -> Json:
    """Query, form and JSON, merged; the SDKs use all three."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        if request.match_info["method"] in WITHOUT_JSON:
            return arguments
        body = await json_body(request)
        return arguments | {key: value for key, value in body.items() if value is not None}
    return arguments | dict(await request.post())


def _check_names(method: Method, arguments: Json) -> None:
    unknown = sorted(set(arguments) - method.arguments - ALWAYS_TAKEN)
    if unknown and method.name not in OPEN_TO_ALL:
        raise SlackError(
            "invalid_arg_name",
            response_metadata={"messages": [f"[ERROR] unknown argument: {name}" for name in unknown]},
        )
    missing = sorted(name for name in method.required if arguments.get(name) is None)
    for name in missing:
        if error := ERRORS_OF_MISSING.get((method.name, name)):
            raise SlackError(error)
    if missing:
        raise invalid_arguments(*(f"missing required field: {name}" for name in missing))
