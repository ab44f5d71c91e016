"""The pages of enforcement: who may enter, and how an officer gets through them."""

import io
import re

import pytest
import shapely
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from geodata import audit, orders, users
from geodata.engine import Store
from geodata.models import EnforcementAction
from geodata.vocabulary import ActionKind, NoticeState
from tests.web.enforcement.conftest import NOW, Enforcing
from web.enforcement.words import in_words

PAGES = (
    *("", "record", "notices", "deadlines", "orders", "orders/new", "in-force", "evidence"),
    *("issuers", "actions.geojson", "actions.js", "wards.geojson", "orders-in-force.geojson"),
)
ACT = {
    "place": "Westgate car park",
    "age_band": "18_or_over",
    "offence_on": "2026-06-13",
    "offence_time": "23:40",
    "issued_on": "2026-06-13",
    "idempotency_key": "k1",
}


@pytest.fixture
def officer(enforcing: Enforcing, app) -> FlaskClient:
    client = app.test_client()
    data = {"name": "chief", "password": "a long enough password"}
    assert client.post("/sign-in", data=data).status_code == 302
    return client


@pytest.fixture(autouse=True)
def _saturday_night():
    with time_machine.travel(NOW, tick=False):
        yield


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
    link = 'href="/enforcement/"'
    assert link in officer.get("/").text
    assert link not in signed_in("manager").get("/").text


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(officer: FlaskClient, page: str) -> None:
    assert officer.get(f"/enforcement/{page}").status_code == 200


def test_the_form_knows_the_time_and_the_issuer(officer: FlaskClient) -> None:
    page = officer.get("/enforcement/record").text
    assert 'value="23:50"' in page
    assert 'value="2026-06-13"' in page
    assert re.search(r'<option value="\d+" selected>CEO-07', page)


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
    assert "Old town was not in force on 2020-06-13: it ended on 2019-12-31" in offered
    forced = post(officer, enforcing, "record", route="pspo_fpn", prohibition="ingest", **act)
    assert forced.status_code == 400
    assert "it ended on 2019-12-31" in forced.text
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
        ({"offence_on": "yesterday"}, "day"),
        ({"offence_time": "23:59"}, "The act lies in the future"),
        ({"recipient_ref": "Mr Smith"}, "letters, figures"),
        ({"longitude": "0.5", "latitude": "51.2"}, "km outside the borough"),
        ({"issuer": "999"}, "Not a valid choice"),
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
        assert 'value="23:40"' in answer.text


