"""The server is killed at random moments: every receipt that was shown is true afterwards."""

from sqlalchemy import func, select

from geodata.models import Incident, OutboxMessage, Report, ReporterContact
from geodata.store.engine import Store, open_store
from tests.web.visitors import Visitor, killable_site, report_under_fire


def walk(visitor: Visitor, number: int) -> str:
    """A whole report, each at a place of its own."""
    return visitor.report(f"TQ 53{10 * number:02} 7400")


def test_receipts_survive_a_server_that_is_killed(council: Store) -> None:
    url = council.engine.url.render_as_string(hide_password=False)
    with killable_site(url) as site:
        references, kills = report_under_fire(site, walk, 8, at_once=4, kills=6, seed=1)
    assert kills > 0
    assert len(set(references)) == 8
    store = open_store(url)
    with store.reading() as session:
        assert set(session.scalars(select(Report.reference))) == set(references)
        for model in (ReporterContact, OutboxMessage):  # with each report, its mail
            assert session.scalar(select(func.count()).select_from(model)) == 8
        assert session.scalar(select(func.sum(Incident.reports))) == 8
    store.close()
