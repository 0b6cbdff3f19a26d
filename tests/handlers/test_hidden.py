"""A private incident does not exist for those who are not in it, commanders by the settings included."""

from collections.abc import Callable
from functools import partial

import pytest

from bot.actions import home
from bot.actions.incident import pinning
from bot.errors import BotError, NoSuchIncident, WrongState
from bot.messages.home import home_view
from handlers.slack.buttons import BUTTONS
from handlers.slack.call import Asked, Reply
from handlers.slack.commands import COMMANDS
from handlers.slack.events import EVENTS
from handlers.slack.incident.submissions import SUBMISSIONS
from handlers.slack.shortcuts import SHORTCUTS, use
from storage import incidents
from storage.store import Store
from tests.handlers import asking
from tests.handlers.situations import ANSWERS, SUMMARY, TITLE, everything_at_once, form, prepare, resolved
from tests.handlers.test_permissions import ABOUT_ONE, BY_ID, check_refusal
from tests.support.clock import MovableClock
from tests.support.story import BOB, CHANNEL, COMMANDER, ELSEWHERE, EVE, IC, OUTSIDER, settings

OUTSIDERS = [OUTSIDER, COMMANDER]
_SECRETS = [TITLE, TITLE.lower(), SUMMARY, IC, BOB, EVE, f"Name of {IC}", CHANNEL, "inc-1", "Ada is on a plane"]
_reading = pytest.mark.parametrize("by", OUTSIDERS)


def reveals(said: str, *known: str) -> list[str]:
    """What of the incident stands in an answer, but for words that whoever asked used themselves."""
    secrets = [secret for secret in (*_SECRETS, "INC-1") if secret not in known]
    return [secret for secret in secrets if secret in said.replace("There is no INC-1.", "")]


def answer(ask: Callable[[], Reply]) -> str:
    """All that is said, or the refusal."""
    try:
        return asking.text_of(ask())
    except BotError as refused:
        return refused.sentence


@pytest.mark.parametrize("name", ABOUT_ONE)
def test_no_command_names_it(store: Store, name: str) -> None:
    prepare(store, name, private=True)
    text = asking.about(COMMANDS[name].example, name, 1)
    without = text.replace(" INC-1", "", 1)
    for by in OUTSIDERS:
        print(by)
        refused, missing, alone = (
            check_refusal(store, partial(asking.command, store, by, typed), NoSuchIncident)
            for typed in (text, text.replace("INC-1", "INC-2", 1), without)
        )
        assert refused.sentence.replace("INC-1", "INC-2") == missing.sentence
        assert not reveals(refused.sentence)
        assert alone.user_text == "No incident is open.", "it is not taken for the only one"
        assert not reveals(alone.sentence)


@_reading
@pytest.mark.parametrize(
    "text", ["", "list", "list all", "list mine", "digest", "help", "hours", "me", "duty", "web", f"hours <@{BOB}>"]
)
@pytest.mark.parametrize("ended", [False, True])
def test_no_list_shows_it(store: Store, text: str, by: str, ended: bool) -> None:
    prepare(store, private=True, more=resolved if ended else everything_at_once)
    said = answer(lambda: asking.command(store, by, text))
    # Whom they asked about, they know; who commanders are, everybody may know.
    assert not reveals(said, *([BOB] if BOB in text else []))


def test_declaring_a_like_one_does_not_show_it(store: Store) -> None:
    prepare(store, private=True)
    assert not reveals(answer(lambda: asking.command(store, OUTSIDER, "declare vault is open")), TITLE.lower())
    assert "INC-1" in answer(lambda: asking.command(store, BOB, "declare vault is open"))


@pytest.mark.parametrize("name", BUTTONS)
def test_no_button_shows_it(store: Store, clock: MovableClock, name: str) -> None:
    prepare(store, private=True, more=everything_at_once)
    clock.move(minutes=6)
    before = asking.everything(store)
    value = BY_ID.get(name, ("1", set()))[0]
    for by in OUTSIDERS:
        print(by)
        said = answer(partial(asking.button, store, by, name, value))
        assert not reveals(said)
        assert asking.everything(store) == before


