"""The permission table, tried out: every command, button and form, as an outsider, a member, the IC and a commander."""

from collections.abc import Callable, Mapping

import pytest

from bot.actions.command import handoff
from bot.domain.permission import Who
from bot.errors import BotError, NotAllowed, WrongState
from bot.messages import forms
from bot.messages.command import forms_briefing, forms_command
from bot.messages.communication import forms_impact, forms_progress, forms_updates, vendor_posts
from bot.messages.waking import contacts
from handlers.slack.buttons import BUTTONS
from handlers.slack.call import Reply
from handlers.slack.commands import COMMANDS
from handlers.slack.incident.submissions import SUBMISSIONS
from handlers.slack.table import About, Command
from sandbox.blockkit import problems, view_problems
from storage import command, incidents
from storage.store import Store
from tests.handlers import asking
from tests.handlers.situations import ANSWERS, form, prepare
from tests.support.clock import MovableClock
from tests.support.story import BOB, CHANNEL, COMMANDER, EVE, IC, OUTSIDER

PEOPLE = {"outsider": OUTSIDER, "member": BOB, "IC": IC, "commander": COMMANDER}
MAY = {
    Who.ANYONE: {"outsider", "member", "IC", "commander"},
    Who.MEMBER: {"member", "IC", "commander"},
    Who.COMMAND: {"IC", "commander"},
    Who.COMMANDERS: {"commander"},
    Who.PUBLISH: {"IC"},
}
# What those who may do it are refused all the same: they have it already, or are awake.
HAVE_IT = {("command take", "IC"), (forms_command.TAKE, "IC"), ("page", "IC")}
ABOUT_ONE = [name for name, found in COMMANDS.items() if found.about is About.INCIDENT]
NOT_ABOUT_ONE = "declare list digest subscribe unsubscribe help hours me duty web".split()
# Buttons whose value names something else than an incident: the value, and who may press it.
BY_ID: Mapping[str, tuple[str, set[str]]] = {
    "handoff:accept": ("1", {EVE}),
    "handoff:decline": ("1", {EVE}),
    "shift:there": ("2:1", {BOB}),
    "shift:up": ("2:1", {BOB}),
    "shift:cant": ("2:1", {BOB}),
    "shift:extend": ("2:1", {IC, COMMANDER}),
    "trade:accept": ("1", {EVE}),
    "trade:decline": ("1", {EVE}),
    "taking:hand": ("1", {IC}),
    "taking:keep": ("1", {IC}),
    "taking:confirm": ("1", {BOB}),
    "presence:here": ("1", {IC}),
    "presence:call": ("1", {IC}),
    "fatigue:go-on": ("1:1772438400", {IC}),
    "briefing:edit": ("1", {IC, COMMANDER}),
    "page:acknowledge": ("1", {BOB}),
    "need:done": ("1", {BOB, EVE, IC, COMMANDER}),
    "vendor:answered": ("1", {BOB, EVE, IC, COMMANDER}),
    "vendor:chased": ("1", {BOB, EVE, IC, COMMANDER}),
    "vendor:closed": ("1", {BOB, EVE, IC, COMMANDER}),
    "contact:try": ("1", {BOB}),
    "contact:remove": ("1", {BOB}),
    "contact:list": ("home", {OUTSIDER, BOB, EVE, IC, COMMANDER}),
    "contact:open": ("add", {OUTSIDER, BOB, EVE, IC, COMMANDER}),
    "update:correct": ("1", {BOB, EVE, IC, COMMANDER}),
    "update:preview": ("1", {IC}),
    "update:edit": ("1", {IC}),
    "update:discard": ("1", {IC}),
    "update:snooze-15": ("1", {IC}),
    "update:snooze-30": ("1", {IC}),
    "command:run": ("note INC-1 it is DNS", {OUTSIDER, BOB, EVE, IC, COMMANDER}),
    "declare:open": ("home", {OUTSIDER, BOB, EVE, IC, COMMANDER}),
    "help:open": ("help", {OUTSIDER, BOB, EVE, IC, COMMANDER}),
}
FORMS = {
    forms.DECLARE: Who.ANYONE,
    forms.EDIT: Who.MEMBER,
    forms.NOTE: Who.ANYONE,
    forms.USE_CHANNEL: Who.MEMBER,
    forms_command.TAKE: Who.MEMBER,
    forms_command.HANDOFF: Who.COMMAND,
    forms_command.ROTA_START: Who.COMMAND,
    forms_command.ROTA_EDIT: Who.COMMAND,
    forms_briefing.BRIEFING: Who.COMMAND,
    forms_progress.READING: Who.MEMBER,
    forms_updates.WRITE: Who.MEMBER,
    forms_updates.PUBLIC: Who.MEMBER,
    forms_updates.PREVIEW: Who.PUBLISH,
    forms_updates.HELD: Who.PUBLISH,
    contacts.ADD: Who.ANYONE,
    vendor_posts.CASE: Who.MEMBER,
    vendor_posts.NOTE: Who.MEMBER,
    forms_impact.IMPACT: Who.MEMBER,
    forms_impact.RESOLVE: Who.MEMBER,
}


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


