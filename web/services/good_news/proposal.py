"""A success before anybody has approved it."""

from dataclasses import dataclass

from geodata.store.good_news import Figures, NewsWords

LONGEST = 280
"""Characters of a post."""


@dataclass(frozen=True)
class Proposal:
    """``key`` says what it is about; ``ward`` is empty for the whole borough."""

    key: str
    kind: str
    ward: str
    words: NewsWords
    figures: Figures


def proposal(
    key: str, kind: str, ward: str, title: str, sentences: tuple[str, ...], figures: Figures
) -> Proposal:
    """With as many of the sentences, in order, as a post holds, and the picture in words."""
    shown = "; ".join(f"{number} {words}" for number, words in figures)
    words = NewsWords(title, fitted(sentences), f"Picture with the words: {title}. {shown}.")
    return Proposal(key, kind, ward, words, figures)


def fitted(sentences: tuple[str, ...]) -> str:
    """The sentences from the first on that a post holds.

    >>> fitted(("One.", "x" * 280))
    'One.'
    """
    text = ""
    for sentence in sentences:
        longer = f"{text} {sentence}".strip()
        if len(longer) > LONGEST:
            break
        text = longer
    return text
