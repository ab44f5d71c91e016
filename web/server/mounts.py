"""Where a site stands among others: its cookies are its own, at one host as under one path.

A browser sends a cookie to every site of its host and path. So each site's has a name of its own,
and under a path the path is said in it: a session of one council reaches no other council at all.
"""

from dataclasses import dataclass

from web.config import Config


@dataclass(frozen=True)
class Mount:
    """One site of a house.

    Attributes
    ----------
    code
        Of the council (GSS), or of the partnership; short, letters, digits and hyphens.
    prefix
        The path that it stands under, such as ``/dartford``; empty: at the root of its host.
    """

    code: str
    prefix: str = ""


ALONE = Mount("")
"""A site that has its host to itself."""


def cookie_settings(config: Config, mount: Mount) -> dict[str, object]:
    """Flask's settings of the cookie that holds the key of a session.

    ``__Host-`` lets no neighbour below the domain set it, but takes the path ``/``; under a
    prefix ``__Secure-`` is what remains.
    """
    name = f"hotspots-{mount.code.lower()}" if mount.code else "hotspots"
    mark = "" if config.insecure_cookies else "__Secure-" if mount.prefix else "__Host-"
    return {
        "SESSION_COOKIE_NAME": mark + name,
        "SESSION_COOKIE_PATH": mount.prefix or "/",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": not config.insecure_cookies,
    }
