"""A store of before: its addresses are sealed on the way, and its bytes hold them no more."""

from pathlib import Path

import pytest
from sqlalchemy import select, text

from geodata.accounts import identities
from geodata.migrations import drift
from geodata.models import OutboxMessage, ReportDraft, ReporterContact, User
from geodata.people import contacts
from geodata.store.engine import open_store
from tests import old_stores
from tests.old_stores import PLANTED, TOKEN

KEY = "a key of the site"


@pytest.fixture
def old_geopackage(tmp_path: Path) -> str:
    return old_stores.make_file(tmp_path / "old.gpkg")


@pytest.fixture
def old_postgis(empty_postgis: str) -> str:
    return old_stores.make_database(empty_postgis)


@pytest.mark.parametrize(
    "old", ["old_geopackage", pytest.param("old_postgis", marks=pytest.mark.postgis)]
)
@pytest.mark.parametrize("key", [KEY, ""], ids=["with a key", "without one"])
def test_all_is_read_as_before_and_nothing_stands_there_plain(
    old: str, key: str, request: pytest.FixtureRequest
) -> None:
    store = open_store(request.getfixturevalue(old), site_key=key)
    with store.writing() as session:
        assert drift(session.connection()) == []
        assert session.scalars(select(User.email).order_by(User.id)).all() == [PLANTED, None]
        assert session.scalars(select(ReporterContact.token)).all() == [TOKEN]
        assert session.scalars(select(ReportDraft.answers)).all() == [{"email": PLANTED}]
        mails = select(OutboxMessage.recipient, OutboxMessage.body).order_by(OutboxMessage.id)
        assert session.execute(mails).all() == [(PLANTED, f"{PLANTED} ü"), ("", "")]
        assert contacts.stop_updates(session, TOKEN)
        assert [each.name for each in identities.unlinked_with_email(session, PLANTED)] == ["pat"]
        kept = session.execute(text("SELECT email, token, token_hash FROM reporter_contact")).one()
    store.close()
    assert (PLANTED in kept) == (TOKEN in kept) == (not key)
    assert kept.token_hash != TOKEN


def test_the_file_is_written_anew_and_the_copy_beside_it_is_as_it_was(old_geopackage: str) -> None:
    open_store(old_geopackage, site_key=KEY).close()
    path = Path(old_geopackage.removeprefix("sqlite:///"))
    assert PLANTED.encode() not in path.read_bytes()
    assert PLANTED.encode() in path.with_name("old.gpkg.before-migration-0013").read_bytes()
