"""The briefing: prepared from how things are, completed by a human, accepted with the role; and catching up."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta

from bot.actions.communication.impact import impact_of
from bot.actions.standing import may_see, standing
from bot.domain.briefing import ANSWER_LIMIT, LISTED, Briefing, Facts, Listed, cut, revised, still_open
from bot.domain.command import COMMANDER, holder_of
from bot.domain.edit import fingerprint
from bot.domain.effect import EffectKind
from bot.domain.handoff import OF_THE_HOLDER
from bot.domain.incident import Incident, PersonId, check_open
from bot.domain.permission import Who, check_may
from bot.domain.rota import Shift, next_handoff
from bot.domain.text import clean, shorten
from bot.domain.timeline import Entry, EntryKind
from bot.domain.update import Audience
from bot.errors import NoSuchIncident, WrongState
from bot.settings import Settings
from storage import (
    briefings,
    command,
    handoffs,
    incidents,
    measures,
    needs,
    outbox,
    people,
    rotas,
    timeline,
    updates,
    vendors,
)
from storage.store import Tx

# Whoever joins earlier has missed nothing yet.
CATCH_UP_AFTER = timedelta(minutes=10)
# How the note of its answers begins: nobody is told that it is a note to read besides.
_OWN_NOTE = "Briefing. "
_CHANGES = frozenset({EntryKind.SYSTEM, EntryKind.COMMAND})
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")


def prepare(tx: Tx, incident: Incident, role: str, *, for_shift: int | None, by: PersonId | None) -> int:
    """Make the briefing of a boundary, or of a handoff by hand, or bring the open one up to date; its id.

    What the holder has written for another boundary since they took over is taken along.
    """
    # Who this role is offered to is what the briefing is for, and stands above it.
    facts = _facts(tx, incident, role, offers_of_role=False)
    found = briefings.of_shift(tx, for_shift) if for_shift else briefings.by_hand(tx, incident.number, role)
    before = briefings.open_of(tx, incident.number, role)
    said = {"worries": before.worries, "do_first": before.do_first} if before else {}
    wrote = before.prepared_by if before and before.is_written else None
    if found is None:
        return briefings.add(tx, incident.number, role, facts, shift=for_shift, by=wrote or by, **said)
    if wrote:
        said["prepared_by"] = wrote
    briefings.refresh(tx, found.id, facts, **({} if found.is_written else said))
    return found.id


def for_next(tx: Tx, incident: Incident, role: str, by: PersonId) -> int:
    """The briefing that the holder of the role writes now: the open one, else that of the next boundary; its id."""
    if written := briefings.open_of(tx, incident.number, role):
        return written.id
    following = _following(tx, incident, role, holder_of(command.open_tenures(tx, incident.number), role))
    return prepare(tx, incident, role, for_shift=following.id if following else None, by=by)


def show(tx: Tx, incident: Incident, briefing_id: int, cause: str) -> None:
    """Post the briefing in the incident's channel, or bring the posted one up to date."""
    _enqueue(tx, incident, briefing_id, cause)


def _enqueue(tx: Tx, incident: Incident, briefing_id: int, cause: str, *, only_edit: bool = False) -> None:
    # In the lane of what is said there, so that it stands above the offer that follows it.
    key = f"{incident.name}:{cause}:{tx.now.timestamp():.6f}"
    lane = f"{incident.name}:said"
    outbox.enqueue(
        tx,
        key,
        EffectKind.BRIEFING,
        lane,
        incident=incident.number,
        briefing=briefing_id,
        only_edit=only_edit,
    )


