"""The permission table, tried out: every command and every button, as an outsider, a member and the IC."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from bot.actions import ending, handoff, rota
from bot.domain.command import Shift
from bot.domain.permission import Who
from bot.errors import BotError, NoSuchIncident, NotAllowed
from handlers.slack.buttons import BUTTONS
from handlers.slack.commands import COMMANDS
from handlers.slack.table import About, Command
from sandbox.blockkit import problems, view_problems
from storage import command, incidents
from storage.store import Store, Tx
from tests.handlers import asking
from tests.support.story import BOB, CHANNEL, COMMANDER, EVE, IC, OUTSIDER, begin

PEOPLE = {"outsider": OUTSIDER, "member": BOB, "IC": IC, "commander": COMMANDER}
MAY = {
    Who.ANYONE: {"outsider", "member", "IC", "commander"},
    Who.MEMBER: {"member", "IC", "commander"},
    Who.COMMAND: {"IC", "commander"},
}
ABOUT_ONE = [name for name, found in COMMANDS.items() if found.about is About.INCIDENT]


def resolved(tx: Tx) -> None:
    ending.resolve(tx, incidents.get(tx, 1), "", IC)


def with_rota(tx: Tx) -> None:
    rota.start(tx, incidents.get(tx, 1), (IC, BOB), timedelta(hours=8), IC)


# What must be so before the command or button makes sense; nothing for the others.
BEFORE: Mapping[str, Callable[[Tx], None]] = {
    "reopen": resolved,
    "close": resolved,
    "rota stop": with_rota,
    "incident:reopen": resolved,
}


def prepare(store: Store, name: str, *, private: bool = False) -> None:
    with store.write() as tx:
        begin(tx, private=private, title="Vault is open" if private else "Checkout is down")
        if name in BEFORE:
            BEFORE[name](tx)


def check_refusal(store: Store, ask: Callable[[], object], error: type[BotError]) -> BotError:
    """Refused with one sentence and a hint, and nothing is different afterwards."""
    before = asking.everything(store)
    with pytest.raises(error) as refused:
        ask()
    assert refused.value.user_text.endswith(".")
    assert refused.value.user_text.count(". ") == 0
    assert refused.value.hint
    assert asking.everything(store) == before
    return refused.value


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_done_for_those_who_may(store: Store, name: str, who: str) -> None:
    prepare(store, name)
    found = COMMANDS[name]
    one = found.about is About.INCIDENT
    text = asking.about(found.example, name, 1) if one else found.example.removeprefix("/incident").strip()
    if who in MAY[found.who]:
        before = asking.everything(store)
        reply = asking.command(store, PEOPLE[who], text)
        assert (reply.message is None) != (reply.view is None)
        assert problems(reply.message.blocks, "message") == [] if reply.message else view_problems(reply.view) == []
        assert (asking.everything(store) != before) == found.changes
    else:
        refused = check_refusal(store, lambda: asking.command(store, PEOPLE[who], text), NotAllowed)
        assert refused.user_text.startswith(f"Only {found.who.value} can do that")


def test_only_what_declares_shows_or_helps_is_about_no_incident() -> None:
    assert set(COMMANDS) - set(ABOUT_ONE) == {"", "declare", "list", "digest", "help"}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", [name for name, found in BUTTONS.items() if found.about_incident])
def test_a_button_does_it_for_those_who_may(store: Store, name: str, who: str) -> None:
    prepare(store, name)
    found = BUTTONS[name]
    if who in MAY[found.who]:
        before = asking.everything(store)
        reply = asking.button(store, PEOPLE[who], name, "1")
        assert problems(reply.message.blocks, "message") == [] if reply.message else view_problems(reply.view) == []
        assert (asking.everything(store) != before) == found.changes
    else:
        check_refusal(store, lambda: asking.button(store, PEOPLE[who], name, "1"), NotAllowed)


@pytest.mark.parametrize("name", [name for name, found in COMMANDS.items() if found.who is Who.COMMAND])
def test_the_deputy_may_what_the_commander_may(store: Store, name: str) -> None:
    prepare(store, name)
    asking.command(store, IC, f"role INC-1 deputy <@{BOB}>")
    assert asking.command(store, BOB, asking.about(COMMANDS[name].example, name, 1)).message


@pytest.mark.parametrize("who", PEOPLE)
def test_only_whom_command_is_offered_to_may_accept_it(store: Store, who: str) -> None:
    with store.write() as tx:
        begin(tx)
        rota.start(tx, incidents.get(tx, 1), (EVE, IC), timedelta(hours=8), IC)
        offer = command.open_offer(tx, 1)
    assert offer
    check_refusal(store, lambda: asking.button(store, PEOPLE[who], "handoff:accept", str(offer.id)), NotAllowed)
    asking.button(store, EVE, "handoff:accept", str(offer.id))
    with store.read() as tx:
        assert [held.person for held in command.open_tenures(tx, 1)] == [EVE]


@pytest.mark.parametrize("name", ["severity", "state", "note"])
def test_whoever_speaks_in_the_channel_is_in_it(store: Store, name: str) -> None:
    # Events may be late or lost; who can type there is there.
    prepare(store, name)
    asking.command(store, OUTSIDER, COMMANDS[name].example.removeprefix("/incident "), CHANNEL)
    with store.read() as tx:
        assert incidents.is_member(tx, 1, OUTSIDER)


def test_command_is_not_had_by_speaking_in_the_channel(store: Store) -> None:
    prepare(store, "rota start")
    ask = f"rota start <@{BOB}> <@{EVE}> 8h"
    check_refusal(store, lambda: asking.command(store, OUTSIDER, ask, CHANNEL), NotAllowed)


class TestPrivate:
    """A private incident does not exist for those who are not in it, commanders by the settings included."""

    @pytest.mark.parametrize("by", [OUTSIDER, COMMANDER])
    @pytest.mark.parametrize("name", ABOUT_ONE)
    def test_no_command_names_it(self, store: Store, name: str, by: str) -> None:
        prepare(store, name, private=True)
        text = asking.about(COMMANDS[name].example, name, 1)
        refused = check_refusal(store, lambda: asking.command(store, by, text), NoSuchIncident)
        missing = check_refusal(
            store, lambda: asking.command(store, by, text.replace("INC-1", "INC-2", 1)), NoSuchIncident
        )
        assert refused.sentence.replace("INC-1", "INC-2") == missing.sentence

    @pytest.mark.parametrize("by", [OUTSIDER, COMMANDER])
    @pytest.mark.parametrize("name", ABOUT_ONE)
    def test_no_command_takes_it_for_the_only_one(self, store: Store, name: str, by: str) -> None:
        prepare(store, name, private=True)
        text = asking.about(COMMANDS[name].example, name, 1).replace(" INC-1", "", 1)
        refused = check_refusal(store, lambda: asking.command(store, by, text), NoSuchIncident)
        assert refused.user_text == "No incident is open."

    @pytest.mark.parametrize("text", ["", "list", "list all", "list mine", "digest", "help"])
    @pytest.mark.parametrize("by", [OUTSIDER, COMMANDER])
    def test_no_list_shows_it(self, store: Store, text: str, by: str) -> None:
        prepare(store, "", private=True)
        said = asking.text_of(asking.command(store, by, text))
        assert "INC-1" not in said
        assert "Vault" not in said

    def test_declaring_a_like_one_does_not_show_it(self, store: Store) -> None:
        prepare(store, "", private=True)
        said = asking.text_of(asking.command(store, OUTSIDER, "declare vault is open"))
        assert "INC-2" in said
        assert "INC-1" not in said
        assert "INC-1" in asking.text_of(asking.command(store, BOB, "declare vault is open"))

    @pytest.mark.parametrize("name", BUTTONS)
    def test_no_button_shows_it(self, store: Store, name: str) -> None:
        prepare(store, name, private=True)
        with store.write() as tx:
            if incidents.get(tx, 1).is_open:
                handoff.offer_command(tx, incidents.get(tx, 1), _a_shift(tx))
        value = {"command:run": "show INC-1", "handoff:accept": "1"}.get(name, "1")
        before = asking.everything(store)
        try:
            said = asking.text_of(asking.button(store, OUTSIDER, name, value))
        except BotError as refused:
            said = refused.sentence
        assert "Vault" not in said
        # What the person sent themselves may be said back.
        assert "INC-1" not in said.replace("There is no INC-1.", "")
        assert asking.everything(store) == before

    @pytest.mark.parametrize("name", ABOUT_ONE)
    def test_members_use_it_as_any_other(self, store: Store, name: str) -> None:
        prepare(store, name, private=True)
        reply = asking.command(store, IC, asking.about(COMMANDS[name].example, name, 1))
        assert reply.message or reply.view


def _a_shift(tx: Tx) -> Shift:
    rota.start(tx, incidents.get(tx, 1), (EVE, IC), timedelta(hours=8), IC)
    running = command.running_rota(tx, 1)
    assert running
    return command.shifts_of(tx, running.id)[0]


def test_the_tables_name_people_where_they_ask_for_profiles() -> None:
    named: list[Command] = [found for found in COMMANDS.values() if "@" in found.example]
    assert all(found.names_people for found in named)
