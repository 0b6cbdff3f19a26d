# ruff: noqa: E501 (as SQLAlchemy wrote it)
"""Communication: updates, impact, progress, asks, vendor cases, digests; the timeline's new kinds, public or not.

How a table is made anew: see 0002.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TIMELINE = """
CREATE TABLE new_timeline (
	id INTEGER NOT NULL,
	incident INTEGER NOT NULL,
	number INTEGER NOT NULL,
	at DATETIME NOT NULL,
	who VARCHAR(32),
	kind VARCHAR(16) NOT NULL,
	text TEXT NOT NULL,
	public BOOLEAN NOT NULL,
	CONSTRAINT pk_timeline PRIMARY KEY (id),
	CONSTRAINT ck_timeline_kind_known CHECK (kind IN ('ask', 'command', 'decision', 'hypothesis', 'impact', 'note', 'page', 'pinned', 'progress', 'ruled-out', 'system', 'update', 'vendor', 'workaround')),
	CONSTRAINT uq_timeline_incident_number UNIQUE (incident, number),
	CONSTRAINT fk_timeline_incident FOREIGN KEY(incident) REFERENCES incidents (number),
	CONSTRAINT ck_timeline_public_bool CHECK (public IN (0, 1))
)
"""
_KEPT = "id, incident, number, at, who, kind, text"

_NEW = (
    """
CREATE TABLE updates (
	id INTEGER NOT NULL,
	incident INTEGER NOT NULL,
	number INTEGER NOT NULL,
	audience VARCHAR(16) NOT NULL,
	state VARCHAR(16) NOT NULL,
	text TEXT NOT NULL,
	incident_state VARCHAR(16) NOT NULL,
	cause VARCHAR(16) NOT NULL,
	cause_text TEXT NOT NULL,
	estimate_at DATETIME,
	estimate_text TEXT NOT NULL,
	no_estimate_why TEXT NOT NULL,
	facts JSON NOT NULL,
	next_at DATETIME,
	written_by VARCHAR(32) NOT NULL,
	written_at DATETIME NOT NULL,
	published_by VARCHAR(32),
	published_at DATETIME,
	repeated BOOLEAN NOT NULL,
	corrects INTEGER,
	public_title VARCHAR(200) NOT NULL,
	message_channel VARCHAR(32),
	message_ts VARCHAR(32),
	CONSTRAINT pk_updates PRIMARY KEY (id),
	CONSTRAINT uq_updates_incident_number UNIQUE (incident, number),
	CONSTRAINT ck_updates_audience_known CHECK (audience IN ('internal', 'public')),
	CONSTRAINT ck_updates_state_known CHECK (state IN ('corrected', 'discarded', 'draft', 'held', 'published')),
	CONSTRAINT ck_updates_incident_state_known CHECK (incident_state IN ('cancelled', 'closed', 'identified', 'investigating', 'monitoring', 'resolved')),
	CONSTRAINT ck_updates_cause_known CHECK (cause IN ('confirmed', 'suspected', 'unknown')),
	CONSTRAINT ck_updates_published_at_a_time CHECK ((state IN ('published', 'corrected')) = (published_at IS NOT NULL)),
	CONSTRAINT fk_updates_incident FOREIGN KEY(incident) REFERENCES incidents (number),
	CONSTRAINT ck_updates_repeated_bool CHECK (repeated IN (0, 1)),
	CONSTRAINT fk_updates_corrects FOREIGN KEY(corrects) REFERENCES updates (id)
)
""",
    """
CREATE TABLE publications (
	incident INTEGER NOT NULL,
	title VARCHAR(200) NOT NULL,
	published_at DATETIME NOT NULL,
	CONSTRAINT pk_publications PRIMARY KEY (incident),
	CONSTRAINT fk_publications_incident FOREIGN KEY(incident) REFERENCES incidents (number)
)
""",
    """
CREATE TABLE promises (
	id INTEGER NOT NULL,
	incident INTEGER NOT NULL,
	due_at DATETIME NOT NULL,
	snoozed_from DATETIME,
	state VARCHAR(16) NOT NULL,
	kept_by INTEGER,
	settled_at DATETIME,
	made_at DATETIME NOT NULL,
	CONSTRAINT pk_promises PRIMARY KEY (id),
	CONSTRAINT ck_promises_state_known CHECK (state IN ('ended', 'kept', 'late', 'open', 'repeated', 'replaced')),
	CONSTRAINT fk_promises_incident FOREIGN KEY(incident) REFERENCES incidents (number),
	CONSTRAINT fk_promises_kept_by FOREIGN KEY(kept_by) REFERENCES updates (id)
)
""",
    """
