"""Who copies the store or a backup without the secret key reads no address and no mail in it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely
from sqlalchemy import Connection, select, text, update

from geodata.accounts import identities
from geodata.core.errors import SealedStoreError
from geodata.models import Base, OutboxMessage, Report, ReportDraft, ReporterContact, User
from geodata.people import contacts, outbox
from geodata.people.identifiers import parse_identifier
from geodata.reports import drafts
from geodata.store import backups, sealed_rows
from geodata.store.engine import Store, journals

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
PLANTED = "pat.planted@example.org"
KEY, NEW_KEY = "one key of the site", "the key that comes after it"


def plant(store: Store) -> str:
    """Everywhere that an address is kept; the token of its reporter's links."""
    with store.writing() as session:
        session.add(
            User(name="pat", role="officer", email=PLANTED, created_at=NOW, password_hash="",
                 session_token="s")
        )  # fmt: skip
        report = Report(
            reference="R1", reported_at=NOW, recorded_at=NOW, geometry=shapely.Point(1, 1),
            source="public", channel="web", charger_band="unknown",
        )  # fmt: skip
        session.add(report)
        session.flush()
        token = contacts.add(session, report.id, PLANTED, now=NOW)
        outbox.queue(
            session, contacts.mail_key(report.id, "x"), kind="x", recipient=PLANTED, now=NOW,
            subject=f"For {PLANTED}", body=f"Dear {PLANTED}", stop_address=f"https://x.y/{token}",
        )  # fmt: skip
        outbox.mark_failed(session, 1, f"550 <{PLANTED}> is unknown", now=NOW)
        drafts.start(session, {"email": PLANTED}, now=NOW)
    return token


def dump(connection: Connection) -> str:
    """Every value of every table as the database keeps it."""
    rows = (
        connection.execute(text(f'SELECT * FROM "{table.name}"')).all()
        for table in Base.metadata.sorted_tables
    )
    return repr(list(rows))


def as_kept(store: Store) -> str:
    with store.engine.connect() as connection:
        return dump(connection)


def read_back(store: Store) -> set[object]:
    columns = (User.email, ReporterContact.email, OutboxMessage.recipient)
    with store.reading() as session:
        addresses = {session.scalars(select(column)).one() for column in columns}
        return addresses | {session.scalars(select(ReportDraft.answers)).one()["email"]}


def test_no_value_holds_the_address_or_the_token_and_who_has_the_key_reads_them(
    store: Store,
) -> None:
    store.seal_by(KEY)
    token = plant(store)
    assert PLANTED not in as_kept(store)
    assert token not in as_kept(store)
    assert read_back(store) == {PLANTED}
    with store.reading() as session:
        contact = contacts.by_token(session, token)
        assert contact is not None
        assert (contact.email, contact.token) == (PLANTED, token)


def test_the_bytes_of_the_file_and_of_a_backup_hold_no_address(
    geopackage: Store, tmp_path: Path
) -> None:
    geopackage.seal_by(KEY)
    token = plant(geopackage)
    assert geopackage.path
    backups.back_up(geopackage, tmp_path / "copy.gpkg")
    files = [geopackage.path, *journals(geopackage.path), tmp_path / "copy.gpkg"]
    content = b"".join(path.read_bytes() for path in files if path.exists())
    assert b"officer" in content  # what is written and not sealed is found so
    assert PLANTED.encode() not in content
    assert token.encode() not in content


def test_what_is_erased_stays_in_no_free_page(geopackage: Store) -> None:
    words = "remarkable words of a text " * 300  # pages of its own
    with geopackage.writing() as session:
        outbox.queue(session, "k", kind="x", recipient="a", subject="s", body=words, now=NOW)
    with geopackage.writing() as session:
        outbox.remove(session, [1])
    assert geopackage.path
    path = geopackage.path
    geopackage.close()
    assert b"remarkable words" not in path.read_bytes()


def test_accounts_are_found_by_their_address_in_capitals_too(store: Store) -> None:
    store.seal_by(KEY)
    plant(store)
    with store.reading() as session:
        for words, names in ((PLANTED, ["pat"]), (PLANTED.upper(), ["pat"]), ("x" + PLANTED, [])):
            accounts = identities.unlinked_with_email(session, words)
            assert [account.name for account in accounts] == names


def test_what_was_kept_without_a_key_is_sealed_once(store: Store) -> None:
    store.seal_by("")
    token = plant(store)
    assert PLANTED in as_kept(store)
    store.seal_by(KEY)
    with store.writing() as session:
        assert sealed_rows.unsealed(session) == 4  # account, contact, mail, draft
        assert sealed_rows.seal_rows(session) == 4
        assert (sealed_rows.unsealed(session), sealed_rows.seal_rows(session)) == (0, 0)
        assert identities.unlinked_with_email(session, PLANTED)
    assert PLANTED not in as_kept(store)
    assert token not in as_kept(store)
    assert read_back(store) == {PLANTED}


def test_a_new_key_reads_what_is_sealed_again_and_the_old_one_no_more(store: Store) -> None:
    store.seal_by(KEY)
    token = plant(store)
    store.seal_by(NEW_KEY)
    with pytest.raises(SealedStoreError, match="user reseal"):
        read_back(store)
    with store.writing() as session:
        assert sealed_rows.seal_rows(session, old_key=KEY) == 4
        assert identities.unlinked_with_email(session, PLANTED)
        assert contacts.by_token(session, token)
    assert read_back(store) == {PLANTED}
    store.seal_by(KEY)
    with pytest.raises(SealedStoreError):
        read_back(store)


def test_a_third_key_changes_nothing(store: Store) -> None:
    store.seal_by(KEY)
    plant(store)
    store.seal_by(NEW_KEY)
    before = as_kept(store)
    with pytest.raises(SealedStoreError), store.writing() as session:
        sealed_rows.seal_rows(session, old_key="a third key")
    assert as_kept(store) == before


FORGETTING: list[Callable[..., object]] = [
    lambda session, _: outbox.forget_sent(session, before=datetime(2030, 1, 1, tzinfo=UTC)),
    contacts.remove,
]


@pytest.mark.parametrize("forget", FORGETTING)
def test_mails_are_found_and_forgotten_as_before(
    store: Store, forget: Callable[..., object]
) -> None:
    store.seal_by(KEY)
    plant(store)
    person = parse_identifier(PLANTED)
    with store.writing() as session:
        report_id = session.scalars(select(Report.id)).one()
        assert [mail.recipient for mail in outbox.mentioning(session, person)] == [PLANTED]
        assert len(contacts.of_person(session, person)) == 1
        session.execute(update(OutboxMessage).values(sent_at=NOW))
        forget(session, report_id)
        assert outbox.mentioning(session, person) == []
