# ruff: noqa: E501 (as SQLAlchemy wrote it)
"""Command in full: rotas that change, questions that climb, briefings, pages, duty.

SQLite changes no CHECK and adds no NOT NULL column in place: the tables that change are made anew beside the old ones,
filled, and put in their place, as SQLite's documentation advises. Foreign keys are off while migrating.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Each changed table as it is now, and what its new columns hold for the rows that are there.
_CHANGED = {
    "incidents": (
        """
CREATE TABLE new_incidents (
	number INTEGER NOT NULL,
	title VARCHAR(200) NOT NULL,
	summary TEXT NOT NULL,
	severity VARCHAR(8) NOT NULL,
	state VARCHAR(16) NOT NULL,
	kind VARCHAR(8) NOT NULL,
	private BOOLEAN NOT NULL,
	declared_by VARCHAR(32) NOT NULL,
	declared_at DATETIME NOT NULL,
	detected_at DATETIME NOT NULL,
	acknowledged_at DATETIME,
	mitigated_at DATETIME,
	resolved_at DATETIME,
	closed_at DATETIME,
	call_url VARCHAR(2000) NOT NULL,
	channel_id VARCHAR(32),
	channel_name VARCHAR(80) NOT NULL,
	channel_archived BOOLEAN NOT NULL,
	card_ts VARCHAR(32),
	call_bookmark VARCHAR(32),
	announcement_channel VARCHAR(32),
	announcement_ts VARCHAR(32),
	source VARCHAR(100) NOT NULL,
	earlier_channel VARCHAR(32),
	ic_tenure INTEGER,
	open_role VARCHAR(31),
	CONSTRAINT pk_incidents PRIMARY KEY (number),
	CONSTRAINT ck_incidents_severity_known CHECK (severity IN ('sev1', 'sev2', 'sev3', 'sev4')),
	CONSTRAINT ck_incidents_state_known CHECK (state IN ('cancelled', 'closed', 'identified', 'investigating', 'monitoring', 'resolved')),
	CONSTRAINT ck_incidents_kind_known CHECK (kind IN ('drill', 'real')),
	CONSTRAINT ck_incidents_commanded_while_open CHECK ((state IN ('identified', 'investigating', 'monitoring') AND ic_tenure IS NOT NULL AND open_role IS NOT NULL AND open_role = 'ic') OR (state NOT IN ('identified', 'investigating', 'monitoring') AND ic_tenure IS NULL AND open_role IS NULL)),
	CONSTRAINT fk_incidents_ic_tenure FOREIGN KEY(ic_tenure, number, open_role) REFERENCES tenures (id, incident, open_role) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT fk_incidents_number FOREIGN KEY(number) REFERENCES incident_numbers (number),
	CONSTRAINT ck_incidents_private_bool CHECK (private IN (0, 1)),
	CONSTRAINT uq_incidents_channel_id UNIQUE (channel_id),
	CONSTRAINT ck_incidents_channel_archived_bool CHECK (channel_archived IN (0, 1))
)
""",
        "number, title, summary, severity, state, kind, private, declared_by, declared_at, detected_at, acknowledged_at, mitigated_at, resolved_at, closed_at, call_url, channel_id, channel_name, channel_archived, card_ts, call_bookmark, announcement_channel, announcement_ts, source, earlier_channel, ic_tenure, open_role",
        "number, title, summary, severity, state, kind, private, declared_by, declared_at, detected_at, acknowledged_at, mitigated_at, resolved_at, closed_at, call_url, channel_id, channel_name, channel_archived, card_ts, call_bookmark, announcement_channel, announcement_ts, '', NULL, ic_tenure, open_role",
    ),
    "tenures": (
        """
