"""`/slack/events`: the door for Slack in HTTP mode. Commands, buttons, forms, menus, events and the first challenge."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from handlers.web.body import body_of

PATH = "/slack/events"
# Slack's largest, a form with a full modal, is a quarter of this.
_BIGGEST_BODY = 1024 * 1024


class Answered(Protocol):
    """What goes back."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, str]: ...


# Headers with names in lower case, and the body as it came; the refusal of an unsigned one is an answer too.
Door = Callable[[Mapping[str, str], bytes], Awaitable[Answered]]


def slack_router(door: Door) -> APIRouter:
    """The one route; the body is read raw, as the signature is over its bytes."""
    router = APIRouter()

    @router.post(PATH)
    async def events(request: Request) -> Response:
        body = await body_of(request, _BIGGEST_BODY)
        if body is None:
            return JSONResponse({"error": "The body is larger than 1 MB."}, status_code=413)
        if not body:
            return JSONResponse({"error": "The request has no body."}, status_code=400)
        headers = {name.lower(): value for name, value in request.headers.items()}
        answer = await door(headers, body)
        return Response(answer.body, status_code=answer.status, headers=dict(answer.headers))

    return router
