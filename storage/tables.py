"""The tables, and the invariants that the database itself keeps.

Exactly one incident commander: a partial unique index allows at most one open tenure per incident and role, and the
deferred key `incidents(ic_tenure, number, open_role) -> tenures(id, incident, open_role)` with its CHECK demands, at
each commit, that an open incident points at an open tenure of its own in the role `ic`.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.domain.command import COMMANDER, How
from bot.domain.effect import EffectState
from bot.domain.incident import OPEN_STATES, Kind, Severity, State
from bot.domain.reminder import ReminderState
from bot.domain.timeline import EntryKind
from storage.columns import UtcTime, metadata, one_of

_OPEN = ", ".join(f"'{state}'" for state in sorted(OPEN_STATES))

# Every number ever given. AUTOINCREMENT gives none twice, whatever was deleted; it can't stand in `incidents` itself,
# because SQLAlchemy leaves it out, silently, for a column that belongs to a foreign key.
incident_numbers = Table(
    "incident_numbers",
    metadata,
    Column("number", Integer, primary_key=True),
    sqlite_autoincrement=True,
)

incidents = Table(
    "incidents",
    metadata,
    Column("number", Integer, ForeignKey("incident_numbers.number"), primary_key=True, autoincrement=False),
    Column("title", String(200), nullable=False),
    Column("summary", Text, nullable=False, default=""),
    Column("severity", String(8), nullable=False),
    Column("state", String(16), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("private", Boolean(create_constraint=True, name="private_bool"), nullable=False, default=False),
    Column("declared_by", String(32), nullable=False),
    Column("declared_at", UtcTime, nullable=False),
    Column("detected_at", UtcTime, nullable=False),
    Column("acknowledged_at", UtcTime),
    Column("mitigated_at", UtcTime),
    Column("resolved_at", UtcTime),
    Column("closed_at", UtcTime),
    Column("call_url", String(2000), nullable=False, default=""),
    Column("channel_id", String(32), unique=True),
    Column("channel_name", String(80), nullable=False, default=""),
    Column(
        "channel_archived", Boolean(create_constraint=True, name="channel_archived_bool"), nullable=False, default=False
    ),
    Column("card_ts", String(32)),
    Column("call_bookmark", String(32)),
    Column("announcement_channel", String(32)),
    Column("announcement_ts", String(32)),
    # What opened it, when that was a machine; empty when `declared_by` is a person.
    Column("source", String(100), nullable=False, default=""),
    # The archived channel that this incident was reopened out of.
    Column("earlier_channel", String(32)),
    Column("ic_tenure", Integer),
    Column("open_role", String(31)),
    one_of("severity", Severity),
    one_of("state", State),
    one_of("kind", Kind),
    CheckConstraint(
        f"(state IN ({_OPEN}) AND ic_tenure IS NOT NULL AND open_role IS NOT NULL AND open_role = '{COMMANDER}')"
        f" OR (state NOT IN ({_OPEN}) AND ic_tenure IS NULL AND open_role IS NULL)",
        name="commanded_while_open",
    ),
    ForeignKeyConstraint(
        ["ic_tenure", "number", "open_role"],
        ["tenures.id", "tenures.incident", "tenures.open_role"],
        name="fk_incidents_ic_tenure",
        deferrable=True,
        initially="DEFERRED",
        use_alter=False,
    ),
    # What is open, and what has ended lately, is few among many.
    Index("ix_incidents_state", "state"),
    Index("ix_incidents_resolved", "resolved_at"),
)

tenures = Table(
    "tenures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", Integer, ForeignKey("incidents.number", deferrable=True, initially="DEFERRED"), nullable=False),
    Column("role", String(31), nullable=False),
    # The role again while the tenure is open, NULL when it has ended: what the incident's key points at.
    Column("open_role", String(31)),
    Column("person", String(32), nullable=False),
    Column("how", String(16), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    # How long after the boundary, or after being asked, it was accepted.
    Column("late_seconds", Integer, nullable=False, default=0),
    Column("reason", Text, nullable=False, default=""),
    Column("handoff", Integer),
    Column("confirmed", Boolean(create_constraint=True, name="confirmed_bool"), nullable=False, default=True),
    # Until then the holder is on a call and is not asked whether they are there.
    Column("quiet_until", UtcTime),
    one_of("how", How),
    CheckConstraint(
        "(ended_at IS NULL AND open_role IS NOT NULL AND open_role = role)"
        " OR (ended_at IS NOT NULL AND open_role IS NULL)",
        name="open_until_ended",
    ),
    CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_start"),
    UniqueConstraint("id", "incident", "open_role"),
    Index("ux_tenures_one_open", "incident", "role", unique=True, sqlite_where=text("ended_at IS NULL")),
    Index("ix_tenures_person", "person", "ended_at"),
    Index("ix_tenures_of", "incident", "role"),
)

# When somebody last did anything in an incident, as far as it was heard: for those who hold a role.
activity = Table(
    "activity",
    metadata,
    Column("incident", Integer, ForeignKey("incidents.number"), primary_key=True),
    Column("person", String(32), primary_key=True),
    Column("last_at", UtcTime, nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("incident", Integer, ForeignKey("incidents.number"), primary_key=True),
    Column("person", String(32), primary_key=True),
    Column("joined_at", UtcTime, nullable=False),
    Index("ix_members_person", "person"),
)

timeline = Table(
    "timeline",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", Integer, ForeignKey("incidents.number"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("who", String(32)),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("public", Boolean(create_constraint=True, name="public_bool"), nullable=False, default=False),
    one_of("kind", EntryKind),
    UniqueConstraint("incident", "number"),
)

reminders = Table(
    "reminders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(120), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("incident", Integer, ForeignKey("incidents.number")),
    # The id of what the kind is about: a shift, a handoff, a page, a tenure …
    Column("subject", Integer),
    Column("version", Integer, nullable=False, default=1),
    Column("due_at", UtcTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(200), nullable=False, default=""),
    Column("settled_at", UtcTime),
    one_of("state", ReminderState),
    Index("ix_reminders_due", "due_at", sqlite_where=text(f"state = '{ReminderState.PENDING}'")),
    Index(
        "ix_reminders_pending_of",
        "incident",
        "kind",
        "subject",
        sqlite_where=text(f"state = '{ReminderState.PENDING}'"),
    ),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(160), nullable=False, unique=True),
    Column("kind", String(32), nullable=False),
    Column("lane", String(64), nullable=False),
    Column("coalesce", String(64)),
    Column("incident", Integer, ForeignKey("incidents.number")),
    Column("needs_channel", Boolean(create_constraint=True, name="needs_channel_bool"), nullable=False),
    Column("intent", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    # Requests that Slack may have accepted: one more before each is sent, one less only on proof of refusal.
    Column("sends", Integer, nullable=False, default=0),
    # How often in a row Slack was asked for an uncertain one and had nothing.
    Column("absences", Integer, nullable=False, default=0),
    Column("failures", Integer, nullable=False, default=0),
    Column("first_try_at", UtcTime),
    Column("not_before", UtcTime, nullable=False),
    Column("lease_until", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("settled_at", UtcTime),
    Column("channel", String(32)),
    Column("ts", String(32)),
    Column("error", String(300), nullable=False, default=""),
    one_of("state", EffectState),
    CheckConstraint("sends >= 0", name="sends_counted"),
    Index("ix_outbox_waiting", "lane", "id", sqlite_where=text("state IN ('pending', 'sending')")),
    Index("ix_outbox_failed", "id", sqlite_where=text("state = 'failed'")),
)

inbox = Table(
    "inbox",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("received_at", UtcTime, nullable=False, index=True),
    Column("answer", JSON, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("deactivated", Boolean(create_constraint=True, name="deactivated_bool"), nullable=False),
    Column("bot", Boolean(create_constraint=True, name="bot_bool"), nullable=False),
    Column("foreign", Boolean(create_constraint=True, name="foreign_bool"), nullable=False),
    Column("fetched_at", UtcTime, nullable=False),
    # Their own choice, over the zone of their Slack profile; empty: none.
    Column("own_zone", String(64), nullable=False, default=""),
)

# Who has ever opened their App Home: nobody else's is kept current.
homes = Table(
    "homes",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("opened_at", UtcTime, nullable=False),
)

# The members of Slack's user groups that the settings name, as last read.
usergroups = Table(
    "usergroups",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("people", JSON, nullable=False),
    Column("fetched_at", UtcTime, nullable=False),
)

channels = Table(
    "channels",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("id", String(32), nullable=False),
)
