"""Authorities and orders: seen before they change, each change with its reason, and taken back."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from geodata.enforcement import issuers, orders
from geodata.posters.interventions import records
from tests.web.enforcement.conftest import Enforcing
from tests.web.enforcement.test_order_pages import PARK, order_named
from tests.web.enforcement.test_recording import FPN, Choice, record
from tests.web.page import Page

WHY = {"reason": "A wrong day was entered"}
VARIED = {
    "change": "varied",
    "made_on": "2026-06-10",
    "valid_from": "2026-06-12",
    "valid_to": "2027-01-31",
    "penalty": "75",
    "prohibitions": "No inhaling\nNo dumping\nNo gathering",
    "source": "Cabinet, 10 June 2026",
}


def litter_authority(enforcing: Enforcing) -> int:
    with enforcing.store.reading() as session:
        given = issuers.authorisations(session, enforcing.issuer_id)
        return next(row.id for row in given if row.power == "epa1990_s88")


def powers_on(enforcing: Enforcing, day: date) -> frozenset[str]:
    with enforcing.store.reading() as session:
        return issuers.powers_on(session, enforcing.issuer_id, day)


def test_the_end_of_an_authority_is_seen_first_has_its_reason_and_is_taken_back(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    record(enforcing, FPN)  # of 13 June 2026
    own = f"/enforcement/issuers/{enforcing.issuer_id}"
    end = f"{own}/authorities/{litter_authority(enforcing)}/end"
    wanted = {"last_day": "2026-06-12", "reason": "Left the council"}
    seen = Page.of(officer.post(end, data=wanted | {"preview": "yes"})).text
    assert "Nothing is saved yet" in seen
    assert "1 notices would have no authority for their day any more" in seen
    assert "epa1990_s88" in powers_on(enforcing, date(2026, 6, 13))
    assert officer.post(end, data=wanted | {"reason": " "}).status_code == 400
    assert officer.post(end, data=wanted).status_code == 302
    assert "epa1990_s88" not in powers_on(enforcing, date(2026, 6, 13))
    assert officer.post(f"{own}/undo", data={"reason": ""}).status_code == 400
    assert officer.post(f"{own}/undo", data=WHY).status_code == 302
    assert "epa1990_s88" in powers_on(enforcing, date(2026, 6, 13))
    history = Page.of(officer.get(own)).text
    for words in ("Authority ended", "Left the council", "Taken back", "A wrong day was entered"):
        assert words in history


def test_an_authority_that_notices_rest_on_is_not_taken_back(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    own = f"/enforcement/issuers/{enforcing.issuer_id}"
    end = f"{own}/authorities/{litter_authority(enforcing)}/end"
    officer.post(end, data={"last_day": "2026-06-01", "reason": "Left the council"})
    given = {"power": "epa1990_s88", "instrument": "Letter 9", "valid_from": "2026-06-02"}
    seen = Page.of(officer.post(own, data=given | {"preview": "yes"})).text
    assert "CEO-07 may issue by this power from 2 June 2026 on" in seen
    assert officer.post(own, data=given).status_code == 302
    record(enforcing, FPN)
    refused = officer.post(f"{own}/undo", data=WHY)
    assert refused.status_code == 400
    assert "1 notices rest on this authority" in Page.of(refused).text
    assert "epa1990_s88" in powers_on(enforcing, date(2026, 6, 13))


def test_a_version_of_an_order_is_seen_first_has_its_reason_and_is_taken_back(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    own = f"/enforcement/orders/{enforcing.order_id}"
    seen = Page.of(officer.post(f"{own}/version", data=VARIED | {"preview": "yes"})).text
    assert "Version 2 holds from 12 June 2026 to 31 January 2027" in seen
    assert "Version 1 holds up to 11 June 2026" in seen
    assert "The penalty of a notice: £75.00; until then: £100.00" in seen
    assert len(order_named(enforcing.store, "Town").versions) == 1
    assert officer.post(f"{own}/version", data=VARIED | {"source": ""}).status_code == 400
    assert officer.post(f"{own}/version", data=VARIED).status_code == 302
    history = Page.of(officer.get(own)).text
    assert "Version 2, varied, from 12 June 2026 to 31 January 2027" in history
    assert "Cabinet, 10 June 2026" in history
    assert officer.post(f"{own}/undo", data={}).status_code == 400
    assert officer.post(f"{own}/undo", data=WHY).status_code == 302
    (first,) = order_named(enforcing.store, "Town").versions
    assert (first.number, first.penalty_pence) == (1, 10_000)
    page = Page.of(officer.get(own)).text
    assert "In force today: version 1" in page
    assert "A wrong day was entered" in page
    assert "(version 2)" not in page
    with enforcing.store.reading() as session:
        assert {each.name for each in records(session)} == {"Town (made)", "Old town (made)"}
    assert officer.post(f"{own}/version", data=VARIED).status_code == 302
    numbers = [version.number for version in order_named(enforcing.store, "Town").versions]
    assert numbers == [1, 3]


def test_a_version_that_a_notice_names_stays(officer: FlaskClient, enforcing: Enforcing) -> None:
    own = f"/enforcement/orders/{enforcing.order_id}"
    officer.post(f"{own}/version", data=VARIED)
    record(enforcing, Choice("pspo_fpn", "breach", prohibition="p1"))
    refused = officer.post(f"{own}/undo", data=WHY)
    assert refused.status_code == 400
    assert "1 notices name this version" in Page.of(refused).text
    assert len(order_named(enforcing.store, "Town").versions) == 2


def test_a_new_order_is_seen_first(officer: FlaskClient, enforcing: Enforcing) -> None:
    seen = officer.post("/enforcement/orders/new", data=PARK | {"preview": "yes"})
    assert "The area: 100.0 ha" in Page.of(seen).text  # 1,000 m by 1,000 m
    with enforcing.store.reading() as session:
        assert {order.name for order in orders.every(session)} == {"Town", "Old town"}
    with pytest.raises(StopIteration):
        order_named(enforcing.store, "Park")
