"""What a command is. From one table of them come dispatch, help, the nearest-word hint and the docs page."""

from collections.abc import Callable, Mapping, Sequence
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
    # Whether an incident named alone is another one than the one that it is about: `duplicate INC-5`.
    names_another: bool = False
    # Whether it is among the few that are explained first.
    common: bool = False


# Each command, under the heading that help shows it under.
Groups = Mapping[str, Sequence[Command]]
_LINES = 16
_ELSEWHERE = "In an incident's channel the incident is understood; elsewhere name it: `/incident show INC-7`."


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


def help_text(groups: Groups, topic: str) -> Message:
    """The commonest commands, and the names of the others; with a topic, the commands that begin with it.

    The topic `all` is all of them, on a line each.
    """
    commands = {command.name: command for group in groups.values() for command in group}
    wanted = topic.strip().lower()
    if not wanted:
        return _first_page(groups)
    if wanted == "all":
        lines = [_line(command) for command in commands.values()]
        # So many fit into what Slack takes as one text.
        return _page(*("\n".join(lines[start : start + _LINES]) for start in range(0, len(lines), _LINES)), _ELSEWHERE)
    found = [command for name, command in commands.items() if name.split()[:1] == wanted.split()[:1]]
    if not found:
        raise _unknown(commands, wanted)
    lines = [
        f"{usage(command)}\n{command.help} Who may: {command.who.value}.\nExample: `{command.example}`"
        for command in found
    ]
    return Message(f"Help: {escape(wanted)}", [section(line) for line in lines])


def _first_page(groups: Groups) -> Message:
    common = [_line(command) for group in groups.values() for command in group if command.common]
    named = [f"*{title}*: {_words(group)}" for title, group in groups.items()]
    more = "More on one: `/incident help rota`. Every one on a line: `/incident help all`"
    return _page("\n".join(common), "\n".join(named), f"{_ELSEWHERE}\n{more}")


def _words(group: Sequence[Command]) -> str:
    """The words that its commands begin with, each once."""
    return " ".join(f"`{word}`" for word in dict.fromkeys(one.name.split()[0] for one in group if one.name))


def _page(*texts: str) -> Message:
    title = "What /incident can do"
    return Message(title, [header(title), *(section(text) for text in texts)])


def _line(command: Command) -> str:
    return f"{usage(command)} {command.help}"


def usage(command: Command) -> str:
    return f"`{' '.join(part for part in ('/incident', command.name, command.arguments) if part)}`"