def test_going_back_to_the_act_keeps_what_was_said(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    page = post(officer, enforcing, "change", from_vehicle="y", recipient_ref="P-77")
    assert page.status_code == 200
    assert 'value="P-77"' in page.text
    assert re.search(r'name="from_vehicle"[^>]*checked', page.text)


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
    assert "Mr Smith, AB12 CDE</textarea>" in answer.text
    assert actions_in(enforcing) == []


def test_a_step_is_taken_on_the_notices_page(officer: FlaskClient, enforcing: Enforcing) -> None:
    page = post(officer, enforcing, "record", route="litter_fpn").location
    refused = officer.post(page, data={"state": "cancelled", "on": "2026-06-13", "reason": ""})
    assert refused.status_code == 400
    assert "Cancelled needs a reason" in refused.text
    early = officer.post(page, data={"state": "unpaid", "on": "2026-06-13"})
    assert "can be paid until 2026-06-27" in early.text
    officer.post(page, data={"state": "cancelled", "on": "2026-06-13", "reason": "Wrong form"})
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


def test_the_feed_is_for_its_reader_alone_and_ends_with_the_password(
    officer: FlaskClient, client: FlaskClient, enforcing: Enforcing
) -> None:
    post(officer, enforcing, "record", route="litter_fpn", note="planted-note")
    board = officer.get("/enforcement/deadlines").text
    feed = re.search(r'href="https?://[^/]+(/enforcement/deadlines/[^"]+\.ics)"', board)[1]
    answer = client.get(feed)  # a diary is not signed in
    assert answer.mimetype == "text/calendar"
    lines = answer.text.split("\r\n")
    assert "DTSTART;VALUE=DATE:20260627" in lines
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "planted-note" not in answer.text
    assert client.get(feed.replace(".ics", "x.ics")).status_code == 404
    with enforcing.store.writing() as session:
        users.set_password(session, "chief", "another long password")
    assert client.get(feed).status_code == 404


def test_every_look_at_a_page_is_in_the_audit(officer: FlaskClient, enforcing: Enforcing) -> None:
    page = post(officer, enforcing, "record", route="advice").location
    officer.get(page)
    officer.get("/enforcement/notices")
    officer.get("/enforcement/actions.geojson")
    with enforcing.store.reading() as session:
        acts = [entry.act for entry, _ in audit.entries(session, "enforcement_action")]
    assert acts[::-1] == ["create", "read", "list", "list"]


CORNERS = "TQ 5300 7350\nTQ 5400 7350\nTQ 5400 7450\nTQ 5300 7450"
PARK = {
    "name": "Park",
    "change": "made",
    "valid_from": "2026-07-01",
    "valid_to": "2029-06-30",
    "penalty": "80",
    "prohibitions": "No inhaling\n\nNo dumping",
    "corners": CORNERS,
}


def order_named(store: Store, name: str):
    with store.reading() as session:
        return next(order for order in orders.every(session) if order.name == name)


def test_an_order_is_entered_with_its_corners_and_its_tasks(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    made = officer.post("/enforcement/orders/new", data=PARK)
    assert made.status_code == 302
    (version,) = order_named(enforcing.store, "Park").versions
    # The middles of four 10 m squares, 1,000 m apart.
    assert version.geometry.area == pytest.approx(1_000_000)
    assert version.penalty_pence == 8_000
    assert [p.text for p in version.prohibitions] == ["No inhaling", "No dumping"]
    page = officer.get(made.location).text
    assert "Publish the order" in page
    assert "Not in force today" in page


def test_an_orders_plan_is_taken_from_a_file(officer: FlaskClient, enforcing: Enforcing) -> None:
    ring = [[0.2, 51.44], [0.21, 51.44], [0.21, 51.45], [0.2, 51.44]]
    plan = '{"type": "Polygon", "coordinates": [%s]}' % ring  # noqa: UP031 - braces of JSON
    sent = PARK | {"corners": "", "file": (io.BytesIO(plan.encode()), "plan.geojson")}
    assert officer.post("/enforcement/orders/new", data=sent).status_code == 302
    (version,) = order_named(enforcing.store, "Park").versions
    assert version.geometry.geom_type == "MultiPolygon"
    # Half of 0.01 degree each way at 51.44 N: 695 m by 1,113 m, halved.
    assert version.geometry.area == pytest.approx(695 * 1_113 / 2, rel=0.02)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"corners": ""}, "Draw the area"),
        ({"corners": "TQ 5300 7350\nTQ 5400 7350"}, "2 corners enclose no area"),
        ({"corners": CORNERS + "\nhere"}, "Corner 5: &#39;here&#39; is not a grid reference"),
        ({"corners": "51.44, 0.2\n0.21, 51.44\n51.45, 0.2"}, "latitude first"),
        ({"corners": "TQ 5300 7350\nTQ 5400 7450\nTQ 5400 7350\nTQ 5300 7450"}, "crosses itself"),
        ({"corners": "SU 53 73\nSU 54 73\nSU 54 74"}, "outside the borough"),
        ({"valid_to": "2029-07-01"}, "three years at most: end it on 2029-06-30"),
        ({"name": "Town"}, "There is an order &#39;Town&#39; already"),
        ({"file": (io.BytesIO(b"nonsense"), "plan.geojson")}, "cannot be read"),
    ],
)
def test_an_order_that_cannot_be_is_refused_with_its_remedy(
    officer: FlaskClient, enforcing: Enforcing, changed: dict, words: str
) -> None:
    answer = officer.post("/enforcement/orders/new", data=PARK | changed)
    assert answer.status_code == 400
    assert words in answer.text
    with enforcing.store.reading() as session:
        assert {order.name for order in orders.every(session)} == {"Town", "Old town"}


