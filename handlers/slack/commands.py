"""Doing a command: found in the table, its incident found, permission checked, run; all in one transaction."""

from collections.abc import Mapping
from dataclasses import replace

from bot.actions.duty import duty
from bot.actions.standing import may_see, standing
from bot.domain.incident import Incident, check_open
from bot.domain.permission import Standing, Who, check_may
from bot.errors import NoSuchIncident, WrongWords
from bot.messages import replies
from bot.settings import Settings
from handlers.slack import activity
from handlers.slack.call import Asked, Call, Reply
from handlers.slack.command import briefing_commands, care_commands, command_commands, duty_commands, rota_commands
from handlers.slack.communication import (
    digest_commands,
    impact_commands,
    need_commands,
    progress_commands,
    update_commands,
    vendor_commands,
)
from handlers.slack.incident import incident_commands, reading_commands, timeline_commands, times_commands
from handlers.slack.table import About, Command, Groups, find, help_text
from handlers.slack.waking import me_commands, paging_commands, web_commands
from handlers.slack.words import Words, take_apart
from storage import incidents
from storage.store import Tx


def _help(call: Call) -> Reply:
    return Reply(help_text(GROUPS, call.rest))


HELP = Command(
    name="help",
    arguments="[topic|all]",
    help="Shows what is needed most, explains a command, or lists all.",
    example="/incident help rota",
    who=Who.ANYONE,
    about=About.NOTHING,
    changes=False,
    run=_help,
)

# As help shows them.
GROUPS: Groups = {
    "Look": (
        reading_commands.HOME,
        *reading_commands.COMMANDS,
        digest_commands.DIGEST,
        *briefing_commands.COMMANDS,
        *web_commands.COMMANDS,
        HELP,
    ),
    "Declare and change": (*incident_commands.COMMANDS, *impact_commands.COMMANDS),
    "Command": command_commands.COMMANDS,
    "Taking turns": rota_commands.COMMANDS,
    "On duty": duty_commands.COMMANDS,
    "Wake": paging_commands.COMMANDS,
    "Keep": (*timeline_commands.COMMANDS, *times_commands.COMMANDS),
    "Progress": progress_commands.COMMANDS,
    "Tell and ask": (*update_commands.COMMANDS, *need_commands.COMMANDS, *vendor_commands.COMMANDS),
    "You": (*me_commands.COMMANDS, *digest_commands.COMMANDS, *care_commands.COMMANDS),
}
COMMANDS: Mapping[str, Command] = {command.name: command for group in GROUPS.values() for command in group}


# A button's value may be 2,000 characters long.
_BUTTON_TEXT_LIMIT = 1900


def understand(text: str) -> tuple[Command, Words, str]:
    """The command that a text names, its words, and what follows the name. Raises WrongWords."""
    words = take_apart(text, COMMANDS)
    if not words.words:
        # `/incident INC-7` shows it.
        return COMMANDS["show" if words.number is not None else ""], words, ""
    command, rest = find(COMMANDS, words)
    if command.about is About.NOTHING and words.number is not None and text.lower().startswith(command.name):
        # In `declare INC-5 is back` the number is part of the title.
        rest = text[len(command.name) :].strip()
    if command.names_another and words.number is not None and not rest:
        words, rest = replace(words, number=None), f"INC-{words.number}"
    return command, words, rest


def answer_at_once(command: Command, rest: str) -> Reply | None:
    """The answer to a command that needs nothing but its words; None for all others."""
    return Reply(help_text(GROUPS, rest)) if command is HELP else None


def perform(tx: Tx, settings: Settings, asked: Asked) -> Reply:
    """Do what was asked. Raises a BotError with a sentence and a hint when it can't be done, and changes nothing."""
    command, words, rest = understand(asked.text)
    here = incidents.in_channel(tx, asked.channel_id) if asked.channel_id else None
    incident = here
    if command.who is Who.COMMANDERS and command.about is About.NOTHING:
        duty.check_can_edit(tx, settings, asked.by)
    if command.about is About.INCIDENT:
        incident = _named(tx, asked, words) or here
        if incident is None:
            found = _open(tx, asked)
            if command.changes or len(found) > 1:
                return _ask_which(found, command, rest)
            incident = found[0]
        _check(tx, settings, command, incident, asked)
    reply = command.run(Call(tx=tx, settings=settings, asked=asked, rest=rest, found=incident))
    if incident and command.changes:
        activity.noted(tx, incident, asked.by)
    return activity.to_note(tx, incident, asked.by, reply) if incident and not command.changes else reply


def _ask_which(found: list[Incident], command: Command, rest: str) -> Reply:
    """What was asked for elsewhere is done when a button says which incident is meant; a change even if one is open."""
    first = found[0]
    text = f"{command.name} {first.name} {rest}".strip()
    if len(text) > _BUTTON_TEXT_LIMIT:
        hint = f"Name it: `/incident {command.name} {first.name} …`"
        raise WrongWords("Which incident? That text is too long for a button.", hint)
    if len(found) > 1:
        return Reply(replies.which(found, command.name, rest))
    return Reply(replies.confirm(first, text, f"{command.name} {rest}".strip()))


def _check(tx: Tx, settings: Settings, command: Command, incident: Incident, asked: Asked) -> None:
    """Refuse what this person may not do. Whoever changes something in the incident's channel is a member from now."""
    if command.who is Who.COMMAND:
        # Nobody commands one that has ended: say so, rather than who might.
        check_open(incident)
    known = standing(tx, settings, incident, asked.by)
    if known is Standing.OUTSIDER and speaks_there(incident, asked):
        known = Standing.MEMBER
        if command.changes:
            incidents.join(tx, incident.number, asked.by)
    check_may(known, command.who, incident.name, incident.channel_id)


def standing_here(tx: Tx, settings: Settings, incident: Incident, asked: Asked) -> Standing:
    """Their standing. Whoever speaks in the incident's channel is in it, whatever events said or failed to say."""
    found = standing(tx, settings, incident, asked.by)
    return Standing.MEMBER if found is Standing.OUTSIDER and speaks_there(incident, asked) else found


def speaks_there(incident: Incident, asked: Asked) -> bool:
    """Whether this was asked in the incident's own channel."""
    return incident.channel_id is not None and incident.channel_id == asked.channel_id


def sees(tx: Tx, incident: Incident, asked: Asked) -> bool:
    """Whether whoever asked may know of the incident: by what is known of them, or because they ask in its channel."""
    return may_see(tx, incident, asked.by) or speaks_there(incident, asked)


def _named(tx: Tx, asked: Asked, words: Words) -> Incident | None:
    if words.number is None:
        return None
    incident = incidents.find(tx, words.number)
    if incident is None or not sees(tx, incident, asked):
        raise NoSuchIncident(f"There is no INC-{words.number}.", "See which there are: `/incident list all`")
    return incident


def _open(tx: Tx, asked: Asked) -> list[Incident]:
    """The open incidents that they may see, the newest first: one more than are asked about. Raises NoSuchIncident."""
    found = incidents.visible(tx, asked.by, open_only=True, limit=replies.MOST_ASKED + 1)
    if not found:
        raise NoSuchIncident(
            "No incident is open.", "See those that have ended: `/incident list all`. Declare one: `/incident declare`"
        )
    return found