CREATE TABLE new_tenures (
	id INTEGER NOT NULL,
	incident INTEGER NOT NULL,
	role VARCHAR(31) NOT NULL,
	open_role VARCHAR(31),
	person VARCHAR(32) NOT NULL,
	how VARCHAR(16) NOT NULL,
	started_at DATETIME NOT NULL,
	ended_at DATETIME,
	late_seconds INTEGER NOT NULL,
	reason TEXT NOT NULL,
	handoff INTEGER,
	confirmed BOOLEAN NOT NULL,
	quiet_until DATETIME,
	CONSTRAINT pk_tenures PRIMARY KEY (id),
	CONSTRAINT ck_tenures_how_known CHECK (how IN ('accepted', 'assigned', 'declared', 'opened', 'relieved', 'reopened', 'took')),
	CONSTRAINT ck_tenures_open_until_ended CHECK ((ended_at IS NULL AND open_role IS NOT NULL AND open_role = role) OR (ended_at IS NOT NULL AND open_role IS NULL)),
	CONSTRAINT ck_tenures_ends_after_start CHECK (ended_at IS NULL OR ended_at >= started_at),
	CONSTRAINT uq_tenures_id_incident_open_role UNIQUE (id, incident, open_role),
	CONSTRAINT fk_tenures_incident FOREIGN KEY(incident) REFERENCES incidents (number) DEFERRABLE INITIALLY DEFERRED,
	CONSTRAINT ck_tenures_confirmed_bool CHECK (confirmed IN (0, 1))
)
""",
        "id, incident, role, open_role, person, how, started_at, ended_at, late_seconds, reason, handoff, confirmed, quiet_until",
        "id, incident, role, open_role, person, how, started_at, ended_at, 0, '', NULL, 1, NULL",
    ),
    "timeline": (
        """
CREATE TABLE new_timeline (
	id INTEGER NOT NULL,
	incident INTEGER NOT NULL,
	number INTEGER NOT NULL,
	at DATETIME NOT NULL,
	who VARCHAR(32),
	kind VARCHAR(16) NOT NULL,
	text TEXT NOT NULL,
	CONSTRAINT pk_timeline PRIMARY KEY (id),
	CONSTRAINT ck_timeline_kind_known CHECK (kind IN ('command', 'decision', 'hypothesis', 'note', 'page', 'pinned', 'ruled-out', 'system')),
	CONSTRAINT uq_timeline_incident_number UNIQUE (incident, number),
	CONSTRAINT fk_timeline_incident FOREIGN KEY(incident) REFERENCES incidents (number)
)
""",
        "id, incident, number, at, who, kind, text",
        "id, incident, number, at, who, kind, text",
    ),
    "shifts": (
        """
CREATE TABLE new_shifts (
	id INTEGER NOT NULL,
	rota INTEGER NOT NULL,
	position INTEGER NOT NULL,
	person VARCHAR(32) NOT NULL,
	turn_of VARCHAR(32) NOT NULL,
	starts_at DATETIME NOT NULL,
	ends_at DATETIME NOT NULL,
	version INTEGER NOT NULL,
	confirmed_at DATETIME,
	up_at DATETIME,
	cant_at DATETIME,
	CONSTRAINT pk_shifts PRIMARY KEY (id),
	CONSTRAINT ck_shifts_ends_after_start CHECK (ends_at > starts_at),
	CONSTRAINT uq_shifts_rota_position UNIQUE (rota, position),
	CONSTRAINT fk_shifts_rota FOREIGN KEY(rota) REFERENCES rotas (id)
)
""",
        "id, rota, position, person, turn_of, starts_at, ends_at, version, confirmed_at, up_at, cant_at",
        "id, rota, position, person, person, starts_at, ends_at, 1, NULL, NULL, NULL",
    ),
    "handoffs": (
        """
