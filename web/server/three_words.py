"""The council's account at what3words."""

from web.council import settings_in_force
from web.services.common.three_words import ThreeWordsAccess


def three_words_access() -> ThreeWordsAccess | None:
    """None where the council has no key."""
    config = settings_in_force()
    if not config.what3words_key:
        return None
    return ThreeWordsAccess(
        config.what3words_key, config.what3words_url, config.allowed_private_hosts
    )
