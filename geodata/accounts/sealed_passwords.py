"""Password hashes that are worth nothing without the site's key, which is not in the store.

An argon2 hash in a copied store can be guessed against at leisure. Its last part, the digest, is
masked here with a pad that HMAC-SHA256 draws from the site's key and the hash's own random salt: a
pad is used for one digest alone, as in any stream cipher with a nonce. Who has both the store and
the key still has to guess against argon2.
"""

import base64
import hashlib
import hmac

from geodata.core.errors import RefusedError

MARK = "$sealed$"


def key_name(site_key: str) -> str:
    """Tells keys apart and says nothing of them; 8 hexadecimal digits."""
    return _drawn(site_key, "the name of this key")[:4].hex()


def is_sealed(stored: str) -> bool:
    return stored.startswith(MARK)


def seal(password_hash: str, site_key: str) -> str:
    """A hash as the store keeps it; an empty one, and one without a key to seal by, as it is."""
    if not password_hash or not site_key or is_sealed(password_hash):
        return password_hash
    return f"{MARK}{key_name(site_key)}{_masked(password_hash, site_key)}"


def unseal(stored: str, site_key: str) -> str:
    """The argon2 hash; empty, which no password matches, where another key sealed it.

    A hash that is not sealed yet is itself.

    Examples
    --------
    >>> stored = seal("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$AAAA", "a key")
    >>> stored[:8], unseal(stored, "a key")[-4:], unseal(stored, "another")
    ('$sealed$', 'AAAA', '')
    """
    if not is_sealed(stored):
        return stored
    name, rest = stored.removeprefix(MARK).split("$", 1)
    return _masked(f"${rest}", site_key) if name == key_name(site_key) else ""


def sealed_anew(stored: str, old_key: str, new_key: str) -> str:
    """The same hash sealed by the new key.

    Raises
    ------
    RefusedError
        Neither key sealed it.
    """
    if not stored or unseal(stored, new_key):
        return seal(stored, new_key)
    if not (password_hash := unseal(stored, old_key)):
        raise RefusedError("a password was sealed by a third key: give the key that was in use")
    return seal(password_hash, new_key)


def _masked(password_hash: str, site_key: str) -> str:
    """The hash with its digest masked, or of a masked one the hash."""
    *rest, salt, digest = password_hash.split("$")
    raw = base64.b64decode(digest + "=" * (-len(digest) % 4))
    pad = _drawn(site_key, salt)
    masked = bytes(one ^ other for one, other in zip(raw, pad, strict=False))
    # argon2 writes base64 without its padding
    return "$".join((*rest, salt, base64.b64encode(masked).decode().rstrip("=")))


def _drawn(site_key: str, words: str) -> bytes:
    """32 bytes, as many as argon2's digest has."""
    return hmac.digest(site_key.encode(), f"password hash:{words}".encode(), hashlib.sha256)
