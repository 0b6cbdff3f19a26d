"""The files: valid, whole, harmless whatever was typed, and read by programs that were made for others' pages."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

import feedparser
import pytest
import tinyhtml5
from tinyhtml5.parser import HTMLParser

from bot.status.files import Drawing
from bot.status.snapshot import Incident, Snapshot
from tests.status.pages import CALM, DOWN, LATE, NOW, OUTAGE, PAGE, evil, many

UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u200b\ufeff\ud800-\udfff]")
# What may hold an address, and is loaded or followed.
REFERENCE = re.compile(r'(?:href|src)="([^"]*)"')


@pytest.fixture(scope="module")
def sets() -> dict[str, dict[str, bytes]]:
    drawn = {"calm": CALM, "down": DOWN, "late": LATE, "evil": evil()}
    return {name: Drawing().files(snapshot) for name, snapshot in drawn.items()}


def pages(files: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    return ((name, content.decode()) for name, content in files.items() if name.endswith(".html"))


@pytest.mark.parametrize("kind", ["calm", "down", "late", "evil"])
def test_pages_are_valid_and_lead_only_to_what_is_there(sets: dict[str, dict[str, bytes]], kind: str) -> None:
    files = sets[kind]
    for name, text in pages(files):
        parser = HTMLParser()
        parser.parse(text)
        assert parser.errors == [], name
        for reference in REFERENCE.findall(text):
            if reference.startswith("https://"):
                assert reference in {"https://support.example.test/", "https://ok.example.test/"}
            elif reference and not reference.startswith("#"):
                target = normpath(join(dirname(name), reference.split("#")[0]))
                assert target in files, f"{name}: {reference}"


@pytest.mark.parametrize("kind", ["down", "evil"])
def test_pages_keep_to_their_strict_policy(sets: dict[str, dict[str, bytes]], kind: str) -> None:
    for name, text in pages(sets[kind]):
        elements = list(tinyhtml5.parse(text, namespace_html_elements=False).iter())
        assert [one for one in elements if one.tag == "style"] == []
        scripts = [one for one in elements if one.tag == "script"]
        assert [(one.get("src", "").split("/")[-1], one.text) for one in scripts] == [("status.js", None)], name
        attributes = {key for one in elements for key in one.attrib if isinstance(key, str)}
        assert not {key for key in attributes if key.startswith("on") or key == "style"}
        assert {one.get("src") for one in elements if one.tag == "img"} == set()
        assert "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'" in text


def test_what_people_typed_is_text_and_nothing_else(sets: dict[str, dict[str, bytes]]) -> None:
    files = sets["evil"]
    for name, content in files.items():
        assert not UNSEEN.search(content.decode()) or name.endswith((".css", ".js")), name
    shown = tinyhtml5.parse(files["index.html"].decode(), namespace_html_elements=False)
    text = "".join(shown.itertext())
    for part in ("<script>alert(1)</script>", "[click](javascript:alert(3))", "{{ 7*7 }}", "&lt;b&gt;", "</title>"):
        assert part in text
    for name, content in files.items():
        if name.startswith("api/"):
            assert b"<" not in content
            assert json.loads(content)["page"]["id"] == PAGE.id
    assert b"alert" not in files["badge.svg"]
    incident = json.loads(files["api/v2/summary.json"])["incidents"][0]
    assert incident["name"].startswith("<script>alert(1)</script>")
    assert "\n" not in incident["name"]


@pytest.mark.parametrize("kind", ["calm", "down", "late", "evil"])
def test_feeds_are_read(sets: dict[str, dict[str, bytes]], kind: str) -> None:
    files = sets[kind]
    for name in (name for name in files if name.endswith(".atom")):
        feed = feedparser.parse(files[name])
        assert not feed.bozo, name
        assert feed.version == "atom10"
        ids = [entry.id for entry in feed.entries]
        assert len(ids) == len(set(ids)) > 0
        for entry in feed.entries:
            assert entry.updated_parsed
        for content in ElementTree.fromstring(files[name]).iter("{http://www.w3.org/2005/Atom}content"):
            shown = tinyhtml5.parse(content.text or "", namespace_html_elements=False)
            assert {one.tag for one in shown.iter()} <= {"html", "head", "body", "p", "br"}


def test_ids_of_entries_are_uuids_of_their_updates(sets: dict[str, dict[str, bytes]]) -> None:
    entries = feedparser.parse(sets["down"][f"incidents/{OUTAGE.id}.atom"]).entries
    names = [f"watchbill:{PAGE.key}:update:{one.id}" for one in OUTAGE.updates]
    assert [one.id for one in entries] == [uuid5(NAMESPACE_URL, name).urn for name in names]


def test_the_feed_says_each_update_by_itself(sets: dict[str, dict[str, bytes]]) -> None:
    feed = feedparser.parse(sets["down"]["feed.atom"])
    first, second, third, *_ = feed.entries
    assert first.title == "Identified: Databases can't be reached"
    assert "412 of 900 shared databases are restored" in first.content[0].value
    assert "Suspected cause: a network change" in first.content[0].value
    assert first.link == f"https://status.example.test/incidents/{OUTAGE.id}.html#u-{OUTAGE.updates[0].id}"
    assert "Correction:" in second.content[0].value
    assert "Corrected on 21 Nov 2026, 12:41 UTC." in third.content[0].value
    assert len(feed.entries) == 4 + 8
    own = feedparser.parse(sets["down"][f"incidents/{OUTAGE.id}.atom"])
    assert [entry.id for entry in own.entries] == [entry.id for entry in feed.entries[:4]]


def test_the_badge_says_when(sets: dict[str, dict[str, bytes]]) -> None:
    svg = ElementTree.fromstring(sets["down"]["badge.svg"])
    assert svg.get("aria-label") == "status: Major outage, 21 Nov 14:05 UTC"


@contextmanager
def served(files: dict[str, bytes], folder: Path) -> Iterator[str]:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_client_of_statuspage_reads_it(
    sets: dict[str, dict[str, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exporter from PyPI, as it is: it reads summaries of Statuspage's pages."""
    (tmp_path / "services.json").write_text("{}")
    monkeypatch.setenv("SERVICES_JSON_PATH", str(tmp_path / "services.json"))
    monkeypatch.chdir(tmp_path)
    from statuspage_prometheus_exporter.service_checker import check_status_page_service

    with served(sets["down"], tmp_path / "down") as url:
        found = check_status_page_service("down", {"name": "d", "url": f"{url}/api/v2/summary.json"})
    assert found["success"]
    assert (found["status"], found["raw_status"]) == (0, "critical")
    (incident,) = found["incident_metadata"]
    assert incident["name"] == "Databases can't be reached"
    assert incident["affected_components"] == ["Production", "Production", "Free", "Deploys"]
    assert incident["shortlink"] == f"https://status.example.test/incidents/{OUTAGE.id}.html"
    states = {one["name"]: one["status"] for one in found["component_metadata"]}
    assert states["Deploys"] == "partial_outage"
    with served(sets["calm"], tmp_path / "calm") as url:
        found = check_status_page_service("calm", {"name": "c", "url": f"{url}/api/v2/summary.json"})
    assert (found["status"], found["raw_status"], found["incident_metadata"]) == (1, "none", [])


