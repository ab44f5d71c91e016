"""Lists, maps and figures ask as many queries of a long record as of a short one, and no more than
they may; the answers stay small."""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from geodata.people.audit import Actor
from geodata.store.engine import Store
from tests.statements import counted
from tests.web.conftest import SignIn
from tests.web.desk import run_now, scattered, store_incidents, weekly
from web.services.clearing.kept_jobs import keep_changed

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
PAGES = (
    "/",
    "/wards.geojson",
    "/officer/hotspots",
    "/officer/hotspots.geojson",
    "/officer/incidents.geojson",
    "/officer/surface.geojson",
    "/officer/surface-error.geojson",
    "/officer/incidents",
    "/officer/performance?by=month",
    "/officer/performance?by=ward",
    "/officer/weeks",
    "/officer/interventions",
    "/contractor/",
    "/enforcement/",
    "/enforcement/notices",
    "/enforcement/deadlines",
    "/officer/partnership",
)

MOST_QUERIES = 12
MORE_QUERIES = {"/officer/hotspots": 22, "/officer/partnership": 27}
"""Pages that still ask more: none of them asks more as the record grows."""
LOOK = "WHERE is_loading"
"""Each transaction begins with a look whether a file is being loaded, which is none of a page's."""
MOST_BYTES = 300_000
"""Compressed."""


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def keep(store: Store, hotspots: int, weeks: int, elsewhere: int) -> None:
    """A record of so many weekly places and dumps elsewhere, and a run over it."""
    spots = [
        (552_300 + 900 * k, 174_000, weekly(weeks, NOW - timedelta(days=1 + k)))
        for k in range(hotspots)
    ]
    store_incidents(store, spots + scattered(NOW, elsewhere), now=NOW)
    with store.writing() as session:
        run_now(session, Actor(None, NOW))
    keep_changed(store)


def queries(store: Store, client: FlaskClient) -> dict[str, int]:
    """How many each page asks when it has been asked before."""
    sent: dict[str, int] = {}
    for page in PAGES:
        client.get(page)
        with counted(store) as statements:
            answer = client.get(page)
        assert answer.status_code == 200, page
        assert len(gzip.compress(answer.data)) <= MOST_BYTES, page
        sent[page] = sum(LOOK not in statement for statement in statements)
    return sent


def test_no_page_asks_more_queries_of_a_longer_record(council: Store, signed_in: SignIn) -> None:
    keep(council, hotspots=2, weeks=12, elsewhere=20)
    manager = signed_in("manager", may_read_enforcement=True)
    before = queries(council, manager)
    keep(council, hotspots=4, weeks=24, elsewhere=60)
    after = queries(council, manager)
    allowed = dict.fromkeys(PAGES, MOST_QUERIES) | MORE_QUERIES
    assert not {page: n for page, n in after.items() if n > allowed[page]}
    grown = {page: (before[page], n) for page, n in after.items() if n > before[page]}
    assert not grown, f"queries before and after, where they grew: {grown}"
