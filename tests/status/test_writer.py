"""The page on disk, and updates by hand."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.impact import Level
from bot.domain.incident import State
from bot.domain.update import Cause
from bot.errors import BotError, WrongWords
from bot.status import edit, names, writer
from bot.status.edit import ByHand, NotACopy
from bot.status.files import Drawing
from bot.status.snapshot import Snapshot
from tests.status.pages import CALM, DOWN, LATE, NOW, OUTAGE

LATER = NOW + timedelta(minutes=20)


def by_hand(snapshot: Snapshot, text: str = "Half of them are back.", **more: object) -> Snapshot:
    return edit.with_update(snapshot, ByHand(text=text, **more), LATER)  # type: ignore[arg-type]


def test_it_is_written_whole_and_switched_at_once(tmp_path: Path) -> None:
    drawing = Drawing()
    for place, snapshot in enumerate((CALM, DOWN, LATE, CALM, DOWN)):
        assert edit.renew(tmp_path, replace(snapshot, written_at=NOW + timedelta(minutes=place)), drawing) == ()
        assert writer.damage(tmp_path) == []
    assert writer.read(tmp_path) == replace(DOWN, written_at=NOW + timedelta(minutes=4))
    kept = sorted(one.name for one in (tmp_path / "generations").iterdir())
    assert kept == ["000003", "000004", "000005"]
    assert (tmp_path / "current").readlink() == Path("generations/000005")
    over = f"current/incidents/{DOWN.incidents[1].id}.html"
    assert (tmp_path / over).stat().st_nlink == 3
    assert (tmp_path / "current").stat().st_mode & 0o555 == 0o555


def test_what_a_dead_writer_left_does_no_harm(tmp_path: Path) -> None:
    edit.renew(tmp_path, CALM, Drawing())
    (tmp_path / "generations/.new/incidents").mkdir(parents=True)
    (tmp_path / "generations/000002").mkdir()
    (tmp_path / ".current-new").symlink_to("generations/000002")
    edit.renew(tmp_path, DOWN, Drawing())
    assert writer.read(tmp_path) == DOWN
    assert writer.damage(tmp_path) == []


def test_damage_is_found(tmp_path: Path) -> None:
    edit.renew(tmp_path, CALM, Drawing())
    (tmp_path / "current/index.html").write_text("other")
    (tmp_path / "current/feed.atom").unlink()
    (tmp_path / "current/more.txt").touch()
    assert writer.damage(tmp_path) == [
        "feed.atom is missing.",
        "index.html was changed.",
        "more.txt does not belong here.",
    ]
    assert writer.damage(tmp_path / "nowhere") == ["There is no watchbill.json."]


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    """A limit on the size of files stands for it: the child fails to write, as it would then."""
    edit.renew(tmp_path, CALM, Drawing())
    program = (
        "import resource, signal, sys; from pathlib import Path; from bot.status import edit\n"
        "from bot.status.files import Drawing; from tests.status.pages import DOWN\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))\n"
        "edit.renew(Path(sys.argv[1]), DOWN, Drawing())"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, check=False, text=True)
    assert "OSError" in done.stderr
    assert writer.read(tmp_path) == CALM
    assert writer.damage(tmp_path) == []
    edit.renew(tmp_path, DOWN, Drawing())
    assert writer.read(tmp_path) == DOWN


def test_an_update_by_hand_is_on_every_page_and_is_not_written_over(tmp_path: Path) -> None:
    logo = {"logo.svg": b"<svg/>"}
    branded = replace(LATE, page=replace(LATE.page, logo="logo.svg"))
    edit.renew(tmp_path, branded, Drawing(), logo)
    said = ByHand(text="Half of them are back.", next_at=LATER + timedelta(hours=1))
    after = edit.publish(tmp_path, said, LATER)
    assert writer.damage(tmp_path) == []
    assert writer.read(tmp_path) == after
    incident = after.incidents[0]
    update = incident.current
    assert (update.by_hand, update.state, update.cause) == (True, State.IDENTIFIED, Cause.SUSPECTED)
    assert incident.late(LATER) is None
    assert after.good_until == LATER + edit.GOOD_BY_HAND
    for name in ("index.html", f"incidents/{incident.id}.html", "feed.atom", "api/v2/summary.json"):
        assert "Half of them are back." in (tmp_path / "current" / name).read_text()
    assert (tmp_path / "current/logo.svg").read_bytes() == b"<svg/>"
    newer = replace(branded, written_at=LATER + timedelta(minutes=5))
    (stray,) = edit.renew(tmp_path, newer, Drawing(), logo)
    assert (stray.incident.id, stray.update) == (OUTAGE.id, update)
    assert writer.read(tmp_path) == after
    taken = replace(OUTAGE, updates=(replace(update, by_hand=False), *OUTAGE.updates))
    assert edit.renew(tmp_path, replace(newer, incidents=(taken, *newer.incidents[1:])), Drawing(), logo) == ()
    assert edit.renew(tmp_path, replace(newer, incidents=(taken, *newer.incidents[1:])), Drawing(), logo) == ()


def test_resolving_by_hand_ends_what_was_affected() -> None:
    after = by_hand(DOWN, state=State.RESOLVED).incidents[0]
    assert (after.state, after.ended_at, after.next_at) == (State.RESOLVED, LATER, None)
    assert all(span.end or span.level is Level.OPERATIONAL for span in after.spans)
    assert set(by_hand(DOWN, state=State.RESOLVED).levels.values()) == {Level.OPERATIONAL}


def test_a_new_incident_by_hand() -> None:
    after = by_hand(CALM, title="Nothing can be reached")
    incident = after.open[0]
    assert (incident.title, incident.state, incident.by_hand) == ("Nothing can be reached", State.INVESTIGATING, True)
    assert [stray.incident.by_hand for stray in edit.strays(after, CALM)] == [True]
    reopened = by_hand(CALM, incident=CALM.incidents[0].id, state=State.MONITORING)
    assert [one.id for one in reopened.open] == [CALM.incidents[0].id]


@pytest.mark.parametrize(
    ("snapshot", "said", "words"),
    [
        (CALM, ByHand(text="Back."), "No incident is open"),
        (DOWN, ByHand(text=" \u202e "), "An update needs words"),
        (DOWN, ByHand(text="x" * 3001), "3,001 characters"),
        (DOWN, ByHand(text="Back.", incident="nosuchthing0"), "no incident nosuchthing0"),
        (DOWN, ByHand(text="Back.", state=State.CANCELLED), "not a state"),
        (DOWN, ByHand(text="Back.", next_at=NOW), "has passed"),
        (DOWN, ByHand(text="Back.", title="t" * 151), "151 characters"),
        (by_hand(DOWN, title="Another"), ByHand(text="Back."), "Several incidents are open"),
    ],
)
def test_what_can_not_be_said_by_hand(snapshot: Snapshot, said: ByHand, words: str) -> None:
    with pytest.raises(WrongWords, match=words):
        edit.with_update(snapshot, said, LATER)


def test_a_plain_copy_is_read_and_written_elsewhere(tmp_path: Path) -> None:
    plain, new = tmp_path / "plain", tmp_path / "new"
    for name, content in Drawing().files(DOWN).items():
        (plain / name).parent.mkdir(parents=True, exist_ok=True)
        (plain / name).write_bytes(content)
    said = ByHand(text="Half of them are back.")
    with pytest.raises(NotACopy, match="plain copy"):
        edit.publish(plain, said, LATER)
    after = edit.publish(plain, said, LATER, to=new)
    assert writer.read(new) == after
    assert writer.read(plain) == DOWN
    with pytest.raises(BotError, match="no status page"):
        edit.publish(tmp_path / "nothing", said, LATER, to=new)


def test_a_bot_that_starts_anew_draws_only_what_is_new(tmp_path: Path) -> None:
    edit.renew(tmp_path, DOWN, Drawing())
    drawing, later = Drawing(), replace(DOWN, written_at=LATER)
    edit.renew(tmp_path, later, drawing)
    assert writer.damage(tmp_path) == []
    with writer.opened(tmp_path) as opened:
        assert opened.drawn() == Drawing().files(later)
    over = f"incidents/{DOWN.incidents[1].id}.html"
    assert (tmp_path / "current" / over).stat().st_nlink == 2
    (tmp_path / "current" / over).write_text("damaged")
    edit.renew(tmp_path, replace(DOWN, written_at=LATER + timedelta(minutes=5)), Drawing())
    assert writer.damage(tmp_path) == []
    manifest = tmp_path / "current" / names.MANIFEST
    manifest.write_text(manifest.read_text().replace('"drawn_by": "', '"drawn_by": "other'))
    with writer.opened(tmp_path) as opened:
        assert opened.drawn() == {}


def unseen(file: Path, before: str, after: str) -> None:
    """Change what a file holds so that only who reads it can know."""
    content, found = file.read_text(), file.stat()
    assert before in content
    assert len(before) == len(after)
    file.write_text(content.replace(before, after))
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))


def test_what_it_wrote_itself_is_not_read_again_and_what_others_wrote_is(tmp_path: Path) -> None:
    drawing = Drawing()
    edit.renew(tmp_path, DOWN, drawing)
    update = DOWN.incidents[0].current.id
    unseen(tmp_path / "current" / names.DATA, update, "x" * len(update))
    unseen(tmp_path / "current" / names.DATA, '"by_hand":false', '"by_hand":true ')
    assert edit.renew(tmp_path, LATE, Drawing()) != (), "who reads it finds updates by hand"
    assert edit.renew(tmp_path, LATE, drawing) == ()
    edit.publish(tmp_path, ByHand(text="Half of them are back."), LATER)
    (stray,) = edit.renew(tmp_path, DOWN, drawing)
    assert stray.update.text == "Half of them are back."
    # Copied into the very generation that it wrote, too.
    edit.renew(tmp_path / "other", DOWN, drawing)
    served = (tmp_path / "other/current").resolve()
    brought = (tmp_path / "current" / names.DATA).read_bytes()
    (served / names.DATA).unlink()
    (served / names.DATA).write_bytes(brought)
    assert edit.renew(tmp_path / "other", DOWN, drawing) == (stray,)
