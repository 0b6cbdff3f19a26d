"""The form of the briefing: what sending it does."""

from collections.abc import Mapping

from bot.actions.command import briefing
from bot.domain import edit
from bot.domain.briefing import Briefing
from bot.domain.incident import check_open
from bot.domain.permission import Who
from bot.domain.text import shorten
from bot.errors import WrongFields
from bot.messages.command import forms_briefing
from handlers.slack.filled import Filled, Submission
from storage import briefings, people
from storage.store import Tx


def _write(filled: Filled) -> None:
    """Keep what this person changed; what somebody else changed too is not decided by who sends last."""
    written = _which(filled)
    now, given = forms_briefing.answers_of(written), forms_briefing.given(filled.answers)
    seen = edit.Seen(filled.about["shown"], filled.about["stood"])
    wanted = edit.changed(seen, given, now)
    clashing = {field for field in wanted if field in edit.stale(seen, now)}
    if clashing:
        raise WrongFields({field: _clash(filled.tx, written, now[field]) for field in clashing})
    merged = {**now, **wanted}
    briefing.answer(filled.tx, written.id, merged["worries"], merged["first"], filled.by)


def _which(filled: Filled) -> Briefing:
    """The briefing that it was opened about; before there was one, the one that is to come."""
    tx, about = filled.tx, filled.about["briefing"]
    if about["id"]:
        here = str(filled.about.get("channel") or "")
        return briefing.to_edit(tx, filled.settings, int(about["id"]), filled.by, here)[1]
    incident, _ = filled.incident(Who.ANYONE)
    check_open(incident)
    briefing.check_may_write(tx, filled.settings, incident, about["role"], filled.by)
    return briefings.get(tx, briefing.for_next(tx, incident, about["role"], filled.by))


def _clash(tx: Tx, written: Briefing, now: str) -> str:
    who = people.get(tx, written.prepared_by) if written.prepared_by else None
    stands = f"it is now: {shorten(now, 150)}" if now else "it is empty now"
    name = who.name if who else "Somebody"
    return f"{name} changed this meanwhile; {stands}. Copy yours, close this form and open it again."


# Callback id to what sending it does, and the block that shows why it could not be done.
SUBMISSIONS: Mapping[str, tuple[Submission, str]] = {
    forms_briefing.BRIEFING: (_write, "worries"),
}
