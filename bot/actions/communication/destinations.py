"""Where updates go: one list of functions for each audience. An update is stored before any of them is asked.

A destination is given the update and sees to it that it stands there as it is: new, or marked as corrected.
"""

from collections.abc import Callable, Mapping

from bot.actions import effects
from bot.actions.communication.pushing import push_update
from bot.domain.effect import EffectKind
from bot.domain.incident import Incident
from bot.domain.update import Audience, Update, UpdateState
from storage import outbox
from storage.store import Tx

Destination = Callable[[Tx, Incident, Update], None]


def _channel(tx: Tx, incident: Incident, update: Update) -> None:
    """The incident's own channel: posted once, edited from then on."""
    lane = f"{incident.name}:said"
    key = f"{incident.name}:update:{update.id}:{update.state}"
    outbox.enqueue(tx, key, EffectKind.UPDATE, lane, incident=incident.number, update=update.id)


def _announcement(tx: Tx, incident: Incident, update: Update) -> None:
    """Those who are not in the incident: in the thread of its announcement, which shows when the last one came."""
    said, about = f"update{update.id}", {"update": update.id}
    if update.state is UpdateState.PUBLISHED:
        effects.announce(tx, incident, "update-announced", said, **about)
    else:
        key, lane = f"{incident.name}:announced:{said}", f"{incident.name}:{EffectKind.ANNOUNCEMENT}"
        number, what = incident.number, "update-announced"
        outbox.enqueue(
            tx, f"{key}:corrected", EffectKind.POST, lane, incident=number, what=what, about=about, edits=key
        )
    effects.refresh(tx, incident, f"{said}:{update.state}")


def _card(tx: Tx, incident: Incident, update: Update) -> None:
    effects.refresh(tx, incident, f"update{update.id}:{update.state}")


DESTINATIONS: Mapping[Audience, tuple[Destination, ...]] = {
    Audience.INTERNAL: (_channel, _card),
    Audience.PUBLIC: (_channel, _announcement, push_update),
}


def deliver(tx: Tx, incident: Incident, update: Update) -> None:
    """Bring an update that was published or corrected to wherever it belongs."""
    for destination in DESTINATIONS[update.audience]:
        destination(tx, incident, update)
