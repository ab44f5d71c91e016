"""The pages of enforcement: who may enter, and how an officer gets through them."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import shapely
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from geodata.accounts import users
from geodata.core.vocabulary import ActionKind, NoticeState
from geodata.models import EnforcementAction
from geodata.people import audit
from tests.passwords import hashed
from tests.statements import counted
from tests.web.enforcement.conftest import NOW, Enforcing
from tests.web.enforcement.test_recording import FPN, record
from tests.web.page import Page
from web.enforcement.words import in_words

PAGES = (
    "",
    "record",
    "notices",
    "deadlines",
    "footage",
    "footage/new",
    "orders",
    "orders/new",
    "in-force",
    "evidence",
    "issuers",
    "actions.geojson",
    "actions.js",
    "wards.geojson",
    "orders-in-force.geojson",
)
ACT = {
    "place": "Westgate car park",
    "age_band": "18_or_over",
    "offence_on": "2026-06-13",
    "offence_time": "23:40",
    "issued_on": "2026-06-13",
    "idempotency_key": "k1",
}


def post(officer: FlaskClient, enforcing: Enforcing, go: str, **changed: str):
    return officer.post(
        "/enforcement/record", data=ACT | {"issuer": enforcing.issuer_id, "go": go} | changed
    )


def test_only_officers_with_the_permission_enter(
    enforcing: Enforcing, client: FlaskClient, signed_in
) -> None:
    others = [
        signed_in("officer"),
        signed_in("admin"),
        signed_in("contractor", may_read_enforcement=True),
        signed_in("partner", may_read_enforcement=True),
    ]
    for page in PAGES:
        assert client.get(f"/enforcement/{page}").location.startswith("/sign-in")
        assert [o.get(f"/enforcement/{page}").status_code for o in others] == [403] * 4


def test_the_bar_shows_enforcement_to_those_who_may_enter(officer: FlaskClient, signed_in) -> None:
    assert Page.of(officer.get("/")).leads_to("/enforcement/")
    assert not Page.of(signed_in("manager").get("/")).leads_to("/enforcement/")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(officer: FlaskClient, page: str) -> None:
    assert officer.get(f"/enforcement/{page}").status_code == 200


def test_the_form_knows_the_time_and_the_issuer(officer: FlaskClient) -> None:
    page = Page.of(officer.get("/enforcement/record"))
    assert page.value("offence_time") == "23:50"
    assert page.value("offence_on") == "2026-06-13"
    assert page.fields["issuer"].chosen.startswith("CEO-07")


def test_an_officer_records_a_notice_in_two_steps(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    offered = post(officer, enforcing, "check")
    assert offered.status_code == 200
    assert "Westgate car park, TQ 5350 7400" in offered.text
    assert "No inhaling" in offered.text
    done = post(officer, enforcing, "record", route="litter_fpn", note="Seen dropping it")
    assert done.status_code == 302
    notice = officer.get(done.location).text
    assert "£100.00" in notice
    assert "27 Jun 2026" in notice
    again = post(officer, enforcing, "record", route="litter_fpn", note="Seen dropping it")
    assert again.location == done.location


def test_an_officer_is_kindly_stopped_under_an_expired_order(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    act = {"offence_on": "2020-06-13", "issued_on": "2020-06-13"}
    offered = post(officer, enforcing, "check", **act).text
    assert "Old town was not in force on 13 June 2020: it ended on 31 December 2019" in offered
    forced = post(officer, enforcing, "record", route="pspo_fpn", prohibition="ingest", **act)
    assert forced.status_code == 400
    assert "it ended on 31 December 2019" in forced.text
    assert actions_in(enforcing) == []


def actions_in(enforcing: Enforcing) -> list[str]:
    with enforcing.store.reading() as session:
        return list(session.scalars(select(EnforcementAction.kind)))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"place": ""}, "Say where: use your position"),
        ({"grid_ref": "TQ 9"}, "has 1 digits"),
        ({"age_band": ""}, "Choose the age"),
        ({"offence_time": "25:99"}, "time"),
        ({"offence_on": "yesterday"}, "Enter a day such as 13/06/2026"),
        ({"offence_time": "23:59"}, "The act lies in the future"),
        ({"recipient_ref": "Mr Smith"}, "letters, figures"),
        ({"longitude": "0.5", "latitude": "51.2"}, "km outside the borough"),
        ({"issuer": "999"}, "Choose one of the list"),
    ],
)
def test_bad_input_is_answered_and_nothing_typed_is_lost(
    officer: FlaskClient, enforcing: Enforcing, changed: dict, words: str
) -> None:
    answer = post(officer, enforcing, "check", **changed)
    assert answer.status_code == 400
    assert words in answer.text
    assert "There is a problem" in answer.text
    if "offence_time" not in changed:
        assert Page.of(answer).value("offence_time") == "23:40"


def test_going_back_to_the_act_keeps_what_was_said(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    answer = post(officer, enforcing, "change", from_vehicle="y", recipient_ref="P-77")
    assert answer.status_code == 200
    page = Page.of(answer)
    assert page.value("recipient_ref") == "P-77"
    assert page.value("from_vehicle") == "y"


def test_a_route_that_was_not_chosen_is_asked_for(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    answer = post(officer, enforcing, "record")
    assert answer.status_code == 400
    assert "Choose what was done" in answer.text


def test_personal_data_in_a_note_is_refused_and_the_note_kept(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    answer = post(officer, enforcing, "record", route="advice", note="Mr Smith, AB12 CDE")
    assert answer.status_code == 400
    assert "may say who somebody is" in answer.text
    assert Page.of(answer).value("note") == "Mr Smith, AB12 CDE"
    assert actions_in(enforcing) == []


SEEN = {"on": "2026-06-13", "seen": "1"}
"""A step of today, from a page that showed the notice's issue and nothing more."""


