"""Whose a place is: by the council's name, a position, a postcode, or the name of a place."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from geodata.core.errors import StoreError
from geodata.places import gazetteer, wards_called
from geodata.places.gazetteer import FoundPlace
from web.clock import today
from web.house.house_file import House, Site
from web.house.opening import open_site_store
from web.house.outlines import Outlines

log = logging.getLogger(__name__)
MOST_ASKED = 60
"""Stores whose gazetteers are looked through for one question."""
MOST_PLACES = 12
POSITIONS = frozenset({"grid_ref", "position"})


@dataclass(frozen=True)
class Match:
    """A council, and which of its places was meant; ``place`` empty: the council itself."""

    site: Site
    place: str = ""


@dataclass(frozen=True)
class Answer:
    """What was found; ``is_nobodys``: a place it is, but of no council that is here."""

    matches: tuple[Match, ...] = ()
    is_nobodys: bool = False


NOT_A_PLACE = Answer()


class Finder:
    """Looks a place up in the stores of a house, one after the other."""

    def __init__(self, house: House, outlines: Outlines) -> None:
        self._house, self._outlines = house, outlines

    def find(self, words: str) -> Answer:
        """Councils that words may mean, best first."""
        named = [Match(site) for site in self._house.councils if _is_called(site, words)]
        if named:
            return Answer(tuple(named))
        places: dict[Match, None] = {}
        is_place = False
        for meant in self._looked_up(words):
            if isinstance(meant, Match):
                places.setdefault(meant)
                continue
            is_place = True
            site = self._outlines.at(meant.point)
            if site is not None:
                places.setdefault(Match(site, meant.label))
            if meant.kind in POSITIONS:  # every store would say the same
                break
        return Answer(tuple(places)[:MOST_PLACES], is_nobodys=is_place and not places)

    def _looked_up(self, words: str) -> Iterator[FoundPlace | Match]:
        """Places, and wards of this very name."""
        for site in self._house.councils[:MOST_ASKED]:
            try:
                store = open_site_store(site)
            except StoreError as error:
                log.error("%s cannot be asked for a place: %s", site.code, error)
                continue
            try:
                with store.reading() as session:
                    if wards := wards_called(session, words, today()):
                        yield Match(site, f"the ward {wards[0].name}")
                    yield from gazetteer.look_up(session, words, day=today(), limit=5)
            finally:
                store.close()


def _is_called(site: Site, words: str) -> bool:
    wanted = set(gazetteer.words_of(words))
    return bool(wanted) and wanted <= set(gazetteer.words_of(site.name))
