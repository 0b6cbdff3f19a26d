"""Finding somebody by what an operator types."""

from datetime import UTC, datetime

import pytest

from bot.domain.people import Person
from storage import people
from storage.store import Store

NAMES = {"UADA00001": "Ada Lovelace", "UBOB00001": "Bob Kahn", "UBOB00002": "Bob Dylan", "UIAN00001": "Ian van Ada"}


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("UADA00001", ["UADA00001"]),
        ("uada00001", ["UADA00001"]),
        ("Ada Lovelace", ["UADA00001"]),
        (" @lovelace ", ["UADA00001"]),
        ("@ada.lovelace", ["UADA00001"]),
        ("@bobkahn", ["UBOB00001"]),
        ("bob", ["UBOB00002", "UBOB00001"]),
        ("@ada", ["UADA00001", "UIAN00001"]),
        ("love", []),
        ("@", []),
        ("", []),
        ("%", []),
    ],
)
def test_who_is_meant(store: Store, word: str, found: list[str]) -> None:
    with store.write() as tx:
        for one, name in NAMES.items():
            at = datetime(2026, 1, 1, tzinfo=UTC)
            one_person = Person(
                id=one, name=name, zone="UTC", deactivated=False, bot=False, foreign=False, fetched_at=at
            )
            people.save(tx, one_person)
        assert [one.id for one in people.named(tx, word)] == found
