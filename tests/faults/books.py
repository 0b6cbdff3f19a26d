"""The books: what Slack and the database must hold after a story, whatever happened in it, and what they do hold."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.harness import Workspace
from tests.harness.doors import Json

LOST, DOUBLED, WRONG = "lost", "doubled", "wrong"
ANSWERED = "the page has ended"
"""Why the outbox drops a page that was waiting."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as after a run in which nothing failed."""

    kind: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"


class Books:
    """All messages of the bot by the key in their metadata, the channels, and the rows of the database."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.channels: list[Json] = workspace.state["channels"]
        self.messages: dict[str, list[tuple[Json, Json]]] = defaultdict(list)
        for channel in self.channels:
            for message in channel["messages"]:
                key = ((message.get("metadata") or {}).get("event_payload") or {}).get("key")
                if key:
                    self.messages[key].append((channel, message))

    def rows(self, query: str, *values: Any) -> list[Any]:
        return self.workspace.bot.rows(query, *values)

    def text(self, message: Json) -> str:
        """All that a message says, with names."""
        return self.workspace.readable(str([message["text"], message.get("blocks")]))

    def unfinished(self) -> Iterator[Finding]:
        """What is promised and not done, when there was time enough for everything."""
        yield from (Finding(LOST, f"outbox row {row}") for row in self.workspace.bot.unfinished())

    def counted(self, what: str, number: int, wanted: int = 1) -> Iterator[Finding]:
        if number != wanted:
            yield Finding(LOST if number < wanted else DOUBLED, f"{what}: {number} instead of {wanted}")

    def same(self, what: str, found: object, wanted: object) -> Iterator[Finding]:
        if found != wanted:
            yield Finding(WRONG, f"{what} is {found!r} instead of {wanted!r}")

    def says(self, key: str, *words: str) -> Iterator[Finding]:
        """Exactly one message with this key, and it says this."""
        yield from self.counted(key, len(self.messages[key]))
        for _, message in self.messages[key]:
            missing = [word for word in words if word not in self.text(message)]
            if missing:
                yield Finding(WRONG, f"{key} doesn't say {missing} but {self.text(message)}")

    def nothing_else(self, name: str, wanted: set[str]) -> Iterator[Finding]:
        """No message about this incident that was not asked for."""
        others = [key for key in self.messages if key.startswith(f"{name}:") and key not in wanted]
        yield from (Finding(WRONG, f"nobody expected {key}: {self.text(self.messages[key][0][1])}") for key in others)


def declared(books: Books, title: str, *, commander: str, member: str) -> Iterator[Finding]:
    """One incident of this title with all that belongs to it, each once, showing who commands."""
    rows = books.rows("SELECT number, card_ts, channel_id FROM incidents WHERE title = ?", title)
    yield from books.counted(f"incident {title!r}", len(rows))
    for row in rows:
        yield from _complete(books, f"INC-{row['number']}", row, commander, member)


def _complete(books: Books, name: str, row: Any, commander: str, member: str) -> Iterator[Finding]:
    workspace = books.workspace
    channels = [one for one in books.channels if one["name"].startswith(f"{name.lower()}-")]
    yield from books.counted(f"channel of {name}", len(channels))
    for channel in channels:
        shown = workspace.person(commander)
        yield from books.same("the channel", channel["id"], row["channel_id"])
        yield from books.counted(f"{name} pinned", len(channel["pins"]))
        yield from books.same("the pin", [pin["ts"] for pin in channel["pins"]], [row["card_ts"]])
        yield from books.counted(f"{name} bookmarked", len(channel["bookmarks"]))
        if workspace.person(member).id not in channel["members"]:
            yield Finding(LOST, f"{member} is not in the channel of {name}")
        if shown.handle not in workspace.readable(channel["topic"]["value"]).lower():
            yield Finding(WRONG, f"the topic of {name} is {channel['topic']['value']!r}")
    yield from books.says(f"{name}:card", name, f"@{commander}")
    yield from books.says(f"{name}:announcement", name, f"@{commander}")
    open_tenures = books.rows(
        "SELECT person FROM tenures WHERE incident = ? AND role = 'ic' AND ended_at IS NULL", int(name[4:])
    )
    yield from books.same("the commander", [one["person"] for one in open_tenures], [workspace.person(commander).id])


# What is said about a handoff that goes as planned, and to whom; None is the channel. Pages may repeat.
SAID = Counter(
    {
        ("rota", None): 1,
        ("plan", "ada"): 1,
        ("plan", "bob"): 1,
        ("shift-hour", "bob"): 1,
        ("shift-hour-out", "ada"): 1,
        ("shift-page", "bob"): 1,
        ("relieved", "ada"): 1,
    }
)


SAID_BY_PLAN = Counter({("rota", None): 1, ("plan", "ada"): 1, ("plan", "bob"): 1})


def planned(books: Books, title: str, *, commander: str, member: str) -> Iterator[Finding]:
    """The incident has a rota: everybody in it was told once, and nobody anything else."""
    yield from declared(books, title, commander=commander, member=member)
    number = books.workspace.bot.one("SELECT number FROM incidents WHERE title = ?", title)
    yield from _said(books, number, SAID_BY_PLAN)
    posts = {row["key"] for row in _outbox(books, number, "post")}
    yield from books.nothing_else(f"INC-{number}", {f"INC-{number}:card", f"INC-{number}:announcement", *posts})


def handed_over(
    books: Books, title: str, *, before: str, after: str, said: Mapping[tuple[str, str | None], int] = SAID
) -> Iterator[Finding]:
    """Command of this incident went from one to the other: asked, accepted and told once, the briefing above it."""
    yield from declared(books, title, commander=after, member=after)
    number = books.workspace.bot.one("SELECT number FROM incidents WHERE title = ?", title)
    name, old, new = f"INC-{number}", books.workspace.person(before), books.workspace.person(after)
    log = books.rows("SELECT person, started_at, ended_at FROM tenures WHERE incident = ? ORDER BY id", number)
    yield from books.same("the command log", [row["person"] for row in log], [old.id, new.id])
    if len(log) == 2:
        yield from books.same("the gap in command", log[0]["ended_at"], log[1]["started_at"])
    offers = books.rows("SELECT id, state, briefing FROM handoffs WHERE incident = ?", number)
    yield from books.same("the offers", [row["state"] for row in offers], ["accepted"])
    yield from _said(books, number, said)
    for row in offers:
        yield from books.says(f"{name}:offer:{row['id']}", f"@{after}", "has command")
        yield from books.says(f"{name}:briefing:{row['briefing']}", "Briefing", "accepted")
    posts = {row["key"] for row in _outbox(books, number, "post")}
    offered = {f"{name}:offer:{row['id']}" for row in offers} | {f"{name}:briefing:{row['briefing']}" for row in offers}
    yield from books.nothing_else(name, {f"{name}:card", f"{name}:announcement", *posts, *offered})
    yield from _reminders(books, number)


def _said(books: Books, number: int, wanted: Mapping[tuple[str, str | None], int]) -> Iterator[Finding]:
    """Everything promised was said exactly once, and exactly what was to be promised was.

    A page that was answered before it could be sent (they acted on an earlier message) is not sent any more.
    """
    rows = _outbox(books, number, "post")
    for row in rows:
        if row["error"] != ANSWERED or books.messages[row["key"]]:
            yield from books.says(row["key"])
    found: Counter[tuple[str, str | None]] = Counter()
    for row in rows:
        intent = json.loads(row["intent"])
        to = intent.get("to")
        found[intent["what"], books.workspace.name_of(to) if to else None] += 1
    for key in {*found, *wanted}:
        enough = found[key] >= wanted.get(key, 0) > 0 if key[0] == "shift-page" else False
        if not enough:
            yield from books.counted(f"{key[0]} to {key[1] or 'the channel'}", found[key], wanted.get(key, 0))


def _outbox(books: Books, number: int, kind: str) -> list[Any]:
    return books.rows("SELECT key, intent, error FROM outbox WHERE incident = ? AND kind = ? ORDER BY id", number, kind)


def _reminders(books: Books, number: int) -> Iterator[Finding]:
    """Every reminder that was due has ended in one of the three ways."""
    now = books.workspace.clock.now.strftime("%Y-%m-%d %H:%M:%S")
    due = "SELECT key FROM reminders WHERE incident = ? AND state = 'pending' AND due_at < ?"
    yield from (Finding(LOST, f"reminder {row['key']}") for row in books.rows(due, number, now))
    silent = (
        "SELECT key, state FROM reminders WHERE incident = ? AND state IN ('covered', 'superseded') AND reason = ''"
    )
    yield from (Finding(WRONG, f"{row['key']} {row['state']} for no reason") for row in books.rows(silent, number))


def table(rows: Iterable[tuple[str, int]], findings: Sequence[tuple[str, Finding]]) -> str:
    """What a program tried, and what was lost, doubled and wrong; then each finding."""
    kinds = Counter(finding.kind for _, finding in findings)
    counted = [*rows, *((kind, kinds[kind]) for kind in (LOST, DOUBLED, WRONG))]
    lines = [f"{name:<14}{number:>8}" for name, number in counted]
    return "\n".join([*lines, *(f"{title}: {finding}" for title, finding in findings)])
