"""What a command is. From one table of them come dispatch, help, the nearest-word hint and the docs page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from bot.domain.permission import Who
from bot.domain.text import nearest, shorten
from bot.errors import WrongWords
from bot.messages.kit import Message, escape, header, section
from handlers.slack.call import Call, Reply
from handlers.slack.words import Words


class About(Enum):
    """Whether a command is about one incident."""

    NOTHING = "nothing"
    INCIDENT = "an incident"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A word that people type after `/incident`. `changes` decides whether it runs where it may write."""

    name: str
    arguments: str = ""
    help: str
    example: str
    who: Who
    about: About
    changes: bool
    run: Callable[[Call], Reply]
    names_people: bool = False


def find(commands: Mapping[str, Command], words: Words) -> tuple[Command, str]:
    """The command that these words name, and what was typed after its name.

    Raises WrongWords with the nearest right word and an example.
    """
    for count, name in ((2, words.first_two), (1, words.first)):
        if name in commands and len(name.split()) == min(count, len(words.words)):
            return commands[name], words.after(count)
    raise _unknown(commands, words.first)


def _unknown(commands: Mapping[str, Command], word: str) -> WrongWords:
    close = nearest(word, commands)
    said = f"I don't know `{escape(shorten(word.replace('`', ''), 40))}`."
    if close is None:
        return WrongWords(said, "All commands: `/incident help`")
    return WrongWords(said, f"Did you mean `{close}`? For example: `{commands[close].example}`")


def help_text(commands: Mapping[str, Command], topic: str) -> Message:
    """All commands on a line each; with a topic, the commands that begin with it, and their examples."""
    wanted = topic.strip().lower()
    found = [command for name, command in commands.items() if not wanted or name.split()[:1] == wanted.split()[:1]]
    if not found:
        raise _unknown(commands, wanted)
    if wanted:
        lines = [
            f"{usage(command)}\n{command.help} Who may: {command.who.value}.\nExample: `{command.example}`"
            for command in found
        ]
        return Message(f"Help: {escape(wanted)}", [section(line) for line in lines])
    lines = [f"{usage(command)} {command.help}" for command in found]
    half = (len(lines) + 1) // 2
    texts = ["\n".join(lines[:half]), "\n".join(lines[half:])]
    more = (
        "In an incident's channel the incident is understood; elsewhere name it: `/incident show INC-7`."
        " More on one: `/incident help rota`"
    )
    return Message(
        "What /incident can do", [header("What /incident can do"), *[section(text) for text in [*texts, more]]]
    )


def usage(command: Command) -> str:
    return f"`{' '.join(part for part in ('/incident', command.name, command.arguments) if part)}`"
