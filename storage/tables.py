"""The tables, and the invariants that the database itself keeps.

Exactly one incident commander: a partial unique index allows at most one open tenure per incident and role, and the
deferred key `incidents(ic_tenure, number, open_role) -> tenures(id, incident, open_role)` with its CHECK demands, at
each commit, that an open incident points at an open tenure of its own in the role `ic`.
"""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from bot.domain.command import COMMANDER, How
from bot.domain.effect import EffectKind, EffectState
from bot.domain.handoff import HandoffKind, HandoffState, TakingState
from bot.domain.incident import OPEN_STATES, Kind, Severity, State
from bot.domain.reminder import ReminderKind, ReminderState
from bot.domain.timeline import EntryKind
from bot.domain.trade import TradeState

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """An instant: aware going in, aware and UTC coming out. A naive time is a bug and raises."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone can't be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def _one_of(column: str, values: type[StrEnum] | frozenset[State]) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in sorted(values))
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


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
    _one_of("severity", Severity),
    _one_of("state", State),
    _one_of("kind", Kind),
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
    _one_of("how", How),
    CheckConstraint(
        "(ended_at IS NULL AND open_role IS NOT NULL AND open_role = role)"
        " OR (ended_at IS NOT NULL AND open_role IS NULL)",
        name="open_until_ended",
    ),
    CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_start"),
    UniqueConstraint("id", "incident", "open_role"),
    Index("ux_tenures_one_open", "incident", "role", unique=True, sqlite_where=text("ended_at IS NULL")),
    Index("ix_tenures_person", "person", "ended_at"),
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
    _one_of("kind", EntryKind),
    UniqueConstraint("incident", "number"),
)

rotas = Table(
    "rotas",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", Integer, ForeignKey("incidents.number"), nullable=False),
    Column("role", String(31), nullable=False),
    Column("people", JSON, nullable=False),
    Column("shift_seconds", Integer, nullable=False),
    Column("anchor", UtcTime, nullable=False),
    Column("stopped_at", UtcTime),
    CheckConstraint("shift_seconds BETWEEN 1800 AND 86400", name="shift_length"),
    Index("ux_rotas_one_running", "incident", "role", unique=True, sqlite_where=text("stopped_at IS NULL")),
)

shifts = Table(
    "shifts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rota", Integer, ForeignKey("rotas.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("person", String(32), nullable=False),
    # Whose turn it is by the order, whoever took it.
    Column("turn_of", String(32), nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    # One more with each change of person or start.
    Column("version", Integer, nullable=False, default=1),
    Column("confirmed_at", UtcTime),
    Column("up_at", UtcTime),
    Column("cant_at", UtcTime),
    CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    UniqueConstraint("rota", "position"),
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", Integer, ForeignKey("incidents.number"), nullable=False),
    Column("role", String(31), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("offered_to", String(32), nullable=False),
    Column("offered_by", String(32)),
    Column("offered_at", UtcTime, nullable=False),
    Column("shift", Integer, ForeignKey("shifts.id")),
    Column("boundary_at", UtcTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("accepted_by", String(32)),
    Column("reason", String(300), nullable=False, default=""),
    # Since when everybody has been asked in vain.
    Column("exhausted_at", UtcTime),
    Column("briefing", Integer),
    Column("settled_at", UtcTime),
    Column("message_channel", String(32)),
    Column("message_ts", String(32)),
    _one_of("kind", HandoffKind),
    _one_of("state", HandoffState),
    Index("ux_handoffs_one_open", "incident", "role", unique=True, sqlite_where=text(f"state = '{HandoffState.OPEN}'")),
)

# Whom the ladder has asked, besides the one it was offered to.
asks = Table(
    "asks",
    metadata,
    Column("handoff", Integer, ForeignKey("handoffs.id"), primary_key=True),
    Column("person", String(32), primary_key=True),
    Column("asked_at", UtcTime, nullable=False),
    Column("declined_at", UtcTime),
)

takings = Table(
    "takings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", Integer, ForeignKey("incidents.number"), nullable=False),
    Column("role", String(31), nullable=False),
    Column("person", String(32), nullable=False),
    Column("holder", String(32), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("asked_at", UtcTime, nullable=False),
    Column("confirm_at", UtcTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("settled_at", UtcTime),
    _one_of("state", TakingState),
    Index("ux_takings_one_open", "incident", "role", unique=True, sqlite_where=text(f"state = '{TakingState.OPEN}'")),
)

trades = Table(
    "trades",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("shift", Integer, ForeignKey("shifts.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("person", String(32), nullable=False),
    Column("asked", String(32), nullable=False),
    # What the asked one would give in return; NULL when they have no shift to give.
    Column("for_shift", Integer, ForeignKey("shifts.id")),
    Column("asked_at", UtcTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("settled_at", UtcTime),
    _one_of("state", TradeState),
    Index("ux_trades_one_open", "shift", unique=True, sqlite_where=text(f"state = '{TradeState.OPEN}'")),
)

pages = Table(
    "pages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(120), nullable=False, unique=True),
    Column("incident", Integer, ForeignKey("incidents.number"), nullable=False),
    Column("person", String(32), nullable=False),
    # A name in bot.messages.posts, and what that text is about.
    Column("what", String(32), nullable=False),
    Column("about", JSON, nullable=False),
    Column("handoff", Integer, ForeignKey("handoffs.id")),
    Column("paged_at", UtcTime, nullable=False),
    Column("times", Integer, nullable=False, default=1),
    Column("acknowledged_at", UtcTime),
    Column("ended_at", UtcTime),
    Column("reason", String(200), nullable=False, default=""),
    Index("ix_pages_open", "incident", "person", sqlite_where=text("ended_at IS NULL")),
)

briefings = Table(
    "briefings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("incident", Integer, ForeignKey("incidents.number"), nullable=False, index=True),
    Column("role", String(31), nullable=False),
    Column("shift", Integer, ForeignKey("shifts.id")),
    Column("prepared_by", String(32)),
    Column("prepared_at", UtcTime, nullable=False),
    # The facts as they were: what was accepted must not change afterwards.
    Column("facts", JSON, nullable=False),
    Column("worries", Text, nullable=False, default=""),
    Column("do_first", Text, nullable=False, default=""),
    Column("accepted_at", UtcTime),
    Column("message_channel", String(32)),
    Column("message_ts", String(32)),
    # The full lists, in the thread under it.
    Column("details_ts", String(32)),
)

rosters = Table(
    "rosters",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("people", JSON, nullable=False),
    Column("every_days", Integer, nullable=False),
    # The local date of the first hand-over, `2026-11-23`, and its wall-clock time, `09:00`, in the zone.
    Column("anchor_date", String(10), nullable=False),
    Column("wall", String(5), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("url", String(2000), nullable=False, default=""),
    Column("fetched_at", UtcTime),
    Column("fetch_error", String(300), nullable=False, default=""),
    # One more with each change of who is on duty when: its reminders are planned anew.
    Column("version", Integer, nullable=False, default=1),
    Column("set_by", String(32), nullable=False),
    Column("set_at", UtcTime, nullable=False),
    Column("stopped_at", UtcTime),
    # 1 while it runs, NULL afterwards: the unique key lets one run at a time.
    Column("running", Integer, unique=True),
    CheckConstraint("every_days BETWEEN 1 AND 366", name="every_days"),
    CheckConstraint(
        "(stopped_at IS NULL AND running IS NOT NULL AND running = 1) OR (stopped_at IS NOT NULL AND running IS NULL)",
        name="running_until_stopped",
    ),
)

# What a calendar says: who is on duty from when to when. Replaced by each fetch that succeeds.
duty_events = Table(
    "duty_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("roster", Integer, ForeignKey("rosters.id"), nullable=False, index=True),
    Column("person", String(32)),
    Column("label", String(200), nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    CheckConstraint("ends_at > starts_at", name="ends_after_start"),
)

covers = Table(
    "covers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", String(32), nullable=False),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("set_by", String(32), nullable=False),
    Column("set_at", UtcTime, nullable=False),
    Column("removed_at", UtcTime),
    CheckConstraint("ends_at > starts_at", name="ends_after_start"),
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
    _one_of("kind", ReminderKind),
    _one_of("state", ReminderState),
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
    _one_of("kind", EffectKind),
    _one_of("state", EffectState),
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
