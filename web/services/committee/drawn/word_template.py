"""The council's own Word template: what is refused of it, and what a report takes from it."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.rel import Relationships
from docx.oxml.ns import qn

from geodata.core.errors import RefusedError
from web.services.committee.drawn.picture_facts import without_facts

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 50 * 1024 * 1024
STYLES = (
    "Normal",
    "Title",
    "Subtitle",
    "Heading 1",
    "Heading 2",
    "Caption",
    "Intense Quote",
    "List Bullet",
    "Table Grid",
)
"""What a report is set in."""
LEAST_WIDE_MM = 120.0
"""Tables of seven columns cannot be read on less."""
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
NO_DOCX = "the template is no DOCX: save it in Word as a document (.docx)"
RELATION = re.compile(rb"<Relationship\b[^>]*>")
EMU_A_MM = 36_000
OF_PEOPLE = re.compile(
    rb"\b(AUTHOR|LASTSAVEDBY|USERNAME|USERINITIALS|USERADDRESS|FILENAME|TEMPLATE|DOCPROPERTY)\b"
)
"""Fields that write who made the file, on which machine, or what it says of itself."""
FIELD = re.compile(rb"<w:instrText[^>]*>[^<]*|w:instr=\"[^\"]*")
EDGE = re.compile(r"word/(header|footer)\d*\.xml")
WHAT_IT_IS = (RT.OFFICE_DOCUMENT, RT.CORE_PROPERTIES)
LOOKS = (
    RT.STYLES,
    RT.SETTINGS,
    RT.WEB_SETTINGS,
    RT.FONT_TABLE,
    RT.THEME,
    RT.NUMBERING,
    RT.HEADER,
    RT.FOOTER,
)
"""Parts that a report is set by. Others are of the template's own text, or say whose it was:
notes, pictures, custom properties, the people who worked on it."""
SETTINGS_OF_PEOPLE = (
    "w:rsids",
    "w:docVars",
    "w:mailMerge",
    "w:attachedTemplate",
    "w:footnotePr",
    "w:endnotePr",
)
"""Who edited it when, what a program kept in it, and the notes that went with the text."""


def checked_template(content: bytes) -> bytes:
    """The same file, if a report may be made of it.

    Raises
    ------
    RefusedError
        It is too large, no DOCX, holds macros, comments, tracked changes, links to files elsewhere
        or fields of who made it, has too narrow a page, or lacks styles: all that is wrong is
        named at once.
    """
    parts = _parts(content)
    faults = (
        [*_foreign(parts), *_of_people(parts), *_lacking(content)]
        if not _macros(parts)
        else [_macros(parts)]
    )
    if faults:
        raise RefusedError("; ".join(faults))
    return content


def _parts(content: bytes) -> dict[str, bytes]:
    """The parts of the file, unpacked within bounds."""
    if len(content) > MOST_BYTES:
        raise RefusedError("the template has more than 5 MB: take pictures out of it")
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > MOST_UNPACKED:
                raise RefusedError("the template unpacks to more than 50 MB: save it anew in Word")
            return {each.filename: packed.read(each) for each in packed.infolist()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise RefusedError(NO_DOCX) from None


def _macros(parts: dict[str, bytes]) -> str:
    types = parts.get("[Content_Types].xml", b"").decode("utf-8", "replace")
    has_code = any("vbaproject" in name.lower() or "activex" in name.lower() for name in parts)
    if has_code or "macroEnabled" in types or "vbaProject" in types:
        return "the template holds macros: save it in Word as a document without them (.docx)"
    return "" if MAIN in types else NO_DOCX


def _foreign(parts: dict[str, bytes]) -> Iterator[str]:
    """What would come along into every report, or be fetched from elsewhere when it is opened."""
    if any(name.startswith("word/comments") for name in parts):
        yield "it holds comments: delete them"
    if any(name.startswith("word/embeddings") for name in parts):
        yield "it holds embedded files: delete them"
    if any(_fetches(body) for name, body in parts.items() if name.endswith(".rels")):
        yield "it links to something outside: break the links (File, Info, Edit links)"


def _of_people(parts: dict[str, bytes]) -> Iterator[str]:
    """What would name in every report who made the template."""
    kept = {name: body for name, body in parts.items() if EDGE.fullmatch(name)}
    fields = {
        match[1].decode()
        for body in kept.values()
        for field in FIELD.findall(body)
        if (match := OF_PEOPLE.search(field.upper()))
    }
    if fields:
        yield (
            f"its header or footer has the field {', '.join(sorted(fields))}, which says who made "
            "the file: write what is to stand there"
        )
    if any(b"w:author=" in body for body in kept.values()):
        yield "its header or footer holds tracked changes: accept them"
    for name, body in parts.items():
        try:
            if name.startswith("word/media/"):
                without_facts(body)
        except RefusedError as error:
            yield f"{error} ({name.rpartition('/')[2]})"


def _fetches(relations: bytes) -> bool:
    """Whether opening the document asks somebody else; a link that a reader follows does not."""
    return any(
        b'TargetMode="External"' in each and b"/hyperlink" not in each
        for each in RELATION.findall(relations)
    )


def _lacking(content: bytes) -> Iterator[str]:
    try:
        word = docx.Document(BytesIO(content))
    except Exception:  # python-docx raises what lxml and its parts raise: none is ours to list
        yield "it cannot be read: save it anew in Word"
        return
    there = {style.name for style in word.styles}
    if missing := [name for name in STYLES if name not in there]:
        yield f"it lacks the styles {', '.join(missing)}: add them in Word, by these names"
    if text_width_mm(word) < LEAST_WIDE_MM:
        yield f"its page leaves {text_width_mm(word):.0f} mm for text: give it {LEAST_WIDE_MM:.0f}"


def empty(word: WordDocument) -> None:
    """Take out the text of a template, and whatever says whose it was.

    The last section, with page and edges, stays, and the pictures of its edges without their facts.
    """
    body = word.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    page = body.sectPr
    for change in page.findall(qn("w:sectPrChange")):
        page.remove(change)
    shown = {edge.get(qn("r:id")) for edge in page}
    _keep(word.part.package.rels, WHAT_IT_IS)
    _keep(word.part.rels, LOOKS)
    for key in [k for k, r in word.part.rels.items() if r.reltype in (RT.HEADER, RT.FOOTER)]:
        if key not in shown:
            del word.part.rels[key]
    for tag in SETTINGS_OF_PEOPLE:
        for each in word.settings.element.findall(qn(tag)):
            word.settings.element.remove(each)
    for part in word.part.package.iter_parts():
        if part.partname.startswith("/word/media/"):
            part._blob = without_facts(part.blob)


def _keep(relations: Relationships, kinds: tuple[str, ...]) -> None:
    for key in [key for key, each in relations.items() if each.reltype not in kinds]:
        del relations[key]


def text_width_mm(word: WordDocument) -> float:
    """Of the last section, between its margins."""
    page = word.sections[-1]
    wide = (page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)
    return float(wide) / EMU_A_MM


def edges(word: WordDocument) -> Iterator[tuple[Any, Any]]:
    """Header and footer of every kind of page that the document has."""
    page = word.sections[-1]
    yield page.header, page.footer
    if page.different_first_page_header_footer:
        yield page.first_page_header, page.first_page_footer
    if word.settings.odd_and_even_pages_header_footer:
        yield page.even_page_header, page.even_page_footer
