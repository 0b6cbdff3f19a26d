"""A day of status updates: on time, late, put off, held, repeated, corrected, of somebody who may not, and the end."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.harness import Starter, Workspace
from tests.harness.message import Message
from tests.harness.person import Person

SETTINGS = """
# update_every_minutes: as they are by default.
[[components]]
name = "shared-databases"
title = "Shared databases"
tiers = ["production", "free"]
"""
CAUSE = {"Is the cause known?": "suspected", "The cause, in their words": "A fault in our vendor's network"}
CHECKING = "We restore the databases one by one and check each of them before we open it to you."
DUE, LATE = "The next public update of *INC-1*", "The public update of *INC-1*"


class Day:
    """One incident, who is in it, and what they do with updates."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace, self.clock = workspace, workspace.clock
        self.ada, self.bob, self.eve = (workspace.person(handle) for handle in ("ada", "bob", "eve"))
        self.channel = self.ada.declares("Databases are down sev2")
        self.thread = workspace.channel("#incidents")

    def says(self, words: str) -> None:
        """Ada types what changes the facts; what the channel hears of it is another story's."""
        self.ada.types(f"/incident {words}", self.channel)
        for message in self.channel.unexpected():
            self.workspace.ledger.consume(message)

    def publishes(self, who: Person, **answers: str) -> Message:
        """From the open form to the channel: the preview first, then the post."""
        who.submits({LABELS[name]: text for name, text in answers.items()}).says("This is what customers will see")
        assert not who.submits().errors
        assert who.form is None, "all forms close"
        return self.sent("Public update")

    def sent(self, *words: str) -> Message:
        """Published: once in the channel, once under the announcement."""
        assert "@" not in self.thread.expects("*Public update", "on INC-1 by").text
        return self.channel.expects("*Public update", *words)

    def writes(self, who: Person) -> None:
        who.types("/incident update public", self.channel)
        who.sees_form("Public update")

    def draft(self, *words: str) -> Message:
        """Five minutes before, to whoever has communications."""
        return self.workspace.dm("bob").expects(DUE, "is due at", *words)

    def late(self, *words: str) -> Message:
        """To the IC and the deputy."""
        self.workspace.dm("eve").expects(LATE, *words)
        return self.workspace.dm("ada").expects(LATE, *words)

    @property
    def promises(self) -> list[str]:
        return [row["state"] for row in self.workspace.bot.rows("SELECT state FROM promises ORDER BY id")]

    def until_due(self, **later: float) -> None:
        """To when the open promise is due, and so much further."""
        row = self.workspace.bot.rows("SELECT due_at FROM promises WHERE state = 'open'")[0]
        due = datetime.fromisoformat(row["due_at"]).replace(tzinfo=UTC)
        self.clock.until(due + timedelta(**later) + timedelta(seconds=1))
        # Nobody asks Ada whether she is there: that is another story.
        self.ada.types("Still on it", self.channel)


LABELS = {
    "title": "Title for customers",
    "state": "State",
    "text": "Text",
    "cause": "Is the cause known?",
    "cause_text": "The cause, in their words",
    "estimate": "When will it be over?",
    "no_estimate": "If nobody can say: why not?",
    "next": "When is the next one promised?",
}


def test_a_day_of_updates(workspace_with: Starter) -> None:
    day = Day(workspace_with(SETTINGS))
    ada, bob, channel = day.ada, day.bob, day.channel
    assert channel.card().has("First public update due")
    day.says("role communications @bob")
    day.says("role deputy @eve")
    day.says("impact shared-databases/production major_outage affected 900")
    day.says('progress "shared databases" 412/900')

    # On time, by the draft.
    day.until_due(minutes=-5)
    ready = day.draft("412 of 900 shared databases restored.", "Shared databases (production): major outage since")
    assert ready.buttons == ["Use this draft…", "Snooze 15 min", "Snooze 30 min"]
    bob.presses("Use this draft", ready)
    assert bob.sees_form("Public update").initial("Text").startswith("412 of 900 shared databases restored.")
    first = day.publishes(bob, title="Databases can't be reached", cause="suspected", cause_text="A vendor's network")
    assert first.has("*Public update 1* by Bob Kahn", "Databases can't be reached", "Suspected cause: A vendor")
    assert first.has("Next update by")
    assert day.promises == ["kept", "open"]
    assert channel.card().has("Last public update", "next due")

    # Late, and the clock of nobody else.
    day.says('progress "shared databases" 655/900')
    day.says("decision public We restore production before free")
    day.until_due(minutes=-5)
    day.draft("412 → 655 of 900 shared databases restored since", "We restore production before free.")
    day.until_due()
    day.late("is *due now*")
    assert channel.card().has("*late*")
    assert day.thread.messages[0].has("*late*")
    day.until_due(minutes=15)
    day.late("is *late by 15 min*")
    ada.types("/incident list", channel).says("public update *late by 15 min*")
    day.writes(ada)
    second = day.publishes(ada, text=CHECKING)
    assert day.promises == ["kept", "late", "open"]
    assert not channel.card().has("*late*")

    # Put off, once, and then on time.
    day.until_due(minutes=-5)
    ready = day.draft("I know of nothing new since the last update")
    bob.presses("Snooze 15 min", ready).says("is due at", "That was the one time.")
    bob.presses("Snooze 15 min", ready).says("This update was put off already, and once is all.")
    assert channel.card().has("(put off once)")
    day.until_due(minutes=-5)
    assert day.draft("I know of nothing new").buttons == ["Use this draft…"]
    # The same again is held back, and says so first.
    day.writes(bob)
    bob.submits({"Text": CHECKING.replace("one by one", "one after one")})
    held = bob.submits()
    assert held.text.index("NOT SENT") == 0
    held.says("says nearly what update 2 said", CHECKING, "What has changed since", "Nothing.", "counts as repeated")
    channel.expects_nothing()
    bob.closes_form()
    assert bob.sees_form("Public update").initial("Text") == ""
    day.publishes(bob, text="All of production is restored. We go on with the free tier.")
    assert day.promises == ["kept", "late", "kept", "open"]

    # Held, and sent all the same: on the minute, and yet not on time.
    day.until_due(minutes=-5)
    day.draft()
    day.writes(ada)
    ada.submits({"Text": "All of production is restored; we go on with the free tier."})
    ada.submits().says("NOT SENT")
    assert ada.submits().errors == {}
    day.sent("*Public update 4*")
    assert day.promises == ["kept", "late", "kept", "repeated", "open"]

    # Corrected: the wrong one stays, marked.
    ada.presses("Correct", second)
    form = ada.sees_form("Correct update 2")
    assert form.initial("Text") == CHECKING
    ada.submits({"Text": "We restore them tier by tier."}).says("This is what customers will see")
    ada.submits()
    day.thread.expects("*Public update 5*, a correction, on INC-1 by")
    channel.expects("*Public update 5*, a correction, by Ada Lovelace", "We restore them tier by tier.")
    wrong = channel.again(second)
    assert wrong.has("*Public update 2 was corrected*", "is update 5", CHECKING)
    assert wrong.buttons == []
    assert any(one.has("*Public update 2* on INC-1 was corrected. It said:", CHECKING) for one in day.thread.messages)
    assert day.promises[-1] == "open", "a correction keeps no promise and makes none"
    ada.types("/incident update correct 2").says("Update 2 was corrected already.", "update correct INC-1 5")

    asked_to_publish(day)
    severity_and_end(day)


