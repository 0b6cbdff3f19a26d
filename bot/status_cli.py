"""`watchbill status`: the public page from the database, and what can be done with a copy of it and nothing else."""

import asyncio
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import SystemClock
from bot.domain.incident import State
from bot.domain.text import parse_duration
from bot.errors import BotError
from bot.settings import Settings

_COPY = typer.Option("--from", help="The folder with the page: as the bot writes it, or its plain files.")


def add_to(app: typer.Typer, settings: Callable[[], Settings]) -> None:
    """Add the commands. All but `build` need no settings: they are for when all else is gone."""
    status = typer.Typer(help="The public status page.", no_args_is_help=True)
    app.add_typer(status, name="status")

    @status.command()
    def build(
        to: Annotated[Path | None, typer.Option("--to", help="The folder; `status.folder` when not given.")] = None,
    ) -> None:
        """Write the page from the database as it is now. Safe beside a running bot."""
        _build(settings(), to)

    @status.command()
    def publish(
        copy: Annotated[Path, _COPY],
        update: Annotated[str, typer.Option("--update", help="What customers read, in plain text.")],
        state: Annotated[str, typer.Option("--state", help="investigating, identified, monitoring, resolved.")] = "",
        incident: Annotated[str, typer.Option("--incident", help="Its ID, when several are open.")] = "",
        title: Annotated[str, typer.Option("--title", help="Of a new incident, as customers would call it.")] = "",
        next_: Annotated[str, typer.Option("--next", help="When the next update comes: 30m, 2h.")] = "",
        good_for: Annotated[str, typer.Option("--good-for", help="How long the page may be believed.")] = "1h",
        to: Annotated[Path | None, typer.Option("--to", help="Into this folder instead.")] = None,
    ) -> None:
        """Write an update into a copy of the page. The bot takes it in when it is back."""
        from bot.status.edit import ByHand
        from bot.status.edit import publish as into

        now = _now()
        said = ByHand(
            text=update,
            state=_state(state) if state else None,
            incident=incident,
            title=title,
            next_at=now + _length(next_) if next_ else None,
            good_for=_length(good_for),
        )
        try:
            after = into(copy, said, now, to)
        except BotError as refused:
            raise _refusal(refused.sentence) from refused
        _say(after.good_until, (to or copy) / "current")

    @status.command()
    def check(copy: Annotated[Path, typer.Argument(help="A folder with the page.")]) -> None:
        """Say whether a copy is whole, and how old it is. Ends with 1 when it is damaged or too old."""
        _check(copy)

    @status.command()
    def serve(
        copy: Annotated[Path, typer.Argument(help="The folder that the bot writes to, with `current` in it.")],
        host: Annotated[str, typer.Option("--host", help="Where to listen.")] = "127.0.0.1",
        port: Annotated[int, typer.Option("--port", help="Its port.")] = 8081,
    ) -> None:
        """Serve the page from its folder, and nothing else, until it is stopped."""
        _serve(copy, host, port)


def _build(settings: Settings, to: Path | None) -> None:
    from bot.actions import status
    from bot.status import edit, logo, writer
    from bot.status.files import Drawing
    from storage import desk
    from storage.store import StoreDamaged

    folder = to or settings.status.folder
    if folder is None:
        raise _refusal("Where to? Name a folder, `--to FOLDER`, or set status.folder.")
    files = {}
    try:
        if settings.status.logo:
            files = dict([logo.read(settings.status.logo)])
    except logo.BadLogo as bad:
        typer.echo(f"! {bad.user_text} The page has none.", err=True)
    try:
        with desk.looking(settings.database_file):
            pass  # Without a database no folder is made.
        with writer.opened(folder) as opened:
            # Not before: whoever wrote to it meanwhile had the database as it was then.
            with desk.looking(settings.database_file, settings.clock_offset) as tx:
                shown = status.snapshot(tx, settings, status.page_of(settings, next(iter(files), "")))
            strays = edit.renew_in(opened, shown, Drawing(), files)
    except StoreDamaged as missing:
        raise _refusal(str(missing)) from missing
    except OSError as error:
        raise _refusal(f"{folder} can't be written: {error.strerror or error}.") from error
    if strays:
        found = "an update" if len(strays) == 1 else f"{len(strays)} updates"
        remedy = "The bot takes in what was written by hand: start it, or name another folder, `--to FOLDER`."
        raise _refusal(f"In {folder} stands {found} by hand that the database does not know. {remedy}")
    _say(shown.good_until, folder / "current")


def _now() -> datetime:
    """The machine's time; in a sandbox, where the bot's is ahead of it, the bot's."""
    if "WATCHBILL_DEV_CLOCK_OFFSET" not in os.environ:
        return SystemClock().now()
    from bot.settings import Settings

    return SystemClock(Settings().clock_offset).now()


def _say(good_until: datetime, folder: Path) -> None:
    typer.echo(
        f"Written to {folder}, good until {good_until:%H:%M} UTC. Now see that it gets to where it is served from."
    )


def _check(copy: Path) -> None:
    from bot.status import writer

    if wrong := writer.damage(copy):
        raise _refusal("\n  ".join(wrong[:10]))
    found = writer.read(copy)
    if found is None:
        raise _refusal("Its watchbill.json can't be read.")
    said = f"whole, written {found.written_at:%Y-%m-%d %H:%M} UTC, good until {found.good_until:%H:%M} UTC"
    if _now() > found.good_until:
        raise _refusal(f"It is {said}: readers see that its status is unknown.")
    typer.echo(f"It is {said}.")


def _serve(copy: Path, host: str, port: int) -> None:
    import uvicorn

    from handlers.web.status import StatusPages

    config = uvicorn.Config(StatusPages(copy), host=host, port=port, log_level="warning", lifespan="off")
    typer.echo(f"http://{host}:{port}/", err=True)
    asyncio.run(uvicorn.Server(config).serve())


def _state(word: str) -> State:
    try:
        return State(word.strip().lower())
    except ValueError as unknown:
        possible = "investigating, identified, monitoring, resolved"
        raise _refusal(f"{word} is not a state of the page. Possible: {possible}.") from unknown


def _length(text: str) -> timedelta:
    length = parse_duration(text)
    if length is None:
        raise _refusal(f"{text} is not a length of time. For example: 30m, 2h")
    return length


def _refusal(text: str) -> typer.Exit:
    typer.echo(f"✗ {text}", err=True)
    return typer.Exit(1)
