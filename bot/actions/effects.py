"""Promising effects: the keys, the lanes and what waits for what, in one place.

A lane goes out in order; lanes go side by side. What belongs to an incident waits for its channel by `needs_channel`.
"""

from typing import Any

from bot.domain.effect import EffectKind
from bot.domain.incident import Incident, PersonId
from bot.domain.timeline import Entry
from storage import outbox
from storage.store import Tx


def set_up_channel(tx: Tx, incident: Incident, invited: list[PersonId]) -> None:
    """Everything that a new incident needs in Slack; the channel first, the rest side by side."""
    name = incident.name
    outbox.enqueue(
        tx,
        f"{name}:channel",
        EffectKind.CREATE_CHANNEL,
        f"{name}:channel",
        incident=incident.number,
        needs_channel=False,
    )
    invite(tx, incident, invited, cause="declared")
    refresh(tx, incident, cause="declared", topic=True)


def invite(tx: Tx, incident: Incident, people: list[PersonId], cause: str) -> None:
    """Bring people into the incident's channel."""
    key = f"{incident.name}:invite:{cause}"
    outbox.enqueue(tx, key, EffectKind.INVITE, f"{incident.name}:invite", incident=incident.number, people=people)


def refresh(tx: Tx, incident: Incident, cause: str, *, topic: bool = False) -> None:
    """Bring the card and the announcement up to date, and the topic when something in it changed.

    `cause` names the change, so that the same change is never queued twice.
    """
    _show(tx, incident, EffectKind.CARD, cause)
    if not incident.private:
        _show(tx, incident, EffectKind.ANNOUNCEMENT, cause)
    if topic:
        set_topic(tx, incident, cause)


def set_topic(tx: Tx, incident: Incident, cause: str) -> None:
    """Bring the topic of the channel up to date."""
    _show(tx, incident, EffectKind.TOPIC, cause)


def _show(tx: Tx, incident: Incident, kind: EffectKind, cause: str) -> None:
    lane = f"{incident.name}:{kind}"
    outbox.enqueue(tx, f"{lane}:{cause}", kind, lane, incident=incident.number, coalesce=lane)


def announce_without_channel(tx: Tx, incident: Incident, cause: str) -> None:
    """Announce an incident whose channel could not be created: people must hear of it all the same."""
    lane = f"{incident.name}:{EffectKind.ANNOUNCEMENT}"
    outbox.enqueue(
        tx,
        f"{lane}:{cause}",
        EffectKind.ANNOUNCEMENT,
        lane,
        incident=incident.number,
        needs_channel=False,
        coalesce=lane,
    )


def after_entry(tx: Tx, incident: Incident, entry: Entry, *, topic: bool = False) -> None:
    """`refresh` because of a timeline entry."""
    refresh(tx, incident, f"t{entry.number}", topic=topic)


def pin_card(tx: Tx, incident: Incident, ts: str) -> None:
    """Pin the card and bookmark it: for when it has been posted, as `ts`."""
    pin, bookmark = f"{incident.name}:pin", f"{incident.name}:bookmark"
    outbox.enqueue(tx, f"{pin}:{ts}", EffectKind.PIN, pin, incident=incident.number)
    key = f"{bookmark}:card:{ts}"
    outbox.enqueue(tx, key, EffectKind.BOOKMARK, bookmark, incident=incident.number, which="card")


def bookmark_call(tx: Tx, incident: Incident, cause: str) -> None:
    """Bookmark the call, or change the bookmark to the new one."""
    lane = f"{incident.name}:bookmark"
    key = f"{lane}:call:{cause}"
    outbox.enqueue(tx, key, EffectKind.BOOKMARK, lane, incident=incident.number, which="call")


def say(tx: Tx, incident: Incident, what: str, cause: str, **about: Any) -> None:
    """Say something in the incident's channel. `what` names a text in `bot.messages.posts`."""
    lane = f"{incident.name}:said"
    outbox.enqueue(tx, f"{lane}:{cause}", EffectKind.POST, lane, incident=incident.number, what=what, about=about)


def tell(tx: Tx, incident: Incident, person: PersonId, what: str, cause: str, **about: Any) -> None:
    """Say something to one person, by DM."""
    key = f"{incident.name}:dm:{person}:{cause}"
    outbox.enqueue(
        tx,
        key,
        EffectKind.POST,
        f"dm:{person}",
        incident=incident.number,
        needs_channel=False,
        what=what,
        about=about,
        to=person,
    )


def show_offer(tx: Tx, incident: Incident, handoff: int, cause: str) -> None:
    """Post the offer of command in the channel, or bring the posted one up to date."""
    lane = f"{incident.name}:said"
    key = f"{incident.name}:offer:{handoff}:{cause}"
    outbox.enqueue(tx, key, EffectKind.OFFER, lane, incident=incident.number, handoff=handoff)


def replace_answer(tx: Tx, incident: Incident, response_url: str) -> None:
    """Replace the answer to the declaring command by a link to the channel, once that is there."""
    key = f"{incident.name}:respond"
    outbox.enqueue(tx, key, EffectKind.RESPOND, key, incident=incident.number, response_url=response_url)


def publish_home(tx: Tx, person: PersonId, cause: str) -> None:
    """Bring somebody's App Home up to date."""
    lane = f"home:{person}"
    outbox.enqueue(tx, f"{lane}:{cause}", EffectKind.HOME, lane, needs_channel=False, coalesce=lane, person=person)
