"""Progress: readings by command and form, the bar on the card, the estimate given and withheld, the chart."""

import struct
import urllib.request

from tests.harness import Workspace
from tests.harness.place import Place

PNG = b"\x89PNG\r\n\x1a\n"


def charts(workspace: Workspace, channel: Place) -> list[bytes]:
    """The pictures in the channel, as the sandbox has them; each counts as expected."""
    found = []
    for message in channel.messages:
        for file in message.body.get("extra", {}).get("files", []):
            workspace.ledger.consume(message)
            with urllib.request.urlopen(file["url_private"]) as answer:
                found.append(answer.read())
            assert "shared databases: " in file["alt_txt"]
            assert message.has("*Progress of INC-1*, asked for by Ada Lovelace", "*shared databases* ▰")
    return found


def test_a_restore_is_counted_estimated_corrected_and_drawn(workspace: Workspace) -> None:
    ada, bob = workspace.person("ada"), workspace.person("bob")
    channel = ada.declares("Databases are down")
    ada.types("/incident progress").says("Nothing is counted in INC-1 yet", '"shared databases" 412/900')
    told = ada.types('/incident progress "shared databases" 100/900')
    told.says("*shared databases* of INC-1: *100/900 (11 %)* as of", "UTC", "No estimate: too few readings")
    shown = channel.expects("*shared databases*", "▰▱▱▱▱▱▱▱▱▱ 100/900 (11 %)", "kept current here")
    for value in (150, 205, 250, 300, 350):
        workspace.clock.forward(minutes=30)
        ada.types(f"/incident progress {value}/900", settle=value == 350)
    ada.answers()
    channel.expects_nothing()
    assert channel.again(shown).has("350/900 (38 %)", "+100 an hour", "an estimate from the last 6 readings")
    assert channel.card().has("*shared databases* ▰▰▰▱▱▱▱▱▱▱ 350/900 (38 %) · done between", "(an estimate from the")
    # A name that is nearly the same, a correction, and readings that say no more when it ends.
    asked = ada.types("/incident progress shard databases 360/900").says("is counted already. Which do you mean?")
    ada.clicks("It is shared databases", channel).says("*360/900 (40 %)*", "instead of 350/900")
    assert "It is a new one" in asked.buttons
    ada.types('/incident progress undo "shared databases"').says("Taken back: *shared databases* 360/900", "300/900")
    workspace.clock.forward(minutes=30)
    ada.types("/incident progress shared databases 290/900").says("No estimate: it went back")
    assert channel.card().has("290/900", "no estimate: it went back")
    bob.joins(channel)
    workspace.dm("bob").expects("*Progress*", "*shared databases*", "no estimate: it went back")
    # By the form, as of an earlier time; and what is no reading.
    bob.types("/incident progress", channel).says("Progress of INC-1", "an hour", "No estimate: it went back")
    bob.clicks("Add a reading", channel)
    refused = bob.submits({"What is counted?": "new", "How many are done?": "4"})
    assert refused.errors == {"Name, when it is something new": "What is counted? Give it a name."}
    answers = {"Name, when it is something new": "<!channel> deploys", "When was that?": "yesterday 23:00"}
    bob.submits({"What is counted?": "new", "How many are done?": "3", "Out of how many?": "4"} | answers)
    channel.expects("&lt;!channel&gt; deploys", "3/4 (75 %)")
    for wrong, said in (("x 900/412", "more than"), ("x 0/0", "Out of nothing"), (f"{'x' * 10_000} 1/2", "80 fit")):
        ada.types(f"/incident progress {wrong}").says(said)
    ada.types("/incident timeline").says("shared databases: 350/900 (38 %)", "was taken back")
    assert "@channel" not in channel.card().raw
    assert "<!channel>" not in channel.card().raw


def test_a_chart_is_posted_once_whatever_dies(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    channel = ada.declares("Databases are down")
    ada.types("/incident progress chart").says("Nothing is counted in INC-1")
    for value in (100, 150, 205, 250):
        ada.types(f'/incident progress "shared databases" {value}/900', settle=value == 250)
        workspace.clock.forward(minutes=30)
    ada.answers()
    channel.expects("*shared databases*", "250/900")
    ada.types("/incident progress chart").says("The chart of shared databases comes into the channel")
    (first,) = charts(workspace, channel)
    assert first.startswith(PNG)
    assert struct.unpack(">II", first[16:24]) == (1440, 612)
    # Dead with the picture uploaded and not shared, then with it shared and not known.
    for phase in ("before", "after"):
        workspace.faults.add(on="files.completeUploadExternal", do="kill_bot", phase=phase)
        ada.types("/incident progress chart", settle=False)
        workspace.settle()
        ada.answers()
        workspace.bot.start()
        workspace.clock.forward(minutes=2)
        workspace.faults.clear()
    assert len(charts(workspace, channel)) == 3
    workspace.doors.control("scopes", scopes=["chat:write", "channels:history", "groups:history", "channels:join"])
    ada.types("/incident progress chart").says("comes into the channel")
    channel.expects("*shared databases* ▰▰▱▱▱▱▱▱▱▱ 250/900", "the scope `files:write`")
    assert len(charts(workspace, channel)) == 3
