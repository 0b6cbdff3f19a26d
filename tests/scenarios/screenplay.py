"""A screenplay: who does what in which minute, what the bot says then and to whom, played in a workspace.

    FRIDAY 7 March 2025                                   the days, one after the other; all times are UTC
    07:00  dana hears    At *Fri 7 Mar 00:00 PST* … [I'm up] [I can't]
    07:04  dana presses  [I'm up] → Good morning. …
           indu types    /incident rota → *Command rota of INC-1* …
           indu writes   still restoring                  a message in the incident's channel
           bot  is       killed                           or down, until it is back; others silent, leaving, …

What is heard is one whole message with exactly these buttons, said in exactly this minute; `…` stands for anything.
`all` hear what is said in the channel. A line without a time happens in the same minute as the one before; one that
begins further right goes on with it. Whatever is said and stands in no line fails.
"""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

from sandbox.clock import Clock
from sandbox.state_file import dump
from sandbox.workspace import Workspace as Slack
from sandbox.workspace import seed
from tests.harness import Answer, Message, Person, Place, Workspace
from tests.harness.doors import Json
from tests.harness.message import texts

_DAY = re.compile(r"[A-Z]+DAY (\d+ \w+ \d{4})")
_LINE = re.compile(r"(\d\d:\d\d|     )  (\w+)\s+(hears?|presses|types|writes|briefs|is)\s+(.*)")
_REMARK = re.compile(r" {4}\S")
_BUTTON = re.compile(r"\[([^\]]+)\]")
_MOVES = ("[I have command]", "[Take command now]", "/incident handoff", "/incident command take")
# What follows from a deed, hours later to the second, comes a moment after the deed's own second: look so often.
_PATIENCE = 2
# The minute of each hour in which whoever commands says something in the channel; and half an hour later.
_WORKS_AT = 20


def slack_at(folder: Path, moment: datetime) -> None:
    """Leave in this folder a workspace whose clock shows `moment`, which may be past: its rules of time are known."""
    slack = Slack(Clock(moment.timestamp() - Clock().now()))
    seed(slack)
    (folder / "workspace.json").write_text(json.dumps(dump(slack)), encoding="utf-8")


@contextmanager
def begun(
    folder: Path, at: datetime, title: str, *, by: str, settings: str = "", works_every: int = 30
) -> Iterator["Stage"]:
    """A stage on which somebody has declared an incident at this minute, which may be past.

    Whoever commands says something each `works_every` minutes, 30 or 60; 0: never, as nobody asks about it.
    """
    slack_at(folder, at - timedelta(minutes=1))
    with Workspace(folder, settings) as workspace:
        workspace.clock.until(at)
        yield Stage(workspace, workspace.person(by).declares(title), works_every)


@dataclass(frozen=True)
class Line:
    """One line of a screenplay."""

    at: datetime
    who: str
    verb: str
    words: str

    def __str__(self) -> str:
        return f"{self.at:%a %H:%M} {self.who} {self.verb} {self.words}"


def lines_of(text: str) -> Iterator[Line]:
    """The lines of a screenplay, each with its instant."""
    day = at = datetime.min.replace(tzinfo=UTC)
    line: Line | None = None
    for written in text.strip("\n").splitlines():
        if found := _DAY.fullmatch(written.strip()):
            day = datetime.strptime(found[1], "%d %B %Y").replace(tzinfo=UTC)
        elif found := _LINE.fullmatch(written):
            if line:
                yield line
            if found[1].strip():
                hour, minute = map(int, found[1].split(":"))
                at = day + timedelta(hours=hour, minutes=minute)
            line = Line(at, found[2], found[3], found[4].strip())
        elif written.strip():
            if _REMARK.match(written):
                continue
            assert written.startswith(" " * 12), f"not a line of a screenplay: {written!r}"
            assert line, "a screenplay begins with a day, and then a time"
            line = Line(line.at, line.who, line.verb, f"{line.words} {written.strip()}")
    if line:
        yield line


