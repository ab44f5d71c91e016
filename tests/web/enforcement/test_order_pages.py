"""Orders, issuers and evidence through their pages."""

import io
import re

import pytest
from flask.testing import FlaskClient

from geodata.enforcement import orders
from geodata.store.engine import Store
from tests.web.enforcement.conftest import Enforcing
from tests.web.page import Page

CORNERS = "TQ 5300 7350\nTQ 5400 7350\nTQ 5400 7450\nTQ 5300 7450"
PARK = {
    "name": "Park",
    "change": "made",
    "made_on": "2026-04-20",
    "valid_from": "2026-07-01",
    "valid_to": "2029-06-30",
    "penalty": "80",
    "prohibitions": "No inhaling\n\nNo dumping",
    "source": "Cabinet, 20 April 2026",
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
        ({"valid_to": "2029-07-01"}, "three years at most: end it on 30 June 2029"),
        ({"name": "Town"}, "There is an order &#39;Town&#39; already"),
        ({"file": "nonsense"}, "cannot be read"),
    ],
)
def test_an_order_that_cannot_be_is_refused_with_its_remedy(
    officer: FlaskClient, enforcing: Enforcing, changed: dict, words: str
) -> None:
    sent = PARK | changed
    if "file" in changed:  # a stream can be sent once, and both stores send it
        sent["file"] = (io.BytesIO(changed["file"].encode()), "plan.geojson")
    answer = officer.post("/enforcement/orders/new", data=sent)
    assert answer.status_code == 400
    assert words in answer.text
    with enforcing.store.reading() as session:
        assert {order.name for order in orders.every(session)} == {"Town", "Old town"}


