"""Enforcement data stays with those who may read it: planted marks are looked for everywhere."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter

from geodata.core.vocabulary import AgeBand, IssuerKind, NoticeState, Power
from geodata.enforcement import actions, issuers
from geodata.exporters import export_layer
from geodata.exporters.layers import LAYERS
from tests.web.enforcement.conftest import CAR_PARK, NOW, Enforcing
from web.services import enforcement
from web.services.admin.exporting import AUDITED_LAYERS
from web.services.common.officer_position import Standpoint
from web.services.enforcement import ActDraft, Choice, notices

FREE = (
    "MARK-NOTE",
    "MARK-LANDMARK",
    "MARK-REASON",
    "MARK-RECIPIENT",
    "MARK-BADGE",
    "MARK-EMPLOYER",
)


@pytest.fixture
def planted(enforcing: Enforcing) -> tuple[str, ...]:
    """A notice whose every text is a mark; the marks, and its own reference."""
    where = Standpoint(CAR_PARK, 5.0, None, "Westgate car park")
    with enforcing.store.writing() as session:
        issuer = issuers.add(session, "MARK-BADGE", IssuerKind.PCSO, "MARK-EMPLOYER")
        issuers.authorise(session, issuer, Power.LITTER, "x", valid_from=date(2026, 1, 1))
        act = ActDraft(
            where,
            NOW - timedelta(hours=1),
            date(2026, 6, 13),
            AgeBand.ADULT,
            issuer.id,
            recipient_ref="MARK-RECIPIENT",
        )
        choice = Choice("litter_fpn", "k", landmark="MARK-LANDMARK", note="MARK-NOTE")
        actor = replace(enforcing.actor, now=NOW)
        reference = enforcement.record(session, act, choice, actor).reference
        notices.take_step(
            session, reference, NoticeState.CANCELLED, date(2026, 6, 13), "MARK-REASON", actor
        )
        assert actions.find(session, reference)[1] == "cancelled"
    return (*FREE, reference)


def filling(kind: BaseConverter, reference: str) -> str | int:
    """A value that a part of an address takes: the reference wherever it may stand."""
    if isinstance(kind, AnyConverter):
        return min(kind.items)
    return 1 if isinstance(kind, IntegerConverter) else reference


def every_address(app: Flask, reference: str) -> list[str]:
    """Each page that answers to GET, its parts filled with what is there."""
    addresses = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in rule.methods:
                values = {name: filling(kind, reference) for name, kind in rule._converters.items()}
                addresses.append(app.url_map.bind("localhost").build(rule.endpoint, values))
    return addresses


@time_machine.travel(NOW, tick=False)
def test_no_mark_reaches_anybody_who_may_not_read_enforcement(
    planted: tuple[str, ...], app: Flask, client: FlaskClient, signed_in
) -> None:
    addresses = every_address(app, planted[-1])
    assert f"/enforcement/notices/{planted[-1]}" in addresses
    assert len(addresses) > 25
    people = [client, *(signed_in(role) for role in ("partner", "contractor", "officer", "admin"))]
    for address in addresses:
        for person in people:
            with person.get(address) as answer:
                content = answer.get_data().decode(errors="replace")  # pictures too
            assert answer.status_code != 500, address
            marks = [mark for mark in planted if mark not in address]  # an answer may echo it
            assert [mark for mark in marks if mark in content] == [], address


@time_machine.travel(NOW, tick=False)
def test_those_who_may_read_it_do(planted: tuple[str, ...], enforcing: Enforcing, app) -> None:
    person = app.test_client()
    person.post("/sign-in", data={"name": "chief", "password": "a long enough password"})
    page = person.get(f"/enforcement/notices/{planted[-1]}").text
    assert [mark for mark in planted if mark not in page] == ["MARK-EMPLOYER"]


@pytest.mark.parametrize("layer", list(LAYERS))
def test_no_mark_is_in_any_export(
    planted: tuple[str, ...], enforcing: Enforcing, tmp_path: Path, layer: str
) -> None:
    path = tmp_path / "layer.csv"
    with enforcing.store.reading() as session:
        export_layer(session, layer, path)
    text = path.read_text(encoding="utf-8-sig")
    assert [mark for mark in FREE if mark in text] == []
    # The officers' own layers tell of no person, and their export is in the audit.
    assert (planted[-1] in text) == (layer in AUDITED_LAYERS)
