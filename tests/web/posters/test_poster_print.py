"""What is printed, read back from the paper: codes, words, sizes, and the installer's list."""

import re
from datetime import date
from urllib.parse import urlsplit

import pypdfium2
import pytest
import shapely
import time_machine
import zxingcpp
from sqlalchemy import select

from geodata.models import PosterSite, Report
from geodata.posters import campaign_wordings
from geodata.posters.campaign_wordings import PosterTexts
from geodata.store.engine import Store
from tests.signing_key import SIGNING_KEY
from tests.web.page import Page
from tests.web.poster_campaign import ACTOR, NOW, started
from tests.web.reporting import QUICK
from web.application import create_app
from web.config import Config
from web.services.posters import poster_campaigns, poster_pdf, poster_standing
from web.services.posters.poster_pdf import Print
from web.services.posters.poster_versions import PosterVersion

MM = 72 / 25.4
PAPER_MM = {"A4": (210, 297), "A3": (297, 420)}


def pages(answer) -> list[pypdfium2.PdfPage]:
    assert answer.mimetype == "application/pdf"
    return list(pypdfium2.PdfDocument(answer.data))


def text_of(page: pypdfium2.PdfPage) -> str:
    return " ".join(page.get_textpage().get_text_range().split())


def code_on(page: pypdfium2.PdfPage) -> str:
    (barcode,) = zxingcpp.read_barcodes(page.render(scale=1.5).to_pil())
    return barcode.text


@time_machine.travel(NOW)
@pytest.mark.parametrize("size", ["A4", "A3"])
def test_the_code_on_the_paper_opens_the_report_form_with_its_place(
    council: Store, signed_in, client, size: str
) -> None:
    key, codes = started(council, names=("Column 7", "Gate"))
    officer = signed_in("officer")
    printed = pages(officer.get(f"/posters/{key}/posters.pdf?size={size}"))
    width, height = PAPER_MM[size]
    assert [page.get_size() for page in printed] == [
        pytest.approx((width * MM, height * MM), abs=0.5)
    ] * 2
    addresses = [code_on(page) for page in printed]
    assert [urlsplit(address).query for address in addresses] == [f"site={c}" for c in codes]
    assert f"{codes[0]}: Column 7" in text_of(printed[0])
    scanned = addresses[0].removeprefix("http://localhost")
    assert "Column 7" in client.get(scanned).text
    step = client.post("/report", data={"site": codes[0]}).location
    while not step.endswith("/check"):
        question = step.rsplit("/", 1)[1]
        sent = {"spot": {"landmark": ""}} | QUICK
        step = client.post(step, data=sent.get(question, {})).location
    client.post(step, data={"website": ""})
    with council.reading() as session:
        report = session.scalars(select(Report)).one()
        site = session.get(PosterSite, report.poster_site_id)
    assert (report.channel, site.code, report.geometry.x) == ("poster", codes[0], 552_510)
    facts = Page.of(officer.get(f"/posters/sites/{codes[0]}")).summary
    assert facts["Reports by its code"] == "1"


@time_machine.travel(NOW)
def test_the_printed_address_is_the_configured_one(council: Store, signed_in) -> None:
    key, codes = started(council)
    officer = signed_in("officer")
    assert "which a telephone in the street cannot open" in officer.get(f"/posters/{key}").text
    config = Config(
        secret_key=SIGNING_KEY, insecure_cookies=True, base_url="https://canisters.example.org/"
    )
    app = create_app(config, store=council)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    officer = app.test_client()
    officer.post("/sign-in", data={"name": "officer-1", "password": "a long enough password"})
    (page,) = pages(officer.get(f"/posters/{key}/posters.pdf"))
    assert code_on(page) == f"https://canisters.example.org/report?site={codes[0]}"
    assert "a telephone in the street" not in officer.get(f"/posters/{key}").text


@time_machine.travel(NOW)
def test_a_campaign_that_spans_a_change_of_the_law_prints_two_dated_versions(
    council: Store, signed_in
) -> None:
    key, _ = started(council, first=date(2023, 11, 1), valid_to=date(2023, 11, 30))
    officer = signed_in("officer")
    before, after = (text_of(page) for page in pages(officer.get(f"/posters/{key}/posters.pdf")))
    assert "psychoactive effect" in before
    assert "To hang from 1 November 2023 to 7 November 2023." in before
    assert "Class C" in after
    assert "To hang from 8 November 2023 to 30 November 2023." in after
    (one,) = pages(officer.get(f"/posters/{key}/posters.pdf?first=2023-11-08"))
    assert "Class C" in text_of(one)


@time_machine.travel(NOW)
def test_a_translation_cannot_be_printed_before_a_speaker_has_checked_it(
    council: Store, signed_in
) -> None:
    key, _ = started(council)
    officer = signed_in("officer")
    refused = officer.get(f"/posters/{key}/posters.pdf?language=pl")
    assert refused.status_code == 409
    assert "Nobody has checked the Polish wording" in refused.text
    assert "Powiadom nas" not in text_of(pages(officer.get(f"/posters/{key}/posters.pdf"))[0])
    with council.writing() as session:
        polish = campaign_wordings.current(session, key)[1]
        campaign_wordings.confirm(session, ACTOR, polish.id)
    together = text_of(pages(officer.get(f"/posters/{key}/posters.pdf"))[0])
    assert "Canisters dumped here?" in together
    assert "Leżą tu naboje lub butle po gazie? Powiadom nas" in together
    alone = text_of(pages(officer.get(f"/posters/{key}/posters.pdf?language=pl"))[0])
    assert "Zeskanuj kod" in alone
    assert "Canisters" not in alone