CREATE TABLE new_handoffs (
	id INTEGER NOT NULL,
	incident INTEGER NOT NULL,
	role VARCHAR(31) NOT NULL,
	kind VARCHAR(16) NOT NULL,
	offered_to VARCHAR(32) NOT NULL,
	offered_by VARCHAR(32),
	offered_at DATETIME NOT NULL,
	shift INTEGER,
	boundary_at DATETIME NOT NULL,
	state VARCHAR(16) NOT NULL,
	accepted_by VARCHAR(32),
	reason VARCHAR(300) NOT NULL,
	exhausted_at DATETIME,
	briefing INTEGER,
	settled_at DATETIME,
	message_channel VARCHAR(32),
	message_ts VARCHAR(32),
	CONSTRAINT pk_handoffs PRIMARY KEY (id),
	CONSTRAINT ck_handoffs_kind_known CHECK (kind IN ('boundary', 'confirm', 'duty', 'offer', 'presence', 'taking')),
	CONSTRAINT ck_handoffs_state_known CHECK (state IN ('accepted', 'declined', 'expired', 'open', 'withdrawn')),
	CONSTRAINT fk_handoffs_incident FOREIGN KEY(incident) REFERENCES incidents (number),
	CONSTRAINT fk_handoffs_shift FOREIGN KEY(shift) REFERENCES shifts (id)
)
""",
        "id, incident, role, kind, offered_to, offered_by, offered_at, shift, boundary_at, state, accepted_by, reason, exhausted_at, briefing, settled_at, message_channel, message_ts",
        "id, incident, role, 'boundary', offered_to, NULL, boundary_at, shift, boundary_at, state, CASE state WHEN 'accepted' THEN offered_to END, '', NULL, NULL, settled_at, message_channel, message_ts",
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
	CONSTRAINT ck_reminders_kind_known CHECK (kind IN ('duty-day', 'duty-fetch', 'duty-hour', 'fatigue-day', 'fatigue-shift', 'handoff-late', 'ladder', 'managers', 'page-again', 'presence', 'presence-unanswered', 'rota-suggestion', 'shift-boundary', 'shift-half', 'shift-hour', 'shift-soon', 'taking', 'trade', 'unanswered')),
	CONSTRAINT ck_reminders_state_known CHECK (state IN ('covered', 'delivered', 'pending', 'superseded')),
	CONSTRAINT uq_reminders_key UNIQUE ("key"),
	CONSTRAINT fk_reminders_incident FOREIGN KEY(incident) REFERENCES incidents (number)
)
""",
        "id, key, kind, incident, subject, version, due_at, state, reason, settled_at",
        "id, key, kind, incident, shift, 1, due_at, state, reason, settled_at",
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
	CONSTRAINT ck_outbox_kind_known CHECK (kind IN ('announcement', 'bookmark', 'briefing', 'calendar', 'card', 'create-channel', 'groups', 'home', 'invite', 'notice', 'offer', 'pin', 'pinned', 'post', 'presence', 'respond', 'sweep', 'topic', 'usergroup')),
	CONSTRAINT ck_outbox_state_known CHECK (state IN ('dropped', 'failed', 'pending', 'sending', 'sent')),
	CONSTRAINT ck_outbox_sends_counted CHECK (sends >= 0),
	CONSTRAINT uq_outbox_key UNIQUE ("key"),
	CONSTRAINT fk_outbox_incident FOREIGN KEY(incident) REFERENCES incidents (number),
	CONSTRAINT ck_outbox_needs_channel_bool CHECK (needs_channel IN (0, 1))
)
""",
        "id, key, kind, lane, coalesce, incident, needs_channel, intent, state, sends, absences, failures, first_try_at, not_before, lease_until, created_at, settled_at, channel, ts, error",
        "id, key, kind, lane, coalesce, incident, needs_channel, intent, state, sends, absences, failures, first_try_at, not_before, lease_until, created_at, settled_at, channel, ts, error",
    ),
    "people": (
        """
CREATE TABLE new_people (
	id VARCHAR(32) NOT NULL,
	name VARCHAR(200) NOT NULL,
	zone VARCHAR(64) NOT NULL,
	deactivated BOOLEAN NOT NULL,
	bot BOOLEAN NOT NULL,
	"foreign" BOOLEAN NOT NULL,
	fetched_at DATETIME NOT NULL,
	own_zone VARCHAR(64) NOT NULL,
	CONSTRAINT pk_people PRIMARY KEY (id),
	CONSTRAINT ck_people_deactivated_bool CHECK (deactivated IN (0, 1)),
	CONSTRAINT ck_people_bot_bool CHECK (bot IN (0, 1)),
	CONSTRAINT ck_people_foreign_bool CHECK ("foreign" IN (0, 1))
)
""",
        'id, name, zone, deactivated, bot, "foreign", fetched_at, own_zone',
        "id, name, zone, deactivated, bot, \"foreign\", fetched_at, ''",
    ),
}

_NEW = (
    """
