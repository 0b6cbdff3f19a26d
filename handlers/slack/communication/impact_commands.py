"""Commands about impact: said, shown, taken back; and asking when it ended when an incident is resolved."""

from bot.actions.communication import impact
from bot.actions.overview import overview
from bot.actions.zones import zone_of
from bot.domain.incident import State, check_transition
from bot.domain.permission import Who
from bot.messages.communication import forms_impact, impact_posts
from handlers.slack.call import Call, Reply
from handlers.slack.communication import impact_words
from handlers.slack.incident import resolving
from handlers.slack.table import About, Command


def _impact(call: Call) -> Reply:
    if not call.rest:
        return open_form(call)
    known = impact.known_parts(call.tx, call.settings, call.incident)
    typed = impact_words.read(call.rest, known)
    since = impact_words.past(typed.when, call.tx.now, zone_of(call.tx, call.by))
    return said(call, impact.Report(parts=typed.parts, level=typed.level, since=since, affected=typed.affected))


def said(call: Call, report: impact.Report) -> Reply:
    """Say it, and answer with the time as it was understood."""
    changed = impact.report(call.tx, call.settings, call.incident, report, call.by)
    zone = zone_of(call.tx, call.by)
    return Reply(impact_posts.reported(changed, report.level, report.since, call.tx.now, zone))


def open_form(call: Call) -> Reply:
    """The form, which shows how it stands too."""
    known = impact.known_parts(call.tx, call.settings, call.incident)
    return Reply(view=forms_impact.impact(overview(call.tx, call.incident), known, call.asked.channel_id))


def _show(call: Call) -> Reply:
    return Reply(impact_posts.shown(call.incident, impact.impact_of(call.tx, call.incident), call.tx.now))


def _undo(call: Call) -> Reply:
    known = impact.known_parts(call.tx, call.settings, call.incident)
    target = "-".join(call.rest.split())
    taken = impact.undo(call.tx, call.incident, impact_words.find_parts(target, known) if target else (), call.by)
    zone = zone_of(call.tx, call.by)
    return Reply(impact_posts.taken_back(taken.parts, taken.level, taken.since, call.tx.now, zone))


def resolve(call: Call, text: str) -> Reply:
    """Resolve, and name what is left open; while something is not restored, ask first when that ended.

    When it asks nothing is changed yet: sending the form does it all.
    """
    check_transition(call.incident, State.RESOLVED)
    known = impact.impact_of(call.tx, call.incident)
    if known.open:
        return Reply(view=forms_impact.resolve(call.incident, known, text, call.asked.channel_id))
    return Reply(resolving.resolve(call.tx, call.incident, text, call.by))


COMMANDS = (
    Command(
        name="impact",
        arguments="[component[/tier] level [from 08:15] [affected 900]]",
        help="Says what is how broken, since when; `operational` when it works again. Without words it opens the form.",
        example="/incident impact dedicated-databases/production major_outage from 08:15 affected 900",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_impact,
        common=True,
    ),
    Command(
        name="impact show",
        help="Shows how every component and tier does, and its downtime.",
        example="/incident impact show",
        who=Who.ANYONE,
        about=About.INCIDENT,
        changes=False,
        run=_show,
    ),
    Command(
        name="impact undo",
        arguments="[component[/tier]]",
        help="Takes back what was said last, of everything or of one component.",
        example="/incident impact undo",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_undo,
    ),
)