def answer(tx: Tx, briefing_id: int, worries: str, do_first: str, by: PersonId) -> None:
    """Keep the two answers of a human; the posted briefing shows them, the timeline has the first of them.

    Raises WrongState when it was accepted or the incident is over.
    """
    written = briefings.get(tx, briefing_id)
    incident = incidents.get(tx, written.incident)
    check_open(incident)
    _check_unaccepted(written)
    worries, do_first = (clean(shorten(text, ANSWER_LIMIT)) for text in (worries, do_first))
    if (worries, do_first) == (written.worries, written.do_first):
        return
    briefings.write(tx, briefing_id, worries, do_first, by)
    if not written.is_written:
        said = [f"Worries: {worries}" if worries else "", f"To do first: {do_first}" if do_first else ""]
        text = _OWN_NOTE + " · ".join(part for part in said if part)
        timeline.add(tx, incident.number, EntryKind.NOTE, text, by)
    _edit(tx, incident, briefing_id, f"answer:{fingerprint(worries + chr(0) + do_first)}")


def accepted(tx: Tx, briefing_id: int) -> None:
    """The role was accepted with this briefing: it is the summary of the period now, and never changes again."""
    written = briefings.get(tx, briefing_id)
    if written.is_open:
        briefings.accept(tx, briefing_id)
        _edit(tx, incidents.get(tx, written.incident), briefing_id, "accepted")


def _edit(tx: Tx, incident: Incident, briefing_id: int, cause: str) -> None:
    """Bring it up to date where it is posted. One on its way is edited after it, in its lane."""
    _enqueue(tx, incident, briefing_id, f"briefing{briefing_id}:{cause}", only_edit=True)


def take_back(tx: Tx, incident: Incident, entry: Entry, text: str | None, cause: str) -> None:
    """The words of a timeline entry were taken back: no briefing has them any more, and where it is posted it changes.

    `text`: what it says instead; None when it is gone.
    """
    for written in briefings.of(tx, incident.number):
        facts = revised(written.facts, entry, text)
        if facts != written.facts:
            briefings.amend(tx, written.id, facts)
            _edit(tx, incident, written.id, cause)


def latest_accepted(tx: Tx, incident: Incident, role: str = COMMANDER) -> Briefing | None:
    """The summary of the period before this one."""
    return briefings.latest_accepted(tx, incident.number, role)


def to_edit(tx: Tx, settings: Settings, briefing_id: int, by: PersonId, channel_id: str) -> tuple[Incident, Briefing]:
    """An open briefing and its incident, for whoever may write in it. Raises a BotError for everybody else."""
    written = briefings.find(tx, briefing_id)
    incident = incidents.get(tx, written.incident) if written else None
    if written is None or incident is None or not _sees(tx, incident, by, channel_id):
        raise NoSuchIncident("That briefing is not known here.", "See which incidents there are: `/incident list all`")
    check_open(incident)
    check_may_write(tx, settings, incident, written.role, by)
    _check_unaccepted(written)
    return incident, written


def _sees(tx: Tx, incident: Incident, by: PersonId, channel_id: str) -> bool:
    return may_see(tx, incident, by) or (incident.channel_id is not None and incident.channel_id == channel_id)


def check_may_write(tx: Tx, settings: Settings, incident: Incident, role: str, by: PersonId) -> None:
    """Raise NotAllowed unless this person holds the role, or is the IC, the deputy or a commander."""
    if holder_of(command.open_tenures(tx, incident.number), role) != by:
        check_may(standing(tx, settings, incident, by), Who.COMMAND, incident.name, incident.channel_id)


def _check_unaccepted(written: Briefing) -> None:
    if not written.is_open:
        raise WrongState(
            "That briefing was accepted, so it stays as it is.", "Say it in the channel, or keep it: `/incident note …`"
        )


def catchup(tx: Tx, incident: Incident) -> Facts:
    """The facts of now, for somebody who comes new to the incident."""
    return _facts(tx, incident, COMMANDER, offers_of_role=True)


def welcome(tx: Tx, incident: Incident, person: PersonId) -> None:
    """Somebody came into the channel by themselves: they get the catch-up once, by DM, unless it has just begun."""
    if incident.is_open and has_history(tx, incident):
        key = f"{incident.name}:dm:{person}:catchup"
        lane, number = f"dm:{person}", incident.number
        outbox.enqueue(tx, key, EffectKind.BRIEFING, lane, incident=number, needs_channel=False, to=person)


