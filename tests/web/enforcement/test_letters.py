"""Notices and letters: what the law asks for stands in them, and nobody's name does."""

from dataclasses import replace
from datetime import date, timedelta

import pypdfium2
import pytest
from flask.testing import FlaskClient

from geodata.core.errors import RefusedError
from geodata.people import audit
from geodata.rules.enforcement.letters import template_fault
from geodata.rules.enforcement.notice_life import NoticeFacts
from geodata.rules.tables import packaged
from geodata.store.engine import Store
from tests.web.enforcement.conftest import NOW, Enforcing, act_form
from tests.web.enforcement.test_evidence import SEEN
from tests.web.enforcement.test_recording import FPN, record, step
from tests.web.page import Page
from web.services.enforcement.late_letters import late_words
from web.services.enforcement.notice_letters import LINE, compose
from web.services.settings import rule_tables
from web.services.settings.new_rows import NewRow

DAY = date(2026, 6, 13)
WITH_EARLY = {
    "action": "litter_fpn",
    "amount_pence": 10_000,
    "discount_pence": 6_500,
    "discount_days": 10,
    "decision": "Decision 9",
}
LAW = {  # read in each Act or instrument: what a notice must state
    "litter_fpn": {"particulars", "period", "amount", "pay_to"},
    "fly_tipping_fpn": {"particulars", "period", "amount", "pay_to"},
    "pspo_fpn": {"particulars", "period", "amount", "pay_to", "methods"},
    "cpn_fpn": {"particulars", "period", "amount", "pay_to", "methods"},
    "keeper_penalty": {  # SI 2018/171, reg 5(1)(a) to (k)
        "particulars",
        "vehicle",
        "pay_by",
        "amount",
        "increase",
        "recovery",
        "early",
        "pay_to",
        "methods",
        "representations",
        "appeal",
    },
    "cpw": {"conduct", "warning"},
    "cpn": {"conduct", "requirements", "effect"},
    "caution": {"particulars", "admission", "consequences"},
}
TEXTS = {row["letter"]: row["text"] for row in packaged()["letters"].rows}
CASES = [(letter, element) for letter, elements in LAW.items() for element in sorted(elements)]


@pytest.mark.parametrize(("letter", "element"), CASES)
def test_a_text_that_lacks_what_the_law_asks_for_is_refused_by_name(
    letter: str, element: str
) -> None:
    assert template_fault(packaged(), letter, TEXTS[letter], DAY) == ""
    fault = template_fault(packaged(), letter, TEXTS[letter].replace(f"{{{element}}}", ""), DAY)
    assert fault.startswith(f"the text lacks {{{element}}}: ")


@pytest.mark.parametrize("blank", ["{name}", "{", "}"])
def test_a_blank_that_nobody_fills_is_refused(blank: str) -> None:
    assert template_fault(packaged(), "cpw", TEXTS["cpw"] + blank, DAY) != ""


def new(text: str, first: date | None = date(2026, 6, 1), letter: str = "litter_fpn") -> NewRow:
    values = {"letter": letter, "heading": "Penalty notice", "text": text}
    return NewRow(values, first, None, "Solicitor, 12 May 2026", True)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (new("Pay {amount}."), "the text lacks {particulars}"),
        (new(TEXTS["litter_fpn"], first=None), "first day is empty"),
        (new(TEXTS["litter_fpn"] + " Ask Mrs Jones."), "may say who"),
    ],
)
def test_the_council_cannot_save_a_text_that_may_not_be_used(
    enforcing: Enforcing, row: NewRow, words: str
) -> None:
    with pytest.raises(RefusedError, match=words), enforcing.store.writing() as session:
        rule_tables.add_row(session, packaged()["letters"], row, None, enforcing.actor)


def add(store: Store, enforcing: Enforcing, table: str, row: NewRow) -> None:
    with store.writing() as session:
        rule_tables.add_row(session, packaged()[table], row, None, enforcing.actor)


def letter(enforcing: Enforcing, reference: str, name: str = "litter_fpn") -> tuple[str, list[str]]:
    with enforcing.store.writing() as session:
        composed = compose(session, reference, name, enforcing.actor, council="The council")
    return "\n".join(composed.paragraphs), composed.by_hand


def test_a_notice_says_what_happened_the_amount_the_days_and_where_to_pay(
    enforcing: Enforcing,
) -> None:
    values = {
        "payee": "The Director of Finance",
        "address": "Civic Centre",
        "methods": "card or post",
        "representations_to": "notices@example.org",
    }
    row = NewRow(values, None, None, "Decision 8", True)
    add(enforcing.store, enforcing, "payment_details", row)
    reference = record(enforcing, replace(FPN, evidence=SEEN))
    text, by_hand = letter(enforcing, reference)
    for words in (
        f"Reference: {reference}. Date of this notice: 13 June 2026.",
        "On 13 June 2026 at 11:40pm at Westgate car park",
        SEEN.grounds,
        "paying £100.00",
        "before the end of 27 June 2026",  # 14 days following 13 June
        "The Director of Finance, Civic Centre. Ways to pay: card or post.",
        "Issued by CEO-07, under Decision 7",
    ):
        assert words in text
    assert f"To: {LINE}" in text
    assert by_hand == ["the name and address of the person"]


