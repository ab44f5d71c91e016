"""Words that a misspelt word may be: one slip away, two in a long word.

A slip is a letter left out, put in, changed, or two neighbours swapped (Damerau, 1964).
"""

from collections.abc import Iterable
from string import ascii_lowercase

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geodata.models import GazetteerWord

SHORTEST = 4
"""Letters of a word that may be misspelt: of three, every other word is one slip away."""
LONG = 7
"""Letters from which two slips are forgiven, where the first letter is right."""


def one_slip_away(word: str) -> set[str]:
    """All texts one slip from a word, the word itself among them.

    >>> {"high", "hgih", "hih", "highs"} <= one_slip_away("high")
    True
    """
    cuts = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    return {
        *(a + b[1:] for a, b in cuts),
        *(a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1),
        *(a + letter + b[1:] for a, b in cuts if b for letter in ascii_lowercase),
        *(a + letter + b for a, b in cuts for letter in ascii_lowercase),
    }


def slips_between(one: str, other: str) -> int:
    """The fewest slips that make one word of another, none within another's letters.

    >>> slips_between("gravsend", "gravesend"), slips_between("tempel", "temple")
    (1, 1)
    """
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            least = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                least = min(least, rows[-2][j - 2] + 1)
            row.append(least)
        rows.append(row)
    return rows[-1][-1]


def likely_words(session: Session, word: str, own: Iterable[str]) -> list[str]:
    """Words of the gazetteer and ``own`` ones that a word may have been meant to be, by name."""
    if len(word) < SHORTEST or not word.isalpha():
        return []
    near = one_slip_away(word)
    known = set(near.intersection(own))
    known.update(
        session.scalars(select(GazetteerWord.word).where(GazetteerWord.word.in_(near)).distinct())
    )
    if not known and len(word) >= LONG:
        known = {each for each in (*_like(session, word), *own) if _is_two_slips(word, each)}
    return sorted(known)


def _is_two_slips(word: str, other: str) -> bool:
    return abs(len(word) - len(other)) <= 2 and slips_between(word, other) <= 2


def _like(session: Session, word: str) -> list[str]:
    """Words that begin with the same letter and are about as long."""
    length = func.length(GazetteerWord.word)
    query = select(GazetteerWord.word).where(
        GazetteerWord.word >= word[0],
        GazetteerWord.word < word[0] + "{",
        length.between(len(word) - 2, len(word) + 2),
    )
    return list(session.scalars(query.distinct()))
