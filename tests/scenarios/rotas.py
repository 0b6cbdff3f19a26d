"""What many stories of command begin with: an incident and a rota of whose plan everybody was told."""

from datetime import datetime

from tests.harness import Message, Place, Workspace


def begin(workspace: Workspace, words: str, title: str = "Checkout is down sev3") -> Place:
    """Ada declares and starts a rota, for example `@ada @bob 1h`. In a sev3 nobody is asked whether they are there."""
    channel = workspace.person("ada").declares(title)
    start(workspace, channel, words)
    return channel


def start(workspace: Workspace, channel: Place, words: str, by: str = "ada") -> None:
    """Start a rota: the channel and everybody in it are told."""
    workspace.person(by).types(f"/incident rota start {words}", channel).says("Command rota of INC-1")
    channel.expects("Command rota of INC-1: ")
    told(workspace, *[word[1:] for word in words.split() if word.startswith("@")])


def told(workspace: Workspace, *handles: str) -> None:
    """These people were told their shifts."""
    for handle in handles:
        workspace.dm(handle).expects("Your shifts in command of *INC-1*")


def commander(workspace: Workspace) -> str:
    """Who has command of INC-1: one person."""
    query = "SELECT person FROM tenures WHERE incident = 1 AND role = 'ic' AND ended_at IS NULL"
    return workspace.name_of(workspace.bot.one(query))


def boundaries(workspace: Workspace) -> list[float]:
    """When the shifts of the newest rota begin, in hours after its first."""
    newest = "SELECT starts_at FROM shifts WHERE rota = (SELECT max(id) FROM rotas) ORDER BY position"
    rows = workspace.bot.rows(newest)
    times = [datetime.fromisoformat(str(row["starts_at"])) for row in rows]
    return [round((one - times[0]).total_seconds() / 3600, 2) for one in times]


def reminders(workspace: Workspace) -> dict[str, str]:
    """How each reminder that is settled ended: its state, and why or by what."""
    rows = workspace.bot.rows("SELECT key, state, reason FROM reminders WHERE state != 'pending'")
    return {row["key"]: f"{row['state']} {row['reason']}".strip() for row in rows}


def heard(workspace: Workspace, handle: str, since: datetime, *words: str) -> list[int]:
    """In which minutes after `since` somebody was told by DM; each message not expected so far has these words."""
    fresh = workspace.dm(handle).unexpected()
    for message in fresh:
        assert message.has(*words), f"{words} not in {message}"
        workspace.ledger.consume(message)
    return [minute(message, since) for message in fresh]


def minute(message: Message, since: datetime) -> int:
    """How many minutes after `since` something was said."""
    return round((float(message.ts) - since.timestamp()) / 60)
