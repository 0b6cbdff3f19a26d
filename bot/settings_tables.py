"""The tables of the settings file: each a frozen model, every field described."""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from bot.domain.impact import Level
from bot.domain.naming import DEFAULT_PATTERN
from bot.domain.text import is_contact_link
from bot.domain.walltime import zone_named

MemberId = Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]{5,}$")]
UserGroupId = Annotated[str, StringConstraints(pattern=r"^S[A-Z0-9]{5,}$")]
GroupMember = Annotated[str, StringConstraints(pattern=r"^[UWS][A-Z0-9]{5,}$")]
ChannelRef = Annotated[str, StringConstraints(pattern=r"^(#?[\w-]{1,80}|[CG][A-Z0-9]{5,})$")]
WallTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
ThereId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{3,40}$")]

# Kinds of Apprise URLs that reach a person. Those that reach a machine (json, syslog …) are the operator's choice.
DEFAULT_SCHEMES = tuple(
    """mailto mailtos ntfy ntfys gotify gotifys pover tgram signal signals threema twilio sns vonage plivo sinch
    clickatell clicksend bulksms d7sms voipms pagerduty opsgenie splunk pushbullet pushy prowl join simplepush
    whatsapp wxteams msteams discord matrix matrixs rocket rockets zulip ses mailgun sendgrid brevo""".split()
)


def on_loopback(url: str) -> bool:
    """Whether an address is of this machine."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SeveritySettings(_Table):
    """What one severity means and who is called for it."""

    meaning: str = Field("", max_length=75, description="One line, shown where a severity is chosen.")
    responders: tuple[MemberId, ...] = Field((), description="Slack member IDs invited when one is declared.")
    update_every_minutes: int | None = Field(
        None, ge=0, le=10080, description="Public updates are promised so often; 0: none. sev1 30, sev2 60, sev3 240."
    )
    chase_vendor_minutes: int | None = Field(
        None,
        ge=0,
        le=10080,
        description="Remind of a silent vendor after so long; 0: never. sev1 60, sev2 120, sev3 480.",
    )


class Component(_Table):
    """Something customers use, and the tiers in which it is restored, most important first."""

    name: Name = Field(description="How commands call it, for example shared-databases.")
    title: str = Field("", max_length=60, description="How customers call it; the name with capitals when not set.")
    tiers: tuple[Name, ...] = Field((), description="Ordered tiers, for example production, free.")

    @field_validator("name")
    @classmethod
    def _is_no_command(cls, name: str) -> str:
        if name in {"show", "undo"}:
            raise ValueError(f"can't be {name}: `/incident impact {name}` is a command")
        return name

    @field_validator("tiers")
    @classmethod
    def _each_once(cls, tiers: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(tiers)) < len(tiers):
            raise ValueError("names a tier twice")
        return tiers


class Groups(_Table):
    """People with standing in every incident, by Slack member ID or by the ID of a user group (S…)."""

    commanders: tuple[GroupMember, ...] = Field((), description="May change command, rota and duty of any incident.")
    managers: tuple[GroupMember, ...] = Field((), description="The last rung of the ladder.")
    publishers: tuple[GroupMember, ...] = Field((), description="May publish status updates.")


class CommandSettings(_Table):
    """Who commands when nobody was planned to."""

    fallback_commander: MemberId | None = Field(
        None, description="Commands what a machine opens while no duty roster is set."
    )
    usergroup: UserGroupId | None = Field(
        None, description="A user group (S…) that always holds the ICs of the open public incidents."
    )


class Paging(_Table):
    """How people may be woken beside Slack."""

    schemes: tuple[str, ...] = Field(
        DEFAULT_SCHEMES, description="Kinds of Apprise URLs that people may give; what the bot's machine may talk to."
    )


class Channels(_Table):
    """Where the bot speaks outside the incidents' own channels."""

    announcements: ChannelRef = Field("#incidents", description="Where incidents are announced; a name or an ID.")
    digest: ChannelRef = Field("#incidents", description="Where managers read the digest; a name or an ID.")
    operations: ChannelRef | None = Field(
        None, description="Where Slack itself says that the bot was not seen for 30 minutes; empty is nowhere."
    )


class Updates(_Table):
    """Status updates: when they are due, and when one says nothing new."""

    repetition: float = Field(
        0.9, gt=0, le=1, description="So alike to the last one (0 to 1) is an update held back as a repetition."
    )
    working_hours: str = Field(
        "09:00-18:00",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$",
        description="Hours of a person's own weekday in which sev3 and sev4 remind them of an update.",
    )
    downtime: tuple[Level, ...] = Field(
        (Level.PARTIAL_OUTAGE, Level.MAJOR_OUTAGE), description="Levels of impact that count as downtime."
    )

    @field_validator("downtime")
    @classmethod
    def _is_broken(cls, levels: tuple[Level, ...]) -> tuple[Level, ...]:
        if Level.OPERATIONAL in levels:
            raise ValueError("what is operational is not down")
        return levels


class StatusLink(_Table):
    """Where else the public page leads."""

    text: str = Field(min_length=1, max_length=40, description="What readers press, for example Support.")
    url: str = Field(description="An https, http or mailto address.")

    @field_validator("url")
    @classmethod
    def _leads_somewhere(cls, url: str) -> str:
        if not is_contact_link(url):
            raise ValueError("must be an https, http or mailto address")
        return url