CREATE TABLE activity (
	incident INTEGER NOT NULL,
	person VARCHAR(32) NOT NULL,
	last_at DATETIME NOT NULL,
	CONSTRAINT pk_activity PRIMARY KEY (incident, person),
	CONSTRAINT fk_activity_incident FOREIGN KEY(incident) REFERENCES incidents (number)
)
""",
    """
CREATE TABLE asks (
	handoff INTEGER NOT NULL,
	person VARCHAR(32) NOT NULL,
	asked_at DATETIME NOT NULL,
	declined_at DATETIME,
	CONSTRAINT pk_asks PRIMARY KEY (handoff, person),
	CONSTRAINT fk_asks_handoff FOREIGN KEY(handoff) REFERENCES handoffs (id)
)
""",
    """
CREATE TABLE takings (
	id INTEGER NOT NULL,
	incident INTEGER NOT NULL,
	role VARCHAR(31) NOT NULL,
	person VARCHAR(32) NOT NULL,
	holder VARCHAR(32) NOT NULL,
	reason TEXT NOT NULL,
	asked_at DATETIME NOT NULL,
	confirm_at DATETIME NOT NULL,
	state VARCHAR(16) NOT NULL,
	settled_at DATETIME,
	CONSTRAINT pk_takings PRIMARY KEY (id),
	CONSTRAINT ck_takings_state_known CHECK (state IN ('confirmed', 'handed', 'kept', 'lapsed', 'open', 'withdrawn')),
	CONSTRAINT fk_takings_incident FOREIGN KEY(incident) REFERENCES incidents (number)
)
""",
    """
CREATE TABLE trades (
	id INTEGER NOT NULL,
	shift INTEGER NOT NULL,
	version INTEGER NOT NULL,
	person VARCHAR(32) NOT NULL,
	asked VARCHAR(32) NOT NULL,
	for_shift INTEGER,
	asked_at DATETIME NOT NULL,
	state VARCHAR(16) NOT NULL,
	settled_at DATETIME,
	CONSTRAINT pk_trades PRIMARY KEY (id),
	CONSTRAINT ck_trades_state_known CHECK (state IN ('accepted', 'declined', 'expired', 'open', 'withdrawn')),
	CONSTRAINT fk_trades_shift FOREIGN KEY(shift) REFERENCES shifts (id),
	CONSTRAINT fk_trades_for_shift FOREIGN KEY(for_shift) REFERENCES shifts (id)
)
""",
    """
CREATE TABLE pages (
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
	CONSTRAINT pk_pages PRIMARY KEY (id),
	CONSTRAINT uq_pages_key UNIQUE ("key"),
	CONSTRAINT fk_pages_incident FOREIGN KEY(incident) REFERENCES incidents (number),
	CONSTRAINT fk_pages_handoff FOREIGN KEY(handoff) REFERENCES handoffs (id)
)
""",
    """
CREATE TABLE briefings (
	id INTEGER NOT NULL,
	incident INTEGER NOT NULL,
	role VARCHAR(31) NOT NULL,
	shift INTEGER,
	prepared_by VARCHAR(32),
	prepared_at DATETIME NOT NULL,
	facts JSON NOT NULL,
	worries TEXT NOT NULL,
	do_first TEXT NOT NULL,
	accepted_at DATETIME,
	message_channel VARCHAR(32),
	message_ts VARCHAR(32),
	details_ts VARCHAR(32),
	CONSTRAINT pk_briefings PRIMARY KEY (id),
	CONSTRAINT fk_briefings_incident FOREIGN KEY(incident) REFERENCES incidents (number),
	CONSTRAINT fk_briefings_shift FOREIGN KEY(shift) REFERENCES shifts (id)
)
""",
    """
