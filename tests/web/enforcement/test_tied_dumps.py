"""An action may be tied to an incident that lies, or lately lay, near it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from geodata.core.errors import RefusedError
from geodata.enforcement import actions
from geodata.incidents import open_incidents
from tests.web.desk import store_incidents
from tests.web.enforcement.conftest import CAR_PARK, NOW, Enforcing
from tests.web.enforcement.test_pages import post
from tests.web.enforcement.test_recording import FPN, draft
from tests.web.page import Page
from web.services import enforcement

AN_HOUR = NOW - timedelta(hours=1)


def dump(enforcing: Enforcing, *, east_m: float = 0.0, state: str = "open", at=AN_HOUR) -> None:
    store_incidents(
        enforcing.store, [(CAR_PARK.x + east_m, CAR_PARK.y, [at])], now=NOW, state=state
    )


@pytest.mark.parametrize(
    ("east_m", "state", "age", "is_offered"),
    [
        (60, "open", timedelta(hours=1), True),  # the edge counts
        (60.5, "open", timedelta(hours=1), False),
        (10, "open", timedelta(days=90), True),  # it lies there still
        (10, "cleared", timedelta(days=7), True),
        (10, "cleared", timedelta(days=8), False),
    ],
)
def test_dumps_are_offered_that_are_near_and_open_or_recent(
    enforcing: Enforcing, east_m: float, state: str, age: timedelta, is_offered: bool
) -> None:
    dump(enforcing, east_m=east_m, state=state, at=NOW - age)
    with enforcing.store.reading() as session:
        near = enforcement.incidents_near(session, draft(enforcing), now=NOW)
    assert [incident.key for incident in near] == ["K0000"] * is_offered


def test_an_action_keeps_the_dump_that_it_was_about(enforcing: Enforcing) -> None:
    dump(enforcing)
    with enforcing.store.writing() as session:
        choice = replace(FPN, incident_key="K0000")
        action = enforcement.record(session, draft(enforcing), choice, enforcing.actor)
        assert action.incident_id == open_incidents.by_key(session, "K0000").id


def test_a_dump_that_is_not_near_is_refused(enforcing: Enforcing) -> None:
    dump(enforcing, east_m=300)
    with (
        enforcing.store.writing() as session,
        pytest.raises(RefusedError, match="K0000 is not within 60 m"),
    ):
        choice = replace(FPN, incident_key="K0000")
        enforcement.record(session, draft(enforcing), choice, enforcing.actor)


def test_the_form_offers_the_dump_and_takes_none(
    officer: FlaskClient, enforcing: Enforcing
) -> None:
    assert "Which incident" not in post(officer, enforcing, "check").text
    dump(enforcing)
    assert (
        "K0000: open, first reported 13 Jun 2026, 10:50pm" in post(officer, enforcing, "check").text
    )
    tied = post(officer, enforcing, "record", route="litter_fpn", incident="K0000")
    assert Page.of(officer.get(tied.location)).leads_to("/officer/incidents/K0000")
    alone = post(officer, enforcing, "record", route="advice", incident="", idempotency_key="k2")
    assert [tied.status_code, alone.status_code] == [302, 302]
    with enforcing.store.reading() as session:
        ties = [action.incident_id is not None for action, _ in actions.every(session)]
    assert ties == [False, True]