def test_an_order_is_extended_and_keeps_its_area(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    address = f"/enforcement/orders/{enforcing.order_id}/version"
    late = {
        "change": "extended",
        "made_on": "2026-06-13",
        "valid_from": "2027-02-02",
        "valid_to": "2030-01-31",
        "source": "Cabinet, 13 June 2026",
    }
    assert "write 1 February 2027" in officer.post(address, data=late).text
    good = late | {"valid_from": "2027-02-01"}
    assert officer.post(address, data=good).status_code == 302
    first, second = order_named(enforcing.store, "Town").versions
    assert second.geometry.equals(first.geometry)
    assert [p.code for p in second.prohibitions] == ["ingest", "litter"]
    assert "31 Jan 2030" in officer.get(f"/enforcement/orders/{enforcing.order_id}").text


def test_a_task_is_done_on_its_day(officer: FlaskClient, enforcing: Enforcing) -> None:
    address = officer.post("/enforcement/orders/new", data=PARK).location
    actions = Page.of(officer.get(address)).actions
    task = next(action for action in actions if "/tasks/" in action)
    assert "Enter the day" in officer.post(task, data={}, follow_redirects=True).text
    done = officer.post(task, data={"done_on": "2026-06-12"}, follow_redirects=True)
    assert "Done on Friday 12 June 2026" in done.text


def test_what_was_in_force_is_told_with_the_devices_uncertainty(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    # 553004, 174000 is 4 m inside the order's western edge; 0.200235 E, 51.444293 N.
    at = "longitude=0.200235&latitude=51.444293&accuracy_m=10"
    page = Page.of(officer.get(f"/enforcement/in-force?{at}&day=2026-06-13")).text
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
    (end,) = [ln.href for ln in Page.of(officer.get(address)).links if ln.href.endswith("/end")]
    assert officer.post(end, data={"last_day": "2026-06-10"}).status_code == 400
    why = {"reason": "Left the police"}
    assert officer.post(end, data=why | {"last_day": "2026-05-31"}).status_code == 400
    assert officer.post(end, data=why | {"last_day": "2026-06-10"}).status_code == 302
    assert "10 Jun 2026" in officer.get(address).text
    assert "Nothing today" in officer.get("/enforcement/issuers").text


LIMITED = PARK | {
    "valid_from": "2026-05-01",
    "valid_to": "2029-04-30",
    "prohibitions": "No inhaling [18:00-06:00, surrender]\nNo cruising [vehicles only]",
}


def test_in_force_here_says_what_applies_at_that_hour(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    made = officer.post("/enforcement/orders/new", data=LIMITED)
    assert "from 18:00 to 06:00" in Page.of(officer.get(made.location)).text
    address = "/enforcement/in-force?place=Westgate+car+park&day=2026-06-13"
    noon = Page.of(officer.get(f"{address}&at=15:00")).text
    assert "It applies from 18:00 to 06:00, and the act was at 15:00 on Saturday" in noon
    assert "with a vehicle only" in noon
    night = Page.of(officer.get(f"{address}&at=23:00&has_vehicle=y")).text
    assert "Does not apply" not in night
    assert "things may have to be surrendered" in night


def test_a_later_version_keeps_the_limits(officer: FlaskClient, enforcing: Enforcing) -> None:
    officer.post("/enforcement/orders/new", data=LIMITED)
    key = order_named(enforcing.store, "Park").id
    varied = {
        "change": "varied",
        "made_on": "2026-06-12",
        "valid_from": "2026-07-01",
        "valid_to": "2029-04-30",
        "source": "Cabinet, 12 June 2026",
    }
    assert officer.post(f"/enforcement/orders/{key}/version", data=varied).status_code == 302
    first, second = order_named(enforcing.store, "Park").versions
    limits = [[p.limits for p in version.prohibitions] for version in (first, second)]
    assert limits[0] == limits[1] != [None, None]


def test_a_limit_that_cannot_be_read_is_answered(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    bad = LIMITED | {"prohibitions": "No inhaling [at times]"}
    answer = officer.post("/enforcement/orders/new", data=bad)
    assert (answer.status_code, "limits no prohibition" in answer.text) == (400, True)


FOLLOWING = {
    "extended": {"made_on": "2026-06-13", "valid_from": "2027-02-01", "valid_to": "2030-01-31"},
    "varied": {"made_on": "2026-06-13", "valid_from": "2026-07-01", "valid_to": "2027-01-31"},
    "discharged": {"made_on": "2026-06-13", "valid_from": "2026-07-01"},
}


@pytest.mark.parametrize("change", list(FOLLOWING))
def test_a_version_that_lacks_a_day_is_not_entered(
    officer: FlaskClient, enforcing: Enforcing, change: str
) -> None:
    address = f"/enforcement/orders/{enforcing.order_id}/version"
    days = FOLLOWING[change] | {"source": "Cabinet, 13 June 2026"}
    for name in days:
        lacking = {field: value for field, value in days.items() if field != name}
        page = officer.post(address, data=lacking | {"change": change})
        assert (name, page.status_code) == (name, 400)
        assert "There is a problem" in page.text
    assert len(order_named(enforcing.store, "Town").versions) == 1
    assert officer.post(address, data=days | {"change": change}).status_code == 302


def test_an_order_that_lacks_a_value_is_not_entered(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    for name in ("name", "made_on", "valid_from", "valid_to", "corners"):
        lacking = {field: value for field, value in PARK.items() if field != name}
        assert (name, officer.post("/enforcement/orders/new", data=lacking).status_code) == (
            name,
            400,
        )


def test_an_order_names_no_penalty_that_no_notice_could_ask(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    """At most £100 (2014 Act, s.68(6))."""
    page = "/enforcement/orders/new"
    too_much = officer.post(page, data=PARK | {"penalty": "100.01"})
    assert (too_much.status_code, "£100.01 is outside what the law" in too_much.text) == (400, True)
    assert officer.post(page, data=PARK | {"penalty": "100"}).status_code == 302


def test_an_authority_that_lacks_a_value_is_not_given(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    page = f"/enforcement/issuers/{enforcing.issuer_id}"
    given = {"power": "epa1990_s88", "instrument": "Letter 3", "valid_from": "2026-06-01"}
    for name in given:
        lacking = {field: value for field, value in given.items() if field != name}
        assert (name, officer.post(page, data=lacking).status_code) == (name, 400)
