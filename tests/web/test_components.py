"""The macros that pages are made of, and that no page writes their markup out by hand."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from markupsafe import Markup

from geodata.core.vocabulary import (
    ChargerBand,
    IncidentState,
    Moderation,
    NoticeState,
    Outcome,
    Source,
)
from geodata.posters import poster_events
from geodata.rules.tables import packaged
from geodata.store.engine import Store
from hotspots.detection.classes import CLASS_DEFINITIONS
from web import filters

TEMPLATES = Path(filters.__file__).parent / "templates"
PAGES = sorted(path for path in TEMPLATES.rglob("*") if path.is_file())
BY_HAND = re.compile(
    r"<(table|thead|tbody|tr|td|th|caption|details|summary)\b"
    r"|govuk-(table__|details|summary-list|tag\b|pagination)"
)
LONGEST_LINE = 140
URGENCIES = ("overdue", "soon", "due", "paused", "none")
PHASES = ("coming", "running", "ended")
OFFENCES = next(f.words for f in packaged()["powers"].fields if f.name == "offence")
STATUSES: tuple[tuple[str, tuple[str, ...] | type[StrEnum]], ...] = (
    ("urgency_tag", URGENCIES),
    ("incident_state_tag", IncidentState),
    ("incident_state_words", IncidentState),
    ("outcome_words", Outcome),
    ("notice_state_tag", NoticeState),
    ("hotspot_class_tag", tuple(CLASS_DEFINITIONS)),
    ("campaign_phase_tag", PHASES),
    ("poster_state_tag", poster_events.STATES),
    ("moderation_tag", Moderation),
    ("source_words", Source),
    ("charger_band_words", ChargerBand),
    ("offence_words", OFFENCES),
)
EVERY_STATUS = [(macro, str(member)) for macro, members in STATUSES for member in members]
ROWS = [["West", 12], ["East <i>", 3]]


@pytest.fixture
def store(geopackage: Store) -> Store:
    """Of one kind: no macro asks a store."""
    return geopackage


@pytest.fixture
def macros(app: Flask) -> Iterator[SimpleNamespace]:
    """Macros by name, from every file of them, as templates call them."""
    by_name: dict[str, object] = {}
    with app.test_request_context():
        for path in sorted((TEMPLATES / "macros").iterdir()):
            module = app.jinja_env.get_template(f"macros/{path.name}").module
            by_name |= {name: value for name, value in vars(module).items() if callable(value)}
        yield SimpleNamespace(**by_name)


def test_no_status_is_left_out() -> None:
    """Every macro of the file but its helpers stands in the list above."""
    source = (TEMPLATES / "macros" / "status.html").read_text()
    named = set(re.findall(r"{% macro ([a-z]\w*)\(", source))
    assert named == {macro for macro, _ in STATUSES}


@pytest.mark.parametrize(("macro", "member"), EVERY_STATUS)
def test_every_status_has_a_name_that_a_person_reads(
    macros: SimpleNamespace, macro: str, member: str
) -> None:
    words = Markup(getattr(macros, macro)(member)).striptags()
    assert re.fullmatch(r"[A-Z0-9][\w ,.'’()/-]*", words), words
    assert "_" not in words


@pytest.mark.parametrize("macro", [macro for macro, _ in STATUSES])
def test_a_status_that_nobody_named_is_no_page(macros: SimpleNamespace, macro: str) -> None:
    with pytest.raises(KeyError, match="no_such_status"):
        getattr(macros, macro)("no_such_status")


def test_a_table_has_a_caption_and_a_region_that_the_keyboard_scrolls(
    macros: SimpleNamespace,
) -> None:
    html = macros.data_table("By ward", ["Ward", ("Reports", "numeric")], ROWS)
    assert re.search(
        r'<div class="table-scroll" tabindex="0" role="region" aria-label="By ward">', html
    )
    assert re.search(r"<caption[^>]*>By ward</caption>", html)
    assert re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', html) == ["Ward", "Reports"]
    assert re.findall(r'<th scope="row"[^>]*>([^<]+)</th>', html)[0] == "West"


def test_numbers_stand_under_the_heading_of_their_column(macros: SimpleNamespace) -> None:
    html = macros.data_table("By ward", ["Ward", ("Reports", "numeric nowrap")], ROWS)
    assert html.count("govuk-table__header--numeric nowrap") == 1
    assert re.findall(r'govuk-table__cell--numeric nowrap">(\d+)<', html) == ["12", "3"]


def test_what_somebody_wrote_is_escaped_and_markup_of_ours_is_not(macros: SimpleNamespace) -> None:
    link = macros.link("<b>", "/x?a=1&b=2")
    html = macros.data_table("<caption>", ["A", "B"], [["<script>", link]])
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert '<a class="govuk-link" href="/x?a=1&amp;b=2">&lt;b&gt;</a>' in html
    assert "&lt;caption&gt;</caption>" in html
    listed = macros.summary_list([("<k>", "<v>")])
    assert "&lt;k&gt;" in listed
    assert "&lt;v&gt;" in listed
    assert "&lt;i&gt;" in macros.tag("<i>")
    assert "&lt;i&gt;" in macros.pagination(next=("<i>", "/2"))


def test_a_table_without_rows_says_so_over_its_whole_width(macros: SimpleNamespace) -> None:
    html = macros.data_table("By ward", ["Ward", "Place", "Reports"], [], "None yet.")
    assert re.search(r'<td class="govuk-table__cell" colspan="3">None yet\.</td>', html)
    assert 'scope="row"' not in html


def test_each_line_of_a_card_says_its_column(macros: SimpleNamespace) -> None:
    html = macros.data_table("By ward", ["Ward", "Reports"], ROWS, is_cards=True)
    labels = re.findall(r'<span class="cards__label" aria-hidden="true">(\w+)</span>', html)
    assert labels == ["Reports", "Reports"]


def test_a_table_of_words_is_cards_and_one_of_figures_is_not(macros: SimpleNamespace) -> None:
    words, figures = ["What", "Where", "When", "Who"], ["Month", *[("N", "numeric")] * 6]
    row = [["a", "b", "c", "d"]]
    assert ' cards"' in macros.data_table("Acts", words, row)
    assert "cards" not in macros.data_table("Acts", words, row, is_cards=False)
    assert "cards" not in macros.data_table("By month", figures, [["May", *"123456"]])


def test_a_summary_list_leaves_out_what_is_not_known_where_it_is_told_to(
    macros: SimpleNamespace,
) -> None:
    rows = [("Place", "Westgate"), ("Landmark", None)]
    assert "Landmark" not in macros.summary_list(rows, skips_empty=True)
    html = macros.summary_list([("Place", "Westgate", "/place")])
    assert re.search(
        r'href="/place">\s*Change<span class="govuk-visually-hidden"> place</span>', html
    )


def test_pages_before_and_after_are_links_only_where_there_are_such(
    macros: SimpleNamespace,
) -> None:
    assert not macros.pagination().strip()
    html = macros.pagination(previous=("Newer", "/1"), next=("Older", "/3"))
    assert re.findall(r'href="(/\d)" rel="(\w+)"', html) == [("/1", "prev"), ("/3", "next")]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_has_short_lines_and_no_component_written_by_hand(path: Path) -> None:
    text = path.read_text()
    assert [line for line in text.splitlines() if len(line) > LONGEST_LINE] == []
    if path.parent.name != "macros":
        assert [match[0] for match in BY_HAND.finditer(text)] == []