def is_like(pattern: str, text: str) -> bool:
    """Whether the text is what is written, where `…` stands for anything; white space is all one."""
    parts = [re.escape(" ".join(part.split())) for part in pattern.split("…")]
    return re.fullmatch(r"\s*.*?\s*".join(parts), " ".join(text.split()), re.DOTALL) is not None


def said_at(message: Message) -> datetime:
    """The minute in which a message was said."""
    return datetime.fromtimestamp(float(message.ts), UTC).replace(second=0, microsecond=0)


class Stage:
    """A workspace in which a screenplay is played, and what was noticed meanwhile."""

    def __init__(self, workspace: Workspace, channel: Place, works_every: int = 30) -> None:
        self.workspace, self.channel = workspace, channel
        self._works_every = timedelta(minutes=works_every)
        self.caused: set[str] = set()
        """What was said in the channel because somebody did something: the ts of each message."""
        self.killed: list[datetime] = []
        self._card = channel.card()
        self._silent = ""
        self._heard: list[tuple[str, Message]] | None = None
        """None when it must be looked at anew."""

    def play(self, screenplay: str) -> None:
        """Play it, from the first line to the last."""
        moved = 0
        for at, together in groupby(lines_of(screenplay), lambda line: line.at):
            lines = list(together)
            # Later in its minute the more often command was asked for or moved: all lasts as long as the minutes say.
            moment = at + timedelta(seconds=2 + 2.5 * moved)
            moved += any(line.words.startswith(_MOVES) for line in lines)
            if (lines[0].who, lines[0].words) == ("clock", "jumping"):
                self._jump_to(moment)
            self._go_to(moment)
            for line in lines:
                with _naming(line):
                    self._perform(line)
            self._look_round(at)

    def _go_to(self, moment: datetime) -> None:
        """Move the clock; whoever commands works meanwhile, so that nobody asks whether they are there."""
        now = self.workspace.clock.now
        work = now.replace(minute=_WORKS_AT, second=0, microsecond=0)
        while self._works_every and work < moment:
            if work > now and self._silent != (holder := self.commander):
                self.workspace.clock.until(work)
                self.workspace.person(holder).types("restoring, one by one", self.channel)
            # In a sev1 not each hour: after an hour of silence it is asked, and the two would meet.
            work += self._works_every
        if now < moment:
            self.workspace.clock.until(moment)
            self._heard = None

    def _jump_to(self, moment: datetime) -> None:
        self.workspace.clock.jump(seconds=(moment - self.workspace.clock.now).total_seconds())
        self._heard = None

    @property
    def commander(self) -> str:
        """Who has command, by the database: one person, at any time."""
        tenures = self.workspace.bot.rows("SELECT person FROM tenures WHERE role = 'ic' AND ended_at IS NULL")
        assert len(tenures) == 1, f"{len(tenures)} people have command"
        return self.workspace.name_of(tenures[0]["person"])

    def _perform(self, line: Line) -> None:
        match line.verb:
            case "hears" | "hear":
                self._hear(line)
            case "is":
                self._become(line)
            case _:
                before = {one.ts for _, one in self._unexpected()}
                self._act(line)
                self._heard = None
                self.caused |= {one.ts for _, one in self._unexpected()} - before

    def _hear(self, line: Line) -> None:
        found = self._like(line)
        for _ in range(_PATIENCE):
            if not found:
                self.workspace.clock.forward(seconds=1)
                self._heard = None
                found = self._like(line)
        fresh = [(who, one) for who, one in self._unexpected() if who == line.who]
        assert len(found) == 1, f"{len(found)} messages are like that, of these: {self.shown(fresh)}"
        buttons = [label.rstrip("…") for label in found[0].buttons]
        assert buttons == _BUTTON.findall(line.words), f"the buttons are {buttons}"
        self.workspace.ledger.consume(found[0])

    def _like(self, line: Line) -> list[Message]:
        text = _BUTTON.sub("", line.words)
        said = [one for who, one in self._unexpected() if who == line.who and said_at(one) == line.at]
        return [one for one in said if is_like(text, self.plainly(one))]

    def _become(self, line: Line) -> None:
        match line.who, line.words:
            case "bot", "killed":
                self.workspace.bot.kill()
                self.workspace.bot.start()
                self.killed.append(line.at)
            case "bot", "down":
                self.workspace.bot.kill()
                self.killed.append(line.at)
            case "bot", "back":
                self.workspace.bot.start()
            case "clock", "jumping":
                """It is there already."""
            case who, "silent":
                self._silent = who
            case who, "deactivated":
                self.workspace.change_person(who, deleted=True)
            case who, "leaving":
                self.workspace.person(who).leaves(self.channel)
            case _:
                raise AssertionError("nobody can be that")
        self._heard = None

    def _act(self, line: Line) -> None:
        person = self.workspace.person(line.who)
        if line.who == self._silent:
            self._silent = ""
        words, _, reply = (part.strip() for part in line.words.partition("→"))
        match line.verb:
            case "types":
                answer = person.types(words, self.channel)
            case "presses":
                answer = self._press(person, words.strip("[]"))
            case "briefs":
                worries, _, first = words.partition(" / ")
                self._press(person, "Edit the briefing")
                answer = person.submits({"What worries you?": worries, "What to do first?": first})
            case _:
                answer = person.types(words, self.channel)
        said = self.plainly(answer.message, small_print=True) if answer.message else answer.error
        assert is_like(reply, said), f"the answer is: {said}"

    def _press(self, person: Person, label: str) -> Answer:
        """Press the button where it was shown last, to them or to all."""
        scene, dm = person.scene, self.workspace.dm(person.handle)
        places = [*([dm.id] if dm.exists else []), self.channel.id]
        found = [one for place in places if (one := scene.newest_with_button(place, label))]
        assert found, "nobody shows them such a button"
        return person.presses(label, max(found, key=lambda one: one.ts))

    def _look_round(self, now: datetime) -> None:
        """Nothing else was said until now, and the card shows who has command while there is anything to command."""
        self._heard = None
        left = self._unexpected()
        assert not left, f"{now:%a %H:%M}: in no line of the screenplay: {self.shown(left)}"
        card = next(one for who, one in self.heard if who == "all" and one.ts == self._card.ts)
        assert card.has("*Last IC*") or card.has(f"*Incident commander*\n@{self.commander} since"), card

    @property
    def heard(self) -> list[tuple[str, Message]]:
        """All that the bot has said so far, and to whom."""
        if self._heard is None:
            channels = self.workspace.state["channels"]
            said = [(self._audience(one), one["id"], body) for one in channels for body in one["messages"]]
            heard = [(who, Message(body, channel, self.workspace.name_of)) for who, channel, body in said]
            self._heard = [(who, one) for who, one in heard if one.from_bot and one.is_said]
        return self._heard

    def _unexpected(self) -> list[tuple[str, Message]]:
        """What no line has heard."""
        return [(who, one) for who, one in self.heard if not self.workspace.ledger.knows(one)]

    def _audience(self, channel: Json) -> str:
        if channel["is_im"]:
            return next(who for one in channel["members"] if (who := self.workspace.name_of(one)) != "watchbill")
        return "all" if channel["id"] == self.channel.id else f"#{channel['name']}"

    def plainly(self, message: Message, *, small_print: bool = False) -> str:
        """What a message says, and if wanted the small print under it."""
        wanted = {"section", "context"} if small_print else {"section"}
        blocks = [block for block in message.blocks if block["type"] in wanted]
        return self.workspace.readable("\n".join(texts(blocks)) or message.body.get("text") or "")

    def shown(self, messages: Iterable[tuple[str, Message]]) -> str:
        """Messages as a screenplay has them."""
        return "".join(f"\n{said_at(one):%H:%M}  {who} hears  {self._written(one)}" for who, one in messages)

    def _written(self, message: Message) -> str:
        buttons = "".join(f" [{label.rstrip('…')}]" for label in message.buttons)
        return " ".join(self.plainly(message).split()) + buttons


@contextmanager
def _naming(line: Line) -> Iterator[None]:
    """Whatever fails says at which line of the screenplay."""
    try:
        yield
    except AssertionError as error:
        raise AssertionError(f"{line}\n{error}") from error
