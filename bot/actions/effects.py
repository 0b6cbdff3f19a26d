"""Promising effects: the keys, the lanes and what waits for what, in one place.

A lane goes out in order; lanes go side by side. What belongs to an incident waits for its channel by `needs_channel`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.actions.pushes import push_statuspage
from bot.domain.contact import Contact
from bot.domain.effect import EffectKind
from bot.domain.fallback import Fallback
from bot.domain.incident import ChannelId, Incident, PersonId, Severity
from bot.domain.timeline import Entry
from storage import incidents, outbox, people, updates
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


def move_to_new_channel(tx: Tx, incident: Incident, members: list[PersonId], tenure: int) -> Incident:
    """Make a new channel for an incident whose own is archived, with all its members; the two point at each other.

    `tenure`: whose reopening this is, so that the same one never makes two channels.
    """
    old, cause = incident.channel_id, f"reopened{tenure}"
    blank = {"channel_name": "", "card_ts": None, "call_bookmark": None}
    moved = incidents.change(tx, incident.number, channel_id=None, channel_archived=False, earlier_channel=old, **blank)
    key = f"{incident.name}:channel:{cause}"
    lane = f"{incident.name}:channel"
    outbox.enqueue(tx, key, EffectKind.CREATE_CHANNEL, lane, incident=incident.number, needs_channel=False, attempt=2)
    invite(tx, moved, members, cause)
    say(tx, moved, "moved", cause, old=old)
    if incident.call_url:
        bookmark_call(tx, moved, cause)
    return moved


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
        if updates.public_title(tx, incident.number) is not None:
            tx.customers_see = True
            push_statuspage(tx, incident, cause)
    if topic:
        set_topic(tx, incident, cause)


def set_topic(tx: Tx, incident: Incident, cause: str) -> None:
    """Bring the topic of the channel up to date."""
    _show(tx, incident, EffectKind.TOPIC, cause)


def _show(tx: Tx, incident: Incident, kind: EffectKind, cause: str) -> None:
    lane = f"{incident.name}:{kind}"
    outbox.enqueue(tx, f"{lane}:{cause}", kind, lane, incident=incident.number, coalesce=lane)


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


def announce(tx: Tx, incident: Incident, what: str, cause: str, **about: Any) -> None:
    """Say it in the thread of the announcement too; of a private incident nothing. `what` is as in `say`."""
    if incident.private:
        return
    # The announcement's own lane: it stands before anything is said under it.
    lane = f"{incident.name}:{EffectKind.ANNOUNCEMENT}"
    key = f"{incident.name}:announced:{cause}"
    outbox.enqueue(tx, key, EffectKind.ANNOUNCED, lane, incident=incident.number, what=what, about=about)


def say_everywhere(tx: Tx, incident: Incident, what: str, cause: str, **about: Any) -> None:
    """Say it in the incident's channel and in the thread of its announcement."""
    say(tx, incident, what, cause, **about)
    announce(tx, incident, what, cause, **about)


def show_measure(tx: Tx, incident: Incident, measure: int, cause: str) -> None:
    """Post in the incident's channel how far something is, or bring the posted message up to date."""
    lane = f"{incident.name}:measure:{measure}"
    number = incident.number
    outbox.enqueue(tx, f"{lane}:{cause}", EffectKind.PROGRESS, lane, incident=number, coalesce=lane, measure=measure)


def post_chart(tx: Tx, incident: Incident, measure: int | None, by: PersonId, cause: str) -> None:
    """Post the chart of one measure, or of all, in the incident's channel."""
    lane = f"{incident.name}:chart"
    number = incident.number
    outbox.enqueue(tx, f"{lane}:{cause}", EffectKind.CHART, lane, incident=number, measure=measure, by=by)


def tell(tx: Tx, incident: Incident, person: PersonId, what: str, cause: str, **about: Any) -> None:
    """Say something to one person, by DM."""
    _dm(tx, incident, person, what, cause, about)