CREATE TABLE impacts (
	id INTEGER NOT NULL,
	incident INTEGER NOT NULL,
	component VARCHAR(31) NOT NULL,
	tier VARCHAR(31) NOT NULL,
	place INTEGER NOT NULL,
	is_down BOOLEAN NOT NULL,
	level VARCHAR(32) NOT NULL,
	since DATETIME NOT NULL,
	affected INTEGER,
	said_by VARCHAR(32) NOT NULL,
	said_at DATETIME NOT NULL,
	removed_at DATETIME,
	CONSTRAINT pk_impacts PRIMARY KEY (id),
	CONSTRAINT ck_impacts_is_down_bool CHECK (is_down IN (0, 1)),
	CONSTRAINT ck_impacts_level_known CHECK (level IN ('degraded_performance', 'major_outage', 'operational', 'partial_outage', 'under_maintenance')),
	CONSTRAINT ck_impacts_affected_counted CHECK (affected IS NULL OR affected >= 0),
	CONSTRAINT fk_impacts_incident FOREIGN KEY(incident) REFERENCES incidents (number)
)
""",
    """
CREATE TABLE measures (
	id INTEGER NOT NULL,
	incident INTEGER NOT NULL,
	name VARCHAR(80) NOT NULL,
	same VARCHAR(80) NOT NULL,
	made_at DATETIME NOT NULL,
	message_channel VARCHAR(32),
	message_ts VARCHAR(32),
	CONSTRAINT pk_measures PRIMARY KEY (id),
	CONSTRAINT uq_measures_incident_same UNIQUE (incident, same),
	CONSTRAINT fk_measures_incident FOREIGN KEY(incident) REFERENCES incidents (number)
)
""",
    """
CREATE TABLE readings (
	id INTEGER NOT NULL,
	measure INTEGER NOT NULL,
	at DATETIME NOT NULL,
	value INTEGER NOT NULL,
	total INTEGER NOT NULL,
	said_by VARCHAR(32) NOT NULL,
	said_at DATETIME NOT NULL,
	removed_at DATETIME,
	CONSTRAINT pk_readings PRIMARY KEY (id),
	CONSTRAINT ck_readings_counted CHECK (value >= 0 AND total > 0),
	CONSTRAINT fk_readings_measure FOREIGN KEY(measure) REFERENCES measures (id)
)
""",
    """
CREATE TABLE needs (
	id INTEGER NOT NULL,
	incident INTEGER NOT NULL,
	number INTEGER NOT NULL,
	text TEXT NOT NULL,
	asked_by VARCHAR(32) NOT NULL,
	asked_at DATETIME NOT NULL,
	done_by VARCHAR(32),
	done_at DATETIME,
	CONSTRAINT pk_needs PRIMARY KEY (id),
	CONSTRAINT uq_needs_incident_number UNIQUE (incident, number),
	CONSTRAINT fk_needs_incident FOREIGN KEY(incident) REFERENCES incidents (number)
)
""",
    """
CREATE TABLE vendor_cases (
	id INTEGER NOT NULL,
	incident INTEGER NOT NULL,
	vendor VARCHAR(40) NOT NULL,
	reference VARCHAR(80) NOT NULL,
	priority VARCHAR(40) NOT NULL,
	contact VARCHAR(200) NOT NULL,
	opened_by VARCHAR(32) NOT NULL,
	opened_at DATETIME NOT NULL,
	heard_at DATETIME NOT NULL,
	note TEXT NOT NULL,
	version INTEGER NOT NULL,
	closed_at DATETIME,
	CONSTRAINT pk_vendor_cases PRIMARY KEY (id),
	CONSTRAINT uq_vendor_cases_incident_vendor_reference UNIQUE (incident, vendor, reference),
	CONSTRAINT fk_vendor_cases_incident FOREIGN KEY(incident) REFERENCES incidents (number)
)
""",
    """
CREATE TABLE subscriptions (
	person VARCHAR(32) NOT NULL,
	severities JSON NOT NULL,
	times JSON NOT NULL,
	since DATETIME NOT NULL,
	ended_at DATETIME,
	CONSTRAINT pk_subscriptions PRIMARY KEY (person)
)
""",
    """
CREATE TABLE digests (
	id INTEGER NOT NULL,
	"key" VARCHAR(120) NOT NULL,
	person VARCHAR(32),
	at DATETIME NOT NULL,
	through JSON NOT NULL,
	sent_at DATETIME,
	CONSTRAINT pk_digests PRIMARY KEY (id),
	CONSTRAINT uq_digests_key UNIQUE ("key")
)
""",
)

_INDEXES = (
    "CREATE UNIQUE INDEX ux_promises_one_open ON promises (incident) WHERE state = 'open'",
    "CREATE INDEX ix_impacts_incident ON impacts (incident)",
    "CREATE INDEX ix_readings_measure ON readings (measure)",
    "CREATE INDEX ix_digests_of ON digests (person, at)",
    "CREATE INDEX ix_tenures_of ON tenures (incident, role)",
    "CREATE INDEX ix_members_person ON members (person)",
    "CREATE INDEX ix_incidents_state ON incidents (state)",
    "CREATE INDEX ix_incidents_resolved ON incidents (resolved_at)",
)


def upgrade() -> None:
    op.execute(_TIMELINE)
    op.execute(f"INSERT INTO new_timeline ({_KEPT}, public) SELECT {_KEPT}, 0 FROM timeline")  # noqa: S608 (all of it is above)
    op.execute("DROP TABLE timeline")
    op.execute("ALTER TABLE new_timeline RENAME TO timeline")
    for create in (*_NEW, *_INDEXES):
        op.execute(create)
