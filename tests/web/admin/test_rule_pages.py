"""The dated tables as an administrator corrects them."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from flask.testing import FlaskClient

from geodata.people import audit
from geodata.posters.poster_wording import wordings_between
from geodata.rules import council
from geodata.rules.tables import packaged
from geodata.store.engine import Store
from tests.web.page import Page
from web.admin.rule_words import WORDS

NOW = datetime(2026, 6, 13, 12, tzinfo=UTC)
AMOUNT = {
    "valid_from": "2026-06-01",
    "source": "Cabinet, 12 May 2026",
    "is_verified": "y",
    "value_action": "litter_fpn",
    "value_amount_pence": "£150",
    "value_discount_pence": "100.50",
    "value_discount_days": "10",
    "value_decision": "CAB/26/12",
}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(signed_in) -> FlaskClient:
    return signed_in("admin")


def holding(store: Store, day: date):
    with store.reading() as session:
        return council.rulebook(session)["council_amount"].on(day, "litter_fpn")


def test_the_tables_are_for_managers_and_admins(signed_in, client: FlaskClient) -> None:
    paths = ("/admin/rules", "/admin/rules/litter_penalty", "/admin/rules/litter_penalty/add")
    others = [signed_in(role) for role in ("officer", "contractor")]
    manager = signed_in("manager")
    for path in paths:
        assert client.get(path).location.startswith("/sign-in")
        assert [person.get(path).status_code for person in others] == [403] * 2
        assert manager.get(path).status_code == 200
    assert others[0].post("/admin/rules/litter_penalty/1/withdraw").status_code == 403


@pytest.mark.parametrize("name", sorted(packaged().tables))
def test_every_table_is_shown_and_can_be_added_to(admin: FlaskClient, name: str) -> None:
    page = admin.get(f"/admin/rules/{name}").text
    assert packaged()[name].title in page.replace("&#39;", "'")
    assert admin.get(f"/admin/rules/{name}/add").status_code == 200


ROWS = {  # of the tables that come without one
    "council_amount": {
        "action": "litter_fpn",
        "amount_pence": 12_000,
        "discount_pence": 8_050,
        "discount_days": 10,
        "decision": "CAB/26/12",
    },
    "payment_details": dict.fromkeys(
        ("payee", "address", "methods", "representations_to"), "The Director of Finance"
    ),
    "record_gaps": {"what": "The web form was down", "channel": "web"},
    "work_pauses": {"work": "patrols", "what": "The wardens were lent to another council"},
    "working_days": {"is_working": True},
}
WRITTEN = {  # what somebody types for a value, by its kind
    "pence": lambda pence: f"£{pence // 100:,}.{pence % 100:02}",
    "numbers": lambda numbers: ", ".join(map(str, numbers)),
    "hours": lambda hours: "\n".join(f"{what}: {many}" for what, many in hours.items()),
    "reasons": lambda reasons: "\n".join(f"{code}: {words}" for code, words in reasons.items()),
    "flag": lambda flag: "y" if flag else "",
}


@pytest.mark.parametrize("name", sorted(packaged().tables))
def test_every_table_takes_a_row_through_its_page(
    admin: FlaskClient, council_store: Store, name: str
) -> None:
    """The newest row of the program's own, typed in again: it holds with the same values."""
    table = packaged()[name]
    values = ROWS[name] if name in ROWS else dict(table.rows[-1].values)
    typed = {
        f"value_{each.name}": WRITTEN.get(each.kind, str)(values[each.name])
        if values.get(each.name) is not None
        else ""
        for each in table.fields
        if each.kind != "flag" or values.get(each.name)
    }
    data = typed | {"valid_from": "2026-06-01", "valid_to": "2026-06-30", "source": "Minutes"}
    answer = admin.post(f"/admin/rules/{name}/add", data=data)
    assert answer.status_code == 302, Page.of(answer).text
    with council_store.reading() as session:
        (row,) = [each for each in council.rulebook(session)[name].rows if each.council_key]
    kept = {key: value for key, value in row.values.items() if value not in (None, "", False, {})}
    assert kept == {key: value for key, value in values.items() if value not in (None, False)}
    assert (row.valid_from, row.valid_to, row.source) == (
        date(2026, 6, 1),
        date(2026, 6, 30),
        "Minutes",
    )


def test_what_is_unverified_or_pending_says_so(admin: FlaskClient) -> None:
    assert "Not verified" in admin.get("/admin/rules/litter_penalty").text
    assert "not in force yet" in admin.get("/admin/rules/order_penalty").text


