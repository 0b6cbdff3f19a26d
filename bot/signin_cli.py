"""`watchbill login`: a sign-in link from the host, for when nobody can reach anybody otherwise."""

from collections.abc import Callable
from typing import Annotated

import typer

from bot.settings import Settings

_MOST_SHOWN = 5


class _NotOne(Exception):
    """Not exactly one person who may sign in is meant; the text says so."""


def add_to(app: typer.Typer, settings: Callable[[], Settings]) -> None:
    """Add the command; `settings` answers them, or ends the process with what is wrong with them."""

    @app.command()
    def login(
        who: Annotated[
            str, typer.Argument(help='A member ID, a name or a part of it: @ada, U024BE7LH, "Ada Lovelace".')
        ],
    ) -> None:
        """Print an address that signs somebody in on the web, once, within 15 minutes. Safe beside a running bot."""
        from storage.store import StoreDamaged

        try:
            typer.echo(_address(settings(), who))
        except (_NotOne, StoreDamaged) as refused:
            typer.echo(f"✗ {refused}", err=True)
            raise typer.Exit(1) from refused


def _address(settings: Settings, who: str) -> str:
    from bot.actions.waking import signin
    from bot.domain.text import clean_line, shorten
    from storage import desk, people

    desk.check_tables(settings.database_file)
    with desk.beside(settings.database_file, settings.clock_offset) as tx:
        meant = people.named(tx, who)
        found = [one for one in meant if not (one.deactivated or one.bot or one.foreign)]
        word = shorten(clean_line(who), 40)
        if meant and not found:
            raise _NotOne(f"{meant[0].name} can't sign in: deactivated, a bot, or of another workspace.")
        if not found:
            raise _NotOne(f"I know nobody called {word}: give the member ID, from “Copy member ID” in their profile.")
        if len(found) > 1:
            shown = ", ".join(f"{one.name} ({one.id})" for one in found[:_MOST_SHOWN])
            raise _NotOne(
                f"{word} may be {shown}{' and others' if len(found) > _MOST_SHOWN else ''}: give the member ID."
            )
        return signin.address(settings, signin.make_link(tx, found[0].id, signin.new_token()))
