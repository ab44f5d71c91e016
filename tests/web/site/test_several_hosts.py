"""Two hosts of one council behind one nginx, and PostGIS: one site."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from geodata.accounts import users
from geodata.models import Incident, Report
from geodata.store.engine import Store
from tests.benchmarks.faults import plant_borough
from tests.passwords import hashed
from tests.signing_key import SIGNING_KEY
from tests.web.nginx import ProxiedSite, behind_nginx, trusting
from tests.web.visitors import Visitor

pytestmark = [pytest.mark.nginx, pytest.mark.postgis]
PASSWORD = "a long enough password"
VISITORS = 8


def visitor(site: ProxiedSite) -> Visitor:
    return Visitor(f"https://127.0.0.1:{site.https}", tls=trusting())


def test_a_host_dies_in_a_storm_and_nothing_is_lost_doubled_or_signed_out(
    postgis: Store, tmp_path: Path
) -> None:
    plant_borough(postgis)
    with postgis.writing() as session:
        users.add(session, "sam", hashed(PASSWORD), "officer", now=datetime.now(UTC))
    environ = {
        "HOTSPOTS_DATABASE_URL": postgis.engine.url.render_as_string(hide_password=False),
        "HOTSPOTS_SECRET_KEY": SIGNING_KEY,
        "HOTSPOTS_TRUSTED_PROXIES": "1",
        "HOTSPOTS_PROXY_ADDRESSES": "127.0.0.1",
    }
    with behind_nginx(tmp_path, environ, hosts=2) as site:
        officer = visitor(site)
        officer.ask("/sign-in")
        officer.ask("/sign-in", {"name": "sam", "password": PASSWORD})
        # nginx takes turns: both hosts are asked, with what one of them gave out.
        assert {officer.ask("/officer/hotspots") for _ in range(4)} == {"/officer/hotspots"}
        half = threading.Barrier(VISITORS + 1)

        def visit(number: int) -> str:
            guest = visitor(site)
            check = guest.fill(f"TQ {5100 + 30 * number} {7100 + 30 * number}")
            half.wait(timeout=120)
            return guest.send(check)

        with ThreadPoolExecutor(VISITORS) as pool:
            receipts = pool.map(visit, range(VISITORS))
            half.wait(timeout=120)
            site.processes[1].kill()
            shown = list(receipts)
        assert {officer.ask("/officer/hotspots") for _ in range(4)} == {"/officer/hotspots"}
    with postgis.reading() as session:
        stored = session.scalars(select(Report.reference)).all()
        assert session.scalar(select(func.sum(Incident.reports))) == VISITORS
    assert sorted(shown) == sorted(stored)
    assert len(set(stored)) == VISITORS