class StatusSettings(_Table):
    """The public status page."""

    folder: Path | None = Field(
        None, description="Where the public page is written; served at /status too. Not set: there is none."
    )
    name: str = Field("Status", min_length=1, max_length=80, description="Whose page it is, as customers say it.")
    url: str = Field(
        "", pattern=r"^(https?://\S+/)?$", description="Where customers find it, with a slash at the end; for feeds."
    )
    about: str = Field("", max_length=500, description="A sentence under the name.")
    colour: str = Field("", pattern=r"^(#[0-9a-fA-F]{6})?$", description="Of the head of the page, #rrggbb.")
    statuspage_page: str = Field(
        "", pattern=r"^([a-z0-9]{3,40})?$", description="ID of a page at Atlassian Statuspage that is to say the same."
    )
    statuspage_components: Mapping[str, ThereId] = Field(
        {}, description="IDs of its components, by ours: `component` or `component/tier`."
    )
    statuspage_notify: bool = Field(True, description="Whether Statuspage tells its subscribers of each update.")
    statuspage_url: str = Field("https://api.statuspage.io/v1", description="Where its API is.")

    logo: Path | None = Field(None, description="Beside the name: SVG, PNG or JPEG, 200 kB at most, read at start.")
    links: tuple[StatusLink, ...] = Field(
        (), max_length=8, description="Beside Now and History, 8 at most: `{text = …, url = …}`."
    )
    bucket: str = Field(
        "",
        pattern=r"^((s3|gs|az)://[^\s/]\S*)?$",
        description="Where the page is brought to as well: `s3://bucket/prefix`, `gs://…`, `az://…`; empty: nowhere.",
    )

    @field_validator("statuspage_url")
    @classmethod
    def _is_https(cls, url: str) -> str:
        parts = urlsplit(url)
        if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and on_loopback(url))):
            raise ValueError("must be an https address")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _is_written_first(self) -> Self:
        if self.bucket and not self.folder:
            raise ValueError("bucket needs a folder too: the page is written there first")
        return self


class DigestSettings(_Table):
    """When managers get the digest."""

    times: tuple[WallTime, ...] = Field(("09:00", "17:00"), description="Times of day, HH:MM, in the zone below.")
    zone: str = Field("UTC", description="The time zone of the digest's times, for example Europe/Berlin.")
    every_hours: int = Field(
        4, ge=0, le=24, description="While a sev1 or sev2 is open, also so often from its declaration; 0: not."
    )
    calm: bool = Field(False, description="Whether a digest is posted when nothing is open and nothing happened.")

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        if zone_named(zone) is None:
            raise ValueError("is not a time zone; for example Europe/Berlin")
        return zone


class Naming(_Table):
    """How incident channels are called."""

    channel: str = Field(DEFAULT_PATTERN, description="The channel's name; {number} is needed, {title} may be used.")

    @field_validator("channel")
    @classmethod
    def _usable(cls, pattern: str) -> str:
        try:
            pattern.format(number=1, title="t")
        except (KeyError, IndexError, ValueError) as error:
            raise ValueError("may hold {number} and {title} only") from error
        if "{number}" not in pattern:
            raise ValueError("must hold {number}, so that names differ")
        return pattern


class Backups(_Table):
    """Copies of the database, and where they are kept."""

    folder: Path | None = Field(
        None, description="Where copies are kept, best on another disk; `backups` beside the database when not set."
    )
    every_minutes: int = Field(5, ge=1, le=1440, description="How often a verified copy is made.")
    litestream_url: str = Field(
        "",
        description="Where Litestream keeps a replica, a second old at most: `s3://…`, `sftp://…`, `file:///…`.",
    )
    sftp_key: Path | None = Field(
        None, description="The file of the private key, without a passphrase, for a replica at `sftp://USER@HOST/PATH`."
    )
    sftp_host_key: str = Field(
        "",
        pattern=r"^(\S+ \S+( .*)?)?$",
        description="The host key of that server, `ecdsa-sha2-nistp256 AAAA…`; empty: any server is believed.",
    )

    @field_validator("sftp_key")
    @classmethod
    def _at_home(cls, key: Path | None) -> Path | None:
        return key.expanduser() if key else None

    @field_validator("litestream_url")
    @classmethod
    def _of_a_replica(cls, url: str) -> str:
        # Said without the URL, which may hold a password, and before Litestream says it with the URL.
        if url and not _is_of_a_replica(url):
            raise ValueError("must be s3://…, sftp://…, file:///…, gs://…, abs://… or nats://…; " + _ESCAPES)
        return url

    @property
    def replica(self) -> str:
        """The URL of the replica as it may be shown: without the password that it may hold."""
        parts = urlsplit(self.litestream_url)
        if not parts.password:
            return self.litestream_url
        return self.litestream_url.replace(f":{parts.password}@", ":…@", 1)


_ESCAPES = "a password in it has %25, %2F, %3F, %23 and %40 for % / ? # and @"


def _is_of_a_replica(url: str) -> bool:
    try:
        parts = urlsplit(url)
        # Of a password with a slash this would be the beginning.
        _ = parts.port if parts.scheme == "sftp" else None
    except ValueError:
        return False
    wrong_escape = re.search(r"%(?![0-9A-Fa-f]{2})", url)
    return bool(re.fullmatch(r"(file|s3|gs|abs|sftp|nats)://\S+", url)) and not wrong_escape
