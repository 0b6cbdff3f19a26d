"""The web application: is it alive, is it ready, and in a sandbox the clock."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from handlers.web.pages import Site, pages_router
from handlers.web.status import StatusPages

# Answers of the public page a second. One takes a third of a millisecond of a core: the rest of it is Slack's.
_CROWD = 1_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What the web application asks of the bot. Each answers what is wrong, one sentence each; nothing: all is well."""

    alive: Callable[[], Awaitable[list[str]]]
    ready: Callable[[], Awaitable[list[str]]]
    # What is worth knowing and no reason to be woken: it goes along with the answer of /readyz.
    more: Callable[[], Awaitable[dict[str, object]]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dev:
    """What a sandbox may do to the bot. Times are epoch seconds, offsets seconds."""

    clock: Callable[[], Awaitable[dict[str, object]]]
    move_clock: Callable[[float], Awaitable[dict[str, object]]]
    settled: Callable[[float], Awaitable[dict[str, object]]]


class Offset(BaseModel):
    """How many seconds the bot's clock shall be ahead of the machine's."""

    offset: float


def web_app(health: Health, dev: Dev | None, site: Site | None = None, status: Path | None = None) -> FastAPI:
    """The application; `dev` only when Slack is a sandbox on this machine. With pages it compiles their templates.

    `status`: the folder of the public page.
    """
    app = FastAPI(title="Watchbill", docs_url=None, redoc_url=None, openapi_url=None)
    if dev:
        _add_dev(app, dev)

    @app.get("/healthz")
    async def healthz() -> JSONResponse:
        return _answer(await health.alive())

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        return _answer(await health.ready(), await health.more() if health.more else {})

    if status:
        app.mount("/status", StatusPages(status, most=_CROWD))
    if site:
        app.include_router(pages_router(site))
    return app


def _answer(problems: list[str], more: Mapping[str, object] | None = None) -> JSONResponse:
    status = "ok" if not problems else "not ok"
    body = {"status": status, "problems": problems, **(more or {})}
    return JSONResponse(body, status_code=503 if problems else 200)


def _add_dev(app: FastAPI, dev: Dev) -> None:
    """Plain routes, before all others: a test knocks at these some hundred thousand times."""

    def door(path: str, method: str, answer: Callable[[Request], Awaitable[dict[str, object]]]) -> None:
        async def opened(request: Request) -> JSONResponse:
            if request.client is None or request.client.host not in {"127.0.0.1", "::1"}:
                return JSONResponse({"detail": "only from this machine"}, 403)
            try:
                return JSONResponse(await answer(request))
            except ValueError as error:
                return JSONResponse({"detail": str(error)}, 422)

        app.add_route(path, opened, methods=[method])

    async def clock(request: Request) -> dict[str, object]:
        return await dev.clock()

    async def move_clock(request: Request) -> dict[str, object]:
        return await dev.move_clock(Offset.model_validate_json(await request.body()).offset)

    async def settled(request: Request) -> dict[str, object]:
        seconds = float(request.query_params.get("timeout", 5))
        if not 0 <= seconds <= 60:
            raise ValueError("timeout: 0 to 60 seconds")
        return await dev.settled(seconds)

    door("/dev/settled", "GET", settled)
    door("/dev/clock", "POST", move_clock)
    door("/dev/clock", "GET", clock)
