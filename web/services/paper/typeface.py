"""The typeface of posters, and what can be set in it.

A print shop wants every typeface in the file. DejaVu Sans comes with Matplotlib's wheel and has the
letters of Latin, Greek and Cyrillic; scripts whose letters join or are reordered need a shaper.
"""

import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "Poster", "Poster-Bold"
_FILES = {PLAIN: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf"}
_RIGHT_TO_LEFT = {"R", "AL"}


def prepare() -> None:
    """Make the two typefaces known to the PDF library."""
    for name in _FILES:
        _face(name)


def unprintable(text: str) -> str:
    """The signs of a text that cannot be set, each once, in the order in which they come.

    Examples
    --------
    >>> unprintable("Zażółć gęślą jaźń, Съобщете ни, Anunțați-ne")
    ''
    >>> unprintable("ਸਾਨੂੰ")[:1], unprintable("שלום")[:1]
    ('ਸ', 'ש')
    """
    glyphs = _face(BOLD).face.charToGlyph
    signs = dict.fromkeys(unicodedata.normalize("NFC", text))
    return "".join(
        sign
        for sign in signs
        if ord(sign) not in glyphs or unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT
    )


def file_of(name: str) -> Path:
    """Where the typeface of a name lies."""
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise LookupError("Matplotlib, whose typeface the posters use, is not installed")
    return Path(spec.origin).parent / "mpl-data/fonts/ttf" / _FILES[name]


@cache
def _face(name: str) -> TTFont:
    face = TTFont(name, file_of(name))
    pdfmetrics.registerFont(face)
    return face
