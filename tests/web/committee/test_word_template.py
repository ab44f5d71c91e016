"""The council's own Word template: what is refused of it, and what a report takes from it."""

import io
import zipfile
from datetime import UTC, datetime

import docx
import pytest
from docx.shared import Mm

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
