"""The page object reads what stands on a page, and refuses what is no page."""

import pytest
from flask.testing import FlaskClient

from tests.web.page import Image, Link, Page

BOARD = """<!DOCTYPE html><html lang="en"><head><title>Board – Testford</title></head><body>
<nav class="bar"><a href="/map" aria-current="page">Map</a></nav>
<main>
  <h1>Two   spots</h1><p>One<br>two<script>"unread"</script></p>
  <table><caption>Spots <span class="govuk-visually-hidden">by rank</span></caption>
    <thead><tr><th>Rank</th><th>Name</th><th>Since</th></tr></thead>
    <tbody>
      <tr><th scope="row">1</th><td><a href="/spots/7">Bandstand</a></td>
        <td>May &amp; June</td></tr>
      <tr><th scope="row">2</th><td colspan="2">Gone</td></tr>
    </tbody></table>
  <dl class="govuk-summary-list"><div class="govuk-summary-list__row">
    <dt>State</dt><dd><strong class="govuk-tag govuk-tag--red">Late</strong></dd></div></dl>
</main></body></html>"""

FORM = """<main><div class="govuk-error-summary"><ul>
  <li><a href="#day">Enter a day</a></li></ul></div>
<form action="/save">
<p id="day-error" class="govuk-error-message"><span>Error:</span> Enter a day</p>
<input name="day" id="day" value="32">
<textarea name="note">
Gate
code</textarea>
<select name="ward"><option value="">All</option><option value="w" selected>West</option></select>
<select name="sort"><option>Newest</option><option>Oldest</option></select>
<input type="radio" name="who" value="a"><input type="radio" name="who" value="b" checked>
<input type="checkbox" name="kind" value="1" checked><input type="checkbox" name="kind" value="2">
<input type="checkbox" name="kind" value="3" checked>
</form></main>"""


def test_content_is_read_with_single_spaces_and_without_scripts() -> None:
    page = Page(BOARD)
    assert (page.title, page.heading) == ("Board – Testford", "Two spots")
    assert page.headings == ["Two spots"]
    assert page.text.startswith("Two spots One two Spots by rank Rank Name Since 1 Bandstand")


def test_rows_of_a_table_are_read_by_its_columns() -> None:
    table = Page(BOARD).table("Spots")
    assert table.caption == "Spots by rank"
    assert table.rows == [
        {"Rank": "1", "Name": "Bandstand", "Since": "May & June"},
        {"Rank": "2", "Name": "Gone", "Since": "Gone"},
    ]
    assert table.column("Rank") == ["1", "2"]
    assert table.links == [[Link("Bandstand", "/spots/7")], []]


def test_a_row_with_a_cell_too_few_is_refused() -> None:
    short = BOARD.replace('<td colspan="2">Gone</td>', "<td>Gone</td>")
    with pytest.raises(ValueError, match="shorter"):
        _ = Page(short).table("Spots").rows


def test_a_table_is_asked_for_by_a_caption_that_one_has() -> None:
    with pytest.raises(AssertionError, match="Spots by rank"):
        Page(BOARD).table("Jobs")


def test_links_of_the_content_and_of_the_whole_page() -> None:
    page = Page(BOARD)
    assert page.links == [Link("Bandstand", "/spots/7")]
    assert page.all_links == [Link("Map", "/map", True), Link("Bandstand", "/spots/7")]
    assert page.links_in("bar") == [Link("Map", "/map", True)]
    assert page.links_in("side-bar") == []
    assert page.link("Map") == "/map"
    assert page.leads_to("/spots/7")
    assert not page.leads_to("/spots")
    with pytest.raises(AssertionError, match="Nowhere"):
        page.link("Nowhere")


def test_summary_lists_and_tags_are_read() -> None:
    page = Page(BOARD)
    assert page.summary == {"State": "Late"}
    assert (page.tags, page.tag_colours) == (["Late"], ["red"])


def test_pictures_are_read_with_their_words() -> None:
    page = Page('<main><img src="/1.jpg" alt="Photo 1"><img src="/2.jpg" alt=""></main>')
    assert page.images == [Image("/1.jpg", "Photo 1"), Image("/2.jpg", "")]


def test_fields_hold_what_a_browser_would_send() -> None:
    page = Page(FORM)
    values = {name: field.values for name, field in page.fields.items()}
    assert values == {
        "day": ["32"],
        "note": ["Gate\ncode"],  # HTML drops the line break after <textarea>
        "ward": ["w"],
        "sort": ["Newest"],  # a browser chooses the first where none is chosen
        "who": ["b"],
        "kind": ["1", "3"],
    }
    assert page.value("who") == "b"
    assert page.actions == ["/save"]
    assert page.typed == {"32", "Gate\ncode", "w", "Newest", "b", "1", "3"}
    assert page.fields["ward"].chosen == "West"
    assert page.fields["ward"].choices == ["", "w"]
    assert [page.fields[name].kind for name in ("day", "note", "who")] == [
        "text",
        "textarea",
        "radio",
    ]


def test_errors_stand_in_the_summary_and_at_their_field() -> None:
    page = Page(FORM)
    assert page.error_summary == [Link("Enter a day", "#day")]
    assert page.errors == {"day": "Enter a day"}
    assert page.fields["day"].error == "Enter a day"
    assert page.fields["note"].error == ""


@pytest.mark.parametrize("html", ["<p>one", "<p><b>one</p></b>", "one</p>"])
def test_tags_that_do_not_match_are_refused(html: str) -> None:
    with pytest.raises(AssertionError):
        Page(html)


def test_an_answer_that_is_no_page_is_refused(client: FlaskClient) -> None:
    assert Page.of(client.get("/sign-in")).heading == "Sign in"
    with pytest.raises(AssertionError, match="200"):
        Page.of(client.get("/health"))
