"""What to ask of Atlassian Statuspage's write API so that its page says what ours says: one request at a time.

Whoever pushes reads what is there, asks for the next request, makes it, and begins again. What is there already is
never sent twice, so a request whose answer was lost needs no other care than reading again. Nothing is ever taken back:
a correction follows as an update of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.status.safe import safe
from bot.status.snapshot import Incident, Update
from bot.status.wording import update_lines

API = "https://api.statuspage.io/v1"
# Statuspage keeps it with the incident, and shows it to nobody.
_MARK = "watchbill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """To be made with `Authorization: OAuth KEY`; `path` follows `API`."""

    method: str
    path: str
    body: Mapping[str, Any]


def find(incident: Incident, there: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Which of the incidents of Statuspage is this one."""
    return next((one for one in there if (one.get("metadata") or {}).get(_MARK, {}).get("id") == incident.id), None)


def next_request(
    page: str,
    incident: Incident,
    there: Mapping[str, Any] | None,
    components: Mapping[str, str],
    *,
    notify: bool = True,
) -> Request | None:
    """The next request, the oldest update that is missing there; None when all is there.

    `there`: the incident as the API gives it, None when it has none; `components`: the ids there, by
    `component/tier` (or `component`); `notify`: whether Statuspage tells its subscribers.
    """
    update = _missing(incident, [one.get("body") for one in (there or {}).get("incident_updates", ())])
    if update is None:
        return None
    fields: dict[str, Any] = {
        "status": update.state.value,
        "body": body(update),
        "deliver_notifications": notify,
    }
    # How things are now belongs to the newest update; what was when the others were written is not kept.
    if update is incident.updates[0] and (levels := _levels(incident, components)):
        fields |= {"components": levels, "component_ids": list(levels)}
    if there is None:
        fields |= {"name": safe(incident.title), "metadata": {_MARK: {"id": incident.id}}}
        return Request(method="POST", path=f"/pages/{page}/incidents", body={"incident": fields})
    return Request(method="PATCH", path=f"/pages/{page}/incidents/{there['id']}", body={"incident": fields})


def _missing(incident: Incident, bodies: list[str]) -> Update | None:
    """The oldest that is not there; who says the same twice is there twice."""
    left = list(bodies)
    for one in reversed(incident.updates):
        if body(one) not in left:
            return one
        left.remove(body(one))
    return None


def body(update: Update) -> str:
    """What an update says there; the same whether or not it was corrected since."""
    lines = update_lines(update)
    return "\n\n".join(safe(text) for text in (lines[1:] if update.corrected_at else lines)).strip()


def _levels(incident: Incident, components: Mapping[str, str]) -> dict[str, str]:
    """How each component that is known there does, by its id there."""
    found: dict[str, str] = {}
    for one in incident.damage:
        service = one.service
        id_ = components.get(f"{service.component}/{service.tier}") or components.get(service.component)
        if id_:
            found[id_] = one.spans[-1].level.value if incident.is_open else "operational"
    return found