def check_reply(reply: Reply) -> None:
    """A message or a form, as Slack takes them."""
    assert (reply.message is None) != (reply.view is None)
    assert problems(reply.message.blocks, "message") == [] if reply.message else view_problems(reply.view) == []


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_done_for_those_who_may(store: Store, name: str, who: str) -> None:
    prepare(store, name)
    found = COMMANDS[name]
    one = found.about is About.INCIDENT
    words = found.example.removeprefix("/incident").strip()
    text = asking.about(found.example, name, 1) if one else asking.with_ids(words)
    if (name, who) in HAVE_IT:
        check_refusal(store, lambda: asking.command(store, PEOPLE[who], text), WrongState)
    elif who in MAY[found.who]:
        before = asking.everything(store)
        check_reply(asking.command(store, PEOPLE[who], text))
        assert (asking.everything(store) != before) == found.changes
    else:
        refused = check_refusal(store, lambda: asking.command(store, PEOPLE[who], text), NotAllowed)
        assert refused.user_text.startswith(f"Only {found.who.value} can do that")


def test_only_what_declares_shows_or_plans_duty_is_about_no_incident() -> None:
    others = {name.partition(" ")[0] for name in COMMANDS} - {name.partition(" ")[0] for name in ABOUT_ONE}
    assert others == {"", *NOT_ABOUT_ONE}


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", [name for name, found in BUTTONS.items() if found.about_incident])
def test_a_button_does_it_for_those_who_may(store: Store, name: str, who: str) -> None:
    prepare(store, name)
    found = BUTTONS[name]
    if who in MAY[found.who]:
        before = asking.everything(store)
        check_reply(asking.button(store, PEOPLE[who], name, "1"))
        assert (asking.everything(store) != before) == found.changes
    else:
        check_refusal(store, lambda: asking.button(store, PEOPLE[who], name, "1"), NotAllowed)


def test_every_other_button_says_whose_it_is() -> None:
    assert set(BY_ID) == {name for name, found in BUTTONS.items() if not found.about_incident}


@pytest.mark.parametrize("who", [OUTSIDER, BOB, EVE, IC, COMMANDER])
@pytest.mark.parametrize("name", BY_ID)
def test_a_button_about_one_thing_is_pressed_by_whom_it_concerns(
    store: Store, clock: MovableClock, name: str, who: str
) -> None:
    prepare(store, name)
    clock.move(minutes=6)
    value, allowed = BY_ID[name]
    if who in allowed:
        before = asking.everything(store)
        check_reply(asking.button(store, who, name, value))
        assert (asking.everything(store) != before) == (BUTTONS[name].changes and name != "help:open")
    else:
        check_refusal(store, lambda: asking.button(store, who, name, value), NotAllowed)


@pytest.mark.parametrize("name", [name for name, (value, _) in BY_ID.items() if value[0] in "12"])
def test_a_button_about_what_never_was_is_refused(store: Store, name: str) -> None:
    prepare(store, name)
    check_refusal(store, lambda: asking.button(store, IC, name, "99:1" if ":" in BY_ID[name][0] else "99"), BotError)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", SUBMISSIONS)
def test_a_form_is_taken_from_those_who_may(store: Store, name: str, who: str) -> None:
    prepare(store, name)
    view = form(store, name)
    if (name, who) in HAVE_IT:
        check_refusal(store, lambda: asking.submission(store, PEOPLE[who], view, ANSWERS[name]), WrongState)
    elif who in MAY[FORMS[name]]:
        before = asking.everything(store)
        asking.submission(store, PEOPLE[who], view, ANSWERS[name])
        assert asking.everything(store) != before
    else:
        check_refusal(store, lambda: asking.submission(store, PEOPLE[who], view, ANSWERS[name]), NotAllowed)


@pytest.mark.parametrize("name", [name for name, found in COMMANDS.items() if found.who is Who.COMMAND])
def test_the_deputy_may_what_the_commander_may(store: Store, name: str) -> None:
    prepare(store, name)
    asking.command(store, IC, f"role INC-1 deputy <@{BOB}>")
    assert asking.command(store, BOB, asking.about(COMMANDS[name].example, name, 1)).message


def test_only_commanders_relieve_by_the_form(store: Store) -> None:
    prepare(store)
    answers = {"reason": "Ada has been up for 20 hours", "how": ["relieve"]}
    view = form(store, forms_command.TAKE)
    check_refusal(store, lambda: asking.submission(store, BOB, view, answers), NotAllowed)
    asking.submission(store, COMMANDER, view, answers)
    with store.read() as tx:
        assert [held.person for held in command.open_tenures(tx, 1)] == [COMMANDER]


@pytest.mark.parametrize("who", PEOPLE)
def test_only_whom_command_is_offered_to_may_accept_it(store: Store, who: str) -> None:
    prepare(store, more=lambda tx, incident: handoff.hand_over(tx, incident, EVE, IC))
    check_refusal(store, lambda: asking.button(store, PEOPLE[who], "handoff:accept", "1"), NotAllowed)
    asking.button(store, EVE, "handoff:accept", "1")
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
    prepare(store)
    ask = f"rota start <@{BOB}> <@{EVE}> 8h"
    check_refusal(store, lambda: asking.command(store, OUTSIDER, ask, CHANNEL), NotAllowed)


def test_the_tables_name_people_where_they_ask_for_profiles() -> None:
    named: list[Command] = [found for found in COMMANDS.values() if "@" in found.example]
    assert all(found.names_people for found in named)
