"""Pushing to Statuspage: each update once, in order, whatever answer is lost."""

from dataclasses import replace
from typing import Any

from bot.domain.incident import State
from bot.status.statuspage_push import Request, find, next_request
from tests.status.pages import NOW, OUTAGE, said

COMPONENTS = {"shared-databases/production": "c1", "shared-databases/free": "c2", "deploys": "c3"}


class Statuspage:
    """What the write API does with these requests, as its documentation has it."""

    def __init__(self) -> None:
        self.incidents: list[dict[str, Any]] = []

    def take(self, request: Request) -> None:
        fields = dict(request.body["incident"])
        update = {"body": fields.pop("body"), "status": fields["status"]}
        if request.method == "POST":
            self.incidents.append({"id": f"i{len(self.incidents)}", "incident_updates": [update], **fields})
            return
        one = next(one for one in self.incidents if request.path.endswith(f"/{one['id']}"))
        one["incident_updates"].insert(0, update)
        one.update(fields)


def push(there: Statuspage, incident: Any) -> int:
    """Until nothing is left to do; how many requests it took."""
    for count in range(20):
        request = next_request("p1", incident, find(incident, there.incidents), COMPONENTS)
        if request is None:
            return count
        there.take(request)
    raise AssertionError("it never ends")


def test_all_updates_are_there_once_and_in_order() -> None:
    there = Statuspage()
    assert push(there, OUTAGE) == 4
    assert push(there, OUTAGE) == 0
    (one,) = there.incidents
    assert [update["status"] for update in one["incident_updates"]] == ["identified"] * 3 + ["investigating"]
    assert one["incident_updates"][1]["body"] == "Correction:\n\n314 of 900 shared databases are restored."
    assert one["name"] == "Databases can't be reached"
    assert one["components"] == {"c1": "partial_outage", "c2": "major_outage", "c3": "partial_outage"}


def test_what_is_corrected_or_resolved_later_is_not_sent_again() -> None:
    there = Statuspage()
    push(there, replace(OUTAGE, updates=tuple(replace(one, corrected_at=None) for one in OUTAGE.updates)))
    assert push(there, OUTAGE) == 0
    over = said("7-9", 0, State.RESOLVED, "All is back.")
    assert push(there, replace(OUTAGE, updates=(over, *OUTAGE.updates), ended_at=NOW, next_at=None)) == 1
    assert there.incidents[0]["status"] == "resolved"
    assert set(there.incidents[0]["components"].values()) == {"operational"}


def test_another_incident_of_the_same_words_is_another() -> None:
    there = Statuspage()
    push(there, OUTAGE)
    push(there, replace(OUTAGE, id="another00000"))
    assert len(there.incidents) == 2


def test_who_says_the_same_twice_is_there_twice() -> None:
    there = Statuspage()
    again = replace(OUTAGE.updates[0], id="again0000000", at=NOW)
    assert push(there, replace(OUTAGE, updates=(again, *OUTAGE.updates))) == 5
