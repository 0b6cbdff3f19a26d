"""The `watchbill` command."""

import asyncio
import gc
import json
import sys
from typing import Annotated

import typer

from bot import __version__, backup_cli, log, signin_cli, status_cli
from bot.domain.incident import Severity
from bot.domain.text import SOURCE_LIMIT, clean_line, shorten
from bot.settings import Settings
from bot.settings_loading import SettingsError, load, missing_tokens

app = typer.Typer(
    name="watchbill",
    help="A self-hosted Slack bot that runs incidents, with a fresh mind in command for as long as it takes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
outbox_app = typer.Typer(help="What is on its way to Slack, and what failed.", no_args_is_help=True)
app.add_typer(outbox_app, name="outbox")

EXIT_SETTINGS = 2
EXIT_PROBLEMS = 1


def main() -> None:
    """The entry point."""
    app()


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"watchbill {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Settings come from the environment and from the TOML file that WATCHBILL_CONFIG names: see docs/settings.md."""


@app.command()
def run() -> None:
    """Run the bot until SIGTERM."""
    # Importing makes a hundred thousand objects that live for ever: looking through them again and again costs a tenth
    # of the start. `serve` switches collecting on when they are all there.
    gc.disable()
    from bot.app import CannotStart, serve
    from storage.store import StoreBusy, StoreDamaged

    settings = _settings(with_tokens=True)
    log.set_up(settings.log_level)
    for why in settings.left_out:
        log.get("app").warning("not used", why=why)
    try:
        asyncio.run(serve(settings))
    except (CannotStart, StoreBusy, StoreDamaged) as error:
        log.get("app").critical("cannot start", why=str(error))
        raise typer.Exit(EXIT_PROBLEMS) from error


@app.command()
def check() -> None:
    """Check settings, token, scopes, channels, database, backups, key and clock; each problem is told with its remedy.

    What has a ! works, and is worth mending before somebody needs it.
    """
    from bot import check as checks
    from bot import check_places

    try:
        settings = load()
    except SettingsError as error:
        _say_problems(error.problems)
        raise typer.Exit(EXIT_SETTINGS) from error
    log.set_up("critical")
    problems = asyncio.run(checks.problems(settings))
    _say_problems(problems)
    for warning in checks.warnings(settings):
        typer.echo(f"! {warning}", err=True)
    if problems:
        raise typer.Exit(EXIT_PROBLEMS)
    for note in check_places.notes(settings):
        typer.echo(note)
    typer.echo("All is well.")


@app.command()
def manifest(
    http: Annotated[str, typer.Option(help="For HTTP mode: the bot's address as Slack reaches it, https://…")] = "",
) -> None:
    """Print the Slack app manifest (JSON), to paste when creating the app."""
    from bot.manifest import manifest as made

    if http and not http.startswith(("https://", "http://")):
        _say_problems([f"{http} is no address: watchbill manifest --http https://watchbill.example.com"])
        raise typer.Exit(EXIT_SETTINGS)
    typer.echo(json.dumps(made(http), indent=2))


@app.command()
def key() -> None:
    """Print a fresh key for WATCHBILL_SECRET_KEY, which seals people's own channels and signs links."""
    from bot.vault import new_key

    typer.echo(new_key())


@app.command()
def declare(
    title: Annotated[str, typer.Argument(help="What is broken, in a few words.")],
    severity: Annotated[Severity, typer.Option(help="How bad it is.")] = Severity.SEV2,
    source: Annotated[str, typer.Option(help="Which machine says so; shown on the card.")] = "the command line",
    summary: Annotated[str, typer.Option(help="What is known.")] = "",
) -> None:
    """Open an incident, as a machine does, and print its name. Safe beside a running bot.

    The IC on duty commands it, unconfirmed, and is paged along the ladder until somebody accepts.
    """
    from bot.actions.incident.declare import Declaration, open_by_machine
    from bot.errors import BotError
    from storage import desk
    from storage.store import StoreDamaged

    settings = _settings()
    wanted = Declaration(title=title, severity=severity, source=machine_name(source), summary=summary)
    try:
        desk.check_tables(settings.database_file)
        with desk.beside(settings.database_file, settings.clock_offset) as tx:
            incident = open_by_machine(tx, settings, wanted)
    except (BotError, StoreDamaged) as refused:
        _say_problems([refused.sentence if isinstance(refused, BotError) else str(refused)])
        raise typer.Exit(EXIT_PROBLEMS) from refused
    typer.echo(incident.name)


@app.command()
def migrate() -> None:
    """Bring the database to the tables that this version knows. `run` does it too."""
    from storage import migrate as migrations

    file = _settings().database_file
    before = migrations.version(file)
    if before == migrations.HEAD:
        typer.echo(f"{file} is at {before} already.")
        return
    migrations.upgrade(file)
    typer.echo(f"{file} is at {migrations.HEAD} now, was {before or 'empty'}.")


@outbox_app.command("list")
def outbox_list() -> None:
    """List what waits, what is being sent, and what failed and why. Safe beside a running bot."""
    from storage import desk

    for line in desk.outbox_lines(_settings().database_file):
        typer.echo(line)


@outbox_app.command("retry")
def outbox_retry(number: Annotated[int, typer.Argument(help="Its number, from `watchbill outbox list`.")]) -> None:
    """Try a waiting or failed effect again now; a running bot takes it up within half a minute."""
    from storage import desk

    settings = _settings()
    done = desk.outbox_retry(settings.database_file, number, settings.clock_offset)
    _say_done(done, number, "will be tried again")


@outbox_app.command("drop")
def outbox_drop(number: Annotated[int, typer.Argument(help="Its number, from `watchbill outbox list`.")]) -> None:
    """Give a waiting or failed effect up."""
    from storage import desk

    _say_done(desk.outbox_drop(_settings().database_file, number), number, "is dropped")


def _say_done(done: bool, number: int, what: str) -> None:
    if not done:
        _say_problems([f"Effect {number} neither waits nor failed. See which do: watchbill outbox list"])
        raise typer.Exit(EXIT_PROBLEMS)
    typer.echo(f"Effect {number} {what}.")


def machine_name(source: str) -> str:
    """What opened an incident, as short as the database keeps it; never empty, which would mean a person."""
    return shorten(clean_line(source), SOURCE_LIMIT) or "a machine"


def _settings(*, with_tokens: bool = False) -> Settings:
    """The settings; ends the process with every problem listed when they can't be used."""
    try:
        settings = load()
        if with_tokens and (missing := missing_tokens(settings)):
            raise SettingsError(missing)
    except SettingsError as error:
        _say_problems(error.problems)
        sys.exit(EXIT_SETTINGS)
    return settings


def _say_problems(problems: list[str]) -> None:
    for problem in problems:
        typer.echo(f"✗ {problem}", err=True)


backup_cli.add_to(app, _settings)
signin_cli.add_to(app, _settings)
status_cli.add_to(app, _settings)
