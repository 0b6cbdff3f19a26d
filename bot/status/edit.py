"""Updates written by hand into a copy of the page: with no bot and no database, from whatever machine has the copy.

The bot takes them in when it is back, under their own ids, and until it has it writes nothing over them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.impact import Level
from bot.domain.incident import OPEN_STATES, State
from bot.domain.text import TITLE_LIMIT, clean, clean_line
from bot.domain.update import PUBLIC_LIMIT
from bot.errors import BotError, WrongWords
from bot.status import writer
from bot.status.files import Drawing
from bot.status.names import LOGOS
from bot.status.safe import public_id
from bot.status.snapshot import Damage, Incident, Snapshot, Span, Update

# A person stands behind it, and nothing writes it again every five minutes.
GOOD_BY_HAND = timedelta(hours=1)
STATES = (*sorted(OPEN_STATES), State.RESOLVED)


class NotACopy(BotError):
    """The folder holds no page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """What somebody writes. `state`: as before when not said; `incident`: its id, needed only when several are open;
    `title`: of a new incident; `next_at`: when the next update comes; `good_for`: how long the page may be believed."""

    text: str
    state: State | None = None
    incident: str = ""
    title: str = ""
    next_at: datetime | None = None
    good_for: timedelta = GOOD_BY_HAND


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """An update in a copy that its bot does not know of, in its incident: a new one when that is `by_hand` too."""

    incident: Incident
    update: Update


def publish(folder: Path, said: ByHand, now: datetime, to: Path | None = None) -> Snapshot:
    """Add an update to a copy, and write all of it anew, into the same folder unless `to` names another.

    Raises NotACopy, WrongWords. A copy without generations (files brought here one by one) is written beside: `to`.
    """
    target = to or folder
    with writer.opened(target) as opened:
        root, before = writer.root_of(folder), writer.read(folder)
        if root is None or before is None:
            raise NotACopy(f"{folder} holds no status page.", "It has a file watchbill.json, itself or in `current`.")
        if to is None and root == folder.resolve():
            raise NotACopy(
                f"{folder} is a plain copy, which can't be replaced at one stroke.",
                "Name another folder: `--to FOLDER`; the new page is then in FOLDER/current.",
            )
        after = with_update(before, said, now)
        opened.write(Drawing().files(after, _logo(root, after.page.logo)))
    return after


def _logo(root: Path, name: str) -> dict[str, bytes]:
    """The logo beside the pages of a copy; whatever else a copy may call so is none."""
    file = root / name
    return {name: file.read_bytes()} if name in LOGOS.values() and file.is_file() else {}


def renew(
    folder: Path, snapshot: Snapshot, drawing: Drawing, extras: Mapping[str, bytes] | None = None
) -> tuple[Stray, ...]:
    """Write the bot's page; nothing, as long as updates by hand are there that it does not know: it gets these."""
    with writer.opened(folder) as opened:
        return renew_in(opened, snapshot, drawing, extras)


def renew_in(
    opened: writer.Folder, snapshot: Snapshot, drawing: Drawing, extras: Mapping[str, bytes] | None = None
) -> tuple[Stray, ...]:
    """The same in a folder that is open: a snapshot taken since then can't be older than what stands there."""
    # What this drawing wrote is not read again: that takes a tenth of a second, and nothing else runs meanwhile.
    is_ours = drawing.written is not None and drawing.written == opened.stamp()
    standing = None if is_ours else opened.read()
    found = strays(standing, snapshot) if standing else ()
    if standing and drawing.is_new:
        drawing.recall(standing, opened.drawn())
    if not found:
        opened.write(drawing.files(snapshot, extras))
        drawing.written = opened.stamp()
    return found


def strays(copy: Snapshot, snapshot: Snapshot) -> tuple[Stray, ...]:
    """Updates by hand in the copy that the snapshot lacks, the oldest first."""
    known = {update.id for one in snapshot.incidents for update in one.updates}
    found = [
        Stray(incident=one, update=update)
        for one in copy.incidents
        for update in one.updates
        if update.by_hand and update.id not in known
    ]
    return tuple(sorted(found, key=lambda one: one.update.at))


def with_update(snapshot: Snapshot, said: ByHand, now: datetime) -> Snapshot:
    """The page with this update, written now. Raises WrongWords."""
    text, title = clean(said.text), clean_line(said.title)
    _check(text, title)
    if said.next_at and said.next_at <= now:
        raise WrongWords("The next update is promised for a time that has passed.", "Name a later one.")
    incident = None if title else _meant(snapshot, said.incident)
    state = said.state or (incident.state if incident else State.INVESTIGATING)
    if state not in STATES:
        raise WrongWords(f"{state} is not a state of the page.", f"Possible: {', '.join(STATES)}.")
    about = incident.id if incident else title
    update = Update(
        id=public_id("by-hand", f"{now.isoformat()}:{about}:{text}"), at=now, state=state, text=text, by_hand=True
    )
    if incident:
        last = incident.current
        told = replace(update, cause=last.cause, cause_text=last.cause_text)
        after = replace(incident, updates=(told, *incident.updates))
    else:
        after = Incident(id=public_id("by-hand-incident", update.id), title=title, updates=(update,), by_hand=True)
    over = state is State.RESOLVED
    after = replace(after, next_at=None if over else said.next_at, ended_at=now if over else None)
    if over:
        after = replace(after, damage=tuple(_restored(one, now) for one in after.damage))
    others = tuple(one for one in snapshot.incidents if one.id != after.id)
    return replace(snapshot, incidents=(after, *others), written_at=now, good_for=said.good_for)


def _check(text: str, title: str) -> None:
    if not text:
        raise WrongWords("An update needs words.", 'For example: --update "Most databases are back."')
    if len(text) > PUBLIC_LIMIT:
        raise WrongWords(f"That has {len(text):,} characters, and {PUBLIC_LIMIT:,} fit.", "Say it shorter.")
    if len(title) > TITLE_LIMIT:
        raise WrongWords(f"That title has {len(title):,} characters, and {TITLE_LIMIT} fit.", "Say it shorter.")


def _meant(snapshot: Snapshot, wanted: str) -> Incident:
    """The incident of that id, or the only one that is open."""
    listed = "; ".join(f"{one.id}: {one.title}" for one in snapshot.open)
    if wanted:
        found = [one for one in snapshot.incidents if one.id == wanted]
        hint = f"Open: {listed}." if listed else "A new one: `--title TITLE`."
        if not found:
            raise WrongWords(f"The page has no incident {wanted}.", hint)
        return found[0]
    if not snapshot.open:
        raise WrongWords("No incident is open on the page.", "Begin one: `--title TITLE`, as customers would call it.")
    if len(snapshot.open) > 1:
        raise WrongWords("Several incidents are open on the page.", f"Say which: `--incident ID`. {listed}.")
    return snapshot.open[0]


def _restored(damage: Damage, now: datetime) -> Damage:
    """What was still affected is over now."""
    last = damage.spans[-1]
    if last.end or last.level is Level.OPERATIONAL:
        return damage
    works = Span(level=Level.OPERATIONAL, is_down=False, start=now)
    return replace(damage, spans=(*damage.spans[:-1], replace(last, end=now), works))
