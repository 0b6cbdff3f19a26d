"""The pages: signing in, what waits for somebody, an incident in short, the link of a page. No JavaScript."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot import log
from bot.actions.waking import signin, waking
from bot.boundary import Boundary
from bot.domain.incident import PersonId
from bot.domain.page import AnsweredBy, Page
from bot.errors import BotError, NoSuchIncident
from bot.settings import Settings
from bot.vault import NoKey, Vault
from handlers.slack import activity
from handlers.web import deeds
from handlers.web.deeds import Asked, found, number_in
from handlers.web.reader import Reader
from handlers.web.session import Forged, TooLarge, check_token, drop, form_of, keep, secured, session_of
from handlers.web.shown import Paper, Refusal
from storage import incidents, pages
from storage.store import Store, Tx

_log = log.get("web")
_OLD = Refusal("This page was too old, so nothing was done.", "Press again.", {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the pages need; `meet` looks a person up in Slack, beside everything else, when that was long ago."""

    store: Store
    settings: Settings
    meet: Callable[[PersonId], object]


Handler = Callable[[Request], Awaitable[Response]]


def pages_router(site: Site) -> APIRouter:
    """All pages. Reads and compiles the templates: not for the loop."""
    made, router = _Pages(site), APIRouter()
    routes: list[tuple[str, str, Handler]] = [
        ("GET", "/", made.show),
        ("POST", "/", made.act),
        ("GET", "/i/{number}", made.show),
        ("POST", "/i/{number}", made.act),
        ("GET", "/in/{token}", made.link),
        ("POST", "/in/{token}", made.use_link),
        ("POST", "/out", made.out),
        ("GET", "/p/{page}/{signature}", made.paged),
        ("POST", "/p/{page}/{signature}", made.answer_page),
    ]
    for method, path, handler in routes:
        router.add_route(path, made.bounded(path, handler), methods=[method])
    router.add_route("/static/watchbill.css", made.css, methods=["GET"])
    router.add_route("/static/watchbill.svg", made.icon, methods=["GET"])
    return router


