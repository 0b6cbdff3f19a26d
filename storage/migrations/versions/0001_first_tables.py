# ruff: noqa: E501 (as Alembic wrote it)
"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channels",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channels")),
    )
    op.create_table(
        "inbox",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_inbox")),
    )
    op.create_index(op.f("ix_inbox_received_at"), "inbox", ["received_at"], unique=False)
    op.create_table(
        "incident_numbers",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_incident_numbers")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "incidents",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("private", sa.Boolean(create_constraint=True, name="private_bool"), nullable=False),
        sa.Column("declared_by", sa.String(length=32), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mitigated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("call_url", sa.String(length=2000), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=True),
        sa.Column("channel_name", sa.String(length=80), nullable=False),
        sa.Column("channel_archived", sa.Boolean(create_constraint=True, name="channel_archived_bool"), nullable=False),
        sa.Column("card_ts", sa.String(length=32), nullable=True),
        sa.Column("call_bookmark", sa.String(length=32), nullable=True),
        sa.Column("announcement_channel", sa.String(length=32), nullable=True),
        sa.Column("announcement_ts", sa.String(length=32), nullable=True),
        sa.Column("ic_tenure", sa.Integer(), nullable=True),
        sa.Column("open_role", sa.String(length=31), nullable=True),
        sa.CheckConstraint(
            "(state IN ('identified', 'investigating', 'monitoring') AND ic_tenure IS NOT NULL AND open_role IS NOT NULL AND open_role = 'ic') OR (state NOT IN ('identified', 'investigating', 'monitoring') AND ic_tenure IS NULL AND open_role IS NULL)",
            name=op.f("ck_incidents_commanded_while_open"),
        ),
        sa.CheckConstraint("kind IN ('drill', 'real')", name=op.f("ck_incidents_kind_known")),
        sa.CheckConstraint("severity IN ('sev1', 'sev2', 'sev3', 'sev4')", name=op.f("ck_incidents_severity_known")),
        sa.CheckConstraint(
            "state IN ('cancelled', 'closed', 'identified', 'investigating', 'monitoring', 'resolved')",
            name=op.f("ck_incidents_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["ic_tenure", "number", "open_role"],
            ["tenures.id", "tenures.incident", "tenures.open_role"],
            name="fk_incidents_ic_tenure",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["number"], ["incident_numbers.number"], name=op.f("fk_incidents_number")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_incidents")),
        sa.UniqueConstraint("channel_id", name=op.f("uq_incidents_channel_id")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("deactivated", sa.Boolean(create_constraint=True, name="deactivated_bool"), nullable=False),
        sa.Column("bot", sa.Boolean(create_constraint=True, name="bot_bool"), nullable=False),
        sa.Column("foreign", sa.Boolean(create_constraint=True, name="foreign_bool"), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_table(
        "tenures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=31), nullable=False),
        sa.Column("open_role", sa.String(length=31), nullable=True),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "how IN ('accepted', 'assigned', 'declared', 'reopened')", name=op.f("ck_tenures_how_known")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL AND open_role IS NOT NULL AND open_role = role) OR (ended_at IS NOT NULL AND open_role IS NULL)",
            name=op.f("ck_tenures_open_until_ended"),
        ),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name=op.f("ck_tenures_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["incident"], ["incidents.number"], name=op.f("fk_tenures_incident"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenures")),
        sa.UniqueConstraint("id", "incident", "open_role", name=op.f("uq_tenures_id_incident_open_role")),
    )
    op.create_index(
        "ux_tenures_one_open", "tenures", ["incident", "role"], unique=True, sqlite_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "members",
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name=op.f("fk_members_incident")),
        sa.PrimaryKeyConstraint("incident", "person", name=op.f("pk_members")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("lane", sa.String(length=64), nullable=False),
        sa.Column("coalesce", sa.String(length=64), nullable=True),
        sa.Column("incident", sa.Integer(), nullable=True),
        sa.Column("needs_channel", sa.Boolean(create_constraint=True, name="needs_channel_bool"), nullable=False),
        sa.Column("intent", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("absences", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("first_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("ts", sa.String(length=32), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "kind IN ('announcement', 'bookmark', 'card', 'create-channel', 'home', 'invite', 'offer', 'pin', 'post', 'respond', 'sweep', 'topic')",
            name=op.f("ck_outbox_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('dropped', 'failed', 'pending', 'sending', 'sent')", name=op.f("ck_outbox_state_known")
        ),
        sa.CheckConstraint("sends >= 0", name=op.f("ck_outbox_sends_counted")),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name=op.f("fk_outbox_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index("ix_outbox_failed", "outbox", ["id"], unique=False, sqlite_where=sa.text("state = 'failed'"))
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["lane", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('pending', 'sending')"),
    )
    op.create_table(
        "rotas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=31), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("shift_seconds", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("shift_seconds BETWEEN 1800 AND 86400", name=op.f("ck_rotas_shift_length")),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name=op.f("fk_rotas_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotas")),
    )
    op.create_index(
        "ux_rotas_one_running", "rotas", ["incident", "role"], unique=True, sqlite_where=sa.text("stopped_at IS NULL")
    )
    op.create_table(
        "timeline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('command', 'decision', 'hypothesis', 'note', 'ruled-out', 'system')",
            name=op.f("ck_timeline_kind_known"),
        ),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name=op.f("fk_timeline_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline")),
        sa.UniqueConstraint("incident", "number", name=op.f("uq_timeline_incident_number")),
    )
    op.create_table(
        "shifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rota", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_shifts_ends_after_start")),
        sa.ForeignKeyConstraint(["rota"], ["rotas.id"], name=op.f("fk_shifts_rota")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
        sa.UniqueConstraint("rota", "position", name=op.f("uq_shifts_rota_position")),
    )
    op.create_table(
        "handoffs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=31), nullable=False),
        sa.Column("offered_to", sa.String(length=32), nullable=False),
        sa.Column("shift", sa.Integer(), nullable=True),
        sa.Column("boundary_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_channel", sa.String(length=32), nullable=True),
        sa.Column("message_ts", sa.String(length=32), nullable=True),
        sa.CheckConstraint("state IN ('accepted', 'open', 'withdrawn')", name=op.f("ck_handoffs_state_known")),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name=op.f("fk_handoffs_incident")),
        sa.ForeignKeyConstraint(["shift"], ["shifts.id"], name=op.f("fk_handoffs_shift")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoffs")),
    )
    op.create_index(
        "ux_handoffs_one_open", "handoffs", ["incident", "role"], unique=True, sqlite_where=sa.text("state = 'open'")
    )
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("shift", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('shift-boundary', 'shift-soon')", name=op.f("ck_reminders_kind_known")),
        sa.CheckConstraint(
            "state IN ('covered', 'delivered', 'pending', 'superseded')", name=op.f("ck_reminders_state_known")
        ),
        sa.ForeignKeyConstraint(["incident"], ["incidents.number"], name=op.f("fk_reminders_incident")),
        sa.ForeignKeyConstraint(["shift"], ["shifts.id"], name=op.f("fk_reminders_shift")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint("key", name=op.f("uq_reminders_key")),
    )
    op.create_index(
        "ix_reminders_due", "reminders", ["due_at"], unique=False, sqlite_where=sa.text("state = 'pending'")
    )
    op.create_index("ix_reminders_incident", "reminders", ["incident"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("there is nothing before the first tables; restore a backup instead")
