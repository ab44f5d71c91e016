"""A place as people write it where they report: by the gazetteer, or by what3words."""

from datetime import date

from sqlalchemy.orm import Session

from geodata.places import gazetteer
from geodata.places.gazetteer import FoundPlace
from geodata.places.written_positions import position_in, three_words_in
from web.services.common import three_words
from web.services.common.three_words import ThreeWordsAccess

MOST = 10


def look_up(
    session: Session,
    text: str,
    access: ThreeWordsAccess | None,
    *,
    day: date,
    limit: int = MOST,
) -> list[FoundPlace]:
    """Places that a text may mean, best first.

    Parameters
    ----------
    access
        The council's account at what3words; None: it has none.

    Raises
    ------
    RefusedError
        It is an address of what3words that cannot be read; the message says what to do.
    """
    words = three_words_in(text)
    if words is None or position_in(text) is not None:
        return gazetteer.look_up(session, text, day=day, limit=limit)
    return [three_words.place_of(words, access)]
