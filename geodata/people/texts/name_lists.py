"""The words by which free text is searched for people: lists, no model, no download."""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

from zxcvbn.frequency_lists import FREQUENCY_LISTS

COMMON = 6_000
"""So many of the most frequent words of books and of films are common words."""
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "’": "'"})


@dataclass(frozen=True)
class NameLists:
    """Folded words (see ``folded``).

    Attributes
    ----------
    given, surnames
        Names; some of both are words or places as well.
    uncertain, likely
        Given names that are words or places as well; those that are mostly names nevertheless.
    words_as_surnames
        Surnames that stand beside names in any sentence, such as "park".
    telling, endings
        Surnames, and the ends of surnames, that make the word before them a given name.
    places, heads
        Words after and before a name that make it a place or a thing.
    titles, before, strongly_before, after, owned
        Words that say that a name beside them is a person's.
    not_people
        Phrases: shops, brands, brand names of the gas.
    common
        Words that are no names.
    """

    given: frozenset[str]
    uncertain: frozenset[str]
    likely: frozenset[str]
    surnames: frozenset[str]
    words_as_surnames: frozenset[str]
    telling: frozenset[str]
    endings: tuple[str, ...]
    places: frozenset[str]
    heads: frozenset[str]
    titles: frozenset[str]
    before: frozenset[str]
    strongly_before: frozenset[str]
    after: frozenset[str]
    owned: frozenset[str]
    not_people: tuple[str, ...]
    common: frozenset[str]


def folded(word: str) -> str:
    """In small letters without accents.

    >>> folded("Zielińska"), folded("Łukasz")
    ('zielinska', 'lukasz')
    """
    plain = unicodedata.normalize("NFKD", word.lower().translate(_LETTERS))
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


@cache
def name_lists() -> NameLists:
    """The lists, read once."""
    file = resources.files("geodata.people.texts").joinpath("names.toml")
    texts: dict[str, str] = tomllib.loads(file.read_text("utf-8"))
    phrases = tuple(
        phrase.strip() for phrase in texts.pop("not_people").replace("\n", "|").split("|")
    )
    sets = {name: frozenset(text.split()) for name, text in texts.items()}
    endings = tuple(sorted(sets.pop("endings")))
    given = sets["given"].union(FREQUENCY_LISTS["male_names"], FREQUENCY_LISTS["female_names"])
    surnames = sets["surnames"].union(FREQUENCY_LISTS["surnames"])
    lists = sets | {
        "given": given,
        "surnames": surnames,
        "common": _common() - sets["given"] - sets["surnames"],
    }
    return NameLists(**lists, endings=endings, not_people=tuple(filter(None, phrases)))


def _common() -> frozenset[str]:
    books, films = FREQUENCY_LISTS["english_wikipedia"], FREQUENCY_LISTS["us_tv_and_film"]
    return frozenset(books[:COMMON]).union(films[:COMMON])
