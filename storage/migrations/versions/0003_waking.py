# ruff: noqa: E501 (as SQLAlchemy wrote it)
"""Waking people: their own channels, sign-in, messages left with Slack.

The CHECKs on `kind` go: each new kind would mean making these two tables anew, history and all, and an enum that is
written by one function each guards them as well. How a table is made anew: see 0002.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Each changed table as it is now, and those of its columns that the old one has.
_CHANGED = {
    "pages": (
        """
CREATE TABLE new_pages (
	id INTEGER NOT NULL,
	"key" VARCHAR(120) NOT NULL,
	incident INTEGER NOT NULL,
	person VARCHAR(32) NOT NULL,
	what VARCHAR(32) NOT NULL,
	about JSON NOT NULL,
	handoff INTEGER,
	paged_at DATETIME NOT NULL,
	times INTEGER NOT NULL,
	acknowledged_at DATETIME,
	ended_at DATETIME,
	reason VARCHAR(200) NOT NULL,
	paged_by VARCHAR(32),
	answered_by VARCHAR(16),
	CONSTRAINT pk_pages PRIMARY KEY (id),
	CONSTRAINT uq_pages_key UNIQUE ("key"),
	CONSTRAINT fk_pages_incident FOREIGN KEY(incident) REFERENCES incidents (number),
	CONSTRAINT fk_pages_handoff FOREIGN KEY(handoff) REFERENCES handoffs (id)
)
""",
        'id, "key", incident, person, what, about, handoff, paged_at, times, acknowledged_at, ended_at, reason',
    ),
    "reminders": (
        """
CREATE TABLE new_reminders (
	id INTEGER NOT NULL,
	"key" VARCHAR(120) NOT NULL,
	kind VARCHAR(32) NOT NULL,
	incident INTEGER,
	subject INTEGER,
	version INTEGER NOT NULL,
	due_at DATETIME NOT NULL,
	state VARCHAR(16) NOT NULL,
	reason VARCHAR(200) NOT NULL,
	settled_at DATETIME,
	CONSTRAINT pk_reminders PRIMARY KEY (id),
	CONSTRAINT ck_reminders_state_known CHECK (state IN ('covered', 'delivered', 'pending', 'superseded')),
	CONSTRAINT uq_reminders_key UNIQUE ("key"),
	CONSTRAINT fk_reminders_incident FOREIGN KEY(incident) REFERENCES incidents (number)
)
""",
        'id, "key", kind, incident, subject, version, due_at, state, reason, settled_at',
    ),
    "outbox": (
        """
CREATE TABLE new_outbox (
	id INTEGER NOT NULL,
	"key" VARCHAR(160) NOT NULL,
	kind VARCHAR(32) NOT NULL,
	lane VARCHAR(64) NOT NULL,
	coalesce VARCHAR(64),
	incident INTEGER,
	needs_channel BOOLEAN NOT NULL,
	intent JSON NOT NULL,
	state VARCHAR(16) NOT NULL,
	sends INTEGER NOT NULL,
	absences INTEGER NOT NULL,
	failures INTEGER NOT NULL,
	first_try_at DATETIME,
	not_before DATETIME NOT NULL,
	lease_until DATETIME,
	created_at DATETIME NOT NULL,
	settled_at DATETIME,
	channel VARCHAR(32),
	ts VARCHAR(32),
	error VARCHAR(300) NOT NULL,
	CONSTRAINT pk_outbox PRIMARY KEY (id),
	CONSTRAINT ck_outbox_state_known CHECK (state IN ('dropped', 'failed', 'pending', 'sending', 'sent')),
	CONSTRAINT ck_outbox_sends_counted CHECK (sends >= 0),
	CONSTRAINT uq_outbox_key UNIQUE ("key"),
	CONSTRAINT fk_outbox_incident FOREIGN KEY(incident) REFERENCES incidents (number),
	CONSTRAINT ck_outbox_needs_channel_bool CHECK (needs_channel IN (0, 1))
)
""",
        'id, "key", kind, lane, coalesce, incident, needs_channel, intent, state, sends, absences, failures, first_try_at, not_before, lease_until, created_at, settled_at, channel, ts, error',
    ),
}

_NEW = (
    """
