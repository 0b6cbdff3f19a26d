"""The web application: is it alive, is it ready, and in a sandbox the clock."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import FastAPI, HTTPException, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from handlers.web.pages import Site, pages_router


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

    clock: Callable[[], Awaitable[dict[str, float | None]]]
    move_clock: Callable[[float], Awaitable[dict[str, float | None]]]
    settled: Callable[[float], Awaitable[dict[str, object]]]


class Offset(BaseModel):
    """How many seconds the bot's clock shall be ahead of the machine's."""

    offset: float


def web_app(health: Health, dev: Dev | None, site: Site | None = None) -> FastAPI:
    """The application; `dev` only when Slack is a sandbox on this machine. With pages it compiles their templates."""
    app = FastAPI(title="Watchbill", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    async def healthz() -> JSONResponse:
        return _answer(await health.alive())

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        return _answer(await health.ready(), await health.more() if health.more else {})

    if site:
        app.include_router(pages_router(site))
    if dev:
        _add_dev(app, dev)
    return app


def _answer(problems: list[str], more: Mapping[str, object] | None = None) -> JSONResponse:
    status = "ok" if not problems else "not ok"
    body = {"status": status, "problems": problems, **(more or {})}
    return JSONResponse(body, status_code=503 if problems else 200)


def _add_dev(app: FastAPI, dev: Dev) -> None:
    def check_local(request: Request) -> None:
        if request.client is None or request.client.host not in {"127.0.0.1", "::1"}:
            raise HTTPException(403, "only from this machine")

    @app.get("/dev/clock")
    async def clock(request: Request) -> dict[str, float | None]:
        check_local(request)
        return await dev.clock()

    @app.post("/dev/clock")
    async def move_clock(request: Request, offset: Offset) -> dict[str, float | None]:
        check_local(request)
        return await dev.move_clock(offset.offset)

    @app.get("/dev/settled")
    async def settled(request: Request, timeout: float = Query(5.0, ge=0, le=60)) -> dict[str, object]:  # noqa: ASYNC109
        check_local(request)
        return await dev.settled(timeout)
