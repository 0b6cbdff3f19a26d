"""The duty roster: set, reminded of, covered, kept in a calendar; and the zones in which people type."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.harness import Workspace

BERLIN = ZoneInfo("Europe/Berlin")


def test_smoke(workspace: Workspace) -> None:
    ada = workspace.person("ada")
    print(ada.types("/incident duty").text)
    print(ada.types("/incident duty set @ada @bob @eve weekly monday 09:00 Europe/Berlin").text)
    print(ada.types("/incident duty").text)
    print(ada.types("/incident duty cover @chen from tomorrow 09:00 to 18:00").text)
    print(ada.types("/incident duty").text)
    print(ada.types("/incident duty uncover 1").text)
    for text in ["set", "set @ada", "set @ada weekly 09:00", "set @ada daily", "set @ada daily monday 09:00", "set @ada @ada daily 09:00", "set @nobody daily 09:00", "set @otto daily 09:00",
                 "set @ada every 0 days 09:00", "cover @eve", "cover from now to 18:00", "cover @eve to soon", "uncover 7", "uncover x", "from ftp://x", "foo", "stop now"]:
        print(text, "=>", ada.types(f"/incident duty {text}").text)
    print(ada.types("/incident me").text)
    print(ada.types("/incident me zone berlin").text)
    print(ada.types("/incident me zone Europe/Berlin").text)
    print(ada.types("/incident me zone slack").text)
    print(ada.types("/incident me foo").text)
    print(ada.types("/incident duty stop").text)
    for who in ("ada","bob","eve","chen"):
        for m in workspace.dm(who).messages: print(who, m.text)
    assert 0
