"""What counts as a reason, wherever somebody must say why: one rule for all decisions.

Nobody can judge whether a reason is good. What says nothing to whoever reads it next year is
refused: an "x", dots, "n/a", one word alone.
"""

import re

from geodata.core.errors import RefusedError

EXAMPLE = "such as a decision or a mistake"
_WORD = re.compile(r"[^\W_]+")
_LEAST_WORDS, _LEAST_LETTERS = 2, 3
_SAY_NOTHING = frozenset(
    {
        "n a",
        "no comment",
        "no reason",
        "not applicable",
        "not known",
        "as above",
        "see above",
        "to do",
        "to be confirmed",
    }
)


def reason_fault(text: str | None, example: str = EXAMPLE) -> str:
    """Why a text is no reason, empty where it may be one.

    >>> reason_fault("Wrong plate read out")
    ''
    >>> reason_fault(" "), reason_fault("n/a")[:24]
    ('the reason is empty: write why, such as a decision or a mistake', '“n/a” is no reason: writ')
    """
    text = (text or "").strip()
    if not text:
        return f"the reason is empty: write why, {example}"
    words = [word.casefold() for word in _WORD.findall(text)]
    letters = {letter for word in words for letter in word if letter.isalpha()}
    is_thin = len(set(words)) < _LEAST_WORDS or len(letters) < _LEAST_LETTERS
    if is_thin or " ".join(words) in _SAY_NOTHING:
        shown = text if len(text) <= 40 else f"{text[:40]}…"
        return f"“{shown}” is no reason: write why in some words, {example}"
    return ""


def refuse_no_reason(text: str | None, example: str = EXAMPLE) -> None:
    """Let nothing be decided, undone or let pass without a reason.

    Raises
    ------
    RefusedError
        The text is empty, or says nothing.
    """
    if fault := reason_fault(text, example):
        raise RefusedError(fault)
