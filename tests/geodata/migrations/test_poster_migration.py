"""A store that was made before wording had versions keeps what its posters say."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from geodata import posters
from geodata.core import geopackage
from geodata.core.types import SRID
from geodata.migrations import alembic_config
from geodata.people.audit import Actor
from geodata.posters import campaign_wordings
from geodata.store.engine import Store, open_store

KEPT = (
    '{"heading": "Old heading", "law": "Old law.", "source": "An Act", "language": "en",'
    ' "siting": {"view_m": 40, "covered": 3}}'
)


@pytest.fixture
def old_store(tmp_path: Path) -> Store:
    """A GeoPackage of the revision before, with two campaigns and an event of an old demo."""
    url = f"sqlite:///{tmp_path / 'old.gpkg'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        raw = connection.connection.dbapi_connection
        geopackage.register_functions(raw)
        geopackage.create_core_tables(connection, SRID)
        command.upgrade(alembic_config(connection), "0003")
        for key, wording in ((1, KEPT), (2, "{}")):
            connection.execute(
                text(
                    "INSERT INTO campaign (id, name, valid_from, wording) VALUES (:k, :n, :d, :w)"
                ),
                {"k": key, "n": f"Campaign {key}", "d": "2026-01-01", "w": wording},
            )
        connection.execute(
            text(
                "INSERT INTO poster_site (id, code, name, geometry, campaign_id, is_candidate)"
                " VALUES (1, 'P01', 'Gate', :point, 1, 0)"
            ),
            {"point": bytes.fromhex("47500001346c0000") + bytes.fromhex("0101000000") + bytes(16)},
        )
        connection.execute(
            text("INSERT INTO poster_event (site_id, kind, at) VALUES (1, 'up', :at)"),
            {"at": "2026-01-02T10:00:00.000Z"},
        )
    engine.dispose()
    return open_store(url)


def test_wording_figures_and_events_are_carried_over(old_store: Store) -> None:
    with old_store.writing() as session:
        first, second = (posters.find_campaign(session, key) for key in (1, 2))
        (row,) = campaign_wordings.current(session, 1)
        assert (row.heading, row.law, row.language) == ("Old heading", "Old law.", "en")
        assert campaign_wordings.is_printable(row)
        assert (posters.view_m(first), posters.view_m(second)) == (40, posters.VIEW_M)
        assert campaign_wordings.current(session, 2) == []
        kinds = session.execute(text("SELECT kind, recorded_at FROM poster_event")).all()
        assert kinds == [("installed", None)]
        # what was kept holds on all days, so that no second version comes beside it
        actor = Actor(None, datetime(2026, 11, 23, tzinfo=UTC))
        posters.change_campaign(session, actor, 1, valid_from=date(2023, 1, 1))
        campaign_wordings.begin(session, actor, first, ["en"])
        assert campaign_wordings.current(session, 1) == [row]
        # a campaign without any can be given the program's
        campaign_wordings.begin(session, actor, second, ["en"])
        assert campaign_wordings.current(session, 2)[0].valid_from == date(2023, 11, 8)
    old_store.close()
