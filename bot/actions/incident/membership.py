"""Who is in an incident, and what people did to its channel in Slack itself."""

from bot.actions import effects
from bot.actions.command import absence, briefing, handoff, shifts, trade
from bot.actions.communication import digest_plan
from bot.actions.waking import signin
from bot.domain.command import COMMANDER
from bot.domain.incident import Incident, PersonId
from bot.domain.people import Person
from bot.domain.timeline import EntryKind
from bot.settings import Settings
from storage import command, handoffs, incidents, people, rotas, subscriptions, timeline
from storage.store import Tx


def join(tx: Tx, incident: Incident, person: PersonId, cause: str) -> bool:
    """Make somebody a member and bring them into the channel; whether they were not one before."""
    new = incidents.join(tx, incident.number, person)
    effects.invite(tx, incident, [person], f"join:{cause}")
    return new


def arrived(tx: Tx, channel_id: str, person: PersonId) -> None:
    """Somebody came into a channel by themselves; it may be an incident's, and then they are told how it stands."""
    incident = incidents.in_channel(tx, channel_id)
    if incident and incidents.join(tx, incident.number, person):
        briefing.welcome(tx, incident, person)


def read_all(tx: Tx, cause: str) -> None:
    """Have Slack asked who is in the channels of the open incidents: it may not have told who came meanwhile."""
    for incident in incidents.every_open(tx):
        effects.read_members(tx, incident, cause)


def were_found(tx: Tx, incident: Incident, present: list[PersonId]) -> None:
    """These are in its channel: who is new there came by themselves, or was brought by somebody.

    Nobody ceases to be a member by not being there: they may just be on their way into it.
    """
    known = people.find(tx, present)
    for person in present:
        is_bot = person in known and known[person].bot
        if not is_bot and incidents.join(tx, incident.number, person):
            briefing.welcome(tx, incident, person)


def left(tx: Tx, settings: Settings, channel_id: str, person: PersonId) -> None:
    """Somebody left a channel; when it is an incident's and they command it, they are asked whether they are there."""
    if incident := incidents.in_channel(tx, channel_id):
        incidents.leave(tx, incident.number, person)
        absence.holder_left(tx, settings, incident, person)


def learned(tx: Tx, settings: Settings, person: Person) -> None:
    """Slack says this of somebody: keep it, and when their account was closed since, do what follows."""
    before = people.get(tx, person.id)
    people.save(tx, person)
    known = people.get(tx, person.id)
    if before and known and before.tz != known.tz:
        digest_plan.person_changed(tx, person.id, "their zone is another")
    if person.deactivated and not (before and before.deactivated):
        deactivated(tx, settings, person.id)


def needed(tx: Tx) -> list[PersonId]:
    """Those on whom something open depends: who hold a role, are offered one, were asked, or have a shift to come.

    So does a digest by DM on whoever has subscribed to it.
    """
    waiting = [*command.holders(tx), *handoffs.waited_for(tx), *rotas.people_to_come(tx, tx.now)]
    return list(dict.fromkeys([*waiting, *(one.person for one in subscriptions.running(tx))]))


def deactivated(tx: Tx, settings: Settings, person: PersonId) -> None:
    """Somebody's account was closed: what they command, were offered, were asked or would take needs somebody else."""
    handoff.cannot_any_more(tx, settings, person)
    trade.cannot_any_more(tx, settings, person)
    shifts.person_left(tx, person)
    signin.person_left(tx, person)
    for tenure in command.held_by(tx, person):
        if tenure.role == COMMANDER:
            absence.holder_left(tx, settings, incidents.get(tx, tenure.incident), person)


def renamed(tx: Tx, channel_id: str, name: str) -> None:
    """Somebody renamed a channel; the incident is found by its id, the name is only shown."""
    if incident := incidents.in_channel(tx, channel_id):
        incidents.change(tx, incident.number, channel_name=name)


def archived(tx: Tx, channel_id: str, by: PersonId | None, *, lost: bool = False) -> None:
    """Nothing can be said in an incident's channel now: archived, or `lost` (deleted, or we are not in it any more)."""
    incident = incidents.in_channel(tx, channel_id)
    if incident is None or incident.channel_archived:
        return
    incidents.change(tx, incident.number, channel_archived=True)
    what = "can't be reached any more" if lost else "was archived"
    entry = timeline.add(tx, incident.number, EntryKind.SYSTEM, f"{_channel(incident)} {what}", by)
    # The channel of what has ended is archived on purpose.
    if incident.is_open:
        warn_commander(tx, incident, "channel-lost" if lost else "channel-archived", f"t{entry.number}")


def _channel(incident: Incident) -> str:
    return f"#{incident.channel_name}" if incident.channel_name else "The channel"


def unarchived(tx: Tx, channel_id: str) -> None:
    """The channel can be written to again."""
    incident = incidents.in_channel(tx, channel_id)
    if incident and incident.channel_archived:
        changed = incidents.change(tx, incident.number, channel_archived=False)
        entry = timeline.add(tx, incident.number, EntryKind.SYSTEM, "The channel can be written to again", None)
        effects.after_entry(tx, changed, entry, topic=True)


def warn_commander(tx: Tx, incident: Incident, what: str, cause: str, **about: str) -> None:
    """Tell the IC, or whoever declared it when nobody commands any more, that something went wrong in Slack."""
    holder = commander(tx, incident)
    effects.tell(tx, incident, holder or incident.declared_by, what, cause, **about)


def commander(tx: Tx, incident: Incident) -> PersonId | None:
    """Who is in command."""
    tenure = command.open_tenure(tx, incident.number, COMMANDER)
    return tenure.person if tenure else None


def live_in(tx: Tx, incident: Incident, channel_id: str, by: PersonId) -> None:
    """Let the incident live in a channel that exists, because its own could not be created."""
    incidents.change(tx, incident.number, channel_id=channel_id)
    timeline.add(tx, incident.number, EntryKind.SYSTEM, "Lives in a channel that existed before", by)
