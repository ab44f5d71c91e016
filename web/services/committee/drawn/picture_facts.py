"""A template's pictures without what they say of themselves: who took them, where, with what."""

from collections.abc import Iterator

from geodata.core.errors import RefusedError

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"
PNG_KEPT = frozenset({b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"pHYs", b"sBIT", b"bKGD"})
"""Of the chunks that a reader may leave out (lower case), those by which it looks as it does."""
START_OF_SCAN, END = 0xDA, 0xD9
JFIF, PROFILE, ADOBE = 0xE0, 0xE2, 0xEE
TOLD_APART = frozenset({*range(0xE0, 0xF0), 0xFE})
"""Segments of programs, and comments."""
IN_SCAN = frozenset({0x00, *range(0xD0, 0xD8)})
"""After 0xFF: a byte of the picture, or where a decoder may begin anew."""


def without_facts(picture: bytes) -> bytes:
    """A PNG or JPEG with the same pixels and nothing else; others as they are.

    Raises
    ------
    RefusedError
        It is cut off, or of a kind whose facts cannot be told from the picture.
    """
    try:
        if picture.startswith(PNG):
            return PNG + b"".join(_chunks(picture))
        if picture.startswith(JPEG):
            return JPEG + b"".join(_segments(picture))
    except (IndexError, ValueError):
        raise RefusedError("a picture of it is cut off: put it in anew") from None
    is_tiff = picture[:4] in (b"II*\x00", b"MM\x00*")
    if is_tiff or b"<metadata" in picture or b"dc:creator" in picture:
        raise RefusedError("a picture of it may say who made it: put it in as PNG")
    return picture


def _chunks(picture: bytes) -> Iterator[bytes]:
    """Of a PNG (ISO/IEC 15948): length, name, that many bytes and a sum."""
    at = len(PNG)
    while True:
        name = picture[at + 4 : at + 8]
        after = at + 12 + int.from_bytes(picture[at : at + 4])
        if len(name) < 4 or after > len(picture):
            raise ValueError(name)
        if name[:1].isupper() or name in PNG_KEPT:
            yield picture[at:after]
        if name == b"IEND":
            return
        at = after


def _segments(picture: bytes) -> Iterator[bytes]:
    """Of a JPEG (ITU-T T.81): 0xFF, a marker, and a length that counts itself."""
    at = len(JPEG)
    while True:
        if picture[at] != 0xFF:
            raise ValueError(at)
        marker = picture[at + 1]
        if marker == END:
            yield picture[at : at + 2]
            return
        after = at + 2 + int.from_bytes(picture[at + 2 : at + 4])
        if marker == START_OF_SCAN:
            after = _end_of_scan(picture, after)
        if marker not in TOLD_APART or _is_shown(marker, picture[at + 4 : after]):
            yield picture[at:after]
        at = after


def _is_shown(marker: int, body: bytes) -> bool:
    """Whether the colours hang on it."""
    return marker in (JFIF, ADOBE) or (marker == PROFILE and body.startswith(b"ICC_PROFILE"))


def _end_of_scan(picture: bytes, at: int) -> int:
    while True:
        at = picture.index(b"\xff", at)
        if picture[at + 1] not in IN_SCAN:
            return at
        at += 2
