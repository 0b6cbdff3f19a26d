"""What to ask of Atlassian Statuspage's write API so that its page says what ours says: one request at a time.

Whoever pushes reads what is there, asks for the next request, makes it, and begins again. What is there already is
never sent twice, so a request whose answer was lost needs no other care than reading again. Nothing is ever taken back:
a correction follows as an update of its own.

Each request that says something also notes in the incident's metadata there which of our updates it has: words may come
back changed, and may be said twice. A database that was brought back from a copy gives ids again that it gave before:
each is noted with a digest of what was said under it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from bot.domain.impact import Level
from bot.domain.incident import OPEN_STATES, State
from bot.status.safe import safe
from bot.status.snapshot import Incident, Update, worst
from bot.status.wording import update_lines

# Statuspage keeps it with the incident, and shows it to nobody.
_MARK = "watchbill"
# What Statuspage calls what is over.
_OVER = frozenset({State.RESOLVED.value, "postmortem", "completed"})
_SAID = {"over": "This incident is resolved.", "open": "This incident is not over. We are working on it."}
_OPERATIONAL = Level.OPERATIONAL.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What Statuspage should say of an incident.

    `levels`: of the components that it concerns, by their ids there; `change`: a component of the page that is at
    another level there, and the right one. `sent`: updates that Statuspage has accepted, digests by ids; `turned`: what
    it was last told without an update, "over" or "open". `notify`: whether Statuspage tells its subscribers. `key`: of
    the database, for the ids of incidents are the same in each.
    """

    page: str
    incident: Incident
    levels: Mapping[str, str]
    key: str
    change: tuple[str, str] | None = None
    sent: Mapping[str, str] = field(default_factory=dict)
    turned: str = ""
    notify: bool = True

    @property
    def turn(self) -> str:
        """What it should be told when it has it the other way."""
        return "open" if self.incident.is_open else "over"

    @property
    def mark(self) -> str:
        """How the incident is known there."""
        return f"{self.key}:{self.incident.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """To be made with `Authorization: OAuth KEY`; `path` follows the address of the API.

    What is true once it is accepted: `update` is there (digest by id), `turned` was said, components are at `levels`.
    `component`: the one that it is about, when it is about nothing else.
    """

    method: str
    path: str
    body: Mapping[str, Any]
    update: Mapping[str, str] = field(default_factory=dict)
    turned: str = ""
    levels: Mapping[str, str] = field(default_factory=dict)
    component: str = ""


def find(wanted: Wanted, there: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Which of the incidents of Statuspage is this one."""
    return next((one for one in there if _noted(one).get("id") == wanted.mark), None)


def next_request(wanted: Wanted, there: Mapping[str, Any] | None) -> Request | None:
    """The next request, the oldest update that is missing there; None when Statuspage says all that it should.

    `there`: the incident as the API gives it, None when it has none. After the updates: an incident that ended or was
    reopened without one is told of in a sentence; then components, which make no update of their own.
    """
    incident = wanted.incident
    update = _missing(wanted, there)
    if update is not None:
        # A correction comes after what it corrects, and must not bring back the state of that time.
        state = incident.state if update.corrects else update.state
        # How things are now belongs to the newest update; what was when the others were written is not kept.
        levels = wanted.levels if update is incident.updates[0] else {}
        return _say(wanted, there, state, body(update), levels, update)
    is_over = (there or {}).get("status") in _OVER
    if is_over == incident.is_open and wanted.turned != wanted.turn:
        return _say(wanted, there, incident.state, _SAID[wanted.turn], wanted.levels, turned=wanted.turn)
    if wanted.change:
        id_, level = wanted.change
        path = f"/pages/{wanted.page}/components/{id_}"
        return Request(
            method="PATCH", path=path, body={"component": {"status": level}}, levels={id_: level}, component=id_
        )
    return None


