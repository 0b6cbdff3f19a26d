"""What people type about vendor cases, and when somebody is reminded of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.vendor import Opening, Said, VendorCase, chase_at, meant, opening, read, read_opening
from bot.errors import WrongWords

T = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
AWS = VendorCase(
    id=1,
    incident=1,
    vendor="aws",
    reference="1234",
    priority="",
    contact="",
    opened_by="UADA00001",
    opened_at=T,
    heard_at=T,
    note="",
    version=1,
)
OTHER = replace(AWS, id=2, reference="99")
FASTLY = replace(AWS, id=3, vendor="Fastly Inc", reference="A-1", closed_at=T)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("aws case 1234 high Jane Doe +1 555", Opening("aws", "1234", "high", "Jane Doe +1 555")),
        ("aws case #1234", Opening("aws", "1234")),
        ("aws CASE 1234 priority Urgent", Opening("aws", "1234", "Urgent")),
        ("google cloud case 77 Jane", Opening("google cloud", "77", "", "Jane")),
        ("aws case 12 1", Opening("aws", "12", "1")),
    ],
)
def test_a_case_is_read(text: str, found: Opening) -> None:
    assert read_opening(read(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("aws note they contact\nJane", Said("aws", "note", "they contact\nJane")),
        ("aws 1234 closed", Said("aws 1234", "closed", "")),
        ("aws close", Said("aws", "closed", "")),
        ("aws contact", Said("aws", "contact", "")),
    ],
)
def test_what_is_done_is_the_first_word_that_says_so(text: str, found: Said) -> None:
    assert read(text) == found


@pytest.mark.parametrize("text", ["aws", "note they answered", "aws 1234", "aws case", f"{'x' * 41} case 1", "\u202e"])
@pytest.mark.parametrize("more", ["", " "])
def test_what_names_no_case_is_refused(text: str, more: str) -> None:
    with pytest.raises(WrongWords) as refused:
        read_opening(read(text + more))
    assert refused.value.hint


@pytest.mark.parametrize("given", [("aws", "x" * 81, "", ""), ("aws", "1", "x" * 41, ""), ("aws", "1", "", "x" * 201)])
def test_what_is_too_long_is_refused(given: tuple[str, str, str, str]) -> None:
    with pytest.raises(WrongWords, match="characters"):
        opening(*given)


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ("AWS", [AWS, OTHER]),
        ("aws 99", [OTHER]),
        ("aws 7", []),
        ("fastly inc", [FASTLY]),
        ("fastly", []),
    ],
)
def test_which_cases_are_meant(who: str, found: list[VendorCase]) -> None:
    assert meant([AWS, OTHER, FASTLY], who) == found


def test_of_a_vendor_the_open_cases_are_meant() -> None:
    assert meant([AWS, replace(OTHER, closed_at=T)], "aws") == [AWS]


@pytest.mark.parametrize(
    ("vendor", "shown"), [("aws", "AWS"), ("fastly", "Fastly"), ("iDrac", "iDrac"), ("google cloud", "Google cloud")]
)
def test_a_vendor_is_shown_as_one_writes_it(vendor: str, shown: str) -> None:
    assert replace(AWS, vendor=vendor).shown_vendor == shown


@pytest.mark.parametrize(
    ("case", "chased_at", "after", "due"),
    [
        (AWS, None, HOUR, T + HOUR),
        (AWS, T + HOUR, HOUR, T + 2 * HOUR),
        (replace(AWS, heard_at=T + 2 * HOUR), T + HOUR, HOUR, T + 3 * HOUR),
        (AWS, None, None, None),
        (replace(AWS, closed_at=T), None, HOUR, None),
    ],
)
def test_when_it_is_chased(
    case: VendorCase, chased_at: datetime | None, after: timedelta | None, due: datetime | None
) -> None:
    assert chase_at(case, chased_at, after) == due