def test_the_early_amount_is_printed_with_its_last_day(enforcing: Enforcing) -> None:
    row = NewRow(WITH_EARLY, None, None, "Decision 9", True)
    add(enforcing.store, enforcing, "council_amount", row)
    text, _ = letter(enforcing, record(enforcing))
    assert "£65.00 is enough if you pay by 23 June 2026." in text  # 10 days following 13 June


def test_what_the_council_has_not_entered_is_left_to_be_written_by_hand(
    enforcing: Enforcing,
) -> None:
    _, by_hand = letter(enforcing, record(enforcing))
    assert by_hand == [
        "the name and address of the person",
        "what was seen",
        "whom to pay, and the address",
        "the ways to pay",
        "where representations go",
    ]


def test_the_text_of_the_notices_own_day_is_printed(enforcing: Enforcing) -> None:
    own = new(TEXTS["litter_fpn"] + " From June.", first=date(2026, 6, 14))
    add(enforcing.store, enforcing, "letters", own)
    assert "From June" not in letter(enforcing, record(enforcing))[0]
    add(enforcing.store, enforcing, "letters", new(TEXTS["litter_fpn"] + " In June."))
    assert "In June" in letter(enforcing, record(enforcing))[0]


def test_a_keepers_notice_says_its_periods_and_its_rights(enforcing: Enforcing) -> None:
    given = replace(FPN, kind="keeper_penalty", given_on=DAY)
    text, _ = letter(enforcing, record(enforcing, given, from_vehicle=True), "keeper_penalty")
    for words in (
        "28 days beginning with the day on which you are given this notice, that is by 10 July",
        "increases by 100%",
        "county court",
        "You may make representations in writing within 28 days",
        "an independent adjudicator at the Traffic Penalty Tribunal",
        f"Registration mark: {LINE}",
    ):
        assert words in text


def test_a_rejection_says_the_last_day_that_the_page_of_the_notice_shows(
    enforcing: Enforcing,
) -> None:
    given = replace(FPN, kind="keeper_penalty", given_on=date(2026, 5, 25))
    may = {"offence_at": NOW - timedelta(days=25), "issued_on": date(2026, 5, 24)}
    reference = record(enforcing, given, from_vehicle=True, **may)
    step(enforcing, reference, "representation", "2026-06-01", "Says it was sold")
    step(enforcing, reference, "representation_rejected", "2026-06-10", "No proof of a sale")
    text, _ = letter(enforcing, reference, "keeper_rejection")
    assert "Date of this letter: 10 June 2026" in text
    # 28 days beginning with 10 June end on 7 July, to pay and to appeal
    assert text.count("by 7 July 2026") == 2
    assert "If we reject" not in text


def test_a_letter_that_is_not_this_notices_is_refused(enforcing: Enforcing) -> None:
    reference = record(enforcing)
    with pytest.raises(RefusedError, match="not printed"):
        letter(enforcing, reference, "reminder")
    with pytest.raises(RefusedError, match="not printed"):
        letter(enforcing, reference, "caution")