CREATE TABLE rosters (
	id INTEGER NOT NULL,
	people JSON NOT NULL,
	every_days INTEGER NOT NULL,
	anchor_date VARCHAR(10) NOT NULL,
	wall VARCHAR(5) NOT NULL,
	zone VARCHAR(64) NOT NULL,
	url VARCHAR(2000) NOT NULL,
	fetched_at DATETIME,
	fetch_error VARCHAR(300) NOT NULL,
	version INTEGER NOT NULL,
	set_by VARCHAR(32) NOT NULL,
	set_at DATETIME NOT NULL,
	stopped_at DATETIME,
	running INTEGER,
	CONSTRAINT pk_rosters PRIMARY KEY (id),
	CONSTRAINT ck_rosters_every_days CHECK (every_days BETWEEN 1 AND 366),
	CONSTRAINT ck_rosters_running_until_stopped CHECK ((stopped_at IS NULL AND running IS NOT NULL AND running = 1) OR (stopped_at IS NOT NULL AND running IS NULL)),
	CONSTRAINT uq_rosters_running UNIQUE (running)
)
""",
    """
CREATE TABLE duty_events (
	id INTEGER NOT NULL,
	roster INTEGER NOT NULL,
	person VARCHAR(32),
	label VARCHAR(200) NOT NULL,
	starts_at DATETIME NOT NULL,
	ends_at DATETIME NOT NULL,
	CONSTRAINT pk_duty_events PRIMARY KEY (id),
	CONSTRAINT ck_duty_events_ends_after_start CHECK (ends_at > starts_at),
	CONSTRAINT fk_duty_events_roster FOREIGN KEY(roster) REFERENCES rosters (id)
)
""",
    """
CREATE TABLE covers (
	id INTEGER NOT NULL,
	person VARCHAR(32) NOT NULL,
	starts_at DATETIME NOT NULL,
	ends_at DATETIME NOT NULL,
	set_by VARCHAR(32) NOT NULL,
	set_at DATETIME NOT NULL,
	removed_at DATETIME,
	CONSTRAINT pk_covers PRIMARY KEY (id),
	CONSTRAINT ck_covers_ends_after_start CHECK (ends_at > starts_at)
)
""",
    """
CREATE TABLE homes (
	person VARCHAR(32) NOT NULL,
	opened_at DATETIME NOT NULL,
	CONSTRAINT pk_homes PRIMARY KEY (person)
)
""",
    """
CREATE TABLE usergroups (
	id VARCHAR(32) NOT NULL,
	people JSON NOT NULL,
	fetched_at DATETIME NOT NULL,
	CONSTRAINT pk_usergroups PRIMARY KEY (id)
)
""",
)

_INDEXES = (
    "CREATE INDEX ix_tenures_person ON tenures (person, ended_at)",
    "CREATE UNIQUE INDEX ux_tenures_one_open ON tenures (incident, role) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX ux_handoffs_one_open ON handoffs (incident, role) WHERE state = 'open'",
    "CREATE INDEX ix_reminders_due ON reminders (due_at) WHERE state = 'pending'",
    "CREATE INDEX ix_reminders_pending_of ON reminders (incident, kind, subject) WHERE state = 'pending'",
    "CREATE INDEX ix_outbox_failed ON outbox (id) WHERE state = 'failed'",
    "CREATE INDEX ix_outbox_waiting ON outbox (lane, id) WHERE state IN ('pending', 'sending')",
    "CREATE UNIQUE INDEX ux_takings_one_open ON takings (incident, role) WHERE state = 'open'",
    "CREATE UNIQUE INDEX ux_trades_one_open ON trades (shift) WHERE state = 'open'",
    "CREATE INDEX ix_pages_open ON pages (incident, person) WHERE ended_at IS NULL",
    "CREATE INDEX ix_briefings_incident ON briefings (incident)",
    "CREATE INDEX ix_duty_events_roster ON duty_events (roster)",
)


def upgrade() -> None:
    for name, (create, columns, values) in _CHANGED.items():
        op.execute(create)
        op.execute(f"INSERT INTO new_{name} ({columns}) SELECT {values} FROM {name}")  # noqa: S608 (all of it is above)
        op.execute(f"DROP TABLE {name}")
        op.execute(f"ALTER TABLE new_{name} RENAME TO {name}")
    for create in _NEW:
        op.execute(create)
    for create in _INDEXES:
        op.execute(create)
