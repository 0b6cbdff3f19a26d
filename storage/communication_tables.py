"""The tables of communication: status updates and what they promised, impact, progress, asks, vendors, digests."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.domain.impact import Level
from bot.domain.incident import State
from bot.domain.update import Audience, Cause, PromiseState, UpdateState
from storage.columns import UtcTime, metadata, one_of

updates = Table(
    "updates",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", Integer, ForeignKey("incidents.number"), nullable=False),
    # From 1 within the incident: people name it.
    Column("number", Integer, nullable=False),
    Column("audience", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("text", Text, nullable=False),
    # The incident's state as it is said in this update.
    Column("incident_state", String(16), nullable=False),
    Column("cause", String(16), nullable=False),
    Column("cause_text", Text, nullable=False, default=""),
    # When it will be over: a moment, or words; or why nobody can say.
    Column("estimate_at", UtcTime),
    Column("estimate_text", Text, nullable=False, default=""),
    Column("no_estimate_why", Text, nullable=False, default=""),
    # What impact and progress were when it was written: facts, as JSON.
    Column("facts", JSON, nullable=False),
    # When the next one is promised; NULL promises by the cadence of the severity.
    Column("next_at", UtcTime),
    Column("written_by", String(32), nullable=False),
    Column("written_at", UtcTime, nullable=False),
    Column("published_by", String(32)),
    Column("published_at", UtcTime),
    # Sent although it said nearly what the last one said: it does not count as on time.
    Column("repeated", Boolean(create_constraint=True, name="repeated_bool"), nullable=False, default=False),
    # The published one that this one corrects.
    Column("corrects", Integer, ForeignKey("updates.id")),
    # What customers call the incident, when this one says so: the first does.
    Column("public_title", String(200), nullable=False, default=""),
    # Where it stands in Slack.
    Column("message_channel", String(32)),
    Column("message_ts", String(32)),
    UniqueConstraint("incident", "number"),
    one_of("audience", Audience),
    one_of("state", UpdateState),
    one_of("incident_state", frozenset(State)),
    one_of("cause", Cause),
    CheckConstraint("(state IN ('published', 'corrected')) = (published_at IS NOT NULL)", name="published_at_a_time"),
)

# An incident that customers know of, and what it is called for them: from its first published update.
publications = Table(
    "publications",
    metadata,
    Column("incident", Integer, ForeignKey("incidents.number"), primary_key=True),
    Column("title", String(200), nullable=False),
    Column("published_at", UtcTime, nullable=False),
)

# Each public update is promised for a time; how it was kept is data.
promises = Table(
    "promises",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", Integer, ForeignKey("incidents.number"), nullable=False),
    Column("due_at", UtcTime, nullable=False),
    # As it was before it was snoozed; NULL when it was not.
    Column("snoozed_from", UtcTime),
    Column("state", String(16), nullable=False),
    Column("kept_by", Integer, ForeignKey("updates.id")),
    Column("settled_at", UtcTime),
    Column("made_at", UtcTime, nullable=False),
    one_of("state", PromiseState),
    Index("ux_promises_one_open", "incident", unique=True, sqlite_where=text(f"state = '{PromiseState.OPEN}'")),
)

# What somebody said of one component and tier: from then on it is at this level. Intervals are computed from these.
impacts = Table(
    "impacts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", Integer, ForeignKey("incidents.number"), nullable=False, index=True),
    Column("component", String(31), nullable=False),
    Column("tier", String(31), nullable=False),
    # What matters more is restored first: its place in the settings when it was said, and whether it was downtime then.
    Column("place", Integer, nullable=False),
    Column("is_down", Boolean(create_constraint=True, name="is_down_bool"), nullable=False),
    Column("level", String(32), nullable=False),
    Column("since", UtcTime, nullable=False),
    # How many are affected from then on; NULL when it was not said.
    Column("affected", Integer),
    Column("said_by", String(32), nullable=False),
    Column("said_at", UtcTime, nullable=False),
    Column("removed_at", UtcTime),
    one_of("level", Level),
    CheckConstraint("affected IS NULL OR affected >= 0", name="affected_counted"),
)

measures = Table(
    "measures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", Integer, ForeignKey("incidents.number"), nullable=False),
    Column("name", String(80), nullable=False),
    # The name without case and white space: it is typed again and again.
    Column("same", String(80), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    # The message in a channel that shows it, and is kept current.
    Column("message_channel", String(32)),
    Column("message_ts", String(32)),
    UniqueConstraint("incident", "same"),
)

readings = Table(
    "readings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("measure", Integer, ForeignKey("measures.id"), nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("value", Integer, nullable=False),
    # Totals change while one counts.
    Column("total", Integer, nullable=False),
    Column("said_by", String(32), nullable=False),
    Column("said_at", UtcTime, nullable=False),
    Column("removed_at", UtcTime),
    CheckConstraint("value >= 0 AND total > 0", name="counted"),
)

# What an incident needs from its managers. (`asks` are the ladder's questions.)
needs = Table(
    "needs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", Integer, ForeignKey("incidents.number"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("asked_by", String(32), nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("done_by", String(32)),
    Column("done_at", UtcTime),
    UniqueConstraint("incident", "number"),
)

vendor_cases = Table(
    "vendor_cases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", Integer, ForeignKey("incidents.number"), nullable=False),
    Column("vendor", String(40), nullable=False),
    Column("reference", String(80), nullable=False),
    Column("priority", String(40), nullable=False, default=""),
    Column("contact", String(200), nullable=False, default=""),
    Column("opened_by", String(32), nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    # When anything was last heard from them or said about it.
    Column("heard_at", UtcTime, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("version", Integer, nullable=False, default=1),
    Column("closed_at", UtcTime),
    UniqueConstraint("incident", "vendor", "reference"),
)

# Who wants the digest by DM: of which severities, at which times of their own day.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("severities", JSON, nullable=False),
    # `HH:MM` on the person's own wall.
    Column("times", JSON, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
)

# Digests that were decided on: for the channel (no person) or somebody, and how far they told each incident.
digests = Table(
    "digests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(120), nullable=False, unique=True),
    Column("person", String(32)),
    Column("at", UtcTime, nullable=False),
    # The last timeline number of each incident in it, by the incident's number: as of when it was last made.
    Column("through", JSON, nullable=False),
    # What changed since the last is counted from one that arrived.
    Column("sent_at", UtcTime),
    Index("ix_digests_of", "person", "at"),
)
