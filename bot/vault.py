"""The vault: what is kept secret with the key of the settings, and what only we can have signed.

Keys come from `WATCHBILL_SECRET_KEY`, several separated by commas: the first seals and signs, the others still open
what was sealed before, so that a key can be replaced.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.settings import Settings

_SIGNATURE_BYTES = 15


class NoKey(Exception):
    """The settings hold no key, or none that can be used."""


class Vault:
    """Seals and signs. Raises NoKey when made without a usable key."""

    def __init__(self, keys: str) -> None:
        named = [key.strip() for key in keys.split(",") if key.strip()]
        try:
            self._fernets = [Fernet(key) for key in named]
            self._bytes: Sequence[bytes] = [urlsafe_b64decode(key) for key in named]
        except ValueError as error:
            raise NoKey("WATCHBILL_SECRET_KEY is no key: make one with `watchbill key`.") from error
        if not named:
            raise NoKey("WATCHBILL_SECRET_KEY is not set: make one with `watchbill key`.")

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The vault of these settings. Raises NoKey."""
        return cls(settings.secret_key.get_secret_value())

    def seal(self, text: str) -> bytes:
        """`text`, so that only a holder of the key can read it."""
        return MultiFernet(self._fernets).encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """What was sealed. Raises NoKey when it was sealed with a key that is not among ours."""
        try:
            return MultiFernet(self._fernets).decrypt(sealed).decode()
        except InvalidToken as error:
            raise NoKey("It was sealed with another WATCHBILL_SECRET_KEY.") from error

    def sign(self, text: str) -> str:
        """A signature of `text`, short enough for an SMS, that may stand in an address."""
        return _signature(self._bytes[0], text)

    def signed(self, text: str, signature: str) -> bool:
        """Whether one of our keys signed `text`."""
        return any(hmac.compare_digest(_signature(key, text).encode(), signature.encode()) for key in self._bytes)


def new_key() -> str:
    """A fresh key for `WATCHBILL_SECRET_KEY`."""
    return Fernet.generate_key().decode()


def _signature(key: bytes, text: str) -> str:
    # Not the key itself: what is signed must tell nothing about how things are sealed.
    derived = hmac.digest(key, b"watchbill signature", sha256)
    return urlsafe_b64encode(hmac.digest(derived, text.encode(), sha256)[:_SIGNATURE_BYTES]).decode()