def tell_newest(
    tx: Tx, incident: Incident, person: PersonId, what: str, cause: str, topic: str, about: Mapping[str, Any]
) -> None:
    """Say to one person how something is now: when it has changed again before it could be said, it is said once."""
    _dm(tx, incident, person, what, cause, about, newest_of=f"{topic}:{incident.name}:{person}")


def wake(tx: Tx, incident: Incident, person: PersonId, what: str, cause: str, about: Mapping[str, Any]) -> None:
    """The same, again and again: of what waits while Slack is away only the newest is said."""
    _dm(tx, incident, person, what, cause, about, newest_of=f"page:{incident.name}:{person}")


def _dm(
    tx: Tx,
    incident: Incident,
    person: PersonId,
    what: str,
    cause: str,
    about: Mapping[str, Any],
    *,
    newest_of: str | None = None,
) -> None:
    key = f"{incident.name}:dm:{person}:{cause}"
    outbox.enqueue(
        tx,
        key,
        EffectKind.POST,
        f"dm:{person}",
        incident=incident.number,
        needs_channel=False,
        coalesce=newest_of,
        what=what,
        about=dict(about),
        to=person,
    )


def digest(
    tx: Tx, number: int, key: str, person: PersonId | None, due_at: datetime, severities: Iterable[Severity]
) -> None:
    """Send a digest that was decided on, to the channel or to one person; of what waits only the newest is sent."""
    lane = f"dm:{person}" if person else "digest:channel"
    outbox.enqueue(
        tx,
        key,
        EffectKind.DIGEST,
        lane,
        needs_channel=False,
        coalesce=f"digest:dm:{person}" if person else lane,
        digest=number,
        due=due_at.isoformat(),
        severities=sorted(severities),
    )


def tell_duty(tx: Tx, person: PersonId, what: str, cause: str, **about: Any) -> None:
    """Say something about the duty roster to one person, by DM. `what` names a text in `bot.messages.command.duty`."""
    key, lane = f"duty:dm:{person}:{what}:{cause}", f"dm:{person}"
    outbox.enqueue(tx, key, EffectKind.NOTICE, lane, needs_channel=False, what=what, about=about, to=person)


def notify(tx: Tx, contact: Contact, what: str, cause: str, delay: timedelta = timedelta()) -> None:
    """Reach somebody by one of their own channels, after `delay`. `what` names a text in `bot.messages.waking.notices`.

    Of what waits only the newest is sent.
    """
    lane = f"notify:{contact.id}"
    outbox.enqueue(
        tx,
        f"{lane}:{what}:{cause}",
        EffectKind.NOTIFY,
        lane,
        needs_channel=False,
        coalesce=f"{lane}:{what}",
        delay=delay,
        contact=contact.id,
        what=what,
    )


def show_offer(tx: Tx, incident: Incident, handoff: int, cause: str) -> None:
    """Post the offer of command in the channel, or bring the posted one up to date."""
    lane = f"{incident.name}:said"
    key = f"{incident.name}:offer:{handoff}:{cause}"
    outbox.enqueue(tx, key, EffectKind.OFFER, lane, incident=incident.number, handoff=handoff)


def show_commanders(tx: Tx, incident: Incident, cause: str) -> None:
    """Bring the user group of the ICs up to date, where the settings name one."""
    if not incident.private:
        key = f"usergroup:{incident.name}:{cause}"
        outbox.enqueue(tx, key, EffectKind.USERGROUP, "usergroup", needs_channel=False, coalesce="usergroup")


def replace_answer(tx: Tx, incident: Incident, *, response_url: str = "", view: str = "") -> None:
    """Replace the answer to the declaring command, or what the form shows, by a link to the channel once it exists."""
    key = f"{incident.name}:respond"
    outbox.enqueue(tx, key, EffectKind.RESPOND, key, incident=incident.number, response_url=response_url, view=view)


