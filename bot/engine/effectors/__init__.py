"""One effector for each kind of effect: what to call, what the answer means, what a refusal means."""

from collections.abc import Mapping

from bot.domain.effect import EffectKind
from bot.engine.effectors.announced import Announced
from bot.engine.effectors.base import Effector
from bot.engine.effectors.briefing import Briefing
from bot.engine.effectors.calendar import Calendar
from bot.engine.effectors.channel import CreateChannel, Invite
from bot.engine.effectors.digest import Digest
from bot.engine.effectors.fallback import CountLeft, Leave, LookAfter, SetRight, TakeBack
from bot.engine.effectors.looks import Bookmark, Pin, Topic
from bot.engine.effectors.members import Members
from bot.engine.effectors.messages import Announcement, Card, Offer, Post
from bot.engine.effectors.notice import Notice
from bot.engine.effectors.notify import Notify
from bot.engine.effectors.personal import Home, Respond
from bot.engine.effectors.pinned import PinMessage
from bot.engine.effectors.presence import Presence
from bot.engine.effectors.probe import Probe
from bot.engine.effectors.progress import Chart, Progress
from bot.engine.effectors.pushing import Statuspage, StatusPush
from bot.engine.effectors.sweep import Sweep
from bot.engine.effectors.update import UpdatePosted
from bot.engine.effectors.usergroup import CommandersGroup, ReadGroup

EFFECTORS: Mapping[EffectKind, Effector] = {
    EffectKind.CREATE_CHANNEL: CreateChannel(),
    EffectKind.INVITE: Invite(),
    EffectKind.CARD: Card(),
    EffectKind.PIN: Pin(),
    EffectKind.TOPIC: Topic(),
    EffectKind.BOOKMARK: Bookmark(),
    EffectKind.ANNOUNCEMENT: Announcement(),
    EffectKind.ANNOUNCED: Announced(),
    EffectKind.POST: Post(),
    EffectKind.UPDATE: UpdatePosted(),
    EffectKind.DIGEST: Digest(),
    EffectKind.OFFER: Offer(),
    EffectKind.BRIEFING: Briefing(),
    EffectKind.NOTICE: Notice(),
    EffectKind.CALENDAR: Calendar(),
    EffectKind.RESPOND: Respond(),
    EffectKind.PROGRESS: Progress(),
    EffectKind.CHART: Chart(),
    EffectKind.STATUSPAGE: Statuspage(),
    EffectKind.STATUS_PUSH: StatusPush(),
    EffectKind.HOME: Home(),
    EffectKind.SWEEP: Sweep(),
    EffectKind.PRESENCE: Presence(),
    EffectKind.USERGROUP: CommandersGroup(),
    EffectKind.GROUPS: ReadGroup(),
    EffectKind.MEMBERS: Members(),
    EffectKind.PINNED: PinMessage(),
    EffectKind.NOTIFY: Notify(),
    EffectKind.PROBE: Probe(),
    EffectKind.LEAVE: Leave(),
    EffectKind.TAKE_BACK: TakeBack(),
    EffectKind.LOOK_AFTER: LookAfter(),
    EffectKind.SET_RIGHT: SetRight(),
    EffectKind.COUNT_LEFT: CountLeft(),
}
