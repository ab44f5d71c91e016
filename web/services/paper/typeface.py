"""The typefaces of posters and other prints, and what can be set in them.

A print shop wants every typeface in the file. DejaVu Sans comes with Matplotlib's wheel and has the
letters of Latin, Greek and Cyrillic. Gurmukhi (Punjabi) joins and reorders its letters: a text with
any is set in Noto Sans Gurmukhi, and HarfBuzz (uharfbuzz) shapes it. Scripts from right to left are
refused.
"""

import re
import unicodedata
from functools import cache
from importlib import resources
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from fontTools import merge, ttLib
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "Poster", "Poster-Bold"
_FILES = {PLAIN: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf"}
_GURMUKHI_FILES = {PLAIN: "regular", BOLD: "bold"}
_GURMUKHI = re.compile("[\u0a00-\u0a7f]")
_RIGHT_TO_LEFT = {"R", "AL"}


def prepare() -> None:
    """Make the two typefaces known to the PDF library; another script joins where it is met."""
    for name in _FILES:
        _face(name)


def needs_shaping(text: str) -> bool:
    """Whether letters of a text join or change their order.

    >>> needs_shaping("ਸਿਲੰਡਰ"), needs_shaping("cylinder")
    (True, False)
    """
    return _GURMUKHI.search(text) is not None


def font_for(text: str, name: str) -> str:
    """The typeface that a text is set in, where ``name`` is the one of the paper.

    >>> font_for("cylinder", PLAIN)
    'Poster'
    """
    face = _gurmukhi_face(name) if needs_shaping(text) else _face(name)
    return str(face.fontName)


def unprintable(text: str) -> str:
    """The signs of a text that cannot be set, each once, in the order in which they come.

    Examples
    --------
    >>> unprintable("Zażółć gęślą jaźń, Съобщете ни, Anunțați-ne"), unprintable("£5: ਸਾਨੂੰ ਦੱਸੋ।")
    ('', '')
    >>> unprintable("שלום")[:1], unprintable("বলুন")[:1], unprintable("ਮਦਦ, Помощ")[:1]
    ('ש', 'ব', 'П')
    """
    known = _gurmukhi_signs() if needs_shaping(text) else _face(BOLD).face.charToGlyph
    signs = dict.fromkeys(unicodedata.normalize("NFC", text))
    return "".join(
        sign
        for sign in signs
        if ord(sign) not in known or unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT
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


@cache
def _gurmukhi_face(name: str) -> TTFont:
    """One typeface of the two files: HarfBuzz shapes a word, with its comma, in one.

    It takes a second, once in a process that prints Gurmukhi.
    """
    merged = BytesIO()
    merge.Merger().merge([_unpacked(part) for part in _gurmukhi_parts(name)]).save(merged)
    merged.seek(0)
    face = TTFont(name.replace("Poster", "Poster-Gurmukhi"), merged)
    pdfmetrics.registerFont(face)
    return face


def _gurmukhi_parts(name: str) -> list[ttLib.TTFont]:
    """The script, and the Latin letters and figures of its design, each in a file of its own."""
    folder, stem = resources.files("canister_assets") / "gurmukhi", _GURMUKHI_FILES[name]
    packed = (folder / f"{part}.woff" for part in (stem, f"{stem}-latin"))
    return [ttLib.TTFont(BytesIO(each.read_bytes())) for each in packed]


def _unpacked(font: ttLib.TTFont) -> BytesIO:
    """Out of WOFF, which browsers are sent."""
    font.flavor, file = None, BytesIO()
    font.save(file)
    file.seek(0)
    return file


@cache
def _gurmukhi_signs() -> frozenset[int]:
    return frozenset().union(*(part.getBestCmap() for part in _gurmukhi_parts(BOLD)))
