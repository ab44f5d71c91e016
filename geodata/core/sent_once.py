"""Keys under which a thing that is sent twice is stored once, and no other thing instead of it.

A form's key is a token of that form's alone. A key that another system chose holds a digest of what
was sent with it besides: the system may choose the same for two things, and one would be lost.
"""

import re
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, and_, func

from geodata.core.errors import KeyReusedError

HALF = 32
"""Hexadecimal digits, 128 bits, of the key's own digest; one fewer of what was sent with it."""
MARK = "."
_WITH_CONTENT = re.compile(rf"[0-9a-f]{{{HALF}}}\.[0-9a-f]{{{HALF - 1}}}")


def key_with_content(key: str, content: bytes) -> str:
    """A key of 64 characters that tells what was sent with it.

    >>> key_with_content("a key of theirs", b"{}")
    'a81304a65e724aedb9d06f885571fefd.44136fa355b3678a1146ad16f7e8649'
    """
    own, sent = sha256(key.encode()).hexdigest(), sha256(content).hexdigest()
    return own[:HALF] + MARK + sent[: HALF - 1]


def under_key(column: Any, key: str) -> ColumnElement[bool]:
    """Condition of the row that was stored under a key, whatever was sent with it."""
    if not _WITH_CONTENT.fullmatch(key):  # whatever a stranger wrote into an address
        is_it: ColumnElement[bool] = column == key
        return is_it
    own = key[:HALF]
    return and_(column.between(own, own + "g"), func.substr(column, 1, HALF) == own)


def refuse_other(stored: str | None, key: str) -> None:
    """Let the same thing pass again; what is stored without its digest is taken for the same.

    Raises
    ------
    KeyReusedError
        Something else was stored under the key.
    """
    if stored is not None and MARK in stored and stored != key:
        raise KeyReusedError(
            "This Idempotency-Key was sent before with something else, which is stored; of this "
            "nothing is. Send it under a new key: each thing has its own."
        )