def has_history(tx: Tx, incident: Incident) -> bool:
    """Whether it is old enough for somebody who joins to have missed something."""
    return tx.now - incident.declared_at >= CATCH_UP_AFTER


def _facts(tx: Tx, incident: Incident, role: str, *, offers_of_role: bool) -> Facts:
    number = incident.number
    before = briefings.latest_accepted(tx, number, role)
    after = before.facts.through if before else 0
    tenures = tuple(command.open_tenures(tx, number))
    ruled_out = _listed(tx, number, {EntryKind.RULED_OUT})
    guesses = still_open(timeline.newest(tx, number, {EntryKind.HYPOTHESIS}, LISTED), ruled_out.entries)
    last, promise = updates.last_sent(tx, number, Audience.PUBLIC), updates.open_promise(tx, number)
    facts = Facts(
        incident=replace(incident, summary=cut(incident.summary)),
        role=role,
        as_of=tx.now,
        since=before.facts.as_of if before else incident.declared_at,
        through=timeline.last_number(tx, number),
        tenures=tenures,
        following=_following(tx, incident, role, holder_of(tenures, role)),
        offers=tuple(
            offer
            for offer in handoffs.open_offers(tx, number)
            if offer.kind not in OF_THE_HOLDER and (offers_of_role or offer.role != role)
        ),
        changed=_listed(tx, number, _CHANGES, after),
        decisions=_listed(tx, number, {EntryKind.DECISION}),
        hypotheses=Listed(entries=tuple(_shortened(guesses)), total=len(guesses)),
        ruled_out=ruled_out,
        workarounds=_listed(tx, number, {EntryKind.WORKAROUND}),
        needs=tuple(replace(need, text=cut(need.text)) for need in needs.of(tx, number, open_only=True)),
        cases=tuple(replace(case, note=cut(case.note)) for case in vendors.of(tx, number, open_only=True)),
        measures=measures.of(tx, number),
        notes=timeline.count_of(tx, number, {EntryKind.NOTE}, after, but=_OWN_NOTE),
        pinned=timeline.count_of(tx, number, {EntryKind.PINNED}),
        objectives=cut(before.do_first) if before else "",
        impact=impact_of(tx, incident),
        updated_at=last.published_at if last else None,
        update_text=cut(last.words.text) if last else "",
        update_due=promise.due_at if promise else None,
    )
    return replace(facts, names=_names(tx, facts))


def _listed(tx: Tx, number: int, kinds: Collection[EntryKind], after: int = 0) -> Listed:
    entries = timeline.newest(tx, number, kinds, LISTED, after)
    return Listed(entries=tuple(_shortened(entries)), total=timeline.count_of(tx, number, kinds, after))


def _shortened(entries: Iterable[Entry]) -> Iterable[Entry]:
    return (replace(entry, text=cut(entry.text)) for entry in entries)


def _following(tx: Tx, incident: Incident, role: str, holder: PersonId | None) -> Shift | None:
    """Whose shift in this role begins next."""
    rota = rotas.running(tx, incident.number, role)
    return next_handoff(rotas.shifts_ending_after(tx, rota.id, tx.now), holder, tx.now) if rota else None


def _names(tx: Tx, facts: Facts) -> dict[PersonId, str]:
    """The full names of everybody whom the facts name, in words too."""
    listed = (facts.changed, facts.decisions, facts.hypotheses, facts.ruled_out, facts.workarounds)
    entries = [entry for some in listed for entry in some.entries]
    wanted = {entry.who for entry in entries if entry.who}
    wanted |= {tenure.person for tenure in facts.tenures} | {offer.offered_to for offer in facts.offers}
    wanted |= {facts.following.person} if facts.following else set()
    said = [entry.text for entry in entries] + [need.text for need in facts.needs] + [case.note for case in facts.cases]
    for text in (facts.incident.title, facts.incident.summary, facts.objectives, *said):
        wanted |= set(_MENTION.findall(text))
    return {person.id: person.name for person in people.find(tx, wanted).values()}
