"""What is still open when an incident is resolved: named then, and refused never."""

from dataclasses import dataclass

from bot.domain.need import Need
from bot.domain.page import Page
from bot.domain.vendor import VendorCase


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOpen:
    """Asks and vendor cases go on being open; pages end with the incident."""

    needs: tuple[Need, ...] = ()
    cases: tuple[VendorCase, ...] = ()
    pages: tuple[Page, ...] = ()
