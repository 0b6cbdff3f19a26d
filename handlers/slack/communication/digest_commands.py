"""Commands of the digest: at once, and by DM."""

from bot.actions.communication import digest, digest_subscription
from bot.actions.zones import zone_of
from bot.domain.permission import Who
from bot.messages.communication import digest as texts
from bot.messages.communication import subscription as replies
from handlers.slack.call import Call, Reply
from handlers.slack.table import About, Command


def _digest(call: Call) -> Reply:
    return Reply(texts.digest(digest.on_demand(call.tx)))


def _subscribe(call: Call) -> Reply:
    wanted = digest_subscription.subscribe(call.tx, call.settings, call.by, call.rest)
    zone = zone_of(call.tx, call.by)
    coming = wanted.schedule(zone).next(call.tx.now)
    return Reply(replies.subscribed(wanted, coming.at if coming else None, zone))


def _unsubscribe(call: Call) -> Reply:
    digest_subscription.unsubscribe(call.tx, call.by)
    return Reply(replies.unsubscribed())


DIGEST = Command(
    name="digest",
    help="Shows every open incident on a few lines, and what changed since the last digest.",
    example="/incident digest",
    who=Who.ANYONE,
    about=About.NOTHING,
    changes=False,
    run=_digest,
)

COMMANDS = (
    Command(
        name="subscribe",
        arguments="[sev1 sev2 …] [at 08:00 18:00]",
        help="Sends you the digest by DM: of these severities (all), at these times of your own day.",
        example="/incident subscribe sev1 sev2 at 08:00 18:00",
        who=Who.ANYONE,
        about=About.NOTHING,
        changes=True,
        run=_subscribe,
        names_people=True,
    ),
    Command(
        name="unsubscribe",
        help="Ends your digest by DM.",
        example="/incident unsubscribe",
        who=Who.ANYONE,
        about=About.NOTHING,
        changes=True,
        run=_unsubscribe,
    ),
)
