"""Snapshots that tests of the status page begin with: a calm day, the long outage of 2011, many incidents past."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.impact import Level
from bot.domain.incident import State
from bot.domain.update import Cause
from bot.status.safe import public_id
from bot.status.snapshot import Damage, Incident, Link, Page, Service, Snapshot, Span, Update

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
EVIL = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> \x00\x1b\x85\u2028\u202eevil\u202c\u200b\ufeff "
    "[click](javascript:alert(3)) **bold** `code` ![x](http://evil.example.test/x.png) {{ 7*7 }} {% raw %} ]]> --> "
    "&lt;b&gt; \"'><svg onload=alert(4)> </title></style></script> @here <!channel>" + "x" * 10_000
)
PAGE = Page(
    key="test",
    name="Harbour Cloud",
    url="https://status.example.test/",
    about="Harbour Cloud runs your applications and databases.",
    colour="#3b5573",
    links=(Link(text="Support", url="https://support.example.test/"),),
)
DEDICATED = ("dedicated-databases", "Dedicated databases")
SHARED = ("shared-databases", "Shared databases")


def service(component: tuple[str, str], tier: str = "everyone") -> Service:
    return Service(component=component[0], title=component[1], tier=tier, tier_title=tier.capitalize())


SERVICES = (
    service(("applications", "Applications"), "production"),
    service(("applications", "Applications"), "free"),
    service(DEDICATED, "production"),
    service(SHARED, "production"),
    service(SHARED, "free"),
    service(("deploys", "Deploys")),
    service(("dashboard", "Dashboard")),
)


def hours(back: float) -> datetime:
    return NOW - timedelta(hours=back)


def said(key: str, back: float, state: State, text: str, **more: object) -> Update:
    return replace(Update(id=public_id("update", key), at=hours(back), state=state, text=text), **more)  # type: ignore[arg-type]


def span(level: Level, start: float, end: float | None = None) -> Span:
    down = level in (Level.PARTIAL_OUTAGE, Level.MAJOR_OUTAGE)
    return Span(level=level, is_down=down, start=hours(start), end=None if end is None else hours(end))


def ended(number: int, back: float, length: float, level: Level, title: str = "Requests failed") -> Incident:
    """One that is over, about one service."""
    updates = (
        said(f"{number}-2", back - length, State.RESOLVED, "Everything works again. We are sorry."),
        said(f"{number}-1", back - 0.1, State.INVESTIGATING, "Some requests fail. We look into it."),
    )
    damage = Damage(service=SERVICES[number % len(SERVICES)], spans=(span(level, back, back - length),))
    return Incident(
        id=public_id("incident", number), title=title, updates=updates, ended_at=hours(back - length), damage=(damage,)
    )


PAST = (
    ended(6, 100, 1.5, Level.DEGRADED_PERFORMANCE, "Dashboard was slow"),
    ended(5, 800, 0.7, Level.MAJOR_OUTAGE, "Deploys failed"),
    ended(4, 1500, 4, Level.PARTIAL_OUTAGE, "Shared databases refused connections"),
    ended(3, 4000, 2, Level.MAJOR_OUTAGE, "Nothing could be reached"),
)
CALM = Snapshot(page=PAGE, services=SERVICES, incidents=PAST, written_at=NOW, since=date(2025, 12, 1))
OUTAGE = Incident(
    id=public_id("incident", 7),
    title="Databases can't be reached",
    updates=(
        said(
            "7-4",
            0.4,
            State.IDENTIFIED,
            "412 of 900 shared databases are restored, 98 more than at 13:00 UTC.\n"
            "Dedicated databases of the production tier all work again.",
            cause=Cause.SUSPECTED,
            cause_text="a network change at our provider cut storage off from its replicas",
            estimate_text="not before tonight, going by the last hours",
        ),
        said(
            "7-3",
            1.4,
            State.IDENTIFIED,
            "314 of 900 shared databases are restored.",
            corrects=public_id("update", "7-2"),
        ),
        said("7-2", 1.9, State.IDENTIFIED, "341 of 900 shared databases are restored.", corrected_at=hours(1.4)),
        said("7-1", 5.5, State.INVESTIGATING, "Databases can't be reached. We are working on it with our provider."),
    ),
    next_at=NOW + timedelta(minutes=6),
    damage=(
        Damage(
            service=SERVICES[2],
            spans=(span(Level.MAJOR_OUTAGE, 6, 2), span(Level.DEGRADED_PERFORMANCE, 2, 1), span(Level.OPERATIONAL, 1)),
        ),
        Damage(service=SERVICES[3], spans=(span(Level.MAJOR_OUTAGE, 6, 3), span(Level.PARTIAL_OUTAGE, 3))),
        Damage(service=SERVICES[4], spans=(span(Level.MAJOR_OUTAGE, 5.8),)),
        Damage(service=SERVICES[5], spans=(span(Level.PARTIAL_OUTAGE, 5),)),
    ),
)
DOWN = replace(CALM, incidents=(OUTAGE, *PAST))
LATE = replace(DOWN, incidents=(replace(OUTAGE, next_at=hours(0.2)), *PAST))


def many(count: int) -> Snapshot:
    """So many incidents past, in about three years."""
    levels = (Level.DEGRADED_PERFORMANCE, Level.PARTIAL_OUTAGE, Level.MAJOR_OUTAGE)
    past = tuple(ended(number, 13.0 * (number + 1), 2, levels[number % 3]) for number in range(count))
    return replace(CALM, incidents=past, since=date(2023, 1, 1))


def evil() -> Snapshot:
    """Everything that a person typed is as bad as can be."""
    updates = tuple(
        replace(one, text=EVIL, cause=Cause.CONFIRMED, cause_text=EVIL, estimate_text=EVIL) for one in OUTAGE.updates
    )
    services = tuple(replace(one, title=EVIL, tier_title=EVIL) for one in SERVICES)
    damage = tuple(replace(one, service=replace(one.service, title=EVIL, tier_title=EVIL)) for one in OUTAGE.damage)
    links = (Link(text=EVIL, url="javascript:alert(5)"), Link(text=EVIL, url="https://ok.example.test/"))
    page = replace(PAGE, name=EVIL, about=EVIL, links=links)
    incident = replace(OUTAGE, title=EVIL, updates=updates, damage=damage)
    before = tuple(replace(one, id=one.id[::-1]) for one in updates)
    over = replace(incident, id="zzzzzzzzzzzz", updates=before, ended_at=NOW)
    return replace(DOWN, page=page, services=services, incidents=(incident, over))
