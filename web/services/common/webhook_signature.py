"""Signatures of pushes, as standardwebhooks.com has them: whoever has the secret can check them.

Twenty lines of ``hmac``: the package of the same name would bring three others for them.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """A secret of 256 random bits, as such systems take it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def is_secret(text: str) -> bool:
    """Whether a text is a secret of at least 24 bytes, which the standard asks for."""
    try:
        return len(_key(text)) >= 24
    except binascii.Error:
        return False


def signed_headers(
    signing_secrets: Sequence[str], message_id: str, at: datetime, body: bytes
) -> dict[str, str]:
    """The three headers of a push, signed by each secret: to know one is enough."""
    second = int(at.timestamp())
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(second),
        "webhook-signature": " ".join(
            signature(secret, message_id, second, body) for secret in signing_secrets
        ),
    }


def signature(secret: str, message_id: str, second: int, body: bytes) -> str:
    """Of a message's key, the second of sending since 1970, and its bytes."""
    signed = f"{message_id}.{second}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(_key(secret), signed, hashlib.sha256)).decode()


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
