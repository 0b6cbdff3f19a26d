"""The digest: decided when it is due, and gathered when it is sent."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime

from bot.actions import effects
from bot.actions.communication import digest_plan
from bot.actions.overview import glances, overview
from bot.domain.digest import AT_FIRST, Issue, Moment, counts_at, merged, soonest
from bot.domain.digest_content import IN_FULL, IN_SHORT, TOLD, Digest, Told, changes
from bot.domain.incident import Incident, PersonId, Severity
from bot.domain.overview import Overview
from bot.domain.people import can_act
from bot.domain.reminder import DELIVERED, Outcome, Reminder, ReminderKind, covered, superseded
from bot.settings import Settings
from storage import command, digests, incidents, people, reminders, subscriptions, timeline
from storage.store import Tx

# So many entries since the last digest are looked at for what changed.
_LOOKED_AT = 50
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")
EVERY: Collection[Severity] = frozenset(Severity)


def due(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    """A digest is due: it is sent, said by another one, or not worth it; the next of its schedule is planned."""
    if reminder.key.startswith(digest_plan.PERSON):
        return _personal(tx, settings, reminder)
    if reminder.key.startswith(digest_plan.OPEN):
        return _between(tx, settings, reminder)
    return _of_the_day(tx, settings, reminder)


def _of_the_day(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    schedule, rhythm = digest_plan.channel_schedule(settings), digest_plan.rhythm(tx, settings)
    following = digest_plan.plan_next(tx, schedule, tx.now)
    if newer := _newer(tx, reminder, schedule.last(tx.now)):
        return newer
    following = soonest(following, rhythm.next(tx.now) if rhythm else None)
    return _decide(tx, settings, reminder, following, gives_way=False)


def _between(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    rhythm = digest_plan.rhythm(tx, settings)
    if rhythm is None:
        return superseded("no sev1 or sev2 is open")
    following = rhythm.next(tx.now)
    reminders.renew(tx, following.key, ReminderKind.DIGEST, following.at)
    last = rhythm.last(tx.now)
    if last and last.at > reminder.due_at and (newer := _newer(tx, reminder, last)):
        return newer
    of_the_day = digest_plan.channel_schedule(settings).next(tx.now)
    wanted = soonest(following, of_the_day) if reminder.lateness(tx.now) else of_the_day
    return _decide(tx, settings, reminder, wanted, gives_way=True)


def _personal(tx: Tx, settings: Settings, reminder: Reminder) -> Outcome:
    person = reminder.key.removeprefix(digest_plan.PERSON).split(":")[0]
    subscription = subscriptions.find(tx, person)
    if subscription is None:
        return superseded("they want none any more")
    if not can_act(people.get(tx, person)):
        subscriptions.end(tx, person)
        return superseded("they left the workspace")
    schedule = digest_plan.own_schedule(tx, subscription)
    following = digest_plan.plan_next(tx, schedule, tx.now)
    newer = _newer(tx, reminder, schedule.last(tx.now))
    return newer or _decide(tx, settings, reminder, following, False, person, subscription.severities)


def _newer(tx: Tx, reminder: Reminder, last: Moment | None) -> Outcome | None:
    """How it ends when the bot was away over more than one of them, or this is none any more: only the last counts."""
    if last and last.key == reminder.key:
        return None
    if last and last.at > reminder.due_at and reminders.renew(tx, last.key, ReminderKind.DIGEST, last.at):
        return covered(last.key)
    return superseded("its schedule was changed, or a later one was said")


def _decide(
    tx: Tx,
    settings: Settings,
    reminder: Reminder,
    following: Moment | None,
    gives_way: bool,
    person: PersonId | None = None,
    severities: Collection[Severity] = EVERY,
) -> Outcome:
    at, before = reminder.due_at, digests.newest(tx, person)
    if ending := merged(at, tx.now, before, following, gives_way):
        return ending
    if not settings.digest.calm and _is_calm(tx, person, severities):
        return superseded("nothing to tell")
    number = digests.add(tx, reminder.key, person, counts_at(at, tx.now))
    effects.digest(tx, number, reminder.key, person, at, severities)
    return DELIVERED


def _is_calm(tx: Tx, person: PersonId | None, severities: Collection[Severity]) -> bool:
    """Nothing is open and nothing has ended since the last one: there is nothing to tell."""
    if incidents.public_open(tx, severities):
        return False
    before = digests.newest_sent(tx, person)
    return not _ended(tx, before, _since(tx, before), severities)


def _since(tx: Tx, before: Issue | None) -> datetime:
    return before.at if before else tx.now - AT_FIRST


def _ended(tx: Tx, before: Issue | None, since: datetime, severities: Collection[Severity]) -> list[Incident]:
    """Those that have ended since; of the cancelled ones those that a digest had told of."""
    resolved = [one for one in incidents.public_resolved_since(tx, since) if one.severity in severities]
    told = incidents.cancelled_among(tx, before.through) if before else []
    return [*resolved, *(one for one in told if one.severity in severities)]


def gather(tx: Tx, before: Issue | None, severities: Collection[Severity] = EVERY) -> tuple[Digest, dict[int, int]]:
    """What a digest tells now, with what changed since `before` (None: in the last day), and how far it tells it."""
    since = _since(tx, before)
    opened = incidents.public_open(tx, severities)
    full, short = opened[:IN_FULL], opened[IN_FULL : IN_FULL + IN_SHORT]
    hands = command.handed_over_since(tx, [incident.number for incident in full], since)
    told = tuple(_told(tx, incident, before, since, hands.get(incident.number, 0)) for incident in full)
    others = tuple(glances(tx, short))
    digest = Digest(
        now=tx.now,
        since=since,
        opened=told,
        others=others,
        unshown=len(opened) - len(full) - len(short),
        ended=tuple(_ended(tx, before, since, severities)),
        names=_names(tx, told, others),
    )
    return digest, timeline.last_numbers(tx, [incident.number for incident in opened])


def on_demand(tx: Tx) -> Digest:
    """The same at any time, with what changed since the last in the channel."""
    return gather(tx, digests.newest_sent(tx, None))[0]


def _told(tx: Tx, incident: Incident, before: Issue | None, since: datetime, hands: int) -> Told:
    after = before.through.get(incident.number) if before else None
    entries = timeline.newest(tx, incident.number, TOLD, _LOOKED_AT, after or 0)
    if after is None:
        entries = [entry for entry in entries if entry.at >= since]
    found, more = changes(entries, hands)
    is_new = incident.declared_at >= since
    return Told(overview=overview(tx, incident), changes=found, more=more, is_new=is_new)


def _names(tx: Tx, told: Iterable[Told], others: Iterable[Overview]) -> dict[PersonId, str]:
    wanted: set[str] = set()
    for one in told:
        wanted |= {person for change in one.changes for person in _MENTION.findall(change.text)}
        typed = [need.text for need in one.overview.needs]
        typed += [words for case in one.overview.cases for words in (case.contact, case.note)]
        wanted |= {person for words in typed for person in _MENTION.findall(words)}
    for seen in [*(one.overview for one in told), *others]:
        wanted |= {tenure.person for tenure in seen.tenures}
        wanted |= {seen.next_shift.person} if seen.next_shift else set()
        wanted |= {seen.open_offer.offered_to} if seen.open_offer else set()
    return {person.id: person.name for person in people.find(tx, wanted).values()}
