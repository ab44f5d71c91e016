"""A text as words with their places, capitals and neighbours."""

import re
from dataclasses import dataclass

from geodata.people.texts.name_lists import folded

_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_JOINS = {" ", "\t", "\n", "  ", ", "}
_LEAST_CAPITALS = 0.8
"""From so many of the letters on a text is written in capitals, which then say nothing."""


@dataclass(frozen=True)
class Word:
    """A word, folded and without a possessive ``'s``.

    Attributes
    ----------
    is_capital
        It begins with a capital where capitals say something.
    is_first
        It begins a sentence, so that its capital says nothing.
    gap
        What stands between it and the word before.
    """

    text: str
    start: int
    end: int
    is_capital: bool
    is_first: bool
    is_owner: bool
    gap: str

    @property
    def follows(self) -> bool:
        """Whether it is next to the word before, in one phrase."""
        return self.gap.isspace()


@dataclass(frozen=True)
class Words:
    """All words of a text; ``has_case`` is whether capitals say something in it."""

    words: tuple[Word, ...]
    has_case: bool

    def at(self, index: int) -> Word | None:
        return self.words[index] if 0 <= index < len(self.words) else None

    def after(self, index: int) -> Word | None:
        """The next word, where nothing but a space stands between."""
        word = self.at(index + 1)
        return word if word is not None and word.follows else None

    def before(self, index: int) -> Word | None:
        """The word before, where nothing but a space stands between."""
        word = self.at(index)
        return self.at(index - 1) if word is not None and word.follows else None


def words_of(text: str) -> Words:
    """The words of a text in their order."""
    matches = list(_WORD.finditer(text))
    has_case = _has_case([match.group() for match in matches])
    words, end = [], 0
    for match in matches:
        words.append(_word(match, text[end : match.start()], has_case=has_case))
        end = match.end()
    return Words(tuple(words), has_case)


def _word(match: re.Match[str], gap: str, *, has_case: bool) -> Word:
    plain = match.group().replace("’", "'")
    is_owner = plain.lower().endswith("'s")
    text = folded(plain[:-2] if is_owner else plain)
    is_first = match.start() == 0 or any(sign in gap for sign in '.!?:\n;"')
    is_capital = has_case and plain[0].isupper()
    return Word(text, match.start(), match.end(), is_capital, is_first, is_owner, gap)


def _has_case(words: list[str]) -> bool:
    """Whether some words begin with a capital and some do not."""
    capitals = sum(word[0].isupper() for word in words if len(word) > 1)
    shouted = sum(word.isupper() for word in words if len(word) > 1)
    return capitals > 0 and shouted < _LEAST_CAPITALS * max(len(words), 1)
