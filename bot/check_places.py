"""What `watchbill check` says of the host: where copies of the database lie, the key, and the address of the pages."""

import asyncio
import os
from pathlib import Path

from bot import late
from bot.engine import pushing
from bot.replica import binary
from bot.settings import Settings
from bot.settings_tables import on_loopback
from bot.status import logo
from bot.vault import NoKey, Vault
from storage import backup

_LOGO_REMEDY = "The page has none: mend the file, or take the setting out."
_BUCKET_REMEDY = "check the URL, and the credentials, region and endpoint in the environment (docs/status.md)."


def problems(settings: Settings, program: Path | None) -> list[str]:
    """What will not work as it is set, each with its remedy. `program`: Litestream, when it is installed."""
    found = []
    if settings.backups.litestream_url and program is None:
        remedy = "pip install 'watchbill[backup]' (the image has it), or take the setting out."
        found.append(f"backups.litestream_url wants a replica, and litestream is not installed: {remedy}")
    key = settings.backups.sftp_key
    if key and not os.access(key, os.R_OK):
        found.append(f"backups.sftp_key: {key} can't be read: the replica needs it.")
    if settings.secret_key.get_secret_value().strip():
        try:
            Vault.of(settings)
        except NoKey as error:
            found.append(str(error))
    return found


async def page_problems(settings: Settings) -> list[str]:
    """What is wrong with the page at Statuspage, and with bucket and logo of our own; the bucket is tried out."""
    found = []
    if page := settings.status.statuspage_page:
        about, key = settings.status, settings.statuspage_key.get_secret_value()
        found += await pushing.problems(about.statuspage_url, key, page, about.statuspage_components)
    if not settings.status.folder:
        return found
    if file := settings.status.logo:
        try:
            await asyncio.to_thread(logo.read, file)
        except logo.BadLogo as bad:
            found.append(f"{bad.user_text} {_LOGO_REMEDY}")
    if url := settings.status.bucket:
        bucket = await asyncio.to_thread(late.bucket)
        try:
            await bucket.opened(url).try_out()
        except bucket.Unreachable as error:
            found.append(f"status.bucket: nothing can be written to {url} ({error.user_text}): {_BUCKET_REMEDY}")
    return found


def warnings(settings: Settings, contacts: int) -> list[str]:
    """What works and will be missed when it matters, each with its remedy.

    `contacts`: how many channels of their own people have given. The database's folder must exist.
    """
    found = []
    if backup.all_on_one_disk(settings.database_file, settings.backup_folder, settings.backups.litestream_url):
        remedy = "set backups.folder to another disk, or backups.litestream_url."
        found.append(f"Copies of the database ({settings.backup_folder}) are on its own disk and die with it: {remedy}")
    if settings.backups.litestream_url.startswith("sftp:") and not settings.backups.sftp_host_key:
        remedy = "set backups.sftp_host_key (docs/backups.md)."
        found.append(f"Whoever answers at {settings.backups.replica} is given the database: {remedy}")
    if not settings.secret_key.get_secret_value().strip():
        lost = "nobody can be woken beside Slack, or sign in from a notice"
        lost = f"the channels of their own that people gave ({contacts}) can't be used" if contacts else lost
        found.append(f"WATCHBILL_SECRET_KEY is not set, so {lost}: set what `watchbill key` prints, and keep it.")
    elif not settings.public_url or on_loopback(settings.public_url):
        links = "the links in mails and pages lead to the bot's own machine and work on no phone"
        remedy = "set it to the https address at which people's browsers reach the bot (docs/web.md)."
        is_what = "names this machine" if settings.public_url else "is not set"
        found.append(f"WATCHBILL_PUBLIC_URL {is_what}, so {links}: {remedy}")
    if settings.status.folder and not settings.status.bucket:
        remedy = "serve a copy of the folder from another machine, or set status.bucket (docs/status.md)."
        found.append(f"The status page ({settings.status.folder}) lies on the bot's machine and goes with it: {remedy}")
    return [*found, *settings.left_out]


def notes(settings: Settings) -> list[str]:
    """Where the database is copied to, in a sentence for whoever will have to restore it."""
    url, every = settings.backups.replica, settings.backups.every_minutes
    replica = f", and Litestream replicates it to {url}" if url and binary() else ""
    return [f"The database is copied to {settings.backup_folder.absolute()} every {every} min{replica}."]