def asked_to_publish(day: Day) -> None:
    """Chen is in the incident and may not publish: Bob is asked; once he publishes, once he does not."""
    workspace, bob, chen = day.workspace, day.bob, day.workspace.person("chen")
    chen.joins(day.channel)
    workspace.dm("chen").expects("INC-1")
    day.writes(chen)
    assert "You may not publish: I'll ask" in chen.sees_form("Public update").text
    chen.submits({"Text": "Backups are slow, the free tier takes longer."}).says("Not sent yet", "I have asked @bob")
    chen.closes_form()
    day.channel.expects_nothing()
    asked = workspace.dm("bob").expects("Chen Wei has written a public update", "Backups are slow")
    assert asked.buttons == ["Preview…", "Edit…", "Discard"]
    bob.presses("Preview", asked)
    bob.submits()
    assert bob.form is None
    day.sent("*Public update 6* by Bob Kahn", "Backups are slow")
    workspace.dm("chen").expects("Bob Kahn has published what you wrote: it is public update 6")
    assert day.promises[-2:] == ["kept", "open"]
    bob.presses("Discard", asked).says("was sent or discarded already")
    day.writes(chen)
    chen.submits({"Text": "It was Gita's fault."})
    chen.closes_form()
    asked = workspace.dm("bob").expects("has written a public update", "Gita")
    bob.presses("Discard", asked).says("that draft is not sent")
    workspace.dm("chen").expects("Bob Kahn has decided not to send what you wrote")


def severity_and_end(day: Day) -> None:
    """Raised: cadence from now. Lowered to what promises none: nothing more is due. Resolved: nothing ever again."""
    workspace, ada, channel = day.workspace, day.ada, day.channel
    day.says("severity sev1")
    assert day.promises[-2:] == ["replaced", "open"]
    assert workspace.bot.one(
        "SELECT (julianday(due_at) - julianday(made_at)) * 1440 FROM promises WHERE state = 'open'"
    ) == pytest.approx(30, abs=0.1)
    day.until_due(minutes=-5)
    day.draft()
    day.says("severity sev4")
    assert day.promises[-1] == "replaced"
    day.clock.forward(hours=1)
    day.says("severity sev2")
    assert day.promises[-2:] == ["replaced", "open"]
    day.says("impact shared-databases/production operational")
    resolved = ada.types("/incident resolve all is back", channel).says("is resolved.", "Customers were told")
    assert "Final public update…" in resolved.buttons
    channel.expects("*resolved*", "all is back")
    assert day.promises[-1] == "ended"
    assert resolved.message
    ada.presses("Final public update", resolved.message)
    form = ada.sees_form("Public update")
    assert form.initial("Text").startswith("Shared databases (production): working again since")
    assert "When is the next one promised?" not in form.inputs
    assert day.publishes(ada).has("Resolved", "working again")
    assert day.promises[-1] == "ended"
    workspace.dm("ada").expects("Shall others take turns")
    day.clock.forward(hours=24)
    rows = workspace.bot.rows("SELECT key, state, reason FROM reminders WHERE kind LIKE 'update-%'")
    assert {row["state"] for row in rows} == {"delivered", "superseded"}
    assert len({row["key"] for row in rows}) == len(rows)
    published = workspace.bot.rows("SELECT number, state FROM updates ORDER BY number")
    gone = {2: "corrected", 7: "discarded"}
    assert [row["state"] for row in published] == [gone.get(row["number"], "published") for row in published]
