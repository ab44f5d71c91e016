"""``security.txt``: whom to tell of a weakness, for programs (RFC 9116)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import Response

HOLDS = timedelta(days=180)
"""For how long who fetched it may rely on it; RFC 9116 advises less than a year."""


def security_txt(contact: str, addresses: Mapping[str, str], now: datetime) -> Response:
    """The file.

    Parameters
    ----------
    contact
        A mail address, or a page over https.
    addresses
        By field, such as Canonical; an address of ours that is no https:// is left out, since a
        host that a caller names would be no proof.
    """
    lines = [
        f"Contact: {contact if contact.startswith('https://') else f'mailto:{contact}'}",
        f"Expires: {now + HOLDS:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: en",
        *(f"{name}: {url}" for name, url in addresses.items() if url.startswith("https://")),
    ]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
