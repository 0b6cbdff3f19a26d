"""Settings: secrets and places from the environment, everything else from one TOML file, good defaults for the rest."""

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, PrivateAttr, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from bot.domain.impact import EVERYONE, SERVICE, Part, place_of
from bot.domain.incident import Severity
from bot.settings_push import check
from bot.settings_tables import (
    Backups,
    Channels,
    CommandSettings,
    Component,
    DigestSettings,
    Groups,
    Name,
    Naming,
    Paging,
    SeveritySettings,
    StatusSettings,
    Updates,
    on_loopback,
)

DEFAULT_ROLES = {
    "deputy": "Stands in for the incident commander",
    "operations": "Leads the repair",
    "communications": "Writes the status updates",
    "scribe": "Keeps the timeline",
    "liaison": "Talks to vendors and customers",
}
DEFAULT_MEANINGS = {
    Severity.SEV1: "Everything is down for many customers",
    Severity.SEV2: "Something important is broken for some customers",
    Severity.SEV3: "A nuisance; it can wait for the morning",
    Severity.SEV4: "Worth writing down",
}

# Minutes; 0: none.
DEFAULT_CADENCE = {Severity.SEV1: 30, Severity.SEV2: 60, Severity.SEV3: 240, Severity.SEV4: 0}
DEFAULT_CHASE = {Severity.SEV1: 60, Severity.SEV2: 120, Severity.SEV3: 480, Severity.SEV4: 0}


