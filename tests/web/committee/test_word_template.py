"""The council's own Word template: what is refused of it, and what a report takes from it."""

import io
import zipfile
from datetime import UTC, datetime

import docx
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm
from PIL import ExifTags, Image, PngImagePlugin

from geodata.core.errors import RefusedError
from geodata.store import word_templates
from geodata.store.engine import Store
from tests.web.conftest import SignIn
from tests.web.page import Page
from web.services.committee.document import Document, Heading, Table
from web.services.committee.drawn.word_file import as_docx
from web.services.committee.drawn.word_template import checked_template

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
PAGE = "/officer/committee/template"
MARKER = "Zyzzyva"
CUSTOM = f"<Properties><property name='Owner'>{MARKER}</property></Properties>"
REPORT = Document(
    "A report",
    "April",
    "Testford",
    "EXEMPT",
    "",
    (Heading("Part"), Table("Counts", ("Ward", "Number"), (("West", "9"),), (0.5, 0.5))),
)


def template(*, drop_style: str = "", margin_mm: int = 30) -> bytes:
    """A4 with a header of the council's own, a first page of its own, and some text."""
    word = docx.Document()
    page = word.sections[0]
    page.page_width, page.left_margin, page.right_margin = Mm(210), Mm(margin_mm), Mm(margin_mm)
    page.different_first_page_header_footer = True
    page.header.paragraphs[0].text = "Testford Borough Council"
    word.styles["Heading 1"].font.name = "Georgia"
    word.add_paragraph("Text of the template")
    if drop_style:
        element = word.styles[drop_style].element
        element.getparent().remove(element)
    return saved(word)


def saved(word: object) -> bytes:
    held = io.BytesIO()
    word.save(held)  # type: ignore[attr-defined]
    return held.getvalue()


def with_part(content: bytes, name: str, body: bytes = b"x") -> bytes:
    held = io.BytesIO(content)
    with zipfile.ZipFile(held, "a") as packed:
        packed.writestr(name, body)
    return held.getvalue()


def logo(form: str, *, size: int = 40) -> bytes:
    """A picture that says who took it: in EXIF, in XMP and in a comment; as PNG in a text."""
    shades = Image.linear_gradient("L").resize((size, size)).convert("RGB")
    held = io.BytesIO()
    if form == "PNG":
        signed = PngImagePlugin.PngInfo()
        signed.add_text("Author", MARKER)
        signed.add_itxt("XML:com.adobe.xmp", MARKER)
        shades.save(held, form, pnginfo=signed, exif=exif())
    else:
        shades.save(held, form, exif=exif(), xmp=MARKER.encode(), comment=MARKER.encode())
    return held.getvalue()


def exif() -> Image.Exif:
    signed = Image.Exif()
    signed[ExifTags.Base.Artist] = MARKER
    return signed


def signed_template() -> bytes:
    """With a person in each place where Word, or whoever made it, may leave one."""
    word = docx.Document(io.BytesIO(template()))
    facts = word.core_properties
    for name in ("author", "last_modified_by", "comments", "keywords", "identifier", "version"):
        setattr(facts, name, MARKER)
    facts.category = facts.content_status = facts.subject = MARKER
    for edge, form in ((word.sections[0].header, "PNG"), (word.sections[0].footer, "JPEG")):
        edge.paragraphs[0].add_run().add_picture(io.BytesIO(logo(form)))
    word.add_picture(io.BytesIO(logo("JPEG", size=41)))  # of its own text
    package = word.part.package
    for owner, kind, name, body in (
        (package, "custom-properties", "/docProps/custom.xml", CUSTOM),
        (package, "extended-properties", "/docProps/app2.xml", f"<x>{MARKER}</x>"),
        (word.part, "people", "/word/people.xml", f"<x>{MARKER}</x>"),
        (word.part, "footnotes", "/word/footnotes.xml", f"<x>{MARKER}</x>"),
        (word.part, "customXml", "/customXml/item9.xml", f"<x>{MARKER}</x>"),
    ):
        part = Part(PackURI(name), "application/xml", body.encode(), package)
        owner.relate_to(part, f"http://schemas.example/relationships/{kind}")
    variables = OxmlElement("w:docVars")
    variables.append(OxmlElement("w:docVar", attrs={qn("w:name"): "by", qn("w:val"): MARKER}))
    word.settings.element.append(variables)
    return saved(word)