def _say(
    wanted: Wanted,
    there: Mapping[str, Any] | None,
    state: State,
    words: str,
    levels: Mapping[str, str],
    update: Update | None = None,
    turned: str = "",
) -> Request:
    incident, known = wanted.incident, there or {}
    said = {update.id: digest(update)} if update else {}
    fields: dict[str, Any] = {
        "status": state.value if state in OPEN_STATES else State.RESOLVED.value,
        "body": words,
        "deliver_notifications": wanted.notify,
        "metadata": {**(known.get("metadata") or {}), _MARK: {"id": wanted.mark, "updates": {**_has(known), **said}}},
    }
    if levels:
        fields |= {"components": dict(levels), "component_ids": list(levels)}
    if safe(incident.title) != known.get("name"):
        fields["name"] = safe(incident.title)
    path = f"/pages/{wanted.page}/incidents"
    if there is None:
        return Request(method="POST", path=path, body={"incident": fields}, update=said, levels=levels)
    path = f"{path}/{there['id']}"
    return Request(method="PATCH", path=path, body={"incident": fields}, update=said, turned=turned, levels=levels)


def without_components(request: Request) -> Request | None:
    """The same words without a word of components; None when there is nothing to leave out."""
    fields = request.body.get("incident", {})
    if "components" not in fields:
        return None
    bare = {name: value for name, value in fields.items() if name not in ("components", "component_ids")}
    return replace(request, body={"incident": bare}, levels={})


def _noted(there: Mapping[str, Any]) -> Mapping[str, Any]:
    """What we have noted with an incident there."""
    noted = (there.get("metadata") or {}).get(_MARK)
    return noted if isinstance(noted, Mapping) else {}


def _has(there: Mapping[str, Any]) -> dict[str, str]:
    """The updates that are noted there: digests by ids."""
    noted = _noted(there).get("updates")
    return {id_: str(said) for id_, said in noted.items()} if isinstance(noted, Mapping) else {}


def _missing(wanted: Wanted, there: Mapping[str, Any] | None) -> Update | None:
    """The oldest that is not there; who says the same twice is there twice."""
    known = there or {}
    has = {*wanted.sent.items(), *_has(known).items()}
    left = [_plain(one.get("body")) for one in known.get("incident_updates") or ()]
    missing = []
    # Those that are known to be there take their words first, then the oldest.
    oldest_first = wanted.incident.updates[::-1]
    for one in sorted(oldest_first, key=lambda one: (one.id, digest(one)) not in has):
        if _plain(body(one)) in left:
            left.remove(_plain(body(one)))
        elif (one.id, digest(one)) not in has:
            missing.append(one)
    return missing[0] if missing else None


def _plain(words: object) -> str:
    return " ".join(str(words or "").split())


def digest(update: Update) -> str:
    """Of all that an update says, whatever words this version has for it, and whether or not it was corrected since."""
    estimate = (update.estimate_at and update.estimate_at.isoformat(), update.estimate_text, update.no_estimate_why)
    said = (update.state, update.text, update.cause, update.cause_text, *estimate, update.corrects)
    return sha256("\n".join(str(one or "") for one in said).encode()).hexdigest()[:8]


def body(update: Update) -> str:
    """What an update says there; the same whether or not it was corrected since."""
    lines = update_lines(update)
    return "\n\n".join(safe(text) for text in (lines[1:] if update.corrected_at else lines)).strip()


def levels(incidents: Iterable[Incident], components: Mapping[str, str]) -> dict[str, str]:
    """How each component that these incidents concern does, by its id there: the worst that an open one says.

    `components`: the ids there, by `component/tier` or, for all its tiers, `component`.
    """
    found: dict[str, Level] = {}
    for incident in incidents:
        for one in incident.damage:
            service = one.service
            id_ = components.get(f"{service.component}/{service.tier}") or components.get(service.component)
            if id_:
                level = one.spans[-1].level if incident.is_open else Level.OPERATIONAL
                found[id_] = worst([level, found.get(id_, Level.OPERATIONAL)])
    return {id_: level.value for id_, level in found.items()}


def next_change(right: Mapping[str, str], known: Mapping[str, str], ours: Sequence[str]) -> tuple[str, str] | None:
    """The next component that is not at the level it should be at, and that level.

    `known`: the levels that Statuspage was last told; what no incident concerns any more is operational again, and what
    was never told is left alone. `ours`: the ids that the settings name; others are nobody's business here.
    """
    for id_ in dict.fromkeys(ours):
        if right.get(id_, _OPERATIONAL) != known.get(id_, _OPERATIONAL):
            return id_, right.get(id_, _OPERATIONAL)
    return None
