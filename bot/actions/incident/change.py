"""Changing what an open incident is: severity, state, title, summary, call."""

from bot.actions import effects
from bot.actions.command import presence, suggestion
from bot.actions.command.handoff import PAGED, calm_down, offer_on_duty
from bot.actions.communication import cadence, digest_plan, vendors
from bot.actions.duty import duty
from bot.domain.incident import Incident, PersonId, Severity, State, check_open, check_transition
from bot.domain.text import TITLE_LIMIT, clean, clean_line, is_web_link
from bot.domain.timeline import EntryKind
from bot.errors import WrongState, WrongWords
from bot.settings import Settings
from storage import incidents, timeline
from storage.store import Tx


def set_severity(tx: Tx, settings: Settings, incident: Incident, severity: Severity, by: PersonId) -> Incident:
    """Raise or lower the severity. Raising invites whom declaring at that level would have invited."""
    check_open(incident)
    if severity is incident.severity:
        raise WrongState(f"{incident.name} is {severity} already.", "Nothing was changed.")
    changed = incidents.change(tx, incident.number, severity=severity)
    entry = timeline.add(tx, incident.number, EntryKind.SYSTEM, f"Severity {incident.severity} → {severity}", by)
    cause = f"t{entry.number}"
    effects.say_everywhere(tx, changed, "severity", cause, by=by, old=incident.severity, new=severity)
    if severity < incident.severity:
        _raised(tx, settings, incident, changed, cause)
    else:
        calm_down(tx, changed)
    presence.rewatch(tx, changed)
    suggestion.rewatch(tx, changed)
    digest_plan.watch(tx, settings)
    cadence.severity_changed(tx, settings, incident, changed)
    vendors.look_again(tx, changed, "the severity was changed")
    effects.after_entry(tx, changed, entry, topic=True)
    return changed


def _raised(tx: Tx, settings: Settings, before: Incident, incident: Incident, cause: str) -> None:
    """What declaring at this level would have done and has not been done: invite, offer, page."""
    if incident.private:
        return
    on_duty = duty.on_duty(tx, tx.now)
    newly_paged = incident.severity in PAGED and before.severity not in PAGED
    called = [*settings.responders(incident.severity), *([on_duty] if on_duty and newly_paged else [])]
    if called:
        effects.invite(tx, incident, list(dict.fromkeys(called)), cause)
    if newly_paged:
        offer_on_duty(tx, incident, on_duty, cause)


def set_state(tx: Tx, incident: Incident, state: State, by: PersonId) -> Incident:
    """Move an open incident to another open state; the first time in monitoring is when it was mitigated."""
    # Leaving an ended state gives somebody command: that is reopening.
    check_open(incident)
    check_transition(incident, state)
    mitigated = incident.mitigated_at or (tx.now if state is State.MONITORING else None)
    changed = incidents.change(tx, incident.number, state=state, mitigated_at=mitigated)
    entry = timeline.add(tx, incident.number, EntryKind.SYSTEM, f"State {incident.state} → {state}", by)
    effects.say_everywhere(tx, changed, "state", f"t{entry.number}", by=by, old=incident.state, new=state)
    presence.rewatch(tx, changed)
    effects.after_entry(tx, changed, entry, topic=True)
    return changed


def set_title(tx: Tx, incident: Incident, title: str, by: PersonId) -> Incident:
    """Give the incident another title; the channel keeps its name."""
    cleaned = clean_line(title)
    if not cleaned:
        raise WrongWords("A title needs words.", "For example: `/incident title checkout is down`")
    if len(cleaned) > TITLE_LIMIT:
        raise WrongWords(
            f"That title has {len(cleaned):,} characters, and {TITLE_LIMIT} fit.",
            "Keep the title short and put the rest into `/incident summary …`",
        )
    changed = incidents.change(tx, incident.number, title=cleaned)
    entry = timeline.add(tx, incident.number, EntryKind.SYSTEM, f"Title: {cleaned}", by)
    effects.after_entry(tx, changed, entry)
    return changed


def set_summary(tx: Tx, incident: Incident, summary: str, by: PersonId) -> Incident:
    """Say in some sentences what the incident is."""
    cleaned = clean(summary)
    if not cleaned:
        raise WrongWords(
            "A summary needs words.", "For example: `/incident summary payments fail since the 14:00 deploy`"
        )
    changed = incidents.change(tx, incident.number, summary=cleaned)
    entry = timeline.add(tx, incident.number, EntryKind.SYSTEM, f"Summary: {cleaned}", by)
    effects.after_entry(tx, changed, entry)
    return changed


def set_call(tx: Tx, incident: Incident, url: str, by: PersonId) -> Incident:
    """Say where people talk: the link of a call."""
    link = url.strip()
    if not is_web_link(link):
        raise WrongWords("That is not a link to a call.", "For example: `/incident call https://meet.example.com/inc`")
    changed = incidents.change(tx, incident.number, call_url=link)
    entry = timeline.add(tx, incident.number, EntryKind.SYSTEM, f"Call: {link}", by)
    effects.bookmark_call(tx, changed, f"t{entry.number}")
    effects.say(tx, changed, "call", f"t{entry.number}", by=by, url=link)
    effects.after_entry(tx, changed, entry)
    return changed
