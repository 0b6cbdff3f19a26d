"""The books: what Slack and the database must hold after a story, whatever happened in it, and what they do hold."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.harness import Workspace
from tests.harness.doors import Json

LOST, DOUBLED, WRONG = "lost", "doubled", "wrong"


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


def handed_over(books: Books, title: str, *, before: str, after: str, pinged: bool = True) -> Iterator[Finding]:
    """Command of this incident went from one to the other: asked once, accepted once, told once."""
    yield from declared(books, title, commander=after, member=after)
    number = books.workspace.bot.one("SELECT number FROM incidents WHERE title = ?", title)
    name, old, new = f"INC-{number}", books.workspace.person(before), books.workspace.person(after)
    log = books.rows("SELECT person, started_at, ended_at FROM tenures WHERE incident = ? ORDER BY id", number)
    yield from books.same("the command log", [row["person"] for row in log], [old.id, new.id])
    if len(log) == 2:
        yield from books.same("the gap in command", log[0]["ended_at"], log[1]["started_at"])
    offers = books.rows("SELECT id, state FROM handoffs WHERE incident = ?", number)
    yield from books.same("the offers", [row["state"] for row in offers], ["accepted"])
    pings = [f"{row['key']}" for row in _outbox(books, number, "post") if row["key"].endswith("b-15")]
    yield from books.counted(f"ping for {name}", len(pings), 1 if pinged else 0)
    told = [row["key"] for row in _outbox(books, number, "post") if f":dm:{old.id}:" in row["key"]]
    yield from books.counted(f"{before} told about {name}", len(told))
    said = [row["key"] for row in _outbox(books, number, "post") if f"{name}:said:" in row["key"]]
    yield from books.counted(f"rota of {name} said", len(said))
    offered = [f"{name}:offer:{row['id']}" for row in offers]
    for key in pings:
        yield from books.says(key, "You take command")
    for key in told:
        yield from books.says(key, "You are relieved")
    for key in said:
        yield from books.says(key, "Command rota")
    for key in offered:
        yield from books.says(key, f"@{after}", "has command")
    yield from books.nothing_else(name, {f"{name}:card", f"{name}:announcement", *pings, *told, *said, *offered})
    yield from _reminders(books, number)


def _outbox(books: Books, number: int, kind: str) -> list[Any]:
    return books.rows("SELECT key FROM outbox WHERE incident = ? AND kind = ? ORDER BY id", number, kind)


def _reminders(books: Books, number: int) -> Iterator[Finding]:
    """Every reminder that was due has ended in one of the three ways."""
    now = books.workspace.clock.now.strftime("%Y-%m-%d %H:%M:%S")
    due = "SELECT key FROM reminders WHERE incident = ? AND state = 'pending' AND due_at < ?"
    yield from (Finding(LOST, f"reminder {row['key']}") for row in books.rows(due, number, now))
    silent = (
        "SELECT key, state FROM reminders WHERE incident = ? AND state IN ('covered', 'superseded') AND reason = ''"
    )
    yield from (Finding(WRONG, f"{row['key']} {row['state']} for no reason") for row in books.rows(silent, number))
