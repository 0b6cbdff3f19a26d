"""Commands about oneself: one's own zone, and what else is known."""

from zoneinfo import ZoneInfo

from bot.actions.communication import digest_plan
from bot.actions.zones import zone_of
from bot.domain.permission import Who
from bot.domain.text import nearest
from bot.domain.walltime import wall_text, zone_named, zone_names
from bot.errors import WrongWords
from bot.messages.communication import subscription
from bot.messages.kit import Message, context, escape, said
from handlers.slack.call import Call, Reply
from handlers.slack.table import About, Command
from storage import people, subscriptions

_EXAMPLE = "For example: `/incident me zone Europe/Paris`, or `/incident me zone slack` for that of your profile"


def _me(call: Call) -> Reply:
    if call.rest:
        word = escape(call.rest.split()[0][:40].replace("`", ""))
        raise WrongWords(f"I don't know `me {word}`.", "After `me` comes `zone`, or nothing. " + _EXAMPLE)
    return Reply(_shown(call))


def _zone(call: Call) -> Reply:
    word = call.rest.strip()
    if not word:
        raise WrongWords("Which zone?", _EXAMPLE)
    chosen = "" if word.lower() == "slack" else _known(word).key
    people.set_own_zone(call.tx, call.by, chosen)
    digest_plan.person_changed(call.tx, call.by, "they chose another zone")
    return Reply(_shown(call))


def _known(word: str) -> ZoneInfo:
    """The zone of that name. Raises WrongWords with the nearest one."""
    zone = zone_named(word)
    if zone:
        return zone
    names = {name.lower(): name for name in zone_names()}
    place = word.lower().replace(" ", "_")
    close = next((name for lower, name in sorted(names.items()) if lower.endswith(f"/{place}")), None)
    close = close or names.get(nearest(place, names) or "")
    said = f"I don't know the zone `{escape(word[:40].replace('`', ''))}`."
    raise WrongWords(said, f"Did you mean `{close}`?" if close else _EXAMPLE)


def _shown(call: Call) -> Message:
    """What the bot knows of whoever asks: their zone, whose word that is, the time there; their digest by DM."""
    zone, known = zone_of(call.tx, call.by), people.get(call.tx, call.by)
    whose = "as you chose" if known and known.own_zone else "as Slack says" if known else "as Slack has not said yet"
    wanted = subscriptions.find(call.tx, call.by)
    coming = wanted.schedule(zone).next(call.tx.now) if wanted else None
    digest = subscription.line(wanted, coming.at if coming else None, zone)
    there = f"Your zone is *{zone.key}*, {whose}: it is {wall_text(call.tx.now, zone)} there."
    return said(there, context(digest), context(_EXAMPLE))


COMMANDS = (
    Command(
        name="me",
        help="Shows your zone, of times that you type and of those in my DMs to you, and your digest by DM.",
        example="/incident me",
        who=Who.ANYONE,
        about=About.NOTHING,
        changes=False,
        run=_me,
        names_people=True,
    ),
    Command(
        name="me zone",
        arguments="zone|slack",
        help="Sets your zone, instead of that of your Slack profile.",
        example="/incident me zone Europe/Paris",
        who=Who.ANYONE,
        about=About.NOTHING,
        changes=True,
        run=_zone,
        names_people=True,
    ),
)