class Settings(BaseSettings):
    """All that can be set. Made once, at start, by `bot.settings_loading.load`."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_prefix="WATCHBILL_")

    bot_token: SecretStr = Field(SecretStr(""), validation_alias="SLACK_BOT_TOKEN", description="The bot token, xoxb-…")
    app_token: SecretStr = Field(
        SecretStr(""), validation_alias="SLACK_APP_TOKEN", description="The app-level token, xapp-…, for Socket Mode."
    )
    slack_mode: Literal["socket", "http"] = Field(
        "socket",
        validation_alias="WATCHBILL_SLACK_MODE",
        description="socket: the bot calls Slack; http: Slack calls /slack/events.",
    )
    signing_secret: SecretStr = Field(
        SecretStr(""), validation_alias="SLACK_SIGNING_SECRET", description="The signing secret, in HTTP mode only."
    )
    slack_api_url: str = Field(
        "https://slack.com/api/", validation_alias="SLACK_API_URL", description="The Web API; loopback means a sandbox."
    )
    database_url: str = Field(
        "sqlite:///watchbill.db", validation_alias="WATCHBILL_DATABASE_URL", description="Where everything is kept."
    )
    http_host: str = Field(
        "127.0.0.1", validation_alias="WATCHBILL_HTTP_HOST", description="Where /healthz and /readyz are served."
    )
    http_port: int = Field(
        8080, ge=0, le=65535, validation_alias="WATCHBILL_HTTP_PORT", description="Its port; 0 takes a free one."
    )
    public_url: str = Field(
        "",
        validation_alias="WATCHBILL_PUBLIC_URL",
        description="How people's browsers reach the web pages, https://… ; links in pages and mails begin with it.",
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        validation_alias="WATCHBILL_SECRET_KEY",
        description="Seals people's own channels and signs links; `watchbill key` makes one. Older ones after a comma.",
    )
    heartbeat_url: SecretStr = Field(
        SecretStr(""),
        validation_alias="WATCHBILL_HEARTBEAT_URL",
        description="Asked (GET) each minute while the bot is healthy; empty is off.",
    )
    statuspage_key: SecretStr = Field(
        SecretStr(""), validation_alias="WATCHBILL_STATUSPAGE_KEY", description="The API key, for Atlassian Statuspage."
    )
    status_push: SecretStr = Field(
        SecretStr(""),
        validation_alias="WATCHBILL_STATUS_PUSH",
        description="Apprise URLs that get each public update, with blanks between.",
    )
    ballast_mb: int = Field(
        64, ge=0, le=4096, description="A file of so many MB holds room for when the disk is full; 0: none."
    )
    log_level: str = Field(
        "info",
        pattern="^(debug|info|warning|error)$",
        validation_alias="WATCHBILL_LOG_LEVEL",
        description="debug, info, warning or error.",
    )
    dev_clock_offset: float = Field(
        0.0, validation_alias="WATCHBILL_DEV_CLOCK_OFFSET", description="Seconds ahead, obeyed in a sandbox only."
    )
    severities: Mapping[Severity, SeveritySettings] = Field(
        {}, description="What sev1 to sev4 mean, and their responders."
    )
    roles: Mapping[Name, str] = Field(DEFAULT_ROLES, description="Roles beside the IC: a name and what it is for.")
    components: tuple[Component, ...] = Field(
        (), description="What can be down, with ordered tiers; one `service` when none."
    )
    groups: Groups = Field(Groups(), description="Commanders, managers, publishers.")
    command: CommandSettings = Field(CommandSettings(), description="Fallback commander, user group of the ICs.")
    channels: Channels = Field(Channels(), description="Announcement and digest channels.")
    updates: Updates = Field(Updates(), description="Status updates: repetition, working hours, downtime.")
    status: StatusSettings = Field(StatusSettings(), description="The public status page.")
    digest: DigestSettings = Field(DigestSettings(), description="When managers get the digest.")
    paging: Paging = Field(Paging(), description="How people may be woken beside Slack.")
    naming: Naming = Field(Naming(), description="Names of incident channels.")
    backups: Backups = Field(Backups(), description="Copies of the database.")
    _left_out: tuple[str, ...] = PrivateAttr(())

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, TomlConfigSettingsSource(settings_cls, os.environ.get("WATCHBILL_CONFIG"))

    @field_validator("slack_api_url")
    @classmethod
    def _with_slash(cls, url: str) -> str:
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            raise ValueError("must be an http or https address")
        return url if url.endswith("/") else url + "/"

    @field_validator("database_url")
    @classmethod
    def _sqlite(cls, url: str) -> str:
        if not url.startswith("sqlite:///"):
            raise ValueError("must be sqlite:///FILE")
        return url

    @model_validator(mode="after")
    def _roles_are_free(self) -> Self:
        if "ic" in self.roles:
            raise ValueError("roles: ic is there by itself; name the others only")
        return self

    @model_validator(mode="after")
    def _can_be_pushed(self) -> Self:
        check(self.status, self.statuspage_key.get_secret_value(), self.status_push.get_secret_value(), self.parts)
        return self

    @field_validator("components")
    @classmethod
    def _each_once(cls, components: tuple[Component, ...]) -> tuple[Component, ...]:
        if len({component.name for component in components}) < len(components):
            raise ValueError("two of them have the same name")
        return components

    def but(self, changed: Mapping[str, object], why: str) -> Self:
        """The same with other values of these fields, which is one more sentence of `left_out`."""
        made = self.model_copy(update=changed)
        made._left_out = (*self._left_out, why)
        return made

    @property
    def left_out(self) -> tuple[str, ...]:
        """What is set and not used, and why: a sentence each, with a remedy and without secrets."""
        return self._left_out

    @property
    def in_sandbox(self) -> bool:
        """Whether Slack is on this machine: only then does the bot obey an outside clock."""
        return on_loopback(self.slack_api_url)

    @property
    def clock_offset(self) -> timedelta:
        """How far ahead of the machine's clock the bot and its commands are; only a sandbox moves it."""
        return timedelta(seconds=self.dev_clock_offset if self.in_sandbox else 0)

    @property
    def web_url(self) -> str:
        """Where the web pages are, without a slash at the end."""
        return self.public_url.rstrip("/") or f"http://{self.http_host}:{self.http_port}"

    @property
    def database_file(self) -> Path:
        """Where it really is: what SQLite, Litestream and the ballast put beside it is beside no link to it."""
        return Path(self.database_url.removeprefix("sqlite:///")).resolve()

    @property
    def backup_folder(self) -> Path:
        """Where copies of the database are kept."""
        return self.backups.folder or self.database_file.parent / "backups"

    @property
    def spool(self) -> Path:
        """The folder in which it is kept what became of notices."""
        return self.database_file.with_name(self.database_file.name + ".spool")

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody whom the settings name by member ID."""
        named = [*self.groups.commanders, *self.groups.managers, *self.groups.publishers]
        named += [person for one in self.severities.values() for person in one.responders]
        named += [self.command.fallback_commander or ""]
        return tuple(dict.fromkeys(one for one in named if one[:1] in ("U", "W")))

    @property
    def parts(self) -> tuple[Part, ...]:
        """What can be down, by component and tier, the most important first; one service where none are named."""
        found = [
            Part(component=component.name, tier=tier, place=place_of(number, rank))
            for number, component in enumerate(self.components)
            for rank, tier in enumerate(component.tiers or (EVERYONE,))
        ]
        return tuple(sorted(found, key=lambda part: part.place)) or (Part(component=SERVICE),)

    def meaning(self, severity: Severity) -> str:
        """What this severity means, in one line."""
        return self._of(severity).meaning or DEFAULT_MEANINGS[severity]

    def update_every(self, severity: Severity) -> timedelta | None:
        """How often a public update of an incident of this severity is promised; None: none is."""
        return _minutes(self._of(severity).update_every_minutes, DEFAULT_CADENCE[severity])

    def chase_vendor_after(self, severity: Severity) -> timedelta | None:
        """After how long without a word from a vendor somebody is reminded; None: never."""
        return _minutes(self._of(severity).chase_vendor_minutes, DEFAULT_CHASE[severity])

    def responders(self, severity: Severity) -> tuple[str, ...]:
        """The member IDs called for this severity."""
        return self._of(severity).responders

    def _of(self, severity: Severity) -> SeveritySettings:
        return self.severities.get(severity) or SeveritySettings()


def _minutes(chosen: int | None, default: int) -> timedelta | None:
    minutes = default if chosen is None else chosen
    return timedelta(minutes=minutes) if minutes else None