def test_a_step_from_a_page_that_is_old_by_now_is_asked_about_and_nothing_is_lost(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    page = post(officer, enforcing, "record", route="litter_fpn").location
    upheld = SEEN | {"state": "cancelled", "reason": "Says it was a friend"}
    assert officer.post(page, data=SEEN | {"state": "paid_full"}).status_code == 302
    for sent in (upheld, {name: value for name, value in upheld.items() if name != "seen"}):
        answer = officer.post(page, data=sent)
        assert answer.status_code == 409
        old = Page.of(answer)
        assert "chief recorded Paid in full, 13 Jun 2026, 11:50pm, after you opened" in old.text
        assert "You had chosen: Cancelled" in old.text
        assert "What you had written: Says it was a friend" in old.text
    assert "Paid in full" in Page.of(officer.get(page)).tags


def test_what_was_written_on_an_old_page_stays_in_its_form(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    page = post(officer, enforcing, "record", route="litter_fpn").location
    officer.post(page, data=SEEN | {"state": "representation", "reason": "Says it was a friend"})
    wrote = SEEN | {"state": "cancelled", "reason": "It was given to the wrong person"}
    old = Page.of(officer.post(page, data=wrote))
    assert old.value("reason") == "It was given to the wrong person"
    assert (old.value("on"), old.value("seen")) == ("2026-06-13", "2")
    again = officer.post(page, data=wrote | {"seen": old.value("seen")})
    assert again.status_code == 302
    statement = {"grounds": "Seen", "pick_up": "given", "recording": "no_recording"}
    assert officer.post(f"{page}/evidence", data=statement | {"seen": "0"}).status_code == 302
    answer = officer.post(f"{page}/evidence", data=statement | {"seen": "0", "grounds": "Heard"})
    assert answer.status_code == 409
    assert "chief stated it" in answer.text
    assert Page.of(answer).value("grounds") == "Heard"


def test_a_step_is_taken_on_the_notices_page(officer: FlaskClient, enforcing: Enforcing) -> None:
    page = post(officer, enforcing, "record", route="litter_fpn").location
    refused = officer.post(page, data=SEEN | {"state": "cancelled", "reason": ""})
    assert refused.status_code == 400
    assert "This step needs a reason" in refused.text
    early = officer.post(page, data=SEEN | {"state": "unpaid"})
    assert "can be paid until 27 June 2026" in early.text
    officer.post(page, data=SEEN | {"state": "cancelled", "reason": "Wrong form"})
    after = officer.get(page).text
    assert "Wrong form" in after
    assert "This is closed" in after


def test_the_list_is_filtered_by_kind_status_and_day(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    reference = post(officer, enforcing, "record", route="litter_fpn").location.split("/")[-1]
    for query, is_there in (
        ("kind=litter_fpn&state=issued", True),
        ("kind=cpw", False),
        ("state=void", False),
        ("since=2026-06-13&until=2026-06-13", True),
        ("since=2026-06-14", False),
        ("until=2026-06-12", False),
    ):
        page = officer.get(f"/enforcement/notices?{query}").text
        assert (reference in page) == is_there, query


def test_a_calendars_address_ends_by_itself_after_half_a_year(
    officer: FlaskClient, client: FlaskClient
) -> None:
    page = officer.get("/enforcement/deadlines")  # on Saturday 13 June 2026 at 23:50
    assert "10 December 2026" in page.text  # 17 days of June, 153 to the end of November, and 10
    (feed,) = (urlsplit(a.href).path for a in Page.of(page).links if a.href.endswith(".ics"))
    for moment, status in (("2026-12-10T22:49Z", 200), ("2026-12-10T22:51Z", 404)):
        with time_machine.travel(moment, tick=False):
            assert client.get(feed).status_code == status


def test_the_deadlines_name_a_notice_in_words_and_not_by_a_code(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    post(officer, enforcing, "record", route="litter_fpn")
    page = officer.get("/enforcement/deadlines").text
    assert "Litter penalty notice " in page
    assert "litter fpn" not in page


def test_the_feed_is_for_its_reader_alone_and_ends_with_the_password(
    officer: FlaskClient, client: FlaskClient, enforcing: Enforcing
) -> None:
    post(officer, enforcing, "record", route="litter_fpn", note="planted-note")
    links = Page.of(officer.get("/enforcement/deadlines")).links
    (feed,) = {urlsplit(link.href).path for link in links if link.href.endswith(".ics")}
    answer = client.get(feed)  # a diary is not signed in
    assert answer.mimetype == "text/calendar"
    lines = answer.text.split("\r\n")
    assert "DTSTART;VALUE=DATE:20260627" in lines
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "planted-note" not in answer.text
    assert client.get(feed.replace(".ics", "x.ics")).status_code == 404
    with enforcing.store.writing() as session:
        users.set_password(
            session,
            users.find(session, "chief").id,
            hashed("another long password"),
        )
    assert client.get(feed).status_code == 404


def test_every_look_at_a_page_is_in_the_audit(officer: FlaskClient, enforcing: Enforcing) -> None:
    page = post(officer, enforcing, "record", route="advice").location
    officer.get(page)
    officer.get("/enforcement/notices")
    officer.get("/enforcement/actions.geojson")
    with enforcing.store.reading() as session:
        acts = [entry.act for entry, _ in audit.entries(session, "enforcement_action")]
    assert acts[::-1] == ["create", "read", "list", "list"]


def test_evidence_is_gathered_for_a_drawn_area(officer: FlaskClient, enforcing: Enforcing) -> None:
    post(officer, enforcing, "record", route="litter_fpn")
    corners = "TQ 5300 7350\nTQ 5400 7350\nTQ 5400 7450\nTQ 5300 7450"
    page = officer.post("/enforcement/evidence", data={"corners": corners}).text
    assert "Area 100 ha" in page
    assert "No incident is recorded" in page
    assert "Litter penalty notice: 1" in page
    own = officer.get(f"/enforcement/evidence?order={enforcing.order_id}").text
    assert "renewing Town" in own
    bad = officer.post("/enforcement/evidence", data={"corners": "x"})
    assert (bad.status_code, "is not a grid reference" in bad.text) == (400, True)


def test_figures_are_counts_without_a_judgement(officer: FlaskClient, enforcing: Enforcing) -> None:
    post(officer, enforcing, "record", route="litter_fpn")
    page = Page.of(officer.get("/enforcement/"))
    assert "0 of 1" in page.text
    assert "1 issued − 0 void − 0 cancelled" in page.text
    assert "They are no target" in page.text
    assert not {"green", "red"} & set(page.tag_colours)
    assert not set("▲▼↑↓") & set(page.text)
    (feature,) = officer.get("/enforcement/actions.geojson").get_json()["features"]
    assert set(feature["properties"]) == {"kind", "when", "state", "href", "style"}
    point = shapely.geometry.shape(feature["geometry"])
    assert (round(point.x, 3), round(point.y, 3)) == (0.207, 51.444)


@pytest.mark.parametrize("word", [*ActionKind, *NoticeState])
def test_every_word_of_the_store_is_said_in_plain_words(word: str) -> None:
    label = in_words(word)
    assert label[0].isupper()
    assert "_" not in label


def test_the_page_of_a_notice_that_is_not_there_is_not_found(officer: FlaskClient) -> None:
    assert officer.get("/enforcement/notices/NOSUCH").status_code == 404
    assert officer.get("/enforcement/orders/999").status_code == 404


def test_lists_of_notices_ask_the_store_no_more_of_more_notices(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    lists = ("/enforcement/notices", "/enforcement/deadlines", "/enforcement/")
    statements: list[list[int]] = []
    for days in ((1,), (3, 5, 7)):  # each act on a day of its own
        for back in days:
            record(
                enforcing,
                replace(FPN, idempotency_key=f"k-{back}"),
                offence_at=NOW - timedelta(days=back),
            )
        statements.append([])
        for path in lists:
            officer.get(path)
            with counted(enforcing.store) as sent:
                assert officer.get(path).status_code == 200
            statements[-1].append(len(sent))
    assert statements[0] == statements[1]
