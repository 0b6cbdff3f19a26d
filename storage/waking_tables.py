"""The tables of what reaches people beside Slack: their own channels, sign-in, messages left with Slack; and marks."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, text

from bot.domain.fallback import FallbackState
from storage.columns import UtcTime, metadata, one_of

contacts = Table(
    "contacts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", String(32), nullable=False, index=True),
    # An Apprise URL holds passwords and tokens: it is encrypted with the key of the settings.
    Column("secret", LargeBinary, nullable=False),
    # What may be shown of it: the kind and a few letters.
    Column("shown", String(80), nullable=False),
    Column("added_at", UtcTime, nullable=False),
    Column("delivered_at", UtcTime),
    Column("failed_at", UtcTime),
    Column("failure", String(200), nullable=False, default=""),
    Column("removed_at", UtcTime),
)

links = Table(
    "links",
    metadata,
    Column("id", Integer, primary_key=True),
    # Who reads the database can't use them: only a hash is kept.
    Column("hash", String(64), nullable=False, unique=True),
    Column("person", String(32), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("person", String(32), nullable=False, index=True),
    Column("began_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
)

fallbacks = Table(
    "fallbacks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(120), nullable=False, unique=True),
    Column("incident", Integer, ForeignKey("incidents.number")),
    # What it stands in for: a shift, say.
    Column("subject", Integer),
    Column("version", Integer, nullable=False, default=1),
    # Where it will be posted: a person, until Slack has answered with the id of a channel.
    Column("target", String(32), nullable=False),
    Column("message", Text, nullable=False),
    Column("post_at", UtcTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("scheduled_id", String(32)),
    Column("ts", String(32)),
    Column("reason", String(200), nullable=False, default=""),
    Column("made_at", UtcTime, nullable=False),
    Column("settled_at", UtcTime),
    one_of("state", FallbackState),
    Index("ix_fallbacks_of", "incident", "subject", sqlite_where=text("settled_at IS NULL")),
)

marks = Table(
    "marks",
    metadata,
    # What is true of the whole bot, by name: since when Slack is away, until when it recovers from a restore.
    Column("name", String(40), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("set_at", UtcTime, nullable=False),
)