def test_the_api_is_whole(sets: dict[str, dict[str, bytes]]) -> None:
    files = {name.removeprefix("api/v2/"): json.loads(text) for name, text in sets["down"].items() if "api/v2" in name}
    assert set(files) == {
        "summary.json",
        "status.json",
        "components.json",
        "incidents.json",
        "incidents/unresolved.json",
        "scheduled-maintenances.json",
        "scheduled-maintenances/upcoming.json",
        "scheduled-maintenances/active.json",
    }
    for content in files.values():
        assert content["page"]["updated_at"] == "2026-11-21T14:05:00.000Z"
    assert files["scheduled-maintenances.json"]["scheduled_maintenances"] == []
    listed = files["incidents.json"]["incidents"]
    assert [one["status"] for one in listed] == ["identified", *["resolved"] * 4]
    assert [one["impact"] for one in listed] == ["critical", "minor", "critical", "major", "critical"]
    components = {one["id"]: one for one in files["components.json"]["components"]}
    group = next(one for one in components.values() if one["name"] == "Shared databases")
    assert group["group"] is True
    assert group["status"] == "major_outage"
    assert [components[one]["name"] for one in group["components"]] == ["Production", "Free"]
    assert [components[one]["group_id"] for one in group["components"]] == [group["id"]] * 2


def test_what_is_over_is_drawn_once() -> None:
    drawing = Drawing()
    before = drawing.files(DOWN)
    later = replace(DOWN, written_at=NOW.replace(hour=20))
    after = drawing.files(later)
    over, going = DOWN.incidents[1], OUTAGE
    assert after[f"incidents/{over.id}.html"] is before[f"incidents/{over.id}.html"]
    assert after[f"incidents/{going.id}.html"] != before[f"incidents/{going.id}.html"]
    assert after == Drawing().files(later)


def test_earlier_months_have_pages_of_their_own() -> None:
    files = Drawing().files(many(400))
    months = [name for name in files if re.fullmatch(r"history-\d{4}-\d\d\.html", name)]
    assert len(months) > 3
    listed: list[str] = []
    for name in ["history.html", *months]:
        listed += re.findall(r"incidents/(\w+)\.html", files[name].decode())
    assert sorted(listed) == sorted(one.id for one in many(400).incidents)


def test_nothing_internal_has_a_place_in_it() -> None:
    names = set(Incident.__dataclass_fields__) | set(Snapshot.__dataclass_fields__)
    assert not names & {"number", "severity", "summary", "written_by", "published_by", "declared_by", "affected"}
