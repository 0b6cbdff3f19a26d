"""The user group of the ICs: who belongs in it, and what a refusal leaves to be done."""

from dataclasses import replace

import pytest

from bot.actions.incident.declare import Declaration, declare
from bot.domain.effect import Effect, EffectKind
from bot.domain.people import Person
from bot.engine.effectors import EFFECTORS
from bot.engine.effectors.base import Call, Drop, Planning, Retry
from bot.settings import Settings
from bot.settings_tables import CommandSettings
from storage import people
from storage.store import Store, Tx
from tests.support.clock import START
from tests.support.story import BOB, IC, begin, settings

GROUP = "S0IC000000"
EFFECTOR = EFFECTORS[EffectKind.USERGROUP]
EFFECT = Effect(
    id=1,
    key="usergroup:x",
    kind=EffectKind.USERGROUP,
    lane="usergroup",
    incident=None,
    intent={},
    sends=0,
    absences=0,
    failures=0,
    first_try_at=None,
    created_at=START,
)


def with_group() -> Settings:
    return settings().model_copy(update={"command": CommandSettings(usergroup=GROUP)})


def wanted(tx: Tx, effect: Effect = EFFECT) -> list[str]:
    """Whom the group is to hold; nobody when it is left as it is."""
    call = EFFECTOR.plan(Planning(tx, with_group()), effect)
    if isinstance(call, Drop):
        return []
    assert isinstance(call, Call)
    assert (call.method, call.arguments["usergroup"]) == ("usergroups.users.update", GROUP)
    return str(call.arguments["users"]).split(",")


def gone(person: str, **how: bool) -> Person:
    known = Person(id=person, name=person, zone="UTC", deactivated=False, bot=False, foreign=False, fetched_at=START)
    return replace(known, **how)  # type: ignore[arg-type]


def test_without_a_group_there_is_nothing_to_do(store: Store) -> None:
    with store.write() as tx:
        begin(tx)
        assert isinstance(EFFECTOR.plan(Planning(tx, settings()), EFFECT), Drop)


@pytest.mark.parametrize("how", ["deactivated", "bot", "foreign"])
def test_who_can_not_be_in_a_group_is_not_asked_for(store: Store, how: str) -> None:
    with store.write() as tx:
        begin(tx)
        assert wanted(tx) == [IC]
        people.save(tx, gone(IC, **{how: True}))
        assert wanted(tx) == [], "it can't be empty"
        declare(tx, settings(), Declaration(title="Search is slow"), BOB)
        assert wanted(tx) == [BOB]


@pytest.mark.parametrize("error", ["invalid_users", "failed_for_some_users"])
def test_whom_a_refusal_names_is_left_out_of_the_next_try(store: Store, error: str) -> None:
    with store.write() as tx:
        begin(tx)
        declare(tx, settings(), Declaration(title="Search is slow"), BOB)
        call = EFFECTOR.plan(Planning(tx, with_group()), EFFECT)
        assert isinstance(call, Call)
        verdict = EFFECTOR.refused(tx, EFFECT, call, error, {"ok": False, "error": error, "users": [BOB]})
        assert isinstance(verdict, Retry)
        assert verdict.intent == {"without": [BOB]}
        again = replace(EFFECT, intent=verdict.intent)
        assert wanted(tx, again) == [IC]
        call = EFFECTOR.plan(Planning(tx, with_group()), again)
        assert isinstance(call, Call)
        assert EFFECTOR.refused(tx, again, call, error, {"ok": False, "error": error}) == Drop(error), "nobody is named"


@pytest.mark.parametrize(
    "error",
    ["permission_denied", "plan_upgrade_required", "missing_scope", "no_such_subteam", "subteam_max_users_exceeded"],
)
def test_every_other_refusal_is_dropped(store: Store, error: str) -> None:
    with store.write() as tx:
        begin(tx)
        for kind in (EffectKind.USERGROUP, EffectKind.GROUPS):
            effect = replace(EFFECT, kind=kind, intent={"usergroup": GROUP})
            call = EFFECTORS[kind].plan(Planning(tx, with_group()), effect)
            assert isinstance(call, Call)
            assert EFFECTORS[kind].refused(tx, effect, call, error, {"needed": "usergroups:write"}) == Drop(error)
