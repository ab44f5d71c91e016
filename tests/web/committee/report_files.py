"""What a reader, or a curious one with a text editor, finds in a report's files."""

import base64
import re
import zipfile
import zlib
from io import BytesIO

_OBJECT = re.compile(rb"\n(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)endstream", re.DOTALL)
_FONT = re.compile(rb"/(F[\d+]+) (\d+) 0 R")
_SHOWN = re.compile(rb"/(F[\d+]+) [\d.]+ Tf|\(((?:[^()\\]|\\.)*)\) Tj", re.DOTALL)
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)


def packed_parts(content: bytes) -> dict[str, str]:
    """Every part of a DOCX or ODT that is text, by name."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        names = [name for name in parts.namelist() if name.endswith((".xml", ".rels"))]
        return {name: parts.read(name).decode() for name in names}


def pdf_pages(content: bytes) -> list[str]:
    """The text of each page of a PDF of ReportLab's, in the order in which it is drawn."""
    objects = {int(number): body for number, body in _OBJECT.findall(content)}
    fonts = {name.decode(): _letters(objects, int(n)) for name, n in _FONT.findall(objects[1])}
    pages = re.findall(rb"/Contents (\d+) 0 R", content)
    return [_text(_stream(objects[int(number)]), fonts) for number in pages]


def pdf_metadata(content: bytes) -> str:
    """What the PDF says of itself, outside its pages."""
    return content.decode("latin-1")


def _stream(body: bytes) -> bytes:
    """Inflated, and before that out of its eighty-five letters."""
    match = _STREAM.search(body)
    assert match
    packed = match[1]
    if b"/ASCII85Decode" in body:
        packed = base64.a85decode(packed.strip().removesuffix(b"~>"))
    return zlib.decompressobj().decompress(packed) if b"/FlateDecode" in body else packed


def _letters(objects: dict[int, bytes], font: int) -> dict[int, str]:
    """Code to letter, by the font's ToUnicode map; of a standard font Latin-1."""
    mapped = re.search(rb"/ToUnicode (\d+) 0 R", objects[font])
    if not mapped:
        return {code: chr(code) for code in range(256)}
    table = _stream(objects[int(mapped[1])])
    letters: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, letter in re.findall(rb"<(\w+)>\s*<(\w+)>", block):
            letters[int(code, 16)] = chr(int(letter, 16))
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, letter in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for n, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                letters[code] = chr(int(letter, 16) + n)
        for first, listed in re.findall(rb"<(\w+)>\s*<\w+>\s*\[(.*?)\]", block, re.DOTALL):
            for n, letter in enumerate(re.findall(rb"<(\w+)>", listed)):
                letters[int(first, 16) + n] = chr(int(letter, 16))
    return letters


def _text(stream: bytes, fonts: dict[str, dict[int, str]]) -> str:
    letters: dict[int, str] = {}
    words = []
    for font, shown in _SHOWN.findall(stream):
        if font:
            letters = fonts[font.decode()]
        else:
            words.append("".join(letters.get(code, "") for code in _ESCAPED.sub(_plain, shown)))
    return " ".join(" ".join(words).split())


def _plain(escaped: re.Match[bytes]) -> bytes:
    sign = escaped[1]
    if sign.isdigit():
        return bytes([int(sign, 8)])
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t"}.get(sign, sign)
