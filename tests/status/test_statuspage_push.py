"""Pushing to Statuspage: each update once, in order, whatever answer is lost."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.incident import State
from bot.status.snapshot import Incident
from bot.status.statuspage_push import Request, Wanted, digest, find, levels, next_change, next_request
from tests.status.pages import NOW, OUTAGE, said

COMPONENTS = {"shared-databases/production": "c1", "shared-databases/free": "c2", "deploys": "c3"}
OVER = said("7-9", 0, State.RESOLVED, "All is back.")


class Statuspage:
    """What the write API does with these requests, as its documentation has it. `alters`: words come back changed."""

    def __init__(self, *, alters: bool = False) -> None:
        self.incidents: list[dict[str, Any]] = []
        self.levels: dict[str, str] = {}
        self.alters = alters

    def take(self, request: Request) -> None:
        if "component" in request.body:
            self.levels[request.path.rpartition("/")[2]] = request.body["component"]["status"]
            return
        fields = dict(request.body["incident"])
        words = fields.pop("body")
        update = {"body": f"<p>{words}</p>" if self.alters else f"{words}\n", "status": fields["status"]}
        if request.method == "POST":
            self.incidents.append({"id": f"i{len(self.incidents)}", "incident_updates": [update], **fields})
            return
        one = next(one for one in self.incidents if request.path.endswith(f"/{one['id']}"))
        one["incident_updates"].insert(0, update)
        one.update(fields)

    @property
    def states(self) -> list[str]:
        return [update["status"] for update in self.incidents[0]["incident_updates"]]


def wanted(incident: Incident, **more: Any) -> Wanted:
    about = {"page": "p1", "incident": incident, "levels": levels([incident], COMPONENTS), "key": "ours"}
    return Wanted(**{**about, **more})


def push(there: Statuspage, incident: Incident, **more: Any) -> int:
    """Until nothing is left to do; how many requests it took."""
    for count in range(20):
        request = next_request(wanted(incident, **more), find(wanted(incident, **more), there.incidents))
        if request is None:
            return count
        there.take(request)
    raise AssertionError("it never ends")


def test_all_updates_are_there_once_and_in_order() -> None:
    there = Statuspage()
    assert push(there, OUTAGE) == 4
    assert push(there, OUTAGE) == 0
    (one,) = there.incidents
    assert there.states == ["identified"] * 3 + ["investigating"]
    body = "Correction:\n\n314 of 900 shared databases are restored.\n\nThe cause is not known yet.\n"
    assert one["incident_updates"][1]["body"] == body
    assert one["name"] == "Databases can't be reached"
    assert one["components"] == {"c1": "partial_outage", "c2": "major_outage", "c3": "partial_outage"}


def test_what_is_corrected_or_resolved_later_is_not_sent_again() -> None:
    there = Statuspage()
    push(there, replace(OUTAGE, updates=tuple(replace(one, corrected_at=None) for one in OUTAGE.updates)))
    assert push(there, OUTAGE) == 0
    assert push(there, replace(OUTAGE, updates=(OVER, *OUTAGE.updates), ended_at=NOW, next_at=None)) == 1
    assert there.incidents[0]["status"] == "resolved"
    assert set(there.incidents[0]["components"].values()) == {"operational"}


def test_another_incident_of_the_same_words_is_another() -> None:
    there = Statuspage()
    push(there, OUTAGE)
    push(there, replace(OUTAGE, id="another00000"))
    assert len(there.incidents) == 2


def test_the_same_number_in_another_database_is_another() -> None:
    there = Statuspage()
    push(there, replace(OUTAGE, ended_at=NOW, next_at=None))
    assert push(there, replace(OUTAGE, title="A trial"), key="trial") == 4
    assert [one["name"] for one in there.incidents] == ["Databases can't be reached", "A trial"]
    assert there.states[0] == "resolved"


@pytest.mark.parametrize("alters", [False, True])
@pytest.mark.parametrize("sent", [True, False])
def test_an_id_that_is_given_again_stands_for_other_words(alters: bool, sent: bool) -> None:
    there = Statuspage(alters=alters)
    push(there, OUTAGE)
    lost = OUTAGE.updates[0]
    after = replace(lost, text="All of them are restored.")
    kept = {one.id: digest(one) for one in OUTAGE.updates} if sent else {}
    restored = replace(OUTAGE, updates=(after, *OUTAGE.updates[1:]))
    assert (push(there, restored, sent=kept), push(there, restored, sent=kept)) == (1, 0)
    assert "All of them are restored." in there.incidents[0]["incident_updates"][0]["body"]


def test_a_digest_is_of_the_words_only() -> None:
    one = OUTAGE.updates[0]
    assert digest(replace(one, corrected_at=NOW, at=NOW, id="another")) == digest(one)
    others = [
        replace(one, state=State.MONITORING),
        replace(one, no_estimate_why="Who knows"),
        replace(one, corrects="x"),
    ]
    assert len({digest(other) for other in [one, *others]}) == 4


@pytest.mark.parametrize("noted", [None, "by another", {"id": "ours", "updates": ["a"]}, {"updates": {"a": ["b"]}}])
def test_whatever_stands_in_the_metadata_it_goes_on(noted: object) -> None:
    there = Statuspage()
    push(there, OUTAGE)
    there.incidents[0]["metadata"] = {"watchbill": noted}
    assert next_request(wanted(OUTAGE), there.incidents[0]) is None, "the words are there"


def test_who_says_the_same_twice_is_there_twice() -> None:
    there = Statuspage()
    again = replace(OUTAGE.updates[0], id="again0000000", at=NOW)
    assert push(there, replace(OUTAGE, updates=(again, *OUTAGE.updates))) == 5


def test_words_that_come_back_changed_are_known_all_the_same() -> None:
    there = Statuspage(alters=True)
    assert (push(there, OUTAGE), push(there, OUTAGE)) == (4, 0)


def test_what_was_accepted_is_never_sent_again_whatever_is_shown() -> None:
    there = Statuspage(alters=True)
    push(there, OUTAGE)
    there.incidents[0]["metadata"] = {}
    request = next_request(wanted(OUTAGE, sent={one.id: digest(one) for one in OUTAGE.updates}), there.incidents[0])
    assert request is None


def test_what_others_keep_in_the_metadata_stays() -> None:
    there = Statuspage()
    push(there, replace(OUTAGE, updates=OUTAGE.updates[1:]))
    there.incidents[0]["metadata"]["jira"] = {"id": "OPS-1"}
    push(there, OUTAGE)
    assert there.incidents[0]["metadata"]["jira"] == {"id": "OPS-1"}


def test_an_end_without_an_update_and_a_reopening_are_said_once() -> None:
    there = Statuspage()
    push(there, OUTAGE)
    ended = replace(OUTAGE, ended_at=NOW, next_at=None)
    assert (push(there, ended), push(there, ended)) == (1, 0)
    assert there.incidents[0]["incident_updates"][0]["body"] == "This incident is resolved.\n"
    assert set(there.incidents[0]["components"].values()) == {"operational"}
    assert push(there, OUTAGE) == 1
    assert there.states[:2] == ["identified", "resolved"]
    there.incidents[0]["status"] = "resolved"
    assert push(there, OUTAGE, turned="open") == 0, "somebody resolved it there"
    assert push(there, replace(ended, updates=(OVER, *OUTAGE.updates)), turned="open") == 1
    assert there.incidents[0]["incident_updates"][0]["body"] == "All is back.\n"


def test_a_correction_brings_back_no_state() -> None:
    there = Statuspage()
    fix = said("7-8", 0, State.INVESTIGATING, "Since 08:00.", corrects=OUTAGE.updates[-1].id)
    push(there, replace(OUTAGE, updates=(fix, *OUTAGE.updates)))
    assert there.incidents[0]["status"] == "identified"


def test_a_component_is_as_bad_as_the_worst_that_is_said_of_it() -> None:
    one = {"shared-databases": "c1", "dedicated-databases": "c1", "deploys": "c3"}
    assert levels([OUTAGE], one) == {"c1": "major_outage", "c3": "partial_outage"}
    ended = replace(OUTAGE, id="b", ended_at=NOW)
    assert levels([OUTAGE, ended], one) == levels([ended, OUTAGE], one) == levels([OUTAGE], one)
    assert levels([ended], one) == {"c1": "operational", "c3": "operational"}


@pytest.mark.parametrize(
    ("right", "known", "change"),
    [
        ({}, {}, None),
        ({"c1": "operational"}, {}, None),
        ({"c1": "major_outage"}, {}, ("c1", "major_outage")),
        ({"c1": "major_outage"}, {"c1": "major_outage"}, None),
        ({}, {"c2": "major_outage"}, ("c2", "operational")),
        ({}, {"gone": "major_outage"}, None),
    ],
)
def test_only_components_at_another_level_are_touched(
    right: dict[str, str], known: dict[str, str], change: tuple[str, str] | None
) -> None:
    assert next_change(right, known, ["c1", "c2", "c2"]) == change
    request = next_request(wanted(OUTAGE, change=change), None)
    assert request is not None
    assert request.method == "POST", "updates come first"