def test_an_order_is_extended_and_keeps_its_area(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    address = f"/enforcement/orders/{enforcing.order_id}/version"
    late = {"change": "extended", "valid_from": "2027-02-02", "valid_to": "2030-01-31"}
    assert "write 2027-02-01" in officer.post(address, data=late).text
    good = late | {"valid_from": "2027-02-01", "made_on": "2026-06-13"}
    assert officer.post(address, data=good).status_code == 302
    first, second = order_named(enforcing.store, "Town").versions
    assert second.geometry.equals(first.geometry)
    assert [p.code for p in second.prohibitions] == ["ingest", "litter"]
    assert "31 Jan 2030" in officer.get(f"/enforcement/orders/{enforcing.order_id}").text


def test_a_task_is_done_on_its_day(officer: FlaskClient, enforcing: Enforcing) -> None:
    address = officer.post("/enforcement/orders/new", data=PARK).location
    task = re.search(r'action="(/enforcement/orders/\d+/tasks/\d+)"', officer.get(address).text)[1]
    assert "Enter the day" in officer.post(task, data={}, follow_redirects=True).text
    done = officer.post(task, data={"done_on": "2026-06-12"}, follow_redirects=True)
    assert "Done on Friday 12 June 2026" in done.text


def test_what_was_in_force_is_told_with_the_devices_uncertainty(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    # 553004, 174000 is 4 m inside the order's western edge; 0.200235 E, 51.444293 N.
    at = "longitude=0.200235&latitude=51.444293&accuracy_m=10"
    page = officer.get(f"/enforcement/in-force?{at}&day=2026-06-13").text
    assert re.search(r"the place is inside by \d m, accuracy 10 m: check the plan", page)
    before = officer.get("/enforcement/in-force?place=Westgate+car+park&day=2020-06-01").text
    assert "Held here" not in before
    assert "Did not hold here" in before
    nowhere = officer.get("/enforcement/in-force?day=2026-06-13")
    assert nowhere.status_code == 400
    assert "Say where" in nowhere.text


def test_issuers_are_added_and_authorised_and_an_authority_ends(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    new = {"badge": "PCSO-3", "kind": "pcso", "employer": "The police", "account": "0"}
    address = officer.post("/enforcement/issuers", data=new).location
    assert (
        "tells who it is"
        in officer.post("/enforcement/issuers", data=new | {"badge": "Mr Smith"}).text
    )
    assert "already" in officer.post("/enforcement/issuers", data=new).text
    given = {"power": "epa1990_s88", "instrument": "Letter 3", "valid_from": "2026-06-01"}
    assert officer.post(address, data=given | {"valid_to": "2026-05-01"}).status_code == 400
    assert officer.post(address, data=given).status_code == 302
    end = re.search(r'href="([^"]+/end)"', officer.get(address).text)[1]
    assert officer.post(end, data={"last_day": "2026-05-31"}).status_code == 400
    assert officer.post(end, data={"last_day": "2026-06-10"}).status_code == 302
    assert "10 Jun 2026" in officer.get(address).text
    assert "Nothing today" in officer.get("/enforcement/issuers").text


def test_evidence_is_gathered_for_a_drawn_area(officer: FlaskClient, enforcing: Enforcing) -> None:
    post(officer, enforcing, "record", route="litter_fpn")
    page = officer.post("/enforcement/evidence", data={"corners": CORNERS}).text
    assert "Area 100 ha" in page
    assert "No dump is recorded" in page
    assert "Litter penalty notice: 1" in page
    own = officer.get(f"/enforcement/evidence?order={enforcing.order_id}").text
    assert "renewing Town" in own
    bad = officer.post("/enforcement/evidence", data={"corners": "x"})
    assert (bad.status_code, "is not a grid reference" in bad.text) == (400, True)


def test_figures_are_counts_without_a_judgement(officer: FlaskClient, enforcing: Enforcing) -> None:
    post(officer, enforcing, "record", route="litter_fpn")
    page = officer.get("/enforcement/").text
    assert "0 of 1" in page
    assert "1 issued − 0 void − 0 cancelled" in page
    assert "They are no target" in page
    assert not re.search(r"govuk-tag--(green|red)|▲|▼|↑|↓", page)
    (feature,) = officer.get("/enforcement/actions.geojson").get_json()["features"]
    assert set(feature["properties"]) == {"kind", "when", "state", "href", "style"}
    point = shapely.geometry.shape(feature["geometry"])
    assert (round(point.x, 3), round(point.y, 3)) == (0.207, 51.444)


@pytest.mark.parametrize("word", [*ActionKind, *NoticeState])
def test_every_word_of_the_store_is_said_in_plain_words(word: str) -> None:
    said = in_words(word)
    assert said[0].isupper()
    assert "_" not in said


def test_the_page_of_a_notice_that_is_not_there_is_not_found(officer: FlaskClient) -> None:
    assert officer.get("/enforcement/notices/NOSUCH").status_code == 404
    assert officer.get("/enforcement/orders/999").status_code == 404