def pin_message(tx: Tx, incident: Incident, channel: ChannelId, ts: str, by: PersonId, cause: str, **how: Any) -> None:
    """Read the message `ts` of a channel and add it to the timeline, as `by` has asked with a :pushpin:."""
    lane = f"{incident.name}:pinned"
    about = {"channel": channel, "ts": ts, "by": by, **how}
    outbox.enqueue(tx, f"{lane}:{ts}:{cause}", EffectKind.PINNED, lane, incident=incident.number, **about)


def read_group(tx: Tx, usergroup: str, cause: str) -> None:
    """Read who is in a user group of Slack."""
    lane = f"group:{usergroup}"
    outbox.enqueue(
        tx, f"{lane}:{cause}", EffectKind.GROUPS, lane, needs_channel=False, coalesce=lane, usergroup=usergroup
    )


def read_members(tx: Tx, incident: Incident, cause: str) -> None:
    """Read who is in the incident's channel."""
    lane = f"{incident.name}:members"
    outbox.enqueue(tx, f"{lane}:{cause}", EffectKind.MEMBERS, lane, incident=incident.number, coalesce=lane)


def fallback(tx: Tx, kind: EffectKind, row: Fallback, cause: str, **how: Any) -> None:
    """Leave a message with Slack or take it back, in order for one incident; look after it or set it right."""
    in_order = kind in {EffectKind.LEAVE, EffectKind.TAKE_BACK}
    lane = f"fallback:INC-{row.incident}" if row.incident else "fallback:own"
    lane = lane if in_order else row.key
    needs = kind is EffectKind.LEAVE and row.incident is not None
    key = f"{row.key}:{cause}"
    outbox.enqueue(tx, key, kind, lane, incident=row.incident, needs_channel=needs, fallback=row.id, **how)


def count_fallbacks(tx: Tx, left: list[int]) -> None:
    """Compare what Slack keeps for later with what it should keep. `left`: what it has as far as is known now."""
    key = f"fallback:count:{tx.now.timestamp():.6f}"
    lane = "fallback:count"
    outbox.enqueue(tx, key, EffectKind.COUNT_LEFT, lane, needs_channel=False, coalesce=lane, left=left)


def take_back_stray(tx: Tx, channel: ChannelId, scheduled_id: str, post_at: int) -> None:
    """Slack keeps a message for later of which nothing is known here: it goes."""
    lane = f"fallback:stray:{scheduled_id}"
    about: dict[str, Any] = {"channel": channel, "scheduled_id": scheduled_id, "post_at": post_at}
    outbox.enqueue(tx, lane, EffectKind.TAKE_BACK, lane, needs_channel=False, **about)


def meet_member(tx: Tx, usergroup: str, person: PersonId, cause: str) -> None:
    """Learn the name and zone of a member of a user group, before they are told anything."""
    lane = f"group:{usergroup}:{person}"
    key = f"{lane}:{cause}"
    outbox.enqueue(tx, key, EffectKind.GROUPS, lane, needs_channel=False, coalesce=lane, person=person)


def probe(tx: Tx, failing_since: datetime) -> None:
    """Ask Slack whether it is there, again and again until it is."""
    key = f"probe:{failing_since.timestamp():.6f}"
    outbox.enqueue(tx, key, EffectKind.PROBE, "probe", needs_channel=False)


def publish_home(tx: Tx, person: PersonId, cause: str) -> None:
    """Bring somebody's App Home up to date, if they have ever opened it."""
    if not people.has_home(tx, person):
        return
    lane = f"home:{person}"
    # Causes are unique within an incident only; what one transaction causes twice is shown once all the same.
    key = f"{lane}:{cause}:{tx.now.timestamp():.6f}"
    outbox.enqueue(tx, key, EffectKind.HOME, lane, needs_channel=False, coalesce=lane, person=person)
