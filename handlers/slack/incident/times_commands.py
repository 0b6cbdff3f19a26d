"""When an incident was what: `times`, `times detected 08:15`."""

from bot.actions.incident import times
from bot.actions.zones import zone_of
from bot.domain import walltime
from bot.domain.permission import Who
from bot.domain.times import EXAMPLE, read_moment
from bot.errors import WrongWords
from bot.messages import times as texts
from handlers.slack.call import Call, Reply
from handlers.slack.table import About, Command


def _times(call: Call) -> Reply:
    """Without words all of them. A time means its last occurrence on the typist's wall."""
    tx, zone = call.tx, zone_of(call.tx, call.by)
    if not call.rest:
        return Reply(texts.shown(call.incident, zone, tx.now))
    word, _, rest = call.rest.strip().partition(" ")
    moment = read_moment(word)
    if not rest.strip():
        raise WrongWords(f"When was it {moment}?", EXAMPLE)
    if rest.strip().lower() == "none":
        return Reply(texts.time_set(times.clear_time(tx, call.incident, moment, call.by), moment, zone, tx.now))
    typed = walltime.parse(rest, tx.now, zone, past=True)
    incident = times.set_time(tx, call.incident, moment, typed.at, call.by)
    return Reply(texts.time_set(incident, moment, typed.zone, tx.now))


COMMANDS = (
    Command(
        name="times",
        arguments="[detected|acknowledged|mitigated|resolved 08:15]",
        help="Shows when it was detected, declared, acknowledged, mitigated, resolved; or sets one right.",
        example="/incident times detected 08:15",
        who=Who.MEMBER,
        about=About.INCIDENT,
        changes=True,
        run=_times,
    ),
)