def test_nobody_who_made_the_template_stands_in_a_report() -> None:
    signed = signed_template()
    before, made = (unpacked(each) for each in (signed, as_docx(REPORT, now=NOW, template=signed)))
    planted = {name for name, body in before.items() if MARKER.encode() in body}
    assert len(planted) == 10  # six parts, three pictures, and the settings
    assert not {name for name, body in made.items() if MARKER.encode() in body}
    shown = docx.Document(io.BytesIO(as_docx(REPORT, now=NOW, template=checked_template(signed))))
    facts = shown.core_properties
    assert (facts.author, facts.title, facts.last_modified_by) == ("Testford", "A report", "")
    pictures = [name for name in made if name.startswith("word/media/")]
    assert len(pictures) == 2  # not the one of its text
    for name in pictures:
        was, now = (Image.open(io.BytesIO(each[name])) for each in (before, made))
        assert was.tobytes() == now.tobytes()
        assert not now.getexif()


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def with_header(text: str) -> bytes:
    """A template whose header holds some XML more."""
    word = docx.Document(io.BytesIO(template()))
    spaces = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    word.sections[0].header.paragraphs[0]._p.append(parse_xml(f"<w:r {spaces}>{text}</w:r>"))
    return saved(word)


def relation(kind: str) -> bytes:
    target = "https://testford.example"
    return f'<Relationship Type="x/{kind}" Target="{target}" TargetMode="External"/>'.encode()


def test_a_report_takes_page_styles_and_header_and_not_the_text() -> None:
    made = docx.Document(
        io.BytesIO(as_docx(REPORT, now=NOW, template=checked_template(template())))
    )
    assert "Text of the template" not in [p.text for p in made.paragraphs]
    assert made.styles["Heading 1"].font.name == "Georgia"
    page = made.sections[0]
    assert [p.text for p in page.header.paragraphs] == ["Testford Borough Council", "EXEMPT"]
    # The first page is of another kind, and is marked too.
    assert "EXEMPT" in [p.text for p in page.first_page_header.paragraphs]
    # 210 mm less two margins of 30
    assert sum(c.width.mm for c in made.tables[0].columns) == pytest.approx(150, abs=1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"not a zip", "is no DOCX"),
        (with_part(template(), "word/vbaProject.bin"), "holds macros"),
        (with_part(template(), "word/comments.xml"), "comments: delete them"),
        (
            with_part(
                template(),
                "word/_rels/x.rels",
                b'<Relationship Type="x/attachedTemplate" TargetMode="External"/>',
            ),
            "links to something outside",
        ),
        (
            with_header("<w:instrText> author \\\\* MERGEFORMAT</w:instrText>"),
            "has the field AUTHOR, which says who made the file",
        ),
        (with_header('<w:ins w:id="1" w:author="Jo"/>'), "tracked changes: accept them"),
        (with_part(template(), "word/media/a.tiff", b"II*\x00"), r"as PNG \(a.tiff\)"),
        (with_part(template(), "word/media/a.jpg", logo("JPEG")[:90]), r"cut off.*\(a.jpg\)"),
        (with_part(template(), "word/media/a.png", logo("PNG")[:90]), r"cut off.*\(a.png\)"),
        (template(drop_style="Intense Quote"), "lacks the styles Intense Quote"),
        (template(margin_mm=50), "leaves 110 mm for text"),
        (b"x" * (5 * 1024 * 1024 + 1), "more than 5 MB"),
    ],
)
def test_what_no_report_can_be_made_of_is_refused_with_the_reason(
    content: bytes, words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        checked_template(content)


def test_a_link_to_the_council_s_site_may_stay() -> None:
    link = (
        b'<Relationship Type="x/hyperlink" Target="https://testford.gov.uk" TargetMode="External"/>'
    )
    content = with_part(template(), "word/_rels/x.rels", link)
    assert checked_template(content) == content


def test_a_manager_sends_it_and_takes_it_back(signed_in: SignIn, council: Store) -> None:
    manager = signed_in("manager")
    sent = manager.post(PAGE, data={"file": (io.BytesIO(template()), "council.docx")})
    assert sent.status_code == 302
    assert "Now: council.docx" in Page.of(manager.get(PAGE)).text
    bad = manager.post(PAGE, data={"file": (io.BytesIO(b"x"), "council.docx")})
    assert bad.status_code == 400
    assert "The template is no DOCX" in Page.of(bad).text
    manager.post(f"{PAGE}/remove")
    with council.reading() as session:
        assert word_templates.content(session) is None
    assert signed_in("officer").get(PAGE).status_code == 403