@_reading
@pytest.mark.parametrize("name", [name for name in BUTTONS if name in BY_ID and BY_ID[name][0][0] in "12"])
def test_what_is_hidden_and_what_never_was_are_one(store: Store, clock: MovableClock, name: str, by: str) -> None:
    prepare(store, private=True, more=everything_at_once)
    value = BY_ID[name][0]
    hidden = answer(lambda: asking.button(store, by, name, value))
    assert hidden == answer(lambda: asking.button(store, by, name, value.replace("1:", "99:").replace("2:", "99:")))
    if ":" not in value:
        assert hidden == answer(lambda: asking.button(store, by, name, "99"))


@pytest.mark.parametrize("where", ["", ELSEWHERE])
@pytest.mark.parametrize("name", SUBMISSIONS)
def test_no_form_shows_it(store: Store, name: str, where: str) -> None:
    prepare(store, name, private=True)
    view = form(store, name, where)
    if "incident" not in view.get("private_metadata", ""):
        return
    for by in OUTSIDERS:
        print(by)
        ask = partial(asking.submission, store, by, view, ANSWERS[name])
        assert check_refusal(store, ask, NoSuchIncident).user_text == "That incident is not known here."


@_reading
@pytest.mark.parametrize("name", SHORTCUTS)
def test_no_shortcut_shows_it(store: Store, name: str, by: str) -> None:
    prepare(store, private=True, more=everything_at_once)
    message = {"ts": "1772438400.000100", "text": "vault is open", "user": by}
    payload = {"message": message, "channel": {"id": ELSEWHERE, "name": "general"}}

    def ask() -> Reply:
        with store.write() as tx:
            asked = Asked(by=by, channel_id=ELSEWHERE, text="", key="trigger")
            return use(tx, settings(), SHORTCUTS[name], asked, payload)

    assert not reveals(answer(ask), TITLE.lower())


@_reading
def test_home_does_not_show_it(store: Store, by: str) -> None:
    prepare(store, private=True, more=everything_at_once)
    with store.write() as tx:
        home.opened(tx, by, "opened")
        shown = home_view(home.home_page(tx, by))
        assert not reveals(str(shown))
        assert "Nothing is open" in str(shown)
        assert reveals(str(home_view(home.home_page(tx, BOB))))


@_reading
def test_events_from_elsewhere_do_not_touch_it(store: Store, by: str) -> None:
    prepare(store, private=True, more=everything_at_once)
    before = asking.everything(store)
    item = {"type": "message", "channel": ELSEWHERE, "ts": "1772438400.000100"}
    with store.write() as tx:
        EVENTS["reaction_added"](
            tx,
            settings(),
            {"user": by, "reaction": pinning.PUSHPIN, "item": item, "event_ts": "1772438400.000200"},
        )
        EVENTS["message"](tx, settings(), {"user": by, "channel": ELSEWHERE, "ts": "1772438400.000300", "text": "x"})
    assert asking.everything(store) == before


# Nothing of a private one goes to customers.
_NOT_OF_PRIVATE = {"update public", "update correct"}


@pytest.mark.parametrize("name", sorted(_NOT_OF_PRIVATE))
def test_customers_are_told_nothing_of_it(store: Store, name: str) -> None:
    prepare(store, name, private=True)
    check_refusal(store, lambda: asking.command(store, IC, f"{name} INC-1 1"), WrongState)


@pytest.mark.parametrize("name", [name for name in ABOUT_ONE if name not in _NOT_OF_PRIVATE])
def test_members_use_it_as_any_other(store: Store, name: str) -> None:
    prepare(store, name, private=True)
    by = {"command take": BOB, "page": BOB}.get(name, IC)
    if name == "command relieve":
        with store.write() as tx:
            incidents.join(tx, 1, COMMANDER)
        by = COMMANDER
    reply = asking.command(store, by, asking.about(COMMANDS[name].example, name, 1))
    assert reply.message or reply.view
