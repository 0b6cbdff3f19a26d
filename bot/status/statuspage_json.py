"""The page as JSON, in the format of Statuspage's public API v2, so that the clients there are can read it.

Paths, names and values are those of its documentation (`/api/v2/summary.json` and so on). Texts are plain text; what
could begin a tag is escaped, so that a client that shows a file as a page shows text.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.domain.impact import EVERYONE, Level
from bot.domain.incident import State
from bot.status.safe import line, public_id, safe
from bot.status.snapshot import Incident, Page, Service, Snapshot, Update
from bot.status.wording import overall, update_lines

# As many as Statuspage lists.
_LISTED = 50
_INDICATOR = {
    Level.OPERATIONAL: "none",
    Level.UNDER_MAINTENANCE: "maintenance",
    Level.DEGRADED_PERFORMANCE: "minor",
    Level.PARTIAL_OUTAGE: "major",
    Level.MAJOR_OUTAGE: "critical",
}
_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
Json = dict[str, Any]


def api_files(snapshot: Snapshot) -> dict[str, bytes]:
    """Every file of the API, by its path below the page."""
    page = {"page": _page(snapshot.page, snapshot.written_at)}
    level, said = overall(snapshot)
    status = {"status": {"indicator": _INDICATOR[level], "description": said}}
    components = _components(snapshot)
    by_service = {one["id"]: one for one in components}
    listed = [_incident(snapshot, one, by_service) for one in snapshot.incidents[:_LISTED]]
    unresolved = [_incident(snapshot, one, by_service) for one in snapshot.open]
    none: Json = {"scheduled_maintenances": []}
    summary = {"components": components, "incidents": unresolved, **none, **status}
    found = {
        "summary": summary,
        "status": status,
        "components": {"components": components},
        "incidents": {"incidents": listed},
        "incidents/unresolved": {"incidents": unresolved},
        "scheduled-maintenances": none,
        "scheduled-maintenances/upcoming": none,
        "scheduled-maintenances/active": none,
    }
    return {f"api/v2/{name}.json": _written({**page, **content}) for name, content in found.items()}


def _page(page: Page, now: datetime) -> Json:
    return {"id": page.id, "name": line(page.name), "url": page.url, "time_zone": "Etc/UTC", "updated_at": _iso(now)}


def _components(snapshot: Snapshot) -> list[Json]:
    """What has tiers is a group with its tiers as members, as Statuspage nests them."""
    groups: dict[str, list[Service]] = {}
    for service in snapshot.services:
        groups.setdefault(service.component, []).append(service)
    found: list[Json] = []
    for name, services in groups.items():
        tiered = services[0].tier != EVERYONE
        group = public_id("group", name) if tiered else None
        members = [_component(snapshot, service, group, place) for place, service in enumerate(services, 1)]
        if tiered:
            found.append(_group(snapshot, services, members))
        found += members
    for place, one in enumerate((one for one in found if one["group_id"] is None), 1):
        one["position"] = place
    return found


def _component(snapshot: Snapshot, service: Service, group: str | None, place: int) -> Json:
    name = service.tier_title if group else service.title
    return _entry(snapshot, service.id, name, snapshot.levels[service], group, place)


def _group(snapshot: Snapshot, services: Sequence[Service], members: Sequence[Json]) -> Json:
    first = services[0]
    levels = [snapshot.levels[service] for service in services]
    level = max(levels, key=list(_INDICATOR).index)
    made = _entry(snapshot, public_id("group", first.component), first.title, level, None, 1)
    return {**made, "group": True, "components": [one["id"] for one in members]}


def _entry(snapshot: Snapshot, id_: str, name: str, level: Level, group: str | None, place: int) -> Json:
    began = f"{snapshot.since.isoformat()}T00:00:00.000Z"
    return {
        "id": id_,
        "name": line(name),
        "status": level.value,
        "created_at": began,
        "updated_at": _iso(snapshot.written_at),
        "position": place,
        "description": None,
        "showcase": True,
        "start_date": snapshot.since.isoformat(),
        "group_id": group,
        "page_id": snapshot.page.id,
        "group": False,
        "only_show_if_degraded": False,
    }


def _incident(snapshot: Snapshot, incident: Incident, components: Mapping[str, Json]) -> Json:
    affected = [components[one.service.id] for one in incident.damage if one.service.id in components]
    monitoring = [one.at for one in incident.updates if one.state is State.MONITORING]
    first = incident.updates[-1].at
    return {
        "id": incident.id,
        "name": line(incident.title),
        "status": incident.state.value,
        "created_at": _iso(first),
        "updated_at": _iso(incident.changed_at),
        "monitoring_at": _iso(monitoring[0]) if monitoring else None,
        "resolved_at": _iso(incident.ended_at) if incident.ended_at else None,
        "impact": _INDICATOR[incident.worst] if incident.damage else "minor",
        "shortlink": f"{snapshot.page.url}incidents/{incident.id}.html",
        "started_at": _iso(incident.began_at),
        "page_id": snapshot.page.id,
        "incident_updates": _updates(incident, affected),
        "components": affected,
        "postmortem_body": None,
        "postmortem_published_at": None,
    }


def _updates(incident: Incident, affected: Sequence[Json]) -> list[Json]:
    """With the newest one stands how each service does now: what it was at each earlier one is not kept."""
    now = [
        {"code": one["id"], "name": one["name"], "old_status": one["status"], "new_status": one["status"]}
        for one in affected
    ]
    return [_update(one, incident, now if place == 0 else []) for place, one in enumerate(incident.updates)]


def _update(update: Update, incident: Incident, affected: Iterable[Json]) -> Json:
    return {
        "id": update.id,
        "status": update.state.value,
        "body": "\n\n".join(safe(text) for text in update_lines(update)),
        "incident_id": incident.id,
        "created_at": _iso(update.at),
        "updated_at": _iso(update.corrected_at or update.at),
        "display_at": _iso(update.at),
        "affected_components": list(affected) or None,
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _written(content: Json) -> bytes:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for character, escaped in _ESCAPED.items():
        text = text.replace(character, escaped)
    return text.encode()
