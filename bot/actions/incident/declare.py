"""Declaring an incident."""

from dataclasses import dataclass

from bot.actions import effects, groups
from bot.actions.command.handoff import PAGED, offer_on_duty
from bot.actions.command.tenure import watch
from bot.actions.communication import cadence, digest_plan
from bot.actions.duty import duty
from bot.domain.incident import Incident, Kind, PersonId, Severity
from bot.domain.people import can_act
from bot.domain.text import TITLE_LIMIT, clean, clean_line, shorten
from bot.domain.timeline import EntryKind
from bot.errors import WrongState, WrongWords
from bot.settings import Settings
from storage import command, incidents, people, timeline
from storage.store import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What somebody declares."""

    title: str
    severity: Severity = Severity.SEV2
    kind: Kind = Kind.REAL
    private: bool = False
    summary: str = ""
    # The machine that opens it; empty when a person declares.
    source: str = ""


def declare(
    tx: Tx, settings: Settings, wanted: Declaration, by: PersonId, *, response_url: str = "", view: str = ""
) -> Incident:
    """Commit the incident, the declarer's command, the first entry, and everything that Slack must show.

    A title that is too long is cut; what was typed is kept whole in the summary. `response_url` or `view` is where the
    declarer finds the link to the channel once it is there. Raises WrongWords for no title.
    """
    title = clean_line(wanted.title)
    if not title:
        raise WrongWords("An incident needs a title.", "For example: `/incident declare checkout is down`")
    tx.promised = True
    summary = clean(wanted.summary)
    if len(title) > TITLE_LIMIT:
        summary = f"{title}\n\n{summary}".strip()
    incident = incidents.add(
        tx,
        title=shorten(title, TITLE_LIMIT),
        summary=summary,
        severity=wanted.severity,
        kind=wanted.kind,
        private=wanted.private,
        declared_by=by,
        source=wanted.source,
    )
    what = "drill" if incident.is_drill else "incident"
    how = f"Opened by {wanted.source}" if wanted.source else "Declared"
    text = f"{how} as a {incident.severity} {what}: {title}"
    timeline.add(tx, incident.number, EntryKind.SYSTEM, text, None if wanted.source else by)
    # A private one is nobody's business until its IC says so.
    on_duty = None if incident.private else duty.on_duty(tx, tx.now)
    effects.set_up_channel(tx, incident, _called(settings, incident, on_duty))
    if response_url or view:
        effects.replace_answer(tx, incident, response_url=response_url, view=view)
    effects.show_commanders(tx, incident, "declared")
    effects.publish_home(tx, by, f"{incident.name}:declared")
    tenure = command.open_tenure(tx, incident.number)
    if tenure:
        watch(tx, incident, tenure.id)
    cadence.begin(tx, settings, incident)
    digest_plan.watch(tx, settings)
    offer_on_duty(tx, incident, by if wanted.source else on_duty, "declared")
    return incident


def open_by_machine(tx: Tx, settings: Settings, wanted: Declaration) -> Incident:
    """Open an incident that no person declared: the IC on duty is its IC, unconfirmed, and paged until it is accepted.

    When they can't act (their account is closed), the `fallback_commander` is, or the first of the commanders who can.
    Raises WrongState when there is nobody.
    """
    first = [duty.on_duty(tx, tx.now), settings.command.fallback_commander]
    named = [person for person in first if person] + groups.commanders(tx, settings)
    known = people.find(tx, named)
    commander = next((person for person in named if can_act(known.get(person))), None)
    if commander is None:
        why = "nobody named for it can act any more" if named else "no duty roster is set, and no fallback_commander"
        raise WrongState(
            f"Nobody would command it: {why}.",
            "Set one: `/incident duty set @ada @bob weekly monday 09:00 Europe/Berlin`",
        )
    return declare(tx, settings, wanted, commander)


def _called(settings: Settings, incident: Incident, on_duty: PersonId | None) -> list[PersonId]:
    """The declarer, the IC on duty, the severity's responders, each once; into a private one nobody comes unasked."""
    if incident.private:
        return [incident.declared_by]
    duty_too = [on_duty] if on_duty and incident.severity in PAGED else []
    return list(dict.fromkeys([incident.declared_by, *duty_too, *settings.responders(incident.severity)]))