def test_the_notice_prints_as_pdf_and_the_log_says_so(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    reference = record(enforcing)
    page = Page.of(officer.get(f"/enforcement/notices/{reference}"))
    address = f"/enforcement/notices/{reference}/letters/litter_fpn"
    assert page.leads_to(address)
    assert "To be filled in by hand: the name and address" in Page.of(officer.get(address)).text
    pages = pypdfium2.PdfDocument(officer.get(f"{address}.pdf").data)
    text = " ".join(" ".join(each.get_textpage().get_text_range() for each in pages).split())
    assert f"Reference: {reference}" in text
    assert "before the end of 27 June 2026" in text
    with enforcing.store.reading() as session:
        acts = [entry.act for entry, _ in audit.entries(session, "enforcement_action")]
    assert acts.count("print") == 2


def test_a_rejected_representation_has_a_letter_before_and_after_it_is_rejected(
    enforcing: Enforcing,
) -> None:
    may = {"offence_at": NOW - timedelta(days=20), "issued_on": date(2026, 5, 24)}
    reference = record(enforcing, **may)
    with pytest.raises(RefusedError, match="not printed"):
        letter(enforcing, reference, "rejection")
    step(enforcing, reference, "representation", "2026-06-01", "Says it was not theirs")
    before, _ = letter(enforcing, reference, "rejection")
    step(enforcing, reference, "issued", "2026-06-10", "It was seen")
    after, by_hand = letter(enforcing, reference, "rejection")
    for text in (before, after):
        assert "the fixed penalty notice of 24 May 2026. We do not cancel it" in text
        assert "by paying £100.00" in text
        # 14 days following 24 May end on 7 June, and today is 13 June
        assert "The time to pay ended on 7 June 2026: pay now" in text
        assert "gives no appeal" in text
    assert {"the name and address of the person", "the reasons"} <= set(by_hand)


def test_a_keepers_early_amount_has_its_last_day_once_the_notice_is_given(
    enforcing: Enforcing,
) -> None:
    row = NewRow(WITH_EARLY, None, None, "Decision 9", True)
    add(enforcing.store, enforcing, "council_amount", row)
    keeper = replace(FPN, kind="keeper_penalty")
    may = {"offence_at": NOW - timedelta(days=25), "issued_on": date(2026, 5, 20)}
    unserved = replace(keeper, is_unserved=True)
    reference = record(enforcing, unserved, from_vehicle=True, **may)
    text, by_hand = letter(enforcing, reference, "keeper_penalty")
    counted = "£65.00 is enough if you pay within 10 days following the day on which you are given"
    assert counted in text
    lines = {"the last day of the early amount", "the last day to pay"}
    lines |= {"the last day for representations", "where representations go"}
    assert lines <= set(by_hand)
    step(enforcing, reference, "issued", "2026-06-02")
    text, by_hand = letter(enforcing, reference, "keeper_penalty")
    assert "that is by 12 June 2026" in text  # ten days following 2 June, not 20 May
    assert lines & set(by_hand) == {"where representations go"}


@pytest.mark.parametrize("is_verified", [True, False])
def test_an_amount_that_nobody_checked_says_so_wherever_it_stands(
    officer: FlaskClient, enforcing: Enforcing, is_verified: bool
) -> None:
    values = {
        "action": "litter_fpn",
        "amount_pence": 12_000,
        "discount_pence": 8_000,
        "discount_days": 10,
        "decision": "Decision 10",
    }
    row = NewRow(values, None, None, "Minutes of May", is_verified)
    add(enforcing.store, enforcing, "council_amount", row)
    reference = record(enforcing)
    with enforcing.store.writing() as session:
        unread = compose(session, reference, "litter_fpn", enforcing.actor, council="C").unread
    assert ("£120.00: Minutes of May" in unread) == (not is_verified)
    mark = "" if is_verified else " (not verified)"
    notice = Page.of(officer.get(f"/enforcement/notices/{reference}")).text
    notices = Page.of(officer.get("/enforcement/notices")).text
    for amount, shown in (
        (f"£120.00{mark}", notice),
        (f"£80.00{mark} within 10 days", notice),
        (f"£80.00{mark}", notices),
    ):
        assert amount in shown
        assert ("not verified" in shown) == (not is_verified)
    public = Page.of(officer.get("/enforcement-activity")).text
    for amount in ("£120.00", "£80.00 within 10 days"):
        assert (f"{amount} (not checked yet)" in public) == (not is_verified)


def test_the_route_page_marks_the_laws_default_that_nobody_read(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    """The default of 2023 is unverified in the packaged table, the most for an order is not."""
    act = act_form(enforcing)
    text = Page.of(officer.post("/enforcement/record", data=act | {"go": "routes"})).text
    default = "the law's default, as the council entered no amount (not verified)"
    assert text.replace("’", "'").count(default) == 2  # the litter notice, and the keeper's
    assert "the order's own penalty." in text.replace("’", "'")


@pytest.mark.parametrize(
    ("kind", "offence", "issued_on", "is_late"),
    [
        # Six months from 13 December end on 13 June; 14 days following 29 May on 12 June.
        ("litter_fpn", "epa1990_s87", date(2026, 5, 29), False),
        ("litter_fpn", "epa1990_s87", date(2026, 5, 30), True),
        ("litter_fpn", "epa1990_s87", date(2026, 6, 13), True),
        # Fly-tipping is triable either way, and a caution is paid by nobody.
        ("fly_tipping_fpn", "epa1990_s33", date(2026, 6, 13), False),
        ("caution", "epa1990_s87", date(2026, 6, 13), False),
    ],
)
def test_a_notice_whose_days_to_pay_outlast_the_time_limit_says_so(
    kind: str, offence: str, issued_on: date, is_late: bool
) -> None:
    facts = NoticeFacts(kind, "issued", date(2025, 12, 13), issued_on, offence=offence)
    words = " ".join(late_words(packaged(), facts, "", {}, issued_on))
    assert ("proceedings must begin by 13 June 2026" in words) == is_late
