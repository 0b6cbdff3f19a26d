"""What the pages show, gathered for one reader inside a transaction and written down as HTML there."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.actions.overview import overview
from bot.domain.cadence import lateness
from bot.domain.command import COMMANDER
from bot.domain.incident import Incident
from bot.domain.overview import Overview
from bot.domain.page import WHY, Page
from bot.domain.text import format_duration, is_web_link, shorten
from bot.messages.card import label, mark
from bot.settings import Settings
from handlers.web import waiting
from handlers.web.reader import Reader
from handlers.web.session import form_token
from storage import rotas, timeline

HERE = Path(__file__).parent
_ENTRIES = 20
_SHIFTS = 4


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was not done, and what was typed into the form."""

    sentence: str
    hint: str
    form: Mapping[str, str]


@cache
def templates(root: str) -> Environment:
    """The templates, read and compiled once; `root` is what every path of the pages begins with."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    version = hashlib.sha256(_static("css")).hexdigest()[:8]
    made.globals.update(root=root, version=version, label=label, mark=mark)
    made.filters.update(coded=_coded, duration=format_duration, shortened=shorten)
    for name in made.list_templates():
        made.get_template(name)
    return made


def _static(kind: str) -> bytes:
    return (HERE / "static" / f"watchbill.{kind}").read_bytes()


class Paper:
    """Pages, as they are written for readers."""

    def __init__(self, settings: Settings) -> None:
        self._meaning = settings.meaning
        self.root = urlsplit(settings.web_url).path.rstrip("/")
        self._templates = templates(self.root)
        self.css, self.icon = _static("css"), _static("svg")

    def write(self, template: str, /, **values: Any) -> str:
        """One page."""
        return self._templates.get_template(f"{template}.html").render({"person": None, **values})

    def home(self, reader: Reader, session: str, said: str, refusal: Refusal | None) -> str:
        """The first page: what waits for somebody, and what is open."""
        page, items = waiting.of(reader, with_open=True)
        common = self._common(reader, session, "/", said, refusal)
        return self.write("home", **common, waiting=items, page=page)

    def incident(self, reader: Reader, incident: Incident, session: str, said: str, refusal: Refusal | None) -> str:
        """An incident in short. Whoever asks may see it."""
        tx, glance = reader.tx, overview(reader.tx, incident)
        _, items = waiting.of(reader, with_open=False)
        rota = rotas.running(tx, incident.number, COMMANDER)
        shifts = rotas.shifts_ending_after(tx, rota.id, tx.now)[:_SHIFTS] if rota else []
        entries = timeline.latest(tx, incident.number, _ENTRIES)
        return self.write(
            "incident",
            **self._common(reader, session, f"/i/{incident.number}", said, refusal),
            incident=incident,
            overview=glance,
            late=lateness(glance.promise, tx.now) if glance.promise else None,
            meaning=self._meaning(incident.severity),
            next_handoff=_next_handoff(reader, glance),
            call=incident.call_url if is_web_link(incident.call_url) else "",
            waiting=[item for item in items if item.incident.number == incident.number],
            shifts=shifts,
            entries=entries[::-1],
            more=timeline.count(tx, incident.number) - len(entries),
        )

    def paged(self, reader: Reader, incident: Incident, page: Page, *, open_: bool) -> str:
        """Who is woken and why, for a phone that knows nothing but the link; of a private one only its number."""
        why = "" if incident.private else reader.typed(str(page.about.get("why") or ""))
        by = reader.name(page.paged_by) if page.paged_by else ""
        ago = format_duration(reader.tx.now - page.paged_at)
        return self.write(
            "paged",
            me=reader,
            incident=incident,
            page=page,
            open=open_,
            by=by,
            why=why or _sentence(WHY.get(page.what, "")),
            ago=ago,
        )

    def _common(self, reader: Reader, session: str, here: str, said: str, refusal: Refusal | None) -> dict[str, Any]:
        return {
            "me": reader,
            "person": reader.person,
            "now": reader.tx.now,
            "token": form_token(session),
            "once": secrets.token_urlsafe(9),
            "here": self.root + here,
            "said": said,
            "refusal": refusal,
        }


def _next_handoff(reader: Reader, overview: Overview) -> tuple[str, Any]:
    """Who is next and when, in words and a time; or to whom command is offered right now."""
    if overview.unanswered:
        return "Nobody has accepted, due", reader.at(overview.unanswered.boundary_at)
    if overview.offer:
        return f"Offered to {reader.name(overview.offer.offered_to)}, due", reader.at(overview.offer.boundary_at)
    if overview.next_shift:
        return reader.name(overview.next_shift.person), reader.at(overview.next_shift.starts_at)
    return "None planned", None


def _sentence(clause: str) -> str:
    return clause[:1].upper() + clause[1:]


def _coded(text: str) -> Markup:
    """Text in which `code` is shown as code."""
    parts = [escape(part) for part in text.split("`")]
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts))
