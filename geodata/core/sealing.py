"""Texts that are worth nothing without the site's key, which is not in the store.

AES-256-GCM under a key that HKDF-SHA256 draws from the site's key. Where a text stands is bound
into its seal, so that none can be moved to another column. Nonces are random: 96 bits serve four
thousand million texts under one key.
"""

import base64
import copy
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from geodata.core.errors import SealedStoreError

MARK = "$sealed1$"
NONCE_BYTES = 12


class Sealer:
    """Seals by one site's key, and reads what it or an older key sealed.

    Without a key, texts stay as they are.

    Examples
    --------
    >>> stored = Sealer("a key").seal("jo@example.org", "user.email")
    >>> stored[:9], Sealer("a key").unseal(stored, "user.email")
    ('$sealed1$', 'jo@example.org')
    """

    def __init__(self, site_key: str = "") -> None:
        self._ciphers = {_name(site_key): AESGCM(_drawn(site_key, "texts"))} if site_key else {}
        self._index_key = _drawn(site_key, "index")
        self._name = _name(site_key) if site_key else ""

    def reading_also(self, old_key: str) -> "Sealer":
        """One that seals by the same key, and reads what another sealed too."""
        both = copy.copy(self)
        both._ciphers = Sealer(old_key)._ciphers | self._ciphers
        return both

    @property
    def prefix(self) -> str:
        """What all texts begin with that this key sealed; empty without a key."""
        return f"{MARK}{self._name}$" if self._name else ""

    def seal(self, text: str, place: str) -> str:
        """A text as the store keeps it; an empty one as it is, so that queries see it."""
        if not text or not self._name:
            return text
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._ciphers[self._name].encrypt(nonce, text.encode(), place.encode())
        return self.prefix + base64.urlsafe_b64encode(nonce + sealed).decode()

    def unseal(self, stored: str, place: str) -> str:
        """The text; one that was never sealed is itself.

        Raises
        ------
        SealedStoreError
            Another key sealed it, or it was changed or moved since.
        """
        if not stored.startswith(MARK):
            return stored
        name, _, rest = stored.removeprefix(MARK).partition("$")
        if name not in self._ciphers:
            raise SealedStoreError(
                f"mail addresses are sealed by a secret key that is not the one set (its sign is "
                f"{name}): set HOTSPOTS_SECRET_KEY to that one, or run  hotspots user reseal"
            )
        try:
            raw = base64.urlsafe_b64decode(rest)
            text = self._ciphers[name].decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError):
            raise SealedStoreError(
                f"a sealed text of {place} was changed from outside: restore a backup"
            ) from None
        return text.decode()

    def index(self, text: str) -> str:
        """Finds equal texts, in small letters or capitals; tells nothing without the key."""
        return hmac.digest(self._index_key, text.casefold().encode(), hashlib.sha256).hex()


def _name(site_key: str) -> str:
    """Tells keys apart and says nothing of them; 8 hexadecimal digits."""
    return _drawn(site_key, "the sign of this key")[:4].hex()


def _drawn(site_key: str, purpose: str) -> bytes:
    drawn = HKDF(SHA256(), length=32, salt=None, info=f"hotspots store: {purpose}".encode())
    return drawn.derive(site_key.encode())
