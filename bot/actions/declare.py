"""Declaring an incident."""

from dataclasses import dataclass

from bot.actions import effects
from bot.domain.incident import Incident, Kind, PersonId, Severity
from bot.domain.text import TITLE_LIMIT, clean, clean_line, shorten
from bot.domain.timeline import EntryKind
from bot.errors import WrongWords
from bot.settings import Settings
from storage import incidents, timeline
from storage.store import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What somebody declares."""

    title: str
    severity: Severity = Severity.SEV2
    kind: Kind = Kind.REAL
    private: bool = False
    summary: str = ""


def declare(tx: Tx, settings: Settings, wanted: Declaration, by: PersonId, response_url: str = "") -> Incident:
    """Commit the incident, the declarer's command, the first entry, and everything that Slack must show.

    A title that is too long is cut; what was typed is kept whole in the summary. Raises WrongWords for no title.
    """
    title = clean_line(wanted.title)
    if not title:
        raise WrongWords("An incident needs a title.", "For example: `/incident declare checkout is down`")
    summary = clean(wanted.summary)
    if len(title) > TITLE_LIMIT:
        summary = f"{title}\n\n{summary}".strip()
    incident = incidents.add(
        tx,
        title=shorten(title, TITLE_LIMIT),
        summary=summary,
        severity=wanted.severity,
        kind=wanted.kind,
        private=wanted.private,
        declared_by=by,
    )
    what = "drill" if incident.is_drill else "incident"
    timeline.add(tx, incident.number, EntryKind.SYSTEM, f"Declared as a {incident.severity} {what}: {title}", by)
    effects.set_up_channel(tx, incident, _called(settings, incident))
    if response_url:
        effects.replace_answer(tx, incident, response_url)
    return incident


def _called(settings: Settings, incident: Incident) -> list[PersonId]:
    """The declarer and the severity's responders, each once; into a private one nobody comes unasked."""
    responders = () if incident.private else settings.responders(incident.severity)
    return list(dict.fromkeys([incident.declared_by, *responders]))
