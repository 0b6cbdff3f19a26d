"""A commander takes command at once: each time it is said, also when two do so in one second."""

from bot.actions.command import taking
from bot.domain.effect import EffectKind
from storage import incidents, outbox
from storage.store import Store
from tests.support.story import BOB, EVE, begin


def test_two_in_one_second_are_both_said(store: Store) -> None:
    with store.write() as tx:
        incident = begin(tx)
        for person in (BOB, EVE):
            taking.relieve(tx, incidents.get(tx, incident.number), person, "the others sleep")
        said = [row.intent for row in outbox.waiting_of(tx, {EffectKind.POST}) if row.intent["what"] == "command"]
    assert [(one["about"]["by"], one["about"]["reason"]) for one in said] == [
        (BOB, "the others sleep"),
        (EVE, "the others sleep"),
    ]
