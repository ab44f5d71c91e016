"""An address of what3words as a place: its makers alone can read it, for who has a key."""

import json
import logging
from dataclasses import dataclass, field, replace
from functools import lru_cache
from urllib.parse import urlencode

from geodata.core.errors import RefusedError
from geodata.places.gazetteer import FoundPlace, at_position
from web.services.common import outgoing
from web.services.common.outgoing import Answer, Call, NoAnswerError
from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _

log = logging.getLogger(__name__)
ADDRESS = "https://api.what3words.com"
TIMEOUT_S = 4.0
"""Somebody waits at the page."""
MOST_BYTES = 20_000
ACCURACY_M = 3.0
"""The side of one of their squares."""
REMEMBERED = 500
NO_KEY = N_(
    "We cannot look up what3words: write a postcode, street or place, or copy a link of a map"
)
UNKNOWN = N_(
    "what3words knows no “%(words)s”: check the three words, or write a postcode, street or place"
)
SILENT = N_(
    "what3words does not answer now: write a postcode, street or place, or copy a link of a map"
)
ABROAD = N_("That is not a place in Great Britain: try again, or write a postcode or street")


@dataclass(frozen=True)
class ThreeWordsAccess:
    """The council's account at what3words."""

    key: str = field(repr=False)
    address: str = ADDRESS
    private_hosts: frozenset[str] = frozenset()


def place_of(words: str, access: ThreeWordsAccess | None) -> FoundPlace:
    """The square that three words mean; what3words gets the words, and nothing of who asks.

    Parameters
    ----------
    words
        As ``geodata.places.written_positions.three_words_in`` has them.
    access
        None: the council has no key.

    Raises
    ------
    RefusedError
        They cannot be read; the message tells who wrote them what to do.
    """
    if access is None:
        raise RefusedError(_(NO_KEY))
    places = at_position(*_lat_lon(words, access), ACCURACY_M)
    if not places:
        raise RefusedError(_(ABROAD))
    return replace(places[0], label=f"///{words}")


@lru_cache(maxsize=REMEMBERED)
def _lat_lon(words: str, access: ThreeWordsAccess) -> tuple[float, float]:
    """Asked once: a square stays where it is, and a page asks for it up to three times."""
    try:
        answer = _answer(words, access)
        at = None if _knows_no_such(answer) else json.loads(answer.body)["coordinates"]
        position = None if at is None else (float(at["lat"]), float(at["lng"]))
    except (NoAnswerError, ValueError, KeyError, TypeError) as error:
        log.warning("what3words gave no position: %s", error)
        raise RefusedError(_(SILENT)) from error
    if position is None:
        shown = f"///{words}"
        raise RefusedError(_(UNKNOWN, words=shown))
    return position


def _answer(words: str, access: ThreeWordsAccess) -> Answer:
    call, hosts = _call(words, access), access.private_hosts
    answer = outgoing.to_system(call, hosts, timeout_s=TIMEOUT_S, most_bytes=MOST_BYTES)
    if not answer.is_right and answer.status != 400:
        raise NoAnswerError(f"it answers {answer.status}")
    return answer


def _call(words: str, access: ThreeWordsAccess) -> Call:
    """As https://developer.what3words.com/public-api/docs says; the key stands in no address."""
    base, query = access.address.rstrip("/"), urlencode({"words": words})
    address = f"{base}/v3/convert-to-coordinates?{query}"
    return Call(address, headers={"X-Api-Key": access.key, "Accept": "application/json"})


def _knows_no_such(answer: Answer) -> bool:
    if answer.status != 400:
        return False
    error = json.loads(answer.body).get("error") or {}
    return str(error.get("code")) == "BadWords"
