"""The texts of the pages: all marked, all in the catalogues, and no draft that breaks a page."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import web
from web.services.languages import offered, texts
from web.translations import extraction

WEB = Path(web.__file__).parent
TEMPLATES = WEB / "templates"
ENGLISH_ONLY = {
    "accessibility.html",
    "cookies.html",
    "privacy.html",
    "reach.html",
    "security.html",
    "open_data.html",
}
"""Said so on the page, in its language."""
SPOKEN = sorted(
    path
    for folder in ("public", "contractor")
    for path in (TEMPLATES / folder).rglob("*.html")
    if path.name not in ENGLISH_ONLY
)
PARTS = [TEMPLATES / "base.html", TEMPLATES / "error.html", TEMPLATES / "form.html"]
JINJA = re.compile(r"{#.*?#}|{%-?\s*trans.*?endtrans\s*[-+]?%}|{{.*?}}|{%.*?%}", re.DOTALL)
_IN = r'"[^"]*"|[^()"]'
CALL = re.compile(rf"(?<!\w)(?:_|ngettext)\((?:{_IN}|\((?:{_IN})*\))*\)", re.DOTALL)
BARE_IN_CODE = re.compile(
    r'"(?:text|titleText|html|iconFallbackText|divider|label|hint)": "[A-Za-z]'
    r'|\b(?:link|details|warning|post_button|data_table|held_file)\("[A-Z]'
    r'|\(\s*"[A-Z][^"]*",'
)
SAID = re.compile(r'\b(?:alt|title|aria-label|placeholder)="([^"]*)"')
OWN = {"OpenStreetMap"}
"""Names, which no language translates."""


def messages(catalogue: Catalog) -> set[object]:
    return {message.id for message in catalogue if message.id}


def bare_english(template: str) -> list[str]:
    """Words of a template that no reader of another language could have."""
    code = CALL.sub("", " ".join(re.findall(r"{{.*?}}|{%.*?%}", template, re.DOTALL)))
    for name in OWN:
        code = code.replace(f'"{name}"', '""')
    bare = [match[0] for match in BARE_IN_CODE.finditer(code)]
    markup = JINJA.sub(" ", re.sub(r"{% block width %}.*?{% endblock %}", "", template))
    words = SAID.findall(markup) + re.sub(r"<[^>]*>", "\n", markup, flags=re.DOTALL).split("\n")
    return bare + [text for text in words if re.search(r"[A-Za-z]{2,}", re.sub(r"&\w+;", "", text))]


@pytest.mark.parametrize("path", SPOKEN + PARTS, ids=lambda path: path.name)
def test_every_text_of_a_page_is_marked_for_translation(path: Path) -> None:
    template = path.read_text()
    if path.name == "base.html":  # the mark of a draft speaks English beside the language
        template = re.sub(r'<span lang="en".*?</span>', "", template)
    assert bare_english(template) == []


@pytest.mark.parametrize(
    "template",
    ["<p>Hello</p>", '<img alt="A photo">', '{{ link("Back", x) }}', '{{ f({"text": "Go on"}) }}'],
)
def test_a_text_that_is_not_marked_is_found(template: str) -> None:
    assert bare_english(template)


def test_the_catalogues_have_the_texts_of_the_source() -> None:
    """Else run ``python -m web.translations``."""
    marked = messages(extraction.extracted())
    for path in sorted(extraction.HERE.glob("*.po*")):
        with path.open("rb") as file:
            assert messages(read_po(file)) == marked, path.name


@pytest.mark.parametrize("code", offered.LANGUAGES)
def test_a_draft_keeps_what_the_program_fills_in_and_every_tag(code: str) -> None:
    by_source = {text.source: text for text in texts.every()}
    broken = {
        source: missing
        for source, translations in texts.drafts(code).items()
        for translation in translations
        if (missing := texts.faults(by_source[source], translation))
    }
    assert broken == {}


def test_a_draft_of_a_language_has_the_whole_way_of_a_report() -> None:
    """Welsh is for speakers to write: the law asks for more than a machine's."""
    journey = [
        text
        for text in texts.every()
        if any(
            "/report/" in path or "reporting/" in path or "/track/" in path for path in text.where
        )
    ]
    assert len(journey) > 200
    for code in set(offered.LANGUAGES) - {"cy"}:
        assert [text.source for text in journey if text.source not in texts.drafts(code)] == []


def test_what_reading_a_photo_refuses_is_in_the_catalogue() -> None:
    """Its sentences are of the store, which knows no languages."""
    from web.forms.sent_photos import SAID as LISTED

    source = "".join(
        (WEB.parent / "geodata" / "media" / name).read_text()
        for name in ("pictures.py", "picture_workers.py")
    )
    assert [sentence for sentence in LISTED if f'"{sentence}"' not in source] == []
