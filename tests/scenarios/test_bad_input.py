"""Whatever people type: one answer, no channel pinged, no link forged, nothing half-done."""

import re

from tests.harness import Answer, Place, Workspace
from tests.harness.message import texts

TEXTS = [
    "<!channel> <!here|here> <!everyone> wake up",
    "@everyone @channel @here @bob look",
    "a & b < c > d &amp; &lt;!channel&gt; &lt;!here&gt;",
    "<https://evil.example|https://bank.example> or https://evil.example/|x>",
    "<@U0BOB00000|boss> and <#C0GENERAL|x> and <!subteam^S012345|team>",
    "<!date^1^{date}|now> `code` ```block``` *bold* _it_ ~s~ > quote",
    "🔥🔥 👩\u200d👩\u200d👧 :fire: 🇩🇪",
    "a\u200bb\u2060c\ufeff d\u00ade",
    "\u202egro.live//:ptth\u202c \u200fright\u200e \u2066isolate\u2069",
    "x" * 80,
    "日本語の障害が発生しました",
    "Η υπηρεσία έπεσε",
    "الخدمة معطلة الآن",
    "word " * 2000,
    "&<>" * 3333,
    "🔥" * 10_000,
    "line one\nline two\r\n\tline three",
    "{title} {number} %s %(x)s $(reboot) '; DROP TABLE incidents; -- \\",
    "\u200b",
    "\x00\x07\x1b[31mred",
    "-",
]
_PING = re.compile(r"<!(?!date\^\d{9,}\^)|<https?://evil|<#C0GENERAL\|")
_INVISIBLE = re.compile(r"[\u202e\u200b\x07]")


def _answers(answer: Answer) -> None:
    """One answer, and none that says that something broke."""
    assert not answer.error, answer
    assert answer.text.strip(), "no answer"
    assert "Something broke" not in answer


def _harmless(workspace: Workspace) -> None:
    """Every call was one that Slack takes; nothing that the bot said pings or misleads."""
    wrong = [call for call in workspace.calls() if not call.ok and call.error != "already_in_channel"]
    assert not wrong, wrong
    scene = workspace.person("ada").scene
    for message in scene.messages:
        if message.from_bot:
            parsed = [message.body.get("text") or "", *texts(message.blocks, only="mrkdwn")]
            assert not [text for text in parsed if _PING.search(text)]
            assert not _INVISIBLE.search(message.raw), message
    assert not [one for one in scene.channels.values() if _PING.search(one["topic"]) or _INVISIBLE.search(one["topic"])]


def test_titles(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    workspace.forgive()
    for text in TEXTS:
        answer = ada.types(f"/incident declare {text}", "#general")
        if ada.form:
            # Nothing visible was typed: as without words, the form asks.
            ada.closes_form()
            continue
        answer.says("Declaring")
        _answers(answer)
    declared = workspace.bot.one("SELECT count(*) FROM incidents")
    cards = [workspace.channel(name).card() for name in workspace.incident_channels()]
    assert declared == len(cards) == len(TEXTS) - 1
    for name in workspace.incident_channels():
        assert re.fullmatch(r"#inc-\d+[a-z0-9_-]{0,75}", name)
        assert "ada" in workspace.channel(name).members
    for reading in ("list all", "digest", ""):
        _answers(ada.types(f"/incident {reading}", "#general"))
    assert ada.opens_home()
    _harmless(workspace)


COMMANDS = """
title, summary, call, note, decision, help,
role, role scribe @bob, show INC-1, hours, command relieve,
rota, rota add, rota extend, rota for communications, rota start @ada @bob, rota start @ada @bob from, handoff,
duty set @ada, duty cover @bob, me zone
"""


def test_after_any_word(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down")
    workspace.forgive()
    for place, command in enumerate(["", *COMMANDS.replace("\n", " ").split(",")]):
        # Each text after some words, and each word before some texts: they are read by the same few functions.
        for text in TEXTS[place % 4 :: 4]:
            _types(workspace, channel, f"/incident {command.strip()} {text}")
    _answers(ada.types("/incident timeline", channel))
    _answers(ada.types("/incident show", channel))
    _harmless(workspace)
    assert workspace.incident_channels() == [channel.name]


def _types(workspace: Workspace, channel: Place, text: str) -> None:
    ada = workspace.person("ada")
    answer = ada.types(text, channel)
    if answer.message is None and ada.form:
        ada.closes_form()
        return
    _answers(answer)


def test_reasons_and_worries(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Checkout is down")
    bob.joins(channel)
    workspace.forgive()
    for text, other in zip(TEXTS[::3], TEXTS[1::3], strict=True):
        answer = bob.types(f"/incident command take {text}", channel)
        if bob.form:
            bob.closes_form()
            continue
        _answers(answer)
        if "is asked for command" in answer:
            ada.clicks("I keep it", "@watchbill").says("stays yours")
        ada.types("/incident handoff", channel)
        ada.submits({"To whom?": bob.id, "What worries you?": text[:2900], "What to do first?": other[:2900]})
        if ada.form:
            ada.closes_form()
        else:
            ada.types("/incident handoff withdraw", channel).says("not offered")
    ada.types("/incident handoff @bob", channel)
    bob.clicks("I have command", channel).says("You have command")
    _answers(ada.types("/incident command", channel))
    _answers(ada.types("/incident catchup", channel))
    _harmless(workspace)


def test_forms_and_last_words(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Checkout is down")
    workspace.forgive()
    pairs = list(zip(TEXTS[::2], TEXTS[1::2], strict=False))
    for text, other in pairs:
        ada.clicks("Add note", channel)
        ada.submits({"Text": text, "What is it?": "decision"})
        if ada.form:
            ada.closes_form()
        ada.clicks("Edit", channel)
        ada.submits({"Title": other, "Summary": text, "Link of the call": other})
        if ada.form:
            ada.closes_form()
    for number, (text, other) in enumerate(pairs):
        _types(workspace, channel, f"/incident {'cancel' if number % 3 else 'resolve'} {text}")
        _types(workspace, channel, f"/incident reopen {other}")
        _types(workspace, workspace.channel("#general"), f"/incident note {other}")
    _answers(ada.types("/incident timeline", channel))
    _answers(ada.types("/incident show", channel))
    _harmless(workspace)