class _Pages:
    def __init__(self, site: Site) -> None:
        self._store, self._settings, self._meet = site.store, site.settings, site.meet
        self._paper = Paper(site.settings)
        try:
            self._vault: Vault | None = Vault.of(site.settings)
        except NoKey:
            self._vault = None

    def bounded(self, path: str, handler: Handler) -> Handler:
        """`handler` with the headers of a page, and an answer for whoever asks when it breaks."""

        async def answer(request: Request) -> Response:
            with Boundary(_log, "page broke", path=path, method=request.method) as outcome:
                return secured(await self._answer(handler, request))
            hint = "Try again; if it stays so, give the operator this ref."
            return secured(self._says(500, f"Something broke on our side, ref {outcome.ref}.", hint))

        return answer

    async def _answer(self, handler: Handler, request: Request) -> Response:
        try:
            return await handler(request)
        except TooLarge:
            return self._says(413, "That is more than a form may hold.", "Shorten it.")
        except Forged:
            return self._says(
                403, "This form was sent from elsewhere, so nothing was done.", "Begin at the first page."
            )

    async def show(self, request: Request) -> Response:
        """The first page, or that of an incident."""
        return await self._show(request, None, 200)

    async def _show(self, request: Request, refusal: Refusal | None, status: int) -> Response:
        session, number = session_of(request), request.path_params.get("number")
        did = request.query_params.get("did", "")

        def shown(tx: Tx) -> Response:
            person = signin.who(tx, session)
            if person is None:
                kept = refusal.form.get("text", "") if refusal else ""
                return HTMLResponse(self._paper.write("signin", text=kept), 401 if number or refusal else 200)
            reader, said = Reader(tx, person), deeds.said(tx, person, did) if did else ""
            if number is None:
                return HTMLResponse(self._paper.home(reader, session, said, refusal), status)
            try:
                incident = found(tx, number_in(number), person)
            except NoSuchIncident as missing:
                return self._says(404, reader.ours(missing.user_text), missing.hint)
            return HTMLResponse(self._paper.incident(reader, incident, session, said, refusal), status)

        return await self._store.view(shown)

    async def act(self, request: Request) -> Response:
        """Do what a form asks, and show what came of it."""
        form, session = await form_of(request, self._settings), session_of(request)
        person = await self._store.view(signin.who, session)
        if person is None:
            return await self._show(request, Refusal("", "", form), 401)
        self._meet(person)
        try:
            check_token(form, session)
            key = await self._store.run(deeds.do, Asked(settings=self._settings, by=person, form=form))
        except Forged:
            return await self._show(request, Refusal(_OLD.sentence, _OLD.hint, form), 409)
        except BotError as refused:
            _log.info("refused", by=person, deed=form.get("deed", "")[:20], why=refused.sentence)
            return await self._show(request, await self._refusal(person, refused, form), 409)
        number = number_in(request.path_params.get("number", ""))
        return RedirectResponse(f"{self._paper.root}/{f'i/{number}' if number else ''}?did={key}", 303)

    async def _refusal(self, person: PersonId, refused: BotError, form: Mapping[str, str]) -> Refusal:
        def plain(tx: Tx) -> Refusal:
            reader = Reader(tx, person)
            return Refusal(reader.ours(refused.user_text), reader.ours(refused.hint), form)

        return await self._store.view(plain)

    async def link(self, request: Request) -> Response:
        """Whom a link would sign in. What only looks, as mail scanners do, doesn't use it up."""
        try:
            return await self._store.view(self._ask_link, request)
        except BotError as refused:
            return await self._refused(refused)

    def _ask_link(self, tx: Tx, request: Request) -> Response:
        person = signin.whose(tx, request.path_params["token"])
        to = _to(request)
        here = f"{self._paper.root}/in/{request.path_params['token']}" + (f"?to={to}" if to else "")
        return HTMLResponse(self._paper.write("link", name=Reader(tx, person).own_name, here=here))

    async def use_link(self, request: Request) -> Response:
        """Sign in: the cookie, and on to where the link leads."""
        await form_of(request, self._settings)
        token, session, to = request.path_params["token"], signin.new_token(), _to(request)
        try:
            # Only who has a good link gets as far as the one writer.
            await self._store.view(signin.whose, token)
            person = await self._store.run(signin.use, token, session)
        except BotError as refused:
            return await self._refused(refused)
        _log.info("signed in", by=person)
        self._meet(person)
        response = RedirectResponse(f"{self._paper.root}/{f'i/{to}' if to else ''}", 303)
        keep(response, self._settings, session)
        return response

    async def _refused(self, refused: BotError) -> Response:
        shown = await self._refusal("", refused, {})
        return self._says(403, shown.sentence, shown.hint)

    async def out(self, request: Request) -> Response:
        """Sign out."""
        form, session = await form_of(request, self._settings), session_of(request)
        check_token(form, session)
        await self._store.run(signin.end, session)
        response = RedirectResponse(f"{self._paper.root}/", 303)
        drop(response, self._settings)
        return response

    async def paged(self, request: Request) -> Response:
        """Who is woken and why, for whoever holds the link."""

        def shown(tx: Tx) -> Response:
            page = self._signed_page(tx, request)
            if page is None:
                return self._says(404, "This link is not known here.", "Get in by Slack: `/incident web`")
            incident, reader = incidents.get(tx, page.incident), Reader(tx, page.person)
            open_ = bool(pages.unanswered(tx, page.incident, page.person))
            return HTMLResponse(self._paper.paged(reader, incident, page, open_=open_))

        return await self._store.view(shown)

    async def answer_page(self, request: Request) -> Response:
        """Somebody is on it."""
        await form_of(request, self._settings)

        def heard(tx: Tx, page: Page) -> None:
            incident = waking.answered(tx, page, AnsweredBy.LINK)
            activity.noted(tx, incidents.get(tx, incident.number), page.person)

        page = await self._store.view(self._signed_page, request)
        if page is None:
            return await self.paged(request)
        await self._store.run(heard, page)
        return RedirectResponse(self._paper.root + request.url.path, 303)

    def _signed_page(self, tx: Tx, request: Request) -> Page | None:
        """The page of an address that we have signed."""
        number, signature = number_in(request.path_params["page"]), request.path_params["signature"]
        if self._vault is None or number is None or not self._vault.signed(f"page:{number}", signature):
            return None
        return pages.find(tx, number)

    async def css(self, request: Request) -> Response:
        return _file(self._paper.css, "text/css; charset=utf-8")

    async def icon(self, request: Request) -> Response:
        return _file(self._paper.icon, "image/svg+xml")

    def _says(self, status: int, sentence: str, hint: str) -> Response:
        """A page of one sentence and a hint."""
        return HTMLResponse(self._paper.write("said", sentence=sentence, hint=hint), status)


def _to(request: Request) -> int | None:
    """The number of the incident to which a link leads: nothing else, so that it leads nowhere else."""
    return number_in(request.query_params.get("to", ""))


def _file(content: bytes, kind: str) -> Response:
    """Its address changes with it."""
    headers = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=kind, headers=headers)
