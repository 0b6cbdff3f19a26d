"""People, settings and incidents that many tests begin with."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import SecretStr

from bot.actions.incident.declare import Declaration, declare
from bot.domain.incident import Incident, Severity
from bot.settings import Settings
from bot.settings_tables import Component, DigestSettings, Groups, SeveritySettings
from storage import incidents
from storage.store import Tx

IC = "UADA00001"
BOB = "UBOB00001"
EVE = "UEVE00001"
OUTSIDER = "UOUT00001"
COMMANDER = "UCOM00001"
RESPONDER = "URES00001"
CHANNEL = "C0INC00001"
ELSEWHERE = "D0ELSE0001"
# Of nobody: it seals what tests put in.
KEY = "d2F0Y2hiaWxsLXRlc3Qta2V5LXdhdGNoYmlsbC10ZXM="

COMPONENTS = (
    Component(name="dedicated-databases", title="Dedicated databases", tiers=("production", "free")),
    Component(name="shared-databases", title="Shared databases"),
    Component(name="deploys"),
)


def settings(**values: Any) -> Settings:
    """Settings as if nothing were set, but for one commander, one responder for sev1, components, and `values`.

    No digests come by themselves.
    """
    severities: Mapping[Severity, SeveritySettings] = {
        severity: SeveritySettings(responders=(RESPONDER,) if severity is Severity.SEV1 else (), update_every_minutes=0)
        for severity in Severity
    }
    base: dict[str, Any] = {"groups": Groups(commanders=(COMMANDER,)), "severities": severities}
    base |= {"digest": DigestSettings(times=(), every_hours=0)}
    base |= {"components": COMPONENTS}
    base |= {"secret_key": SecretStr(KEY)}
    return _unset().model_copy(update=base | values)


@cache
def _unset() -> Settings:
    """Read once: it takes longer than many a test."""
    return Settings()


def begin(tx: Tx, *, channel: str | None = CHANNEL, private: bool = False, title: str = "Checkout is down") -> Incident:
    """An incident that IC declared, with BOB among its members, and its channel there unless told otherwise."""
    incident = declare(tx, settings(), Declaration(title=title, private=private), IC)
    incidents.join(tx, incident.number, BOB)
    if channel:
        incident = incidents.change(tx, incident.number, channel_id=channel, channel_name=f"inc-{incident.number}")
    return incident