def test_an_amount_is_entered_corrected_and_withdrawn_with_its_history(
    admin: FlaskClient, council_store: Store
) -> None:
    assert admin.post("/admin/rules/council_amount/add", data=AMOUNT).status_code == 302
    row = holding(council_store, date(2026, 6, 1))
    assert (row["amount_pence"], row["discount_pence"], row["discount_days"]) == (
        15_000,
        10_050,
        10,
    )
    assert row.is_verified
    assert holding(council_store, date(2026, 5, 31)) is None
    form = Page.of(admin.get(f"/admin/rules/council_amount/add?replaces={row.council_key}"))
    assert form.value("value_amount_pence") == "150.00"
    mended = AMOUNT | {"value_amount_pence": "120"}
    admin.post(f"/admin/rules/council_amount/add?replaces={row.council_key}", data=mended)
    newer = holding(council_store, date(2026, 6, 1))
    assert newer["amount_pence"] == 12_000
    page = admin.get("/admin/rules/council_amount").text
    assert f"replaces row {row.council_key}" in page
    assert "£150.00" in page
    withdrawing = f"/admin/rules/council_amount/{newer.council_key}/withdraw"
    assert "£120.00 £150.00" in Page.of(admin.get(withdrawing)).text  # now, and then
    for reason in ("", "  ", "Asked by Mrs Jones"):
        assert admin.post(withdrawing, data={"reason": reason}).status_code == 400
    assert holding(council_store, date(2026, 6, 1))["amount_pence"] == 12_000
    admin.post(withdrawing, data={"reason": "CAB/26/14 was called in"})
    assert holding(council_store, date(2026, 6, 1))["amount_pence"] == 15_000
    history = Page.of(admin.get("/admin/rules/council_amount"))
    assert "by admin-1: CAB/26/14 was called in" in history.text
    back = f"/admin/rules/council_amount/{newer.council_key}/put-back"
    assert history.leads_to(back)
    assert "£150.00 £120.00" in Page.of(admin.get(back)).text
    admin.post(back, data={"reason": "The call-in failed"})
    assert holding(council_store, date(2026, 6, 1))["amount_pence"] == 12_000
    assert admin.post(back, data={"reason": "Once again"}).status_code == 400
    assert "stands already" in Page.of(admin.get(back)).text
    assert not Page.of(admin.get("/admin/rules/council_amount")).leads_to(back)
    with council_store.reading() as session:
        log = [
            (entry.act, name, entry.reason) for entry, name in audit.entries(session, "rule_row")
        ]
    assert log == [
        ("put_back", "admin-1", "The call-in failed"),
        ("create", "admin-1", None),
        ("withdraw", "admin-1", "CAB/26/14 was called in"),
        ("create", "admin-1", None),
        ("create", "admin-1", None),
    ]


@pytest.fixture
def council_store(council: Store) -> Store:
    return council


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"value_amount_pence": "a lot"}, "Amount is 'a lot': write a number"),
        ({"value_amount_pence": "1.005"}, "write a number"),
        ({"value_amount_pence": ""}, "Amount is empty"),
        ({"value_discount_days": "-1"}, "whole number, 0 or more"),
        ({"valid_to": "2026-05-01"}, "lies before the first day"),
        ({"value_amount_pence": "500.01"}, "outside what the law allowed, £65.00 to £500.00"),
        ({"value_discount_pence": "49.99"}, "under the least, £50.00"),
        ({"value_discount_days": ""}, "go together"),
        ({"value_discount_days": "0"}, "one day at least"),
        ({"source": ""}, "Name the source"),
        ({"valid_from": "soon"}, "Enter a day such as"),
    ],
)
def test_a_row_that_cannot_be_is_answered_and_what_was_typed_stays(
    admin: FlaskClient, council_store: Store, changed: dict, words: str
) -> None:
    answer = admin.post("/admin/rules/council_amount/add", data=AMOUNT | changed)
    assert answer.status_code == 400
    page = Page.of(answer)
    assert words in page.text
    assert "CAB/26/12" in page.typed
    assert holding(council_store, date(2026, 6, 1)) is None


def test_a_table_or_row_that_is_not_there_is_not_found(admin: FlaskClient) -> None:
    assert admin.get("/admin/rules/parking").status_code == 404
    assert admin.post("/admin/rules/litter_penalty/99/withdraw").status_code == 404


@pytest.mark.parametrize(
    "word",
    sorted({w for table in packaged().tables.values() for f in table.fields for w in f.words}),
)
def test_every_word_of_a_table_is_written_out_for_people(word: str) -> None:
    assert re.fullmatch(r"[A-Z][\w '.,()/-]+", WORDS[word])
    assert "_" not in WORDS[word]


WORDING = {
    "valid_from": "2026-06-01",
    "source": "Cabinet, 12 May 2026",
    "value_language": "ne",
    "value_heading": "Yahan gyas",
    "value_law": "Kanun.",
    "value_call": "Scan",
}


def test_the_council_adds_a_language_of_posters_and_its_words(
    admin: FlaskClient, council_store: Store
) -> None:
    unknown = admin.post("/admin/rules/poster_wordings/add", data=WORDING)
    assert "add it to that table first" in Page.of(unknown).text
    language = {"source": "Cabinet", "value_code": "ne", "value_name": "Nepali"}
    assert admin.post("/admin/rules/poster_languages/add", data=language).status_code == 302
    assert admin.post("/admin/rules/poster_wordings/add", data=WORDING).status_code == 302
    with council_store.reading() as session:
        rules = council.rulebook(session)
    first, last = date(2026, 1, 1), date(2027, 1, 1)
    (own,) = wordings_between(first, last, language="ne", rules=rules)
    assert (own.valid_from, own.heading) == (date(2026, 6, 1), "Yahan gyas")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"value_heading": "Ask Mr Smith"}, "Mr Smith"),
        ({"value_law": "ספרו לנו"}, "typeface cannot set"),
        ({"value_heading": "a" * 81}, "up to 80 fit"),
    ],
)
def test_words_that_cannot_hang_are_refused_before_a_campaign_has_them(
    admin: FlaskClient, changed: dict[str, str], words: str
) -> None:
    row = WORDING | {"value_language": "en"} | changed
    assert words in Page.of(admin.post("/admin/rules/poster_wordings/add", data=row)).text


def test_a_language_has_a_code_of_letters(admin: FlaskClient) -> None:
    row = {"source": "Cabinet", "value_code": "Nepali!", "value_name": "Nepali"}
    assert "no code of a language" in admin.post("/admin/rules/poster_languages/add", data=row).text


def test_a_source_that_names_somebody_is_refused(admin: FlaskClient) -> None:
    row = AMOUNT | {"source": "Decided by Sarah Jones"}
    answer = admin.post("/admin/rules/council_amount/add", data=row)
    assert answer.status_code == 400
    assert "Sarah Jones" in Page.of(answer).text
