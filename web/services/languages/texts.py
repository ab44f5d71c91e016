"""The English texts of the pages, the program's translations, and what a translation must keep."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parents[2] / "translations"
_KEPT = re.compile(r"%\(\w+\)s|%\{\w+\}|%%|</?\w+[^>]*>")
"""What the program fills in, and tags."""


@dataclass(frozen=True)
class Text:
    """One English text.

    Attributes
    ----------
    source
        What it is known by.
    plural
        Its form for other numbers than one; empty where it names no number.
    where
        The files that show it.
    """

    source: str
    plural: str = ""
    where: tuple[str, ...] = ()


@lru_cache
def catalogue(code: str) -> Catalog:
    """The file of a language, as it comes with the program."""
    with (FOLDER / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


@lru_cache
def every() -> tuple[Text, ...]:
    """The texts of the pages, in the order in which files and lines show them."""
    with (FOLDER / "messages.pot").open("rb") as file:
        template = read_po(file)
    return tuple(_text(message.id, message.locations) for message in template if message.id)


def _text(key: str | Sequence[str], locations: Sequence[tuple[str, int]]) -> Text:
    source, plural = (key, "") if isinstance(key, str) else key
    return Text(source, plural, tuple(dict.fromkeys(path for path, _ in locations)))


@lru_cache
def drafts(code: str) -> dict[str, tuple[str, ...]]:
    """The program's translations by English text; what has none is missing."""
    translations = {}
    for message in catalogue(code):
        texts = (
            (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        )
        source = message.id if isinstance(message.id, str) else message.id[0]
        if source and all(texts):
            translations[source] = texts
    return translations


def forms(code: str, text: Text) -> int:
    """How many forms a translation of a text has."""
    return catalogue(code).num_plurals if text.plural else 1


def faults(text: Text, translation: str) -> list[str]:
    """What a translation must not leave out or add: places that are filled in, and tags.

    >>> faults(Text("Photo %(number)s"), "Zdjęcie")
    ['%(number)s is missing']
    """
    wanted, got = Counter(_KEPT.findall(text.source)), Counter(_KEPT.findall(translation))
    if text.plural:  # "one job" may name the number or not
        wanted |= Counter(_KEPT.findall(text.plural))
        wanted["%(num)s"] = got["%(num)s"] = min(got["%(num)s"], 1)
    bare = _KEPT.sub("", translation)
    return [
        *(f"{each} is missing" for each in sorted((wanted - got).keys())),
        *(f"{each} is not in the English" for each in sorted((got - wanted).keys())),
        *(f"{sign} cannot stand alone" for sign in "<>%" if sign in bare),
    ]


@lru_cache
def script_texts() -> tuple[str, ...]:
    """The English texts of the scripts of pages."""
    return tuple(
        text.source for text in every() if any(path.endswith(".js") for path in text.where)
    )