CREATE TABLE contacts (
	id INTEGER NOT NULL,
	person VARCHAR(32) NOT NULL,
	secret BLOB NOT NULL,
	shown VARCHAR(80) NOT NULL,
	added_at DATETIME NOT NULL,
	delivered_at DATETIME,
	failed_at DATETIME,
	failure VARCHAR(200) NOT NULL,
	removed_at DATETIME,
	CONSTRAINT pk_contacts PRIMARY KEY (id)
)
""",
    """
CREATE TABLE links (
	id INTEGER NOT NULL,
	hash VARCHAR(64) NOT NULL,
	person VARCHAR(32) NOT NULL,
	made_at DATETIME NOT NULL,
	expires_at DATETIME NOT NULL,
	used_at DATETIME,
	CONSTRAINT pk_links PRIMARY KEY (id),
	CONSTRAINT uq_links_hash UNIQUE (hash)
)
""",
    """
CREATE TABLE sessions (
	id INTEGER NOT NULL,
	hash VARCHAR(64) NOT NULL,
	person VARCHAR(32) NOT NULL,
	began_at DATETIME NOT NULL,
	expires_at DATETIME NOT NULL,
	ended_at DATETIME,
	CONSTRAINT pk_sessions PRIMARY KEY (id),
	CONSTRAINT uq_sessions_hash UNIQUE (hash)
)
""",
    """
CREATE TABLE fallbacks (
	id INTEGER NOT NULL,
	"key" VARCHAR(120) NOT NULL,
	incident INTEGER,
	subject INTEGER,
	version INTEGER NOT NULL,
	target VARCHAR(32) NOT NULL,
	message TEXT NOT NULL,
	post_at DATETIME NOT NULL,
	state VARCHAR(16) NOT NULL,
	scheduled_id VARCHAR(32),
	ts VARCHAR(32),
	reason VARCHAR(200) NOT NULL,
	made_at DATETIME NOT NULL,
	settled_at DATETIME,
	CONSTRAINT pk_fallbacks PRIMARY KEY (id),
	CONSTRAINT ck_fallbacks_state_known CHECK (state IN ('given-up', 'left', 'planned', 'posted', 'withdrawn')),
	CONSTRAINT uq_fallbacks_key UNIQUE ("key"),
	CONSTRAINT fk_fallbacks_incident FOREIGN KEY(incident) REFERENCES incidents (number)
)
""",
    """
CREATE TABLE marks (
	name VARCHAR(40) NOT NULL,
	value JSON NOT NULL,
	set_at DATETIME NOT NULL,
	CONSTRAINT pk_marks PRIMARY KEY (name)
)
""",
)

_INDEXES = (
    "CREATE INDEX ix_pages_open ON pages (incident, person) WHERE ended_at IS NULL",
    "CREATE INDEX ix_reminders_due ON reminders (due_at) WHERE state = 'pending'",
    "CREATE INDEX ix_reminders_pending_of ON reminders (incident, kind, subject) WHERE state = 'pending'",
    "CREATE INDEX ix_outbox_failed ON outbox (id) WHERE state = 'failed'",
    "CREATE INDEX ix_outbox_waiting ON outbox (lane, id) WHERE state IN ('pending', 'sending')",
    "CREATE INDEX ix_contacts_person ON contacts (person)",
    "CREATE INDEX ix_sessions_person ON sessions (person)",
    "CREATE INDEX ix_fallbacks_of ON fallbacks (incident, subject) WHERE settled_at IS NULL",
)


def upgrade() -> None:
    for name, (create, columns) in _CHANGED.items():
        op.execute(create)
        op.execute(f"INSERT INTO new_{name} ({columns}) SELECT {columns} FROM {name}")  # noqa: S608 (all of it is above)
        op.execute(f"DROP TABLE {name}")
        op.execute(f"ALTER TABLE new_{name} RENAME TO {name}")
    for create in (*_NEW, *_INDEXES):
        op.execute(create)