@time_machine.travel(NOW)
def test_only_what_is_wanted_is_printed_and_nothing_for_retired_sites(
    council: Store, signed_in
) -> None:
    key, codes = started(council, names=("one", "two", "three"))
    with council.writing() as session:
        poster_campaigns.log_event(session, ACTOR, codes[0], "installed", at=NOW)
        poster_campaigns.retire_site(session, ACTOR, codes[2], "The pole is gone")
    officer = signed_in("officer")
    for which, expected in (("all", codes[:2]), ("missing", codes[1:2]), (codes[0], codes[:1])):
        printed = pages(officer.get(f"/posters/{key}/posters.pdf?sites={which}"))
        assert [code_on(page).partition("site=")[2] for page in printed] == expected
    assert officer.get(f"/posters/{key}/posters.pdf?sites={codes[2]}").status_code == 409
    assert officer.get(f"/posters/{key}/posters.pdf?size=A9").status_code == 404
    assert officer.get(f"/posters/{key}/posters.pdf?language=xx").status_code == 409


def test_the_longest_words_in_four_languages_stay_clear_of_the_code() -> None:
    longest = PosterTexts("W" * 39 + " " + "W" * 40, "law " * 75, "C" * 90, "extra " * 33)
    version = PosterVersion(date(2026, 1, 1), None, longest, (longest,) * 3)
    site = poster_standing.SiteState("PS0001", "n" * 200, shapely.Point(553_000, 174_000), "up")
    content = poster_pdf.as_pdf(
        [version], [site], Print("A council with a long name " * 4, "https://a.example/report")
    )
    page = pypdfium2.PdfDocument(content)[0]
    assert code_on(page) == "https://a.example/report?site=PS0001"
    width, height = page.get_size()
    lefts, feet, rights, tops = zip(
        *(page.get_textpage().get_charbox(n) for n in range(page.get_textpage().count_chars())),
        strict=True,
    )
    assert min(lefts) >= 0
    assert max(rights) <= width
    assert min(feet) >= 0
    assert max(tops) <= height
    # the code stands 52 to 136 mm above the foot: no letter's middle may
    middles = [(foot + top) / 2 for foot, top in zip(feet, tops, strict=True) if top > foot]
    assert not [y for y in middles if 52 * MM < y < 136 * MM]


@time_machine.travel(NOW)
def test_every_typeface_is_in_the_file(council: Store, signed_in) -> None:
    key, _ = started(council)
    officer = signed_in("officer")
    for name in ("posters.pdf", "sheet.pdf"):
        content = officer.get(f"/posters/{key}/{name}").data
        used = set(re.findall(rb"/BaseFont\s*/(\S+)", content))
        embedded = [font for font in used if b"DejaVuSans" in font]
        assert embedded
        # the PDF library declares Helvetica for its own first page state, and writes nothing in it
        assert used - set(embedded) <= {b"Helvetica"}
        assert content.count(b"/FontFile2") >= len(embedded)


@time_machine.travel(NOW)
def test_the_installer_s_sheet_lists_every_site_with_its_place_and_state(
    council: Store, signed_in
) -> None:
    names = tuple(f"Column {n}" for n in range(40))
    key, codes = started(council, names=names)
    with council.writing() as session:
        poster_campaigns.log_event(session, ACTOR, codes[0], "damaged", at=NOW)
    printed = pages(signed_in("officer").get(f"/posters/{key}/sheet.pdf"))
    text = " ".join(text_of(page) for page in printed)
    for code, name in zip(codes, names, strict=True):
        assert f"{code} {name}" in text
    assert "TQ 5251 7400 Damaged: put up" in text  # 552510, 174000
    assert text.count("\u2610") == 2 * len(codes)
    assert len(printed) > 1
    assert all("Put up" in text_of(page) for page in printed)  # the heads are on every page


def test_letters_of_punjabi_are_joined_and_put_in_their_order() -> None:
    # ਿ (sihari) is written after its consonant and stands before it on paper.
    texts = PosterTexts("ਸਿ", "ਮਦਦ: FRANK", "ਸਿ")
    version = PosterVersion(date(2026, 1, 1), None, texts)
    site = poster_standing.SiteState("AB12", "Gate", shapely.Point(552_500, 174_000), "planned")
    paper = poster_pdf.as_pdf([version], [site], Print("Test", "https://example.org/report"))
    words = pypdfium2.PdfDocument(paper)[0].get_textpage()
    letters = words.get_text_range()
    lefts = {sign: words.get_charbox(letters.index(sign))[0] for sign in "ਸਿ"}
    assert lefts["ਿ"] < lefts["ਸ"]
    assert "FRANK" in letters
    assert letters.count("ਸ") == 2  # in the heading and beneath the code
