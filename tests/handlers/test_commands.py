"""The one table of commands: help, examples, the nearest word, and which incident is meant."""

import pytest

from bot.domain.incident import Kind
from bot.errors import BotError, NoSuchIncident, WrongState, WrongWords
from handlers.slack.buttons import BUTTONS
from handlers.slack.call import Asked
from handlers.slack.commands import COMMANDS, GROUPS, perform, understand
from handlers.slack.table import About, help_text, usage
from sandbox.blockkit import problems
from storage import command, incidents, timeline
from storage.store import Store
from tests.handlers import asking
from tests.support.clock import MovableClock
from tests.support.story import BOB, CHANNEL, COMMANDER, EVE, IC, OUTSIDER, begin, settings


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    found = COMMANDS[name]
    assert found.help.endswith(".")
    assert found.example == f"/incident {name}".strip() or found.example.startswith(f"/incident {name} ")
    assert usage(found).strip("`").startswith(f"/incident {name}".strip())
    command_, words, _ = understand(found.example.removeprefix("/incident").strip())
    assert command_ is found
    assert words.number is None or found.about is About.INCIDENT


def test_help_shows_every_command() -> None:
    everything, first_page = (str(help_text(GROUPS, topic).blocks) for topic in ("all", ""))
    for name, found in COMMANDS.items():
        assert usage(found) in everything
        if name:
            word = name.split(maxsplit=1)[0]
            assert f"`{word}`" in first_page
            assert found.example in str(help_text(GROUPS, word).blocks)


def test_the_first_page_of_help_fits_on_a_phone() -> None:
    texts = [block["text"]["text"] for block in help_text(GROUPS, "").blocks]
    assert len("\n".join(texts).splitlines()) <= 25
    assert "`/incident help all`" in texts[-1]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            "resovle",
            "I don't know `resovle`. Did you mean `resolve`? For example: `/incident resolve rolled back the deploy`",
        ),
        ("SEVERTY sev1", "I don't know `severty`. Did you mean `severity`? For example: `/incident severity sev1`"),
        ("xyzzy", "I don't know `xyzzy`. All commands: `/incident help`"),
        ("<@!&>", "I don't know `&lt;@!&amp;&gt;`. All commands: `/incident help`"),
        ("help xyzzy", "I don't know `xyzzy`. All commands: `/incident help`"),
    ],
)
def test_an_unknown_word_gets_the_nearest(store: Store, typed: str, sentence: str) -> None:
    with pytest.raises(WrongWords) as refused, store.read() as tx:
        perform(tx, settings(), Asked(by=BOB, channel_id="", text=typed))
    assert refused.value.sentence == sentence


def test_two_words_are_found_before_one() -> None:
    assert understand("ROTA START <@UBOB00001> 8h")[0].name == "rota start"
    assert understand("rota")[0].name == "rota"
    assert understand("rota INC-7")[0].name == "rota"
    assert understand("rota sideways")[0].name == "rota"
    assert understand("INC-7")[0].name == "show"
    assert understand("")[0].name == ""


def test_in_its_channel_the_incident_is_understood(store: Store) -> None:
    with store.write() as tx:
        begin(tx)
        begin(tx, channel=None)
    asking.command(store, BOB, "severity sev1", CHANNEL)
    with store.read() as tx:
        assert incidents.get(tx, 1).severity == "sev1"
        assert incidents.get(tx, 2).severity == "sev2"


def test_a_name_counts_more_than_the_channel(store: Store) -> None:
    with store.write() as tx:
        begin(tx)
        begin(tx, channel=None)
    asking.command(store, IC, "note INC-2 a word", CHANNEL)
    asking.command(store, IC, "note see INC-2", CHANNEL)
    with store.read() as tx:
        assert [timeline.latest(tx, number, 1)[0].text for number in (1, 2)] == ["see INC-2", "a word"]


def test_elsewhere_a_change_is_confirmed_by_a_button(store: Store) -> None:
    with store.write() as tx:
        begin(tx)
    before = asking.everything(store)
    reply = asking.command(store, BOB, "severity sev1")
    assert asking.everything(store) == before
    assert reply.message
    [pressed] = [block["elements"][0] for block in reply.message.blocks if block["type"] == "actions"]
    assert "Checkout is down" in asking.text_of(reply)
    assert pressed["action_id"] == "command:run"
    asking.button(store, BOB, "command:run", pressed["value"])
    with store.read() as tx:
        assert incidents.get(tx, 1).severity == "sev1"


