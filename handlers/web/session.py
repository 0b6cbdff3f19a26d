"""What a request to a page must bring, and what every page carries: cookie, form, token against forgery, headers."""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request
from fastapi.responses import Response

from bot.actions.waking.signin import SESSION_FOR
from bot.settings import Settings
from handlers.web.body import body_of

COOKIE = "watchbill"
BIGGEST_BODY = 64 * 1024
_MOST_FIELDS = 20
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none';"
        " base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Addresses hold tokens.
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}


class TooLarge(Exception):
    """The body is larger than any form of ours."""


class Forged(Exception):
    """The form was not sent from a page of ours, or from one that is too old."""


def secured(response: Response) -> Response:
    """`response` with the headers that every page carries."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def session_of(request: Request) -> str:
    """The token of the session in the cookie; empty when there is none."""
    return request.cookies.get(COOKIE, "")


def keep(response: Response, settings: Settings, session: str) -> None:
    """Set the cookie for as long as the session lasts."""
    seconds, path = int(SESSION_FOR.total_seconds()), _path(settings)
    secure = settings.web_url.startswith("https:")
    response.set_cookie(COOKIE, session, max_age=seconds, path=path, httponly=True, samesite="lax", secure=secure)


def drop(response: Response, settings: Settings) -> None:
    """Take the cookie away."""
    response.delete_cookie(COOKIE, path=_path(settings), httponly=True, samesite="lax")


def _path(settings: Settings) -> str:
    return urlsplit(settings.web_url).path or "/"


def form_token(session: str) -> str:
    """What every form of this session holds, and no other site can know."""
    return sha256(b"watchbill form " + session.encode()).hexdigest()[:32]


async def form_of(request: Request, settings: Settings) -> Mapping[str, str]:
    """The fields of a form. Raises TooLarge, and Forged when the browser says that another site sent it."""
    check_origin(request.headers, settings)
    body = await body_of(request, BIGGEST_BODY)
    if body is None:
        raise TooLarge
    try:
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise TooLarge from error
    return dict(pairs)


def check_origin(headers: Mapping[str, str], settings: Settings) -> None:
    """Raise Forged when the browser says that a form comes from another site.

    Browsers tell by Sec-Fetch-Site where they are sure of the connection; else by Origin, which is `null` for us, as no
    page of ours lets its address be known. Then it is the token of the form that decides.
    """
    site = headers.get("sec-fetch-site", "")
    if site:
        # none: typed, reloaded or bookmarked by the person, and sent by no site.
        if site not in ("same-origin", "none"):
            raise Forged
        return
    origin = headers.get("origin", "null")
    ours = {urlsplit(settings.web_url).netloc, headers.get("host", "")}
    if origin != "null" and urlsplit(origin).netloc not in ours:
        raise Forged


def check_token(form: Mapping[str, str], session: str) -> None:
    """Raise Forged unless the form holds the token of this session."""
    if not hmac.compare_digest(form.get("token", "").encode(), form_token(session).encode()):
        raise Forged
