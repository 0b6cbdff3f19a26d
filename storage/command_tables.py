"""The tables of command and duty: rotas and shifts, handoffs and the ladder, pages, briefings, rosters."""

from sqlalchemy import (
    JSON,
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

from bot.domain.handoff import HandoffKind, HandoffState, TakingState
from bot.domain.trade import TradeState
from storage.columns import UtcTime, metadata, one_of

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
    one_of("state", TradeState),
    Index("ux_trades_one_open", "shift", unique=True, sqlite_where=text(f"state = '{TradeState.OPEN}'")),
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
    one_of("kind", HandoffKind),
    one_of("state", HandoffState),
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
    one_of("state", TakingState),
    Index("ux_takings_one_open", "incident", "role", unique=True, sqlite_where=text(f"state = '{TakingState.OPEN}'")),
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
    # Whoever asked for it; nobody when the plan did. And by what they answered: a button, a reply, a link, the web.
    Column("paged_by", String(32)),
    Column("answered_by", String(16)),
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
