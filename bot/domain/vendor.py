"""Vendor cases: what was asked of a vendor under which reference, and when they were last heard of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.incident import PersonId
from bot.domain.text import clean, clean_line
from bot.errors import WrongWords

VENDOR_LIMIT = 40
REFERENCE_LIMIT = 80
PRIORITY_LIMIT = 40
CONTACT_LIMIT = 200
EXAMPLE = "For example: `/incident vendor aws case 1234 high Jane Doe`"
# What may be said of a case; the words before it name the vendor.
DOINGS = frozenset({"case", "note", "priority", "contact", "closed", "close"})
# A word after the reference that is one of these is the priority; any other begins the contact.
_PRIORITIES = frozenset(
    "low normal medium high urgent critical blocker business-critical p0 p1 p2 p3 p4 p5 s1 s2 s3 s4".split()
    + "sev1 sev2 sev3 sev4 1 2 3 4 5".split()
)
# `aws` is called AWS, `fastly` Fastly; what somebody writes with a capital stays as they write it.
_INITIALS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorCase:
    """One case with a vendor. `heard_at`: when anything was last heard of it or done about it; UTC and aware."""

    id: int
    incident: int
    vendor: str
    reference: str
    priority: str
    contact: str
    opened_by: PersonId
    opened_at: datetime
    heard_at: datetime
    note: str
    version: int
    closed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def shown_vendor(self) -> str:
        """The vendor as one writes it: `AWS` for `aws`."""
        if not self.vendor.islower():
            return self.vendor
        return self.vendor.upper() if len(self.vendor) <= _INITIALS else self.vendor[0].upper() + self.vendor[1:]

    @property
    def name(self) -> str:
        """`AWS case 1234`, as it was typed: not escaped."""
        return f"{self.shown_vendor} case {self.reference}"

    def silent_for(self, now: datetime) -> timedelta:
        """How long nothing was heard."""
        return max(now - self.heard_at, timedelta())


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody typed after `vendor`: whom they mean (`aws`, or `aws 1234`), what they do, and with what words."""

    who: str
    doing: str
    words: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A case as it is opened, by command or form: cleaned, every length checked."""

    vendor: str
    reference: str
    priority: str = ""
    contact: str = ""


def read(text: str) -> Said:
    """What the words after `vendor` say. Raises WrongWords when they name no vendor, or nothing to do."""
    cleaned = clean(text)
    words = cleaned.split()
    place = next((at for at, word in enumerate(words) if word.lower() in DOINGS), None)
    if place is None:
        raise WrongWords("What about this vendor? `case`, `note`, `priority`, `contact` or `closed`.", EXAMPLE)
    if place == 0:
        raise WrongWords("Which vendor?", EXAMPLE)
    doing = words[place].lower()
    # A note keeps its lines.
    rest = cleaned.split(maxsplit=place + 1)
    said = rest[place + 1] if len(rest) > place + 1 else ""
    return Said(" ".join(words[:place]), "closed" if doing == "close" else doing, said.strip())


def read_opening(said: Said) -> Opening:
    """`1234 high Jane +1 555`: the reference, a priority when the next word is one, then the contact."""
    reference, *rest = said.words.split() or [""]
    if rest and rest[0].lower() == "priority":
        rest = rest[1:]
    has_priority = bool(rest) and rest[0].lower() in _PRIORITIES
    contact = rest[1:] if has_priority else rest
    return opening(said.who, reference, rest[0] if has_priority else "", " ".join(contact))


def opening(vendor: str, reference: str, priority: str, contact: str) -> Opening:
    """Raise WrongWords unless these four make a case."""
    vendor, reference = clean_line(vendor), clean_line(reference).lstrip("#")
    if not vendor:
        raise WrongWords("Which vendor?", EXAMPLE)
    if not reference:
        raise WrongWords("A case needs its number, as the vendor calls it.", EXAMPLE)
    check_length("The name of a vendor", vendor, VENDOR_LIMIT)
    check_length("The number of a case", reference, REFERENCE_LIMIT)
    return Opening(vendor, reference, checked_priority(priority), checked_contact(contact))


def checked_priority(text: str) -> str:
    """A priority in the vendor's own words, cleaned; empty is none. Raises WrongWords when it is too long."""
    return check_length("A priority", clean_line(text), PRIORITY_LIMIT)


def checked_contact(text: str) -> str:
    """Whom one talks to there, cleaned; empty is nobody. Raises WrongWords when it is too long."""
    return check_length("A contact", clean_line(text), CONTACT_LIMIT)


def check_length(what: str, text: str, limit: int) -> str:
    """`text`. Raises WrongWords when it is longer than `limit`."""
    if len(text) > limit:
        raise WrongWords(f"{what} may have {limit} characters, and that has {len(text):,}.", EXAMPLE)
    return text


def meant(cases: Sequence[VendorCase], who: str) -> list[VendorCase]:
    """The cases that `aws` or `aws 1234` may mean: of those of the vendor the open ones, else the closed ones."""
    wanted = who.casefold()
    exact = [case for case in cases if wanted == f"{case.vendor} {case.reference}".casefold()]
    of_vendor = [case for case in cases if case.vendor.casefold() == wanted]
    found = exact or of_vendor
    return [case for case in found if case.is_open] or found


def chase_at(case: VendorCase, chased_at: datetime | None, after: timedelta | None) -> datetime | None:
    """When somebody is to be reminded of the case: `after` since the last word, or since the last reminder.

    None when it is closed, or cases of this severity are not chased.
    """
    if after is None or not case.is_open:
        return None
    return max(case.heard_at, chased_at or case.heard_at) + after
