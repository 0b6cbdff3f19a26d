"""`python -m sandbox`: a Slack-compatible workspace on this machine."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from sandbox.child import Launch, execute
from sandbox.server import NotLoopback, Server
from sandbox.state_file import StateError
from sandbox.workspace import Change
from sandbox.world import Options, World

WELCOME = """The bot is connected. Open {url} in a browser, or type in any channel:
    /incident help
    /incident declare Checkout is slow
    /incident rota start @ada @bob 1h   (in its channel; then move the clock: Sandbox, top right)"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8765, help="0 takes a free one (default: %(default)s)")
    parser.add_argument("--state", type=Path, default=Path(".sandbox/workspace.json"), help="default: %(default)s")
    parser.add_argument("--fresh", action="store_true", help="forget the workspace and the bot's database")
    parser.add_argument("--no-bot", action="store_true", help="don't start the bot")
    parser.add_argument("--bot-command", help="how to start the bot (default: this Python -m bot run)")
    parser.add_argument("--limits", choices=("slack", "relaxed"), default="slack", help="default: %(default)s")
    parser.add_argument(
        "--http",
        nargs="?",
        const="",
        metavar="URL",
        help="HTTP mode: post signed requests to the bot, or to a bot of yours that takes them at this URL",
    )
    parser.add_argument("--quiet", action="store_true", help="print nothing but the address")
    return parser


def _forget(state_file: Path) -> None:
    database = state_file.parent / "watchbill.db"
    beside = [database.with_name(database.name + end) for end in ("", "-wal", "-shm", "-journal")]
    for path in (state_file, state_file.parent / "bot.log", *beside):
        path.unlink(missing_ok=True)


def _greet_once(world: World, url: str) -> None:
    def greet(change: Change) -> None:
        if change.kind == "workspace" and world.app.connections:
            world.workspace.watchers.remove(greet)
            print(WELCOME.format(url=url), flush=True)

    world.workspace.watchers.append(greet)


async def _serve(options: Options, quiet: bool) -> None:
    server = Server(options)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    try:
        await server.start()
    except OSError as error:
        sys.exit(f"The sandbox can't listen at {options.host}:{options.port}: {error.strerror}")
    except (StateError, NotLoopback) as error:
        sys.exit(str(error))
    print(f"sandbox ready at {server.url}", flush=True)
    if not quiet:
        _greet_once(server.world, server.url)
    try:
        await stopped.wait()
    finally:
        await server.stop()


def main(words: Sequence[str] | None = None, launch: Launch = execute) -> None:
    """Run until SIGINT or SIGTERM. `words` are those of the command line; `launch` starts the bot's process."""
    wanted = _parser().parse_args(words)
    if wanted.fresh:
        _forget(wanted.state)
    options = Options(
        state_file=wanted.state,
        host=wanted.host,
        port=wanted.port,
        with_bot=not wanted.no_bot,
        bot_command=wanted.bot_command,
        limits=wanted.limits,
        request_url=wanted.http,
        launch=launch,
    )
    asyncio.run(_serve(options, wanted.quiet))


if __name__ == "__main__":
    main()
