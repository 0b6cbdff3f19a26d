"""`watchbill backup`, `backups` and `restore`."""

import asyncio
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import SystemClock
from bot.domain.text import format_duration
from bot.settings import Settings

Fetch = Callable[[Path], datetime | None]
_SYNC_SECONDS = 5


def add_to(app: typer.Typer, settings: Callable[[], Settings]) -> None:
    """Add the commands; `settings` answers them, or ends the process with what is wrong with them."""

    @app.command()
    def backup() -> None:
        """Make a verified copy of the database now, and print where it is. Safe beside a running bot."""
        _backup(settings())

    @app.command()
    def backups(
        verify: Annotated[bool, typer.Option("--verify", help="Read each of them again; takes its time.")] = False,
    ) -> None:
        """List the copies of the database, the newest first, with age and size; and how the replica is."""
        _backups(settings(), verify=verify)

    @app.command()
    def restore(
        latest: Annotated[bool, typer.Option("--latest", help="The newest copy.")] = False,
        at: Annotated[str, typer.Option("--at", help="The newest copy until then: 2026-11-21T15:00Z.")] = "",
        to: Annotated[Path | None, typer.Option("--to", help="Into this new file; the database stays.")] = None,
        from_replica: Annotated[
            bool, typer.Option("--from-replica", help="From Litestream's replica instead of the copies.")
        ] = False,
    ) -> None:
        """Bring the database back from a copy. The bot must be stopped; the old file is kept beside the new one."""
        if latest == bool(at):
            raise _refusal("Say which: --latest, or --at 2026-11-21T15:00Z.")
        _restore(settings(), _time(at) if at else None, to, from_replica=from_replica)


def _now(settings: Settings) -> datetime:
    return SystemClock(settings.clock_offset).now()


def _backup(settings: Settings) -> None:
    from storage import backup as files

    database, folder = settings.database_file, settings.backup_folder
    try:
        copy = files.make(database, folder, _now(settings))
    except files.BackupFailed as failed:
        raise _refusal(f"{failed}.") from failed
    typer.echo(str(copy.file))
    if files.same_file_system(database, folder):
        typer.echo("It is on the disk of the database: set backups.folder to another one.", err=True)


def _backups(settings: Settings, *, verify: bool) -> None:
    from storage import backup as files

    folder, now = settings.backup_folder, _now(settings)
    copies = files.copies(settings.database_file, folder)
    if not copies:
        typer.echo(f"There is no copy in {folder}: make one with `watchbill backup`.")
    for copy in copies:
        age = format_duration(max(now - copy.at, timedelta()))
        line = f"{copy.at:%Y-%m-%d %H:%M:%S} UTC  {age:>8} ago  {copy.size / 2**20:8.1f} MB  {copy.file}"
        typer.echo(f"{line}  {_verdict(copy.file) if verify else 'verified'}")
    if settings.backups.litestream_url:
        typer.echo(f"replica  {settings.backups.replica}  {_replica(settings)}")


def _verdict(file: Path) -> str:
    from storage import backup as files

    try:
        files.verified(file)
    except files.BackupFailed as failed:
        return str(failed)
    return "verified again"


def _replica(settings: Settings) -> str:
    from bot import litestream, replica

    program, database = replica.binary(), settings.database_file
    if program is None:
        return "litestream is not installed"
    words = [str(program), "sync", "-socket", str(litestream.socket_of(database)), "-wait"]
    done = subprocess.run([*words, "-timeout", str(_SYNC_SECONDS), str(database)], capture_output=True, check=False)
    return "has everything" if done.returncode == 0 else "nobody replicates just now: is the bot running?"


def _restore(settings: Settings, at: datetime | None, to: Path | None, *, from_replica: bool) -> None:
    from storage import recovery
    from storage.backup import BackupFailed
    from storage.store import StoreBusy, StoreDamaged

    fetch, source = _source(settings, at, from_replica=from_replica)
    now = _now(settings)
    try:
        if to is None:
            database = settings.database_file
            restored, kept = recovery.bring_back(database, _when_nobody_replicates(database, fetch), now)
        else:
            restored, kept = recovery.fill_new(to.absolute(), fetch, now), None
    except StoreBusy as busy:
        raise _refusal(f"{busy} Stop the bot first.") from busy
    except (BackupFailed, StoreDamaged) as failed:
        else_ = " There are copies too: watchbill restore --latest" if from_replica else ""
        raise _refusal(f"{failed}. Nothing was changed.{else_}") from failed
    copied = f"{restored.copied_at:%Y-%m-%d %H:%M:%S} UTC"
    typer.echo(f"{to or settings.database_file} is restored from {source}, of {copied}.")
    if kept:
        typer.echo(f"The old one is kept as {kept}.")
    typer.echo(f"What came after {copied} may be missing. What was sent since is looked for in Slack, not sent again.")
    if settings.backups.litestream_url and not from_replica:
        typer.echo("The replica may know more: --from-replica.")
    if to is None:
        typer.echo("Start the bot now: watchbill run")


def _when_nobody_replicates(database: Path, fetch: Fetch) -> Fetch:
    """The Litestream of a bot that was killed lives on: it must not go on with the old file beside the new one."""
    from bot.litestream import end_former, socket_of

    def ended(path: Path) -> datetime | None:
        asyncio.run(end_former(socket_of(database), SystemClock()))
        return fetch(path)

    return ended


def _source(settings: Settings, at: datetime | None, *, from_replica: bool) -> tuple[Fetch, str]:
    """What writes the copy to a path and says of when it is, and how to call it."""
    import shutil

    from bot.replica import fetch_replica
    from storage import backup as files

    if from_replica:
        if not settings.backups.litestream_url:
            left_out = (why for why in settings.left_out if why.startswith("backups.litestream_url:"))
            raise _refusal(f"There is no replica: {next(left_out, 'backups.litestream_url is not set.')}")
        return lambda path: fetch_replica(settings.backups, path, at), settings.backups.replica
    there = files.copies(settings.database_file, settings.backup_folder)
    copy = next((one for one in there if at is None or one.at <= at), None)
    if copy is None:
        when = f" of {at:%Y-%m-%d %H:%M:%S} UTC or before" if at else ""
        raise _refusal(f"There is no copy{when} in {settings.backup_folder}. See which there are: watchbill backups")

    def fetch(path: Path) -> datetime:
        shutil.copyfile(copy.file, path)
        return copy.at

    return fetch, str(copy.file)


def _time(words: str) -> datetime:
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        raise _refusal(f"{words} is not a time. For example: --at 2026-11-21T15:00Z") from None
    if found.tzinfo is None:
        raise _refusal(f"{words} has no zone. For example: --at {words}Z for UTC, or --at {words}+01:00")
    return found.astimezone(UTC)


def _refusal(sentence: str) -> typer.Exit:
    typer.echo(f"✗ {sentence}", err=True)
    return typer.Exit(1)