@pytest.mark.parametrize(
    "name", [name for name, found in COMMANDS.items() if found.changes and found.about is About.INCIDENT]
)
def test_every_change_elsewhere_asks_first(store: Store, name: str) -> None:
    with store.write() as tx:
        begin(tx)
    before = asking.everything(store)
    text = asking.about(COMMANDS[name].example, name, 1).replace(" INC-1", "", 1)
    reply = asking.command(store, IC, text)
    assert asking.everything(store) == before
    assert f"{name} INC-1" in asking.text_of(reply)


def test_a_text_too_long_for_a_button_is_asked_for_with_its_incident(store: Store) -> None:
    with store.write() as tx:
        begin(tx)
    with pytest.raises(WrongWords, match="too long for a button"):
        asking.command(store, BOB, "summary " + "x" * 2000)


@pytest.mark.parametrize(("text", "done"), [("show", "Vault"), ("severity sev1", "INC-2 is sev1 now.")])
def test_which_of_several_is_asked_with_a_button_for_each(store: Store, text: str, done: str) -> None:
    with store.write() as tx:
        begin(tx, channel=None)
        begin(tx, channel=None, title="Vault <is> open & *bad*")
        incidents.change(tx, 2, kind=Kind.DRILL)
    reply = asking.command(store, BOB, text)
    assert reply.message
    assert problems(reply.message.blocks, "message") == []
    said = asking.text_of(reply)
    assert f"Which incident is `{text}` meant for?" in said
    assert "*DRILL INC-2* Vault &lt;is&gt; open &amp; *bad*" in said
    buttons = {block["accessory"]["text"]["text"]: block["accessory"] for block in reply.message.blocks[1:]}
    assert list(buttons) == ["DRILL INC-2", "INC-1"]
    pressed = buttons["DRILL INC-2"]
    assert done in asking.text_of(asking.button(store, BOB, pressed["action_id"], pressed["value"]))


def test_of_many_five_are_asked_about(store: Store) -> None:
    with store.write() as tx:
        for _ in range(6):
            begin(tx, channel=None)
    reply = asking.command(store, BOB, "resolve <@UEVE00001> `did` it")
    assert reply.message
    assert problems(reply.message.blocks, "message") == []
    values = [block["accessory"]["value"] for block in reply.message.blocks if "accessory" in block]
    assert values == [f"resolve INC-{number} <@UEVE00001> `did` it" for number in (6, 5, 4, 3, 2)]
    said = asking.text_of(reply)
    assert "`resolve @… did it`" in said
    assert "There are more: `/incident list`. Name the one you mean: `/incident resolve INC-…`" in said


def test_reading_takes_the_only_open_one(store: Store) -> None:
    with store.write() as tx:
        begin(tx)
    assert "INC-1" in asking.text_of(asking.command(store, OUTSIDER, "show"))


class TestChanging:
    """Commands that change an incident, and what they say when they can't."""

    @pytest.fixture(autouse=True)
    def _begun(self, store: Store) -> None:
        with store.write() as tx:
            begin(tx)

    def test_from_beginning_to_end(self, store: Store, clock: MovableClock) -> None:
        for text in ("state identified", "state monitoring", "resolve rolled back", "close"):
            clock.move(minutes=1)
            asking.command(store, BOB, text, CHANNEL)
        with store.read() as tx:
            ended = incidents.get(tx, 1)
            assert ended.state == "closed"
            assert ended.mitigated_at is not None
            assert ended.resolved_at is not None
            assert ended.closed_at is not None
            assert ended.mitigated_at < ended.resolved_at < ended.closed_at
            assert command.open_tenures(tx, 1) == []

    @pytest.mark.parametrize("end", ["resolve", "cancel", "state resolved", "state cancelled"])
    def test_whoever_reopens_is_in_command(self, store: Store, end: str, clock: MovableClock) -> None:
        asking.command(store, IC, end, CHANNEL)
        clock.move(minutes=5)
        asking.command(store, BOB, "reopen INC-1")
        with store.read() as tx:
            again = incidents.get(tx, 1)
            assert (again.state, again.resolved_at) == ("investigating", None)
            assert [(held.person, held.how) for held in command.open_tenures(tx, 1)] == [(BOB, "reopened")]

    @pytest.mark.parametrize("end", ["resolve", "cancel"])
    @pytest.mark.parametrize("text", ["state investigating", "state monitoring", "severity sev1", "role deputy none"])
    def test_what_is_over_is_not_changed_but_reopened(self, store: Store, end: str, text: str) -> None:
        asking.command(store, IC, end, CHANNEL)
        with pytest.raises(WrongState) as refused:
            asking.command(store, IC, text, CHANNEL)
        assert refused.value.hint == "Reopen it first: `/incident reopen INC-1`"

    def test_what_is_over_gets_no_rota(self, store: Store) -> None:
        asking.command(store, IC, "resolve", CHANNEL)
        with pytest.raises(WrongState, match="INC-1 is resolved"):
            asking.command(store, COMMANDER, f"rota start <@{BOB}> <@{EVE}>", CHANNEL)

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("severity sev5", "A severity is `sev1`, `sev2`, `sev3` or `sev4`."),
            ("reopen", "INC-1 is investigating already."),
            ("severity sev2", "INC-1 is sev2 already."),
            ("state monitorng", "A state is `investigating`, `identified` or `monitoring`."),
            ("state investigating", "INC-1 is investigating already."),
            ("title", "A title needs words."),
            ("title \u200b", "A title needs words."),
            ("title " + "x" * 151, "That title has 151 characters, and 150 fit."),
            ("summary", "A summary needs words."),
            ("call meet.example.com", "That is not a link to a call."),
            ("role", "Which role, and who?"),
            ("role comunications <@UBOB00001>", "There is no such role."),
            ("role ic <@UBOB00001>", "Command is not assigned: somebody accepts it."),
            ("role deputy", "Who shall be deputy? One person, or `none`."),
            ("role deputy <@UBOB00001> <@UEVE00001>", "Who shall be deputy? One person, or `none`."),
            ("role deputy none", "Nobody holds the role deputy."),
            ("rota start <@UBOB00001>", "A rota needs at least two people."),
            ("rota start <@UBOB00001> <@UEVE00001> forever", "`forever` is not the length of a shift."),
            ("rota start <@UBOB00001> <@UEVE00001> 8h 9h", "A rota is some people and how long a shift lasts."),
            ("rota start <@UBOB00001> <@UEVE00001> 5m", "A shift lasts from 30 minutes to 24 hours."),
            ("rota stop", "INC-1 has no rota."),
            ("rota sideways", "I don't know `rota sideways`."),
            ("decision", "A decision needs words."),
            ("ruled-out", "A ruled out needs words."),
            ("list everything", "A list is of `open`, `all` or `mine`."),
            ("close", "INC-1 is investigating, so it can't be closed yet."),
            ("declare \u202e", "An incident needs a title."),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, store: Store, text: str, sentence: str) -> None:
        before = asking.everything(store)
        with pytest.raises((WrongWords, WrongState)) as refused:
            asking.command(store, IC, text, CHANNEL)
        assert refused.value.user_text == sentence
        assert refused.value.hint
        assert asking.everything(store) == before

    def test_a_deputy_holds_until_another_does(self, store: Store) -> None:
        asking.command(store, IC, f"role deputy <@{BOB}>", CHANNEL)
        asking.command(store, IC, f"role deputy <@{EVE}>", CHANNEL)
        with store.read() as tx:
            assert [(held.role, held.person) for held in command.open_tenures(tx, 1)] == [("ic", IC), ("deputy", EVE)]


@pytest.mark.parametrize("value", ["", "99", "INC-1", "-1", "²", "1; DROP"])
def test_a_button_about_nothing_is_refused(store: Store, value: str) -> None:
    names = [name for name, found in BUTTONS.items() if found.about_incident]
    assert {name: _refusal(store, name, value) for name in names} == dict.fromkeys(names, NoSuchIncident)


def _refusal(store: Store, name: str, value: str) -> type[BotError] | None:
    try:
        asking.button(store, BOB, name, value)
    except BotError as refused:
        return type(refused)
    return None
